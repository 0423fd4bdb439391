"""Who pays what: the formula laboratory."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from interlocal.cli.app import app
from interlocal.cli.options import Json
from interlocal.problems import InputError, Problem


@app.command()
def shares(
    path: Annotated[Path, typer.Argument(help="A case (YAML), or a game (JSON).")],
    formula: Annotated[
        list[str] | None,
        typer.Option(
            help="Try these: equal, per_head, by_usage:calls, shapley, … or a formula as a case has it, "
            "such as '{kind: hybrid, weights: {calls: 0.6, population: 0.4}}'."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Hold formulas side by side: who pays what, and which group would be better off by itself."""
    from interlocal.report.shares import render_game, render_laboratory
    from interlocal.terminal import answers, emit

    if path.suffix.lower() == ".json" and (game := _game(path)) is not None:
        from interlocal.sharing import answer

        if formula:
            found = f"--formula {formula[0]} with a game"
            fix = "Leave --formula out; a game is held against every method."
            raise InputError(Problem("", "--formula", found, "a case, whose cost a formula shares", fix))
        document, render = answer(game), partial(render_game)
    else:
        from interlocal.case.read import read_case
        from interlocal.questions.laboratory import laboratory

        document = laboratory(read_case(path), formulas=tuple(formula or ()))
        render = partial(render_laboratory, asked=list(document["formulas"]) if formula else ())
    if as_json:
        emit(document)
    else:
        answers().print(render(document))


def _game(path: Path) -> Any:
    """Return the game in a JSON file, None where the file is a case."""
    import json

    from interlocal.case.text import read_bytes
    from interlocal.sharing.game_document import read_game

    try:
        document = json.loads(read_bytes(path))
    except (ValueError, RecursionError) as error:
        place = f"{path}, line {error.lineno}" if isinstance(error, json.JSONDecodeError) else str(path)
        raise InputError(
            Problem(
                "",
                place,
                "text that is not JSON",
                "a game or a case in JSON",
                "Look for a missing comma or quote.",
            )
        ) from None
    if isinstance(document, dict) and "format" in document and "partners" in document:
        return None
    return read_game(document, str(path))
