"""A PostgreSQL cluster of one's own, for tests and benchmarks."""

import os
import shutil
import subprocess
from pathlib import Path


def binaries():
    """Return the folder of PostgreSQL's programs; None where it is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    return found[0].parent if found else None


def start(folder, *options):
    """Start a cluster in a folder as nobody in particular, since PostgreSQL refuses to run as root; return address and end."""
    folder.mkdir()
    programs, prefix = binaries(), []
    if os.geteuid() == 0:
        shutil.chown(folder, "nobody")
        folder.parent.chmod(0o755)
        prefix = ["setpriv", "--reuid=nobody", "--clear-groups"]
    make = [*prefix, programs / "initdb", "-D", folder / "data", "-U", "interlocal", "-A", "trust"]
    subprocess.run(make, check=True, capture_output=True, cwd=folder)
    listen = " ".join([f"-k {folder} -c listen_addresses=''", *(f"-c {o}" for o in options)])
    begin = [programs / "pg_ctl", "-D", folder / "data", "-o", listen, "-l", folder / "log", "-w", "start"]
    subprocess.run([*prefix, *begin], check=True, stdout=subprocess.DEVNULL, cwd=folder)

    def stop():
        end = [*prefix, programs / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop"]
        subprocess.run(end, capture_output=True, cwd=folder, check=False)

    return f"postgresql://interlocal@/postgres?host={folder}", stop
