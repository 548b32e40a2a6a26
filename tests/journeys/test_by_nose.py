"""A session of esketamine by nose, from the order until the patient has left, by keyboard alone."""

import re
from datetime import datetime, time
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.models import (
    DeviceUse,
    DischargeRecord,
    MonitoringForm,
    Session,
    SessionPhase,
)
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Professional, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.treatment.models import SessionGiven
from tests.clinic.chairside import let_in, nasal
from tests.clinic.conftest import KARI, NOON

from .clinic import IN_TURN, SENT_BACK, STAFF, Ward, clock, unit, ward
from .desk import Desk
from .wall_clock import WallClock

__all__ = ["clock", "unit", "ward"]


@pytest.fixture
def session(unit: Unit, clock: WallClock) -> Session:
    """The first of a patient who is accepted, examined and rated, opened on the day itself."""
    clock.until(NOON.date(), time(13, 5))
    doctor = Professional.objects.get(role=Role.PSYCHIATRIST)
    nurse = Professional.objects.get(role=Role.NURSE)
    people.state_purpose(unit=unit, on=True, by=doctor, at=NOON)
    patient = people.register_patient(said=KARI, by=nurse, at=NOON)
    let_in.agree(patient, by=doctor)
    let_in.accept(patient, by=doctor)
    let_in.examine(patient, by=doctor)
    course = nasal.course_of(patient, by=doctor)
    return actions.open_session(course=course, planned_on=NOON.date(), by=nurse, at=clock())


@pytest.mark.second_ring
@SENT_BACK
@IN_TURN
def test_two_devices_are_given_and_the_patient_goes_home(
    session: Session, ward: Ward, clock: WallClock
) -> None:
    nurse, doctor = ward.nurse, ward.psychiatrist
    for desk in (nurse, doctor):
        desk.sign_in()
    order(doctor, session.pk)
    prepare(nurse, session.pk, clock)
    give(nurse, clock)
    watch(nurse, clock)
    answer(nurse)
    go_home(nurse, doctor, session.pk, clock)
    assert [row.lot for row in DeviceUse.objects.order_by("pk")] == ["AB123", "AB124"]
    assert SessionGiven.objects.get().delivered_mg == 56
    assert MonitoringForm.objects.get().answers["opioid"] == {"said": "not_asked"}
    assert DischargeRecord.objects.in_force().get().left_at
    assert not nurse.inspection.faults, "\n".join(sorted(nurse.inspection.faults))


@SENT_BACK
@pytest.mark.parametrize("language", [pytest.param("nb", id="Bokmål")])
def test_the_wait_counts_down_and_when_it_is_over_a_red_reading_of_another_holds(
    session: Session, ward: Ward, clock: WallClock
) -> None:
    nurse, doctor = ward.nurse, ward.psychiatrist
    for desk in (nurse, doctor):
        desk.sign_in()
    order(doctor, session.pk)
    prepare(nurse, session.pk, clock)
    device(nurse, "AB123")
    nurse.page.clock.install()
    at_the_chair(nurse, session.pk)
    wait, due = nurse.page.locator("[data-wait]"), nurse.page.locator(".due__headline")
    expect(wait).to_have_text(re.compile(r"^4 min \d+ s$"))
    expect(due).to_have_text("Neste måling om 20 min")
    clock.move(2)
    nurse.page.clock.fast_forward("02:00")
    expect(wait).to_have_text(re.compile(r"^2 min \d+ s$"))
    expect(due).to_have_text(re.compile("^Neste måling om 1[78] min$"))
    clock.move(3)
    measured_red(session, at=clock())
    nurse.page.clock.fast_forward("03:00")
    expect(nurse.page.locator(".devices--held")).to_be_visible()


def measured_red(session: Session, *, at: datetime) -> None:
    actions.record_vitals(
        session=session,
        measured=actions.Measured(phase=SessionPhase.INFUSION, systolic=206, diastolic=104),
        entered=Entered(happened_at=at, entered_at=at),
        by=Professional.objects.get(role=Role.PSYCHIATRIST),
        at=at,
    )


def at_the_chair(desk: Desk, session: UUID) -> None:
    desk.open(reverse("session", args=[session]))


def order(doctor: Desk, session: UUID) -> None:
    at_the_chair(doctor, session)
    doctor.follow("Write the order")
    doctor.do("Save", refused=422)
    doctor.fill({"devices": "3"})
    doctor.do("Save", refused=422)
    doctor.fill({"devices": "2"})
    doctor.do("Save")
    assert "56 mg" in doctor.text()
    doctor.do("Sign the order")


def prepare(nurse: Desk, session: UUID, clock: WallClock) -> None:
    at_the_chair(nurse, session)
    nurse.follow("Check the devices")
    nurse.fill({"laid_out": "3", "lines": "all", "checked_by": STAFF[Role.ANAESTHETIST]})
    nurse.do("Save", refused=422)
    nurse.fill({"laid_out": "2"})
    nurse.do("Save")
    for _ in range(2):
        observe(nurse, "128/78")
        clock.move(6)
    nurse.follow("Do the start check")
    there = nurse.page.locator("main form [type=radio][value=yes]").all()
    nurse.fill({str(radio.get_attribute("name")): "yes" for radio in there})
    fasting = {"last_solids": "0800", "last_fluids": "1130"}
    nurse.fill({**fasting, "pregnancy": "impossible", "others": "none"})
    nurse.fill({"doctor": STAFF[Role.PSYCHIATRIST]})
    nurse.do("Save")


def observe(nurse: Desk, pressure: str) -> None:
    signs = {"systolic": pressure, "pulse": "72", "spo2": "98", "respiration": "14"}
    points = {"sedation": "5", "dissociation": "0", "distress": "1", "nausea": "0"}
    nurse.fill({**signs, **points}, of="#vitals-form")
    nurse.do("Save the observation")


def give(nurse: Desk, clock: WallClock) -> None:
    """The second is tried a minute after the first, and waits."""
    device(nurse, "AB123")
    assert re.search(r"\b[45] min \d+ s\b", nurse.page.locator(".devices").inner_text())
    clock.move(2)
    device(nurse, "AB124", refused=422)
    typed = nurse.page.locator('.devices [name="lot"]').input_value()
    assert typed == "AB124", "nothing typed is lost"
    clock.move(4)
    press(nurse)


def device(nurse: Desk, lot: str, *, refused: int | None = None) -> None:
    package = {"lot": lot, "expires_on": "08.2027", "nostrils": "yes"}
    nurse.fill(package, of=".devices")
    press(nurse, refused=refused)


def press(nurse: Desk, *, refused: int | None = None) -> None:
    nurse.use(nurse.page.locator('.devices button[value="given"]'), refused=refused)


def watch(nurse: Desk, clock: WallClock) -> None:
    for minutes, pressure in ((14, "136/84"), (20, "140/86"), (20, "132/82")):
        clock.move(minutes)
        observe(nurse, pressure)
    nurse.follow("Record the dose given")
    nurse.do("Save")


def answer(nurse: Desk) -> None:
    """What the chart does not know; what was not asked says so."""
    nurse.follow("Open the form for monitoring")
    said: dict[str, Any] = {"enrolled": "no", "benzodiazepine": "no", "opioid": "not_asked"}
    nurse.fill({**said, "sedation": "no", "sedation.onset": "5"})
    nurse.do("Save", refused=422)
    nurse.fill({"sedation": "yes", "sedation.over": "50"})
    nurse.do("Save")
    nurse.sees("Not answered yet:")


def go_home(nurse: Desk, doctor: Desk, session: UUID, clock: WallClock) -> None:
    nurse.follow("Checklist for going home")
    yes = ("oriented", "dissociation_mild", "walks", "eaten", "advice")
    points = ("aldrete.activity", "aldrete.breathing", "padss.walking", "padss.pain")
    nurse.fill(dict.fromkeys(yes, "yes") | dict.fromkeys(points, "2"))
    escort = {"escort_name": "Per Prøvesen", "escort_telephone": "98 76 54 32"}
    nurse.fill({"danger_no_new_intent": "no", "rass": "0", **escort})
    nurse.do("Save")
    nurse.do("Sign the checklist")
    clock.move(60)
    observe(nurse, "128/80")
    at_the_chair(doctor, session)
    doctor.do("Sign the checklist")
    nurse.follow("The patient has left")
    nurse.do("Save")
