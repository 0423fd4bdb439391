"""After the study: agreements that run."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from interlocal.cli.app import app
from interlocal.cli.options import Json
from interlocal.problems import InputError, Problem

if TYPE_CHECKING:
    from interlocal.partnership.overview import Overview
    from interlocal.partnership.register import Register


@app.command()
def partnership(  # noqa: PLR0913, PLR0917 - the options of one command
    path: Annotated[Path, typer.Argument(help="A register of agreements (YAML or JSON).")],
    agreement: Annotated[str | None, typer.Option(help="One agreement, by its id.")] = None,
    year: Annotated[
        int | None, typer.Option(help="Fiscal year of the bills; the latest if left out.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write pages, bills (CSV and PDF) and victories here.")
    ] = None,
    ics: Annotated[Path | None, typer.Option(help="Write what comes due as a calendar file.")] = None,
    within: Annotated[
        int, typer.Option(min=1, max=3660, help="Days ahead for the list and the letter.")
    ] = 365,
    directory: Annotated[
        Path | None, typer.Option(help="Write the public directory of published agreements (HTML).")
    ] = None,
    workbook: Annotated[
        Path | None, typer.Option(help="Write the whole agreement as an Excel workbook.")
    ] = None,
    pairs: Annotated[
        Path | None, typer.Option(help="Write claimed and realised savings without names (CSV).")
    ] = None,
    digest: Annotated[
        str | None, typer.Option(help="Print what concerns this organisation, as an e-mail.")
    ] = None,
    leaving: Annotated[str | None, typer.Option(help="What it costs this member to leave.")] = None,
    on: Annotated[str | None, typer.Option(help="Day of its notice; the register's day if left out.")] = None,
    language: Annotated[
        str | None,
        typer.Option(help="Language of what residents read, directory and victories: en, or es (a draft)."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Look after agreements: what comes due, bills, promised against actual, rhythm, relationship, victories."""
    from interlocal.partnership.due import digest as letter
    from interlocal.partnership.due import due, feed
    from interlocal.partnership.overview import Overview
    from interlocal.partnership.performance import pair, pairs_csv
    from interlocal.partnership.register import read_register
    from interlocal.report.language import known_language, own_words, speaking
    from interlocal.report.paper_page import to_page
    from interlocal.report.partnership import directory as public
    from interlocal.terminal import answers, emit

    tongue = known_language(language)
    register = read_register(path).seen_by("partners")
    if directory is not None:
        with speaking(tongue, own_words(register.model_dump(mode="json"))):
            directory.write_text(to_page(public(register)), encoding="utf-8")
    if ics is not None:
        stamp = dt.datetime.combine(register.as_of, dt.time(), dt.UTC)
        ics.write_text(
            feed(register, due(register, agreement=agreement), stamp=stamp), encoding="utf-8", newline=""
        )
    if digest is not None:
        typer.echo(letter(register, _known(register, digest), within=within), nl=False)
        return
    if pairs is not None:
        pairs.write_text(pairs_csv(map(pair, register.agreements)), encoding="utf-8", newline="")
    wanted = leaving is not None or year is not None or out is not None or workbook is not None
    if agreement is None and not wanted and len(register.agreements) != 1:
        _list(register, within, as_json=as_json)
        return
    agreement = agreement or _only(register)
    found = Overview(register, register.agreement(agreement), year)
    if leaving is not None:
        _leaving(found, leaving, _day(on) or register.as_of, as_json=as_json)
        return
    _files(found, out, workbook, tongue)
    if as_json:
        emit(found.document())
    else:
        from interlocal.report.partnership_terminal import summary

        for part in summary(found):
            answers().print(part)


@app.command()
def renew(
    path: Annotated[Path, typer.Argument(help="A register of agreements (YAML or JSON).")],
    out: Annotated[
        Path, typer.Option(help="The case to write (.yaml, .json, .xlsx); it must not exist yet.")
    ],
    agreement: Annotated[str | None, typer.Option(help="The agreement, by its id.")] = None,
    case: Annotated[
        Path | None, typer.Option(help="The case whose study led to it, if there was one.")
    ] = None,
) -> None:
    """Write the case to study again before the notice date, with recorded figures instead of forecasts."""
    from interlocal.case.read import read_case
    from interlocal.case.starter import write_case
    from interlocal.partnership.register import read_register
    from interlocal.partnership.renewal import as_case, lacking, run_again

    register = read_register(path)
    found = register.agreement(agreement or _only(register))
    write_case(out, run_again(read_case(case), register, found) if case else as_case(register, found))
    typer.echo(f"Wrote {out}. Study it with: interlocal study {out}")
    for missing in lacking(found):
        typer.echo(f"Still to collect: {missing}")


@app.command()
def baseline(
    path: Annotated[Path, typer.Argument(help="The case that was adopted (YAML, JSON or Excel).")],
    option: Annotated[
        str | None, typer.Option(help="The option adopted; the proposed one if left out.")
    ] = None,
) -> None:
    """Print what the study promises, as the baseline of an agreement in a register."""
    from interlocal.case.read import read_case
    from interlocal.case.written import yaml_of
    from interlocal.partnership.performance import baseline_from_study
    from interlocal.study import study

    adopted = read_case(path)
    # The promise is the central path, which no number of draws changes.
    found = baseline_from_study(adopted, study(adopted, draws=_FEW).document, option)
    typer.echo(yaml_of({"baseline": found.model_dump(mode="json", exclude_defaults=True)}), nl=False)


_FEW = 64


@app.command()
def register(
    table: Annotated[
        Path | None,
        typer.Argument(
            help="One agreement a row (CSV or Excel): title, parties (separated by ;), starts, …; or a workbook of one agreement."
        ),
    ] = None,
    out: Annotated[Path, typer.Option(help="The register to write; it must not exist yet.")] = Path(
        "register.yaml"
    ),
    currency: Annotated[str, typer.Option(help="Currency of the agreements.")] = "USD",
    as_of: Annotated[str | None, typer.Option(help="Day the table describes; today if left out.")] = None,
    template: Annotated[
        Path | None,
        typer.Option(
            help="Write what to fill in instead: a table (.csv) or a workbook of one agreement (.xlsx)."
        ),
    ] = None,
) -> None:
    """Turn a table of agreements, or a workbook of one, into a register."""
    from interlocal.case.starter import write_file
    from interlocal.case.written import yaml_of
    from interlocal.partnership import table as tables
    from interlocal.partnership import workbook

    if template is not None:
        excel = template.suffix.lower() == ".xlsx"
        filled = workbook.template() if excel else tables.template().encode("utf-8-sig")
        write_file(template, filled)
        typer.echo(f"Wrote {template}. Fill it in, then run: interlocal register {template}")
        return
    if table is None:
        fix = "Name one, or start one with --template agreements.csv."
        raise InputError(Problem("", "TABLE", "no file", "a table or a workbook", fix))
    found = _read(table, _day(as_of) or dt.datetime.now(tz=dt.UTC).date(), currency)
    write_file(out, yaml_of({"format": 1, **found.model_dump(mode="json", exclude_defaults=True)}).encode())
    typer.echo(
        f"Wrote {out} with {'1 agreement' if len(found.agreements) == 1 else f'{len(found.agreements)} agreements'} of {len(found.organisations)} organisations."
    )


def _read(table: Path, day: dt.date, currency: str) -> Register:
    """Read a table of agreements, or a workbook of one."""
    from interlocal.partnership.table import read_table
    from interlocal.partnership.workbook import holds_agreement, parse_workbook

    data = table.read_bytes() if table.is_file() and table.suffix.lower() == ".xlsx" else b""
    if data and holds_agreement(data, str(table)):
        return parse_workbook(data, str(table)).register(day)
    return read_table(table, as_of=day, currency=currency)


def _list(register: Register, within: int, *, as_json: bool) -> None:
    from rich.table import Table

    from interlocal.partnership.directory import directory
    from interlocal.partnership.due import due
    from interlocal.partnership.endings import learned
    from interlocal.terminal import answers, emit

    found = due(register, within=within)
    if as_json:
        emit(
            {
                "format": 1,
                "register": register.title,
                "fictional": register.fictional,
                "as_of": register.as_of.isoformat(),
                "agreements": [{"id": a.id, "title": a.title, "members": list(a.members_on(register.as_of))} for a in register.agreements],
                "due": [{"on": d.on.isoformat(), "kind": d.kind, "agreement": d.agreement, "text": d.text, "organisations": list(d.organisations)} for d in found],
                "directory": [{"title": x.title, "service": x.service, "form": x.form, "members": list(x.members), "since": x.since.isoformat(), "saved_cents": x.saved} for x in directory(register)],
            }
        )  # fmt: skip
        return
    console = answers()
    console.print(f"{register.title}, as of {register.as_of}" + (" (made up)" if register.fictional else ""))
    table = Table(title="Agreements")
    for column in ("Id", "Title", "Members", "Since", "Until"):
        table.add_column(column)
    for a in register.agreements:
        until = a.ending.on if a.ending else a.ends
        table.add_row(
            a.id, a.title, str(len(a.members_on(register.as_of))), str(a.starts), str(until or "open")
        )
    console.print(table)
    table = Table(title=f"What is overdue or comes due within {within} days")
    for column in ("Day", "Days", "Agreement", "What"):
        table.add_column(column)
    for d in found:
        table.add_row(str(d.on), str(d.days(register.as_of)), d.agreement, d.text)
    console.print(table)
    for e in learned(register):
        console.print(f"Learned from {e.title} ({e.year}; {e.why}) {' '.join(e.lessons)}")
        console.print(
            f"  Worth trying again if: {e.worth_again_if or 'nobody wrote it down; ask those who took part'}"
        )


def _leaving(o: Overview, organisation: str, day: dt.date, *, as_json: bool) -> None:
    from interlocal.partnership.membership import leaving
    from interlocal.terminal import answers, emit

    cost = leaving(o.ledger, organisation, day)
    if as_json:
        lines: list[dict[str, Any]] = [{"what": c.what, "text": c.text, "cents": c.cents} for c in cost.costs]
        earliest = cost.earliest.isoformat() if cost.earliest else None
        emit({"format": 1, "organisation": organisation, "notice_on": day.isoformat(), "earliest": earliest, "costs": lines, "known_cents": cost.known, "unknown": list(cost.unknown)})  # fmt: skip
        return
    console = answers()
    console.print(
        f"If {o.register.name(organisation)} gives notice on {day}, it leaves on {cost.earliest or 'a day nobody has agreed'}."
    )
    for c in cost.costs:
        console.print(f"- {c.text}")
    least = "At least " if cost.unknown else "Together "
    console.print(
        f"{least}{cost.known / 100:,.2f} {o.register.currency}"
        + (f"; not known: {', '.join(cost.unknown)}" if cost.unknown else "")
    )


def _files(o: Overview, out: Path | None, workbook: Path | None, language: str) -> None:
    from interlocal.case.starter import write_file
    from interlocal.partnership.document import apart
    from interlocal.partnership.workbook import to_workbook

    if out is not None:
        _write(o, out, language)
    if workbook is not None:
        write_file(workbook, to_workbook(next(a for a in apart(o.register) if a.id == o.agreement.id)))


def _write(o: Overview, out: Path, language: str) -> None:
    from interlocal.partnership.invoices import to_csv
    from interlocal.report import partnership as papers
    from interlocal.report.language import own_words, speaking
    from interlocal.report.paper_page import to_page
    from interlocal.report.pdf import to_pdf

    out.mkdir(parents=True, exist_ok=True)
    with speaking(language, own_words(o.register.model_dump(mode="json"))):
        wins = papers.victories(o, one_page=True)
        wins_page = to_page(papers.victories(o))
    (out / "partnership.html").write_text(to_page(papers.overview(o)), encoding="utf-8")
    (out / "victories.html").write_text(wins_page, encoding="utf-8")
    (out / "victories.pdf").write_bytes(to_pdf(wins))
    if o.year is not None:
        (out / f"invoices-{o.year}.csv").write_text(
            to_csv(o.ledger, o.invoices), encoding="utf-8", newline=""
        )
        for s in o.statements:
            (out / f"bill-{o.year}-{s.organisation}.pdf").write_bytes(to_pdf(papers.bills(o, s.organisation)))


def _known(register: Register, organisation: str) -> str:
    known = [o.id for o in register.organisations]
    if organisation not in known:
        raise InputError(
            Problem(
                "", "--digest", organisation, "an organisation of the register", f"Known: {', '.join(known)}."
            )
        )
    return organisation


def _only(register: Register) -> str:
    if len(register.agreements) == 1:
        return register.agreements[0].id
    raise InputError(Problem("", "--agreement", "no agreement", "the id of one agreement", _ids(register)))


def _ids(register: Register) -> str:
    return f"Add --agreement with one of: {', '.join(a.id for a in register.agreements)}."


def _day(text: str | None) -> dt.date | None:
    from interlocal.case.values import as_day

    day = as_day(text) if text else None
    if text and day is None:
        fix = "Write year, month and day with hyphens."
        raise InputError(Problem("", "a day", text, "a day such as 2027-06-30", fix))
    return day
