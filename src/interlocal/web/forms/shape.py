"""What a part of a case or an agreement is made of, read from the models' annotations: the one description forms are built from."""

from __future__ import annotations

import datetime as dt
import decimal
import re
import types
from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from interlocal.case.canonical import Document
from interlocal.case.document import Case
from interlocal.case.values import Entry, Quantity

Kind = Literal["text", "choice", "truth", "whole", "number", "day", "quantity", "words", "part", "rows", "table", "either"]  # fmt: skip
EXTRA = ("source", "visibility", "basis", "note")
"""What every entry may say about itself; shown folded away."""


@dataclass(frozen=True)
class Shape:
    """One field, or one part with fields."""

    kind: Kind
    name: str = ""
    label: str = ""
    help: str = ""
    required: bool = False
    default: Any = None
    choices: tuple[str, ...] = ()
    refers: str = ""
    """What the ids it holds are of: ``partners``, ``options``, …"""
    model: type[BaseModel] | None = None
    fields: tuple[Shape, ...] = ()
    """Of a part: its fields."""
    item: Shape | None = None
    """Of rows and tables: one entry."""
    key: Shape | None = None
    """Of a table: its keys."""
    variants: dict[str, Shape] = field(default_factory=dict)
    """Of an either: a part for each kind."""
    bare: bool = False
    """Of a part that may be left out: it may also be there with nothing in it but what is usual."""
    flat: bool = True
    """Of words: each is one id or number, not a list of them."""

    def field_of(self, name: str) -> Shape | None:
        """Return the field of this name."""
        return next((f for f in self.fields if f.name == name), None)


_PARTNERS = {"partner", "payer", "lead", "comes_from", "raised_by", "leaver", "names", "members", "adjacent", "endorsed_by", "binds", "attended", "agreed_by", "standing_in", "possible_leads", "feasible_groups", "organisation", "kept_by"}  # fmt: skip
_PARTNER_KEYS = {"baseline", "worth", "floors", "caps", "votes", "tiers", "amounts", "rebuild_cost", "shares", "role_discounts", "frozen_parts", "before", "by_member"}  # fmt: skip
_OF = {"option": "options", "proposed": "options", "escalator": "escalators", "default_escalator": "escalators", "comparable": "comparables", "scale": "scales", "posts": "posts", "model": "models", "form": "models", "driver": "measures", "measure": "measures", "by": "measures", "use_by": "measures", "readiness_by": "measures", "deal_breakers": "goals", "recommendation": "recommendations", "takes": "menu", "item": "menu", "milestone": "milestones"}  # fmt: skip
_LABELS = {"as_of": "As of", "id": "Short id", "p_saves": "Chance", "npv": "Net present value", "true_up": "True-up", "in_kind": "In kind", "buy_in": "Buy-in", "phase_in": "Phase-in", "on": "Date", "by": "By whom", "uplift": "Kind of optimism", "source": "Where it comes from", "visibility": "Who may see it", "basis": "Fact, estimate or assumption"}  # fmt: skip


def label(name: str) -> str:
    """Return a field's name as people read it."""
    return _LABELS.get(name) or name.replace("_", " ").capitalize()


def shape_of(model: type[BaseModel]) -> Shape:
    """Return the shape of any model."""
    return _part(model)


@cache
def _part(model: type[BaseModel]) -> Shape:
    made = tuple(
        _shape(info.annotation, name, info, model)
        for name, info in model.model_fields.items()
        if not (issubclass(model, Document) and name == "format")
        and not (name == "kind" and len(_literals(info.annotation)) == 1)
    )
    return Shape("part", model=model, fields=made, help=_clean((model.__doc__ or "").split("\n\n")[0]))


def _shape(annotation: Any, name: str, info: FieldInfo | None, owner: type[BaseModel] | None = None) -> Shape:
    marked = _marked(annotation, info)
    annotation, optional = _bare(annotation)
    about: dict[str, Any] = {
        "name": name,
        "label": label(name)
        if name not in EXTRA or (owner and issubclass(owner, Entry))
        else name.capitalize(),
        "help": _clean(info.description or "") if info else "",
        "required": bool(info and info.is_required()) and not optional,
        "default": None if info is None or info.is_required() else info.default,
    }
    refers = _refers(name, owner) or marked
    if refers == "services":
        about |= {"label": "Service", "help": "The nearest of the catalogue; say below what differs."}
    if (options := _literals(annotation)) and all(isinstance(o, str) for o in options):
        return Shape("choice", choices=options, **about)
    if options:
        # Numbers to choose from; who reads the form turns them back.
        return Shape("choice", choices=tuple(map(str, options)), **about | {"default": str(about["default"])})
    if isinstance(annotation, type):
        if issubclass(annotation, Quantity):
            return Shape("quantity", model=annotation, **about)
        if issubclass(annotation, BaseModel):
            return _named(_part(annotation), about, optional=optional)
        simple: dict[type, Kind] = {
            bool: "truth",
            int: "whole",
            float: "number",
            decimal.Decimal: "number",
            dt.date: "day",
            str: "text",
        }
        return Shape(simple.get(annotation, "text"), refers=refers if annotation is str else "", **about)
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is tuple:
        one, _ = _bare(inner[0])
        if isinstance(one, type) and issubclass(one, BaseModel) and not issubclass(one, Quantity):
            return Shape("rows", item=_part(one), **about)
        if isinstance(one, type) and issubclass(one, Quantity):
            return Shape("words", item=Shape("quantity", model=one), **about)
        nested = get_origin(one) is tuple
        return Shape("words", item=_shape(one if not nested else str, name, None, owner), refers=refers, flat=not nested, **about)  # fmt: skip
    if origin is dict:
        key = Shape("whole" if _bare(inner[0])[0] is int else "text", "key", refers="partners" if name in _PARTNER_KEYS else "")  # fmt: skip
        # Values by driver are, within each, values by member.
        within = "by_member" if get_origin(_bare(inner[1])[0]) is dict else "value"
        return Shape("table", key=key, item=_shape(inner[1], within, None, owner), **about)
    models = [m for m in (_bare(i)[0] for i in inner) if isinstance(m, type) and issubclass(m, BaseModel)]
    if models and all(issubclass(m, Quantity) for m in models):
        return Shape("quantity", model=models[0], **about)
    if models and all("kind" not in m.model_fields for m in models):
        return _named(_part(models[0]), about, optional=optional)
    if any(get_origin(i) is dict for i in inner):
        return _shape(next(i for i in inner if get_origin(i) is dict), name, info, owner)
    if not models:
        return Shape("text", refers=refers, **about)
    variants = {kind: _part(m) for m in models for kind in _literals(m.model_fields["kind"].annotation)}
    return Shape("either", variants=variants, **about)


def _named(part: Shape, about: dict[str, Any], *, optional: bool) -> Shape:
    bare = optional and not any(f.required for f in part.fields)
    return Shape("part", model=part.model, fields=part.fields, bare=bare, **about | {"help": about["help"] or part.help})  # fmt: skip


def _refers(name: str, owner: type[BaseModel] | None) -> str:
    title = owner.__name__ if owner else ""
    if name == "catalogue":
        return "services"
    if title == "Partnership":
        return {"service": "services"}.get(name) or _OF.get(name, "partners" if name == "lead" else "")
    if title == "Party" and name == "organisation":
        return "organisations"
    if title == "ServiceScope" and name == "id":
        return "services"
    if title == "Consent" and name == "about":
        return "options"
    if title in {"Comparable", "SurveyCell"} and name in {"members", "about"}:
        return "partners" if name == "about" else ""
    if title in {"Expectation", "Promise", "PreferredBeforeStudy", "DriverClaim"} and name == "by":
        return ""
    return "partners" if name in _PARTNERS else _OF.get(name, "")


def _marked(annotation: Any, info: FieldInfo | None) -> str:
    """Return what a field's model says that its words refer to: the columns of a table, say."""
    parts = [info, *(a for i in (annotation, *get_args(annotation)) for a in getattr(i, "__metadata__", ()))]
    extras = (getattr(part, "json_schema_extra", None) for part in parts)
    return next((str(e["refers"]) for e in extras if isinstance(e, dict) and "refers" in e), "")


def _bare(annotation: Any) -> tuple[Any, bool]:
    """Return an annotation without Annotated and None, and whether it may be None."""
    optional = False
    while True:
        if get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
        elif get_origin(annotation) in {Union, types.UnionType} and type(None) in get_args(annotation):
            rest = tuple(a for a in get_args(annotation) if a is not type(None))
            annotation, optional = (rest[0] if len(rest) == 1 else Union[rest]), True  # noqa: UP007
        else:
            return annotation, optional


def _literals(annotation: Any) -> tuple[Any, ...]:
    bare, _ = _bare(annotation)
    return get_args(bare) if get_origin(bare) is Literal else ()


def _clean(text: str) -> str:
    return re.sub(r"``?", "", " ".join(text.split()))


def at(path: str, root: type[Document] = Case) -> Shape | None:
    """Return the shape at a place of a document, such as ``options/0/lines``; None where there is none."""
    found: Shape | None = _part(root)
    for step in filter(None, path.split("/")):
        if found is None:
            return None
        if found.kind == "rows":
            found = found.item if step.isdecimal() else None
        elif found.kind == "part":
            found = found.field_of(step)
        else:
            return None
    return found
