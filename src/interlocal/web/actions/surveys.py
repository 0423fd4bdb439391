"""Surveys as the facilitator runs them: begin, open a wave, hand out links, remind, end. Nothing here sees an answer."""

from __future__ import annotations

import datetime as dt
import random
import secrets
from collections.abc import Callable, Sequence
from smtplib import SMTPException, SMTPRecipientsRefused

from django.conf import settings
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from interlocal.consensus.statements import statements as all_statements
from interlocal.consensus.suppression import THRESHOLD
from interlocal.problems import InputError, Problem
from interlocal.web.actions.audit import note
from interlocal.web.models import CaseRecord, Person, Survey, SurveyLink
from interlocal.web.surveyed import surveyed

ABOUT = {"trust": "trust.", "readiness": "necessity.", "safety": "safety", "pulse": "pulse"}
"""What the statements of a kind are about; no statement belongs to two kinds."""
MOST_LINKS = 200
"""Links made at once."""
MOST_MESSAGES = 50
"""Messages sent at once: a mail server takes its time, and the page waits for it."""
LONGEST = 120
"""Longest wave [days]."""
Say = Callable[[str], tuple[str, str]]
"""Subject and text of a message, from the token."""


def statements_of(kind: str) -> list[str]:
    """Return the ids of the statements that a kind of survey can ask."""
    return [s.id for s in all_statements().values() if s.about.startswith(ABOUT[kind])]


def _either(kinds: Sequence[str]) -> str:
    *most, last = kinds
    return f"{', '.join(most)} or {last}" if most else last


@transaction.atomic
def start_survey(
    *, case: CaseRecord, kind: str, statements: Sequence[str], smallest_group: int, by: Person
) -> Survey:
    """Begin a survey; its statements stay the same in every wave.

    Raises
    ------
    InputError
        Where it has no statement, stands already, or could single people out.
    """
    of = surveyed(case)
    known = statements_of(kind) if kind in of.kinds else []
    chosen = [s for s in known if s in set(statements)]
    problems = []
    if not known:
        problems.append(Problem("kind", "What it asks about", kind or "nothing", _either(of.kinds), "Choose one."))  # fmt: skip
    elif not chosen:
        problems.append(Problem("statements", "Statements", "none", "at least one", "Choose what to ask."))
    elif case.surveys.filter(kind=kind).exists():
        problems.append(Problem("kind", "What it asks about", "a survey that stands already", "one survey of each kind", "Open another wave of it: only then do the two know of each other, and nobody can be worked out from both."))  # fmt: skip
    elif kind == "trust" and len(of.partners) < 2:
        problems.append(Problem("kind", "What it asks about", "one partner", "two partners or more, who rate each other", "Add the other partners first."))  # fmt: skip
    if problems := problems + _too_low(smallest_group, THRESHOLD):
        raise InputError(problems)
    made = Survey.objects.create(case=case, kind=kind, statements=chosen, smallest_group=smallest_group)
    note(person=by, did="survey.started", about=kind, case=case)
    return made


@transaction.atomic
def raise_smallest_group(*, survey: Survey, smallest_group: int, by: Person) -> None:
    """Ask for more people behind every figure of this wave and later ones.

    Raises
    ------
    InputError
        Where the number is lower than people were promised.
    """
    held = Survey.objects.select_for_update().get(pk=survey.pk)
    if problems := _too_low(smallest_group, held.smallest_group):
        raise InputError(problems)
    held.smallest_group = smallest_group
    held.save(update_fields=["smallest_group"])
    note(person=by, did="survey.smallest_group_raised", about=f"{held.kind}: {smallest_group}", case=held.case)  # fmt: skip


def _too_low(found: int, promised: int) -> list[Problem]:
    if promised <= found <= 1000:
        return []
    return [Problem("smallest_group", "Fewest people behind a figure", str(found), f"{promised} to 1000", "It protects the people who answer: it can be raised, never lowered.")]  # fmt: skip


@transaction.atomic
def open_wave(*, survey: Survey, until: dt.date, by: Person) -> None:
    """Open the next wave, or move the last day of the one that runs: every link works (again) until that day.

    Raises
    ------
    InputError
        Where the survey has ended or the day cannot be.
    """
    held = Survey.objects.select_for_update().get(pk=survey.pk)
    now = timezone.now().date()
    last = now + dt.timedelta(days=LONGEST)
    if held.ended:
        raise InputError(_ended())
    if not now <= until <= last:
        raise InputError(Problem("until", "Last day", until.isoformat(), f"{now} to {last}", "Two weeks are usual."))  # fmt: skip
    if held.until is None:
        held.wave += 1
    held.until = until
    held.save(update_fields=["wave", "until"])
    note(person=by, did="survey.wave_opened", about=f"{held.kind}, wave {held.wave}, until {until}", case=held.case)  # fmt: skip


@transaction.atomic
def add_links(*, survey: Survey, partner: str, group: str, number: int, by: Person) -> list[str]:
    """Make links for people of one partner's group and return their tokens, which are kept nowhere.

    Raises
    ------
    InputError
        Where the partner, the group or the number cannot be.
    """
    held = Survey.objects.select_for_update().get(pk=survey.pk)
    problems = [_ended()] if held.ended else _unknown_cell(held, partner, group)
    if not 1 <= number <= MOST_LINKS:
        problems.append(Problem("number", "How many people", str(number), f"1 to {MOST_LINKS}", "Give one link to each person; make more in a second step."))  # fmt: skip
    if problems:
        raise InputError(problems)
    tokens = [secrets.token_urlsafe(24) for _ in range(number)]
    # Shuffled, so that the order of the rows is not the order in which links are handed out.
    SurveyLink.objects.bulk_create(
        SurveyLink(survey=held, token_sha256=SurveyLink.digest(token), partner=partner, group=group)
        for token in random.SystemRandom().sample(tokens, number)
    )
    note(person=by, did="survey.links_made", about=f"{held.kind}: {number} for {partner}, {group}", case=held.case)  # fmt: skip
    return tokens


def send_links(
    *, survey: Survey, partner: str, group: str, addresses: str, by: Person, say: Say
) -> list[str]:
    """Send each address a link of its own; return the addresses that could not be sent to. None is kept.

    Raises
    ------
    InputError
        Where there is no mail server, or the partner, the group or an address cannot be; then nothing is sent.
    """
    _need_mail()
    found = read_addresses(addresses)
    tokens = add_links(survey=survey, partner=partner, group=group, number=len(found), by=by)
    messages = [(address, *say(token)) for address, token in zip(found, tokens, strict=True)]
    failed = _send(messages)
    lost = [SurveyLink.digest(t) for a, t in zip(found, tokens, strict=True) if a in failed]
    SurveyLink.objects.filter(token_sha256__in=lost).delete()
    return failed


def send_reminder(*, survey: Survey, addresses: str, by: Person, subject: str, text: str) -> list[str]:
    """Send the same text to each address, whoever has answered; return those that could not be sent to. None is kept.

    Raises
    ------
    InputError
        Where there is no mail server, or an address cannot be; then nothing is sent.
    """
    _need_mail()
    found = read_addresses(addresses)
    note(person=by, did="survey.reminded", about=f"{survey.kind}: {len(found)} addresses", case=survey.case)
    return _send([(address, subject, text) for address in found])


def _need_mail() -> None:
    if settings.ENVIRONMENT.email is None:
        raise InputError(Problem("", "E-mail", "no mail server set up", "a mail server", "Copy the links and the text instead, or ask whoever runs this server."))  # fmt: skip


def read_addresses(text: str) -> list[str]:
    """Return the e-mail addresses of a text, one a line or parted by commas, each once.

    Raises
    ------
    InputError
        With everything that is no address.
    """
    given = list(dict.fromkeys(text.replace(",", " ").replace(";", " ").split()))
    problems = [Problem("addresses", "E-mail addresses", address[:80], "an address such as ana@example.org", "Correct it, or take it out.") for address in given if not _is_address(address)]  # fmt: skip
    if not 1 <= len(given) <= MOST_MESSAGES:
        problems.append(Problem("addresses", "E-mail addresses", f"{len(given)} addresses", f"1 to {MOST_MESSAGES}", "Write one a line, and send more in a second step."))  # fmt: skip
    if problems:
        raise InputError(problems)
    return given


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _send(messages: Sequence[tuple[str, str, str]]) -> list[str]:
    connection, failed = mail.get_connection(), []
    for place, (address, subject, text) in enumerate(messages):
        try:
            connection.open()
            mail.EmailMessage(subject, text, to=[address], connection=connection).send()
        except SMTPRecipientsRefused:
            failed.append(address)
        except (SMTPException, OSError):
            # The server itself does not answer: to wait for it with each address would take minutes.
            failed += [address for address, _, _ in messages[place:]]
            break
    connection.close()
    return failed


def _unknown_cell(survey: Survey, partner: str, group: str) -> list[Problem]:
    problems = []
    if partner not in surveyed(survey.case).partners:
        problems.append(Problem("partner", "Partner", partner or "none", f"a partner of this {survey.case.kind}", "Choose one."))  # fmt: skip
    if group not in Survey.Group.values:
        problems.append(Problem("group", "Group", group or "none", "a group of the list", "Choose one."))
    return problems


def _ended() -> Problem:
    return Problem("", "The survey", "a survey that has ended", "one that goes on", "Its answers and links are destroyed; what was published stays.")  # fmt: skip
