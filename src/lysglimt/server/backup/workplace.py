"""Where a whole database may lie unsealed for a while: apart from the backups, and not for long."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from tempfile import mkdtemp

WORKING = ".lysglimt-working-"
ARRIVING = ".arriving-"
"""A backup that is not proved yet. It is sealed from its first byte."""
FORMER = (".making-", ".restoring-")
"""What earlier versions left among the backups when they were killed."""


@contextmanager
def working(place: Path) -> Iterator[Path]:
    """A folder for this user alone. What a killed process left at the place goes first."""
    clear(place, WORKING)
    folder, handle = taken(place)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(handle)


def taken(place: Path) -> tuple[Path, int]:
    """A new folder, held: the system lets go of it when the process ends, however it ends."""
    while True:
        folder = Path(mkdtemp(dir=place, prefix=WORKING))
        with suppress(
            FileNotFoundError
        ):  # another took it for a leftover, and we make a new one
            handle = os.open(folder, os.O_RDONLY)
            flock(handle, LOCK_EX)
            if folder.exists():
                return folder, handle
            os.close(handle)


def clear(place: Path, *names: str) -> None:
    """Remove what begins so and nobody holds. What may not be removed is left."""
    for left in [each for name in names for each in place.glob(f"{name}*")]:
        with suppress(OSError):
            handle = os.open(left, os.O_RDONLY | os.O_NOFOLLOW)
            try:
                flock(handle, LOCK_EX | LOCK_NB)
                shutil.rmtree(left) if left.is_dir() else left.unlink()
            finally:
                os.close(handle)
