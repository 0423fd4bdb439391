"""What templates say in the voice of the report."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from interlocal.case.document import Case
from interlocal.report import words
from interlocal.web import guide, kinds, results
from interlocal.web.models import CaseRecord, StudyRun
from interlocal.web.policies import Access

register = template.Library()
register.filter("chance", words.chance)
register.filter("percent", words.percent)
register.filter("count", words.count)


@register.filter
def item(mapping: Any, key: Any) -> Any:
    """Return what a mapping holds under a key."""
    return mapping.get(key)


@register.filter
def amount(value: float) -> str:
    """Return an amount in whole units with thousands."""
    return f"{value:,.0f}"


@register.filter
def near(value: float) -> str:
    """Return an amount to three figures, for what is estimated."""
    return f"{words.rounded(value, 3):,.0f}".replace("-", words.MINUS)


@register.filter
def cents(whole: int) -> str:
    """Return whole cents as an amount to the cent."""
    return f"{whole / 100:,.2f}".replace("-", "−")


@register.filter
def less(value: int) -> int:
    """Return a number with its sign turned."""
    return -value


@register.filter
def figure(value: float) -> str:
    """Return a number as it stands in a table: whole where it is."""
    return f"{value:,.6g}"


@register.filter
def to_the_cent(value: float) -> str:
    """Return an amount with its cents."""
    return f"{value:+,.2f}"


@register.filter
def hundredths(share: float) -> str:
    """Return a share in percent with two places."""
    return f"{100 * share:.2f}"


@register.filter
def at_most(value: int, most: int) -> int:
    """Return the smaller of two."""
    return min(value, most)


@register.filter
def place(position: int, region: Any) -> str:
    """Return the name of a place of a region."""
    return str(region.names[position])


@register.filter
def ended(text: str) -> str:
    """Return a text with a full stop, where it has none of its own."""
    return text if text.rstrip().endswith((".", "!", "?")) else f"{text.rstrip()}."


@register.filter
def lower_first(text: str) -> str:
    """Return a label of ours as it stands within a sentence."""
    return text[:1].lower() + text[1:] if text.startswith("Revision ") else text


@register.filter
def path_steps(record: CaseRecord) -> guide.Path:
    """Return the steps of the guided path, for the side of every page of a case or an agreement."""
    return kinds.of(record).path


@register.filter
def standing(access: Access) -> list[tuple[guide.Step, guide.State, list[guide.Standing]]]:
    """Return the steps of the guided path with how each stands, for the side of every page of a case."""
    return kinds.steps(access)


@register.filter
def gate(run: StudyRun) -> str:
    """Return the gate at which a run found its case."""
    return str(run.revision.data.get("gate", Case.model_fields["gate"].default))


@register.filter
def due_screens(run: StudyRun) -> tuple[dict[str, str], dict[str, str]]:
    """Return the screens of a run that are due at its gate, and those that are due later."""
    return results.by_gate(gate(run))


@register.filter
def base_of(access: Access) -> str:
    """Return the template that pages of this kind of document extend."""
    return kinds.of(access.case).base


register.simple_tag(kinds.address)


@register.filter
def spoken(name: str) -> str:
    """Return a name with underscores as words."""
    return str(name).replace("_", " ")


@register.filter
def ours(html: str) -> SafeString:
    """Mark a fragment as safe that our own renderer made and escaped; never what a person wrote."""
    return mark_safe(html)  # noqa: S308 - rendered with autoescape by the report
