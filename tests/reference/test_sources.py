"""Every row has a source and a mark, and nothing stands in the files that the source folder does not say."""

import csv
import json
import re

import pytest

from interlocal import reference
from interlocal.reference.files import toml

ROWS = {
    "services": reference.services,
    "measures": reference.measures,
    "posts": reference.posts,
    "effects": reference.effects,
    "clauses": reference.clauses,
    "formulas": reference.formulas,
    "uplifts": reference.uplifts,
}
LISTS = {"scale": reference.scale_for, "facts": reference.facts}


@pytest.mark.parametrize("name", [*ROWS, *LISTS])
def test_every_row_names_a_known_source_and_mark(name):
    rows = ROWS[name]().values() if name in ROWS else LISTS[name]()
    for row in rows:
        assert row.source in reference.sources(), row
        assert row.mark in reference.marks(), row
        assert (row.mark == "R") == (getattr(row, "confidence", None) is not None), row


def test_every_case_has_a_mark_and_an_address_or_source():
    for case in reference.claimed_cases():
        assert case.mark in reference.marks()
        assert (case.address or "").startswith("http") or case.source in reference.sources()
    for share in reference.cost_shares():
        assert share.mark in reference.marks()
        assert share.address.startswith("http")


@pytest.mark.parametrize(
    "rows", [reference.claimed_cases, reference.cost_shares, reference.scale_for, reference.facts]
)
def test_ids_of_lists_are_unique(rows):
    ids = [row.id for row in rows()]
    assert len(ids) == len(set(ids))


def test_effect_ids_are_unique():
    assert len(reference.effects()) == len(toml("effects")["effect"])


def test_every_source_has_a_citation_and_a_well_formed_doi_if_any():
    for source in reference.sources().values():
        assert source.citation
        if source.doi:
            assert re.fullmatch(r"10\.\d{4,9}/\S+", source.doi)


def test_services_named_in_evidence_exist():
    named = {s for e in reference.effects().values() for s in e.services} - {"any"}
    named |= {s for row in reference.scale_for() for s in row.services}
    named |= {s for row in (*reference.claimed_cases(), *reference.cost_shares()) for s in row.services}
    assert named <= set(reference.services())


def test_every_doi_of_the_evidence_is_a_source_and_none_is_added(shared):
    text = (shared / "evidence" / "README.md").read_text("utf-8")
    given = {d.rstrip(".,:;)") for d in re.findall(r"10\.\d{4,9}/[^\s)|;,]+", text)}
    ours = {s.doi for s in reference.sources().values() if s.doi}
    assert ours == given


def test_rates_and_uplifts_equal_those_given(shared):
    given = json.loads((shared / "evidence" / "rates_and_bias.json").read_text("utf-8"))
    for calendar, bases in given["omb_a94_appendix_c_percent"].items():
        if not calendar.startswith("calendar_"):
            continue
        for basis, terms in bases.items():
            for term, percent in terms.items():
                rate = reference.omb_rate(int(calendar[-4:]), int(term), basis)
                assert rate == pytest.approx(percent / 100)
    for category, numbers in given["green_book_optimism_bias_percent"].items():
        if category in {"fields", "verification"}:
            continue
        upper_duration, lower_duration, upper_cost, lower_cost = numbers
        uplift = reference.optimism(category)
        assert uplift.cost == pytest.approx((lower_cost / 100, upper_cost / 100))
        if upper_duration is None:
            assert uplift.duration is None
        else:
            assert uplift.duration == pytest.approx((lower_duration / 100, upper_duration / 100))
    labour = reference.rates()["labour"]
    eci = given["eci_state_local_compensation_12m_percent"]
    ours = {**labour["compensation"], **{f"{k}_wages": v for k, v in labour["wages"].items()}}
    assert {
        k.removeprefix("record_high_"): v for k, v in eci.items() if k != "verification"
    } == pytest.approx({k: 100 * v for k, v in ours.items()})


def test_consumer_prices_are_the_mean_of_the_months_published(shared):
    index = reference.price_index("cpi_u")
    months: dict[int, list[float]] = {}
    with (shared / "data" / "us_cpi_u_monthly.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            months.setdefault(int(row["month"][:4]), []).append(float(row["cpi_u_1982_84_100"]))
    assert set(index.values) == set(range(1980, 2026))
    for year, value in index.values.items():
        assert value == pytest.approx(sum(months[year]) / len(months[year]), abs=5e-4)
        assert (year in index.incomplete) == (len(months[year]) < 12)


def test_claimed_and_realised_figures_equal_those_given(shared):
    with (shared / "data" / "cases_claimed_vs_realised.csv").open(encoding="utf-8") as file:
        given = [
            (
                r["case_id"].lower(),
                r["metric"],
                number(r["claimed_value"]),
                number(r["realised_value"]),
                r["source_url"],
            )
            for r in csv.DictReader(file)
        ]
    ours = [
        (c.case, c.what, c.claimed, c.realised, c.address) for c in reference.claimed_cases() if c.address
    ]
    assert ours == given


def test_cost_shares_equal_those_given(shared):
    with (shared / "data" / "cases_cost_shares.csv").open(encoding="utf-8") as file:
        given = [
            (r["case_id"].lower(), r["member"], number(r["share_pct"]), number(r["amount"]), r["source_url"])
            for r in csv.DictReader(file)
        ]
    assert [
        (c.case, c.partner, c.share_percent, c.amount, c.address) for c in reference.cost_shares()
    ] == given


def number(text):
    return float(text) if text else None
