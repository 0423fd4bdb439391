"""What each partner gains, in the measure that a resident feels: money a year for each household."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from interlocal.blocks import Picture
from interlocal.report import charts, words
from interlocal.report.language import _
from interlocal.report.words import Document


def per_household(document: Document, option: str, key: str = "gains") -> Picture:
    """Draw what each partner saves a year for each household, with its range [currency/year].

    Where households are not known for every partner it is for each resident; where these are not either, the whole
    saving of each partner. A range is spread over the years as the mean is: by the same annuity factor.
    """
    money = document["questions"]["money"]
    answer, currency = money["options"][option], money["currency"]
    found = answer["pool"]["partners"]
    known = document["case"]["partners"]
    counted = next(
        (m for m in ("households", "population") if all(known.get(p, {}).get(m) for p in found)), None
    )
    years = _years(answer)
    if counted is None or years is None:
        return charts.gains(document, option, key)
    rows = []
    for p, n in found.items():
        low, middle, high = (n["npv"][k] / years / known[p][counted] for k in ("p10", "p50", "p90"))
        said = words.money(middle, currency)
        says = _("middle {amount}, {chance} to save").format(amount=said, chance=words.chance(n["p_saves"]))
        rows.append(charts.Range(words.partner_name(document, p), low, middle, high, said, says))
    title = (
        f"Saving a year for each household, by partner ({currency})"
        if counted == "households"
        else f"Saving a year for each resident, by partner ({currency}; households are not known)"
    )
    return charts.ranges(rows, key, title, currency)


def _years(answer: Mapping[str, Any]) -> float | None:
    """Return the years' worth of equal yearly amounts in the present value; None where no amount tells it."""
    pairs = [
        (answer["pool"]["total"]["npv"]["mean"], answer["per_year"]["total"]["amount"]),
        *((n["npv"]["mean"], answer["per_year"]["partners"].get(p, {}).get("amount")) for p, n in answer["pool"]["partners"].items()),
    ]  # fmt: skip
    worth, amount = max(pairs, key=lambda pair: abs(pair[1] or 0.0))
    return worth / amount if amount else None
