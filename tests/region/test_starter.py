import datetime as dt

import pytest

from interlocal.case.check import check
from interlocal.case.read import parse_case
from interlocal.problems import InputError
from interlocal.region.commands import scan_document
from interlocal.region.mapping import load_mapping
from interlocal.region.scan import Options
from interlocal.region.starter import case_of_rank
from interlocal.region.tables import read_region

DAY = dt.date(2025, 3, 1)


def test_every_candidate_opens_as_a_case_without_faults(region_of):
    region = region_of(slope=-0.2, count=40)
    document = scan_document(region, Options(top=5))
    for rank in range(1, 6):
        text = case_of_rank(region, document, rank, as_of=DAY)
        case = parse_case(text.encode(), "starter")
        assert list(check(case)) == []
        assert len(case.partners) == len(document["candidates"][rank - 1]["members"])
        assert text == case_of_rank(region, document, rank, as_of=DAY)


def test_a_rank_that_is_not_there_is_said(region_of):
    region = region_of(slope=-0.2, count=40)
    document = scan_document(region, Options(top=5))
    with pytest.raises(InputError, match="from 1 to 5"):
        case_of_rank(region, document, 6, as_of=DAY)


@pytest.mark.parametrize(
    ("mapping", "table"),
    [("massachusetts_schedule_a", "ma_municipalities.csv"), ("victoria", "vic_councils.csv")],
)
@pytest.mark.slow
def test_every_service_of_a_shipped_mapping_makes_a_case(real_data, mapping, table):
    for service in load_mapping(mapping).services:
        region = read_region(real_data / table, load_mapping(mapping), services=(service,))
        document = scan_document(region, Options(top=1, largest=2))
        case = parse_case(case_of_rank(region, document, 1, as_of=DAY).encode(), service)
        assert list(check(case)) == []


@pytest.mark.slow
def test_a_starter_case_gives_a_study(region_of):
    from interlocal.study import study

    region = region_of(slope=-0.2, count=40)
    text = case_of_rank(region, scan_document(region, Options(top=1)), 1, as_of=DAY)
    assert study(parse_case(text.encode(), "starter"), draws=500)
