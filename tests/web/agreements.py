"""What the tests of agreements share: the example's seven members, hosted by Alice's town, with Charlie's as one of them."""

ACCESS = ("alice", "bob", "rita", "vic", "charlie", "fay", "sam", "public")


def hosted(world, party="harbor", **changes):
    """Return the first agreement of the example in the workbench; ``changes`` are fields of its document."""
    from interlocal.case.text import as_node
    from interlocal.partnership.document import partnership_from_node
    from interlocal.web import beginnings
    from interlocal.web.actions import cases
    from interlocal.web.models import CaseMember
    from interlocal.web.models.cases import as_values

    agreement = beginnings.example()[0]
    if changes:
        values = {**as_values(agreement.canonical_json()), **changes}
        agreement = partnership_from_node(as_node({k: v for k, v in values.items() if v is not None}), "x")
    (record,) = cases.start_agreements(
        agreements=[agreement], organisation=world.town, by=None, about="Started"
    )
    CaseMember.objects.create(case=record, person=world.fay, role="facilitator")
    CaseMember.objects.create(case=record, organisation=world.partner, role="partner", partner=party)
    return record


def codes(world, at, url, method="get", data=None):
    """Return what each person gets at an address; nothing of it stays."""
    from django.db import transaction

    found = {}
    for name in ACCESS:
        with transaction.atomic():
            found[name] = getattr(at(getattr(world, name, None)), method)(url, data or {}).status_code
            transaction.set_rollback(True)
    return found


def everyone(code, **others):
    """Return the same answer for all in the agreement; 404 for strangers, the way to the door for the public."""
    return dict.fromkeys(ACCESS, code) | {"sam": 404, "public": 302} | others
