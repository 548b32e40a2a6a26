"""A trail to look at, and the hands that could change it: those of the database's owner."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from lysglimt.clinic.audit import actions as audit
from lysglimt.clinic.audit.append_only import VERBS, guard_of
from lysglimt.clinic.audit.chain import Head
from lysglimt.clinic.audit.circumstances import Actor, under
from lysglimt.clinic.audit.models import Event, Link, Read, Seal
from tests.clinic.conftest import NOON

GUARDED = (Event, Read, Link, Seal)
NURSE = Actor(
    username="nora", name="Nora", role="nurse", hpr_number="9999999", authorisation="sykepleier",
    unit="u", department="Moss", entity="e", entity_number="999999999",
)  # fmt: skip


class Undone(Exception):
    pass


def written(rows: int, *, at: datetime = NOON) -> list[Head]:
    """Events and reads in turn, sealed and anchored three times, the last time at the end."""
    heads = []
    for number in range(rows):
        now = at + timedelta(minutes=number)
        whom = [UUID(int=number)]
        with under(request_id=f"request-{number}", origin="page", decision="x/nurse/own_unit"):
            if number % 2:
                audit.record_read(by=NURSE, at=now, operation="patient", patients=whom)
            else:
                deed = audit.Deed(
                    patients=whom, before=f"{number:064x}", after="b" * 64, reason="Asked for",
                    category="rating",
                )  # fmt: skip
                audit.record(by=NURSE, at=now, operation="rating.record", deed=deed)
        if number in {rows // 3, 2 * rows // 3, rows - 1}:
            heads.append(sealed(now))
    return heads


def sealed(at: datetime) -> Head:
    audit.seal_rows(at=at)
    head = audit.seal_day(at=at)
    assert head is not None
    return head


def take_guards_down() -> None:
    """As the owner of the database could; what runs the application cannot."""
    with connection.cursor() as cursor:
        for model in GUARDED:
            table = model._meta.db_table
            if connection.vendor == "postgresql":
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            else:
                for verb in VERBS["sqlite"]:
                    cursor.execute(f"DROP TRIGGER {guard_of(table, verb)}")


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside did not happen."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
