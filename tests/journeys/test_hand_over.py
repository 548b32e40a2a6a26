"""An infusion is handed over in the middle, by keyboard alone; and what there is on paper is found."""

from datetime import time, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils.timezone import localtime

from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.models import (
    ChairEvent,
    Handover,
    PaperChart,
    Session,
    VitalSet,
)
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Professional, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.knowledge.dosing.delivery import PauseReason, PumpAct
from lysglimt.knowledge.dosing.weights import WeightBasis
from lysglimt.knowledge.protocols.library import latest
from tests.clinic.chairside import let_in
from tests.clinic.chairside.conftest import gated, ordered
from tests.clinic.conftest import KARI, NOON

from .clinic import IN_TURN, SENT_BACK, STAFF, Ward, clock, unit, ward
from .desk import Desk
from .wall_clock import WallClock

__all__ = ["clock", "unit", "ward"]


@pytest.fixture
def session(unit: Unit, clock: WallClock) -> Session:
    """The pump stands still for the pressure, twelve minutes into the infusion."""
    clock.until(NOON.date(), time(13, 5))
    doctor = Professional.objects.get(role=Role.PSYCHIATRIST)
    nurse = Professional.objects.get(role=Role.NURSE)
    people.state_purpose(unit=unit, on=True, by=doctor, at=NOON)
    patient = people.register_patient(said=KARI, by=nurse, at=NOON)
    let_in.agree(patient, by=doctor)
    let_in.accept(patient, by=doctor)
    protocol = latest("iv-ketamine-no")
    treatment.approve_protocol(unit=unit, protocol=protocol, by=doctor, at=NOON)
    course = treatment.plan_course(patient=patient, protocol=protocol, by=doctor, at=NOON)
    treatment.sign_weight_basis(course=course, basis=WeightBasis.ACTUAL, by=doctor, at=NOON)
    session = actions.open_session(course=course, planned_on=NOON.date(), by=nurse, at=clock())
    order = actions.order(
        session=session, ordered=ordered(), entered=now(clock), by=doctor, at=clock()
    )
    actions.sign_order(order=order, by=doctor, at=clock())
    actions.record_gate(
        session=session, gated=gated(), entered=now(clock), by=doctor, at=clock()
    )
    clock.move(1)
    pumped(session, nurse, clock, act=PumpAct.START, rate_ml_h=Decimal(60))
    clock.move(12)
    why = PauseReason.BLOOD_PRESSURE
    pumped(session, nurse, clock, act=PumpAct.PAUSE, pause_reason=why)
    return session


def now(clock: WallClock) -> Entered:
    at = clock()
    return Entered(happened_at=at, entered_at=at)


def pumped(session: Session, by: Professional, clock: WallClock, **done: object) -> None:
    act = actions.Pumped(**done)  # type: ignore[arg-type]  # each has its type above
    entered = now(clock)
    actions.record_pump(session=session, pumped=act, entered=entered, by=by, at=clock())


@pytest.mark.second_ring
@SENT_BACK
@IN_TURN
def test_an_infusion_is_handed_over_with_what_is_open(
    session: Session, ward: Ward, clock: WallClock
) -> None:
    nurse = ward.nurse
    nurse.sign_in()
    nurse.open(reverse("session", args=[session.pk]))
    nurse.follow("Hand over")
    assert nurse.page.locator(".points__point--due").count() >= 1
    nurse.do("Sign, both of you", refused=422)
    nurse.fill({"words": "Ring 12345", "checked_by": STAFF[Role.ANAESTHETIST]})
    nurse.do("Sign, both of you")
    row = Handover.objects.get()
    assert (str(row.by), str(row.taken_by)) == (STAFF[Role.NURSE], STAFF[Role.ANAESTHETIST])
    text = nurse.text()
    assert STAFF[Role.ANAESTHETIST] in text
    assert "Ring 12345" in text
    type_in_from_paper(nurse, session, clock)
    nurse.open(reverse("print.charts"))
    assert nurse.page.locator("main a[href$='iv-ketamine-no.pdf']").count() == 1
    assert not nurse.inspection.faults, "\n".join(sorted(nurse.inspection.faults))


def type_in_from_paper(nurse: Desk, session: Session, clock: WallClock) -> None:
    """The day after, at half past one: a quarter to three has not been on today's clock."""
    clock.until(NOON.date() + timedelta(days=1), time(13, 30))
    nurse.sign_in()
    nurse.open(reverse("session", args=[session.pk]))
    nurse.follow("Type in from paper")
    nurse.fill({"began": "1407", "ended": "", "why": "The network was down"})
    nurse.do("Save", refused=422)
    nurse.fill({"ended": "1500"})
    nurse.do("Save")
    assert PaperChart.objects.get().session == session
    nurse.sees("From paper")
    assert not nurse.page.locator("main [name=ago]").locator("visible=true").count()
    nurse.fill({"clock": "1425", "systolic": "131/81"}, of="#vitals-form")
    nurse.do("Save the observation")
    nurse.page.locator("details:has([data-draft=event])").evaluate("one => one.open = true")
    drug = {"clock": "1445", "amount": "labetalol 10 mg iv"}
    nurse.fill(drug, of="form[data-draft=event]")
    nurse.do("Drug given")
    reading, given = VitalSet.objects.get(), ChairEvent.objects.get()
    for row, at in ((reading, "02 14:25"), (given, "02 14:45")):
        assert f"{localtime(row.happened_at):%d %H:%M}" == at
    assert (
        nurse.text().count(nurse.say("from paper, typed by %(by)s") % {"by": reading.by}) == 2
    )
