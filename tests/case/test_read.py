import contextlib
import json

import pytest
import yaml
from cases import document
from hypothesis import given
from hypothesis import strategies as st

from interlocal.case import parse_case, read, read_case
from interlocal.case.text import MAX_BYTES
from interlocal.problems import InputError


def problems_of(data, name="case.yaml", *, strict=False):
    if not isinstance(data, (str, bytes)):
        data = yaml.safe_dump(data, sort_keys=False)
    with pytest.raises(InputError) as caught:
        parse_case(data.encode() if isinstance(data, str) else data, name, strict=strict)
    return caught.value.problems


def one(data, path=None, **kw):
    found = problems_of(data, **kw)
    if path is not None:
        found = [p for p in found if p.path == path]
    assert len(found) == 1, found
    return found[0]


def with_line(**line):
    d = document()
    d["options"][0]["lines"].append({"id": "more", "category": "staff", "amount": 1} | line)
    return d


def test_a_sound_case_is_read():
    assert parse_case(yaml.safe_dump(document()).encode(), "c").title == "Three towns"


def test_unknown_key_names_the_nearest_known_one():
    p = one(document(tittle="x"))
    assert "tittle" in p.found
    assert "Did you mean title?" in p.fix


def test_unknown_key_inside_a_line_names_the_nearest_known_one():
    p = one(with_line(categroy="x"))
    assert p.path == "/options/0/lines/1/categroy"
    assert "category" in p.fix


def test_partner_named_in_a_line_but_not_defined():
    p = one(with_line(payer="brich"), "/options/0/lines/1/payer")
    assert "brich" in p.found
    assert "Did you mean birch?" in p.fix


def test_currencies_mixed_without_a_rate():
    d = document()
    d["spending"][0]["amount"] = {"value": 5, "currency": "CAD"}
    p = one(d)
    assert "CAD" in p.found
    assert "exchange_rates" in p.fix


def test_low_likely_high_out_of_order():
    p = one(with_line(amount={"low": 5, "likely": 3, "high": 9}))
    assert "low 5, likely 3" in p.found
    assert p.expected == "low ≤ likely ≤ high"


def test_a_year_outside_the_horizon():
    assert "2026 to 2045" in one(with_line(start=2060)).expected


def test_horizon_that_ends_before_it_begins():
    d = document()
    d["assumptions"]["horizon"] = {"first": 2030, "last": 2026}
    assert one(d).path == "/assumptions/horizon/last"


def test_shares_over_100_percent():
    d = document()
    d["options"][0]["formula"]["rule"] = {"kind": "given", "shares": {"ash": 0.5, "birch": 0.5, "cedar": 0.5}}
    assert "1.5" in one(d).found


def test_weights_that_do_not_sum_to_one():
    d = document()
    d["options"][0]["formula"]["rule"] = {"kind": "hybrid", "weights": {"population": 0.5, "calls": 0.4}}
    assert "0.9" in one(d).found


def test_sum_of_unlike_units_is_refused_with_the_reason():
    d = document()
    d["options"][0]["formula"]["rule"] = {
        "kind": "hybrid",
        "weights": {"population": 0.5, "calls": 0.5},
        "sums_raw_units": True,
    }
    assert "units" in one(d).fix


def test_a_cycle_in_the_plan_is_named():
    tasks = [
        {"id": "a", "name": "A", "phase": "study", "days": 1, "after": ["c"]},
        {"id": "b", "name": "B", "phase": "study", "days": 1, "after": ["a"]},
        {"id": "c", "name": "C", "phase": "study", "days": 1, "after": ["b"]},
    ]
    p = one(document(plan={"start": "2024-01-01", "tasks": tasks}))
    assert p.found.count("→") == 3


def test_a_doubled_id():
    d = document()
    d["partners"][1]["id"] = "ash"
    assert any("second time" in p.found for p in problems_of(d))


def test_a_wrong_date():
    assert "2026-07-01" in one(document(as_of="31.12.2024")).fix


def test_cost_scopes_that_do_not_match_are_told_by_the_strict_check_only():
    d = document()
    d["spending"][0]["scope"] = {"benefits": "included"}
    d["spending"][1]["scope"] = {"benefits": "excluded"}
    assert parse_case(yaml.safe_dump(d).encode(), "c")
    assert "benefits" in one(d, strict=True).found


def test_a_driver_no_partner_has():
    p = one(with_line(behaviour={"kind": "variable", "driver": "popluation", "rate": 3}, amount=None))
    assert p.path


def test_measure_missing_for_one_member():
    d = document()
    del d["partners"][0]["measures"]["calls"]
    d["options"][0]["formula"]["rule"] = {"kind": "by_usage", "measure": "calls"}
    assert "ash" in one(d).found


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"", "empty"),
        (b"# only a comment\n", "empty"),
        (b"title: [unclosed", ""),
        (b"a: b: c\n", "mapping values"),
        (b"- just\n- a list\n", "a list"),
        (b"just words\n", "just words"),
        (b"\x00\xff\xfe", "not UTF-8"),
        (b"a: 1\na: 2\n", "a second time"),
        (b"a: !!python/object:os.system x\n", "tag"),
        (b"a: &x [1]\nb: *x\n", "alias"),
        (b"a: 1\n---\nb: 2\n", "second document"),
        (b"[" * 5000, ""),
        (b"format: 2\n", "format 2"),
        (b"title: x\n", "no format"),
        (b"format: yes\n", "format"),
        (b'{"format": 1, "format": 1}', "second time"),
    ],
)
def test_files_that_are_no_case(data, found):
    assert any(found in p.found for p in problems_of(data))


def test_an_alias_bomb_is_refused_quickly():
    bomb = "a: &a [x,x]\n" + "".join(
        f"{c}: &{c} [*{b},*{b}]\n" for b, c in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert any("alias" in p.found for p in problems_of(bomb))


def test_a_huge_file_is_refused_unread(tmp_path):
    path = tmp_path / "big.yaml"
    with path.open("wb") as f:
        f.truncate(MAX_BYTES + 1)
    with pytest.raises(InputError, match="MB"):
        read_case(path)


@pytest.mark.parametrize("name", ["missing.yaml", "."])
def test_no_such_file_or_a_folder(tmp_path, name):
    with pytest.raises(InputError):
        read_case(tmp_path / name)


def test_all_problems_are_told_at_once_with_their_lines():
    d = document(tittle="x", as_of="never")
    d["partners"][0]["id"] = "Not A Slug"
    found = problems_of(d)
    assert len(found) == 3
    assert all("line " in p.where and p.expected and p.fix for p in found)


def test_yaml_and_json_give_the_same_hash():
    text = yaml.safe_dump(document(), sort_keys=False)
    a = parse_case(text.encode(), "c.yaml")
    b = parse_case(json.dumps(document(), indent="\t").encode(), "c.json")
    assert a == b
    assert a.sha256 == b.sha256


def test_a_number_and_its_long_form_give_the_same_hash():
    d = document()
    d["spending"][0]["amount"] = {"value": 100_000.0}
    assert (
        parse_case(yaml.safe_dump(d).encode(), "c").sha256
        == parse_case(yaml.safe_dump(document()).encode(), "c").sha256
    )


def test_no_is_a_word_and_not_a_truth_value():
    assert parse_case(yaml.safe_dump(document()).replace("Three towns", "no").encode(), "c").title == "no"


def test_survey_counts_that_could_give_a_person_away_are_refused():
    cell = {"statement": "s", "partner": "ash", "invited": 9, "counts": [1, 1, 0, 1, 1]}
    p = one(document(surveys=[{"id": "w", "kind": "trust", "closed_on": "2024-01-01", "cells": [cell]}]))
    assert "at least 5" in p.expected


def test_the_survey_threshold_cannot_be_lowered():
    p = one(document(surveys=[{"id": "w", "kind": "trust", "closed_on": "2024-01-01", "smallest_group": 3}]))
    assert "at least 5" in p.expected


def test_nominal_and_real_are_never_mixed():
    d = document()
    d["assumptions"]["discount"]["prices"] = "real"
    assert "nominal" in one(d).expected


def test_a_rate_in_percent_is_caught():
    d = document()
    d["assumptions"]["escalators"][0]["rate"] = 3
    assert "0.03" in one(d).fix


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_no_input_whatever_ends_in_a_traceback(data):
    with contextlib.suppress(InputError):
        parse_case(data, "fuzz.yaml")


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=8),
        lambda x: (
            st.lists(x, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["id", "title", "partners", "options", "lines", "amount", "low", "kind", "x"]
                ),
                x,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_no_document_whatever_ends_in_a_traceback(junk):
    for key in ("partners", "options", "assumptions", "plan", "surveys", "spending"):
        with contextlib.suppress(InputError):
            parse_case(yaml.safe_dump(document(**{key: junk})).encode(), "fuzz.yaml")


def test_an_older_format_is_upgraded_on_reading(monkeypatch):
    monkeypatch.setattr(read, "FORMAT", 2)
    monkeypatch.setattr(read, "UPGRADES", {1: lambda old: old | {"title": f"{old['title']}, upgraded"}})
    assert parse_case(yaml.safe_dump(document()).encode(), "c").title == "Three towns, upgraded"
