"""The one command: quick to answer, and refusing in one line."""

import subprocess
import sys
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import pytest

from lysglimt.server import cli
from lysglimt.server.cli import COMMANDS

from .commands import lysglimt


def test_help_lists_every_command_without_importing_any() -> None:
    asked = "import sys; from lysglimt.server.cli import main\ntry: main()\nexcept SystemExit: pass\n"
    asked += "print([m for m in sys.modules if m.startswith(('django', 'lysglimt.server.commands.'))])"
    told = subprocess.run(
        [sys.executable, "-c", asked, "--help"], capture_output=True, text=True, check=True
    ).stdout
    assert all(f"  {name} " in told for name in COMMANDS)
    assert told.endswith("[]\n")


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_explains_itself(name: str) -> None:
    ran = lysglimt(name, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert f"lysglimt {name}" in ran.out


def test_no_command_needs_django_to_explain_itself() -> None:
    """Nor ever, where none of its imports waits: to score, to screen, to reckon a dose."""
    asked = "import sys; from lysglimt.server.cli import lysglimt\nfor name in sys.argv[1:]:\n"
    asked += "    lysglimt([name, '--help'], standalone_mode=False)\n"
    asked += "print([m for m in sys.modules if m.startswith('django')])"
    told = subprocess.run(
        [sys.executable, "-c", asked, *COMMANDS], capture_output=True, text=True, check=True
    ).stdout
    assert told.count("Usage: ") == len(COMMANDS)
    assert told.endswith("[]\n")


def test_the_version_is_the_one_installed() -> None:
    assert lysglimt("version").out == f"{version('lysglimt')}\n"


def test_a_command_nobody_knows_is_wrong_use() -> None:
    ran = lysglimt("scroe")
    assert ran.code == 2
    assert "scroe" in ran.err


def test_a_file_that_is_not_there_is_named_in_one_line(tmp_path: Path) -> None:
    missing = tmp_path / "none.json"
    ran = lysglimt("screen", str(missing))
    assert ran.code == 2
    assert "none.json" in ran.err
    assert "Traceback" not in ran.err


def test_a_connection_that_no_file_has_is_said_in_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def late(**_: object) -> None:
        raise TimeoutError

    monkeypatch.setattr(cli, "lysglimt", late)
    with pytest.raises(SystemExit, match="2"):
        cli.main()
    assert capsys.readouterr().err == "lysglimt: TimeoutError\n"


def test_a_command_is_a_module_of_its_name() -> None:
    assert import_module("lysglimt.server.commands.version").command.name == "command"
