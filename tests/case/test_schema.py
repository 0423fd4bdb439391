import json

import jsonschema
from cases import document

from interlocal.case.schema import case_schema
from interlocal.case.text import parse


def valid(d):
    jsonschema.Draft202012Validator(case_schema()).validate(json.loads(json.dumps(d)))
    return True


def test_the_schema_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(case_schema())


def test_the_schema_accepts_a_sound_case_with_short_forms():
    assert valid(document())


def test_the_schema_explains_its_fields():
    assert "description" in case_schema()["$defs"]["Partner"]["properties"]["fiscal_year_start"]


def test_the_schema_accepts_every_example(root):
    for path in sorted(root.glob("examples/*/case.yaml")):
        assert valid(parse(path.read_bytes(), path.name).value), path
