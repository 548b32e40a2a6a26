"""Who charts in a session takes turns with who goes through its start check."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max

from lysglimt.clinic.chairside.models import Session, StartGateRecord

INSTANT = timedelta(microseconds=1)


@contextmanager
def in_turn(session: Session) -> Iterator[None]:
    """Inside, nobody else charts in the session, and what was charted before is there to read."""
    with transaction.atomic():
        locked(session.pk)
        yield


def locked(key: Any) -> Session:
    """The session, for this transaction alone."""
    return Session.objects.select_for_update().get(pk=key)


def after_gate(session: Session, *, at: datetime) -> datetime:
    """When this is received: ``at``, or just after the start check that it waited for.

    Of a session that is ``locked``. What came in before the check and was stored after it was not
    seen by it, whatever its clock said.
    """
    gates = StartGateRecord.objects.filter(session=session, revision=1)
    looked: datetime | None = gates.aggregate(last=Max("received_at"))["last"]
    return at if looked is None or at >= looked else looked + INSTANT
