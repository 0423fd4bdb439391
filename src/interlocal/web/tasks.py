"""What runs in the worker."""

from __future__ import annotations

import io
import json
import logging
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from django_tasks import task

from interlocal.numerics.engine import Cancelled
from interlocal.problems import InputError
from interlocal.web.actions import comparisons, runs
from interlocal.web.actions import studies as actions
from interlocal.web.heartbeat import Heartbeat
from interlocal.web.models import Comparison, Packet, StudyRun

log = logging.getLogger("interlocal.worker")
FAULT = "Interlocal has a fault; your case is not to blame. Tell whoever runs this server."


@task()
def run_study(run: str) -> str:
    """Work out a study and the pages that show it."""
    from interlocal.study import study  # noqa: PLC0415 - 2 s of libraries that only the worker needs
    from interlocal.web.publishing import VIEW, made_for_public  # noqa: PLC0415 - the same
    from interlocal.web.results import render_screens  # noqa: PLC0415 - the same

    claimed = runs.claim(model=StudyRun, run=run)
    if claimed is None:
        return "not to be run"
    heart = Heartbeat(claimed)
    halves = 2 if claimed.would_change else 1

    def progress(done: int, all_: int, half: int = 0) -> None:
        heart.progress(half * all_ + done, halves * all_)

    try:
        made = study(
            claimed.revision.read,
            draws=claimed.draws,
            seed=claimed.seed,
            audience=claimed.audience,
            progress=progress,
            cancelled=lambda: heart.asked,
            changes=claimed.would_change,
            changes_progress=lambda done, all_: progress(done, all_, 1),
        )
        # What is shown follows from what is stored, not from objects that hold more than this audience may see.
        views: dict[str, Any] = {**render_screens(made.document, case=str(claimed.case_id))}
        if claimed.audience == "public":
            views[VIEW] = made_for_public(made.document, claimed.studied)
        actions.end(run=claimed, status=StudyRun.Status.DONE, document=made.to_json(), views=views)
    except Cancelled:
        actions.end(run=claimed, status=StudyRun.Status.CANCELLED)
    except InputError as error:
        actions.end(run=claimed, status=StudyRun.Status.FAILED, problem=str(error))
    except Exception:
        log.exception("a study failed")
        actions.end(run=claimed, status=StudyRun.Status.FAILED, problem=FAULT)
        raise
    return "done"


@task()
def compare_runs(comparison: str) -> str:
    """Hold two runs against each other."""
    from interlocal.comparison import compare, proposing  # noqa: PLC0415 - only the worker needs it
    from interlocal.report.comparison import paper  # noqa: PLC0415 - the same
    from interlocal.report.paper_page import to_body  # noqa: PLC0415 - the same
    from interlocal.study import Study, study  # noqa: PLC0415 - the same

    held = Comparison.objects.select_related("first__revision", "second__revision").get(pk=comparison)
    if held.is_over:
        return "made before"

    def side(run: StudyRun, option: str) -> tuple[Study, str]:
        case = run.studied
        if option in {"", case.proposed_option.id if case.proposed_option else ""}:
            made = Study(case, run.answers)
        else:
            settings = {"draws": run.draws, "seed": run.seed, "audience": run.audience}
            made = study(proposing(case, option), **settings)
        chosen = made.case.proposed_option
        return made, chosen.name if held.of_options and chosen else f"Revision {run.revision.number}"

    try:
        (first, one), (second, other) = side(held.first, held.first_option), side(held.second, held.second_option)  # fmt: skip
        found = compare(first, second, labels=(one, other))
        comparisons.keep_comparison(
            comparison=held,
            document=json.dumps(found, ensure_ascii=False, allow_nan=False),
            view=to_body(paper(found)),
        )
    except InputError as error:
        comparisons.keep_comparison(comparison=held, problem=str(error))
    except Exception:
        log.exception("a comparison failed")
        comparisons.keep_comparison(comparison=held, problem=FAULT)
        raise
    return "done"


@task()
def make_packet(packet: int) -> str:
    """Make the documents of a run."""
    from interlocal.report.language import languages  # noqa: PLC0415 - the same
    from interlocal.report.packet import write_packet  # noqa: PLC0415 - only the worker needs Word, Excel and PDF
    from interlocal.study import Study  # noqa: PLC0415 - the same

    held = Packet.objects.select_related("run__revision").get(pk=packet)
    if held.files is not None:
        return "made before"
    try:
        with tempfile.TemporaryDirectory() as folder:
            study = Study(held.run.studied, held.run.answers)
            written = write_packet(
                study, folder, languages(), lambda n, _: actions.keep_packet(packet=held, done=n)
            )
            files = _zipped(Path(folder), written)
        actions.keep_packet(packet=held, done=len(written), files=files)
    except InputError as error:
        actions.keep_packet(packet=held, done=0, problem=str(error))
    except Exception:
        log.exception("a packet failed")
        actions.keep_packet(packet=held, done=0, problem=FAULT)
        raise
    return "done"


def _zipped(folder: Path, written: list[Path]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in written:
            # A fixed date: the same study gives the same bytes.
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), (1980, 1, 1, 0, 0, 0))
            archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)
    return made.getvalue()
