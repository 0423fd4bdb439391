"""What changed between two revisions is named as the forms name it."""

import copy
import json

import pytest


@pytest.fixture
def named(world):
    """Return what is said of a change of the example."""
    from interlocal.web import examples, places
    from interlocal.web.forms.merge import differences

    before = json.loads(examples.case("juniper-valley").canonical_json())

    def said(change):
        after = copy.deepcopy(before)
        change(after)
        # The same from either side: what is new stands in one of them alone.
        ways = [(before, after), (after, before)]
        one, two = ([places.called(c.pointer, way) for c in differences(*way)] for way in ways)
        assert one == two
        return one

    return said


def test_a_field_is_named_by_its_entry_and_not_by_its_address(named):
    assert named(lambda d: d.update(title="x")) == ["Title"]
    assert named(lambda d: d["options"][0]["lines"][0].update(note="x")) == [
        "Options › Four departments, as today › Lines › juniper staff › Note"]  # fmt: skip
    assert named(lambda d: d["partners"][1]["measures"]["population"].update(value=9)) == [
        "Partners › Town of Cedar Ford › Measures › Population › Value"]  # fmt: skip


def test_an_entry_that_came_or_went_is_named_too(named):
    assert named(lambda d: d["partners"].append({"id": "elm", "name": "Village of Elm"})) == [
        "Partners › Village of Elm"
    ]
    assert named(lambda d: d["service_measures"].pop(0)) == [
        "How well it does › Time to first engine on scene, 90th percentile"
    ]


def test_both_pages_show_the_names(world, at):
    from interlocal.web.actions import cases
    from interlocal.web.examples import checked

    data = copy.deepcopy(world.case.head.data)
    data["partners"][0]["name"] = "Another name"
    cases.save_case(record=world.case, case=checked(data, "x"), base=1, by=world.bob, about="Partners")
    page = at(world.bob).get(f"{world.url}history/difference/?from=1&to=2").content.decode()
    assert f"<h2>Partners › {world.case.head.data['partners'][0]['name']} › Name</h2>" in page
    assert "/partners/" not in page.partition("<main")[2]
