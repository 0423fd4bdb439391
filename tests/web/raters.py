"""Helpers of the survey tests: a survey that runs, and raters who answer through its pages.

A survey is begun in ``world.case``: a case, or an agreement where ``hosting`` made the world.
"""

import datetime as dt
import re
from types import SimpleNamespace

from django.utils import timezone


def day(after=10):
    return timezone.now().date() + dt.timedelta(days=after)


def hosting(world, **changes):
    """The same people with an agreement in the place of the case."""
    from running import put

    record = put(world, **changes)
    return SimpleNamespace(**{**vars(world), "case": record, "url": f"/agreements/{record.pk}/"})


def asking(world):
    """The world with the kind of survey that its case or agreement takes, and where that survey is."""
    kind = "safety" if world.case.kind == "case" else "pulse"
    return SimpleNamespace(**vars(world), kind=kind, survey=f"{world.url}surveys/{kind}/")


def begun(world, kind=None, statements=("safety_mistakes", "safety_help"), smallest=5):
    from interlocal.web.actions import surveys

    kind = kind or getattr(world, "kind", "safety")
    known = surveys.statements_of(kind)
    chosen = [s for s in statements if s in known] or known[:2]
    return surveys.start_survey(
        case=world.case, kind=kind, statements=chosen, smallest_group=smallest, by=world.alice
    )


def opened(world, **more):
    from interlocal.web.actions import surveys

    survey = begun(world, **more)
    surveys.open_wave(survey=survey, until=day(), by=world.alice)
    survey.refresh_from_db()
    return survey


def partners(world):
    from interlocal.web.surveyed import surveyed

    return list(surveyed(world.case).partners)


def links(world, survey, number, partner=None, group="staff"):
    from interlocal.web.actions import surveys

    return surveys.add_links(
        survey=survey, partner=partner or partners(world)[0], group=group, number=number, by=world.alice
    )


def fields(page):
    """The names of the questions on a rater's page."""
    return list(dict.fromkeys(re.findall(r'type="radio" id="[^"]*" name="([^"]+)"', page.content.decode())))


def give(client, token, level):
    """Answer every question alike through the page."""
    url = f"/answer/{token}/"
    return client.post(url, dict.fromkeys(fields(client.get(url)), str(level)))


def waves(world):
    """The closed waves on record."""
    from interlocal.web.surveyed import surveyed

    return surveyed(type(world.case).objects.get(pk=world.case.pk)).waves


def now(world):
    """The case as it stands in the database."""
    return type(world.case).objects.get(pk=world.case.pk).head.read
