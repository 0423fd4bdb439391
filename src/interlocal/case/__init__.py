"""What people tell us: the Case document, its forms and its checks."""

from interlocal.case.document import Case
from interlocal.case.read import parse_case, read_case

__all__ = ["Case", "parse_case", "read_case"]
