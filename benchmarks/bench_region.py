"""Scan and grouping of a region: Franklin and Massachusetts on public data, a synthetic nation, plain HiGHS beside ours."""

import resource
import time
from pathlib import Path

import highspy
import numpy as np

from interlocal.region.adjacency import Neighbours
from interlocal.region.coalitions import connected_groups
from interlocal.region.commands import scan_document
from interlocal.region.curves import fit_curve
from interlocal.region.exact import best_of_all_subsets
from interlocal.region.governments import Region, ServiceData
from interlocal.region.grouping import best_grouping
from interlocal.region.mapping import load_mapping
from interlocal.region.registers import Registers
from interlocal.region.savings import score
from interlocal.region.scan import Options
from interlocal.region.tables import read_region

DATA = Path(__file__).parents[2] / "shared" / "data"
SERVICE = "general_administration"
SERVICES = 30


def run():
    rows = [
        ("best division of 20 by dynamic programme", clocked(dynamic, 20), "0.25 s"),
        *public(),
        *nation(),
    ]
    lines = ["## Region", "", "| what | seconds | goal |", "| --- | --- | --- |"]
    lines += [f"| {what} | {seconds} | {goal} |" for what, seconds, goal in rows]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return "\n".join([*lines, "", f"Highest memory of the process: {memory:.1f} GiB (goal 4)."])


def clocked(function, *arguments):
    function(*arguments)  # the first run compiles and loads
    return f"{timed(function, *arguments)[0]:.2f}"


def timed(function, *arguments):
    start = time.perf_counter()
    result = function(*arguments)
    return time.perf_counter() - start, result


def dynamic(members):
    best_of_all_subsets(np.random.default_rng(1).uniform(0, 1, 1 << members), members)


def public():
    if not DATA.is_dir():
        return [("public data", "the folder ../shared/data is absent", "")]
    mapping = load_mapping("massachusetts_schedule_a")

    def whole_scan():
        return scan_document(read_region(DATA / "ma_municipalities.csv", mapping), Options())

    franklin = read_region(
        DATA / "example_region.csv", mapping, adjacency=DATA / "example_region_adjacency.csv"
    )
    state = read_region(DATA / "ma_municipalities.csv", mapping)
    best_grouping(franklin, SERVICE)
    small, proven = timed(best_grouping, franklin, SERVICE)
    ours, found = timed(best_grouping, state, SERVICE)
    plain, bound, objective = plain_highs(state, 5, found.gap)
    return [
        ("Massachusetts: read, fit and scan 8 services, pairs and groups", clocked(whole_scan), "3"),
        (f"Franklin (26), groups to 5, gap {proven.gap:.1%}", f"{small:.2f}", "2, proven"),
        (f"Massachusetts (351), groups to 5, gap {found.gap:.3%}", f"{ours:.1f}", "60, gap ≤ 0.1 %"),
        (
            f"the same in plain HiGHS, gap {(bound - objective) / objective:.3%}",
            f"{plain:.1f}",
            "not quicker than ours",
        ),
    ]


def plain_highs(region, largest, gap):
    """The plain model: a column per group and per government alone, each government covered once."""
    curve = fit_curve(region, SERVICE)
    start = time.perf_counter()
    used = region.services[SERVICE].used
    levels = connected_groups(region.neighbours.pairs, len(used), largest)
    levels = [level[used[level].all(axis=1)] for level in levels]
    levels.insert(0, np.arange(len(used))[:, None])
    values = np.concatenate(
        [np.zeros(len(used)), *(score(region, curve, level).mean for level in levels[1:])]
    )
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(values), len(used)
    model.col_cost_, model.col_lower_, model.col_upper_ = values, np.zeros(len(values)), np.ones(len(values))
    model.row_lower_ = model.row_upper_ = np.ones(len(used))
    model.sense_ = highspy.ObjSense.kMaximize
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    sizes = np.concatenate([np.full(len(level), level.shape[1]) for level in levels])
    model.a_matrix_.start_ = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
    model.a_matrix_.index_ = np.concatenate([level.ravel() for level in levels]).astype(np.int32)
    model.a_matrix_.value_ = np.ones(int(sizes.sum()))
    model.integrality_ = [highspy.HighsVarType.kInteger] * len(values)
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("mip_rel_gap", max(gap, 1e-6))
    highs.setOptionValue("time_limit", 300.0)
    highs.passModel(model)
    highs.run()
    info = highs.getInfo()
    return time.perf_counter() - start, info.mip_dual_bound, info.objective_function_value


def nation():
    rows = []
    for governments, pairs in ((9_675, 44_700), (19_350, 89_400), (38_700, 178_802)):
        region = synthetic(governments, pairs)
        seconds, _ = timed(scan_document, region, Options(largest=2, hub_km=0))
        what = (
            f"synthetic nation: {governments:,} governments × {SERVICES} services, {pairs:,} pairs, intervals"
        )
        rows.append((what, f"{seconds:.1f}", "10" if governments == 38_700 else "linear growth"))
    return rows


def synthetic(count, pairs, seed=7):
    rng = np.random.default_rng(seed)
    population = np.round(np.exp(rng.normal(7.5, 1.6, count))) + 50
    side = int(np.sqrt(count))
    here = np.arange(count)
    steps = np.array([1, side, side + 1, side - 1, 2])
    candidates = np.column_stack([np.tile(here, len(steps)), np.concatenate([here + step for step in steps])])
    candidates = candidates[candidates[:, 1] < count][:pairs]
    services = {}
    for s in range(SERVICES):
        level = np.exp(0.4 * rng.standard_normal(count))
        spending = 100 * population ** (1 + rng.normal(-0.05, 0.1)) * level
        services[f"service_{s}"] = ServiceData(f"service_{s}", spending, ("",) * count)
    names = tuple(f"g{i}" for i in range(count))
    blank = np.full(count, np.nan)
    drivers = {"density": np.exp(rng.normal(4, 1, count)), "wealth": np.exp(rng.normal(11, 0.5, count))}
    return Region(
        title="Synthetic nation",
        source="made up",
        currency="USD",
        year=2023,
        law=None,
        ids=names,
        names=names,
        kinds=("town",) * count,
        population=population,
        lat=blank,
        lon=blank,
        drivers=drivers,
        tax_effort=None,
        services=services,
        neighbours=Neighbours(candidates.astype(np.int64), "made up", {}),
        registers=Registers(),
        mergers=(),
        notes=(),
        rows_read=count,
    )
