"""The gate before the start: what was found, and who let the patient through in spite of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.timezone import localtime

from lysglimt.clinic.chairside.chart import observed
from lysglimt.clinic.chairside.findings import finding_as_read
from lysglimt.clinic.chairside.models import (
    AnOrder,
    Session,
    SessionOrder,
    StartGateRecord,
    VitalSet,
)
from lysglimt.clinic.chairside.since_gate import against_start, beside_the_record
from lysglimt.clinic.chairside.untold import as_told, reason_told
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.people.signing import refuse_all_but_doctors
from lysglimt.clinic.referral.actions import finding_as_written
from lysglimt.clinic.scheduling.calendar import OSLO, on_day
from lysglimt.clinic.treatment.actions import stamped
from lysglimt.clinic.treatment.told import said_no
from lysglimt.clinic.treatment.unsigned import unsigned_of
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.monitoring.before_start import red_signs
from lysglimt.knowledge.monitoring.gate_conditions import gate_rules
from lysglimt.knowledge.monitoring.limits import Light, light, outside
from lysglimt.knowledge.protocols.state import RULE_VERSION
from lysglimt.knowledge.verdict import Finding, Standing, Verdict

from .asking import enter_gate
from .calling import call_for_finding
from .ordering import refuse_other_basis
from .turns import locked

OPEN_UP_TO = Standing.CAUTION
"""A note and a caution are read; unknown and worse need somebody's name."""


FIXED = frozenset(
    {
        *("gate:consent", "gate:registered", "gate:identity", "gate:pregnancy"),
        *("gate:order_signed", "gate:two_person_check", "gate:no_doctor_now"),
        "gate:one_infusion",
    }
)
"""An exclusion by one of these is never overridden at the chair."""
SUICIDALITY, SOMETHING_NEW = "suicidality_asked", "no"
"""The condition, and the answer to it, as typed, that calls a doctor."""
ACCEPTED = "gate:accepted"
OF_ELIGIBILITY = ("EX-", "RX-", "IN-")
"""Two doctors sign for an exclusion of these, each with a reason, where eligibility is decided."""


class NotSigned(ClinicalError):
    """No start without the doctor's signature on the order as it stands."""

    code = "session.order-not-signed"


class NotOverridable(ClinicalError):
    """Consent, identity, order, check, register and pregnancy are put right, never overridden."""

    code = "session.not-overridable"


class NeedsAnother(ClinicalError):
    """What excludes a start takes two: who went through the gate, and a doctor who is another."""

    code = "session.needs-another"


class MeasuredSince(ClinicalError):
    """A set that the gate has not seen was measured before the start: the gate is gone through anew."""

    code = "session.measured-since-gate"


class RedSince(ClinicalError):
    """A start of an earlier minute, charted when a red reading or a danger sign has come since."""

    code = "session.red-since-start"


class AgainstSince(ClinicalError):
    """Something that forbids a start was recorded after the gate, or was taken back."""

    code = "session.against-since-gate"


class BeforeGate(ClinicalError):
    """A start earlier than the start check, or than the signature, that let it through."""

    code = "session.before-gate"


class GateClosed(ClinicalError):
    """The gate found something that nobody has answered for by name."""

    code = "session.gate-closed"


class NotGoneThrough(GateClosed):
    """Nobody has gone through the gate."""

    code = "session.gate-not-done"


class OrderSince(GateClosed):
    """The gate was gone through on an order that was changed since."""

    code = "session.order-since-gate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gated:
    """The verdict of the gate, the answers as typed, and the responsible doctor by name.

    Who overrides it and why, or neither.
    """

    verdict: Verdict
    rule_version: str
    answers: Mapping[str, object] = field(default_factory=dict)
    doctor: Professional | None = None
    override_by: Professional | None = None
    override_reason: str = ""


def record_gate(
    *, session: Session, gated: Gated, entered: Entered, by: Professional, at: datetime
) -> StartGateRecord:
    """Raises NotADoctor, NeedsAnother, NotOverridable when it is overridden and may not be.

    The verdict is of what is charted now: it is reckoned `in_turn` with who charts.
    """
    if gated.override_by is not None:
        found = [(one.criterion, one.standing) for one in gated.verdict.findings]
        unsigned = unsigned_of(session.course.patient) is not None
        refuse_what_is_put_right(found, unsigned=unsigned)
        refuse_override(gated.verdict.standing, by=gated.override_by, went_through=by.pk)
    row = StartGateRecord(
        session=session,
        standing=int(gated.verdict.standing),
        findings=[finding_as_written(finding) for finding in gated.verdict.findings],
        answers=dict(gated.answers),
        rule_version=gated.rule_version,
        doctor=gated.doctor,
        override_by=gated.override_by,
        override_reason=gated.override_reason,
        **stamped(entered, by=by, at=at),
    )
    stored = enter_gate(row, patients=[session.course.patient_id])
    says_new = row.answers.get(SUICIDALITY) == SOMETHING_NEW
    if stored is row and says_new and said_alone(entered.entry) is None:
        call_for_finding(stored, by=by, at=at)
    return stored


@transaction.atomic
def say_new(
    *,
    session: Session,
    told_in: UUID,
    doctor: Professional | None,
    by: Professional,
    at: datetime,
) -> StartGateRecord:
    """Something new of suicide, said in a form whose rest is refused: stored alone, a doctor called.

    Once for a form. What was answered earlier is still to be confirmed; nobody opens this record,
    since a doctor is awaited.
    """
    here = locked(session.pk)
    known = said_alone(told_in)
    if known is not None:
        return known
    before = StartGateRecord.objects.in_force().filter(session=here)
    last = before.order_by("-happened_at", "-pk").first()
    verdict = Verdict.of(found_alone())
    row = StartGateRecord(
        session=here,
        standing=int(verdict.standing),
        findings=[finding_as_written(finding) for finding in verdict.findings],
        answers={**(last.answers if last else {}), SUICIDALITY: SOMETHING_NEW},
        rule_version=RULE_VERSION,
        doctor=doctor or (last.doctor if last else None),
        **stamped(
            Entered(entry=entry_alone(told_in), happened_at=at, entered_at=at), by=by, at=at
        ),
    )
    patients = [here.course.patient_id]
    stored = people.enter(row, operation="session.record_gate", patients=patients)
    call_for_finding(stored, by=by, at=at)
    return stored


def entry_alone(told_in: UUID) -> UUID:
    return uuid5(told_in, SUICIDALITY)


def said_alone(told_in: UUID) -> StartGateRecord | None:
    """What was stored of this form before the rest of it was put right."""
    rows = StartGateRecord.objects.filter(entry=entry_alone(told_in), revision=1)
    found: StartGateRecord | None = rows.first()
    return found


def found_alone() -> list[Finding]:
    """Something new was said, and a doctor is awaited for it."""
    return [
        Finding(f"gate:{one.id}", one.otherwise.standing, one.stated(answer=False), one.basis)
        for one in gate_rules().conditions
        if one.id in {SUICIDALITY, "no_doctor_now"}
    ]


def override_gate(
    *, record: StartGateRecord, by: Professional, at: datetime, reason: str
) -> StartGateRecord:
    """A doctor answers by name for what the gate found.

    Whoever opens it is responsible for the session, where the doctor named has said no today.
    Raises NotADoctor, NeedsAnother, NotOverridable.
    """
    unsigned = unsigned_of(record.session.course.patient) is not None
    refuse_what_is_put_right(stood(record), unsigned=unsigned)
    refuse_override(Standing(record.standing), by=by, went_through=record.by_id)
    patient = record.session.course.patient_id
    refused = said_no(record.doctor, patient, on=on_day(at))
    return people.correct(
        record,
        by=by,
        at=at,
        operation="session.override_gate",
        patients=[patient],
        reason=reason,
        doctor_id=by.pk if refused else record.doctor_id,
        override_by_id=by.pk,
        override_reason=reason,
    )


def stood(record: StartGateRecord) -> list[tuple[str, int]]:
    """Each criterion of the record and how it stood."""
    return [(finding["criterion"], finding["standing"]) for finding in record.findings]


def put_right(findings: Iterable[tuple[str, int]], *, unsigned: bool) -> list[str]:
    """The criteria that exclude a start and that nobody may answer for.

    While the decision to treat is ``unsigned`` by its second doctor, one at the chair is not that.
    """
    fixed = FIXED | {ACCEPTED} if unsigned else FIXED
    return [
        name
        for name, stands in findings
        if stands == Standing.EXCLUDED and (name in fixed or name.startswith(OF_ELIGIBILITY))
    ]


def refuse_what_is_put_right(findings: Iterable[tuple[str, int]], *, unsigned: bool) -> None:
    fixed = put_right(findings, unsigned=unsigned)
    if fixed:
        raise NotOverridable(f"Not overridden: {', '.join(fixed)}", field="gate", value=fixed)


def refuse_override(standing: Standing, *, by: Professional, went_through: object) -> None:
    refuse_all_but_doctors(by, field="override_by")
    if standing is Standing.EXCLUDED and went_through == by.pk:
        raise NeedsAnother("Another has to answer for an exclusion.", field="by", value=str(by))


def signed_order(session: Session) -> SessionOrder:
    """The order in force, signed, by the weight basis of the course. Raises NotSigned."""
    order = SessionOrder.objects.signed().filter(session=session).first()
    if order is None:
        raise NotSigned("The order for this session is not signed.", field="order")
    refuse_other_basis(order)
    return order


def order_in_force(session: Session) -> SessionOrder:
    """As it was written last, signed or not. Raises NotSigned where nothing was ordered."""
    order = SessionOrder.objects.in_force().filter(session=session).first()
    if order is None:
        raise NotSigned("There is no order for this session.", field="order")
    return order


def refuse_closed_gate(
    session: Session, order: AnOrder, *, start: datetime, now: datetime, by: Professional
) -> None:
    """The newest record of the gate decides, newer than the order and than every reading.

    Then the rest of the record is asked again, as it is ``now``.
    Raises GateClosed, BeforeGate, MeasuredSince, RedSince, AgainstSince. In journal mode no reading
    is judged.
    """
    passed = StartGateRecord.objects.in_force().filter(session=session)
    rows = beside_the_record(passed, on=on_day(now), start=start, by=by)
    newest = rows.order_by("-happened_at", "-pk").first()
    if newest is None:
        raise NotGoneThrough("The start gate has not been gone through.", field="gate")
    # An override is a later revision; what was looked at was looked at when it was first sent.
    looked = StartGateRecord.objects.get(entry=newest.entry, revision=1).received_at
    if looked < order.received_at:
        raise OrderSince("The order was changed after the start gate.", field="gate")
    refuse_before(start, opened=max(newest.received_at, order.signature.at))
    refuse_unseen_readings(session, looked=looked, start=start)
    refuse_red_since(session, looked=looked, start=start)
    refuse_unanswered(newest, session=session, by=by)
    refuse_record(session, newest, start=start, by=by)


def refuse_unanswered(gate: StartGateRecord, *, session: Session, by: Professional) -> None:
    """``by`` is told nothing of what the patient has closed. Raises GateClosed."""
    if gate.standing <= OPEN_UP_TO or gate.override_by_id is not None:
        return
    found = map(finding_as_read, gate.findings)
    unanswered = [one for one in found if one.standing > OPEN_UP_TO]
    told = as_told(unanswered, by=by, session=session)
    raise GateClosed(
        f"Nobody has answered for {', '.join(one.criterion for one in unanswered)}",
        field="gate",
        value=[reason_told(one) for one in told],
        allowed="an override with a name and a reason",
    )


def refuse_before(start: datetime, *, opened: datetime) -> None:
    """What let the start through was not there yet; a clock is typed to the minute.

    Raises BeforeGate.
    """
    minute = localtime(opened, OSLO).replace(second=0, microsecond=0)
    if start < minute:
        raise BeforeGate(
            "A start before the start check.", field="gate", value=f"{minute:%H:%M}"
        )


def refuse_record(
    session: Session, gate: StartGateRecord, *, start: datetime, by: Professional
) -> None:
    """A doctor awaited, an exclusion, consent taken back: whenever it came; readings of another hour.

    ``by`` is told nothing of what the patient has closed. Raises AgainstSince.
    """
    against = against_start(session, gate, at=start, judged=not session.unit.journal_mode)
    if against:
        told = as_told(against, by=by, session=session)
        raise AgainstSince(
            f"Against the start: {', '.join(one.criterion for one in against)}",
            field="gate",
            value=[reason_told(one) for one in told],
        )


def refuse_unseen_readings(session: Session, *, looked: datetime, start: datetime) -> None:
    """The baseline is of readings that the gate accepted. Raises MeasuredSince."""
    since = VitalSet.objects.filter(
        session=session, happened_at__lte=start, received_at__gt=looked
    )
    unseen = since.order_by("-happened_at").first()
    if unseen is not None and not session.unit.journal_mode:
        read = unseen.systolic is not None and unseen.diastolic is not None
        # Of a danger sign, or a pulse alone, when it was charted.
        told = str(unseen) if read else f"{localtime(unseen.happened_at, OSLO):%H:%M}"
        raise MeasuredSince("Measured after the start gate.", field="gate", value=told)


def refuse_red_since(session: Session, *, looked: datetime, start: datetime) -> None:
    """All that is known when a start is charted speaks: no dose begins on a red reading.

    What is calm was measured in an infusion that is charted late. Raises RedSince.
    """
    if session.unit.journal_mode:
        return
    since = VitalSet.objects.in_force().filter(
        session=session, happened_at__gt=start, received_at__gt=looked
    )
    age = session.course.patient.card().age(on_day(start))
    red = [row for row in since.order_by("happened_at") if forbids_a_start(row, age=age)]
    if red:
        told = ", ".join(f"{localtime(row.happened_at, OSLO):%H:%M}" for row in red)
        raise RedSince("Red since the start as it is typed.", field="gate", value=told)


def forbids_a_start(row: VitalSet, *, age: int) -> bool:
    """Red by the range for a start, or by that of a dose; a danger sign is red."""
    read = observed(row)
    return bool(red_signs(read, age=age)) or light(outside([read], {})) is Light.RED
