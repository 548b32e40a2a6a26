"""The day of a unit, as those who work there see it."""

import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lysglimt.clinic.audit.models import Read
from lysglimt.clinic.chairside import actions as chairside
from lysglimt.clinic.chairside.models import DischargeRecord, PumpEvent, Session
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Patient, Professional, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.scheduling import actions as scheduling
from lysglimt.clinic.scheduling.calendar import OSLO
from lysglimt.clinic.scheduling.models import Appointment, AppointmentKind
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.clinic.treatment.models import Course, Mode, SafetyTask, SessionGiven, Timing
from lysglimt.clinic.treatment.templatetags.treatment import task_signs
from lysglimt.knowledge.protocols.library import latest
from tests.clinic.chairside import let_in
from tests.clinic.conftest import NOON, Staff


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second of March."""
    monkeypatch.setattr(timezone, "now", lambda: NOON)


@pytest.fixture
def course(kari: Patient, psychiatrist: Professional) -> Course:
    protocol = latest("iv-ketamine-no")
    treatment.approve_protocol(
        unit=psychiatrist.unit, protocol=protocol, by=psychiatrist, at=NOON
    )
    return treatment.plan_course(patient=kari, protocol=protocol, by=psychiatrist, at=NOON)


def at(hour: int, day: int = 2) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=OSLO)


@pytest.fixture
def booked(course: Course, moss: Unit, nurse: Professional) -> Appointment:
    chair = scheduling.add_chair(unit=moss, name="Stol 1", by=nurse, at=NOON)
    scheduling.add_chair(unit=moss, name="Stol 2", by=nurse, at=NOON)
    booking = scheduling.Booking(
        kind=AppointmentKind.SESSION,
        starts_at=at(13),
        ends_at=at(16),
        chair=chair,
        course=course.pk,
    )
    return scheduling.book(patient=course.patient, booking=booking, by=nurse, at=NOON)


def shown(client: Client) -> str:
    page = client.get(reverse("today")).content.decode()
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


def test_an_empty_day_is_said_in_words(as_nurse: Client) -> None:
    page = shown(as_nurse)
    for words in ("Ingen er ventet i dag", "Ingen oppgave er åpen", "Ingenting er forsinket"):
        assert words in page


def test_a_line_has_two_identifiers_and_what_is_missing(
    booked: Appointment, as_nurse: Client
) -> None:
    page = shown(as_nurse)
    for words in ("Ødegård, Kari Anne", "14.03.1979", "13:00", "Stol 1", "Ventet"):
        assert words in page
    for lacking in ("samtykke", "register eller studie", "ordinasjonen", "startkontroll"):
        assert lacking in page
    assert "Ledig hele dagen" in page
    assert Read.objects.get().patients == [str(booked.patient_id)]


@pytest.mark.parametrize("day", [1, 3])
def test_another_day_is_not_today(
    booked: Appointment, nurse: Professional, as_nurse: Client, day: int
) -> None:
    moved = scheduling.Booking(
        kind=AppointmentKind.SESSION,
        starts_at=at(13, day),
        ends_at=at(16, day),
        chair=booked.chair,
        course=booked.course,
    )
    scheduling.move(appointment=booked, booking=moved, by=nurse, at=NOON, reason="Moved")
    assert "Ødegård" not in shown(as_nurse)


def test_midnight_sends_nobody_home(
    booked: Appointment, nurse: Professional, as_nurse: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_nurse.post(reverse("session.open", args=[booked.pk]))
    after_midnight = at(1, 3)
    monkeypatch.setattr(timezone, "now", lambda: after_midnight)
    as_nurse.force_login(nurse)
    page = shown(as_nurse)
    assert "Ingen er ventet i dag" in page, "the infusion never started"
    PumpEvent.objects.create(
        session=Session.objects.get(),
        act="start",
        rate_ml_h=60,
        happened_at=at(22),
        entered_at=at(22),
        received_at=at(22),
        by=nurse,
    )
    page = shown(as_nurse)
    assert "Ødegård" in page
    assert "Infusjon" in page


def test_who_left_before_the_waste_was_witnessed_stays_on_the_day_as_an_open_matter(
    booked: Appointment, nurse: Professional, as_nurse: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_nurse.post(reverse("session.open", args=[booked.pk]))
    session = Session.objects.get()
    by = {"by": nurse, "entered_at": at(14), "received_at": at(14)}
    pump = PumpEvent(session=session, happened_at=at(12), act="start", rate_ml_h=60, **by)
    pump.save(force_insert=True)
    left = DischargeRecord(
        session=session,
        answers={},
        standing=0,
        findings=[],
        rule_version="1",
        escort_name="Per",
        happened_at=at(13),
        left_at=at(14),
        **by,
    )
    left.save(force_insert=True)
    still_open = "Gjenstår: dosen er ikke ført, og kasseringen ikke bevitnet"
    assert still_open in shown(as_nurse)
    monkeypatch.setattr(timezone, "now", lambda: at(9, 3))
    as_nurse.force_login(nurse)
    assert still_open in shown(as_nurse), "the next day too"
    SessionGiven.objects.create(
        course=session.course,
        entry=session.pk,
        started_at=at(12),
        stopped_at=at(13),
        prescribed_mg=40,
        delivered_mg=40,
        happened_at=at(12),
        **by,
    )
    assert still_open not in shown(as_nurse)


def test_a_chair_that_is_booked_past_midnight_is_not_free_all_day(
    booked: Appointment, nurse: Professional, as_nurse: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    overnight = scheduling.Booking(
        kind=AppointmentKind.SESSION,
        starts_at=at(23),
        ends_at=at(4, 3),
        chair=booked.chair,
        course=booked.course,
    )
    scheduling.move(appointment=booked, booking=overnight, by=nurse, at=NOON, reason="Night")
    monkeypatch.setattr(timezone, "now", lambda: at(1, 3))
    as_nurse.force_login(nurse)
    page = shown(as_nurse)
    assert page.count("Ledig hele dagen") == 1, "the other chair"
    assert "Ødegård" in page


def test_from_the_booking_to_the_chair(booked: Appointment, as_nurse: Client) -> None:
    page = shown(as_nurse)
    assert "Pasienten er her" in page
    answer = as_nurse.post(reverse("session.open", args=[booked.pk]))
    session = Session.objects.get()
    assert answer.headers["Location"] == reverse("session", args=[session.pk])
    page = shown(as_nurse)
    assert "Til økten" in page
    assert "I stolen" in page
    as_nurse.post(reverse("session.open", args=[booked.pk]))
    assert Session.objects.count() == 1


def test_a_coordinator_sees_the_day_and_opens_no_session(
    booked: Appointment, moss: Unit, staff: Staff
) -> None:
    client = Client()
    client.force_login(staff(moss, Role.COORDINATOR))
    assert "Ødegård" in shown(client)
    assert client.post(reverse("session.open", args=[booked.pk])).status_code == 403


def test_another_unit_sees_nobody_of_this_one(
    booked: Appointment, halden: Unit, staff: Staff
) -> None:
    client = Client()
    client.force_login(staff(halden, Role.NURSE))
    assert "Ødegård" not in shown(client)


def test_what_is_overdue_is_shown_and_in_journal_mode_it_is_not(
    course: Course, moss: Unit, psychiatrist: Professional, as_nurse: Client
) -> None:
    entered = NOON - timedelta(days=60)
    for day in (0, 3, 7, 10, 14, 17):
        start = entered + timedelta(days=day)
        given = treatment.Given(
            started_at=start,
            stopped_at=start + timedelta(minutes=40),
            prescribed_mg=None,
            delivered_mg=None,
        )
        treatment.record_session(
            course=course,
            given=given,
            entered=Entered(happened_at=start, entered_at=start),
            by=psychiatrist,
            at=start,
        )
    assert "Evalueringen venter" not in shown(as_nurse)
    people.state_purpose(unit=moss, on=True, by=psychiatrist, at=NOON)
    page = shown(as_nurse)
    assert "Evalueringen venter over fristen siden 22.01.2026" in page
    assert "Skåring: " in page
    assert "innen" not in page, "what is late is not told as if it were to come"


def test_a_doctor_now_stands_above_the_day_and_says_why(
    booked: Appointment, nurse: Professional, psychiatrist: Professional, as_nurse: Client
) -> None:
    patient = booked.patient
    answers = {f"i{number}": 0 for number in range(1, 10)} | {"i10": 4}
    said = treatment.Rated(
        instrument="madrs",
        answers=answers,
        timing=Timing.BASELINE,
        mode=Mode.INTERVIEW,
        rater="nurse",
        receiver=psychiatrist,
    )
    before = NOON - timedelta(days=3)
    entered = Entered(happened_at=before, entered_at=before)
    treatment.record_rating(patient=patient, rated=said, entered=entered, by=nurse, at=before)
    assert "card--late" not in shown(as_nurse)
    treatment.ask_for_a_doctor(
        patient=patient, rule="DC-7", receiver=psychiatrist, by=nurse, at=NOON
    )
    page = shown(as_nurse)
    above, below = page.partition("Stol 1")[::2]
    assert "Lege nå, siden 02.03.2026 13:00" in above
    assert "DC-7: ny selvmordsintensjon eller plan" in above
    assert str(psychiatrist) in above
    assert "Ta oppgaven" in above
    assert "DC-7" not in below
    assert "Over fristen. I løpet av 27.02.2026" in below


def test_the_day_asks_the_database_ten_times_at_most(
    booked: Appointment,
    nurse: Professional,
    as_nurse: Client,
    django_assert_max_num_queries: Any,
) -> None:
    chairside.open_session(
        course=Course.objects.get(), planned_on=NOON.date(), by=nurse, at=NOON
    )
    with django_assert_max_num_queries(10):
        as_nurse.get(reverse("today"))


def test_the_page_speaks_english(
    booked: Appointment, nurse: Professional, as_nurse: Client
) -> None:
    people.choose_language(professional=nurse, language="en")
    page = shown(as_nurse)
    assert "Missing before the start:" in page
    assert "The patient is here" in page


def test_an_answer_added_to_an_open_task_stands_with_it_wherever_the_task_does(
    booked: Appointment, psychiatrist: Professional, as_nurse: Client
) -> None:
    patient = booked.patient
    let_in.screen(patient, by=psychiatrist, i1=1, recall="")
    said = treatment.Rated(
        instrument="phq9",
        answers={f"i{n}": 0 for n in range(1, 9)} | {"i9": 1},
        timing=Timing.BEFORE_DOSE,
        mode=Mode.SELF,
        rater="patient",
        receiver=psychiatrist,
    )
    entered = Entered(happened_at=NOON, entered_at=NOON)
    treatment.record_rating(
        patient=patient, rated=said, entered=entered, by=psychiatrist, at=NOON
    )
    task = SafetyTask.objects.open().get()
    assert task.additions.exists()
    assert task_signs(task) == task_signs(SafetyTask.objects.open().with_additions().get())
    patients_page = as_nurse.get(reverse("patient", args=[patient.pk])).content.decode()
    for page in (shown(as_nurse), unescape(patients_page)):
        assert "C-SSRS" in page
        assert "PHQ-9 9, " in page


def test_what_closes_the_start_check_is_missing_before_the_start_with_the_way_there(
    booked: Appointment,
    moss: Unit,
    nurse: Professional,
    psychiatrist: Professional,
    as_nurse: Client,
    django_assert_max_num_queries: Any,
) -> None:
    people.state_purpose(unit=moss, on=True, by=psychiatrist, at=NOON)
    patient = booked.patient
    task = treatment.ask_for_a_doctor(
        patient=patient, rule="DC-7", receiver=psychiatrist, by=nurse, at=NOON
    )
    form = reverse("rating.record", args=[patient.pk, "cssrs_screener"])

    def missing() -> str:
        page = as_nurse.get(reverse("today")).content.decode()
        return page.partition("Mangler før start")[2].partition("</ul>")[0]

    with django_assert_max_num_queries(10):
        before = missing()
    assert f'href="{form}"' in before
    assert reverse("task.acknowledge", args=[task.pk]) in before
    let_in.screen(patient, by=psychiatrist)
    treatment.acknowledge_task(
        safety_task=task, action_taken="Talked", by=psychiatrist, at=NOON
    )
    after = missing()
    assert "ordinasjonen" in after
    assert "C-SSRS" not in after
    assert "lege nå" not in after


def test_in_journal_mode_no_rating_is_asked_for_before_the_start(
    booked: Appointment, as_nurse: Client
) -> None:
    assert "C-SSRS" not in shown(as_nurse)
