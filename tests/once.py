"""What is slow to make and is never changed is made once in a run, whichever process needs it first."""

import fcntl
import os
from collections.abc import Callable
from pathlib import Path


def once(folder: Path, name: str, make: Callable[[Path], None]) -> Path:
    """What ``make`` puts there. ``folder`` is pytest's folder of this process for temporary files."""
    parallel = "PYTEST_XDIST_WORKER" in os.environ
    there = (folder.parent if parallel else folder) / name
    with there.with_name(f"{name}.lock").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not there.exists():
            begun = there.with_name(f"{name}.begun")
            make(begun)
            begun.rename(there)
    return there
