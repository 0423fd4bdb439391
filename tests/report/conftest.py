import copy
import json

import pytest

from interlocal.case import read_case
from interlocal.study import study


@pytest.fixture(scope="session")
def _whole(root):
    case = read_case(root / "examples/juniper-valley/case.yaml")
    return json.loads(study(case, draws=1000).to_json())


@pytest.fixture
def document(_whole):
    """A study of a made-up case, as the command writes it; each test may change its own copy."""
    return copy.deepcopy(_whole)


@pytest.fixture
def unknown(document):
    """The same study where nothing can be answered, each answer with its reason."""
    reason = "We do not know what the service costs Town of Cedar Ford today."
    questions = document["questions"]
    for key, o in questions["money"]["options"].items():
        questions["money"]["options"][key] = {
            "name": o["name"],
            "kind": o["kind"],
            "inside": None,
            "outside": None,
            "pool": None,
            "unknown": reason,
        }
        questions["service"]["options"][key] = {"unknown": reason, "joint": None}
        questions["sustainability"]["options"][key] = {"unknown": reason, "p_stays": None}
    questions["money"]["do_nothing"] = {}
    document["sharing"] = {"options": {}}
    document["warnings"] = []
    return document
