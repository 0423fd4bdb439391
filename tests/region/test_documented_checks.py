"""The table of checks in the documentation is what a run over the public data gives."""

from pathlib import Path

import pytest

from interlocal.region.brief import checks_rows
from interlocal.region.commands import scan_document
from interlocal.region.folder import known_tables
from interlocal.region.scan import Options
from interlocal.region.tables import read_region

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "cost-curves.md"
NAMES = {
    "massachusetts_schedule_a": "Massachusetts",
    "pennsylvania_municipal_statistics": "Allegheny County",
    "us_public_libraries_survey": "US libraries",
    "victoria": "Victoria",
}


def documented(real_data):
    for name, mapping, table in known_tables(real_data):
        if name in NAMES:
            document = scan_document(read_region(table, mapping), Options(largest=2), checks=True)
            for row in checks_rows(document):
                yield f"| {NAMES[name]} | {' | '.join(row)} |"


@pytest.mark.slow
def test_the_table_of_checks_is_what_a_run_gives(real_data):
    text = PAGE.read_text(encoding="utf-8")
    assert [row for row in documented(real_data) if row not in text] == []
