import json
from pathlib import Path

import pytest

from interlocal.problems import InputError
from interlocal.region.folder import known_tables, run_folder

EXAMPLE = Path(__file__).parents[2] / "examples" / "franklin-region"


def test_the_example_gives_pages_with_csv_and_json_beside_them(tmp_path):
    pages = run_folder(folder=EXAMPLE, out=tmp_path, said=lambda _: None)
    assert [page.name for page in pages] == ["scan.html", "group-public_works.html"]
    for page in pages:
        assert page.with_suffix(".csv").is_file()
    scan = json.loads(pages[0].with_suffix(".json").read_text())
    assert scan["data"]["governments_used"] == 26
    assert scan["data"]["neighbour_pairs"] == 56
    assert scan["services"]["police"]["checks"]["coverage"]["of"] > 20
    assert scan["services"]["police"]["finding"] == "no saving here"
    grouping = json.loads(pages[1].with_suffix(".json").read_text())
    assert grouping["proven_best"]


def test_a_folder_without_known_tables_says_what_is_known(tmp_path):
    with pytest.raises(InputError, match="no table that a mapping names"):
        run_folder(folder=tmp_path, out=tmp_path)


def test_public_tables_are_found_by_their_names(real_data):
    assert {name for name, _, _ in known_tables(real_data)} == {
        "england_revenue_outturn",
        "massachusetts_schedule_a",
        "pennsylvania_municipal_statistics",
        "us_public_libraries_survey",
        "victoria",
    }
