"""What the record says now against a start that the gate let through."""

from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery, UUIDField

from lysglimt.clinic.exposure.beside import BESIDE, course_over, over_months_in
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.referral.listed import listed_medicines, medicines_of
from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.clinic.treatment.accepted import found_since, grounds_of_acceptance
from lysglimt.clinic.treatment.history import registration
from lysglimt.clinic.treatment.models import Registration, SafetyTask
from lysglimt.clinic.treatment.told import no_in, no_on, told_first
from lysglimt.knowledge.monitoring.staffing import others_to_watch
from lysglimt.knowledge.monitoring.start_gate import too_old
from lysglimt.knowledge.monitoring.still_open import Seen, closing
from lysglimt.knowledge.safety.suicidality import Promptness
from lysglimt.knowledge.verdict import Finding

from .infusing import under_way_elsewhere, watched_elsewhere
from .models import Session, StartGateRecord, VitalSet

NOW = "now_"
"""What the record says has its own names beside what the gate wrote down."""


def beside_the_record(
    gates: QuerySet[StartGateRecord, StartGateRecord],
    *,
    on: date,
    start: datetime,
    by: Professional | None = None,
) -> QuerySet[StartGateRecord, StartGateRecord]:
    """Each gate with what the record of its patient says on a day, in the same question.

    Of the readings, the newest pressure at or before the ``start``: a later one was not seen then.
    ``by`` is who starts: a nurse is to infuse nobody else. Of anybody else, and where it is not
    known, the nurse who went through the gate is.
    """
    of = {"patient": OuterRef("patient")}
    awaited = SafetyTask.objects.filter(
        **of, promptness=Promptness.DOCTOR_NOW.value, acknowledgement__isnull=True
    )
    choice = Registration.objects.newest_first().filter(**of)
    measured = VitalSet.objects.in_force().filter(
        session=OuterRef("session"), systolic__isnull=False, happened_at__lte=start
    )
    record = {
        **grounds_of_acceptance(),
        "measured": Subquery(measured.order_by("-happened_at").values("happened_at")[:1]),
        "doctor_awaited": Subquery(awaited.order_by("due_at", "pk").values("pk")[:1]),
        "told": told_first(awaited),
        "doctor_no": no_on(on, patient="patient"),
        "reserved_decision": Subquery(choice.values("decision")[:1]),
        "taken": listed_medicines(on=on),
        **BESIDE.about("patient"),
        **of_the_others(by, start=start, on=on),
    }
    named: Any = {f"{NOW}{name}": asked for name, asked in record.items()}
    # A doctor who opened it went not through it.
    first = StartGateRecord.objects.filter(entry=OuterRef("entry"), revision=1)
    known = gates.alias(patient=F("session__course__patient"), nurse=first.values("by")[:1])
    return known.annotate(**named)


def of_the_others(by: Professional | None, *, start: datetime, on: date) -> dict[str, Any]:
    """Is the patient given something elsewhere, and does the nurse watch another infusion?"""
    here: Any = {"unit": OuterRef("session__unit"), "but": OuterRef("session")}
    elsewhere = under_way_elsewhere(OuterRef("patient"), **here, on=on)
    nurse = by.pk if by and by.role == Role.NURSE else OuterRef("nurse")
    return {
        "infused_in": Subquery(elsewhere.values("pk")[:1], output_field=UUIDField()),
        "watching": Exists(watched_elsewhere(nurse, **here, at=start)),
    }


def against_start(
    session: Session, gate: StartGateRecord, *, at: datetime, judged: bool
) -> tuple[Finding, ...]:
    """Of a gate `beside_the_record`. Recorded facts close a start in journal mode too.

    What follows from them is not judged there.
    """
    said = {name: value for name, value in vars(gate).items() if name.startswith(NOW)}
    now = SimpleNamespace(**{name.removeprefix(NOW): value for name, value in said.items()})
    now.patient = session.course.patient
    no = no_in(now)
    named = {"may_be_treated": (no.by_whom,)} if no else {}
    answers = {
        "consent": now.consented_on is not None,
        "registered": registration(now.choice, now.reserved_decision) is not None,
        "no_doctor_now": not now.doctor_awaited,
        "may_be_treated": no is None,
        "accepted": now.accepted,
        "one_infusion": not now.infused_in,
    }
    over = course_over(session.course.standing)
    if not judged:
        return closing(answers, over, seen=seen_at(gate), named=named)
    since = found_since(now, medicines_of(now.taken), on=on_day(at))
    alone = [others_to_watch()] if now.watching else []
    held = over_months_in(now, card=now.patient.card(), on=on_day(at)).findings
    found = [*over, *since, *held, *too_old(now.measured, at=at), *alone]
    return closing(answers, found, seen=seen_at(gate), named=named)


def seen_at(gate: StartGateRecord) -> set[Seen]:
    """What the gate found, which somebody had to answer for to open it."""
    return {
        (finding["criterion"], finding["standing"], finding["reason"]["nb"])
        for finding in gate.findings
    }
