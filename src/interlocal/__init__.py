"""Interlocal: decide whether to share a service, with whom, on what terms and in what form."""

__version__ = "0.1.0"
