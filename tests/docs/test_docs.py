"""Every command and every snippet of the documentation runs, and says what the page shows."""

import json
import re
import shlex
import shutil
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
import yaml

from interlocal.case import parse_case
from interlocal.case.starter import starter
from interlocal.study import study

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/*/*.md"), ROOT / "README.md"])


def blocks(page, language):
    return re.findall(
        rf"^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )


def commands(page):
    """Each command of a page with the lines shown under it."""
    for block in blocks(page, "console"):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *shown = part.splitlines()
            yield command, [line for line in shown if line.strip()]


def with_pages(language):
    return [pytest.param(p, id=str(p.relative_to(ROOT))) for p in PAGES if blocks(p, language)]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("page", with_pages("console"))
def test_commands_run_and_print_what_the_page_shows(page, folder, run_cli):
    for command, shown in commands(page):
        program, *arguments = shlex.split(command)
        if program == "make":
            continue
        assert program == "interlocal", command
        ran = run_cli(*arguments, cwd=folder)
        assert ran.code == 0, f"{command}\n{ran.stderr}"
        for line in shown:
            assert line.removesuffix("…").strip() in ran.stdout, f"{command} does not print {line}"


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("page", with_pages("python"))
def test_python_snippets_run(page):
    namespace = {}
    for block in blocks(page, "python"):
        exec(compile(block, str(page), "exec"), namespace)  # noqa: S102 - our own documentation


@pytest.mark.parametrize("page", with_pages("yaml"))
def test_sections_of_a_case_fit_into_the_starter(page):
    for block in blocks(page, "yaml"):
        document = yaml.safe_load(starter()) | yaml.safe_load(block)
        parse_case(json.dumps(document, default=str).encode(), page.name, strict=True)


@pytest.mark.parametrize("page", [pytest.param(p, id=str(p.relative_to(ROOT))) for p in PAGES])
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (page.parent / target).exists(), f"{page.name} leads to {target}"


def test_the_message_of_the_tutorial_is_the_one_the_check_gives(tmp_path, run_cli):
    (tmp_path / "case.yaml").write_text(
        starter().replace("partner: birch_hollow", "partner: birch_holow"), encoding="utf-8"
    )
    ran = run_cli("check", "case.yaml", cwd=tmp_path)
    assert ran.code == 1
    (shown,) = blocks(ROOT / "docs" / "tutorial" / "first-study.md", "text")
    assert all(line.strip() in ran.stderr for line in shown.splitlines())


def test_the_reference_of_the_case_and_of_the_commands_is_current():
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "reference_docs.py"), "--check"],
        env={"PYTHONPATH": str(ROOT / "src"), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_example_of_a_study_fits_the_schema_and_has_the_keys_of_a_study_of_today():
    example = json.loads((ROOT / "docs" / "reference" / "study-example.json").read_text(encoding="utf-8"))
    schema = json.loads((files("interlocal.reference") / "study.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(example, schema)
    today = study(parse_case(starter().encode(), "starter"), draws=200).document
    assert keys(example) == keys(json.loads(json.dumps(today)))


def keys(part):
    """The tree of keys of a JSON value."""
    if isinstance(part, dict):
        return {k: keys(v) for k, v in part.items()}
    return [keys(part[0])] if isinstance(part, list) and part else None
