"""What Today says of the chairs to those who are not beside them."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lysglimt.clinic.chairside import actions as chairside
from lysglimt.clinic.chairside.actions import Measured
from lysglimt.clinic.chairside.models import (
    DischargeRecord,
    PumpEvent,
    Session,
    SessionOrder,
    SessionPhase,
)
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.chapters import Chapter
from lysglimt.clinic.people.models import Professional, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.scheduling import actions as scheduling
from lysglimt.clinic.scheduling.models import Appointment, AppointmentKind
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.clinic.treatment.models import Course, SafetyTask
from lysglimt.knowledge.dosing.delivery import PauseReason, PumpAct
from tests.clinic.chairside.conftest import (
    Pump,
    at_minute,
    course,
    entered,
    order,
    pump,
    ready,
    session,
)
from tests.clinic.conftest import NOON, Staff

__all__ = ["course", "order", "pump", "ready", "session"]

pytestmark = pytest.mark.usefixtures("decision_support")

Measure = Callable[..., object]
Later = Callable[[int], None]


@pytest.fixture(autouse=True)
def booked(course: Course, moss: Unit, nurse: Professional) -> Appointment:
    chair = scheduling.add_chair(unit=moss, name="Stol 1", by=nurse, at=NOON)
    booking = scheduling.Booking(
        kind=AppointmentKind.SESSION,
        starts_at=NOON,
        ends_at=NOON + timedelta(hours=3),
        chair=chair,
        course=course.pk,
    )
    return scheduling.book(patient=course.patient, booking=booking, by=nurse, at=NOON)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    """`later(20)` is twenty minutes after the start."""

    def later(minute: int) -> None:
        monkeypatch.setattr(timezone, "now", lambda: at_minute(minute))

    later(0)
    return later


@pytest.fixture
def measure(session: Session, nurse: Professional) -> Measure:
    """`measure(10, systolic=206)` is a set of that minute."""

    def measure(minute: int, **more: Any) -> None:
        said: dict[str, Any] = {"systolic": 122, "diastolic": 78, "pulse": 70, "spo2": 98}
        phase = SessionPhase.BEFORE if minute < 0 else SessionPhase.INFUSION
        chairside.record_vitals(
            session=session,
            measured=Measured(phase=phase, **(said | more)),
            entered=entered(minute),
            by=nurse,
            at=at_minute(minute),
        )

    return measure


@pytest.fixture
def running(ready: Session, measure: Measure, pump: Pump, later: Later) -> Session:
    pump(0, PumpAct.START, "60")
    return ready


def troubles(client: Client) -> str:
    """In the order of the page, as they are read."""
    page = client.get(reverse("today")).content.decode()
    listed = "".join(re.findall(r'<ul class="troubles">(.*?)</ul>', page, re.DOTALL))
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", listed))).strip()


def test_a_chair_where_all_is_as_it_should_be_says_nothing(
    running: Session, measure: Measure, later: Later, as_nurse: Client
) -> None:
    measure(5)
    later(7)
    assert troubles(as_nurse) == ""


def test_an_observation_that_is_late_stands_at_its_chair(
    running: Session, measure: Measure, later: Later, as_nurse: Client
) -> None:
    measure(5)
    later(38)
    assert "Måling forsinket med 28 min" in troubles(as_nurse)


@pytest.mark.parametrize(
    ("systolic", "word"),
    [
        pytest.param(206, "Rødt 13:05", id="red is told with its time"),
        pytest.param(165, "Gult 13:05", id="amber too"),
    ],
)
def test_a_last_reading_outside_the_range_stands_at_its_chair(
    running: Session,
    measure: Measure,
    later: Later,
    as_nurse: Client,
    *,
    systolic: int,
    word: str,
) -> None:
    measure(5, systolic=systolic)
    later(6)
    told = troubles(as_nurse)
    assert word in told
    assert str(systolic) in told


def test_a_red_reading_is_the_first_that_waits_for_a_doctor(
    running: Session, measure: Measure, later: Later, psychiatrist: Professional
) -> None:
    later(11)
    measure(10, systolic=206)
    client = Client()
    client.force_login(psychiatrist)
    page = client.get(reverse("today")).content.decode()
    words = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))
    waiting = words[words.index("Venter på lege") :]
    assert "Rødt 13:10: Systolisk blodtrykk 206 mmHg" in waiting[:250]
    assert waiting.index("Rødt 13:10") < waiting.index("Stol 1")
    measure(15)
    later(16)
    page = client.get(reverse("today")).content.decode()
    assert "Rødt 13:" not in unescape(page)


def test_who_may_not_read_the_chart_is_told_that_there_is_something_and_not_what(
    running: Session,
    measure: Measure,
    later: Later,
    moss: Unit,
    staff: Staff,
    psychiatrist: Professional,
    nurse: Professional,
) -> None:
    later(11)
    measure(10, systolic=206)
    colleague = staff(moss, Role.NURSE, "colleague")
    people.block(
        patient=running.course.patient,
        staff=colleague,
        chapter=Chapter.SESSIONS,
        by=psychiatrist,
        at=NOON,
    )
    told = {}
    for who in (nurse, colleague, staff(moss, Role.COORDINATOR, "coordinator")):
        client = Client()
        client.force_login(who)
        told[who.username] = troubles(client)
    assert "206" in told[nurse.username]
    for name in ("colleague", "coordinator"):
        assert told[name] == "Noe å se til ved stolen", name


def test_a_danger_sign_stands_at_its_chair_until_a_doctor_has_seen_the_patient(
    running: Session,
    measure: Measure,
    later: Later,
    as_nurse: Client,
    psychiatrist: Professional,
) -> None:
    measure(5, signs=["chest_pain"])
    measure(10)
    later(11)
    assert "rystsmerter" in troubles(as_nurse)
    measure(12, signs_over=["chest_pain"])
    later(13)
    assert "rystsmerter" in troubles(as_nurse), "a nurse alone ends none"
    treatment.acknowledge_task(
        safety_task=SafetyTask.objects.get(),
        action_taken="ECG without findings",
        by=psychiatrist,
        at=at_minute(13),
    )
    assert troubles(as_nurse) == ""


def test_a_red_pressure_before_the_start_stands_at_its_chair(
    session: Session, measure: Measure, later: Later, as_nurse: Client
) -> None:
    measure(-5, systolic=190, diastolic=112)
    assert "190" in troubles(as_nurse)


def test_a_danger_sign_before_the_start_stands_at_its_chair(
    session: Session, measure: Measure, later: Later, as_nurse: Client
) -> None:
    measure(-5, signs=["chest_pain"])
    assert "rystsmerter" in troubles(as_nurse)


def test_a_pause_stands_at_its_chair(
    running: Session, measure: Measure, pump: Pump, later: Later, as_nurse: Client
) -> None:
    measure(5)
    pump(6, PumpAct.PAUSE, reason=PauseReason.TOILET)
    later(8)
    assert "Pause siden 13:06, 6 av 40 mg gitt" in troubles(as_nurse)


def test_a_pump_with_nothing_left_to_give_stands_at_its_chair(
    running: Session, measure: Measure, later: Later, as_nurse: Client
) -> None:
    measure(38)
    later(41)
    assert "Dosen er gitt" in troubles(as_nurse)


def test_who_left_before_the_criteria_were_met_is_told_and_no_reading_more(
    running: Session,
    measure: Measure,
    pump: Pump,
    later: Later,
    as_nurse: Client,
    nurse: Professional,
) -> None:
    pump(40, PumpAct.STOP)
    measure(42, systolic=206)
    DischargeRecord.objects.create(
        session=running,
        answers={},
        standing=4,
        findings=[],
        rule_version="2026.1",
        escort_name="Ola",
        left_at=at_minute(60),
        deviation="Her own wish",
        no_doctor_reached=True,
        happened_at=at_minute(60),
        entered_at=at_minute(60),
        received_at=at_minute(60),
        by=nurse,
    )
    later(70)
    told = troubles(as_nurse)
    assert "Reist før kriteriene var oppfylt, 14:00" in told
    assert "206" not in told


def test_a_doctor_who_is_asked_for_during_the_infusion_stands_at_the_chair(
    running: Session,
    measure: Measure,
    later: Later,
    as_nurse: Client,
    nurse: Professional,
    psychiatrist: Professional,
) -> None:
    measure(5)
    treatment.ask_for_a_doctor(
        patient=running.course.patient,
        rule="DC-7",
        receiver=psychiatrist,
        by=nurse,
        at=at_minute(6),
    )
    later(7)
    assert troubles(as_nurse) == "Lege nå"


def test_in_journal_mode_no_reading_is_judged_on_today(
    running: Session,
    measure: Measure,
    pump: Pump,
    later: Later,
    moss: Unit,
    psychiatrist: Professional,
    as_nurse: Client,
) -> None:
    people.state_purpose(unit=moss, on=False, by=psychiatrist, at=at_minute(1))
    measure(5, systolic=206)
    pump(6, PumpAct.PAUSE, reason=PauseReason.BLOOD_PRESSURE)
    later(40)
    assert troubles(as_nurse) == "Pause siden 13:06, 6 av 40 mg gitt"


def test_the_chairs_say_the_same_as_the_session_page(
    running: Session, measure: Measure, later: Later, as_nurse: Client
) -> None:
    measure(5, systolic=206)
    later(30)
    page = as_nurse.get(reverse("session", args=[running.pk])).content.decode()
    words = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))
    told = troubles(as_nurse)
    late = re.search(r"Måling forsinket med [0-9]+ min", words)
    assert late
    assert late[0] in told
    [reason, *_] = re.findall(r"Rødt: ([^:]*?\))", words)
    assert reason in told


def test_the_charts_of_the_day_cost_no_more_than_ten_questions(
    running: Session,
    measure: Measure,
    pump: Pump,
    later: Later,
    as_nurse: Client,
    django_assert_max_num_queries: Any,
) -> None:
    for minute in (5, 10, 20):
        measure(minute, systolic=150 + minute)
    later(60)
    with django_assert_max_num_queries(10):
        assert troubles(as_nurse)


def test_a_dose_that_was_broken_off_is_told_with_what_was_given(
    ready: Session,
    order: SessionOrder,
    pump: Pump,
    measure: Measure,
    later: Later,
    as_nurse: Client,
) -> None:
    pump(0, PumpAct.START, "30")
    measure(5)
    pump(10, PumpAct.STOP)
    measure(12)
    later(14)
    assert "Stoppet før tiden 13:10, 5 av 40 mg gitt" in troubles(as_nurse)


def test_a_chart_that_contradicts_itself_does_not_hide_the_other_chairs(
    ready: Session, later: Later, as_nurse: Client, nurse: Professional
) -> None:
    for minute, act in ((0, "start"), (5, "resume")):
        PumpEvent.objects.create(
            session=ready,
            act=act,
            rate_ml_h=60,
            happened_at=at_minute(minute),
            entered_at=at_minute(minute),
            received_at=at_minute(minute),
            by=nurse,
        )
    later(6)
    assert troubles(as_nurse) == "Journalen motsier seg selv: åpne økten"
