"""Random agreements with books, of the kinds that people write."""

import datetime as dt

from hypothesis import strategies as st
from partnership.registers import SEVEN

FIRST = 2021
amounts = st.integers(1_000_00, 50_000_000_00).map(lambda c: f"{c // 100}.{c % 100:02d}")
counts = st.integers(1, 100_000).map(float)
shares = st.integers(0, 100).map(lambda n: n / 100)


def rules(members):
    """Return rules that cover the cost."""
    return st.one_of(
        st.just({"kind": "equal"}),
        st.just({"kind": "per_head"}),
        st.just({"kind": "by_usage", "measure": "calls"}),
        st.just({"kind": "by_value", "measure": "population"}),
        shares.map(lambda w: {"kind": "hybrid", "weights": {"population": w, "calls": 1 - w}}),
        shares.map(lambda w: {"kind": "two_part", "readiness_share": w, "use_by": "calls"}),
        st.lists(st.integers(1, 50), min_size=len(members), max_size=len(members)).map(
            lambda n: {
                "kind": "given",
                "shares": {p: x / sum(n) for p, x in zip(members, n, strict=True)},
            }
        ),
        st.just({"kind": "contract", "price": "cost_plus", "markup": 0.05, "by": "calls"}),
        st.just(
            {
                "kind": "dues",
                "classes": [{"name": "small", "up_to": 5000, "base": 100, "discount": 0.2}, {"name": "rest", "per_head": 2}],
                "role_discounts": {members[0]: 0.1},
                "scale_to_cost": True,
            }
        ),
    )  # fmt: skip


@st.composite
def agreements(draw, years=3):
    """Return an agreement as plain data: some members join or leave within a year, drivers are found to be wrong."""
    members = SEVEN[: draw(st.integers(2, 7))]
    parties = [{"organisation": members[0]}]
    for p in members[1:]:
        since = draw(st.none() | st.dates(dt.date(FIRST, 1, 2), dt.date(FIRST + years - 1, 12, 31)))
        until = draw(st.none() | st.dates(since or dt.date(FIRST, 1, 1), dt.date(FIRST + years + 1, 6, 30)))
        parties.append(
            {"organisation": p, "tier": draw(st.sampled_from([1.0, 0.5, 0.25]))}
            | ({"since": str(since)} if since else {})
            | ({"until": str(until)} if until else {})
        )
    formula = {"rule": draw(rules(members)), "true_up": draw(st.sampled_from(["none", "year_end"]))}
    if draw(st.booleans()):
        formula["caps"] = {members[-1]: draw(st.integers(1, 10_000_000))}
        formula["floors"] = {members[0]: draw(st.integers(1, 1_000_000))}
    if draw(st.booleans()):
        formula["band"] = {"within": draw(shares), "reference": {"kind": "per_head"}}
    if draw(st.booleans()):
        formula["phase_in"] = {"years": 3, "cap_per_year": draw(st.none() | shares)}
    books = []
    for i in range(years):
        year = FIRST + i
        lines = [{"id": f"line_{k}", "budget": draw(amounts)} for k in range(draw(st.integers(1, 3)))]
        closed = draw(st.booleans())
        for line in lines if closed else ():
            line["actual"] = draw(amounts)
        restatements = [
            {
                "id": f"fix_{k}",
                "organisation": draw(st.sampled_from(members)),
                "driver": "calls",
                "value": draw(counts),
                "on": str(draw(st.dates(dt.date(year, 1, 1), dt.date(FIRST + years, 12, 31)))),
                "why": "counted twice",
            }
            for k in range(draw(st.integers(0, 2)))
        ]
        books.append(
            {
                "year": year,
                "lines": lines,
                "drivers": {d: {p: draw(counts) for p in members} for d in ("population", "calls")},
                "restatements": restatements,
                "gifts": [{"organisation": members[0], "what": "a room", "value": draw(amounts)}],
            }
            | ({"closed_on": str(dt.date(year + 1, 3, 1))} if closed else {})
        )
    return {
        "id": "dispatch",
        "title": "Shared dispatch",
        "parties": parties,
        "lead": members[0],
        "starts": f"{FIRST}-01-01",
        "formula": formula,
        "before": {p: draw(amounts) for p in members},
        "instalments": {"months": draw(st.sampled_from([[1], [1, 7], [1, 4, 7, 10]]))},
        "years": books,
    }
