"""Is there room on the disk for another day?"""

import shutil
from pathlib import Path

from django.db import connection

LEAST_BYTES = 500_000_000
LEAST_SHARE = 0.05
RESERVE_BYTES = 20_000_000
"""With less than this nothing new is stored, so that what is stored can still be read."""


def where_data_is() -> Path:
    """The folder of the SQLite file; for PostgreSQL, where this process runs."""
    name = str(connection.settings_dict["NAME"])
    folder = Path(name).resolve().parent if connection.vendor == "sqlite" else Path.cwd()
    return folder if folder.is_dir() else Path.cwd()


def room_left() -> tuple[int, float]:
    """Bytes, and share of the disk."""
    usage = shutil.disk_usage(where_data_is())
    return usage.free, usage.free / usage.total


def room_is_left() -> bool:
    free, share = room_left()
    return free >= LEAST_BYTES and share >= LEAST_SHARE


def reserve_is_left() -> bool:
    return room_left()[0] >= RESERVE_BYTES
