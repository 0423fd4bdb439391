"""Residents' comments: take one in, decide on it by the published rules, answer it. Every decision is written down."""

from __future__ import annotations

import re
import unicodedata

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from interlocal.problems import InputError, Problem
from interlocal.report.public_words import LONGEST, LONGEST_NAME, SHORTEST, rules
from interlocal.web.actions.audit import note
from interlocal.web.models import Answer, ModerationEvent, Person, Publication, ResidentComment

SHOWN, NOT_SHOWN = str(ResidentComment.State.SHOWN), str(ResidentComment.State.NOT_SHOWN)
LONGEST_SENTENCE = 1_000
MOST_WAITING, MOST = 500, 20_000
"""Comments of a page that wait to be read, and all of them: a flood fills neither the database nor anybody's day."""


def faults(*, text: str, name: str) -> list[str]:
    """Return the names of what is wrong with a comment, as ``public_words.problem`` has them."""
    said, found = cleaned(text), []
    if not said:
        found.append("empty")
    elif len(said) < SHORTEST:
        found.append("short")
    elif len(said) > LONGEST:
        found.append("long")
    return [*found, "name"] if len(cleaned(name)) > LONGEST_NAME else found


def is_full(publication: Publication) -> bool:
    """Whether a page takes no further comment until some were read."""
    waiting = publication.comments.filter(state=ResidentComment.State.WAITING).count()
    return waiting >= MOST_WAITING or publication.comments.count() >= MOST


def cleaned(text: str) -> str:
    """Return a text without what no reader sees: control characters, and marks that turn the direction of writing."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    seen = "".join(c for c in lines if c == "\n" or unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn"} or c == "\u200d")  # fmt: skip
    return re.sub(r"\n{3,}", "\n\n", seen).strip()


def unsaid(place: str, where: str, given: str, reader: str = "the log") -> list[Problem]:
    """Return what is wrong with a sentence that has to be given, with its reader in words."""
    said = cleaned(given)
    if not said:
        return [Problem(place, where, "nothing", f"a sentence for {reader}", "Say it in a sentence.")]
    if len(said) > LONGEST_SENTENCE:
        return [Problem(place, where, f"{len(said):,} characters", f"at most {LONGEST_SENTENCE:,}", "Shorten it.")]  # fmt: skip
    return []


@transaction.atomic
def comment(*, publication: Publication, text: str, name: str, language: str) -> ResidentComment:
    """Take in a resident's comment, which waits to be read. Of its sender nothing is kept but the name given."""
    held = Publication.objects.select_for_update().get(pk=publication.pk)
    last = held.comments.aggregate(n=Max("number"))["n"] or 0
    return ResidentComment.objects.create(
        publication=held,
        number=last + 1,
        text=text,
        name=name,
        language=language,
        on=timezone.now().date(),
    )


@transaction.atomic
def decide(*, comment: ResidentComment, seen: str, state: str, rule: str, why: str, by: Person) -> None:
    """Show a comment, or do not, or let it wait again.

    Parameters
    ----------
    seen
        The state it was in when the person looked at it; so two people cannot decide over each other unawares.
    rule
        Which of the published rules it breaks, where it is not shown.

    Raises
    ------
    InputError
        Where the rule or the reason is missing, or somebody decided in between.
    """
    held = ResidentComment.objects.select_for_update().get(pk=comment.pk)
    place, problems = f"comment-{held.number}", []
    if held.state != seen:
        problems.append(Problem(place, f"Comment {held.number}", f"decided in between: {held.get_state_display().lower()}", "the comment as you saw it", "Look at it again."))  # fmt: skip
    if state not in ResidentComment.State.values or state == held.state:
        problems.append(Problem(place, f"Comment {held.number}", state[:20] or "no decision", "another state than it has", "Choose what is to happen with it."))  # fmt: skip
    if state == NOT_SHOWN and rule not in rules():
        problems.append(Problem(f"rule-{held.number}", f"Rule, comment {held.number}", rule[:20] or "none", "one of the published rules", "Choose the rule it breaks. Where none fits, show it."))  # fmt: skip
    if state != SHOWN:
        problems += unsaid(f"why-{held.number}", f"Reason, comment {held.number}", why)
    if problems:
        raise InputError(problems)
    held.state, held.rule = state, rule if state == NOT_SHOWN else ""
    held.save(update_fields=["state", "rule"])
    _log(held, by, state, rule=held.rule, why=why)


@transaction.atomic
def answer(*, comment: ResidentComment, text: str, speaker: str, by: Person) -> Answer:
    """Answer a comment that is shown; the answer stands beneath it at once.

    Raises
    ------
    InputError
        Where there are no words, too many, or the comment is not shown.
    """
    held = ResidentComment.objects.select_for_update().get(pk=comment.pk)
    place, said = f"answer-{held.number}", cleaned(text)
    if held.state != SHOWN:
        raise InputError(Problem(place, f"Comment {held.number}", "a comment that is not shown", "one that is shown", "Show it first."))  # fmt: skip
    if not said or len(said) > LONGEST:
        found = f"{len(said):,} characters" if said else "nothing"
        raise InputError(Problem(place, f"Answer to comment {held.number}", found, f"1 to {LONGEST:,} characters", "Write what residents are to read."))  # fmt: skip
    made = Answer.objects.create(comment=held, text=said, speaker=speaker, by=by)
    _log(held, by, "answered")
    return made


@transaction.atomic
def take_back(*, answer: Answer, why: str, by: Person) -> None:
    """Take an answer back; the page says that there was one.

    Raises
    ------
    InputError
        Where no reason is given.
    """
    number = answer.comment.number
    if problems := unsaid(f"back-{answer.pk}", f"Reason, answer to comment {number}", why):
        raise InputError(problems)
    if Answer.objects.filter(pk=answer.pk, taken_back_at=None).update(taken_back_at=timezone.now()):
        _log(answer.comment, by, "answer_taken_back", why=why)


def _log(comment: ResidentComment, by: Person, did: str, rule: str = "", why: str = "") -> None:
    ModerationEvent.objects.create(comment=comment, did=did, rule=rule, why=cleaned(why), by=by)
    about = f"comment {comment.number}{f', {rule}' if rule else ''}"
    note(person=by, did=f"comment.{did}", about=about, case=comment.publication.case)
