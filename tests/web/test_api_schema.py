"""What the interface for programs says of itself holds for whatever is sent: no fault of ours, no answer it does not name."""

import json

import pytest

pytestmark = pytest.mark.slow


def test_no_request_meets_a_fault_or_an_answer_that_is_not_described(world, at):
    import schemathesis
    from agreements import hosted
    from hypothesis import HealthCheck, given, settings
    from together import bodies, put

    from interlocal.web.actions.tokens import make_token
    from interlocal.web.api.tokens import SCOPES
    from interlocal.web.models import RegionRecord

    put(bodies(world))
    at(world.alice).post("/regions/new/", {"from": "example"})
    region = RegionRecord.objects.get()
    there = {
        "agreement": str(hosted(world).pk),
        "year": "2025",
        "region": str(region.pk),
        "case": str(world.case.pk),
        "number": "1",
        "kind": "safety",
        "part": "options/0/lines",
    }
    token, of_no_use = (make_token(person=world.alice, name="x", scopes=s) for s in (SCOPES, ()))
    surveyed = {
        "cases": {"record": there["case"]},
        "agreements": {"record": there["agreement"], "kind": "pulse"},
    }
    client = at()
    description = client.get("/api/v1/openapi.json").json()
    schema = schemathesis.openapi.from_dict(description)
    met = set()

    def tried(operation):
        # 422 is ninja's for an input that does not fit the schema.
        described = {int(status) for status in operation.definition.raw["responses"]} | {422}

        @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @given(case=operation.as_strategy())
        def send(case):
            path = operation.path
            parts = case.path_parameters or {}
            here = there | surveyed.get(parts.get("of"), {})
            for name, value in parts.items():
                path = path.replace(f"{{{name}}}", here.get(name, str(value)))
            body = json.dumps(case.body) if isinstance(case.body, (dict, list)) else ""

            def ask(token):
                return client.generic(operation.method.upper(), path, body, content_type="application/json", headers={"authorization": f"Bearer {token}"})  # fmt: skip

            answer = ask(token)
            assert answer.status_code in described, (
                operation.label,
                answer.status_code,
                answer.content[:300],
            )
            if operation.label not in {label for label, _ in met}:
                assert ask(of_no_use).status_code in {403, 422}, operation.label
            met.add((operation.label, answer.status_code))

        return send

    for found in schema.get_all_operations():
        tried(found.ok())()
    every = {
        f"{method.upper()} {path}" for path, methods in description["paths"].items() for method in methods
    }
    assert {label for label, _ in met} == every
