"""A database as a release leaves it, with made-up patients: what the next one must take over whole.

    python -m tests.reference.release release-0

writes ``tests/reference/release-0.sqlite.sql.gz`` and ``….postgresql.sql.gz``. Run it in the tree of
the release itself, once, when it is made; the files are never made anew afterwards.
"""

import gzip
import os
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).parent
NOW = datetime(2026, 3, 2, 11, tzinfo=UTC)
PATIENTS = 12
ENVIRONMENT = {
    "LYSGLIMT_SECRET_KEY": "release",
    "LYSGLIMT_IDENTITY_NUMBERS": "synthetic",
    "LYSGLIMT_HTTPS": "false",
    "LYSGLIMT_DEMO": "true",
    "LYSGLIMT_ENCRYPTION_KEYS": '{"release": "cmVsZWFzZSBzZWFscyB3aXRoIHRoaXMga2V5LCAzMmI="}',
    "LYSGLIMT_INDEX_KEY": "cmVsZWFzZSBsb29rcyB1cCBieSB0aGlzIGtleSAzMmI=",
}


def populate() -> None:
    """In a process of its own, on the database that the environment names."""
    import django  # noqa: PLC0415 - it reads the environment when it is imported

    os.environ["DJANGO_SETTINGS_MODULE"] = "lysglimt.server.settings"
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - after Django has started

    from lysglimt.server.demo.clinic import populated  # noqa: PLC0415 - likewise

    call_command("migrate", interactive=False, verbosity=0)
    for _ in populated(patients=PATIENTS, seed=1, now=NOW):
        pass


def made(database: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "tests.reference.release", "--populate"],
        env=os.environ | ENVIRONMENT | {"LYSGLIMT_DATABASE": database},
        check=True,
    )


def write(name: str, kind: str, sql: str) -> None:
    # Without a time of writing, so that the same database is the same file.
    (HERE / f"{name}.{kind}.sql.gz").write_bytes(gzip.compress(sql.encode(), 9, mtime=0))


def on_sqlite(name: str) -> None:
    file = HERE / f"{name}.sqlite3"
    file.unlink(missing_ok=True)
    made(f"sqlite:///{file}")
    database = sqlite3.connect(file)
    write(name, "sqlite", "\n".join(database.iterdump()))
    database.close()
    for left in HERE.glob(f"{name}.sqlite3*"):
        left.unlink()


def on_postgresql(name: str) -> None:
    from tests.databases import throw_away  # noqa: PLC0415 - it starts a server

    database = throw_away()
    made(database.rpartition("/")[0] + "/postgres")
    dump = [
        "pg_dump",
        "--no-owner",
        "--no-privileges",
        database.rpartition("/")[0] + "/postgres",
    ]
    write(
        name,
        "postgresql",
        subprocess.run(dump, capture_output=True, text=True, check=True).stdout,
    )


if __name__ == "__main__":
    if sys.argv[1:] == ["--populate"]:
        populate()
    else:
        on_sqlite(sys.argv[1])
        on_postgresql(sys.argv[1])
