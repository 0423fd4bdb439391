"""Every example, read once and studied once."""

from functools import cache
from pathlib import Path

import pytest

from interlocal.case import read_case
from interlocal.study import study

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@cache
def _read(name):
    return read_case(EXAMPLES / name / "case.yaml", strict=True)


@cache
def _studied(name):
    return study(_read(name), draws=2_000).document


@pytest.fixture(scope="session")
def example():
    """Return an example's case by the name of its folder."""
    return _read


@pytest.fixture(scope="session")
def studied():
    """Return an example's study, 2,000 draws, by the name of its folder."""
    return _studied
