"""The words every section of a case is written in: ids, entries with a source, quantities and money."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    StringConstraints,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

from interlocal.numerics.distributions import (
    Discrete,
    Distribution,
    Empirical,
    Fixed,
    Lognormal,
    Normal,
    Percentiles,
    Pert,
    Triangular,
)

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+$", min_length=1, max_length=64)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Year = Annotated[int, Field(ge=1900, le=2200)]
Month = Annotated[int, Field(ge=1, le=12)]
Share = Annotated[float, Field(ge=0, le=1)]
Visibility = Literal["facilitator", "partners", "public"]
Basis = Literal["fact", "estimate", "assumption"]
_FIRST, _LAST = dt.date(1900, 1, 1), dt.date(2200, 12, 31)
Day = Annotated[dt.date, Field(ge=_FIRST, le=_LAST)]
"""A day within the years that a case knows; one outside is a slip of the pen, such as 0202 for 2026."""


def as_day(text: str) -> dt.date | None:
    """Return the day that a text says; None where it says none, or one outside of the years that a case knows."""
    try:
        day = dt.date.fromisoformat(text.strip())
    except ValueError:
        return None
    return day if _FIRST <= day <= _LAST else None


class Frozen(BaseModel):
    """A part of a case: it cannot be changed, and a key nobody knows is an error."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        use_attribute_docstrings=True,
        allow_inf_nan=False,
        validate_default=False,
    )

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy with other values, and without what was worked out from those before."""
        copied = super().model_copy(update=update, deep=deep)
        if update:
            for name in copied.__dict__.keys() - type(self).model_fields:
                del copied.__dict__[name]
        return copied


class Entry(Frozen):
    """Anything that somebody told us: it can say where it comes from and who may see it."""

    source: Text | None = None
    """Where this comes from: a document, a table, a person's office, an address."""
    visibility: Visibility = "partners"
    """Who may see it: only the facilitator, the partners, or the public."""
    basis: Basis | None = None
    """Whether this is a recorded fact, somebody's estimate, or an assumption made for the design."""
    note: Text | None = None


_SHAPES: dict[str, frozenset[str]] = {
    "fixed": frozenset({"value"}),
    "range": frozenset({"low", "likely", "high"}),
    "percentiles": frozenset({"p10", "p50", "p90"}),
    "moments": frozenset({"mean", "sd"}),
    "discrete": frozenset({"values", "probabilities"}),
    "empirical": frozenset({"values"}),
}


class Quantity(Entry):
    """A number, or how far it could lie either way, with its unit.

    Write a plain number, or one of: ``value``; ``low``, ``likely``, ``high`` (PERT, or triangular when ``shape``
    says so); ``p10``, ``p50``, ``p90``; ``mean`` and ``sd`` (normal, or lognormal when ``shape`` says so);
    ``values`` with ``probabilities``; ``values`` alone (as observed).
    """

    value: float | None = None
    """The number itself, when it is known."""
    low: float | None = None
    """Lowest believable value."""
    likely: float | None = None
    """Most likely value."""
    high: float | None = None
    """Highest believable value."""
    p10: float | None = None
    """Value undercut 1 time in 10."""
    p50: float | None = None
    """Value undercut 1 time in 2."""
    p90: float | None = None
    """Value undercut 9 times in 10."""
    mean: float | None = None
    sd: Annotated[float, Field(ge=0)] | None = None
    """Standard deviation."""
    values: tuple[float, ...] | None = None
    """Possible or observed values."""
    probabilities: tuple[Annotated[float, Field(ge=0, le=1)], ...] | None = None
    """Probability of each of ``values``; they sum to 1."""
    shape: Literal["pert", "triangular", "normal", "lognormal"] | None = None
    """How values spread between the given points; PERT and normal unless said otherwise."""
    group: Slug | None = None
    """Name of the group of inputs this one moves with; see ``correlations``."""
    unit: Text | None = None

    @model_validator(mode="before")
    @classmethod
    def _accept_plain_number(cls, data: Any) -> Any:
        if isinstance(data, (int, float)) and not isinstance(data, bool):
            return {"value": data}
        return data

    @model_validator(mode="after")
    def _has_one_shape(self) -> Self:
        given = {k for keys in _SHAPES.values() for k in keys if getattr(self, k) is not None}
        if given not in _SHAPES.values():
            raise PydanticCustomError(
                "quantity_shape",
                "a number, or one of: value; low, likely, high; p10, p50, p90; mean, sd; values, probabilities; values",
                {"found": ", ".join(sorted(given)) or "no number at all"},
            )
        self._check_order()
        self._check_shape_word(given)
        return self

    def _check_order(self) -> None:
        for names in (("low", "likely", "high"), ("p10", "p50", "p90")):
            numbers = [getattr(self, n) for n in names]
            if numbers[0] is not None and not numbers[0] <= numbers[1] <= numbers[2]:
                found = ", ".join(f"{n} {x:g}" for n, x in zip(names, numbers, strict=True))
                raise PydanticCustomError("quantity_order", " ≤ ".join(names), {"found": found})
        if self.values is not None and not self.values:
            raise PydanticCustomError("quantity_values", "at least one value", {"found": "an empty list"})
        if self.values is not None and self.probabilities is not None:
            if len(self.values) != len(self.probabilities):
                raise PydanticCustomError(
                    "quantity_values",
                    "as many probabilities as values",
                    {"found": f"{len(self.values)} values and {len(self.probabilities)} probabilities"},
                )
            if abs(sum(self.probabilities) - 1) > 1e-6:
                raise PydanticCustomError(
                    "quantity_values",
                    "probabilities that sum to 1",
                    {"found": f"a sum of {sum(self.probabilities):g}"},
                )

    def _check_shape_word(self, given: set[str]) -> None:
        fits = {"low": {"pert", "triangular"}, "mean": {"normal", "lognormal"}}
        allowed = next((words for key, words in fits.items() if key in given), set())
        if self.shape is not None and self.shape not in allowed:
            raise PydanticCustomError(
                "quantity_shape",
                "pert or triangular with low, likely, high; normal or lognormal with mean, sd",
                {"found": f"shape {self.shape} with {', '.join(sorted(given))}"},
            )
        if self.shape == "lognormal" and self.mean is not None and self.mean <= 0:
            raise PydanticCustomError("quantity_shape", "a mean above 0", {"found": f"mean {self.mean:g}"})

    @cached_property
    def distribution(self) -> Distribution:
        """The quantity as something that can be drawn from, in its own unit."""
        match self:
            case Quantity(value=float(v)):
                return Fixed(v)
            case Quantity(low=float(a), likely=float(m), high=float(b)):
                return (Triangular if self.shape == "triangular" else Pert)(a, m, b)
            case Quantity(p10=float(a), p50=float(m), p90=float(b)):
                return Percentiles(a, m, b)
            case Quantity(mean=float(m), sd=float(s)):
                return Lognormal.from_mean_sd(m, s) if self.shape == "lognormal" else Normal(m, s)
            case Quantity(values=tuple(xs), probabilities=tuple(ps)):
                return Discrete(xs, ps)
            case _:
                return Empirical(self.values or ())

    @property
    def is_uncertain(self) -> bool:
        """Whether draws of it differ."""
        return not self.distribution.is_fixed

    @property
    def central(self) -> float:
        """Its median, which the central path uses."""
        return self.distribution.median()

    def numbers(self) -> Iterator[float]:
        """Every number the author wrote, for checks of sign and size."""
        for name in ("value", "low", "likely", "high", "p10", "p50", "p90", "mean"):
            number = getattr(self, name)
            if number is not None:
                yield number
        yield from self.values or ()

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        schema = handler.resolve_ref_schema(handler(core))
        return {"anyOf": [{"type": "number"}, schema], "description": schema.get("description", "")}


class Money(Quantity):
    """An amount with its currency and the year whose prices it is in; the case's own where not said."""

    currency: Currency | None = None
    year: Year | None = None
    """Year of the prices the amount is in."""
