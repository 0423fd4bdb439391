"""Whatever the screens do to cases, revisions, surveys, studies and regions, a program can do as well."""

import pytest

SAME = {
    "cases": "GET /cases",
    "new_case": "POST /cases",
    "case": "GET /cases/{case}/standing",
    "case_download": "GET /cases/{case}",
    "case_delete": "DELETE /cases/{case}",
    "case_people": "GET /cases/{case}/people",
    "case_invite": "POST /cases/{case}/people",
    "case_withdraw": "DELETE /cases/{case}/invitations/{invitation}",
    "case_stands_for": "PUT /cases/{case}/stands-for",
    "case_remove": "DELETE /cases/{case}/people/{member}",
    "edit": "PUT /cases/{case}/parts/{part}",
    "history": "GET /cases/{case}/revisions",
    "difference": "GET /cases/{case}/difference",
    "restore": "POST /cases/{case}/revisions/{number}/restore",
    "audit": "GET /cases/{case}/events",
    "shares": "POST /cases/{case}/laboratory",
    "studies": "POST /cases/{case}/studies",
    "study": "GET /cases/{case}/studies/{run}",
    "study_cancel": "POST /cases/{case}/studies/{run}/cancel",
    "study_json": "GET /cases/{case}/studies/{run}/study.json",
    "study_screen": "GET /cases/{case}/studies/{run}/study.json",
    "packet": "POST /cases/{case}/studies/{run}/packet",
    "packet_file": "GET /cases/{case}/studies/{run}/packet/{name}",
    "compare": "POST /cases/{case}/comparisons",
    "comparison": "GET /cases/{case}/comparisons/{comparison}",
    "surveys": "POST /{of}/{record}/surveys",
    "survey": "GET /{of}/{record}/surveys/{kind}",
    "survey_open": "PUT /{of}/{record}/surveys/{kind}/wave",
    "survey_smallest_group": "PUT /{of}/{record}/surveys/{kind}/smallest-group",
    "survey_links": "POST /{of}/{record}/surveys/{kind}/links",
    "survey_send": "POST /{of}/{record}/surveys/{kind}/messages",
    "survey_remind": "POST /{of}/{record}/surveys/{kind}/reminders",
    "survey_close": "POST /{of}/{record}/surveys/{kind}/close",
    "survey_end": "POST /{of}/{record}/surveys/{kind}/end",
    "statements": "GET /cases/{case}/statements",
    "new_statement": "POST /cases/{case}/statements",
    "statement": "GET /cases/{case}/statements/{number}",
    "statement_position": "PUT /cases/{case}/statements/{number}/position",
    "statement_last_day": "PUT /cases/{case}/statements/{number}/last-day",
    "statement_withdraw": "POST /cases/{case}/statements/{number}/withdrawal",
    "statement_publish": "POST /cases/{case}/statements/{number}/result",
    "comments": "POST /cases/{case}/comments",
    "comment_answer": "POST /cases/{case}/comments/{comment}/answers",
    "comment_edit": "PUT /cases/{case}/comments/{comment}",
    "comment_withdraw": "DELETE /cases/{case}/comments/{comment}",
    "comment_resolve": "PUT /cases/{case}/comments/{comment}/resolved",
    "decisions": "POST /cases/{case}/decisions",
    "regions": "GET /regions",
    "new_region": "POST /regions",
    "region": "GET /regions/{region}",
    "region_mapping": "PUT /regions/{region}/mapping",
    "region_mapping_file": "GET /regions/{region}",
    "region_tables": "PUT /regions/{region}/tables",
    "region_delete": "DELETE /regions/{region}",
    "region_scan": "POST /regions/{region}/runs",
    "region_group": "POST /regions/{region}/runs",
    "region_run": "GET /regions/{region}/runs/{run}",
    "region_cancel": "POST /regions/{region}/runs/{run}/cancel",
    "region_open": "POST /regions/{region}/runs/{run}/cases",
    "region_json": "GET /regions/{region}/runs/{run}/result.json",
    "region_csv": "GET /regions/{region}/runs/{run}/result.csv",
    "region_screen": "GET /regions/{region}/runs/{run}/result.json",
    "region_place": "GET /regions/{region}/runs/{run}/result.json",
}
BY_EYE = {
    "publish_desk", "publish_leave_out", "publish_preview", "publish_take_down", "publish_record", "residents",
    "residents_log", "residents_decide", "residents_answer", "residents_take_back",
}  # fmt: skip
"""What goes out to the public is looked at by a person first, page by page; no program publishes or judges a comment."""


@pytest.fixture
def operations(at):
    paths = at().get("/api/v1/openapi.json").json()["paths"]
    return {f"{m.upper()} {p.removeprefix('/api/v1')}" for p, methods in paths.items() for m in methods}


def test_each_screen_of_a_case_or_a_region_has_a_route_for_programs(operations):
    from django.urls import get_resolver

    ours = {p.name for p in get_resolver().url_patterns if str(p.pattern).startswith(("cases/", "regions/"))}
    assert ours == {*SAME, *BY_EYE}
    assert set(SAME.values()) - operations == set()
