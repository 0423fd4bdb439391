"""Run the command line as ``python -m interlocal``."""

from interlocal.cli import main

main()
