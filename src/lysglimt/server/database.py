"""How the database is opened, so that what was acknowledged is still there after a power cut."""

import importlib
from typing import Any

import dj_database_url

SOUND_WAL = (3, 51, 3)
"""From this SQLite on, a checkpoint that races a commit no longer corrupts a WAL database."""

WAIT_SECONDS = 10
POOL: dict[str, object] = {"min_size": 1, "max_size": 8, "timeout": 5}
"""A wrong password shows after five seconds, not after the thirty that the pool would wait."""


def sqlite_version() -> tuple[int, ...]:
    """Of the SQLite in use: the one that pysqlite3 carries, else the system's."""
    try:
        module = importlib.import_module("pysqlite3.dbapi2")
    except ImportError:
        module = importlib.import_module("sqlite3")
    version: tuple[int, ...] = module.sqlite_version_info
    return version


def journal(version: tuple[int, ...]) -> tuple[str, str]:
    """Journal mode and synchronous: each commit reaches the disk, in either mode."""
    return ("WAL", "FULL") if version >= SOUND_WAL else ("DELETE", "EXTRA")


def databases(url: str) -> dict[str, dict[str, Any]]:
    """Django's DATABASES for one address: ``sqlite:///file`` or ``postgresql://…``."""
    database: dict[str, Any] = dict(dj_database_url.parse(url))
    if database["ENGINE"].endswith("postgresql"):
        options = database.get("OPTIONS", {}) | {"pool": POOL}
        ours = {"ENGINE": "lysglimt.server.postgresql", "OPTIONS": options, "CONN_MAX_AGE": 0}
        return {"default": database | ours}
    mode, synchronous = journal(sqlite_version())
    options = {
        "transaction_mode": "IMMEDIATE",
        "timeout": WAIT_SECONDS,
        # REPLACE deletes what is in its way; the guard against that listens only if told to.
        "init_command": f"PRAGMA journal_mode={mode}; PRAGMA synchronous={synchronous}; "
        "PRAGMA recursive_triggers=ON;",
    }
    sqlite = {"ENGINE": "lysglimt.server.sqlite", "OPTIONS": options, "CONN_MAX_AGE": None}
    return {"default": database | sqlite}
