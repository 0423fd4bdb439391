"""Fixtures that the tests share: material beside the checkout, a browser, an accessibility check, the command line."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM_ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

PROGRAMS = frozenset({"run_cli", "chromium"})
"""Fixtures that start a program of its own; a test that asks for one is slow."""

settings.register_profile("developer", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "developer")


class Ran(NamedTuple):
    """What a command left: its exit status and what it wrote."""

    code: int
    stdout: str
    stderr: str


@pytest.fixture(scope="session")
def root():
    return ROOT


@pytest.fixture(scope="session")
def shared():
    """The briefing material, which lies beside a developer's checkout and nowhere else."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("needs the folder ../shared, which this machine does not have")
    return folder


@pytest.fixture
def run_cli():
    """Run ``python -m interlocal ARGUMENTS``, as a user would, and return its status and both outputs."""

    def run(*arguments, cwd=None, env=None, timeout=120):
        source = os.pathsep.join(filter(None, [str(ROOT / "src"), os.environ.get("PYTHONPATH")]))
        done = subprocess.run(
            [sys.executable, "-m", "interlocal", *map(str, arguments)],
            cwd=cwd,
            env={**os.environ, "PYTHONPATH": source, "COLUMNS": "120", "NO_COLOR": "1", **(env or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture(scope="session")
def chromium():
    """A headless Chromium of the system; playwright's own download is not used."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    if executable is None:
        lacks = "needs Chromium: apt-get install chromium"
        if os.environ.get("INTERLOCAL_REQUIRE_BROWSER"):
            pytest.fail(lacks)
        pytest.skip(lacks)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def browser_page(chromium):
    """A fresh page without the cookies or storage of another test."""
    context = chromium.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def axe():
    """Return a function that runs axe-core on a page and gives its violations."""
    from axe_playwright_python.sync_playwright import Axe

    return lambda page: Axe().run(page).response["violations"]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Leave what starts a program of its own out of the quick run: a second each makes minutes."""
    for item in items:
        if PROGRAMS.intersection(item.fixturenames):
            item.add_marker(pytest.mark.slow)


def pytest_terminal_summary(terminalreporter):
    """Say why tests were skipped: a machine without a browser must not look as if it had tested one."""
    reasons = {report.longrepr[2] for report in terminalreporter.stats.get("skipped", [])}
    for reason in sorted(reasons):
        terminalreporter.write_line(f"SKIPPED: {reason.removeprefix('Skipped: ')}", yellow=True)
