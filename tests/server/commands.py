"""The command as a user runs it: its output, its exit code."""

import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

from lysglimt.server.cli import main


class Ran(NamedTuple):
    code: int
    out: str
    err: str


def lysglimt(*arguments: str, folder: Path = Path()) -> Ran:
    """Run in ``folder``, in this process."""
    out, err, code = StringIO(), StringIO(), 0
    argv = patch.object(sys, "argv", ["lysglimt", *arguments])
    with chdir(folder), redirect_stdout(out), redirect_stderr(err), argv:
        try:
            main()
        except SystemExit as ended:
            code = int(ended.code or 0)
    return Ran(code, out.getvalue(), err.getvalue())
