"""The laboratory of shares: the same figures as the core, at once, and nothing saved."""

import pytest


def test_the_sliders_give_what_the_core_gives(world, at):
    from interlocal.case.formulas import Hybrid
    from interlocal.questions.laboratory import laboratory
    from interlocal.web import trial

    case = world.case.head.read
    tried = trial.attempt(case, {"w_population": "75", "w_equal": "25"})
    option = case.proposed_option
    rule = Hybrid(kind="hybrid", weights={"population": 0.75, "equal": 0.25})
    kept = option.formula.model_copy(update={"rule": rule})
    changed = case.model_copy(
        update={
            "options": tuple(
                o.model_copy(update={"formula": kept}) if o.id == option.id else o for o in case.options
            )
        }
    )
    expected = laboratory(changed, draws=0)["formulas"]["proposed"]["shares"]
    assert tried.found["formulas"]["proposed"]["shares"] == expected
    assert sum(expected.values()) == pytest.approx(tried.found["whole"])


def test_a_floor_binds_and_the_rest_pay_less(world):
    from interlocal.web import trial

    case = world.case.head.read
    free = trial.attempt(case, {}).found["formulas"]["proposed"]["shares"]
    least = free["birch_hollow"] + 10_000
    bound = trial.attempt(case, {"floor_birch_hollow": f"{least:.0f}"}).found["formulas"]["proposed"][
        "shares"
    ]
    # The floor is in prices of the case's year and grows with them to the year that is shown.
    assert bound["birch_hollow"] >= least
    assert sum(bound.values()) == pytest.approx(sum(free.values()))


def test_a_slider_gets_the_part_that_changes_and_saves_nothing(world, at):
    alice = at(world.alice)
    whole = alice.get(f"{world.url}shares/", {"w_equal": "50", "floor_alder_falls": "40000"}).content.decode()
    assert '<output id="w_equal-says" for="w_equal">100% of the bill</output>' in whole
    assert ">USD 40,000 a year</output>" in whole
    part = alice.get(
        f"{world.url}shares/", {"w_equal": "50"}, headers={"hx-request": "true"}
    ).content.decode()
    assert "<html" not in part
    assert '<output id="w_equal-says" for="w_equal" hx-swap-oob="true">100% of the bill</output>' in part
    assert "Tried here" in part
    world.case.refresh_from_db()
    assert world.case.latest == 1


def test_the_sliders_start_at_the_proposed_formula_and_say_their_units(world, at):
    from interlocal.web import examples, trial
    from interlocal.web.actions import cases

    record = cases.start_case(
        case=examples.case("juniper-valley"), organisation=world.town, by=None, about="x"
    )
    tried = trial.attempt(record.head.read, {})
    said = {s.name: s.said for s in tried.all}
    assert {k: v for k, v in said.items() if v not in {"0% of the bill", "no floor"}} == {
        "w_population": "50% of the bill",
        "w_incidents": "30% of the bill",
        "w_equalised_valuation": "20% of the bill",
        "years": "3 years",
        "floor_tamarack": "USD 90,000 a year",
    }
    page = at(world.alice).get(f"/cases/{record.pk}/shares/").content.decode()
    shares = tried.found["formulas"]["proposed"]["shares"]
    for row in tried.rows:
        assert row["pays"] == shares[next(p for p, n in tried.found["names"].items() if n == row["name"])]
        spots = [(x, y) for _, x, y in row["marks"]]
        assert all(abs(x - a) > 12 or y != b for i, (x, y) in enumerate(spots) for a, b in spots[:i])
        assert f"{row['name']} would pay" in page


def test_where_figures_are_kept_only_the_facilitator_enters(world, at, save):
    save(at(world.charlie), f"{world.url}edit/spending/", fields={"1.visibility": "facilitator"})
    assert "Who pays what" in at(world.fay).get(f"{world.url}shares/").content.decode()
    for person in (world.alice, world.bob):
        page = at(person).get(f"{world.url}shares/").content.decode()
        assert "Who pays what" not in page
        assert "until they are released" in page


def test_a_case_without_figures_says_what_is_missing(world, at):
    import datetime as dt

    from interlocal.web import examples
    from interlocal.web.actions import cases

    bare = examples.from_nothing(
        title="T", service="police", partners="A\nB", currency="USD", as_of=dt.date(2026, 1, 1)
    )
    record = cases.start_case(case=bare, organisation=world.town, by=None, about="x")
    assert "usa-alert--error" in at(world.alice).get(f"/cases/{record.pk}/shares/").content.decode()
