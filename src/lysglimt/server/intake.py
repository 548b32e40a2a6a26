"""What a file is taken in by: tried whole on a copy of the clinic first, while the clinic works on."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from django.db import connection
from django.utils import timezone

from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.people.policy import Role
from lysglimt.exchange.files.importing import Imported, imported, imported_in_turns
from lysglimt.exchange.files.sheet import read_sheet
from lysglimt.exchange.files.storing import Desk
from lysglimt.exchange.files.templates import TEMPLATES
from lysglimt.knowledge.errors import ClinicalError

from .accounts import known


class NobodyAnswers(ClinicalError):
    """Nobody is named, and not one coordinator alone could be meant."""

    code = "import.nobody-answers"


def taken_in(
    file: Path, template: str, username: str | None, *, dry_run: bool, revise: bool
) -> Imported:
    """All rows or none. Raises NobodyAnswers."""
    table = read_sheet(file)
    desk = Desk(by=importer(username), at=timezone.now(), file=file.name, revise=revise)
    if not can_copy():
        return imported(table, TEMPLATES[template], desk, dry_run=dry_run)
    # The whole file is tried on a copy first: with one problem anywhere, the clinic sees no row.
    with on_a_copy():
        found = imported(table, TEMPLATES[template], desk, dry_run=True)
    if found.problems or dry_run:
        return replace(found, dry_run=dry_run)
    return imported_in_turns(table, TEMPLATES[template], desk)


def importer(username: str | None) -> Professional:
    """Who is named; else the only coordinator there is."""
    if username is not None:
        return known(username)
    could = list(Professional.objects.filter(is_active=True, role=Role.COORDINATOR)[:2])
    if len(could) != 1:
        raise NobodyAnswers(
            "Who answers for the import? Name one with --by, as `lysglimt user list` shows."
        )
    return could[0]


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
