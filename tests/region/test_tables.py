import gzip
import json

import numpy as np
import pytest

from interlocal.problems import InputError
from interlocal.region.mapping import load_mapping, shipped
from interlocal.region.tables import read_region

MAPPING = {
    "id": "code",
    "name": "town",
    "population": "people",
    "place": {"lat": "lat", "lon": "lon"},
    "area": {"column": "km2"},
    "currency": "USD",
    "year": 2023,
    "missing_codes": [-9],
    "services": {
        "fire": {
            "spending": "fire cost",
            "missing_if": {"a fire district": 'district == "yes"', "did not file": "not filed"},
        }
    },
    "adjacency": {"within_km": 12},
}
HEADER = "code,town,people,lat,lon,km2,fire cost,district,filed"
ROWS = (
    "1,Ash,1000,42.50,-72.80,50,100000,no,True",
    "2,Birch,2000,42.55,-72.80,50,150000,no,True",
    "3,Cedar,3000,42.60,-72.80,50,0,no,True",
    "4,Dale,4000,42.65,-72.80,50,,no,True",
    "5,Elm,5000,42.70,-72.80,50,400000,yes,True",
    "6,Fir,6000,42.75,-72.80,50,500000,no,False",
    "7,Grove,7000,42.80,-72.80,50,-9,no,True",
    "8,Hill,8000,48.00,-72.80,50,-5,no,True",
    "9,Isle,9000,,,50,many,no,True",
)


def region(tmp_path, rows=ROWS, header=HEADER, mapping=MAPPING, **options):
    path = tmp_path / "towns.csv"
    path.write_text("\n".join([header, *rows]), encoding="utf-8")
    return read_region(path, load_mapping(mapping), **options)


def problems(call):
    with pytest.raises(InputError) as error:
        call()
    return error.value.problems


def test_every_reason_for_leaving_a_figure_out_is_told_apart(tmp_path):
    service = region(tmp_path).services["fire"]
    assert service.why_not == (
        "",
        "",
        "zero, which may mean not reported",
        "blank or not a number",
        "a fire district",
        "did not file",
        "blank or not a number",
        "negative",
        "blank or not a number",
    )
    assert np.isfinite(service.spending).tolist() == [True, True, *[False] * 7]


@pytest.mark.parametrize("kind", ["parquet", "xlsx"])
def test_parquet_and_excel_give_the_same_region(tmp_path, kind):
    table = [line.split(",") for line in (HEADER, *ROWS)]
    path = tmp_path / f"towns.{kind}"
    if kind == "parquet":
        polars = pytest.importorskip("polars")
        columns = dict(zip(table[0], zip(*table[1:], strict=True), strict=True))
        polars.DataFrame(columns).write_parquet(path)
    else:
        openpyxl = pytest.importorskip("openpyxl")
        book = openpyxl.Workbook()
        for row in table:
            book.active.append(row)
        book.save(path)
    read, wanted = read_region(path, load_mapping(MAPPING)), region(tmp_path)
    assert read.services["fire"].why_not == wanted.services["fire"].why_not
    assert read.population.tolist() == wanted.population.tolist()


def test_an_excel_table_in_thousands_with_a_row_twice(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["code", "town", "people", "lat", "lon", "km2", "fire cost"])
    for i in (*range(1, 13), 12):
        book.active.append([i, f"T{i}", 1000 * i, 42 + i / 20, -72.8, 50.5, 30 * i + 0.5])
    book.save(tmp_path / "towns.xlsx")
    fire = {"spending": "fire cost"}
    whole = read_region(
        tmp_path / "towns.xlsx", load_mapping(MAPPING | {"services": {"fire": fire | {"unit": 1000}}})
    )
    assert whole.services["fire"].spending[:2].tolist() == [30_500, 60_500]
    assert whole.ids[:2] == ("1", "2")
    assert [n.about for n in whole.notes if n.kind == "duplicate"] == ["12"]
    untold = read_region(tmp_path / "towns.xlsx", load_mapping(MAPPING | {"services": {"fire": fire}}))
    (told,) = [n.text for n in untold.notes if n.kind == "unit"]
    assert "in thousands? Set unit: 1000" in told


def test_a_zero_can_mean_no_service(tmp_path):
    fire = MAPPING["services"]["fire"] | {"zero": "no_service"}
    read = region(tmp_path, mapping=MAPPING | {"services": {"fire": fire}})
    assert read.services["fire"].why_not[2] == "zero: no such service"


def test_the_summary_counts_what_was_used_and_left_out(tmp_path):
    summary = region(tmp_path).summary()
    assert summary["services"]["fire"]["used"] == 2
    left_out = summary["services"]["fire"]["left_out"]
    assert sorted(i for ids in left_out.values() for i in ids) == ["3", "4", "5", "6", "7", "8", "9"]
    assert left_out["a fire district"] == ["5"]
    assert summary["governments_used"] == 9
    assert {n["kind"] for n in summary["notes"]} >= {"not_a_number", "place"}


def test_duplicates_and_rows_without_people_are_left_out_and_reported(tmp_path):
    extra = (
        "1,Ash,1000,42.50,-72.80,50,99,no,True",
        ROWS[1],
        "10,Jay,0,42,-72,50,1,no,True",
        ",Kay,5,42,-72,50,1,no,True",
    )
    read = region(tmp_path, (*ROWS, *extra))
    said = {(n.about, n.text) for n in read.notes if n.left_out}
    assert ("1", "the id stands in two rows with different figures; the first row is used") in said
    assert ("2", "the id stands in two rows with the same figures") in said
    assert ("10", "population is 0; the row is left out") in said
    assert len(read.ids) == 9


def test_a_figure_in_the_wrong_unit_is_left_out_and_an_outlier_kept(tmp_path):
    rows = [f"{i},T{i},{1000 + 10 * i},42.{i:02d},-72.8,50,{100000 + 997 * i},no,True" for i in range(1, 20)]
    rows += ["20,Milli,1000,43,-72.8,50,105,no,True", "21,Much,1000,43,-72.8,50,2500000,no,True"]
    read = region(tmp_path, rows)
    assert read.services["fire"].why_not[-2:] == ("a thousand times off: wrong unit?", "")
    assert {(n.kind, n.about) for n in read.notes if n.service == "fire"} == {
        ("unit", "20"),
        ("outlier", "21"),
    }


def test_neighbours_by_distance(tmp_path):
    read = region(tmp_path)
    assert read.neighbours.pairs.tolist() == [[i, j] for i in range(7) for j in range(i + 1, 7) if j - i <= 2]
    assert read.summary()["without_neighbours"] == ["8", "9"]


def test_neighbours_from_a_file_with_unknown_ids(tmp_path):
    pairs = tmp_path / "pairs.csv"
    pairs.write_text("id_a,id_b\n2,1\n1,2\n3,99\n4,4\n")
    read = region(tmp_path, adjacency=pairs)
    assert read.neighbours.pairs.tolist() == [[0, 1]]
    assert {n.about for n in read.notes if n.kind == "neighbour"} == {"99", "4"}


def square(identity, x, y):
    ring = [[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1], [x, y]]
    return {
        "type": "Feature",
        "properties": {"code": identity},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def test_neighbours_from_borders_share_more_than_a_corner(tmp_path):
    borders = tmp_path / "borders.geojson"
    features = [square("1", 0, 0), square("2", 1, 0), square("3", 2, 1), square("77", 5, 5)]
    borders.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    read = region(tmp_path, adjacency=borders)
    assert read.neighbours.pairs.tolist() == [[0, 1]]
    assert "77" in {n.about for n in read.notes}
    assert set(read.neighbours.borders) == {0, 1, 2}


def test_long_tables_are_pivoted_and_joined(tmp_path):
    lines = ["code,year,line,amount", *(f"{i},2023,fire,{i * 10}" for i in range(1, 9)), "1,2022,fire,7"]
    (tmp_path / "lines.csv.gz").write_bytes(gzip.compress("\n".join(lines).encode()))
    table = {
        "file": "lines.csv.gz",
        "key": "code",
        "where": {"year": 2023},
        "pivot": {"names": "line", "values": "amount"},
    }
    mapping = MAPPING | {"tables": [table], "services": {"fire": {"spending": "fire", "unit": 1000}}}
    read = region(tmp_path, mapping=mapping)
    assert read.services["fire"].spending[:2].tolist() == [10_000, 20_000]
    assert [(n.about, n.text) for n in read.notes if n.kind == "year"] == [
        ("9", "no row in lines.csv.gz for year 2023")
    ]


def test_a_column_that_is_not_there_names_the_nearest_one(tmp_path):
    found = problems(lambda: region(tmp_path, mapping=MAPPING | {"population": "peple"}))
    assert [p.fix for p in found] == ["Did you mean people?"]


def test_all_that_a_mapping_names_and_no_file_has_is_said_at_once(tmp_path):
    fire = MAPPING["services"]["fire"] | {"spending": "fire costs", "volume": "calls"}
    wrong = MAPPING | {"population": "peple", "area": {"column": "km"}, "services": {"fire": fire}}
    found = problems(lambda: region(tmp_path, mapping=wrong))
    assert [p.path for p in found] == [
        "/population",
        "/area/column",
        "/services/fire/spending",
        "/services/fire/volume",
    ]
    tables = [{"file": "none.csv", "key": "code"}]
    assert len(problems(lambda: region(tmp_path, mapping=MAPPING | {"id": "cod", "tables": tables}))) == 2
    bad = {"fire": {"spending": "fire cost", "missing_if": "nosuch > 1"}}
    late = MAPPING | {"services": bad, "adjacency": {"file": "pairs.csv"}, "mergers": "none.csv"}
    (tmp_path / "pairs.csv").write_text("x,y\n1,2\n")
    assert len(problems(lambda: region(tmp_path, mapping=late))) == 3


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("__import__('os')", "is not allowed here"),
        ("nosuch > 1", "there is no column nosuch"),
        ("people >", "cannot be read"),
        ("people.real", "is not allowed here"),
        ("people == 'many'", "a number is compared with a word"),
    ],
)
def test_a_condition_runs_no_code(tmp_path, expression, reason):
    fire = {"fire": {"spending": "fire cost", "missing_if": expression}}
    (problem,) = problems(lambda: region(tmp_path, mapping=MAPPING | {"services": fire}))
    assert reason in problem.fix


def test_all_faults_of_a_mapping_are_listed_at_once():
    found = problems(
        lambda: load_mapping({"id": "a", "nme": "b", "population": "c", "currency": "dollars", "year": 1})
    )
    assert {p.path for p in found} == {"/name", "/nme", "/currency", "/services"}
    assert next(p for p in found if p.path == "/nme").fix == "Did you mean name?"


def test_an_unknown_service_or_mapping_is_said(tmp_path):
    assert problems(lambda: region(tmp_path, services=("fir",)))[0].fix == "Did you mean fire?"
    assert "victoria" in problems(lambda: load_mapping("victory"))[0].fix


def test_files_that_are_no_tables(tmp_path):
    assert problems(lambda: region(tmp_path, ()))[0].found == "no rows"
    assert problems(lambda: region(tmp_path, ("1,2",)))[0].found == "2 cells"
    assert problems(lambda: region(tmp_path, ROWS[:1]))[0].expected == "at least two"


@pytest.mark.parametrize(
    ("mapping", "file", "governments", "pairs"),
    [
        ("massachusetts_schedule_a", "ma_municipalities.csv", 351, 913),
        ("pennsylvania_municipal_statistics", "pa_allegheny_municipalities.csv", 130, 347),
        ("england_revenue_outturn", "uk_lancashire_councils.csv", 14, 27),
        ("victoria", "vic_councils.csv", 79, 202),
    ],
)
def test_the_shipped_mappings_read_public_data(real_data, mapping, file, governments, pairs):
    assert mapping in shipped()
    read = read_region(real_data / file, load_mapping(mapping))
    assert (len(read.ids), len(read.neighbours.pairs)) == (governments, pairs)


def test_massachusetts_figures_are_those_of_the_source(real_data):
    read = read_region(real_data / "ma_municipalities.csv", load_mapping("massachusetts_schedule_a"))
    assert read.population.sum() == 7_029_917
    left_out = read.summary()["services"]["fire"]["left_out"]
    assert {reason: len(ids) for reason, ids in left_out.items()} == {
        "the town did not file Schedule A": 5,
        "a separate fire district, outside the general fund": 13,
    }
