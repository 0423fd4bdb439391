"""What an amount written as text means: signs, separators and brackets understood, and nothing guessed."""

from __future__ import annotations

import re
import unicodedata

_NOTHING = frozenset({"", "-", "–", "—", "n/a", "na", "nil"})
_CODES = re.compile(r"\b[A-Z]{3}\b")


class NotAnAmountError(ValueError):
    """Text that is no amount, or could be two different ones; the message says why."""


def amount_of(text: str, decimal: str | None = None) -> float | None:
    """Return the number that a text means, None where it says that there is none.

    Parameters
    ----------
    text
        Such as ``$1,234.50``, ``(1 234,50)``, ``1.234.567-`` or a dash.
    decimal
        The sign before decimals, ``.`` or ``,``; without it a text that could mean two numbers is refused.

    Raises
    ------
    NotAnAmountError
        Where it is not a number, is a percentage, or could be two numbers.
    """
    if text.strip().lower() in _NOTHING:
        return None
    if "%" in text:
        raise NotAnAmountError("a percentage, where an amount is needed")
    kept = (c for c in _CODES.sub("", text) if unicodedata.category(c) not in {"Sc", "Zs"} and c not in "'’")
    bare = "".join(kept).replace("−", "-").strip()
    negative = bare.startswith(("(", "-")) or bare.endswith("-")
    digits = bare.strip("()-+")
    sign = decimal or _decimal_sign(digits)
    grouping = "," if sign == "." else "."
    shape = rf"(\d{{1,3}}({re.escape(grouping)}\d{{3}})+|\d+)({re.escape(sign)}\d*)?|{re.escape(sign)}\d+"
    if not re.fullmatch(shape, digits):
        raise NotAnAmountError("not a number")
    value = float(digits.replace(grouping, "").replace(sign, "."))
    return -value if negative else value


def _decimal_sign(digits: str) -> str:
    signs = [c for c in digits if c in ".,"]
    if not signs:
        return "."
    if len(set(signs)) == 2:
        return signs[-1]
    other = "," if signs[0] == "." else "."
    if len(signs) > 1:
        return other
    whole, _, rest = digits.partition(signs[0])
    if len(rest) == 3 and 1 <= len(whole) <= 3 and whole != "0":
        raise NotAnAmountError(f"either {whole}{rest} or {whole}.{rest}")
    return signs[0]
