"""An agreement in a workbench, for the tests of its screens: Alice's organisation hosts it, Charlie's is a party."""

import datetime as dt
import json

from partnership.registers import agreement, books, register


def document(**changes):
    """Return an agreement of seven with a life, as a document of its own; its days lie around today."""
    from interlocal.partnership.document import apart

    today = dt.datetime.now(tz=dt.UTC).date()
    ago = lambda days: str(today - dt.timedelta(days=days))  # noqa: E731
    life = {
        "rhythm_days": 60,
        "check_ins": [{"planned": ago(40)}],
        "actions": [{"id": "key", "text": "Give the key back", "owner": "Clerk", "due": ago(20)}],
        "escalation": [{"after_days": 14, "to": "The joint board"}],
        "issues": [{"id": "slow", "text": "Radios fail", "opened_on": ago(100)}],
        "dispute_steps": [{"name": "Managers meet", "days": 30}],
        "milestones": [{"id": "room", "text": "One call room for all", "due": ago(5)}],
        "key_posts": [{"id": "chief", "partner": "alder", "title": "Chief", "status": "vacant"}],
        "attempts": [{"id": "first", "title": "First try", "year": 2015, "lessons": ["Ask early"]}],
    }
    year = today.year - 1
    days = {"starts": f"{year}-01-01", "ends": f"{year + 4}-12-31"}
    made = agreement(**{**days, "years": [books(year)], "life": life, **changes})
    return apart(register(json.loads(json.dumps(made, default=str)), as_of=str(today)))[0]


def put(world, **changes):
    """Return an agreement hosted by Alice's organisation, with Fay as facilitator."""
    from interlocal.web.actions import cases
    from interlocal.web.models import CaseMember

    (record,) = cases.start_agreements(
        agreements=[document(**changes)], organisation=world.town, by=world.fay, about="Started"
    )
    CaseMember.objects.create(case=record, organisation=world.partner, role="partner", partner="birch")
    return record
