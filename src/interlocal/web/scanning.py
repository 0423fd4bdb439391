"""Scans and divisions of regions in the worker, and the parts of their pages that never change."""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
from typing import Any

from django_tasks import task

from interlocal.numerics.engine import Cancelled
from interlocal.problems import InputError
from interlocal.region.governments import Region
from interlocal.web import tables
from interlocal.web.actions import runs
from interlocal.web.asks import GroupAsk, ScanAsk, ask_of
from interlocal.web.heartbeat import Heartbeat
from interlocal.web.models import RegionRun

log = logging.getLogger("interlocal.worker")
MOST_PAIRS = 60_000
"""Pairs beyond these, the least promising, are not kept for the pages of places."""
PARTS = ("services", "curves", "checks", "data")
_PART = re.compile(r'<section aria-labelledby="(?P<id>[a-z]+)">(?P<body>.*?)</section>', re.DOTALL)
Status = RegionRun.Status


@task()
def run_region(run: str) -> str:
    """Scan a region or divide it, and make the parts of the pages that show it."""
    held = runs.claim(model=RegionRun, run=run)
    if held is None:
        return "not to be run"
    heart = Heartbeat(held)
    try:
        ask = ask_of(held.kind, held.options)
        made = _scan(held, ask, heart) if isinstance(ask, ScanAsk) else _group(held, ask, heart)
        stopped = held.kind == "group" and made.pop("stopped")
        runs.end(run=held, status=Status.CANCELLED if stopped else Status.DONE, **made)
    except Cancelled:
        runs.end(run=held, status=Status.CANCELLED)
    except InputError as error:
        runs.end(run=held, status=Status.FAILED, problem=str(error))
    except Exception:
        log.exception("a run over a region failed")
        runs.end(run=held, status=Status.FAILED, problem="Interlocal has a fault; your table is not to blame. Tell whoever runs this server.")  # fmt: skip
        raise
    return "done"


def _scan(run: RegionRun, ask: ScanAsk, heart: Heartbeat) -> dict[str, Any]:
    from interlocal.region.commands import scan_document  # noqa: PLC0415 - a second of libraries that only the worker needs
    from interlocal.region.leadership import add_windows  # noqa: PLC0415 - the same
    from interlocal.region.render import as_json  # noqa: PLC0415 - the same
    from interlocal.region.scan import every_pair  # noqa: PLC0415 - the same

    region = _region(run, tuple(ask.services), exclude_agreements=ask.exclude_agreements)
    options = ask.options()
    document = scan_document(
        region, options, checks=ask.checks, progress=heart.progress, cancelled=heart.cancelled
    )
    posts = tables.posts_of(run.revision)
    if posts is not None:
        add_windows(region, document, posts, as_of=dt.datetime.now(tz=dt.UTC).date())
    pairs = json.dumps(every_pair(region, options)[:MOST_PAIRS])
    return {"document": as_json(document), "views": _parts(document, region), "pairs": pairs}


def _group(run: RegionRun, ask: GroupAsk, heart: Heartbeat) -> dict[str, Any]:
    from interlocal.region.commands import group_document  # noqa: PLC0415 - a second of libraries that only the worker needs
    from interlocal.region.render import as_json  # noqa: PLC0415 - the same

    region = _region(run, (ask.service,))
    document = group_document(
        region,
        ask.service,
        ask.demands(),
        replications=ask.replications,
        seed=ask.seed,
        progress=heart.progress,
        cancelled=heart.cancelled,
    )
    stopped = "cancelled" in {document["stopped"], document["replications"]["stopped"]}
    return {"document": as_json(document), "views": _parts(document, region), "stopped": stopped}


def _region(run: RegionRun, services: tuple[str, ...], **more: Any) -> Region:
    return tables.read(tables.files_of(run.revision), run.revision.mapping, services=services, **more)


def _parts(document: dict[str, Any], region: Region) -> dict[str, str]:
    """Return the parts of the command line's own page that the screens show as they are."""
    from interlocal.region.render import as_html  # noqa: PLC0415 - slow to import

    found = {m.group("id"): m.group("body") for m in _PART.finditer(as_html(document, region))}
    return {name: found[name] for name in PARTS if name in found}
