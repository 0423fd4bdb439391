from datetime import date

from interlocal.people.roster import Election, Holder, roster

FIRST, LAST = date(2027, 1, 15), date(2027, 4, 30)


def coverage(result, partner, role):
    (found,) = (c for c in result.coverage if (c.partner, c.role) == (partner, role))
    return found


def test_coverage_by_month_counts_days():
    holders = [
        Holder("ash", "lead", "Manager", until=date(2027, 2, 14), reason="retirement"),
        Holder("ash", "lead", "Deputy", since=date(2027, 3, 1)),
    ]
    result = roster(holders, ["ash"], FIRST, LAST)
    assert result.months == (date(2027, 1, 15), date(2027, 2, 1), date(2027, 3, 1), date(2027, 4, 1))
    assert coverage(result, "ash", "lead").months == (1, 0.5, 1, 1)
    assert coverage(result, "ash", "lead").share == 0.75
    assert coverage(result, "ash", "sponsor").share == 0


def test_a_lead_without_a_successor_is_a_single_point_until_one_is_named():
    holders = [
        Holder("ash", "lead", "Manager"),
        Holder("ash", "successor", "Deputy", since=date(2027, 3, 1)),
    ]
    (point,) = roster(holders, ["ash"], FIRST, LAST).single_points
    assert (point.name, point.roles, point.why) == ("Manager", (("ash", "lead"),), "no successor")
    assert point.months == (date(2027, 1, 15), date(2027, 2, 1))


def test_nobody_succeeds_himself():
    holders = [Holder("ash", "lead", "Manager"), Holder("ash", "successor", "Manager")]
    assert [p.why for p in roster(holders, ["ash"], FIRST, LAST).single_points] == ["no successor"]


def test_one_who_carries_several_roles_is_a_single_point_even_with_a_successor():
    holders = [
        Holder("ash", "lead", "Manager"),
        Holder("ash", "champion", "Manager"),
        Holder("ash", "successor", "Deputy"),
    ]
    (point,) = roster(holders, ["ash"], FIRST, LAST).single_points
    assert (point.why, point.roles) == ("several roles", (("ash", "champion"), ("ash", "lead")))


def test_elections_and_known_ends_inside_the_plan_in_order():
    holders = [
        Holder("ash", "sponsor", "Mayor", until=date(2027, 4, 1), reason="retirement"),
        Holder("ash", "lead", "Manager", until=date(2029, 1, 1)),
    ]
    elections = [Election("elm", date(2027, 3, 2), "select board"), Election("elm", date(2028, 3, 2))]
    endings = roster(holders, ["ash", "elm"], FIRST, LAST, elections).endings
    assert [(e.day, e.partner, e.what) for e in endings] == [
        (date(2027, 3, 2), "elm", "election: select board"),
        (date(2027, 4, 1), "ash", "sponsor: Mayor (retirement)"),
    ]
