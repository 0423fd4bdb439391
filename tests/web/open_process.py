"""What tests of the public page share: a study for the public, and a case that is published."""

from types import SimpleNamespace

PARTS = ("headline", "question", "answers", "money", "options", "advice", "unknown", "shares", "steps")
DATES = (("2027-03-31", "Hearing in the town hall"),)


def studied(world, case=None):
    """Return a study for the public of a case, made as the worker makes it."""
    from workbench import run_waiting

    from interlocal.web.actions import studies

    record = case or world.case
    run = studies.ask_for_study(revision=record.head, audience="public", by=world.alice, draws=200)
    run_waiting()
    run.refresh_from_db()
    return run


def prepared(world, run=None, **more):
    """Prepare a page of the world's case."""
    from interlocal.web import publishing
    from interlocal.web.actions import publishing as actions

    run = run or studied(world)
    first = {"run": str(run.pk), "slug": "joint-dispatch", "parts": PARTS, "dates": DATES}
    chosen = publishing.Prepared(**{**first, **more})
    actions.prepare(case=run.case, chosen=chosen, by=world.alice)
    return run


def publish(world, case=None, changed="More is known."):
    """Publish what is prepared, having looked at it."""
    from interlocal.web import publishing
    from interlocal.web.actions import publishing as actions
    from interlocal.web.models import Publication

    case = case or world.case
    case.refresh_from_db()
    chosen = publishing.prepared(Publication.objects.get(case=case))
    made = publishing.content(case, chosen, publishing.run_of(case, chosen))
    return actions.publish(
        case=case, looked_at=publishing.digest(made), knows_older=True, changed=changed, by=world.alice
    )


def published(world, **more):
    """Return the page of the world's case, published."""
    prepared(world, **more)
    edition = publish(world)
    return SimpleNamespace(publication=edition.publication, edition=edition, url="/public/joint-dispatch/")


def commented(page, text="Will the station on Main Street stay open?", name="", **decided):
    """Add a resident's comment, shown where no other decision is given."""
    from interlocal.web.actions import residents

    made = residents.comment(publication=page.publication, text=text, name=name, language="en")
    if decided:
        residents.decide(comment=made, seen="waiting", **{"rule": "", "why": "", **decided})
    made.refresh_from_db()
    return made
