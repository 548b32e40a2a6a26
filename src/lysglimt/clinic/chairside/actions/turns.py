"""Who charts in a session takes turns with who goes through its start check."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, QuerySet, Subquery

from lysglimt.clinic.chairside.models import DischargeRecord, Session, StartGateRecord
from lysglimt.clinic.people.asked import Question

INSTANT = timedelta(microseconds=1)


@contextmanager
def in_turn(session: Session) -> Iterator[None]:
    """Inside, nobody else charts in the session, and what was charted before is there to read."""
    with transaction.atomic():
        locked(session.pk)
        yield


def locked(key: Any) -> Session:
    """The session, for this transaction alone."""
    [session] = LOCKED.rows(key)
    return session


@dataclass(frozen=True, slots=True)
class Found:
    """What others had charted when it was one's turn: the last start check, and that one has left."""

    checked_at: datetime | None
    left: bool

    def received(self, at: datetime) -> datetime:
        """``at``, or just after the start check that this waited for.

        What came in before the check and was stored after it was not seen by it, whatever its
        clock said.
        """
        seen = self.checked_at is None or at >= self.checked_at
        return at if seen or self.checked_at is None else self.checked_at + INSTANT


def found_in(session: Session) -> Found:
    """Of a session that is ``locked``: asked after the lock, it has what was charted meanwhile."""
    [row] = CHARTED.rows(session.pk)
    said = vars(row)
    return Found(said["checked_at"], said["left"])


def after_gate(session: Session, *, at: datetime) -> datetime:
    """When this is received, of a session that is ``locked``."""
    return found_in(session).received(at)


def leavings(session: Any) -> QuerySet[DischargeRecord, DischargeRecord]:
    """The record by which the patient has left, if so."""
    written: QuerySet[DischargeRecord, DischargeRecord] = DischargeRecord.objects.in_force()
    return written.filter(session=session, left_at__isnull=False)


def turn(key: Any) -> QuerySet[Session, Session]:
    return Session.objects.select_for_update().filter(pk=key)


def charted_beside(key: Any) -> QuerySet[Session, Session]:
    checks = StartGateRecord.objects.filter(session=key, revision=1).order_by("-received_at")
    return Session.objects.filter(pk=key).annotate(
        checked_at=Subquery(checks.values("received_at")[:1]), left=Exists(leavings(key))
    )


LOCKED, CHARTED = Question[Session](turn), Question[Session](charted_beside)
