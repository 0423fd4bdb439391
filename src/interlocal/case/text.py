"""Read YAML or JSON text into plain values that remember their line, refusing what could do harm.

Only plain data is read: no tags, no anchors or aliases (which can make a small file huge), no deep nesting. Plain
scalars follow YAML 1.2, so that ``no`` is a word and not a truth value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from interlocal.problems import InputError, Problem

MAX_BYTES = 8_000_000
MAX_DEPTH = 40
MAX_VALUES = 300_000
"""Many times what a large case holds; a file made to fill the memory holds millions."""
MAX_PROBLEMS = 100
_INTEGER = re.compile(r"[-+]?[0-9][0-9_]*$")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9][0-9_]*(\.[0-9]*)?)([eE][-+]?[0-9]+)?$")


@dataclass
class Node:
    """A value with the place it stands at, and its children by key or index."""

    value: Any
    line: int
    """The line it starts on; in a workbook a number that grows from cell to cell."""
    children: dict[str | int, Node] = field(default_factory=dict)
    cell: str | None = None
    """Sheet and cell, in a workbook."""

    @property
    def where(self) -> str:
        """The place in words."""
        return self.cell or f"line {self.line}"

    def at(self, location: tuple[str | int, ...]) -> tuple[Node, tuple[str | int, ...]]:
        """Follow a location as far as it exists; steps that are not in the data are skipped.

        Returns
        -------
        The deepest node reached and the steps that led there.
        """
        node, taken = self, []
        for step in location:
            if step in node.children:
                node = node.children[step]
                taken.append(step)
        return node, tuple(taken)


def as_node(value: Any) -> Node:
    """Return plain values as parsed text would be, without lines."""
    node = Node(value, 0)
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    node.children = {key: as_node(item) for key, item in items}
    return node


def pointer(location: tuple[str | int, ...]) -> str:
    """Return a location as a JSON pointer (RFC 6901)."""
    return "".join("/" + str(s).replace("~", "~0").replace("/", "~1") for s in location)


def is_workbook(data: bytes, name: str) -> bool:
    """Whether a file is, or says that it is, an Excel workbook (or a zip, or an older Office file)."""
    return name.lower().endswith((".xlsx", ".xlsm", ".xls")) or data[:4] in {
        b"PK\x03\x04",
        b"\xd0\xcf\x11\xe0",
    }


def read_bytes(path: Path) -> bytes:
    """Read a file of bounded size, or say why not."""
    name = str(path)
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise IsADirectoryError  # noqa: TRY301 - one place turns every reason into words
        if size > MAX_BYTES:
            raise InputError(
                Problem(
                    "",
                    name,
                    f"a file of {size / 1e6:.0f} MB",
                    f"a case of at most {MAX_BYTES / 1e6:.0f} MB",
                    "Check that this is the right file; a case is text, usually well under 1 MB.",
                )
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise InputError(
            Problem(
                "",
                name,
                "no such file",
                "a case file",
                "Check the path, or start one with: interlocal new PATH",
            )
        ) from None
    except IsADirectoryError:
        raise InputError(
            Problem("", name, "a folder", "a case file", "Name the file inside it, such as case.yaml.")
        ) from None
    except OSError as error:
        raise InputError(
            Problem(
                "",
                name,
                f"a file that cannot be read ({error.strerror})",
                "a readable file",
                "Check its rights.",
            )
        ) from None


def parse(data: bytes, name: str) -> Node:
    """Parse YAML or JSON.

    Parameters
    ----------
    data
        The file's bytes, UTF-8.
    name
        The file's name for messages.

    Raises
    ------
    InputError
        With every problem found: not text, empty, not YAML, tags, aliases, doubled keys, too deep.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            Problem(
                "",
                f"{name}, byte {error.start}",
                "bytes that are not UTF-8 text",
                "a text file in UTF-8",
                "Save it as UTF-8. A workbook (.xlsx) is not text.",
            )
        ) from None
    problems: list[Problem] = []
    try:
        node = _Builder(name, problems).build(_events(text))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{name}, line {mark.line + 1}, column {mark.column + 1}" if mark else name
        what = getattr(error, "problem", None) or "text that is not YAML"
        raise InputError(
            [
                *problems,
                Problem(
                    "",
                    where,
                    str(what),
                    "YAML: keys, colons and values, indented with spaces",
                    "Look at this line and the one above it: a missing colon or quote, or a tab, is the usual cause.",
                ),
            ]
        ) from None
    if node is None:
        problems.append(Problem("", name, "an empty file", "a case", "Start one with: interlocal new PATH"))
    if problems:
        raise InputError(problems)
    assert node is not None
    return node


def _events(text: str) -> Iterator[Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    yield from yaml.parse(text.replace("\t", "  ") if text.lstrip()[:1] in "{[" else text, Loader=loader)


class _Builder:
    """Builds nodes from parser events, noting what is refused."""

    def __init__(self, name: str, problems: list[Problem]) -> None:
        self.name, self.problems = name, problems
        self.root: Node | None = None
        self.stack: list[tuple[Node, list[Node]]] = []
        self.values = 0

    def build(self, events: Iterator[Any]) -> Node | None:
        for event in events:
            if isinstance(event, yaml.AliasEvent):
                self._refuse(event, f"an alias (*{event.anchor})", "Write the value out.")
                self._place(Node(None, _line(event)))
            elif isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
                self._refuse(event, "a second document", "Put one case in a file: remove the line ---.")
                break
            elif isinstance(event, yaml.NodeEvent):
                if not self._start(event):
                    break
            elif isinstance(event, yaml.CollectionEndEvent):
                self._place(self.stack.pop()[0])
        return self.root

    def _start(self, event: Any) -> bool:
        """Take a scalar or the start of a list or mapping; False where reading on makes no sense."""
        if event.anchor is not None:
            self._refuse(event, f"an anchor (&{event.anchor})", "Remove it and write values out.")
        if event.tag is not None and event.tag != "!":
            self._refuse(event, f"the tag {event.tag}", "Remove the tag: only plain values are read.")
        self.values += 1
        if self.values > MAX_VALUES:
            self._refuse(event, f"more than {MAX_VALUES:,} values", "Check that this is the right file.")
            self.root = self.root or Node(None, _line(event))
            return False
        line = _line(event)
        if isinstance(event, yaml.ScalarEvent):
            self._place(Node(event.value if event.style else scalar(event.value), line))
            return True
        if len(self.stack) >= MAX_DEPTH:
            self._refuse(event, f"more than {MAX_DEPTH} levels of nesting", "Check for a stray bracket.")
            self.root = self.root or Node(None, line)
            return False
        self.stack.append((Node([] if isinstance(event, yaml.SequenceStartEvent) else {}, line), []))
        return True

    def _place(self, node: Node) -> None:
        if not self.stack:
            self.root = self.root or node
            return
        parent, pending = self.stack[-1]
        if isinstance(parent.value, list):
            parent.children[len(parent.value)] = node
            parent.value.append(node.value)
        elif not pending:
            pending.append(node)
        else:
            self._place_under(pending.pop(), parent, node)

    def _place_under(self, key: Node, parent: Node, node: Node) -> None:
        word = str(key.value)
        if not isinstance(key.value, (str, int)) or isinstance(key.value, bool):
            self._problem(key.line, f"the key {key.value!r}", "a word or a year", "Put it in quotes.")
        elif word in parent.value:
            first = parent.children[word].line
            self._problem(
                key.line,
                f"the key {word} a second time",
                "each key once",
                f"Merge it with the one on line {first} or rename it.",
            )
        else:
            parent.children[word] = node
            parent.value[word] = node.value

    def _refuse(self, event: Any, found: str, fix: str) -> None:
        self._problem(_line(event), found, "plain keys and values", fix)

    def _problem(self, line: int, found: str, expected: str, fix: str) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem("", f"{self.name}, line {line}", found, expected, fix))


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def scalar(text: str) -> Any:
    """Return what a plain word means by YAML 1.2: nothing, a truth value, a number, or itself."""
    if text in {"", "~", "null", "Null", "NULL"}:
        return None
    if text in {"true", "True", "TRUE"}:
        return True
    if text in {"false", "False", "FALSE"}:
        return False
    if _INTEGER.match(text):
        return int(text.replace("_", "")) if len(text) < 25 else text
    if _FLOAT.match(text):
        return float(text.replace("_", ""))
    return text
