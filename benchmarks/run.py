"""Run every bench_*.py here, each in a fresh process, and write RESULTS.md; with names, run those and print them.

A benchmark module has ``run() -> str``, which returns a section of Markdown, heading included.
"""

import datetime as dt
import importlib
import multiprocessing
import os
import platform
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent
LIBRARIES = ("numpy", "scipy", "numba", "highspy", "joblib", "squigglepy")


def main(names):
    known = sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))
    if unknown := sorted(set(names) - set(known)):
        sys.exit(f"No benchmark is called {', '.join(unknown)}; there are: {', '.join(known) or 'none yet'}.")
    sections = [section(name) for name in names or known]
    if names:
        print("\n\n".join(sections))
    else:
        (HERE / "RESULTS.md").write_text("\n\n".join([heading(), *sections]) + "\n")


def section(name):
    print(f"Running {name} …", file=sys.stderr, flush=True)
    # A process of its own, started afresh: nothing that one benchmark warmed up helps the next.
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as process:
        return process.submit(run_module, f"bench_{name}").result().strip()


def run_module(module):
    return importlib.import_module(module).run()


def heading():
    revision = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=HERE, capture_output=True, text=True, check=False
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    rows = {
        "date": dt.datetime.now(dt.UTC).date().isoformat(),
        "revision": revision.stdout.strip() or "unknown",
        "machine": f"{processor()}, {os.cpu_count()} processors, {memory:.0f} GiB of memory",
        "system": f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        "libraries": ", ".join(f"{name} {version(name)}" for name in LIBRARIES),
    }
    table = ["| what | which |", "| --- | --- |", *(f"| {what} | {which} |" for what, which in rows.items())]
    return "\n".join(["# Benchmark results", "", "Written by `make bench`.", "", *table])


def processor():
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


if __name__ == "__main__":
    main(sys.argv[1:])
