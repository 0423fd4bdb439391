import numpy as np
import pytest

from interlocal.problems import InputError
from interlocal.region.backtest import backtest
from interlocal.region.commands import scan_document
from interlocal.region.mapping import load_mapping
from interlocal.region.render import as_html
from interlocal.region.scan import Options
from interlocal.region.tables import read_region

MAPPING = {
    "id": "code",
    "name": "town",
    "population": "people",
    "currency": "USD",
    "year": 2023,
    "services": {"records": {"spending": "cost"}},
    "adjacency": {"file": "pairs.csv"},
    "mergers": "mergers.csv",
}
HEADER = "merged,service,year,members,population,before,after"


def region(tmp_path, *mergers):
    """Forty fictional towns whose cost per head falls with size, and made-up mergers."""
    people = np.round(np.geomspace(500, 50_000, 40))
    rows = [f"{i},Town {i},{p:.0f},{100 * p**0.85:.0f}" for i, p in enumerate(people)]
    (tmp_path / "towns.csv").write_text("\n".join(["code,town,people,cost", *rows]))
    (tmp_path / "pairs.csv").write_text("id_a,id_b\n0,1\n1,2\n")
    (tmp_path / "mergers.csv").write_text("\n".join([HEADER, *mergers]))
    return read_region(tmp_path / "towns.csv", load_mapping(MAPPING))


def test_spending_after_a_made_up_merger_is_held_against_its_prediction(tmp_path):
    read = region(
        tmp_path,
        "Newtown,records,2019,Ash; Birch,1000;1000,40000;40000,74000",
        "Costlytown,records,2020,Cedar; Dale; Elm,1000;1000;1000,40000;40000;40000,190000",
    )
    as_foretold, dearer = backtest(read, "records")
    assert as_foretold["before"] == 80_000
    assert as_foretold["predicted"]["p10"] < as_foretold["predicted"]["p50"] < as_foretold["predicted"]["p90"]
    assert as_foretold["held"]
    assert not dearer["held"]
    document = scan_document(read, Options(largest=2), checks=True)
    assert document["services"]["records"]["checks"]["backtest"] == [as_foretold, dearer]
    assert "in 1 of 2" in as_html(document, read)


def test_a_merged_government_does_not_foretell_itself(tmp_path):
    row = "{},records,2019,Ash; Birch,25000;25000,600000;600000,1100000"
    alone, itself = backtest(region(tmp_path, row.format("Newtown"), row.format("Town 39")), "records")
    assert alone["predicted"] != itself["predicted"]


def test_everything_wrong_with_a_table_of_mergers_is_said_at_once(tmp_path):
    with pytest.raises(InputError) as error:
        region(tmp_path, "A,recrds,2019,Ash,1,2,3", "B,records,soon,Ash; Elm,5;-5,7,8")
    assert [p.path for p in error.value.problems] == [
        "/mergers/0/service",
        "/mergers/0/members",
        "/mergers/1/year",
        "/mergers/1/population",
        "/mergers/1/before",
    ]
