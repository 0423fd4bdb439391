"""The packet: every document of a study that a governing body votes on, in the forms that people use."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cache, partial
from pathlib import Path

from interlocal.blocks import Paper
from interlocal.governance.agreement import agreement
from interlocal.governance.letters import memo, resolution
from interlocal.report.excel import write_workbook
from interlocal.report.files import whole, writing
from interlocal.report.language import SOURCE, own_words, speaking
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
    languages: Sequence[str] = (SOURCE,),
    progress: Callable[[int, int], None] | None = None,
) -> list[Path]:
    """Write brief, report, partner sheets, victories, draft agreement, letters and workbook, and return their paths.

    Parameters
    ----------
    study
        Made for an audience; no document holds more than it.
    folder
        Made where it is missing.
    languages
        Of what residents read: brief, victories, report and partner sheets, each made in all of these. Drafts for counsel and the
        workbook are in the language of the code.
    progress
        Called with documents done and documents in all.

    Raises
    ------
    InputError
        When the folder cannot be made or written.
    """
    folder = Path(folder)
    made = list(_files(study, languages))
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


def _files(study: Study, languages: Sequence[str]) -> Iterator[tuple[str, Make]]:
    """Yield each file's name and how to write it; a document is made when its first form is, and once."""
    document, case = study.document, study.case
    own = own_words(case.model_dump(mode="json"))
    told: dict[str, Callable[[], Paper]] = {
        "brief": partial(brief, document),
        "victories": partial(victories, document, case),
        "report": partial(report, document, case),
        **{f"partners/{p}": partial(partner_sheet, document, p) for p in case.partner_ids},
    }
    for name, build in told.items():
        for language in languages:
            suffix = "" if language == SOURCE else f".{language}"
            yield from _both(f"{name}{suffix}", partial(_in, language, own, build))
    drafts = {
        "agreement": agreement(case, document),
        "resolution": resolution(case, document),
        "memo": memo(case, document),
    }
    for name, draft in drafts.items():
        if draft is not None:
            yield f"{name}.docx", _bytes(to_word, partial(_given, draft))
    yield "workbook.xlsx", lambda path: write_workbook(document, case, path)


def _both(name: str, build: Callable[[], Paper]) -> Iterator[tuple[str, Make]]:
    built = cache(build)
    yield f"{name}.pdf", _bytes(to_pdf, built)
    yield f"{name}.docx", _bytes(to_word, built)


def _bytes(form: Callable[[Paper], bytes], built: Callable[[], Paper]) -> Make:
    def make(path: Path) -> None:
        path.write_bytes(form(built()))

    return make


def _in(language: str, own: Collection[str], build: Callable[[], Paper]) -> Paper:
    with speaking(language, own):
        return build()


def _given(paper: Paper) -> Paper:
    return paper
