"""Who pays what: formulas, the game behind them, and fairness."""

from interlocal.sharing.certificate import Certificate, NotProvenError, certify_nucleolus
from interlocal.sharing.core import CoreRange, core_empty, core_range, nearest_core_point
from interlocal.sharing.excess import Violation, Violations, excesses, in_core, violations
from interlocal.sharing.game import Game, UndefinedError, pays
from interlocal.sharing.large import LargeGame, Sought, seek_violations
from interlocal.sharing.nucleoli import (
    LeastCore,
    least_core,
    nucleolus,
    per_capita_nucleolus,
    per_capita_prenucleolus,
    prenucleolus,
)
from interlocal.sharing.points import (
    equal,
    equal_charge,
    equal_savings,
    gately,
    moriarity,
    scrb,
    tau,
)
from interlocal.sharing.sampling import SampledShapley, sampled_shapley
from interlocal.sharing.semivalues import banzhaf, banzhaf_value, shapley
from interlocal.sharing.side_by_side import METHODS, answer
from interlocal.sharing.splits import (
    Split,
    Splits,
    best_partition,
    is_subadditive,
    splits_that_beat_the_whole,
)
from interlocal.sharing.voting import banzhaf_index, banzhaf_power, shapley_shubik

__all__ = [
    "METHODS",
    "Certificate",
    "CoreRange",
    "Game",
    "LargeGame",
    "LeastCore",
    "NotProvenError",
    "SampledShapley",
    "Sought",
    "Split",
    "Splits",
    "UndefinedError",
    "Violation",
    "Violations",
    "answer",
    "banzhaf",
    "banzhaf_index",
    "banzhaf_power",
    "banzhaf_value",
    "best_partition",
    "certify_nucleolus",
    "core_empty",
    "core_range",
    "equal",
    "equal_charge",
    "equal_savings",
    "excesses",
    "gately",
    "in_core",
    "is_subadditive",
    "least_core",
    "moriarity",
    "nearest_core_point",
    "nucleolus",
    "pays",
    "per_capita_nucleolus",
    "per_capita_prenucleolus",
    "prenucleolus",
    "sampled_shapley",
    "scrb",
    "seek_violations",
    "shapley",
    "shapley_shubik",
    "splits_that_beat_the_whole",
    "tau",
    "violations",
]
