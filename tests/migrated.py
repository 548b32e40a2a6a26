"""The database of an empty clinic: migrated once in a run, by whichever process needs it first."""

from pathlib import Path

from django.db import connections

from tests.databases import POSTGRESQL
from tests.once import once

TEMPLATE = "lysglimt_migrated"
"""Its name in the PostgreSQL that all processes of a run share."""


def migrated(folder: Path) -> str:
    """What Django takes for a template. ``folder`` is pytest's of this process."""
    kept = once(folder, "migrated", make)
    return TEMPLATE if POSTGRESQL else str(kept)


def make(place: Path) -> None:
    """By Django itself, as each process would make its own, and nobody connected to it afterwards."""
    connection = connections["default"]
    said, asked = connection.settings_dict, connection.settings_dict["TEST"]
    before = said["NAME"], asked.get("NAME")
    asked["NAME"] = TEMPLATE if POSTGRESQL else str(place)
    try:
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    finally:
        connection.close()
        said["NAME"], asked["NAME"] = before
    if POSTGRESQL:
        connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's alone
        place.touch()
