"""What the command line promises whatever the command: exit statuses, words in place of tracebacks, where output goes."""

import json

import pytest

from interlocal import __version__, cli, terminal
from interlocal.problems import InputError, Problem


def leave(monkeypatch, error):
    """Run main with a command that ends in ``error``; return the exit status."""

    def command(**_):
        raise error

    monkeypatch.setattr(cli, "app", command)
    with pytest.raises(SystemExit) as stop:
        cli.main()
    return stop.value.code


def test_help_and_version(run_cli):
    assert "Usage: interlocal" in run_cli("--help").stdout
    version = run_cli("--version")
    assert (version.code, version.stdout) == (0, f"interlocal {__version__}\n")


def test_wrong_usage_is_2_and_names_the_nearest_command(run_cli):
    ran = run_cli("serv")
    assert ran.code == 2
    assert "serve" in ran.stderr


def test_problems_as_json_go_to_standard_error(run_cli, tmp_path):
    ran = run_cli("check", tmp_path / "none.yaml", "--json")
    assert (ran.code, ran.stdout) == (1, "")
    (problem,) = json.loads(ran.stderr)
    assert set(problem) == {"path", "where", "found", "expected", "fix"}


def test_all_problems_are_printed_and_no_escape_sequence_of_theirs(monkeypatch, capsys):
    problems = [Problem("/a", f"case.yaml, line {n}", "\x1b[2J[bold]", "a name", "Name it.") for n in (1, 2)]
    assert leave(monkeypatch, InputError(problems)) == 1
    said = capsys.readouterr().err
    assert "2 problems" in said
    assert "line 1" in said
    assert "line 2" in said
    assert "\x1b" not in said
    assert "[bold]" in said


def test_cancelling_is_130_and_says_so(monkeypatch, capsys):
    assert leave(monkeypatch, SystemExit(130)) == 130
    assert capsys.readouterr().err == "Cancelled; nothing was half-written.\n"


def test_a_fault_of_ours_is_70_in_one_line(monkeypatch, capsys):
    monkeypatch.delenv("INTERLOCAL_DEBUG", raising=False)
    assert leave(monkeypatch, ZeroDivisionError("x")) == 70
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "report it" in said
    assert "INTERLOCAL_DEBUG=1" in said


def test_a_fault_shows_its_details_when_asked(monkeypatch, capsys):
    monkeypatch.setenv("INTERLOCAL_DEBUG", "1")
    assert leave(monkeypatch, ZeroDivisionError("x")) == 70
    assert "Traceback" in capsys.readouterr().err


def test_a_file_that_cannot_be_used_is_the_users_to_mend(monkeypatch, capsys):
    assert leave(monkeypatch, PermissionError(13, "Permission denied", "out/study.json")) == 1
    said = capsys.readouterr().err
    assert "out/study.json" in said
    assert "Permission denied" in said


def test_a_reader_that_has_gone_is_no_fault(root):
    import subprocess
    import sys

    done = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m interlocal --help | true"],
        cwd=root / "src",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""


def test_emit_writes_one_document_and_refuses_what_json_cannot_say(capsys):
    terminal.emit({"town": "Orléans"})
    assert json.loads(capsys.readouterr().out) == {"town": "Orléans"}
    with pytest.raises(ValueError, match="JSON"):
        terminal.emit(float("nan"))


def test_progress_is_silent_where_nobody_watches(capsys):
    with terminal.progress("Drawing") as done:
        done(0.5)
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "")
