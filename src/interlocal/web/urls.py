"""Where each screen is. Every view carries the policy it asked; a test goes through this list."""

from __future__ import annotations

from django.urls import include, path

from interlocal.web.api.routes import api
from interlocal.web.views import (
    answering,
    cases,
    comments,
    comparisons,
    deciding,
    decisions,
    edit,
    history,
    home,
    packets,
    people,
    region_runs,
    regions,
    shares,
    studies,
    surveys,
    tokens,
)

CASE = "cases/<uuid:case>/"
ORGANISATION = "organisations/<uuid:organisation>/"
STATEMENT = f"{CASE}statements/<int:number>/"
COMMENT = f"{CASE}comments/<uuid:comment>/"
REGION = "regions/<uuid:region>/"
REGION_RUN = f"{REGION}runs/<uuid:run>/"
SURVEY = f"{CASE}surveys/<slug:kind>/"

urlpatterns = [
    path("", home.home, name="home"),
    path("health/", home.health, name="health"),
    path("metrics/", home.metrics, name="metrics"),
    path("accessibility/", home.accessibility, name="accessibility"),
    path("accounts/", include("allauth.urls")),
    path("api/v1/", api.urls),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/<int:token>/end/", tokens.end_token, name="token_end"),
    path("invitations/<str:token>/", people.invitation, name="invitation"),
    path("organisations/", people.organisations, name="organisations"),
    path(ORGANISATION, people.organisation, name="organisation"),
    path(f"{ORGANISATION}rename/", people.rename, name="organisation_rename"),
    path(f"{ORGANISATION}invite/", people.invite, name="organisation_invite"),
    path(f"{ORGANISATION}members/<int:membership>/", people.change_role, name="organisation_role"),
    path("regions/", regions.regions, name="regions"),
    path("regions/new/", regions.new_region, name="new_region"),
    path(REGION, regions.region, name="region"),
    path(f"{REGION}mapping/", regions.mapping, name="region_mapping"),
    path(f"{REGION}mapping.yaml", regions.mapping_file, name="region_mapping_file"),
    path(f"{REGION}tables/", regions.region_tables, name="region_tables"),
    path(f"{REGION}delete/", regions.delete, name="region_delete"),
    path(f"{REGION}scan/", region_runs.ask, {"kind": "scan"}, name="region_scan"),
    path(f"{REGION}group/", region_runs.ask, {"kind": "group"}, name="region_group"),
    path(REGION_RUN, region_runs.progress, name="region_run"),
    path(f"{REGION_RUN}cancel/", region_runs.cancel, name="region_cancel"),
    path(f"{REGION_RUN}open/", region_runs.open_candidate, name="region_open"),
    path(f"{REGION_RUN}result.json", region_runs.document, {"form": "json"}, name="region_json"),
    path(f"{REGION_RUN}result.csv", region_runs.document, {"form": "csv"}, name="region_csv"),
    path(f"{REGION_RUN}places/<int:place>/", region_runs.place, name="region_place"),
    path(f"{REGION_RUN}<slug:screen>/", region_runs.screen, name="region_screen"),
    path("cases/", cases.cases, name="cases"),
    path("cases/new/", cases.new_case, name="new_case"),
    path(CASE, cases.case, name="case"),
    path(f"{CASE}download/", cases.download, name="case_download"),
    path(f"{CASE}delete/", cases.delete, name="case_delete"),
    path(f"{CASE}people/", people.case_people, name="case_people"),
    path(f"{CASE}people/invite/", people.invite_to_case, name="case_invite"),
    path(f"{CASE}people/stands-for/", people.stand_for, name="case_stands_for"),
    path(f"{CASE}people/<int:member>/remove/", people.remove_from_case, name="case_remove"),
    path(f"{CASE}edit/<path:path>/", edit.edit, name="edit"),
    path(f"{CASE}history/", history.history, name="history"),
    path(f"{CASE}history/difference/", history.difference, name="difference"),
    path(f"{CASE}history/<int:number>/restore/", history.restore, name="restore"),
    path(f"{CASE}audit/", history.audit, name="audit"),
    path(f"{CASE}shares/", shares.shares, name="shares"),
    path(f"{CASE}studies/", studies.studies, name="studies"),
    path(f"{CASE}studies/<uuid:run>/", studies.progress, name="study"),
    path(f"{CASE}studies/<uuid:run>/cancel/", studies.cancel, name="study_cancel"),
    path(f"{CASE}studies/<uuid:run>/study.json", studies.document, name="study_json"),
    path(f"{CASE}studies/<uuid:run>/packet/", packets.packet, name="packet"),
    path(f"{CASE}studies/<uuid:run>/packet/<path:name>", packets.packet_file, name="packet_file"),
    path(f"{CASE}studies/<uuid:run>/<slug:screen>/", studies.screen, name="study_screen"),
    path(f"{CASE}compare/", comparisons.comparisons, name="compare"),
    path(f"{CASE}compare/<uuid:comparison>/", comparisons.comparison, name="comparison"),
    path(f"{CASE}surveys/", surveys.surveys, name="surveys"),
    path(SURVEY, surveys.survey, name="survey"),
    path(f"{SURVEY}open/", surveys.open_wave, name="survey_open"),
    path(f"{SURVEY}smallest-group/", surveys.raise_smallest_group, name="survey_smallest_group"),
    path(f"{SURVEY}links/", surveys.add_links, name="survey_links"),
    path(f"{SURVEY}send/", surveys.send_links, name="survey_send"),
    path(f"{SURVEY}remind/", surveys.remind, name="survey_remind"),
    path(f"{SURVEY}close/", surveys.close_wave, name="survey_close"),
    path(f"{SURVEY}end/", surveys.end, name="survey_end"),
    path(f"{CASE}statements/", deciding.statements, name="statements"),
    path(f"{CASE}statements/new/", deciding.new_statement, name="new_statement"),
    path(STATEMENT, deciding.statement, name="statement"),
    path(f"{STATEMENT}position/", deciding.take, name="statement_position"),
    path(f"{STATEMENT}last-day/", deciding.move_last_day, name="statement_last_day"),
    path(f"{STATEMENT}withdraw/", deciding.withdraw, name="statement_withdraw"),
    path(f"{STATEMENT}publish/", deciding.publish, name="statement_publish"),
    path(f"{CASE}comments/", comments.comments, name="comments"),
    path(f"{COMMENT}answer/", comments.answer, name="comment_answer"),
    path(f"{COMMENT}edit/", comments.edit, name="comment_edit"),
    path(f"{COMMENT}withdraw/", comments.withdraw, name="comment_withdraw"),
    path(f"{COMMENT}resolve/", comments.resolve, name="comment_resolve"),
    path(f"{CASE}decisions/", decisions.decisions, name="decisions"),
    path("answer/thanks/", answering.answered, name="answered"),
    path("answer/<str:token>/", answering.answer, name="answer"),
]
handler404 = home.not_found
handler403 = home.denied
handler500 = home.fault
