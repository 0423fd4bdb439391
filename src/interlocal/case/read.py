"""Read a case: text → values → older formats brought up to date → the Case, with every problem named at once."""

from __future__ import annotations

import types
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from interlocal.case.check import check, concerns
from interlocal.case.document import FORMAT, Case
from interlocal.case.formulas import Formula
from interlocal.case.text import Node, is_workbook, parse, pointer, read_bytes
from interlocal.problems import InputError, Problem, nearest

if TYPE_CHECKING:
    from interlocal.case.workbook.book import Book

Model = TypeVar("Model", bound=BaseModel)
Found = TypeVar("Found")

UPGRADES: dict[int, Any] = {}
"""Steps from an older format to the next one: ``{1: from_1_to_2}``. Format 1 is the first, so there are none yet."""


def read_case(path: str | Path, *, strict: bool = False) -> Case:
    """Read a case file in YAML, JSON or Excel.

    Parameters
    ----------
    strict
        Also refuse what a study can live with but must withhold an answer for, such as cost scopes that differ.

    Raises
    ------
    InputError
        With every problem of the file: where, what was found, what was expected, how to mend it.
    """
    path = Path(path)
    return parse_case(read_bytes(path), str(path), strict=strict)


def parse_case(data: bytes, name: str, *, strict: bool = False) -> Case:
    """Read a case from bytes; ``name`` is what messages call it."""
    if is_workbook(data, name):
        from interlocal.case.workbook.book import CASE  # noqa: PLC0415 - openpyxl takes its time

        return from_workbook(data, name, CASE, lambda root: from_node(root, name, strict=strict))
    return from_node(parse(data, name), name, strict=strict)


def from_workbook(data: bytes, name: str, book: Book, checked: Callable[[Node], Found]) -> Found:
    """Return what a workbook holds, checked; of a cell, only the first thing wrong is said.

    Raises
    ------
    InputError
        With every problem, each with its sheet and cell.
    """
    from interlocal.case.workbook.reading import read_workbook  # noqa: PLC0415 - openpyxl takes its time

    root, problems = read_workbook(data, name, book)
    try:
        found = checked(root)
    except InputError as error:
        told = {p.where for p in problems}
        raise InputError([*problems, *(p for p in error.problems if p.where not in told)]) from None
    if problems:
        raise InputError(problems)
    return found


def from_node(root: Node, name: str, *, strict: bool = False) -> Case:
    """Turn parsed text into a checked Case."""
    if not isinstance(root.value, dict):
        raise InputError(
            Problem(
                "",
                f"{name}, {root.where}",
                f"{_describe(root.value)} at the top",
                "a case: keys such as format, title, partners",
                "Start one with: interlocal new PATH",
            )
        )
    document = _upgrade(root, name)
    try:
        case = Case.model_validate(document)
    except ValidationError as error:
        problems = [_problem(e, root, name) for e in error.errors()]
        raise InputError(sorted(set(problems), key=_line_of)) from None
    problems = [
        Problem(pointer(where), _place(root, where, name), found, expected, fix)
        for where, found, expected, fix in [*check(case), *(concerns(case) if strict else ())]
    ]
    if problems:
        raise InputError(sorted(problems, key=_line_of))
    return case


def formula_from_text(text: str, name: str) -> Formula:
    """Read a formula, or a rule alone, from the text a case would have for it; ``name`` is what messages call it.

    Raises
    ------
    InputError
        With every problem of its form; whether it fits an option is not looked at.
    """
    root = parse(text.encode(), name)
    if isinstance(root.value, dict) and "kind" in root.value:
        root = parse(f"{{rule: {text}}}".encode(), name)
    return validated(Formula, root, name)


def validated(model: type[Model], root: Node, name: str) -> Model:
    """Turn parsed text into a model, with every problem of its form named by its line.

    Raises
    ------
    InputError
        With every problem.
    """
    try:
        return model.model_validate(root.value)
    except ValidationError as error:
        raise InputError([_problem(e, root, name, model) for e in error.errors()]) from None


def _upgrade(root: Node, name: str) -> dict[str, Any]:
    document: dict[str, Any] = root.value
    version = document.get("format")
    if not isinstance(version, int) or isinstance(version, bool) or version > FORMAT or version < 1:
        raise InputError(
            Problem(
                "/format",
                _place(root, ("format",), name),
                "no format" if version is None else f"format {version!r}",
                f"format: {FORMAT} or older",
                f"Write format: {FORMAT} as the first line."
                if not isinstance(version, int) or version < 1
                else "This file was written by a newer Interlocal: update yours.",
            )
        )
    while version < FORMAT:
        document = UPGRADES[version](document)
        version += 1
    return document


def _line_of(problem: Problem) -> tuple[int, str]:
    _, _, tail = problem.where.rpartition("line ")
    digits = tail.split(",")[0]
    return (int(digits) if digits.isdigit() else 0, problem.path)


def _place(root: Node, location: tuple[str | int, ...], name: str) -> str:
    node, _ = root.at(location)
    return f"{name}, {node.where}"


def _problem(error: Any, root: Node, name: str, model: type[BaseModel] = Case) -> Problem:
    location = tuple(error["loc"])
    node, taken = root.at(location)
    kind, context = error["type"], error.get("ctx", {})
    last = str(location[-1]) if location else ""
    where = f"{name}, {node.where}"
    if kind == "missing":
        path = pointer((*taken, last))
        return Problem(path, where, f"no {last}", f"{last}: it is required here", f"Add {last}.")
    path = pointer(taken)
    if kind == "extra_forbidden":
        known = _known_keys(model, location[:-1])
        close = nearest(last, known)
        fix = f"Did you mean {close}?" if close else f"Known here: {', '.join(sorted(known)[:25])}."
        return Problem(path, where, f"the unknown key {last}", "a key of this section", fix)
    if "found" in context and "expected" not in context:
        return Problem(path, where, context["found"], error["msg"], "Correct the numbers.")
    if kind in {"literal_error", "union_tag_invalid"}:
        choices = str(context.get("expected") or context.get("expected_tags", "")).replace(" or ", ", ")
        words = [w.strip(" '") for w in choices.split(",")]
        found = node.value if kind == "literal_error" else (node.value or {}).get("kind")
        close = nearest(str(found), words)
        return Problem(
            path,
            where,
            _describe(found),
            "one of: " + ", ".join(words),
            f"Did you mean {close}?" if close else "Choose one.",
        )
    if kind == "union_tag_not_found":
        return Problem(path, where, "no kind", "kind: which sort it is", "Add kind.")
    found = _describe(node.value)
    expected, fix = in_words(kind, error, context)
    if node.cell:
        expected, fix = _IN_A_CELL.get(fix, (expected, fix))
    return Problem(path, where, found, expected, fix)


_NUMBER = ("a number", "Write it without currency signs, commas or percent: 412000, or 0.03 for 3 %.")
_KEYS = ("keys with values, or a plain number where an amount is asked for", "Indent its keys under it.")
_LIST = ("a list", "Put a dash (-) before each entry.")
_TRUTH = ("true or false", "Write true or false.")
_IN_A_CELL = {
    _KEYS[1]: (
        "a number, or a range",
        "Write it without currency signs and commas, such as 412000, or as low: 80, likely: 95, high: 120.",
    ),
    _LIST[1]: ("a list", "Write the entries with commas between them."),
    "Put it in quotes.": ("text", "Write it as text."),
}
_WORDS = {
    "float_parsing": _NUMBER,
    "float_type": _NUMBER,
    "int_parsing": _NUMBER,
    "int_type": _NUMBER,
    "int_from_float": ("a whole number", "Leave out what is behind the point."),
    "model_type": _KEYS,
    "model_attributes_type": _KEYS,
    "dict_type": _KEYS,
    "tuple_type": _LIST,
    "list_type": _LIST,
    "string_type": ("text", "Put it in quotes."),
    "bool_type": _TRUTH,
    "bool_parsing": _TRUTH,
    "finite_number": ("a finite number", "Correct the number."),
}
_LIMITS = {
    "greater_than_equal": "a number of at least {ge:g}",
    "greater_than": "a number above {gt:g}",
    "less_than_equal": "a number of at most {le:g}",
    "less_than": "a number below {lt:g}",
    "too_short": "at least {min_length} entries",
    "string_too_short": "some text",
    "string_too_long": "at most {max_length} characters",
    "too_long": "at most {max_length} entries",
}
_DAY_LIMITS = {"greater_than_equal": "a day of {} or later", "less_than_equal": "a day of {} or earlier"}
_PATTERNS = {
    r"^[a-z0-9_]+$": ("an id: small letters, digits and _", "Write it like north_county."),
    r"^[A-Z]{3}$": ("a currency code of three capitals", "Write it like USD."),
}


def in_words(kind: str, error: Any, context: dict[str, Any]) -> tuple[str, str]:
    """Return what a kind of error expected, and how to mend it."""
    if kind == "string_pattern_mismatch":
        pattern = str(context.get("pattern"))
        return _PATTERNS.get(pattern, (f"text of the form {pattern}", "Correct it."))
    if kind.startswith("date"):
        return "a date as year-month-day", "Write it like 2026-07-01."
    if isinstance(limit := context.get("ge", context.get("le")), str):
        return _DAY_LIMITS[kind].format(limit), "Correct the year, or leave the day out where none is known."
    if kind in _LIMITS:
        return _LIMITS[kind].format(**context), "Correct it."
    return _WORDS.get(kind, (str(error["msg"]), "Correct it."))


def _describe(value: Any) -> str:
    match value:
        case None:
            return "nothing"
        case dict():
            return "keys: " + ", ".join(list(value)[:5])
        case list():
            return f"a list of {len(value)}"
        case bool():
            return str(value).lower()
        case _:
            text = str(value)
            return f"“{text[:60]}{'…' if len(text) > 60 else ''}”"


def _known_keys(model: Any, location: tuple[str | int, ...]) -> list[str]:
    """Field names at a location of the document, following the models' annotations."""
    models = _models_in(model)
    for step in location:
        following: list[type[BaseModel]] = []
        for m in models:
            if isinstance(step, str) and step in m.model_fields:
                following += _models_in(m.model_fields[step].annotation)
        tagged = [
            m
            for m in models
            if "kind" in m.model_fields and step in get_args(m.model_fields["kind"].annotation)
        ]
        models = following or tagged or models
    names = {n for m in models for n in m.model_fields}
    if any(m.__name__ == "CostLine" for m in models):
        names.add("amount")
    return sorted(names)


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    if get_origin(annotation) in {Union, types.UnionType, tuple, dict, Annotated}:
        return [m for part in get_args(annotation) for m in _models_in(part)]
    return []
