"""What runs in the worker."""

from __future__ import annotations

import io
import logging
import tempfile
import time
import zipfile
from pathlib import Path

from django_tasks import task

from interlocal.case.released import released
from interlocal.numerics.engine import Cancelled
from interlocal.problems import InputError
from interlocal.web.actions import studies as actions
from interlocal.web.models import Packet, StudyRun

log = logging.getLogger("interlocal.worker")
EVERY = 0.5
"""Seconds between two notes of how far a run is."""


@task()
def run_study(run: str) -> str:
    """Work out a study and the pages that show it."""
    from interlocal.study import study  # noqa: PLC0415 - 2 s of libraries that only the worker needs
    from interlocal.web.results import render_screens  # noqa: PLC0415 - the same

    claimed = actions.begin(run=run)
    if claimed is None:
        return "not to be run"
    stop, noted = False, 0.0

    def progress(done: int, all_: int) -> None:
        nonlocal stop, noted
        if done == all_ or time.monotonic() - noted > EVERY:
            noted = time.monotonic()
            stop = actions.report_progress(run=claimed, done=done, all_=all_)

    try:
        made = study(
            claimed.revision.read,
            draws=claimed.draws,
            seed=claimed.seed,
            audience=claimed.audience,
            progress=progress,
            cancelled=lambda: stop,
        )
        # What is shown follows from what is stored, not from objects that hold more than this audience may see.
        views = render_screens(made.document, case=str(claimed.case_id))
        actions.end(run=claimed, status=StudyRun.Status.DONE, document=made.to_json(), views=views)
    except Cancelled:
        actions.end(run=claimed, status=StudyRun.Status.CANCELLED)
    except InputError as error:
        actions.end(run=claimed, status=StudyRun.Status.FAILED, problem=str(error))
    except Exception:
        log.exception("a study failed")
        actions.end(run=claimed, status=StudyRun.Status.FAILED, problem="Interlocal has a fault; your case is not to blame. Tell whoever runs this server.")  # fmt: skip
        raise
    return "done"


@task()
def make_packet(packet: int) -> str:
    """Make the documents of a run."""
    from interlocal.report.packet import write_packet  # noqa: PLC0415 - only the worker needs Word, Excel and PDF
    from interlocal.study import Study  # noqa: PLC0415 - the same

    held = Packet.objects.select_related("run__revision").get(pk=packet)
    if held.files is not None:
        return "made before"
    try:
        with tempfile.TemporaryDirectory() as folder:
            study = Study(released(held.run.revision.read, held.run.audience), held.run.answers)
            written = write_packet(
                study, folder, progress=lambda n, _: actions.keep_packet(packet=held, done=n)
            )
            files = _zipped(Path(folder), written)
        actions.keep_packet(packet=held, done=len(written), files=files)
    except InputError as error:
        actions.keep_packet(packet=held, done=0, problem=str(error))
    except Exception:
        log.exception("a packet failed")
        actions.keep_packet(packet=held, done=0, problem="Interlocal has a fault; your case is not to blame. Tell whoever runs this server.")  # fmt: skip
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
