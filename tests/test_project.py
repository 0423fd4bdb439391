"""What holds for the project as a whole: its layers, its files, its wheel, its way of setting itself up."""

import ast
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "interlocal"

# From the ground up: each room imports only from those before it.
ROOMS = (
    "problems",
    "phrases",
    "cells",
    "blocks",
    "icalendar",
    "numerics",
    "reference",
    "case",
    "costs",
    "people",
    "consensus",
    "governance",
    "sharing",
    "region",
    "partnership",
    "questions",
    "lessons",
    "study",
    "comparison",
    "report",
    "terminal",
    "web",
    "cli",
    "__main__",
)


def modules():
    return [path for path in sorted(PACKAGE.rglob("*.py")) if "migrations" not in path.parts]


def room_of(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_rooms(path):
    """Return (line, room) for each import from our own package."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                package = ["interlocal", *path.relative_to(PACKAGE).parts[:-1]]
                base = ".".join([*package[: len(package) - node.level + 1], *filter(None, [base])])
            names = [f"{base}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            first, _, rest = name.partition(".")
            room = rest.partition(".")[0]
            if first == "interlocal" and room and not room.startswith("__version"):
                found.add((node.lineno, room))
    return sorted(found)


def test_every_room_has_its_place_in_the_order():
    found = {room_of(path) for path in modules()} - {"__init__"}
    assert found <= set(ROOMS)


def test_a_room_imports_only_rooms_below_it():
    upward = [
        f"{path.relative_to(PACKAGE)}:{line} imports {room}"
        for path in modules()
        if room_of(path) in ROOMS
        for line, room in imported_rooms(path)
        if room in ROOMS and ROOMS.index(room) > ROOMS.index(room_of(path))
    ]
    assert upward == []


@pytest.mark.slow
def test_the_core_imports_no_django():
    core = [
        ".".join(["interlocal", *path.relative_to(PACKAGE).with_suffix("").parts]).removesuffix(".__init__")
        for path in modules()
        if room_of(path) not in {"web", "__main__"}
    ]
    code = "import importlib, sys\nfor name in sys.argv[1:]: importlib.import_module(name)\nsys.exit('django' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code, *core],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_no_function_is_written_twice():
    places = defaultdict(list)
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and len(list(ast.walk(node))) > 40:
                has_docstring = ast.get_docstring(node) is not None
                body = ast.dump(ast.Module(node.body[has_docstring:], []))
                places[body].append(f"{path.relative_to(PACKAGE)}:{node.lineno} {node.name}")
    assert [where for where in places.values() if len(where) > 1] == []


def test_contributing_has_a_line_for_every_folder():
    text = (ROOT / "CONTRIBUTING.md").read_text()
    folders = [path.parent.name for path in PACKAGE.glob("*/*.py")]
    assert [name for name in sorted(set(folders)) if f"| `{name}/` |" not in text] == []


def tracked_text():
    """Yield the name and text of every tracked file that is text."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listing.returncode:
        pytest.skip("needs a git checkout: only tracked files are looked at")
    for name in filter(None, listing.stdout.split("\0")):
        path = ROOT / name
        if not path.is_file():
            continue
        data = path.read_bytes()
        if b"\0" not in data:
            yield name, data.decode("utf-8", errors="replace")


def test_no_file_names_the_host_of_a_package_registry():
    hosts = [
        ".".join(parts)
        for parts in (("pypi", "org"), ("files", "pythonhosted", "org"), ("registry", "npmjs", "org"))
    ]
    assert [(name, host) for name, text in tracked_text() for host in hosts if host in text] == []


def test_no_file_holds_a_path_of_the_machine_it_was_written_on():
    private = re.compile(r"(?<![\w.}-])/(?:work|root|farm|home/\w+)/" + "|" + re.escape(f"{ROOT}/"))
    here = Path(__file__).relative_to(ROOT).as_posix()
    assert [name for name, text in tracked_text() if name != here and private.search(text)] == []


@pytest.mark.slow
def test_the_wheel_works_from_an_empty_environment_outside_the_checkout(tmp_path):
    build = ["wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", str(tmp_path), str(ROOT)]
    subprocess.run([sys.executable, "-m", "pip", *build], check=True)
    (wheel,) = tmp_path.glob("*.whl")

    ours = {
        path.relative_to(ROOT / "src").as_posix()
        for path in PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert ours <= set(zipfile.ZipFile(wheel).namelist())

    empty = tmp_path / "environment"
    venv.create(empty, symlinks=True)
    python = str(empty / "bin" / "python")
    install = ["--python", python, "install", "--quiet", "--no-deps", "--no-index", str(wheel)]
    subprocess.run([sys.executable, "-m", "pip", *install], check=True)
    # The dependencies are lent by this environment: a path added so brings no editable install with it.
    (site_packages,) = empty.glob("lib/python*/site-packages")
    (site_packages / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")

    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    helped = subprocess.run(
        [empty / "bin" / "interlocal", "--help"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Usage: interlocal" in helped.stdout
    where = subprocess.run(
        [python, "-c", "import interlocal; print(interlocal.__file__)"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(where.stdout.strip()).is_relative_to(empty)


def bootstrap(folder, *, hidden):
    """Run the set-up in a copy of the project on a Python from which some modules are hidden, with nothing on PATH."""
    (folder / "scripts").mkdir()
    shutil.copy(ROOT / "scripts" / "bootstrap.py", folder / "scripts")
    for name in ("pyproject.toml", "requirements.lock"):
        shutil.copy(ROOT / name, folder)
    (folder / "hidden").mkdir()
    for module in hidden:
        (folder / "hidden" / f"{module}.py").write_text("raise ImportError('hidden by a test')\n")
    return subprocess.run(
        [sys.executable, "scripts/bootstrap.py"],
        cwd=folder,
        env={"PATH": str(folder / "hidden"), "PYTHONPATH": str(folder / "hidden")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_set_up_without_any_installer_prints_the_one_line_that_helps(tmp_path):
    done = bootstrap(tmp_path, hidden=["ensurepip", "pip"])
    assert done.returncode == 1
    assert done.stdout == ""
    assert (
        done.stderr == "This Python can install nothing yet; this line helps: apt-get install python3-venv\n"
    )
    assert not (tmp_path / ".venv").exists()
