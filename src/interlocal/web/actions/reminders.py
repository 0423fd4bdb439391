"""Calendar links and letters of what comes due: each person's own, asked for and ended by that person alone."""

from __future__ import annotations

import datetime as dt
import logging
import secrets
from collections.abc import Callable

from django.core import mail
from django.db import transaction

from interlocal.web.actions.audit import note
from interlocal.web.models import CalendarLink, Letters, Person, Token

log = logging.getLogger("interlocal.letters")
EVERY = {"daily": 1, "weekly": 7, "monthly": 30}
"""Days between letters."""


@transaction.atomic
def make_link(*, person: Person) -> str:
    """Make a calendar link in place of an earlier one and return its token: it is shown once, and only its hash is kept."""
    token = secrets.token_urlsafe(32)
    CalendarLink.objects.filter(person=person).delete()
    CalendarLink.objects.create(person=person, token_sha256=Token.digest(token))
    note(person=person, did="calendar.opened", about="")
    return token


@transaction.atomic
def end_link(*, person: Person) -> None:
    """Make the calendar link useless."""
    if CalendarLink.objects.filter(person=person).delete()[0]:
        note(person=person, did="calendar.ended", about="")


@transaction.atomic
def wish_letters(*, person: Person, how_often: str) -> None:
    """Begin, change or end letters; a word that is not in ``EVERY`` ends them."""
    if how_often in EVERY:
        Letters.objects.update_or_create(person=person, defaults={"every_days": EVERY[how_often]})
    else:
        Letters.objects.filter(person=person).delete()
    note(person=person, did="letters.asked" if how_often in EVERY else "letters.ended", about=how_often)


def send_letters(*, day: dt.date, say: Callable[[Person], tuple[str, str] | None]) -> tuple[int, int]:
    """Send the letters that are due on a day; return how many went out and how many failed.

    A person gets one letter a day however often this runs: the day is claimed before the letter is sent, and given back
    where the mail server refused it.

    Parameters
    ----------
    say
        Subject and text for a person; None where there is nothing to say.
    """
    sent = failed = 0
    for wish in Letters.objects.select_related("person").filter(person__is_active=True):
        before = wish.sent_on
        if before is not None and (day - before).days < wish.every_days:
            continue
        if not Letters.objects.filter(pk=wish.pk, sent_on=before).update(sent_on=day):  # fmt: skip
            continue  # another process sends it
        letter = say(wish.person)
        if letter is None:
            continue
        try:
            mail.EmailMessage(*letter, to=[wish.person.email]).send()
            sent += 1
        except OSError:
            log.warning("a letter could not be sent")
            Letters.objects.filter(pk=wish.pk).update(sent_on=before)
            failed += 1
    return sent, failed
