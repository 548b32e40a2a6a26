"""Two legal entities for a scratch copy, with patients, and with somebody of every role in every relation."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random
from typing import Any
from uuid import uuid4

from lysglimt.clinic.chairside import actions as chairside
from lysglimt.clinic.chairside.models import ChairEvent, ChairEventKind, Session
from lysglimt.clinic.cupboard.models import Holding, LedgerEntry
from lysglimt.clinic.delivery import actions as delivery
from lysglimt.clinic.incidents.from_elsewhere import TERMS
from lysglimt.clinic.medicines import actions as medicines
from lysglimt.clinic.medicines.models import TaperPlan
from lysglimt.clinic.people import actions
from lysglimt.clinic.people.actions.patients import Kin
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Patient, Professional, Unit, UnitKind
from lysglimt.clinic.people.policy import Relation, Role
from lysglimt.clinic.referral import actions as referral
from lysglimt.clinic.referral.models import Referral, TreatmentTrial
from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.clinic.scheduling.models import Appointment
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.clinic.treatment.models import Course, SessionGiven
from lysglimt.knowledge.medicine import Medicine as Taken
from lysglimt.server.demo.case import Setting
from lysglimt.server.demo.cast import HOSPITAL, PRIVATE, Clinic, opened
from lysglimt.server.demo.clinic import told
from lysglimt.server.demo.cupboard import stocked
from lysglimt.server.demo.incidents import serious, telephoned
from lysglimt.server.demo.over_months import of_every_kind
from lysglimt.server.demo.registered import stated
from lysglimt.server.demo.stories import STORIES
from lysglimt.server.demo.suicidality import not_reached, plan_made, rota_kept

from .people import BY, employed

TOLD = frozenset(
    {
        *("observation-outside-range", "later-today", "gate-overridden", "safety-task-open"),
        *("reserved", "second-signature-pending", "journal-mode", "between-devices"),
    }
)
"""Stories of the demonstration that together have a row for nearly every page."""
WHY = "Pasienten ligger bevisstløs i mottaket."
Arranged = Callable[[Patient, Professional], object]


@dataclass(frozen=True, slots=True)
class Houses:
    """``beside`` is another unit of the legal entity of ``here``; ``elsewhere`` is of another."""

    here: Clinic
    elsewhere: Clinic
    beside: Unit
    somebody: Professional
    at: datetime

    def staff(self, stands: Relation) -> Iterator[Professional]:
        """New people, one of each role, who stand so to no patient yet."""
        unit = {Relation.OTHER_UNIT: self.beside, Relation.OTHER_ENTITY: self.elsewhere.unit}
        for role in Role:
            yield employed(unit.get(stands, self.here.unit), role, at=self.at)

    def row(self, about: Any) -> Any:
        """A row of the unit, the last that has what its page needs."""
        rows = about.objects.order_by("pk")
        if about.to_unit:
            rows = rows.filter(**{about.to_unit: self.here.unit})
        else:
            rows = rows.filter(**{about.to_entity: self.here.unit.entity})
        if about is Patient:
            rows = rows.filter(pk__in=TreatmentTrial.objects.values("patient"))
        if about is Appointment:
            rows = rows.in_force().expected().filter(course__isnull=False)
        if about is Holding:
            rows = rows.filter(entries__in=LedgerEntry.objects.disagreed())
        if about is ChairEvent:
            rows = rows.filter(kind__in=list(TERMS))
        return rows.last()


def furnished(*, at: datetime) -> Houses:
    mark = uuid4().hex[:8]
    clinics = {
        house: opened(replace(house, entity=f"{name} {mark}", mark=f"-{name}-{mark}"), now=at)
        for name, house in (("here", HOSPITAL), ("elsewhere", PRIVATE))
    }
    setting = Setting(clinics, at)
    for number, story in enumerate(one for one in STORIES if one.name in TOLD):
        told(setting, Random(number), story)  # noqa: S311 - made-up patients
    here, elsewhere = clinics[HOSPITAL], clinics[PRIVATE]
    beside = actions.add_unit(
        entity=here.unit.entity, name=f"beside {mark}", kind=UnitKind.HOSPITAL, by=BY, at=at
    )
    somebody = employed(here.unit, Role.NURSE, at=at)
    houses = Houses(here, elsewhere, beside, somebody, at)
    complete(houses)
    over_months(houses)
    stated(here, number=1, now=at)
    delivery.prepare(by=here.staff[Role.UNIT_LEAD], at=at)
    return houses


def complete(houses: Houses) -> None:
    """With what none of the stories has."""
    nurse, somebody, at = houses.here.staff[Role.NURSE], houses.somebody, houses.at
    patient = houses.row(Patient)
    kin = Kin(name="Ola", kinship="partner", consent=True)
    actions.add_relative(patient=patient, kin=kin, by=nurse, at=at)
    shut(patient, somebody, by=nurse, at=at)
    actions.open_in_emergency(patient=patient, by=somebody, at=at, reason=WHY)
    referral.name_contact(
        referral=houses.row(Referral), contact=somebody, every_days=14, by=nurse, at=at
    )
    entered = Entered(happened_at=at, entered_at=at)
    doctor = houses.here.staff[Role.PSYCHIATRIST]
    task = treatment.ask_for_a_doctor(
        patient=patient, rule="SAFE-1", receiver=doctor, by=nurse, at=at
    )
    treatment.report_assessment(
        safety_task=task,
        told=treatment.Told(doctor=doctor, plan=WHY),
        entered=entered,
        by=nurse,
        at=at,
    )
    tapered(patient, by=doctor, at=at)
    named = chairside.Bound(sender="", device="1", name="Monitor", chair=houses.here.chairs[0])
    chairside.bind_monitor(bound=named, by=nurse, at=at)
    chairside.hang_screen(hung=chairside.Hung(name="Wall", numbers=False), by=nurse, at=at)
    stocked(houses.here, now=at)
    wrong(houses.row(SessionGiven), by=nurse, at=at)
    rota_kept(houses.here, now=at)
    plan_made(patient, by=nurse, at=at)
    not_reached(patient, by=nurse, at=at)
    if houses.row(ChairEvent) is None:
        chairside.record_event(
            session=houses.row(Session),
            happened=chairside.Happened(kind=ChairEventKind.NAUSEA),
            entered=entered,
            by=nurse,
            at=at,
        )


def over_months(houses: Houses) -> None:
    """Of a course that no other page is asked about, since it is stopped."""
    nurse, doctor = (houses.here.staff[role] for role in (Role.NURSE, Role.PSYCHIATRIST))
    course = Course.objects.open().in_unit(houses.here.unit.pk).order_by("planned_at")[0]
    of_every_kind(houses.row(Patient), course, nurse=nurse, doctor=doctor, at=houses.at)


def tapered(patient: Patient, *, by: Professional, at: datetime) -> TaperPlan:
    """Of a medicine that the patient takes."""
    taken = referral.Taken(medicine=Taken("N05BA04", name="Sobril"))
    stamp: dict[str, Any] = {"by": by, "at": at}
    row = referral.record_medicine(
        patient=patient, taken=taken, entered=Entered(happened_at=at, entered_at=at), **stamp
    )
    planned = medicines.Planned(
        plan="Halvparten etter to uker.", starts_on=on_day(at), look_on=on_day(at)
    )
    return medicines.plan_taper(
        medicine=row, planned=planned, entered=Entered(happened_at=at, entered_at=at), **stamp
    )


def wrong(given: SessionGiven, *, by: Professional, at: datetime) -> None:
    """Something serious happened after a session, and somebody telephoned about it."""
    session = Session.objects.filter(pk=given.entry).first()
    serious(given.course.patient, session, by=by, at=at)
    telephoned(given, by=by, at=at)


def shut(patient: Patient, staff: Professional, *, by: Professional, at: datetime) -> None:
    actions.block(patient=patient, staff=staff, chapter=None, by=by, at=at)


def arranged(houses: Houses) -> Mapping[Relation, Arranged]:
    """What has to be done with a patient before somebody stands so."""
    nurse, at = houses.here.staff[Role.NURSE], houses.at

    def blocked(patient: Patient, staff: Professional) -> None:
        shut(patient, staff, by=nurse, at=at)

    def emergency(patient: Patient, staff: Professional) -> None:
        blocked(patient, staff)
        actions.open_in_emergency(patient=patient, by=staff, at=at, reason=WHY)

    return {Relation.BLOCKED: blocked, Relation.EMERGENCY: emergency}
