"""A copy of the clinic to try something on, while the clinic works on."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection


def can_copy() -> bool:
    """SQLite is one file. PostgreSQL lets others work beside a long transaction: no copy is needed."""
    return connection.vendor == "sqlite"


@contextmanager
def on_a_copy() -> Iterator[None]:
    """Inside, this process works on a copy beside the file; writers of the file do not wait.

    The copy is for this user alone, as the file is, and goes afterwards.
    """
    settings = connection.settings_dict
    original = str(settings["NAME"])
    folder = Path(original).resolve().parent
    with tempfile.TemporaryDirectory(dir=folder, prefix=".copy-") as kept:
        copy = str(Path(kept) / "copy.sqlite3")
        os.close(os.open(copy, os.O_WRONLY | os.O_CREAT, 0o600))
        copied(copy)
        connection.close()
        settings["NAME"] = copy
        try:
            yield
        finally:
            connection.close()
            settings["NAME"] = original


def copied(to: str) -> None:
    """By SQLite's own way to copy a file that is in use."""
    connection.ensure_connection()
    source = connection.connection
    target = type(source)(to)
    try:
        source.backup(target)
    finally:
        target.close()
