import pytest

from interlocal import reference
from interlocal.problems import InputError


def test_at_least_45_services_with_drivers_and_measures_that_exist():
    assert len(reference.services()) >= 45
    for service in reference.services().values():
        assert set(service.drivers) <= set(reference.measures()), service.id
        assert service.measures
        assert {m.better for m in service.measures} <= {"higher", "lower"}
        assert service.evidence in reference.evidence_classes()


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("police", "police"),
        ("Law enforcement", "police"),
        ("911 dispatch", "dispatch"),
        ("refuse collection", "solid_waste"),
        ("building control", "building_inspection"),
        ("Parks & open space", "parks"),
        ("children's services", "child_services"),
    ],
)
def test_a_service_is_found_by_its_plain_and_official_names(said, meant):
    assert reference.find_service(said).id == meant


def test_no_word_means_two_services_or_two_posts():
    for things, words in (
        (
            reference.services(),
            lambda s: {s.id.replace("_", " "), s.name.casefold(), *map(str.casefold, s.aliases)},
        ),
        (
            reference.posts(),
            lambda p: {p.id.replace("_", " "), p.name.casefold(), *map(str.casefold, p.titles)},
        ),
    ):
        every = [word for thing in things.values() for word in words(thing)]
        assert sorted({w for w in every if every.count(w) > 1}) == []


def test_an_unknown_service_names_the_nearest():
    assert reference.find_service("polcie") is None
    with pytest.raises(InputError, match="Did you mean police"):
        reference.require_service("polcie")
    with pytest.raises(InputError, match="list all services"):
        reference.require_service("zzzzzz")


@pytest.mark.parametrize(
    ("title", "post"),
    [
        ("Chief of Police", "police_chief"),
        ("Interim Police Chief (part-time)", "police_chief"),
        ("director of human resources", "hr_director"),
        ("Personnel Director", "hr_director"),
        ("Town Manager", "chief_administrator"),
        ("Chief Administrative Officer", "chief_administrator"),
        ("Veterans’ Services Officer", "veterans_officer"),
    ],
)
def test_titles_that_mean_the_same_find_the_same_post(title, post):
    assert reference.find_post(title) is reference.posts()[post]


def test_a_deputy_is_another_post_and_an_unknown_title_is_none():
    assert reference.find_post("Deputy Police Chief").id == "deputy_police_chief"
    assert reference.find_post("poet laureate") is None
    assert len(reference.posts()) >= 30


def test_every_governance_model_reasons_from_known_conditions_and_sources():
    models = reference.governance_models()
    assert len(models) == 10
    for model in models.values():
        assert model.reasons
        for reason in model.reasons:
            assert reason.when in reference.conditions()
            assert reason.weight in {-2, -1, 1, 2}
            assert reason.mark in reference.marks()
            assert reason.source in reference.sources()
        for trait in (
            model.can_tax,
            model.can_borrow,
            model.can_own,
            model.can_employ,
            model.separate_entity,
        ):
            assert trait.answer in {"yes", "no", "depends"}
            assert trait.mark in {"described", "judgement"}


def test_every_clause_is_for_legal_review_and_belongs_to_known_models():
    for clause in reference.clauses().values():
        assert clause.legal_review
        assert clause.questions
        assert clause.needed_by
        assert set(clause.needed_by) <= set(reference.governance_models())


def test_every_rule_of_law_has_a_source_that_can_be_cited_and_bears_on_a_clause():
    rules = reference.place_rules("US-MA")
    assert rules
    for rule in rules:
        assert rule.cite
        assert rule.edition
        assert rule.address.startswith("https://")
        assert rule.read_on
        assert rule.topic in reference.clauses()
        assert {*rule.allows, *rule.forbids} <= set(reference.governance_models())


def test_of_a_place_without_a_rule_nothing_is_said_but_to_ask_counsel():
    assert reference.place_rules("US-VT") == ()
    assert "counsel" in reference.ask_counsel()


def test_whatever_a_ranking_can_want_to_know_has_a_question_and_somebody_to_ask():
    counted = {"few_partners", "many_partners"}
    asked = [c for ask in reference.asks() for c in ask.conditions]
    assert len(asked) == len(set(asked))
    assert set(asked) | counted == set(reference.conditions())
    assert all(ask.who for ask in reference.asks())
