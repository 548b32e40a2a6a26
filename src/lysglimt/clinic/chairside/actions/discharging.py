"""Going home: the criteria as answered, the escort, a nurse's and a doctor's signature."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from lysglimt.clinic.audit import actions as audit
from lysglimt.clinic.chairside.after import discharge_verdict, in_the_way, verdict_now
from lysglimt.clinic.chairside.models import (
    Capacity,
    ChairEventKind,
    DischargeRecord,
    DischargeSignature,
    Session,
)
from lysglimt.clinic.chairside.rated_today import NEW_INTENT
from lysglimt.clinic.chairside.sheet import Sheet, sheet_of
from lysglimt.clinic.chairside.stands import (
    INTENT_SAID,
    TOLD_IN,
    as_it_stands,
    intent_anew,
    intent_stands,
)
from lysglimt.clinic.chairside.watched import unjudged
from lysglimt.clinic.chairside.written import discharge_said
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.people.policy import DOCTORS, Role
from lysglimt.clinic.people.signing import refuse_all_but_doctors
from lysglimt.clinic.referral.actions import finding_as_written
from lysglimt.clinic.treatment.actions import stamped
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.monitoring.discharge import INTENT
from lysglimt.knowledge.protocols.state import RULE_VERSION
from lysglimt.knowledge.text import Text
from lysglimt.knowledge.verdict import Finding, Verdict

from .calling import call
from .share import refresh_share
from .the_day import refuse_day_before
from .turns import locked

SIGNERS = {Capacity.NURSE: frozenset({Role.NURSE}), Capacity.DOCTOR: frozenset(DOCTORS)}


class NotTheirCapacity(ClinicalError):
    """A nurse signs as a nurse, a doctor as a doctor."""

    code = "discharge.not-their-capacity"


class NoEscort(ClinicalError):
    """Nobody leaves without an escort, or a decision why."""

    code = "discharge.no-escort"


class CheckUnsigned(ClinicalError):
    """Two checked something without the network, and the other person has not signed it."""

    code = "discharge.check-unsigned"


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
    stored = people.enter(row, operation="discharge.record", patients=patients)
    if stored is row:
        # Sent twice, it says nothing anew.
        call_the_doctor(stored, by=by, at=at)
    if row.left_at:
        refresh_share(session=session, at=at)
    return stored


def call_the_doctor(record: DischargeRecord, *, by: Professional, at: datetime) -> None:
    """New intent or plan (DC-7): a doctor sees the patient now, whatever else is answered."""
    if not intent_stands(record.answers):
        return
    call(record.session, NEW_INTENT, since=at, by=by, at=at)


@transaction.atomic
def change_discharge(
    *, record: DischargeRecord, left: Left, by: Professional, at: datetime, reason: str
) -> DischargeRecord:
    """The next revision. What was signed is not this one: it is signed anew.

    New intent that is said on it calls a doctor; that it still stands says nothing anew.
    Raises NoEscort when the patient has left, and now nobody took them home and nobody said why.
    """
    refuse_alone(record.left_at, left)
    Session.objects.select_for_update().get(pk=record.session_id)
    known = DischargeRecord.objects.filter(entry=record.entry, revision=record.revision + 1)
    sent_again = known.exists()
    stored = people.correct(
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
    if not sent_again and intent_anew(record.answers, stored.answers):
        call_the_doctor(stored, by=by, at=at)
    return stored


@transaction.atomic
def say_intent(
    *, session: Session, told_in: UUID, by: Professional, at: datetime
) -> DischargeRecord:
    """New intent or plan, said in a form whose rest is refused: stored alone, and a doctor called.

    What else stands on the checklist stays. Once for a form, and once while no doctor has answered.
    """
    here = locked(session.pk)
    sheet = sheet_of(here, now=at)
    known = sheet.discharge
    if known and stored_already(
        known, told_in, seen_to=sheet.intent_assessed or sheet.told is not None
    ):
        return known
    said = with_intent(sheet, known, told_in, at=at)
    patients = [here.course.patient_id]
    if known is None:
        entered = Entered(entry=uuid5(told_in, INTENT), happened_at=at, entered_at=at)
        row = DischargeRecord(session=here, **said, **stamped(entered, by=by, at=at))
        stored = people.enter(row, operation="discharge.record", patients=patients)
    else:
        stored = people.correct(
            known,
            by=by,
            at=at,
            operation="discharge.change",
            patients=patients,
            reason=INTENT_SAID,
            **said,
        )
    call_the_doctor(stored, by=by, at=at)
    return stored


def with_intent(
    sheet: Sheet, known: DischargeRecord | None, told_in: UUID, *, at: datetime
) -> dict[str, Any]:
    """What the checklist says with it, by column; no doctor has assessed it yet."""
    stood = known.answers if known else {}
    answers = as_it_stands(stood, {INTENT: False}, anew={INTENT}, at=at)
    verdict = discharge_verdict(
        replace(sheet, intent_assessed=False),
        answers,
        escort=bool(known and known.escort_name),
        journal_mode=unjudged(sheet.session),
    )
    return {
        "answers": answers | {TOLD_IN: str(told_in)},
        "standing": int(verdict.standing),
        "findings": [finding_as_written(finding) for finding in verdict.findings],
        "rule_version": RULE_VERSION,
    }


def stored_already(known: DischargeRecord, told_in: UUID, *, seen_to: bool) -> bool:
    waits = intent_stands(known.answers) and not seen_to
    return waits or known.answers.get(TOLD_IN) == str(told_in)


def refuse_alone(left_at: datetime | None, left: Left) -> None:
    if left_at and not (left.escort_name.strip() or left.deviation.strip()):
        raise NoEscort("escort_name: who takes the patient home?", field="escort_name")


class NotReady(ClinicalError):
    """A criterion is not met or a signature is missing, and nobody has decided otherwise."""

    code = "discharge.not-ready"


LEFT, SIGNED_ANEW = "left", "discharge.signed-anew"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """Why a patient leaves before the criteria are met: a doctor's decision, or none was reached."""

    why: str = ""
    doctor: Professional | None = None
    nobody_reached: bool = False


@transaction.atomic
def record_leaving(
    *,
    record: DischargeRecord,
    left_at: datetime,
    by: Professional,
    at: datetime,
    decided: Decided | None = None,
) -> DischargeRecord:
    """The patient has left. ``decided`` is by whom and why, where a criterion is not met.

    What is left of the dose may wait for its witness: it is open until the dose is recorded.
    Raises NoEscort, NotADoctor, and NotReady without the decision it takes.
    """
    session = Session.objects.select_for_update().get(pk=record.session_id)
    refuse_day_before(session, left_at, at=at)
    said = decided or Decided()
    words = said.why.strip() or record.deviation.strip()
    if not (record.escort_name.strip() or words):
        raise NoEscort("escort_name: who takes the patient home?", field="escort_name")
    verdict = verdict_now(sheet_of(session, now=left_at), record)
    early = bool(still_open := in_the_way(verdict))
    if early:
        refuse_undecided(said, words, still_open)
    stored = people.correct(
        record,
        by=by,
        at=at,
        operation="discharge.leave",
        patients=[session.course.patient_id],
        reason=LEFT,
        # What was and was not met when the patient left, not when the list was filled in.
        standing=int(verdict.standing),
        findings=[finding_as_written(finding) for finding in verdict.findings],
        left_at=left_at,
        deviation=words,
        decided_by_id=said.doctor.pk if early and said.doctor else None,
        no_doctor_reached=early and said.nobody_reached,
    )
    refresh_share(session=session, at=at)
    return stored


@transaction.atomic
def strike_leaving(
    *, record: DischargeRecord, by: Professional, at: datetime, reason: str
) -> DischargeRecord:
    """It was another patient, or this one came back: the session goes on as it stood.

    What was decided so that the patient could leave goes with it. Struck already, nothing happens.
    """
    session = locked(record.session_id)
    said = list(DischargeRecord.objects.history(record.entry))
    newest = said[-1]
    if newest.left_at is None:
        return newest
    verdict = verdict_now(sheet_of(session, now=at), newest)
    stored = people.correct(
        newest,
        by=by,
        at=at,
        operation="discharge.strike-leaving",
        patients=[session.course.patient_id],
        reason=reason,
        standing=int(verdict.standing),
        findings=[finding_as_written(finding) for finding in verdict.findings],
        left_at=None,
        deviation=decided_besides(said),
        decided_by_id=None,
        no_doctor_reached=False,
    )
    refresh_share(session=session, at=at)
    return stored


def decided_besides(said: Sequence[DischargeRecord]) -> str:
    """The decision on the checklist, without the words with which the patient left."""
    here = [row for row in said if row.left_at is None]
    since = said[len(here) and said.index(here[-1]) + 1 :]
    if not here or said[-1].deviation != since[0].deviation:
        return str(said[-1].deviation)
    return str(here[-1].deviation)


def refuse_undecided(said: Decided, words: str, still_open: Sequence[Finding]) -> None:
    """Before the criteria are met: a reason, and a doctor by name or that none was reached."""
    told = [one.question or one.reason for one in still_open]
    both = Text("; ".join(one.nb for one in told), "; ".join(one.en for one in told))
    if not words:
        raise NotReady("Not every criterion is met.", field="deviation", value=both)
    if said.doctor is not None:
        refuse_all_but_doctors(said.doctor, field="doctor")
    elif not said.nobody_reached:
        raise NotReady("Not every criterion is met.", field="doctor", value=both)


@transaction.atomic
def sign_discharge(
    *, record: DischargeRecord, capacity: Capacity, by: Professional, at: datetime
) -> DischargeSignature:
    """Raises NotTheirCapacity, CheckUnsigned, DischargeChanged. Signed already, nothing happens.

    Unless something that voids it was charted since: then it is signed anew.
    """
    if Role(by.role) not in SIGNERS[capacity]:
        raise NotTheirCapacity(
            f"{by} does not sign as {capacity}", field="capacity", value=capacity.value
        )
    session = Session.objects.select_for_update().get(pk=record.session_id)
    refuse_unsigned_checks(session)
    newest = as_read(record)
    hands = DischargeSignature.objects.filter(record=newest, capacity=capacity)
    known = hands.first()
    if known is not None:
        if sheet_of(session, now=at).holds(known.at):
            return known
        newest = written_anew(newest, by=by, at=at)
    signature = DischargeSignature(record=newest, capacity=capacity.value, by=by, at=at)
    signature.save(force_insert=True)
    deed = audit.Deed(patients=[session.course.patient_id], after=signature)
    audit.record(by=by, at=at, operation="discharge.sign", deed=deed)
    return signature


def refuse_unsigned_checks(session: Session) -> None:
    """Raises CheckUnsigned."""
    waiting = session.chair_events.in_force().filter(kind=ChairEventKind.CHECK_PENDING)
    if waiting.exists():
        raise CheckUnsigned("A check of two is not signed by the other person.", field="check")


def as_read(record: DischargeRecord) -> DischargeRecord:
    """The record as it now is, when it says what was read. Raises DischargeChanged."""
    newest = DischargeRecord.objects.in_force().filter(entry=record.entry).first()
    if newest is None or discharge_said(newest) != discharge_said(record):
        raise DischargeChanged("The record was changed after it was read.", field="record")
    return newest


def written_anew(record: DischargeRecord, *, by: Professional, at: datetime) -> DischargeRecord:
    """The same once more, for those who sign it after something that voids it."""
    return people.correct(
        record,
        by=by,
        at=at,
        operation="discharge.change",
        patients=[record.session.course.patient_id],
        reason=SIGNED_ANEW,
    )
