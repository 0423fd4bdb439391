"""From every page and every file, over two waves, nobody's answer can be worked out.

The attacker reads all that any person of the case can read, knows these rules, who was asked, who answered when, and
as an insider one own answer. Worlds of answers that look alike from there are put together: in no such set may
somebody's answer be the same throughout. What the panels are proven to hide over all memberships is tested in
``tests/consensus/test_attack.py``; here stands that the screens and the revisions add nothing to it.
"""

import ast
import itertools
import json
import re
from collections import defaultdict
from pathlib import Path

import pytest
from raters import begun, day, give, links, opened

pytestmark = pytest.mark.heavy

WEB = Path(__file__).parents[2] / "src/interlocal/web"
READERS = ("alice", "bob", "rita", "vic", "charlie", "fay")
LEVELS = (2, 4)
FIRST = {"safety": "safety_mistakes", "pulse": "pulse_bills"}


def test_one_module_alone_reads_and_writes_raw_answers():
    found = set()
    for path in WEB.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [a.name for a in node.names] if isinstance(node, ast.ImportFrom) else []
            names += [getattr(node, "id", ""), getattr(node, "attr", ""), getattr(node, "name", "")]
            names += [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []
            if any(str(n).lower() in {"surveyanswer", "web.surveyanswer", "web_surveyanswer"} for n in names):
                found.add(str(path.relative_to(WEB)))
    assert found == {"models/surveys.py", "migrations/0002_surveys.py", "actions/answers.py"}


@pytest.mark.usefixtures("database")
def test_no_object_leads_to_raw_answers():
    from interlocal.web.models.surveys import SurveyAnswer

    assert SurveyAnswer._meta.get_field("survey").remote_field.related_name == "+"
    assert [f.name for f in SurveyAnswer._meta.get_fields() if f.is_relation] == ["survey"]


@pytest.mark.usefixtures("database")
def test_no_admin_page_is_there():
    from django.conf import settings

    assert not [a for a in settings.INSTALLED_APPS if "admin" in a]


def read_all(place, at):
    """All that the people of it can read: every page one can get to, the files behind it, and what programs get."""
    from interlocal.web.actions.tokens import make_token

    seen = {}
    for name in READERS:
        person = getattr(place, name)
        client, waiting, done = (
            at(person),
            [place.url, f"{place.url}edit/{RECORDED[place.kind]}/", *BESIDE],
            set(),
        )
        while waiting:
            url = waiting.pop()
            if url in done:
                continue
            done.add(url)
            answer = client.get(url)
            text = answer.content.decode(errors="replace")
            seen[name, url] = _same_for_all(text)
            if "html" in answer["Content-Type"] and url.startswith(place.url):
                found = re.findall(r'href="([^"#]*)"', text)
                waiting += [u for u in found if u.startswith(place.url) and _about_surveys(u, place)]
        token = make_token(person=person, name="x", scopes=("read", "survey"))
        for rest in ("", "surveys", f"surveys/{place.kind}", f"surveys/{place.kind}/progress"):
            url = f"/api/v1{place.url}{rest}".rstrip("/")
            answer = client.get(url, headers={"authorization": f"Bearer {token}"})
            assert answer["Content-Type"].startswith("application/json")
            seen[name, url] = answer.content.decode()
    return seen


RECORDED = {"safety": "surveys", "pulse": "life/pulses"}
BESIDE = (
    "/cases/",
    "/agreements/",
    "/agreements/pairs.csv",
    "/agreements/reminders/",
    "/directory/",
    "/public/",
)


def _about_surveys(url, place):
    """Leave out other parts of the document, and the books: they name no survey, and their bills are many."""
    rest = url.removeprefix(place.url)
    return not rest.startswith(("edit/", "money/", "do/")) or rest.startswith(f"edit/{RECORDED[place.kind]}")


def _same_for_all(text):
    """Leave out what differs from one request to another by itself."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)
    return re.sub(r"\d\d:\d\d(:\d\d)?", "", text)


def worlds_of(people):
    """Every way in which people of one class can answer two waves; they can trade places, so only how many counts."""
    kinds = list(itertools.product(LEVELS, repeat=2))
    return itertools.combinations_with_replacement(kinds, people)


def play(world, survey, raters, levels):
    """Let raters answer two waves with given levels (None stays away) and close both, straight through the actions."""
    from interlocal.web.actions import answers, surveys

    revision = None
    for wave in (0, 1):
        surveys.open_wave(survey=survey, until=day(), by=world.alice)
        for token, kind in zip(raters, levels, strict=True):
            if kind[wave] is not None:
                answers.submit(token=token, answers={(survey.statements[0], ""): kind[wave]})
        revision = answers.close_wave(survey=survey, by=world.alice)
    return revision


@pytest.mark.slow
def test_over_every_world_of_two_waves_nobody_is_found_out(world):
    """Five answer both waves and may change their minds; in the second, one comes in who is new."""
    from django.db import transaction

    survey = begun(world, statements=("safety_mistakes",))
    tokens = links(world, survey, 6)
    alike = defaultdict(list)
    for stay, comes in itertools.product(worlds_of(5), LEVELS):
        levels = [*stay, (None, comes)]
        with transaction.atomic():
            found = play(world, survey, tokens, levels).data["surveys"]
            transaction.set_rollback(True)
        survey.refresh_from_db()
        world.case.refresh_from_db()
        world.case.__dict__.pop("_head", None)
        alike[json.dumps(found, sort_keys=True)].append(levels)
    shown = [[any("counts" in c for c in wave["cells"]) for wave in json.loads(seen)] for seen in alike]
    assert [True, True] in shown
    for same in alike.values():
        for own in [None, *itertools.product(range(2), set(itertools.chain(*same)))]:
            _nobody_is_sure(same, own)


def _nobody_is_sure(same, own):
    """``own`` is (class, answers) of an insider who knows them: 0 for those who answer both waves, 1 who is new."""
    classes = (slice(0, 5), slice(5, 6))
    if own is not None:
        same = [levels for levels in same if own[1] in levels[classes[own[0]]]]
    for n, part in enumerate(classes):
        for wave in (0, 1):
            possible = set()
            for levels in same:
                others = list(levels[part])
                if own is not None and own[0] == n:
                    others.remove(own[1])
                possible |= {kind[wave] for kind in others}
            assert not possible or possible == {None} or len(possible) > 1, (n, wave, own)


@pytest.mark.slow
def test_every_page_and_file_is_the_same_whoever_of_a_panel_gave_which_answer(place, at):
    """Trade the answers of people of one class: not a letter changes on any page, for anybody, before and after closing."""
    from django.core.cache import cache
    from django.db import transaction

    survey = begun(place, statements=(FIRST[place.kind],))
    tokens = links(place, survey, 8)
    seen = []
    for answered in ([2, 2, 3, 3, 4, 4, 5, 1], [5, 4, 4, 3, 1, 2, 3, 2]):
        with transaction.atomic():
            play(place, survey, tokens, [(level, 6 - level) for level in answered])
            seen.append(read_all(place, at))
            transaction.set_rollback(True)
        survey.refresh_from_db()
        place.case.refresh_from_db()
        place.case.__dict__.pop("_head", None)
        cache.clear()
    first, second = seen
    assert len(first) > 30
    shows = {"safety": "studies/", "pulse": "relationship/"}[place.kind]
    met = {f"{place.url}{rest}" for rest in ("download/", "history/", f"edit/{RECORDED[place.kind]}/", shows)}
    assert {url for _, url in first} >= {place.survey, f"/api/v1{place.url.rstrip('/')}", *BESIDE, *met}
    assert {k for k in first if first[k] != second.get(k)} == set()
    assert first.keys() == second.keys()


def test_while_a_wave_runs_pages_tell_nothing_of_its_answers(place, at):
    from django.db import transaction

    survey = opened(place)
    tokens = links(place, survey, 6)
    seen = []
    for level in (1, 5):
        with transaction.atomic():
            for token in tokens[:3]:
                give(at(), token, level)
            seen.append(read_all(place, at))
            transaction.set_rollback(True)
    assert seen[0] == seen[1]
