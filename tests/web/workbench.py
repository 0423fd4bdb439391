"""What several files of tests share: the people and a case, and the worker's work done in this process."""

from types import SimpleNamespace


def people_and_case():
    from interlocal.web import examples
    from interlocal.web.actions import cases
    from interlocal.web.models import CaseMember, Membership, Organisation, Person

    town, partner = Organisation.objects.create(name="Alder"), Organisation.objects.create(name="Birch")
    made = {}
    for name, home, role in (
        ("alice", town, "owner"),
        ("bob", town, "editor"),
        ("rita", town, "rater"),
        ("vic", town, "viewer"),
        ("charlie", partner, "owner"),
        ("fay", None, None),
        ("sam", None, None),
    ):
        made[name] = Person.objects.create_user(
            f"{name}@example.org", "a long enough password", name=name.title()
        )
        if home:
            Membership.objects.create(person=made[name], organisation=home, role=role)
    record = cases.start_case(case=examples.case("starter"), organisation=town, by=None, about="Started")
    CaseMember.objects.create(case=record, person=made["fay"], role="facilitator")
    CaseMember.objects.create(case=record, organisation=partner, role="partner", partner="birch_hollow")
    return SimpleNamespace(**made, town=town, partner=partner, case=record, url=f"/cases/{record.pk}/")


def run_waiting():
    """Do what the worker does."""
    from interlocal.web.models import Comparison, StudyRun
    from interlocal.web.tasks import compare_runs, run_study

    for run in StudyRun.objects.filter(status="waiting"):
        run_study.func(str(run.pk))
    for comparison in Comparison.objects.filter(queued_at__isnull=False, document="", problem=""):
        compare_runs.func(str(comparison.pk))
