"""Write a case out again as text, so that what is read back is the same case to the last digit."""

from __future__ import annotations

import json
import re
from typing import Any

import yaml

from interlocal.case.canonical import Document
from interlocal.case.text import scalar

_NOT_IN_YAML = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


class _Dumper(yaml.SafeDumper):
    """Quotes exactly the words that our reader would take for something else than text."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - PyYAML asks for each value
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = None if isinstance(scalar(text), str) and text.isprintable() else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)
_Dumper.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeDumper.yaml_implicit_resolvers.items()
}


def document_of(held: Document) -> dict[str, Any]:
    """Return a document as plain data in its short form: defaults left out, plain numbers where nothing else is said."""
    document = {"format": held.format, **held.model_dump(mode="json", exclude_defaults=True)}
    return {key: short(value) for key, value in document.items()}


def short(value: Any) -> Any:
    """Return plain data with quantities and fixed costs in the short form that the reader accepts."""
    if isinstance(value, list):
        return [short(v) for v in value]
    if not isinstance(value, dict):
        return int(value) if isinstance(value, float) and value.is_integer() else value
    if value.keys() == {"value"}:
        return short(value["value"])
    behaviour = value.get("behaviour")
    if isinstance(behaviour, dict) and behaviour.get("kind") == "fixed":
        return {
            ("amount" if k == "behaviour" else k): short(v["amount"] if k == "behaviour" else v)
            for k, v in value.items()
        }
    return {k: short(v) for k, v in value.items()}


def to_yaml(held: Document) -> str:
    """Return a document as YAML."""
    return yaml_of(document_of(held))


def yaml_of(document: Any) -> str:
    """Return plain data as YAML that our reader reads back as the same."""
    return yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)


def to_json(held: Document) -> str:
    """Return a document as JSON."""
    text = json.dumps(document_of(held), ensure_ascii=False, indent=1) + "\n"
    return _NOT_IN_YAML.sub(lambda c: f"\\u{ord(c[0]):04x}", text)


def in_one_line(value: list[Any]) -> str:
    """Return a list as a cell holds it: YAML between brackets, the outer ones left out."""
    text = yaml.dump(value, Dumper=_Dumper, default_flow_style=True, allow_unicode=True, width=10**9)
    return text.strip()[1:-1] or "[]"
