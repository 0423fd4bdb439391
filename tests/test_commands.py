import json
import signal
import subprocess
import sys
import time

import pytest
import yaml
from cases import document


@pytest.fixture
def case_file(tmp_path):
    path = tmp_path / "case.yaml"
    path.write_text(yaml.safe_dump(document(), sort_keys=False))
    return path


def test_check_says_that_a_case_is_sound(run_cli, case_file):
    code, out, err = run_cli("check", str(case_file))
    assert code == 0, err
    assert "no problems" in out


def test_check_tells_every_problem_on_standard_error(run_cli, tmp_path):
    path = tmp_path / "bad.yaml"
    path.write_text(yaml.safe_dump(document(tittle="x", currency="dollars"), sort_keys=False))
    code, out, err = run_cli("check", str(path))
    assert code == 1
    assert out == ""
    assert "2 problems" in err
    assert "Did you mean title?" in err
    assert "Traceback" not in err


def test_check_tells_problems_to_programs_as_json(run_cli, tmp_path):
    path = tmp_path / "bad.yaml"
    path.write_text(yaml.safe_dump(document(tittle="x"), sort_keys=False))
    code, out, err = run_cli("check", str(path), "--json")
    assert (code, out) == (1, "")
    (problem,) = json.loads(err)
    assert set(problem) == {"path", "where", "found", "expected", "fix"}


def test_study_writes_its_files_and_says_where(run_cli, case_file, tmp_path):
    out_folder = tmp_path / "results"
    code, out, err = run_cli("study", str(case_file), "--out", str(out_folder), "--draws", "500")
    assert code == 0, err
    assert {p.name for p in out_folder.iterdir()} == {"study.json", "study.html"}
    assert "study.html" in out
    assert json.loads((out_folder / "study.json").read_text())["draws"] == 500


def test_study_json_is_one_document_and_nothing_else(run_cli, case_file):
    code, out, _ = run_cli("study", str(case_file), "--draws", "200", "--json", "--seed", "7")
    assert code == 0
    assert json.loads(out)["seed"] == 7


def test_gate_and_audience_are_the_users(run_cli, case_file):
    _, out, _ = run_cli(
        "study", str(case_file), "--draws", "200", "--json", "--gate", "adopt", "--audience", "public"
    )
    found = json.loads(out)
    assert (found["case"]["gate"], found["audience"]) == ("adopt", "public")


@pytest.mark.slow
def test_workers_change_no_byte(run_cli, case_file, tmp_path):
    texts = []
    for workers in ("1", "2"):
        folder = tmp_path / workers
        run_cli("study", str(case_file), "--out", str(folder), "--draws", "5000", "--workers", workers)
        texts.append((folder / "study.json").read_bytes())
    assert texts[0] == texts[1]


def test_wrong_usage_is_2(run_cli, case_file):
    assert run_cli("study", str(case_file), "--draws", "many")[0] == 2
    assert run_cli("study")[0] == 2


def test_new_writes_a_case_that_passes_its_check_and_never_overwrites(run_cli, tmp_path):
    for extra in ((), ("--full",)):
        path = tmp_path / f"case{len(extra)}.yaml"
        assert run_cli("new", str(path), *extra)[0] == 0
        assert run_cli("check", str(path))[0] == 0
        before = path.read_text()
        code, _, err = run_cli("new", str(path), *extra)
        assert code == 1
        assert "Traceback" not in err
        assert path.read_text() == before


def test_schema_is_printed(run_cli):
    code, out, _ = run_cli("schema")
    assert code == 0
    assert "partners" in json.loads(out)["properties"]


def test_evidence_of_a_service_and_of_a_wrong_name(run_cli):
    code, out, _ = run_cli("evidence", "police", "--json")
    assert code == 0
    assert json.loads(out)
    code, _, err = run_cli("evidence", "polise")
    assert code == 1
    assert "police" in err


@pytest.mark.slow
def test_a_study_can_be_cancelled_with_one_line_and_no_files(case_file, tmp_path, root):
    folder = tmp_path / "never"
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "interlocal",
            "study",
            str(case_file),
            "--draws",
            "5000000",
            "--out",
            str(folder),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=root,
    )
    time.sleep(4)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Cancelled" in err
    assert "Traceback" not in err
    assert out == ""
    assert not folder.exists()


def test_a_packet_without_a_folder_is_refused(run_cli, case_file):
    code, _out, err = run_cli("study", str(case_file), "--packet")
    assert code == 2
    assert "--out" in err


def test_a_language_without_a_catalogue_is_refused_with_those_there_are(run_cli, case_file, tmp_path):
    code, _out, err = run_cli(
        "study", str(case_file), "--out", str(tmp_path), "--packet", "--language", "tlh"
    )
    assert code == 1
    assert "one of en, es" in err
