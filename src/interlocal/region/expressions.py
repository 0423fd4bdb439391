"""Conditions on columns, such as ``not schedule_a_filed or exp_fire < 100``, without running anybody's code."""

from __future__ import annotations

import ast
import operator
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: np.isin,
    ast.NotIn: lambda a, b: ~np.isin(a, b),
}
_ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


LONGEST = 1_000
"""Characters of a condition."""


class ExpressionError(ValueError):
    """The expression cannot be read; the message says why, in words."""


def condition(text: str, columns: Mapping[str, npt.NDArray[Any]], rows: int) -> npt.NDArray[np.bool_]:
    """Evaluate a condition for all rows at once.

    Column names stand as they are; a name with spaces is written ``col("Total spending")``. Allowed are
    comparisons, ``and``, ``or``, ``not``, ``in [...]``, ``blank(column)``, numbers, words in quotes and + - * /.

    Returns
    -------
    Array of ``rows`` truth values; a comparison with a blank number is false.

    Raises
    ------
    ExpressionError
        For anything else.
    """
    if len(text) > LONGEST:
        raise ExpressionError(f"is longer than {LONGEST:,} characters")
    try:
        tree = ast.parse(text, mode="eval").body
        with np.errstate(invalid="ignore", divide="ignore"):
            value = _value(tree, columns)
    except SyntaxError as error:
        raise ExpressionError(f"cannot be read near character {error.offset}") from error
    except (RecursionError, MemoryError) as error:
        raise ExpressionError("is nested too deeply") from error
    except ArithmeticError as error:
        raise ExpressionError("divides by zero") from error
    return np.broadcast_to(_truth(value), (rows,)).copy()


def _truth(value: Any) -> npt.NDArray[np.bool_]:
    array = np.asarray(value)
    if array.dtype.kind == "f":
        return np.asarray(np.nan_to_num(array) != 0)
    if array.dtype.kind == "U":
        return np.asarray(array != "")
    return array.astype(bool)


def _column(name: str, columns: Mapping[str, npt.NDArray[Any]]) -> npt.NDArray[Any]:
    if name not in columns:
        raise ExpressionError(f"there is no column {name}")
    return columns[name]


def _alike(left: Any, right: Any) -> tuple[Any, Any]:
    """Let yes and no columns be compared with their words; refuse to compare numbers with words."""
    a, b = np.asarray(left), np.asarray(right)
    if a.dtype.kind == "b" and b.dtype.kind == "U":
        return a, np.isin(np.char.lower(b), ["true", "yes"])
    if (a.dtype.kind == "U") != (b.dtype.kind == "U"):
        raise ExpressionError("a number is compared with a word")
    return a, b


def _value(node: ast.expr, columns: Mapping[str, npt.NDArray[Any]]) -> Any:  # noqa: C901, PLR0911 – one case per kind of expression
    match node:
        case ast.Name(id=name):
            return _column(name, columns)
        case ast.Constant(value=bool() | int() | float() | str() as constant):
            return constant
        case ast.List(elts=items) | ast.Tuple(elts=items):
            return [_value(item, columns) for item in items]
        case ast.Call(func=ast.Name(id="col"), args=[ast.Constant(value=str() as name)], keywords=[]):
            return _column(name, columns)
        case ast.Call(func=ast.Name(id="blank"), args=[argument], keywords=[]):
            array = np.asarray(_value(argument, columns))
            return np.isnan(array) if array.dtype.kind == "f" else array == ""
        case ast.BoolOp(op=how, values=parts):
            truths = [_truth(_value(part, columns)) for part in parts]
            join = np.logical_and if isinstance(how, ast.And) else np.logical_or
            result = truths[0]
            for truth in truths[1:]:
                result = join(result, truth)
            return result
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return ~_truth(_value(operand, columns))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand, columns)
        case ast.BinOp(left=left, op=how, right=right) if type(how) in _ARITHMETIC:
            a, b = _value(left, columns), _value(right, columns)
            if any(np.asarray(part).dtype.kind not in "bif" for part in (a, b)):
                raise ExpressionError("sums are of numbers alone")
            return _ARITHMETIC[type(how)](a, b)
        case ast.Compare(left=left, ops=[how], comparators=[right]) if type(how) in _COMPARE:
            return _COMPARE[type(how)](*_alike(_value(left, columns), _value(right, columns)))
    raise ExpressionError(f"{ast.unparse(node)} is not allowed here")
