"""How long the worked example takes: the core alone, and the command from start to files."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from interlocal.case import read_case
from interlocal.study import study

ROOT = Path(__file__).parents[1]
CASE = ROOT / "examples/franklin-police/case.yaml"
RUNS = 5


def timed(action):
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def command(*args):
    return lambda: subprocess.run(
        [sys.executable, "-m", "interlocal", *args], check=True, capture_output=True, cwd=ROOT
    )


def run() -> str:
    case = read_case(CASE)
    study(case, draws=500)
    core = timed(lambda: study(case, draws=10_000))
    with tempfile.TemporaryDirectory() as folder:
        whole = command("study", str(CASE), "--out", folder)
        whole()
        to_files = timed(whole)
    with tempfile.TemporaryDirectory() as folder:
        packet = timed(command("study", str(CASE), "--out", folder, "--packet"))
    help_ = timed(command("--help"))
    return f"""## The worked example

Franklin County police, 10,000 draws, every option, stress and exit; median of {RUNS} runs, warm.

| what | seconds | goal |
| --- | ---: | ---: |
| `study()` in one process | {core:.2f} | 1 |
| `interlocal study`, command to files | {to_files:.2f} | 5 |
| `interlocal study --packet`, command to all documents | {packet:.2f} | 10 |
| `interlocal --help` | {help_:.2f} | 0.3 |
"""
