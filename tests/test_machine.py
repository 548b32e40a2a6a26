"""A fresh machine gets what the tests need, and is told when it cannot."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools.machine import NEEDED, PARTS, advice

SCRIPT = Path(__file__).parents[1] / "tools" / "machine.py"
IS_ROOT = os.name == "posix" and os.geteuid() == 0

# Knows the package only after its lists were fetched, as a fresh machine does.
APT = """#!/bin/sh
here=$(dirname "$0")
echo "$*" >> "$here/asked"
case "$*" in
  *update*) : > "$here/lists" ;;
  *install*) [ -e "$here/lists" ] || exit 100
    printf '#!/bin/sh\\n' > "$here/chromium"; chmod +x "$here/chromium" ;;
esac
"""


def run(*parts: str, path: Path, ci: bool = False) -> "subprocess.CompletedProcess[str]":
    """On a machine whose commands are those of one folder."""
    return subprocess.run(
        [sys.executable, str(SCRIPT), *parts],
        env={"PATH": f"{path}", "CI": "true" if ci else ""},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def apt(tmp_path: Path) -> Path:
    (tmp_path / "apt-get").write_text(APT, encoding="utf-8")
    (tmp_path / "apt-get").chmod(0o755)
    for command in ("dirname", "chmod", "sh"):
        (tmp_path / command).symlink_to(f"/bin/{command}")
    return tmp_path


def test_a_missing_part_is_named_with_what_to_install(tmp_path: Path) -> None:
    told = run("chromium", path=tmp_path)
    assert told.returncode == 0
    assert told.stderr == f"NOT HERE: {advice('chromium')}\n"


def test_on_ci_a_missing_part_is_a_failure(tmp_path: Path) -> None:
    assert run("chromium", path=tmp_path, ci=True).returncode == 1


def test_a_part_that_nobody_knows_is_wrong_use(tmp_path: Path) -> None:
    told = run("chrmoium", path=tmp_path)
    assert (told.returncode, told.stderr) == (2, "no such part: chrmoium\n")


@pytest.mark.skipif(not IS_ROOT, reason="only root installs")
def test_root_installs_what_is_missing_and_asks_once(apt: Path) -> None:
    first = run("chromium", path=apt, ci=True)
    asked = (apt / "asked").read_text(encoding="utf-8")
    again = run("chromium", path=apt, ci=True)
    assert (first.returncode, again.returncode) == (0, 0)
    assert [line.split()[1] for line in asked.splitlines()] == ["install", "update", "install"]
    assert (apt / "asked").read_text(encoding="utf-8") == asked


def test_the_tests_need_only_parts_that_the_table_explains() -> None:
    assert set(NEEDED) <= PARTS.keys()
    assert all(part.packages and part.why and part.elsewhere for part in PARTS.values())
