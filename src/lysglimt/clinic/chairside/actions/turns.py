"""Who charts in a session takes turns with who goes through its start check."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, Max, OuterRef

from lysglimt.clinic.chairside.models import ObservationShare, Session, StartGateRecord

INSTANT = timedelta(microseconds=1)
LEFT_BEFORE = "left_before"
"""Of a locked session: the patient had left, and its observations are counted."""


@contextmanager
def in_turn(session: Session) -> Iterator[None]:
    """Inside, nobody else charts in the session, and what was charted before is there to read."""
    with transaction.atomic():
        locked(session.pk)
        yield


def locked(key: Any) -> Session:
    """The session, for this transaction alone."""
    counted = ObservationShare.objects.filter(session=OuterRef("pk"))
    rows = Session.objects.annotate(**{LEFT_BEFORE: Exists(counted)})
    return rows.select_for_update().get(pk=key)


def after_gate(session: Session, *, at: datetime) -> datetime:
    """When this is received: ``at``, or just after the start check that it waited for.

    Of a session that is ``locked``. What came in before the check and was stored after it was not
    seen by it, whatever its clock said.
    """
    gates = StartGateRecord.objects.filter(session=session, revision=1)
    looked: datetime | None = gates.aggregate(last=Max("received_at"))["last"]
    return at if looked is None or at >= looked else looked + INSTANT
