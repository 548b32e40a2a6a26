"""A session by nose today: the third of the induction, one of three devices given."""

from datetime import date, datetime, timedelta

from lysglimt.clinic.chairside import actions as chair
from lysglimt.clinic.chairside.models import DeviceOrder, SedationScale, Session, SessionPhase
from lysglimt.clinic.chairside.sheet import sheet_of
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.scheduling import actions as scheduling
from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.clinic.scheduling.models import AppointmentState
from lysglimt.clinic.scheduling.models import Chair as Place
from lysglimt.clinic.treatment.models import Course, Timing
from lysglimt.knowledge.dosing.devices import DEVICE_CHECK, DeviceAct
from lysglimt.knowledge.monitoring.observation import SessionRoute
from lysglimt.knowledge.monitoring.start_gate import start_gate
from lysglimt.knowledge.protocols.state import RULE_VERSION

from .case import Case, entered
from .courses import Plan, planned, session_days
from .elsewhere import FIRST_NASAL, NASAL, NASAL_MINUTES, recorded
from .ratings import others
from .sitting import MINUTE, at_the_gate, booked
from .story import Story
from .treated import RESPONDS

GIVEN_BEFORE, ORDERED, SINCE = 2, 3, 4
LOT, EXPIRES = "EKSEMPEL-1", date(2030, 6, 30)


def calm(case: Case, day: date) -> None:
    others(case, 26, day=day, timing=Timing.BEFORE_DOSE, which=("cssrs_screener",))


def between_devices(case: Case) -> None:
    """The first device was given four minutes ago: the next waits one more."""
    *days, today = session_days(case.today, GIVEN_BEFORE + 1)
    course = planned(case, start=days[0], ill=RESPONDS, plan=Plan(protocol="esketamine-adult"))
    for number, day in enumerate(days):
        calm(case, day)
        amount = NASAL if number else FIRST_NASAL
        recorded(case, course, day, minutes=NASAL_MINUTES, mg=amount)
    calm(case, today)
    seat(case, course, case.setting.now - SINCE * MINUTE, place=case.clinic.chairs[0])


def seat(case: Case, course: Course, start: datetime, *, place: Place) -> None:
    appointment = booked(case, course, start, place=place)
    at = start - 40 * MINUTE
    session = chair.open_session(
        course=course, planned_on=on_day(start), by=case.nurse, at=at, chair=place
    )
    order = chair.order_devices(
        session=session,
        ordered=chair.DevicesOrdered(devices=ORDERED),
        entered=entered(at),
        by=case.doctor,
        at=at,
    )
    chair.sign_device_order(order=order, by=case.doctor, at=at + MINUTE)
    lay_out(case, order, at + 2 * MINUTE)
    for minutes in (18, 11):
        measure(case, session, start - minutes * MINUTE)
    let_through(case, session, start)
    give(case, session, start)
    scheduling.mark(
        appointment=appointment, state=AppointmentState.KEPT, by=case.coordinator, at=at
    )


def lay_out(case: Case, order: DeviceOrder, at: datetime) -> None:
    chair.check_devices(
        order=order,
        laid_out=chair.LaidOut(devices=ORDERED, lines=sorted(DEVICE_CHECK)),
        checked_by=case.clinic.staff[Role.PHARMACIST],
        entered=entered(at),
        by=case.nurse,
        at=at,
    )


def measure(case: Case, session: Session, at: datetime) -> None:
    chance = case.chance
    read = chair.Measured(
        phase=SessionPhase.BEFORE,
        systolic=124 + chance.randint(-3, 3),
        diastolic=76 + chance.randint(-3, 3),
        pulse=70 + chance.randint(-3, 3),
        spo2=98,
        respiration=14,
        sedation_scale=SedationScale.MOAAS,
        sedation=5,
        dissociation=0,
        distress=1,
        nausea=0,
    )
    chair.record_vitals(
        session=session, measured=read, entered=entered(at), by=case.nurse, at=at
    )


def let_through(case: Case, session: Session, start: datetime) -> None:
    before = sheet_of(session, now=start - 3 * MINUTE).before
    facts = at_the_gate(case, SessionRoute.NASAL, start, before=before)
    gated = chair.Gated(
        verdict=start_gate(facts), rule_version=RULE_VERSION, doctor=case.doctor
    )
    chair.record_gate(
        session=session, gated=gated, entered=entered(facts.at), by=case.nurse, at=facts.at
    )


def give(case: Case, session: Session, at: datetime) -> None:
    used = chair.Used(
        act=DeviceAct.GIVEN,
        lot=LOT,
        expires_on=EXPIRES,
        begun_at=at - timedelta(minutes=1),
        both_nostrils=True,
    )
    chair.record_device(session=session, used=used, entered=entered(at), by=case.nurse, at=at)


BY_NOSE = (Story("between-devices", between_devices),)
