"""The web server's parts: ready database, gathered style sheets, workers."""

from contextlib import redirect_stdout
from io import StringIO
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from granian import Granian
from granian.constants import Interfaces

from lysglimt.knowledge.errors import ClinicalError

from .database import journal, sqlite_version
from .examination import journal_in_use
from .migrations import Ahead, ahead, waiting

HASHED = "lysglimt.server.static_files.HashedFiles"
THREADS = 8
"""At once in one process; each has a database connection of its own."""


class Unready(ClinicalError):
    """The database is older than this version."""

    code = "server.unready"


def refuse_unready() -> None:
    if unknown := ahead():
        raise Ahead(unknown)
    if steps := waiting():
        raise Unready(f"The database lacks {len(steps)} steps. Run: lysglimt migrate")


def refuse_unsound_journal() -> None:
    """What is acknowledged must be on the disk: asserted before the first one is."""
    if connection.vendor != "sqlite":
        return
    asked = journal(sqlite_version())
    if (found := journal_in_use()) != asked:
        raise Unready(
            f"The journal is {' and '.join(found)}, not {' and '.join(asked)}. "
            "End every other process that has the file open."
        )


def gather_static_files() -> None:
    """Under hashed names, compressed: a browser may keep them for a year."""
    settings.STATIC_ROOT = settings.STATIC_FILES
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": HASHED}}
    with redirect_stdout(StringIO()):
        call_command("collectstatic", interactive=False, verbosity=0)


def leave_no_pool() -> None:
    """A worker is a copy of this process, without the threads by which a pool of connections grows."""
    connection.close()
    if connection.vendor == "postgresql":
        pooled: Any = connection
        pooled.close_pool()


def run(*, host: str, port: int, processes: int = 1) -> None:
    """Until it is told to stop. The workers import the application anew."""
    leave_no_pool()
    Granian(
        "lysglimt.server.worker:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=processes,
        blocking_threads=THREADS,
        websockets=False,
        log_enabled=False,
        respawn_failed_workers=True,
    ).serve()
