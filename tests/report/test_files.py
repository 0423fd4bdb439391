import json
from types import SimpleNamespace

import pytest

from interlocal.problems import InputError
from interlocal.report.files import write


@pytest.fixture
def study(document, monkeypatch):
    # What the page says is tested elsewhere, and drawing it takes most of a second.
    monkeypatch.setattr("interlocal.report.files.render_page", lambda _: "<!DOCTYPE html>")
    return SimpleNamespace(document=document, to_json=lambda: json.dumps(document))


def test_writes_both_files_into_a_new_folder_and_leaves_nothing_else(study, tmp_path):
    folder = tmp_path / "a" / "b"
    paths = write(study, folder)
    assert [p.name for p in paths] == ["study.json", "study.html"]
    assert sorted(p.name for p in folder.iterdir()) == ["study.html", "study.json"]
    assert json.loads(paths[0].read_text(encoding="utf-8")) == study.document
    assert paths[1].read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_writes_over_older_files(study, tmp_path):
    write(study, tmp_path)
    first = (tmp_path / "study.html").read_bytes()
    assert write(study, tmp_path)[1].read_bytes() == first


def test_a_folder_that_cannot_be_made_is_reported(study, tmp_path):
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(InputError) as error:
        write(study, tmp_path / "taken")
    (problem,) = error.value.problems
    assert problem.where.endswith("taken")
    assert "may write" in problem.expected


def test_a_failure_half_way_leaves_nothing(study, tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", refuse)
    with pytest.raises(InputError, match="No space left"):
        write(study, tmp_path)
    assert list(tmp_path.iterdir()) == []
