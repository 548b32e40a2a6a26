"""The gate before the start: what was found, and who let the patient through in spite of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.timezone import localtime

from lysglimt.clinic.chairside.chart import observed
from lysglimt.clinic.chairside.models import (
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
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.monitoring.before_start import red_signs
from lysglimt.knowledge.monitoring.limits import Light, light, outside
from lysglimt.knowledge.verdict import Standing, Verdict

from .calling import call_for_finding
from .ordering import refuse_other_basis

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
    """The gate found something that nobody has answered for by name, or was not asked."""

    code = "session.gate-closed"


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
        refuse_what_is_put_right(
            (one.criterion, one.standing) for one in gated.verdict.findings
        )
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
    patients = [session.course.patient_id]
    stored = people.enter(row, operation="session.record_gate", patients=patients)
    if stored is row and row.answers.get("suicidality_asked") == "no":
        call_for_finding(stored, by=by, at=at)
    return stored


def override_gate(
    *, record: StartGateRecord, by: Professional, at: datetime, reason: str
) -> StartGateRecord:
    """A doctor answers by name for what the gate found.

    Raises NotADoctor, NeedsAnother, NotOverridable.
    """
    refuse_what_is_put_right(stood(record))
    refuse_override(Standing(record.standing), by=by, went_through=record.by_id)
    return people.correct(
        record,
        by=by,
        at=at,
        operation="session.override_gate",
        patients=[record.session.course.patient_id],
        reason=reason,
        override_by_id=by.pk,
        override_reason=reason,
    )


def stood(record: StartGateRecord) -> list[tuple[str, int]]:
    """Each criterion of the record and how it stood."""
    return [(finding["criterion"], finding["standing"]) for finding in record.findings]


def put_right(findings: Iterable[tuple[str, int]]) -> list[str]:
    """The criteria that exclude a start and that nobody may answer for."""
    return [
        name
        for name, stands in findings
        if stands == Standing.EXCLUDED and (name in FIXED or name.startswith(OF_ELIGIBILITY))
    ]


def refuse_what_is_put_right(findings: Iterable[tuple[str, int]]) -> None:
    fixed = put_right(findings)
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
    session: Session, order: SessionOrder, *, start: datetime, now: datetime, by: Professional
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
        raise GateClosed("The start gate has not been gone through.", field="gate")
    # An override is a later revision; what was looked at was looked at when it was first sent.
    looked = StartGateRecord.objects.get(entry=newest.entry, revision=1).received_at
    if looked < order.received_at:
        raise GateClosed("The order was changed after the start gate.", field="gate")
    refuse_before(start, opened=max(newest.received_at, order.signature.at))
    refuse_unseen_readings(session, looked=looked, start=start)
    refuse_red_since(session, looked=looked, start=start)
    if newest.standing > OPEN_UP_TO and newest.override_by_id is None:
        open_findings = [
            finding["criterion"]
            for finding in newest.findings
            if finding["standing"] > OPEN_UP_TO
        ]
        raise GateClosed(
            f"Nobody has answered for {', '.join(open_findings)}",
            field="gate",
            value=open_findings,
            allowed="an override with a name and a reason",
        )
    refuse_record(session, newest, start=start, by=by)


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
        raise MeasuredSince("Measured after the start gate.", field="gate", value=str(unseen))


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
