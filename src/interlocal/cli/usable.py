"""Refuse a case that reads well but cannot be worked with: thresholds nobody knows, bounds that its cost breaks."""

from __future__ import annotations

from pathlib import Path

from interlocal.case.document import Case


def read_usable(path: Path, *, strict: bool = False) -> Case:
    """Read a case and hold it against the lessons and its own cost.

    Parameters
    ----------
    strict
        Also refuse what a study can live with; see :func:`interlocal.case.read.read_case`.

    Raises
    ------
    InputError
        With every problem of the file; or, once it can be read, with every problem of its thresholds and formulas.
    """
    from interlocal.case.read import read_case
    from interlocal.lessons.overrides import unknown_overrides
    from interlocal.problems import InputError
    from interlocal.sharing.explain import formula_problems

    case = read_case(path, strict=strict)
    problems = [*unknown_overrides(case), *(p for o in case.options for p in formula_problems(o, case))]
    if problems:
        raise InputError(problems)
    return case
