import json
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).parents[2] / "examples" / "franklin-region"
TOWNS, MAP = str(EXAMPLE / "towns.csv"), str(EXAMPLE / "mapping.yaml")


@pytest.mark.slow
def test_a_folder_gives_answers_on_screen_and_files(run_cli, tmp_path):
    ran = run_cli("scan", str(EXAMPLE), "--out", "out", cwd=tmp_path)
    assert ran.code == 0
    assert "screening, not a study" in ran.stdout
    assert ran.stdout.count("Wrote ") == 2
    assert (tmp_path / "out" / "franklin-region" / "scan.html").is_file()
    assert "Franklin County" in ran.stderr
    said = " ".join(ran.stdout.split())
    assert all(words in said for words in ("no saving here", "that is proven", "80 % held"))


def test_options_for_one_table_are_refused_for_a_folder_all_at_once(run_cli):
    ran = run_cli("scan", str(EXAMPLE), "--map", MAP, "--service", "fire", "--json")
    assert ran.code == 1
    assert [p["where"] for p in json.loads(ran.stderr)] == ["--map", "--service", "--json"]


def test_a_table_without_a_mapping_is_told_which_are_shipped(run_cli):
    ran = run_cli("scan", TOWNS)
    assert ran.code == 1
    assert "massachusetts_schedule_a" in ran.stderr


def test_a_partnership_that_exists_is_not_proposed(run_cli):
    common = ("scan", TOWNS, "--map", MAP, "--service", "fire", "--json")
    before = json.loads(run_cli(*common).stdout)["candidates"]
    first = before[0]["members"]
    after = json.loads(run_cli(*common, "--fixed", ",".join(first)).stdout)["candidates"]
    assert after
    assert all(len(set(c["members"]) & set(first)) < 2 for c in after)


def test_unknown_names_in_all_demands_are_said_at_once(run_cli):
    ran = run_cli(
        "group", TOWNS, "--map", MAP, "--service", "fire", "--together", "Nowhere,Colrain", "--apart", "Elsewhere,Leyden",
        "--hub", "Narnia", "--json",
    )  # fmt: skip
    assert ran.code == 1
    assert [p["found"] for p in json.loads(ran.stderr)] == ["Nowhere", "Elsewhere", "Narnia"]


def test_checks_stand_in_the_document(run_cli):
    ran = run_cli("scan", TOWNS, "--map", MAP, "--service", "police", "--checks", "--json")
    checks = json.loads(ran.stdout)["services"]["police"]["checks"]
    assert checks["coverage"]["contains_80_percent"]
    assert checks["backtest"] is None
    assert "none in these data" in checks["because"]


def test_agreements_that_exist_are_marked_left_out_or_kept(run_cli, tmp_path):
    common = (TOWNS, "--map", MAP, "--service", "fire")
    best = json.loads(run_cli("scan", *common, "--json").stdout)["candidates"][0]["members"][:2]
    file = tmp_path / "agreements.csv"
    rows = ["member,agreement,service", *(f"{m},Joint engine,fire" for m in best), "99,Joint engine,fire"]
    file.write_text("\n".join(rows), encoding="utf-8")
    agreed = ("--agreements", str(file), "--json")
    marked = json.loads(run_cli("scan", *common, *agreed).stdout)
    assert marked["candidates"][0]["agreements"] == ["Joint engine"]
    assert [n["about"] for n in marked["data"]["notes"] if n["kind"] == "register"] == ["99"]
    left = json.loads(run_cli("scan", *common, *agreed, "--exclude-agreements").stdout)["candidates"]
    assert all(len(set(c["members"]) & set(best)) < 2 for c in left)
    group = json.loads(run_cli("group", *common, *agreed, "--replications", "0").stdout)
    assert [set(members) for members in group["existing"]] == [set(best)]


def test_a_register_of_posts_opens_windows_between_members(run_cli, tmp_path):
    common = ("scan", TOWNS, "--map", MAP, "--service", "police", "--json")
    pair = next(c for c in json.loads(run_cli(*common).stdout)["candidates"] if c["kind"] == "pair")
    rows = [
        "organisation,title,status",
        *(f"{m},Police chief,vacant" for m in pair["members"]),
        "Narnia,Clerk,vacant",
    ]
    (tmp_path / "posts.csv").write_text("\n".join(rows), encoding="utf-8")
    found = json.loads(run_cli(*common, "--register", str(tmp_path / "posts.csv")).stdout)
    same = next(c for c in found["candidates"] if c["members"] == pair["members"])
    assert {w["government"] for w in same["leadership_windows"]} == set(pair["members"])
    assert same["duplicated"]["posts"] == ["Police chief"]
    assert [n["about"] for n in found["data"]["notes"] if n["kind"] == "register"] == ["Narnia"]


def test_borders_of_other_places_are_refused(run_cli, tmp_path):
    feature = {"type": "Feature", "properties": {"name": "Narnia"}, "geometry": None}
    file = tmp_path / "borders.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    ran = run_cli("scan", TOWNS, "--map", MAP, "--adjacency", str(file))
    assert ran.code == 1
    assert "it names Narnia" in ran.stderr
