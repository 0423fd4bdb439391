"""Find leadership windows: like posts that fall open together in neighbouring places."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from interlocal.cli.app import app
from interlocal.cli.options import Json
from interlocal.problems import InputError, Problem


@app.command()
def windows(
    path: Annotated[Path, typer.Argument(help="A case (YAML or JSON), or a register of posts (CSV).")],
    within: Annotated[
        float | None,
        typer.Option(
            min=0, max=120, help="Length of the window in months; 12, or what the case sets, if left out."
        ),
    ] = None,
    adjacency: Annotated[
        Path | None, typer.Option(help="Who borders whom in a register: CSV of pairs.")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option(help="Day for which a register is true; today if left out.")
    ] = None,
    ics: Annotated[Path | None, typer.Option(help="Write a calendar file that any calendar opens.")] = None,
    as_html: Annotated[bool, typer.Option("--html", help="One page with the picture and its table.")] = False,
    as_json: Json = False,
) -> None:
    """Find like posts that fall open together in neighbouring places; for the facilitator only."""
    from interlocal.lessons.catalogue import items
    from interlocal.lessons.reading import Reading
    from interlocal.people.icalendar import icalendar
    from interlocal.people.openings import case_openings, openings, region_openings

    item = items()["driver.leadership"]
    if path.suffix.lower() == ".csv":
        shipped = item.thresholds["window_months"].value
        document, found = region_openings(path, adjacency, shipped if within is None else within, _day(as_of))
    elif adjacency is not None or as_of is not None:
        name = "--adjacency" if adjacency is not None else "--as-of"
        raise InputError(
            Problem("", name, "a case", "a register in CSV", "Leave it out: a case holds both itself.")
        )
    else:
        from interlocal.case.read import read_case

        case = read_case(path)
        months = Reading(case, {}, item).threshold("window_months") if within is None else within
        document, found = openings(case, months), case_openings(case, months)
    if ics is not None:
        ics.write_text(icalendar(found, stamp=dt.datetime.now(tz=dt.UTC)), encoding="utf-8", newline="")
    _print(document, as_html=as_html, as_json=as_json)
    if ics is not None and not (as_html or as_json):
        typer.echo(f"Wrote {ics}")


def _print(document: dict[str, object], *, as_html: bool, as_json: bool) -> None:
    from interlocal.report.timeline import windows_page, windows_table
    from interlocal.terminal import answers, emit

    if as_json:
        emit(document)
    elif as_html:
        typer.echo(windows_page(document), nl=False)
    else:
        answers().print(windows_table(document))


def _day(text: str | None) -> dt.date:
    try:
        return dt.date.fromisoformat(text) if text else dt.datetime.now(tz=dt.UTC).date()
    except ValueError:
        raise InputError(
            Problem(
                "",
                "--as-of",
                str(text),
                "a day such as 2027-06-30",
                "Write year, month and day with hyphens.",
            )
        ) from None
