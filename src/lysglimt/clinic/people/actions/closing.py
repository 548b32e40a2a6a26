"""What a patient closes, and what is opened all the same in an emergency."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from lysglimt.clinic.audit import actions as audit
from lysglimt.clinic.people.chapters import Chapter
from lysglimt.clinic.people.models import (
    Block,
    EmergencyAccess,
    EmergencyEnd,
    EmergencyReview,
    Patient,
    Professional,
)
from lysglimt.knowledge.errors import ClinicalError

from .entering import enter, withdraw

LASTS = timedelta(minutes=60)
LEAST_REASON = 20
"""Letters: enough that a unit lead can tell why."""


class NotYours(ClinicalError):
    """One's own block, one's own emergency: somebody else lifts it, looks at it, ends it."""

    code = "closing.not-yours"


class ReasonTooShort(ClinicalError):
    code = "emergency.reason"


def block(
    *,
    patient: Patient,
    staff: Professional | None,
    chapter: Chapter | None,
    by: Professional,
    at: datetime,
    **entry: Any,
) -> Block:
    """By the patient's wish, from the next request on. ``entry`` makes it once, however often sent."""
    wish = Block(
        patient=patient,
        staff=staff,
        chapter=chapter or "",
        by=by,
        happened_at=at,
        entered_at=at,
        received_at=at,
        **entry,
    )
    return enter(wish, operation="block.set", patients=[patient.pk])


def lift(*, block: Block, by: Professional, at: datetime, reason: str) -> Block:
    """The patient has changed their mind. Nobody lifts a block against oneself."""
    if block.staff_id == by.pk:
        raise NotYours("A block is lifted by somebody else.", field="staff", value=str(by))
    return withdraw(
        block,
        by=by,
        at=at,
        operation="block.lift",
        patients=[block.patient_id],
        reason=reason,
    )


@transaction.atomic
def open_in_emergency(
    *, patient: Patient, by: Professional, at: datetime, reason: str
) -> EmergencyAccess:
    """For an hour. Asked again while it runs, it is the same one."""
    reason = " ".join(reason.split())
    if len(reason) < LEAST_REASON:
        raise ReasonTooShort(
            f"The reason has at least {LEAST_REASON} letters.",
            field="reason",
            value=len(reason),
            allowed=f">= {LEAST_REASON}",
        )
    # Of two who press at once, the second finds the first.
    Professional.objects.order_by().select_for_update(of=("self",), no_key=True).get(pk=by.pk)
    running = EmergencyAccess.objects.running(at).filter(patient=patient, by=by).first()
    if running:
        return running
    access = EmergencyAccess(
        patient=patient, by=by, unit=by.unit, reason=reason, opened_at=at, until=at + LASTS
    )
    access.save(force_insert=True)
    deed = audit.Deed(patients=[patient.pk], after=access, reason=reason)
    audit.record(by=by, at=at, operation="emergency", deed=deed)
    return access


@transaction.atomic
def end_emergency(*, access: EmergencyAccess, by: Professional, at: datetime) -> None:
    """Before the hour is over; one that has ended stays as it is."""
    if access.by_id != by.pk:
        raise NotYours("An emergency is ended by whoever opened it.", field="by", value=str(by))
    _, new = EmergencyEnd.objects.get_or_create(access=access, defaults={"at": at})
    if new:
        deed = audit.Deed(patients=[access.patient_id], after=access)
        audit.record(by=by, at=at, operation="emergency.end", deed=deed)


@transaction.atomic
def acknowledge_emergency(
    *, access: EmergencyAccess, by: Professional, at: datetime, note: str
) -> None:
    """By a lead who did not open it. The first word stands."""
    if access.by_id == by.pk:
        raise NotYours("Another unit lead looks at this.", field="by", value=str(by))
    review, new = EmergencyReview.objects.get_or_create(
        access=access, defaults={"by": by, "at": at, "note": note}
    )
    if new:
        deed = audit.Deed(patients=[access.patient_id], after=review)
        audit.record(by=by, at=at, operation="emergency.acknowledge", deed=deed)
