"""Uploaded tables: bounded and looked at before they are kept, and read by the core as the command line reads them."""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from interlocal.people.register import read_register
from interlocal.people.windows import PostRecord
from interlocal.problems import InputError, Problem
from interlocal.region.cells import Columns
from interlocal.region.governments import Region
from interlocal.region.guess import guess_mapping
from interlocal.region.map import Map
from interlocal.region.mapping import load_mapping
from interlocal.region.readers import read_columns
from interlocal.region.tables import read_region
from interlocal.web.models import RegionFile, RegionRevision

LARGEST = 8_000_000
"""Largest file that is taken [bytes]."""
MOST_GOVERNMENTS = 3_000
MOST_CELLS = 2_000_000
MOST_FILES = 12
_TEXT = (".csv", ".tsv", ".txt", ".csv.gz", ".xlsx", ".xlsm")
ENDINGS = {
    "table": _TEXT,
    "neighbours": (*_TEXT, ".geojson", ".json"),
    "agreements": _TEXT,
    "posts": (".csv", ".txt"),
    "beside": _TEXT,
}
_STRANGE = re.compile(r"[\x00-\x1f\x7f/\\<>:\"|?*]+")


@dataclass(frozen=True)
class Upload:
    """A file as somebody sent it."""

    role: str
    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        """The hash of what is in it."""
        return hashlib.sha256(self.content).hexdigest()


Files = list[Upload] | list[RegionFile]


def taken(role: str, name: str, content: bytes) -> Upload:
    """Return an upload that may be looked at.

    Raises
    ------
    InputError
        Where it is too large, empty or of a kind that is not read.
    """
    plain = _STRANGE.sub("_", Path(name.replace("\\", "/")).name)[-100:].strip(". ") or "table.csv"
    if len(content) > LARGEST:
        raise InputError(Problem(role, plain, f"{len(content) / 1e6:.0f} MB", f"at most {LARGEST / 1e6:.0f} MB", "Leave out columns or rows that are not needed."))  # fmt: skip
    if not content:
        raise InputError(Problem(role, plain, "an empty file", "a table", "Check that it is the right file."))
    if not plain.lower().endswith(ENDINGS[role]):
        raise InputError(Problem(role, plain, "another kind of file", f"one that ends in {', '.join(ENDINGS[role])}", "Save it as CSV or .xlsx."))  # fmt: skip
    return Upload(role, plain, content)


@contextmanager
def folder_of(files: Files) -> Iterator[Path]:
    """Give a folder that holds files under their own names, for as long as they are read; messages do not name it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file in files:
            (folder / file.name).write_bytes(bytes(file.content))
        try:
            yield folder
        except InputError as error:
            raise InputError([replace(p, where=p.where.replace(f"{folder}/", "")) for p in error.problems]) from None  # fmt: skip


def table_of(files: Files) -> Upload | RegionFile:
    """Return the table of governments among files."""
    return next(f for f in files if f.role == "table")


def look_at(files: list[Upload]) -> Columns:
    """Read every file once, so that none is kept that cannot be read; return the columns of the governments table.

    Raises
    ------
    InputError
        With everything that is wrong with any of them.
    """
    problems: list[Problem] = []
    columns: Columns = {}
    names = [f.name.lower() for f in files]
    problems += [Problem("", n, "two files of one name", "a name for each", "Rename one of them.") for n in sorted(set(names)) if names.count(n) > 1]  # fmt: skip
    if not any(f.role == "table" for f in files):
        problems.append(Problem("table", "Table of governments", "no file", "a table with a row for each government", "Choose a file."))  # fmt: skip
    if len(files) > MOST_FILES:
        problems.append(Problem("beside", "Files", f"{len(files)}", f"at most {MOST_FILES}", "Leave out some."))  # fmt: skip
    for file in [] if problems else files:
        try:
            with folder_of([file]) as folder:
                found = _columns(file, folder / file.name)
        except InputError as error:
            problems += [replace(p, path=file.role) for p in error.problems]
            continue
        if file.role == "table":
            columns = found
    if problems:
        raise InputError(problems)
    return columns


def _columns(file: Upload, path: Path) -> Columns:
    if file.role == "posts":
        _posts(path, file.name)
        return {}
    if path.suffix.lower() in {".geojson", ".json"}:
        return {}
    found = read_columns(path)
    rows = max(map(len, found.values()), default=0)
    if rows * len(found) > MOST_CELLS:
        raise InputError(Problem("", file.name, f"{rows:,} rows of {len(found):,} columns", f"at most {MOST_CELLS:,} cells", "Leave out columns or rows that are not needed."))  # fmt: skip
    return found


def _posts(path: Path, name: str) -> tuple[PostRecord, ...]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return read_register(file, name)
    except UnicodeDecodeError:
        raise InputError(Problem("", name, "text that is not UTF-8", "UTF-8", "Save the file as UTF-8; Excel calls it “CSV UTF-8”.")) from None  # fmt: skip


def suggested(files: Files) -> dict[str, Any]:
    """Return a mapping to start from, with the files that came beside the table named in it."""
    with folder_of(files) as folder:
        table = folder / table_of(files).name
        found = guess_mapping(table, [folder / f.name for f in files if f.role == "neighbours"])
    return with_files(found, files)


def with_files(mapping: Mapping[str, Any], files: Files) -> dict[str, Any]:
    """Return a mapping that names the files as they are called here."""
    made = {**mapping, "table": table_of(files).name}
    for role, key in (("neighbours", "adjacency"), ("agreements", "agreements")):
        for file in files:
            if file.role == role:
                told = made.get(key)
                made[key] = {**(told if isinstance(told, dict) else {}), "file": file.name}
    return made


def without(mapping: Mapping[str, Any], roles: Container[str]) -> dict[str, Any]:
    """Return a mapping that names no file of some roles."""
    return {k: v for k, v in mapping.items() if {"adjacency": "neighbours"}.get(k, k) not in roles}


def fitted(files: list[Upload], given: Mapping[str, Any] | None) -> tuple[dict[str, Any], bool]:
    """Return the mapping that new files start with, and whether the core reads them through it; a guess is never taken as read.

    Raises
    ------
    InputError
        Where a file cannot be read, or a mapping that was given does not fit.
    """
    look_at(files)
    if given is None:
        return suggested(files), False
    mapping = with_files(given, files)
    try:
        read(files, mapping)
    except InputError:
        # Whoever gave it mends it in the form, where each problem stands at its field.
        return mapping, False
    return mapping, True


def read(
    files: Files,
    mapping: Mapping[str, Any],
    *,
    services: tuple[str, ...] = (),
    exclude_agreements: bool = False,
) -> Region:
    """Read files through a mapping; only some services, where any are named.

    Raises
    ------
    InputError
        With everything that is wrong with the mapping, or with what it makes of the files.
    """
    checked = load_mapping(dict(mapping))
    with folder_of(files) as folder:
        path = folder / table_of(files).name
        region = read_region(path, checked, services=services, exclude_agreements=exclude_agreements or None)
    if len(region.ids) > MOST_GOVERNMENTS:
        raise InputError(Problem("use_if", "Table of governments", f"{len(region.ids):,} governments", f"at most {MOST_GOVERNMENTS:,}", "Divide a nation by state: say in “Use if” which rows to use."))  # fmt: skip
    return region


def files_of(revision: RegionRevision) -> list[RegionFile]:
    """Return the files of a revision with what is in them."""
    return list(revision.files.all())


def region_of(revision: RegionRevision) -> Region:
    """Return what the core makes of a revision; read once, for all requests that show it."""
    return _read_once(revision.pk, revision.sha256)[0]


def map_of(revision: RegionRevision) -> Map:
    """Return the places of a revision on their picture."""
    return _read_once(revision.pk, revision.sha256)[1]


@lru_cache(maxsize=8)
def _read_once(pk: int, sha256: str) -> tuple[Region, Map]:
    revision = RegionRevision.objects.get(pk=pk)
    region = read(files_of(revision), revision.mapping)
    return region, Map(region)


def posts_of(revision: RegionRevision) -> tuple[PostRecord, ...] | None:
    """Return the register of posts of a revision, or None where it has none."""
    file = revision.files.filter(role="posts").first()
    if file is None:
        return None
    with folder_of([file]) as folder:
        return _posts(folder / file.name, file.name)


def columns_of(files: Iterable[Upload] | Iterable[RegionFile]) -> Columns:
    """Return the columns of the governments table."""
    file = table_of(list(files))  # type: ignore[arg-type]
    with folder_of([file]) as folder:
        return read_columns(folder / file.name)


def as_kept(mapping: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """Return a mapping as the database keeps it, and as the text that its hash is of."""
    text = json.dumps(mapping, sort_keys=True, ensure_ascii=False, default=str)
    kept: dict[str, Any] = json.loads(json.dumps(mapping, ensure_ascii=False, default=str))
    return kept, text
