import json

import pytest

from interlocal import reference
from interlocal.problems import InputError
from interlocal.reference.evidence import evidence_for, list_services, render_evidence, render_services


@pytest.mark.parametrize("service", sorted(reference.services()))
def test_every_service_can_be_shown_and_written_as_json(service):
    document = evidence_for(service)
    assert json.loads(json.dumps(document, allow_nan=False)) == json.loads(json.dumps(document))
    text = render_evidence(document)
    assert reference.services()[service].name in text
    assert "[judgement]" in text
    assert all(f"[{mark}]" in text for mark in document["marks"])


def test_evidence_shows_figures_with_citation_doi_and_mark():
    text = " ".join(render_evidence(evidence_for("law enforcement")).split())
    assert "doi:10.1093/jopart/muz023. [V]" in text
    assert "22,000" in text
    assert "Stevens (1978). [R 0.8]" in render_evidence(evidence_for("refuse"))


def test_evidence_says_what_was_not_found():
    assert "published effects of sharing this service" in evidence_for("payroll")["not_found"]
    assert "No study of this service was found." in render_evidence(evidence_for("payroll"))


def test_the_list_names_every_service():
    document = list_services()
    assert {s["id"] for s in document["services"]} == set(reference.services())
    assert all(s["name"] in render_services(document) for s in document["services"])


def test_an_unknown_service_is_an_input_error():
    with pytest.raises(InputError, match="police"):
        evidence_for("polise")
