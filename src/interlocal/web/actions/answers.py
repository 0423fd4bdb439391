"""Raw answers: the one module that writes and reads them. They come in by a link and leave as suppressed counts alone."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import Count, F
from django.utils import timezone

from interlocal.case.deciding import SurveyCell, SurveyWave
from interlocal.consensus.aggregates import Aggregate, Withheld
from interlocal.consensus.suppression import Answer, Key, publish
from interlocal.problems import InputError, Problem
from interlocal.web import kinds
from interlocal.web.actions.audit import note
from interlocal.web.actions.cases import save_case
from interlocal.web.models import CaseRecord, Person, Revision, Survey, SurveyClosing, SurveyLink
from interlocal.web.models.surveys import SurveyAnswer, new_place
from interlocal.web.surveyed import surveyed, with_wave

# Who rates whom is what a survey of trust is for; the others ask first what a group sees, then where.
_BY: dict[str, tuple[Key, ...]] = {"trust": ("partner", "about")}
_BY_OTHERS: tuple[Key, ...] = ("group", "partner")
_FEW = "Fewer people answered than may be shown"
_WHY = {
    "few": _FEW,
    "alike": "The answers are so alike that one would give away others",
    "waves": "Shown beside an earlier wave, they would single people out",
}


class LinkOver(Exception):  # noqa: N818 - what happened, and nobody's error
    """The link is not, not yet or no longer good for an answer; which of these is not told."""


def open_link(token: str) -> SurveyLink:
    """Return what a token opens; looking uses nothing up.

    Raises
    ------
    LinkOver
        Where it was used in this wave, is unknown, or no wave runs.
    """
    digest = SurveyLink.digest(token)
    link = SurveyLink.objects.select_related("survey__case__organisation").filter(token_sha256=digest).first()  # fmt: skip
    if link is None or not link.survey.takes_answers or link.answered >= link.survey.wave:
        raise LinkOver
    return link


@transaction.atomic
def submit(*, token: str, answers: Mapping[tuple[str, str], int]) -> None:
    """Keep a rater's answers, by (statement, partner rated or ""), and use the link up. No time is kept.

    Raises
    ------
    LinkOver
        Where the link is over, also where it was used a moment ago.
    """
    link = open_link(token)
    survey = Survey.objects.select_for_update().get(pk=link.survey_id)
    fresh = survey.links.filter(pk=link.pk, answered__lt=survey.wave)
    if not survey.takes_answers or not fresh.update(answered=survey.wave):
        raise LinkOver
    rater = survey.rater(token)
    SurveyAnswer.objects.bulk_create(
        SurveyAnswer(
            id=new_place(), survey=survey, wave=survey.wave, rater=rater, partner=link.partner,
            group=link.group, statement=statement, about=about, level=level,
        )
        for (statement, about), level in answers.items()
    )  # fmt: skip


@transaction.atomic
def close_wave(*, survey: Survey, by: Person) -> Revision:
    """Freeze what may be shown of the wave into a revision of the case or agreement, and take answers no more.

    Raises
    ------
    InputError
        Where no wave runs, or the document cannot take the wave in.
    """
    held = Survey.objects.select_for_update().get(pk=survey.pk)
    if held.until is None:
        raise InputError(Problem("", str(held), "no open wave", "a wave that runs", "Open a wave first."))
    record = CaseRecord.of_any_kind.select_for_update().get(pk=held.case_id)
    if held.cut is None:
        held.cut, held.first_panel = held.smallest_group, _free_panel(record, held)
    on = timezone.now().date()
    wave = SurveyWave(
        id=_free_id(record, held),
        kind=held.kind,
        closed_on=on,
        smallest_group=held.smallest_group,
        cells=tuple(_cells(held)),
    )
    about = f"Survey closed: {str(held).lower()}, wave {held.wave}"
    document = kinds.of(record).checked(with_wave(record, wave), about)
    revision = save_case(record=record, case=document, base=record.latest, by=by, about=about)
    _forget_order(held)
    held.until = None
    held.save(update_fields=["until", "cut", "first_panel"])
    SurveyClosing.objects.create(survey=held, wave=held.wave, on=on, revision=revision)
    note(person=by, did="survey.wave_closed", about=f"{held.kind}, wave {held.wave}", case=record)
    return revision


@transaction.atomic
def end_survey(*, survey: Survey, by: Person) -> None:
    """Destroy every raw answer, every link and the secret between them. What was published stays.

    Raises
    ------
    InputError
        Where a wave still runs.
    """
    held = Survey.objects.select_for_update().get(pk=survey.pk)
    if held.until is not None:
        raise InputError(Problem("", str(held), "a wave that runs", "no open wave", "Close the wave first: its answers would be lost unseen."))  # fmt: skip
    SurveyAnswer.objects.filter(survey=held).delete()
    held.links.all().delete()
    held.secret, held.ended = "", True
    held.save(update_fields=["secret", "ended"])
    note(person=by, did="survey.ended", about=held.kind, case=held.case)


def _cells(survey: Survey) -> list[SurveyCell]:
    """Return what may be shown of the wave that runs, and what is withheld with its reason."""
    links = survey.links.order_by("partner", "group")
    invited = {(survey.wave, c["partner"], c["group"]): c["n"] for c in links.values("partner", "group").annotate(n=Count("pk"))}  # fmt: skip
    published = publish(
        _answers(survey), invited, by=_BY.get(survey.kind, _BY_OTHERS), threshold=survey.cut or survey.smallest_group
    )  # fmt: skip
    cells = []
    for shown in published.aggregates:
        if shown.wave == survey.wave:
            enough = shown.raters >= survey.smallest_group
            more = (
                {"panel": survey.first_panel + shown.panel, "counts": shown.counts}
                if enough
                else {"withheld": _FEW}
            )
            cells.append(_cell(survey, shown, shown.invited, more))
    cells += [
        _cell(survey, hidden, hidden.invited, {"withheld": _WHY[hidden.why]})
        for hidden in published.withheld
        if hidden.wave == survey.wave
    ]
    silent = [s for s in survey.statements if s not in {c.statement for c in cells}]
    asked = sum(invited.values())
    cells += [SurveyCell(statement=s, invited=asked, withheld=_FEW) for s in silent]
    return cells


def _cell(survey: Survey, of: Aggregate | Withheld, invited: int, more: Mapping[str, object]) -> SurveyCell:
    def only(names: Sequence[str]) -> str | None:
        return names[0] if len(names) == 1 else None

    partner, about = only(of.partners), only(of.about)
    return SurveyCell.model_validate(
        {
            "statement": of.statement,
            "partner": partner,
            "group": only(of.groups),
            "about": about,
            "invited": invited,
            # What one partner thinks of another is for the facilitator, who can speak with both.
            "visibility": "facilitator" if survey.kind == "trust" and partner else "partners",
            **more,
        }
    )


def _answers(survey: Survey) -> list[Answer]:
    fields = ("rater", "partner", "group", "statement", "level", "wave", "about")
    rows = SurveyAnswer.objects.filter(survey=survey).values_list(*fields)
    return [Answer(*row) for row in rows]


def _forget_order(survey: Survey) -> None:
    """Write answers and links anew in one go: a database that numbers its transactions then tells nothing of pairs."""
    rows = list(SurveyAnswer.objects.filter(survey=survey, wave=survey.wave))
    SurveyAnswer.objects.filter(survey=survey, wave=survey.wave).delete()
    for row in rows:
        row.pk = new_place()
    random.SystemRandom().shuffle(rows)
    SurveyAnswer.objects.bulk_create(rows)
    survey.links.update(answered=F("answered"))


def _free_panel(record: CaseRecord, survey: Survey) -> int:
    """Return a number above the panels of all waves of this kind that were put on record without this survey."""
    known = (w.cells for w in surveyed(record).waves if w.kind == survey.kind)
    return 1 + max((c.panel for cells in known for c in cells if c.panel is not None), default=-1)


def _free_id(record: CaseRecord, survey: Survey) -> str:
    """Return ``kind_wave``, or the next number that no wave on record has."""
    taken = {wave.id for wave in surveyed(record).waves}
    number = survey.wave
    while f"{survey.kind}_{number}" in taken:
        number += 1
    return f"{survey.kind}_{number}"
