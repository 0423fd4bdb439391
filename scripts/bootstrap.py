"""Make ``.venv`` fit requirements.lock, with uv or with pip, and say nothing when it already does.

Needs the standard library alone, and no ensurepip: Debian leaves that out unless python3-venv is installed, but an
environment can be made without pip and filled by any pip of the machine.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
STAMP = VENV / "interlocal.stamp"
LOCK = ROOT / "requirements.lock"


def main() -> None:
    """Set up the environment when it is missing or older than what it was made from."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this file is what tells the owner of an older Python
        version = ".".join(map(str, sys.version_info[:2]))
        sys.exit(
            f"Interlocal needs Python 3.11 or newer and this is {version}; name another: make PYTHON=python3.12"
        )
    wanted = fingerprint()
    if STAMP.is_file() and STAMP.read_text() == wanted and VENV_PYTHON.exists():
        return
    installer = find_installer()
    print(
        "Setting up .venv with what requirements.lock lists; the first time takes a minute or two.",
        flush=True,
    )
    try:
        if not fits_this_python():
            run(*installer.create, str(VENV))
        run(*installer.install, "--require-hashes", "-r", str(LOCK))
        run(*installer.install, "--no-deps", "--no-build-isolation", "-e", str(ROOT))
    except subprocess.CalledProcessError as error:
        sys.exit(f"Setting up .venv failed (the message above says why), at: {' '.join(error.cmd[:6])} …")
    STAMP.write_text(wanted)


def fingerprint() -> str:
    """Return what .venv depends on: this Python, this folder, the lock, and the project's own description."""
    inputs = (LOCK.read_bytes(), (ROOT / "pyproject.toml").read_bytes())
    digests = [hashlib.sha256(data).hexdigest() for data in inputs]
    return "\n".join([python_version(), str(ROOT), *digests, ""])


def python_version() -> str:
    """Return the part of the version an environment is bound to."""
    return f"{sys.version_info.major}.{sys.version_info.minor}"


class Installer:
    """The two command lines that create an environment and fill it."""

    def __init__(self, create: list[str], install: list[str]) -> None:
        self.create = create
        self.install = install


def find_installer() -> Installer:
    """Return uv, else the pip that a new environment brings, else any pip of the machine; or leave with what helps."""
    uv = shutil.which("uv")
    if uv:
        return Installer(
            [uv, "venv", "--quiet", "--clear", "--python", sys.executable],
            [uv, "pip", "install", "--quiet", "--python", str(VENV_PYTHON)],
        )
    quiet = ["install", "-qq", "--no-input", "--disable-pip-version-check"]
    if works(sys.executable, "-c", "import ensurepip"):
        return Installer([sys.executable, "-m", "venv", "--clear"], [str(VENV_PYTHON), "-m", "pip", *quiet])
    for pip in ([sys.executable, "-m", "pip"], ["pip3"], ["pip"]):
        if works(*pip, "--python", sys.executable, "--version"):  # before 22.3 pip has no --python
            create = [sys.executable, "-m", "venv", "--clear", "--without-pip"]
            return Installer(create, [*pip, "--python", str(VENV_PYTHON), *quiet])
    return sys.exit("This Python can install nothing yet; this line helps: apt-get install python3-venv")


def fits_this_python() -> bool:
    """Tell whether .venv exists, runs, and is of this Python's version."""
    question = "import sys; sys.exit('{}.{}'.format(*sys.version_info[:2]) != sys.argv[1])"
    return VENV_PYTHON.exists() and works(str(VENV_PYTHON), "-c", question, python_version())


def works(*command: str) -> bool:
    """Tell whether a command exists and succeeds, quietly."""
    try:
        return subprocess.run(command, check=False, capture_output=True).returncode == 0
    except OSError:
        return False


def run(*command: str) -> None:
    """Run a command whose errors the user should see."""
    subprocess.run(command, check=True, env={**os.environ, "PIP_ROOT_USER_ACTION": "ignore"})


if __name__ == "__main__":
    main()
