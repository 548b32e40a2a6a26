"""The command as a user runs it: a process, its output, its exit code."""

import subprocess
import sys
from pathlib import Path
from typing import NamedTuple


class Ran(NamedTuple):
    code: int
    out: str
    err: str


def lysglimt(*arguments: str, folder: Path | None = None) -> Ran:
    call = [sys.executable, "-c", "from lysglimt.server.cli import main; main()", *arguments]
    done = subprocess.run(
        call, capture_output=True, text=True, check=False, cwd=folder, encoding="utf-8"
    )
    return Ran(done.returncode, done.stdout, done.stderr)
