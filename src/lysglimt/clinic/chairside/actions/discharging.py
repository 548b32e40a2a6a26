"""Going home: the criteria as answered, the escort, a nurse's and a doctor's signature."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from lysglimt.clinic.audit import actions as audit
from lysglimt.clinic.chairside.findings import unmet
from lysglimt.clinic.chairside.models import (
    Capacity,
    DischargeRecord,
    DischargeSignature,
    Session,
)
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.people.policy import DOCTORS, Role
from lysglimt.clinic.referral.actions import finding_as_written
from lysglimt.clinic.treatment.actions import stamped
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.monitoring.discharge import earliest_discharge
from lysglimt.knowledge.monitoring.observation import SessionRoute
from lysglimt.knowledge.verdict import Verdict

from .finishing import delivery, given

SIGNERS = {Capacity.NURSE: frozenset({Role.NURSE}), Capacity.DOCTOR: frozenset(DOCTORS)}


class NotTheirCapacity(ClinicalError):
    """A nurse signs as a nurse, a doctor as a doctor."""

    code = "discharge.not-their-capacity"


class NoEscort(ClinicalError):
    """Nobody leaves without an escort, or a decision why."""

    code = "discharge.no-escort"


class DischargeChanged(ClinicalError):
    """The record was changed after it was read; what is signed is what was read."""

    code = "discharge.changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """Answers by criterion, the verdict on them, the escort, and when the patient left."""

    answers: Mapping[str, object]
    verdict: Verdict
    rule_version: str
    escort_name: str = ""
    escort_telephone: str = ""
    left_at: datetime | None = None
    deviation: str = ""


class DischargeWritten(ClinicalError):
    """Another has written the discharge record; it is changed, not written twice."""

    code = "discharge.written"


@transaction.atomic
def record_discharge(
    *, session: Session, left: Left, entered: Entered, by: Professional, at: datetime
) -> DischargeRecord:
    """Raises DischargeWritten, and NoEscort when the patient left alone and nobody said why."""
    Session.objects.select_for_update().get(pk=session.pk)
    others = DischargeRecord.objects.filter(session=session).exclude(entry=entered.entry)
    if others.exists():
        raise DischargeWritten("There is a discharge record of this session.", field="record")
    refuse_alone(left.left_at, left)
    row = DischargeRecord(
        session=session,
        answers=dict(left.answers),
        standing=int(left.verdict.standing),
        findings=[finding_as_written(finding) for finding in left.verdict.findings],
        rule_version=left.rule_version,
        escort_name=left.escort_name,
        escort_telephone=left.escort_telephone,
        left_at=left.left_at,
        deviation=left.deviation,
        **stamped(entered, by=by, at=at),
    )
    patients = [session.course.patient_id]
    return people.enter(row, operation="discharge.record", patients=patients)


def change_discharge(
    *, record: DischargeRecord, left: Left, by: Professional, at: datetime, reason: str
) -> DischargeRecord:
    """The next revision. What was signed is not this one: it is signed anew.

    Raises NoEscort when the patient has left, and now nobody took them home and nobody said why.
    """
    refuse_alone(record.left_at, left)
    return people.correct(
        record,
        by=by,
        at=at,
        operation="discharge.change",
        patients=[record.session.course.patient_id],
        reason=reason,
        answers=dict(left.answers),
        standing=int(left.verdict.standing),
        findings=[finding_as_written(finding) for finding in left.verdict.findings],
        rule_version=left.rule_version,
        escort_name=left.escort_name,
        escort_telephone=left.escort_telephone,
        deviation=left.deviation,
    )


def refuse_alone(left_at: datetime | None, left: Left) -> None:
    if left_at and not (left.escort_name.strip() or left.deviation.strip()):
        raise NoEscort("escort_name: who takes the patient home?", field="escort_name")


class NotReady(ClinicalError):
    """A criterion is not met or a signature is missing, and nobody has decided otherwise."""

    code = "discharge.not-ready"


class DoseNotRecorded(ClinicalError):
    """The dose that was given is not recorded in the course yet."""

    code = "discharge.dose-not-recorded"


LEFT = "left"


@transaction.atomic
def record_leaving(
    *,
    record: DischargeRecord,
    left_at: datetime,
    by: Professional,
    at: datetime,
    deviation: str = "",
) -> DischargeRecord:
    """The patient has left. ``deviation`` is who decided what, where a criterion is not met.

    Raises NoEscort, DoseNotRecorded, and NotReady without the deviation it takes.
    """
    session = Session.objects.select_for_update().get(pk=record.session_id)
    decided = record.deviation.strip() or deviation.strip()
    if not (record.escort_name.strip() or decided):
        raise NoEscort("escort_name: who takes the patient home?", field="escort_name")
    if given(session) is None:
        raise DoseNotRecorded("The dose given is not recorded.", field="dose")
    if not decided and not ready(record, session, left_at):
        raise NotReady("Not every criterion is met and signed.", field="deviation")
    return people.correct(
        record,
        by=by,
        at=at,
        operation="discharge.leave",
        patients=[session.course.patient_id],
        reason=LEFT,
        left_at=left_at,
        deviation=decided,
    )


def ready(record: DischargeRecord, session: Session, left_at: datetime) -> bool:
    """Signed by both, every criterion met, and the wait over; in journal mode no wait is told."""
    signed = record.signatures.count() == len(Capacity)
    if not signed or unmet(record):
        return False
    stopped = delivery(session).stopped
    waited = stopped is not None and left_at >= earliest_discharge(SessionRoute.IV, stopped)
    return waited or session.unit.journal_mode


@transaction.atomic
def sign_discharge(
    *, record: DischargeRecord, capacity: Capacity, by: Professional, at: datetime
) -> DischargeSignature:
    """Raises NotTheirCapacity, DischargeChanged. Signed already, nothing happens."""
    if Role(by.role) not in SIGNERS[capacity]:
        raise NotTheirCapacity(
            f"{by} does not sign as {capacity}", field="capacity", value=capacity.value
        )
    session = Session.objects.select_for_update().get(pk=record.session_id)
    if not DischargeRecord.objects.in_force().filter(pk=record.pk).exists():
        raise DischargeChanged("The record was changed after it was read.", field="record")
    known = DischargeSignature.objects.filter(record=record, capacity=capacity).first()
    if known is not None:
        return known
    signature = DischargeSignature(record=record, capacity=capacity.value, by=by, at=at)
    signature.save(force_insert=True)
    deed = audit.Deed(patients=[session.course.patient_id], after=signature)
    audit.record(by=by, at=at, operation="discharge.sign", deed=deed)
    return signature
