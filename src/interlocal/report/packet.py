"""The packet: every document of a study that a governing body votes on, in the forms that people use."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from interlocal.blocks import Paper
from interlocal.governance.agreement import agreement
from interlocal.governance.letters import memo, resolution
from interlocal.report.excel import write_workbook
from interlocal.report.files import whole, writing
from interlocal.report.language import SOURCE, speaking
from interlocal.report.papers import brief, report
from interlocal.report.pdf import to_pdf
from interlocal.report.sheet import partner_sheet
from interlocal.report.victories import victories
from interlocal.report.word import to_word
from interlocal.study import Study

Make = Callable[[Path], None]


def write_packet(
    study: Study,
    folder: str | Path,
    language: str = SOURCE,
    progress: Callable[[int, int], None] | None = None,
) -> list[Path]:
    """Write brief, report, partner sheets, victories, draft agreement, letters and workbook, and return their paths.

    Parameters
    ----------
    study
        Made for an audience; no document holds more than it.
    folder
        Made where it is missing.
    language
        Of what residents read: brief and victories. The rest is in the language of the code.
    progress
        Called with documents done and documents in all.

    Raises
    ------
    InputError
        When the folder cannot be made or written.
    """
    folder = Path(folder)
    made = list(_files(study, language))
    written = []
    with writing(folder):
        for done, (name, make) in enumerate(made, 1):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            whole(path, make)
            written.append(path)
            if progress is not None:
                progress(done, len(made))
    return written


def _files(study: Study, language: str) -> Iterator[tuple[str, Make]]:
    """Yield each file's name and how to write it; a document is made once and takes both forms."""
    document, case = study.document, study.case
    suffix = "" if language == SOURCE else f".{language}"
    with speaking(language):
        residents = [("brief", brief(document)), ("victories", victories(document, case))]
    for name, paper in residents:
        yield from _both(f"{name}{suffix}", paper)
    yield from _both("report", report(document, case))
    for p in case.partner_ids:
        yield from _both(f"partners/{p}", partner_sheet(document, p))
    draft = agreement(case, document)
    for name, editable in (
        ("agreement", draft),
        ("resolution", resolution(case, document)),
        ("memo", memo(case, document)),
    ):
        if editable is not None:
            yield f"{name}.docx", _bytes(to_word, editable)
    yield "workbook.xlsx", lambda path: write_workbook(document, case, path)


def _both(name: str, paper: Paper) -> Iterator[tuple[str, Make]]:
    yield f"{name}.pdf", _bytes(to_pdf, paper)
    yield f"{name}.docx", _bytes(to_word, paper)


def _bytes(form: Callable[[Paper], bytes], paper: Paper) -> Make:
    def make(path: Path) -> None:
        path.write_bytes(form(paper))

    return make
