"""Write the pages of docs/reference that follow from the program, so that they cannot fall behind it.

``case.md`` comes from the case format, ``commands.md`` from the command line and ``study-example.json`` from the short
starter. Run without arguments to write all, or with ``--check`` to see whether the two pages are current (exit status 1
where they are not).
"""

from __future__ import annotations

import enum
import inspect
import re
import sys
from pathlib import Path
from typing import Any, get_args, get_type_hints

from typer.models import ArgumentInfo, OptionInfo

from interlocal import cli
from interlocal.case import parse_case
from interlocal.case.schema import case_schema
from interlocal.case.starter import starter
from interlocal.lessons.catalogue import LISTS, items, rules
from interlocal.partnership.register import Register
from interlocal.partnership.table import OPTIONAL, REQUIRED
from interlocal.partnership.table_cells import CELLS
from interlocal.study import study

REFERENCE = Path(__file__).resolve().parent.parent / "docs" / "reference"
EXAMPLE = REFERENCE / "study-example.json"
FIRST_YEAR = 1900
EVERYWHERE = ("source", "visibility", "basis", "note")
HEAD = """\
# The case document, format 1

This page is made from the format itself by `scripts/reference_docs.py`. A case is a YAML or JSON file with the keys
below. An unknown key is an error, and the message names the nearest known one. `interlocal schema` prints the same as a
JSON Schema for editors; `interlocal new PATH --full` writes a file with every section.

**Every entry** marked *entry* below may also say `source` (where it comes from), `visibility` (`facilitator`, `partners`
or `public`; `partners` where left out), `basis` (`fact`, `estimate` or `assumption`) and `note`.

**Money** is in whole units of the currency. **Rates and shares** are between 0 and 1. **Ids** are small letters, digits
and `_`. **Dates** are year-month-day. A fiscal **year** is named for the calendar year in which it ends.
"""


COMMANDS_HEAD = """\
# Commands

This page is made from the program by `scripts/reference_docs.py`; `interlocal COMMAND --help` says the same. `--json`
writes one document to standard output and nothing else there; progress goes to standard error.
"""
COMMANDS_TAIL = """\
## Exit status

| status | meaning |
| --- | --- |
| 0 | done |
| 1 | the input needs mending; all problems are on standard error (with `--json` as a list of `{path, where, found, expected, fix}`) |
| 2 | wrong usage |
| 70 | a fault of ours; please report it |
| 130 | cancelled |

## Examples

```console
$ interlocal --version
interlocal …
$ interlocal new full.yaml --full
$ interlocal check full.yaml
full.yaml: no problems. …
$ interlocal evidence police
```
"""


REGISTER_HEAD = """\
# The register of agreements, format 1

This page is made from the format itself by `scripts/reference_docs.py`. A register is a YAML or JSON file with the keys
below; sections that a case has too lead to [the case document](case.md), which also says what *entry*, ids, dates and rates
are. **Amounts** are exact to the cent. How to use it: [Look after a partnership](../how-to/look-after-a-partnership.md).
"""


TABLE_HEAD = """\
## A table of agreements

One agreement a row, as CSV or Excel; the first row names the columns. `interlocal register --template agreements.csv` writes
one to fill in. Names of organisations stand as people write them. What a table cannot say, such as the books of a year, a
workbook of one agreement can: `interlocal register --template agreement.xlsx`. Its sheets and headings are the keys of this
page, as [in a case](../how-to/work-in-excel.md).

| column | how it is written | for example |
| --- | --- | --- |"""


def register_page() -> str:
    """Return the page of the register's format; what a case has too stays on the case's page."""
    schema = Register.model_json_schema()
    models = {"Register": schema, **schema["$defs"]}
    shared = case_schema()["$defs"]
    page = "\n".join(
        [
            REGISTER_HEAD,
            *(_section(n, models) for n in _in_reading_order(models, "Register") if n not in shared),
            TABLE_HEAD,
            *(
                f"| `{n}` | {'**Required.** ' if n in REQUIRED else ''}{CELLS[n].says} | {CELLS[n].example} |"
                for n in (*REQUIRED, *OPTIONAL)
            ),
            "",
        ]
    )
    return re.sub(
        r"\(#(\w+)\)", lambda m: f"(case.md#{m[1]})" if m[1] in {n.lower() for n in shared} else m[0], page
    )


def case_page() -> str:
    """Return the page of the case format."""
    schema = case_schema()
    models = {"Case": schema, **schema["$defs"]}
    return "\n".join([HEAD, *(_section(name, models) for name in _in_reading_order(models))])


def _in_reading_order(models: dict[str, Any], first: str = "Case") -> list[str]:
    """Models as a reader meets them: a section, then what it contains."""
    order: list[str] = []

    def visit(name: str) -> None:
        if name in order:
            return
        order.append(name)
        for following in _mentions(models[name]):
            visit(following)

    visit(first)
    return order


def _mentions(part: Any) -> list[str]:
    if isinstance(part, dict):
        found = [part["$ref"].rpartition("/")[2]] if "$ref" in part else []
        return found + [m for key, value in part.items() if key != "$defs" for m in _mentions(value)]
    if isinstance(part, list):
        return [m for value in part for m in _mentions(value)]
    return []


def _section(name: str, models: dict[str, Any]) -> str:
    model = models[name]
    text = model.get("description", "")
    if "anyOf" in model and "properties" not in model:
        model = next(m for m in model["anyOf"] if "properties" in m)
    keys = model["properties"]
    entry = all(k in keys for k in EVERYWHERE)
    required = set(model.get("required", ()))
    lines = [f"## {name}", "", _sentences(text) + (" *(entry)*" if entry else ""), ""]
    lines += ["| key | value | meaning |", "| --- | --- | --- |"]
    for key, value in keys.items():
        if entry and key in EVERYWHERE:
            continue
        meaning = _sentences(value.get("description", "")) or _meaning_of_its_model(value, models)
        default = value.get("default")
        if key in required:
            meaning = f"**Required.** {meaning}".strip()
        elif default not in (None, [], {}, "") and not isinstance(default, (list, dict)):
            meaning = f"{meaning} Default: `{_word(default)}`.".strip()
        lines.append(f"| `{key}` | {_kind(value)} | {meaning} |")
    return "\n".join([*lines, ""])


def _meaning_of_its_model(value: dict[str, Any], models: dict[str, Any]) -> str:
    """Say what a key holds in the words of the one section it leads to, where the key says nothing itself."""
    names = set(_mentions(value)) - {"Quantity", "Money"}
    return _sentences(models[names.pop()].get("description", "")) if len(names) == 1 else ""


def _sentences(text: str) -> str:
    return " ".join(text.replace("``", "`").replace("|", "\\|").split())


def _word(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value).lower()


def _kind(value: dict[str, Any]) -> str:
    if "$ref" in value:
        name = value["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    choices = value.get("anyOf") or value.get("oneOf")
    if choices:
        kinds = [_kind(c) for c in choices if c.get("type") != "null"]
        return " or ".join(dict.fromkeys(kinds))
    if "const" in value or "enum" in value:
        return ", ".join(f"`{word}`" for word in value.get("enum", [value.get("const")]))
    return _plain(value)


def _plain(value: dict[str, Any]) -> str:
    match value.get("type"):
        case "array":
            return f"list of {_kind(value['items'])}" if "items" in value else "list"
        case "object" if "patternProperties" in value:
            return f"{_kind(next(iter(value['patternProperties'].values())))} by id"
        case "object":
            return f"{_kind(value['additionalProperties'])} by year"
        case "string":
            return _text(value)
        case "boolean":
            return "true or false"
        case kind:
            whole = "year" if value.get("minimum") == FIRST_YEAR else "whole number" + _limits(value)
            return whole if kind == "integer" else "number" + _limits(value)


def _text(value: dict[str, Any]) -> str:
    if value.get("format") == "date":
        return "date"
    match value.get("pattern"):
        case "^[a-z0-9_]+$":
            return "id"
        case "^[A-Z]{3}$":
            return "currency code"
        case None:
            return "text"
        case pattern:
            return f"text like `{pattern}`".replace("|", "\\|")


def _limits(value: dict[str, Any]) -> str:
    low = value.get("minimum", value.get("exclusiveMinimum"))
    high = value.get("maximum", value.get("exclusiveMaximum"))
    match low, high:
        case None, None:
            return ""
        case _, None:
            return f" above {low:g}" if "exclusiveMinimum" in value else f" of at least {low:g}"
        case None, _:
            return f" up to {high:g}"
        case _:
            return f" from {low:g} to {high:g}"


def commands_page() -> str:
    """Return the page of the command line."""
    sections = [_command(c.callback) for c in cli.app.registered_commands if c.callback is not None]
    return "\n".join([COMMANDS_HEAD, *sections, COMMANDS_TAIL])


def _command(function: Any) -> str:
    hints = get_type_hints(function, include_extras=True)
    usage, rows = [f"interlocal {function.__name__.replace('_', '-')}"], []
    for name, parameter in inspect.signature(function).parameters.items():
        kind, info = get_args(hints[name])
        required = parameter.default is inspect.Parameter.empty
        if isinstance(info, ArgumentInfo):
            usage.append(name.upper() if required else f"[{name.upper()}]")
            shown = name.upper()
        else:
            shown = _flags(info) or f"--{name.replace('_', '-')}"
        rows.append(f"| `{shown}` | {info.help or ''}{_choices(kind)}{_default(parameter.default)} |")
    table = ["| argument or option | meaning |", "| --- | --- |", *rows, ""] if rows else []
    usage += ["[OPTIONS]"] if any("`--" in row for row in rows) else []
    return "\n".join([f"## `{' '.join(usage)}`", "", inspect.getdoc(function) or "", "", *table])


def _flags(option: OptionInfo) -> str:
    """Names an option was given; in an annotation typer keeps the first of them as its default."""
    names = [option.default, *(option.param_decls or ())]
    return ", ".join(n for n in names if isinstance(n, str) and n.startswith("-"))


def _choices(kind: Any) -> str:
    kinds = [k for k in (kind, *get_args(kind)) if isinstance(k, type) and issubclass(k, enum.Enum)]
    return "".join(f" One of {', '.join(f'`{choice.value}`' for choice in k)}." for k in kinds)


def _default(value: Any) -> str:
    if value is inspect.Parameter.empty or value is None or value is False:
        return ""
    return f" Default: `{value}`."


LESSONS_HEAD = """\
# The 42 lessons

This page is made from `reference/lessons.toml` by `scripts/reference_docs.py`; `interlocal lessons` prints the same. An
item is due from its gate on. A critical item that is due and weak, missing or unknown holds the case back. A threshold
whose source is `judgement` is ours and unmeasured.

**To override a threshold**, name it in the case with a reason. The finding and the report then say so; a name that is not
on this page is an error.

```yaml
thresholds:
  - {id: driver.leadership.window_months, value: 18, reason: Chiefs give long notice here}
```
"""


def lessons_page() -> str:
    """Return the page of the lessons: when each is due, its verdicts and thresholds, and the rules of the advice."""
    parts = [LESSONS_HEAD]
    for name in LISTS:
        parts += [f"## {name.capitalize()}", ""]
        for item in (i for i in items().values() if i.list == name):
            critical = f" Critical from `{item.critical_from}`." if item.critical_from else ""
            parts += [
                f"### `{item.id}`: {item.label}",
                "",
                f"{item.explanation} Due from `{item.gate}`, for `{item.audience}`.{critical}",
                "",
                "| verdict | when |",
                "| --- | --- |",
                *(f"| {verdict} | {when} |" for verdict, when in item.verdicts.items()),
                f"| unknown | Collect: {'; '.join(f'{s.text} ({s.who})' for s in item.collect)} |",
                "",
            ]
            if item.thresholds:
                parts += ["| threshold | value | source | meaning |", "| --- | --- | --- | --- |"]
                parts += [
                    f"| `{t.id}` | {t.value:g} {t.unit} | {t.source} | {t.meaning} |"
                    for t in item.thresholds.values()
                ]
                parts.append("")
    parts += [
        "## The advice",
        "",
        "The first rule that applies gives the advice; all that apply are printed.",
        "",
    ]
    parts += ["| advice | rule | limit | verdicts |", "| --- | --- | --- | --- |"]
    parts += [
        f"| {r.verdict} | {r.text} | {'' if r.limit is None else f'{r.limit:g}'} | {', '.join(r.bad)} |"
        for r in rules()
    ]
    return "\n".join(parts) + "\n"


def main() -> None:
    """Write what is made from the program, or say whether the pages are current."""
    pages = {
        "case.md": case_page(),
        "commands.md": commands_page(),
        "lessons.md": lessons_page(),
        "register.md": register_page(),
    }
    if "--check" in sys.argv[1:]:
        for name, text in pages.items():
            page = REFERENCE / name
            if not page.exists() or page.read_text(encoding="utf-8") != text:
                sys.exit(f"{name} is not current. Run: python scripts/reference_docs.py")
        return
    for name, text in pages.items():
        (REFERENCE / name).write_text(text, encoding="utf-8")
    EXAMPLE.write_text(
        study(parse_case(starter().encode(), "starter"), draws=200).to_json(), encoding="utf-8"
    )


if __name__ == "__main__":
    main()
