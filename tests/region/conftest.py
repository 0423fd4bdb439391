from pathlib import Path

import numpy as np
import pytest

from interlocal.region.adjacency import Neighbours
from interlocal.region.governments import Region, ServiceData
from interlocal.region.registers import Registers


@pytest.fixture(scope="session")
def real_data():
    folder = Path(__file__).parents[2].parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the folder of public data (../shared/data) is absent")
    return folder


def made_up(  # noqa: PLR0913 – a fixture with many knobs
    slope=-0.15,
    count=120,
    seed=1,
    noise=0.2,
    *,
    level=False,
    floor=None,
    service="records",
    pairs=None,
    spacing=0.1,
):
    """A fictional region: spending per head follows a known curve in size, on a line of places."""
    rng = np.random.default_rng(seed)
    population = np.round(np.exp(rng.uniform(np.log(400), np.log(60_000), count)))
    per_head = 100 * population**slope * np.exp(noise * rng.standard_normal(count))
    if pairs is None:
        pairs = [(i, i + 1) for i in range(count - 1)] + [(i, i + 2) for i in range(0, count - 2, 3)]
    data = ServiceData(
        service,
        population * per_head,
        ("",) * count,
        volume=population * np.exp(0.1 * rng.standard_normal(count)) if level else None,
        floor=floor,
    )
    return Region(
        title="Fictional region",
        source="made up",
        currency="USD",
        year=2023,
        law="US-MA",
        ids=tuple(f"t{i:03d}" for i in range(count)),
        names=tuple(f"Town {i}" for i in range(count)),
        kinds=("town",) * count,
        population=population,
        lat=np.full(count, 42.0) + spacing * np.arange(count) / 10,
        lon=np.full(count, -72.0),
        drivers={
            "density": population / np.exp(rng.uniform(3, 5, count)),
            "wealth": rng.uniform(5e4, 3e5, count),
        },
        tax_effort=None,
        services={service: data},
        neighbours=Neighbours(np.array(pairs, dtype=np.int64), "made up", {}),
        registers=Registers(),
        mergers=(),
        notes=(),
        rows_read=count,
    )


@pytest.fixture(scope="session")
def region_of():
    return made_up
