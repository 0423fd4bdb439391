"""Options that several commands share, said once."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

Json = Annotated[
    bool, typer.Option("--json", help="Write one JSON document and nothing else to standard output.")
]


class Gate(StrEnum):
    """Where a case stands."""

    explore = "explore"
    negotiate = "negotiate"
    adopt = "adopt"
    run = "run"


class Audience(StrEnum):
    """Whom results are for."""

    facilitator = "facilitator"
    partners = "partners"
    public = "public"


class Engine(StrEnum):
    """Where draws are worked out."""

    local = "local"
    dask = "dask"


Scheduler = Annotated[str | None, typer.Option(help="Address of a Dask scheduler.")]
Workers = Annotated[int, typer.Option(min=1, max=512, help="Processes at work.")]
WhereTo = Annotated[Engine, typer.Option(help="Where the work is done; the result is the same.")]
