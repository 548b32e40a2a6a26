"""An installation in a folder of its own."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.once import once

ALONE = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith(("LYSGLIMT_", "DJANGO_"))
}
"""The environment without what the test suite sets."""

SAID = "said.json"
"""On standard output: `init`, the plan, `migrate`, and what is planned after it."""

Lysglimt = Callable[..., "subprocess.CompletedProcess[str]"]


def run(
    folder: Path, *words: str, stdin: str = "", seconds: int = 240
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", "from lysglimt.server.cli import main; main()", *words],
        cwd=folder,
        env=ALONE,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds,
    )


@pytest.fixture
def lysglimt(tmp_path: Path) -> Lysglimt:
    """`lysglimt("doctor")` is the command, run in that folder, with nobody at the keyboard."""
    return partial(run, tmp_path)


@pytest.fixture(scope="session")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with configuration and database, made once, and what the commands said to it."""

    def made(folder: Path) -> None:
        folder.mkdir()
        said = []
        for step in (["init"], ["migrate", "--plan"], ["migrate"], ["migrate", "--plan"]):
            done = run(folder, *step)
            assert done.returncode == 0, done.stderr
            said.append(done.stdout)
        (folder / SAID).write_text(json.dumps(said), encoding="utf-8")

    return once(tmp_path_factory.getbasetemp(), "installed", made)


@pytest.fixture
def installed(ready: Path, tmp_path: Path) -> Lysglimt:
    """The command, in a copy of that folder."""
    shutil.copytree(ready, tmp_path, dirs_exist_ok=True, ignore=shutil.ignore_patterns(SAID))
    return partial(run, tmp_path)
