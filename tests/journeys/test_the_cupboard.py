"""Controlled drugs, by keyboard alone: a session with a pause and waste, and a count that does not agree."""

from collections.abc import Callable
from datetime import time, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext

from lysglimt.clinic.chairside import actions as chairside
from lysglimt.clinic.chairside.models import Session
from lysglimt.clinic.cupboard.chain import faults
from lysglimt.clinic.cupboard.models import Holding, LedgerEntry
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Professional, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.knowledge.dosing.delivery import PauseReason, PumpAct
from lysglimt.knowledge.dosing.weights import WeightBasis
from lysglimt.knowledge.protocols.library import latest
from lysglimt.server.demo.cast import Clinic
from lysglimt.server.demo.cupboard import stocked
from tests.clinic.chairside import let_in
from tests.clinic.chairside.conftest import gated, ordered
from tests.clinic.conftest import KARI, NOON

from .clinic import IN_TURN, SENT_BACK, STAFF, Ward, clock, unit, ward
from .desk import Desk
from .wall_clock import WallClock

__all__ = ["clock", "unit", "ward"]
OTHER = STAFF[Role.ANAESTHETIST]


@pytest.fixture
def ketamine(unit: Unit, clock: WallClock, language: str) -> Holding:
    """The cupboard of the demonstration, with a leader and a pharmacist who work here."""
    clock.until(NOON.date(), time(13, 0))
    for role, name in ((Role.PHARMACIST, "Frida Farmasøyt"), (Role.UNIT_LEAD, "Liv Leder")):
        Professional.objects.create_user(
            role.value, role=role, unit=unit, display_name=name, language=language
        )
    staff = {Role(one.role): one for one in Professional.objects.all()}
    stocked(Clinic(unit, staff, ()), now=clock() - timedelta(hours=2))
    return Holding.objects.get(product="Ketalar")


@pytest.fixture
def session(ketamine: Holding, unit: Unit, clock: WallClock) -> Session:
    """40 mg are ordered and signed; the gate is open."""
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
    session = chairside.open_session(
        course=course, planned_on=NOON.date(), by=nurse, at=clock()
    )
    order = chairside.order(
        session=session, ordered=ordered(), entered=now(clock), by=doctor, at=clock()
    )
    chairside.sign_order(order=order, by=doctor, at=clock())
    chairside.record_gate(
        session=session, gated=gated(), entered=now(clock), by=doctor, at=clock()
    )
    return session


def now(clock: WallClock) -> Entered:
    at = clock()
    return Entered(happened_at=at, entered_at=at)


def infused(session: Session, clock: WallClock) -> None:
    """Ten minutes, a pause of five, and fifteen minutes more: 25 of 40 mg."""
    nurse = Professional.objects.get(role=Role.NURSE)
    rate, why = Decimal(60), PauseReason.TOILET
    for minutes, act in (
        (1, chairside.Pumped(act=PumpAct.START, rate_ml_h=rate)),
        (10, chairside.Pumped(act=PumpAct.PAUSE, pause_reason=why)),
        (5, chairside.Pumped(act=PumpAct.RESUME, rate_ml_h=rate)),
        (15, chairside.Pumped(act=PumpAct.STOP)),
    ):
        clock.move(minutes)
        at = clock().replace(second=0, microsecond=0)
        entered = Entered(happened_at=at, entered_at=at)
        chairside.record_pump(session=session, pumped=act, entered=entered, by=nurse, at=at)


@pytest.fixture
def lead(
    ketamine: Holding, ward: Ward, address: str, new_context: Callable[[], BrowserContext]
) -> Desk:
    return Desk(new_context().new_page(), address, "Liv Leder", ward.nurse.inspection)


PACKAGE = {"batch": "LS-400", "expires_on": "04.2027"}


@SENT_BACK
@IN_TURN
def test_a_count_that_does_not_agree_and_then_a_session_with_a_pause_and_waste(
    session: Session, ketamine: Holding, ward: Ward, lead: Desk, clock: WallClock
) -> None:
    nurse = ward.nurse
    nurse.sign_in()
    nurse.open(reverse("ledger.count", args=[ketamine.pk]))
    nurse.fill({"counted": "29", "checked_by": OTHER})
    nurse.do("Sign, both of you")
    nurse.open(reverse("session", args=[session.pk]))
    nurse.follow("Withdraw and account for")
    nurse.follow("Withdraw for this session")
    nurse.fill({"holding": "Ketalar", "pieces": "1", **PACKAGE, "checked_by": OTHER})
    nurse.do("Sign, both of you", refused=422)
    settled(lead, LedgerEntry.objects.get(holding=ketamine, counted=29))
    nurse.do("Sign, both of you")
    infused(session, clock)
    nurse.follow("Account for it", exact=False)
    assert "25 mg" in nurse.text()
    nurse.fill({"residue_mg": "0", "wasted_mg": "120", "checked_by": OTHER})
    nurse.do("Sign, both of you", refused=422)
    nurse.fill({"wasted_mg": "175"})
    nurse.do("Sign, both of you")
    nurse.open(reverse("ledger", args=[ketamine.pk]))
    nurse.open(reverse("ledger.report"))
    rows = LedgerEntry.objects.of_holding(ketamine).filter(number__gt=4)
    assert [(one.movement, int(one.mg), one.stock_after) for one in rows] == [
        ("loss", 200, 29),
        ("withdrawal", 200, 28),
        ("administration", 25, 28),
        ("waste", 175, 28),
    ]
    drawn = rows.filter(session=session)
    assert {(str(one.by), str(one.witness)) for one in drawn} == {(STAFF[Role.NURSE], OTHER)}
    assert not list(faults(ketamine))
    assert not nurse.inspection.faults, "\n".join(sorted(nurse.inspection.faults))


def settled(lead: Desk, count: LedgerEntry) -> None:
    lead.sign_in()
    lead.open(reverse("cupboard"))
    lead.follow_text(str(count.holding))
    words = "Funnet knust bak skuffen"
    lead.fill({"how": "booked", "words": words, "checked_by": OTHER})
    lead.do("Sign, both of you")
    assert count.steps.get().words == words
