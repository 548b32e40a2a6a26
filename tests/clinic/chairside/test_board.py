"""The board of the chairs: what it says, to whom, and what is written down of it."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lysglimt.clinic.audit.models import Event, Read
from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.actions import Measured
from lysglimt.clinic.chairside.models import (
    ChairEventKind,
    OverdueSeen,
    PumpEvent,
    Session,
    SessionPhase,
    VitalSet,
)
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.chapters import Chapter
from lysglimt.clinic.people.models import Professional, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.scheduling import actions as scheduling
from lysglimt.clinic.treatment.models import Course
from lysglimt.knowledge.dosing.delivery import PauseReason, PumpAct
from tests.clinic.conftest import NOON, Staff

from .conftest import Pump, at_minute, entered

Measure = Callable[..., VitalSet]
Later = Callable[[int], None]


@pytest.fixture(autouse=True)
def decision_support(moss: Unit, psychiatrist: Professional) -> None:
    people.state_purpose(unit=moss, on=True, by=psychiatrist, at=NOON)


@pytest.fixture
def session(course: Course, moss: Unit, nurse: Professional) -> Session:
    chair = scheduling.add_chair(unit=moss, name="Stol 1", by=nurse, at=NOON)
    scheduling.add_chair(unit=moss, name="Stol 2", by=nurse, at=NOON)
    return actions.open_session(
        course=course, planned_on=NOON.date(), by=nurse, at=NOON, chair=chair
    )


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

    def measure(minute: int, **more: Any) -> VitalSet:
        said: dict[str, Any] = {"systolic": 122, "diastolic": 78, "pulse": 70, "spo2": 98}
        phase = SessionPhase.BEFORE if minute < 0 else SessionPhase.INFUSION
        return actions.record_vitals(
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


def words(page: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page))).strip()


def shown(client: Client, name: str = "board") -> str:
    return words(client.get(reverse(name)).content.decode())


def test_a_chair_without_a_patient_says_free(as_nurse: Client, session: Session) -> None:
    assert "Stol 2 Ledig" in shown(as_nurse)


def test_a_card_says_how_far_how_long_and_what_is_due(
    running: Session, measure: Measure, later: Later, as_nurse: Client
) -> None:
    measure(5)
    measure(10, systolic=130, diastolic=80)
    later(12)
    page = shown(as_nurse)
    for said in (
        *("Stol 1", "KAØ", "Infusjon", "28 min igjen av infusjonen, til 13:40"),
        *("Neste måling om 8 min", "planlagt 13:20", "130/80", "8 høyere enn før", "13:10"),
    ):
        assert said in page, said
    assert "Ødegård" not in page


def test_what_is_due_is_amber_and_overdue_only_after_the_grace(
    running: Session, measure: Measure, later: Later, as_nurse: Client
) -> None:
    measure(10)
    for minute, kind, said in (
        (19, "", "Neste måling om 1 min"),
        (20, "due", "Måling skal tas nå"),
        (25, "due", "Måling skal tas nå"),
        (26, "late", "Måling forsinket med 6 min"),
    ):
        later(minute)
        page = as_nurse.get(reverse("board")).content.decode()
        assert said in words(page), minute
        assert card_kind(page) == kind, minute


def card_kind(page: str) -> str:
    """The look of the first card."""
    found = re.search(r'<li class="chair(?:\s+chair--(due|late))?"', page)
    assert found
    return found[1] or ""


def test_a_pause_a_red_reading_and_a_called_doctor_are_flags(
    running: Session, measure: Measure, pump: Pump, later: Later, as_nurse: Client
) -> None:
    measure(5)
    pump(6, PumpAct.PAUSE, reason=PauseReason.TOILET)
    later(7)
    page = as_nurse.get(reverse("board")).content.decode()
    assert "Pause siden 13:06" in words(page)
    assert "igjen av infusjonen" not in words(page), "nobody knows when it goes on"
    assert card_kind(page) == "due"
    measure(8, systolic=206, diastolic=112)
    later(9)
    page = as_nurse.get(reverse("board")).content.decode()
    assert "Utenfor planlagt område: rødt" in words(page)
    assert card_kind(page) == "late"
    measure(10, signs=["chest_pain"])
    later(11)
    page = shown(as_nurse)
    assert "Faresignal" in page
    assert "Lege ventes, ikke besvart, siden 13:10" in page
    assert "Lege tilkalt" not in page, (
        "a task asks for a doctor, and nobody has said that one was called"
    )


def test_a_called_doctor_is_to_be_known_once_somebody_has_come(
    running: Session, measure: Measure, nurse: Professional, later: Later, as_nurse: Client
) -> None:
    def tap(minute: int, kind: ChairEventKind) -> None:
        actions.record_event(
            session=running,
            happened=actions.Happened(kind=kind),
            entered=entered(minute),
            by=nurse,
            at=at_minute(minute),
        )

    measure(5)
    tap(6, ChairEventKind.DOCTOR_CALLED)
    later(7)
    page = as_nurse.get(reverse("board")).content.decode()
    assert "Lege tilkalt 13:06" in words(page)
    assert card_kind(page) == "late"
    tap(8, ChairEventKind.DOCTOR_CAME)
    later(9)
    page = as_nurse.get(reverse("board")).content.decode()
    assert "Lege tilkalt 13:06" in words(page)
    assert card_kind(page) == "due"
    tap(9, ChairEventKind.DOCTOR_CALLED)
    later(10)
    assert card_kind(as_nurse.get(reverse("board")).content.decode()) == "late", "called anew"


def test_after_the_infusion_the_card_counts_down_to_going_home(
    running: Session, measure: Measure, pump: Pump, later: Later, as_nurse: Client
) -> None:
    pump(40, PumpAct.STOP)
    measure(41)
    later(42)
    page = shown(as_nurse)
    assert "Observasjon" in page
    assert "til tidligst hjem" in page
    later(400)
    assert "sjekkliste gjenstår" in shown(as_nurse)


def test_in_journal_mode_no_observation_is_awaited_and_no_reading_judged(
    running: Session,
    measure: Measure,
    later: Later,
    moss: Unit,
    psychiatrist: Professional,
    as_nurse: Client,
) -> None:
    people.state_purpose(unit=moss, on=False, by=psychiatrist, at=at_minute(1))
    measure(5, systolic=206, diastolic=112)
    later(38)
    page = as_nurse.get(reverse("board")).content.decode()
    assert "206/112" in words(page)
    for said in ("Måling", "forsinket", "Utenfor"):
        assert said not in words(page).removeprefix("Tavle"), said
    assert card_kind(page) == ""


def test_a_chart_that_contradicts_itself_hides_no_other_chair(
    running: Session, nurse: Professional, later: Later, as_nurse: Client
) -> None:
    said = {
        "happened_at": at_minute(5),
        "entered_at": at_minute(5),
        "received_at": at_minute(5),
    }
    PumpEvent.objects.create(session=running, act="resume", rate_ml_h=60, by=nurse, **said)
    later(6)
    page = as_nurse.get(reverse("board")).content.decode()
    assert "Journalen motsier seg selv: åpne økten" in words(page)
    assert "Stol 2 Ledig" in words(page)
    assert card_kind(page) == "late"


def test_who_may_not_read_a_chart_sees_that_the_chair_is_taken_and_no_more(
    running: Session,
    measure: Measure,
    later: Later,
    moss: Unit,
    staff: Staff,
    psychiatrist: Professional,
) -> None:
    measure(10, systolic=206, diastolic=112)
    later(11)
    colleague = staff(moss, Role.NURSE, "colleague")
    people.block(
        patient=running.course.patient,
        staff=colleague,
        chapter=Chapter.SESSIONS,
        by=psychiatrist,
        at=NOON,
    )
    client = Client()
    client.force_login(colleague)
    html = client.get(reverse("board")).content.decode()
    page = words(html)
    assert "Kurven er ikke åpen for deg" in page
    assert "Til pasienten NÅ, siden 13:10" in page
    assert not [said for said in ("KAØ", "206", "Utenfor") if said in page]
    assert str(running.pk) not in html
    assert not Read.objects.filter(actor="colleague").exists()


def test_of_another_unit_nothing_is_on_the_board(
    running: Session, halden: Unit, staff: Staff, later: Later
) -> None:
    client = Client()
    client.force_login(staff(halden, Role.NURSE, "halden"))
    assert "Stol" not in shown(client)


def polled(client: Client, **headers: str) -> Any:
    return client.get(reverse("board"), headers={"X-Background": "board", **headers})


def test_the_board_asks_few_questions_and_answers_nothing_where_nothing_changed(
    running: Session,
    measure: Measure,
    later: Later,
    as_nurse: Client,
    django_assert_num_queries: Any,
) -> None:
    measure(10)
    later(11)
    first = polled(as_nurse)
    assert first.headers["X-Clock"] == "13:11:00"
    assert b"<html" not in first.content
    with django_assert_num_queries(4):
        same = polled(as_nurse, **{"If-None-Match": first.headers["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    assert same.headers["X-Clock"] == "13:11:00"
    later(13)
    changed = polled(as_nurse, **{"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert "om 7 min" in words(changed.content.decode())


def test_it_is_logged_when_it_is_opened_and_when_its_patients_change(
    running: Session, measure: Measure, later: Later, as_nurse: Client
) -> None:
    def reads() -> int:
        return Read.objects.filter(operation="board").count()

    measure(10)
    later(11)
    page = as_nurse.get(reverse("board")).content.decode()
    assert reads() == 1
    [token] = re.findall(r'data-seen="(\w+)"', page)
    polled(as_nurse, **{"X-Seen": token})
    later(12)
    polled(as_nurse, **{"X-Seen": token})
    assert reads() == 1, "it shows the same patient to the same reader"
    polled(as_nurse, **{"X-Seen": "0" * 32})
    assert reads() == 2, "who cannot say whom they were shown is shown them anew"


def test_what_one_was_shown_is_no_answer_for_another(
    running: Session, later: Later, as_nurse: Client, psychiatrist: Professional
) -> None:
    [token] = re.findall(r'data-seen="(\w+)"', as_nurse.get(reverse("board")).content.decode())
    doctor = Client()
    doctor.force_login(psychiatrist)
    polled(doctor, **{"X-Seen": token})
    assert Read.objects.filter(operation="board", actor=psychiatrist.username).count() == 1


def see(client: Client, session: Session, after: object = "") -> Any:
    return client.post(reverse("board.seen", args=[session.pk]), {"after": str(after)})


def test_an_overdue_observation_is_a_line_until_somebody_has_seen_it(
    running: Session, measure: Measure, later: Later, as_nurse: Client
) -> None:
    first = measure(5)
    later(13)
    assert "Målinger som ble forsinket" not in shown(as_nurse)
    later(14)
    told = "Stol 1 KAØ planlagt 13:10, forsinket fra 13:13, ikke målt"
    assert told in shown(as_nurse)
    measure(15)
    later(16)
    assert "planlagt 13:10, forsinket fra 13:13, målt 13:15" in shown(as_nurse)
    assert see(as_nurse, running, first.entry).status_code == 302
    assert "Målinger som ble forsinket" not in shown(as_nurse)
    row = OverdueSeen.objects.get()
    assert (row.happened_at - row.overdue_at).total_seconds() == 180
    assert Event.objects.filter(operation="overdue.see").count() == 1


def test_of_two_who_have_seen_it_the_first_is_kept(
    running: Session, later: Later, as_nurse: Client, psychiatrist: Professional
) -> None:
    later(9)
    assert "ikke målt" in shown(as_nurse)
    see(as_nurse, running)
    doctor = Client()
    doctor.force_login(psychiatrist)
    later(10)
    see(doctor, running)
    row = OverdueSeen.objects.get()
    assert row.by.username == "nurse-moss"
    assert row.after is None
    assert "Målinger som ble forsinket" not in shown(doctor)


def test_the_next_one_that_is_overdue_is_a_new_line(
    running: Session, measure: Measure, later: Later, as_nurse: Client
) -> None:
    later(9)
    see(as_nurse, running)
    measure(10)
    later(27)
    assert "planlagt 13:20, forsinket fra 13:25, ikke målt" in shown(as_nurse)


def test_a_session_has_one_line_and_one_press_for_all_that_was_overdue(
    running: Session, measure: Measure, later: Later, as_nurse: Client
) -> None:
    measure(15)
    measure(30)
    later(41)
    html = as_nurse.get(reverse("board")).content.decode()
    assert html.count("Jeg har sett det") == 1
    assert html.count('class="was-late"') == 2, "what was measured late is amber"
    assert "ikke målt" not in words(html), "red is what was not measured"
    [after] = re.findall(r'name="after"\s+value="([^"]*)"', html)
    see(as_nurse, running, after)
    assert OverdueSeen.objects.count() == 2
    assert "Målinger som ble forsinket" not in shown(as_nurse)


def test_a_gap_that_reaches_further_than_when_it_was_seen_is_told_again(
    running: Session, measure: Measure, nurse: Professional, later: Later, as_nurse: Client
) -> None:
    """What was measured was another patient's, and is struck: nobody has seen so long a gap."""
    last = [measure(minute) for minute in (5, 10)][-1]
    wrong = measure(26)
    later(27)
    see(as_nurse, running, last.entry)
    assert "planlagt 13:20" not in shown(as_nurse)
    actions.strike(fact=wrong, by=nurse, at=at_minute(28), reason="Another patient's")
    later(29)
    assert "planlagt 13:20, forsinket fra 13:25, ikke målt" in shown(as_nurse)
    for _ in range(2):
        see(as_nurse, running, last.entry)
    assert "Målinger som ble forsinket" not in shown(as_nurse)
    assert OverdueSeen.objects.count() == 2


def test_a_session_of_yesterday_that_is_typed_in_from_paper_sits_in_no_chair(
    running: Session, measure: Measure, nurse: Professional, later: Later, as_nurse: Client
) -> None:
    """Else it is a live emergency: overdue by 19 hours, in a chair where another patient sits."""
    measure(5, signs=["chest_pain"])
    morning = 60 * 20
    later(morning)
    as_nurse.force_login(nurse)
    page = as_nurse.get(reverse("board")).content.decode()
    assert "Faresignal" in words(page), "nobody has said that it was on paper"
    assert "planlagt 02.03. 13:" in words(page)
    actions.say_paper(
        session=running,
        papered=actions.Papered(began=at_minute(6), ended=at_minute(120), why="Down, binder 3"),
        entered=entered(morning),
        by=nurse,
        at=at_minute(morning),
    )
    later(morning + 1)
    page = words(as_nurse.get(reverse("board")).content.decode())
    assert "Økten 02.03.2026 Stol 1 skrives inn fra papir" in page
    assert "Stol 1 Ledig" in page
    assert "Faresignal" not in page
    session = shown_session(as_nurse, running)
    for said in ("Tiden er ute", "Måling forsinket"):
        assert said not in session, said


def shown_session(client: Client, session: Session) -> str:
    return words(client.get(reverse("session", args=[session.pk])).content.decode())


def test_what_was_measured_in_time_and_came_late_clears_the_line(
    running: Session, measure: Measure, later: Later, nurse: Professional, as_nurse: Client
) -> None:
    first = measure(5)
    later(14)
    assert "Målinger som ble forsinket" in shown(as_nurse)
    actions.record_vitals(
        session=running,
        measured=Measured(phase=SessionPhase.INFUSION, systolic=120, diastolic=70),
        entered=entered(10),
        by=nurse,
        at=at_minute(14),
    )
    assert "Målinger som ble forsinket" not in shown(as_nurse)
    see(as_nurse, running, first.entry)
    assert "Ingenting er forsinket der lenger" in shown(as_nurse)
    assert not OverdueSeen.objects.exists()


def test_nonsense_in_place_of_a_line_does_nothing(
    running: Session, later: Later, as_nurse: Client
) -> None:
    later(9)
    assert see(as_nurse, running, "nonsense").status_code == 302
    assert not OverdueSeen.objects.exists()


def live(client: Client, session: Session, **headers: str) -> Any:
    address = reverse("session", args=[session.pk])
    return client.get(address, headers={"X-Background": "follow", **headers})


def test_the_open_session_shows_what_others_chart_and_nothing_twice(
    running: Session, measure: Measure, later: Later, psychiatrist: Professional
) -> None:
    doctor = Client()
    doctor.force_login(psychiatrist)
    measure(5)
    later(6)
    page = doctor.get(reverse("session", args=[running.pk])).content.decode()
    [token] = re.findall(r'data-seen="(\w+)"', page)
    reads = Read.objects.filter(operation="session").count()
    first = live(doctor, running, **{"X-Seen": token})
    told = words(first.content.decode())
    assert "122/78" in told
    assert "Neste måling om 4 min" in told
    assert "<textarea" not in first.content.decode(), "no form that somebody types in"
    again = live(doctor, running, **{"X-Seen": token, "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    measure(10, systolic=206, diastolic=112)
    later(11)
    changed = live(doctor, running, **{"X-Seen": token, "If-None-Match": first.headers["ETag"]})
    assert "206/112" in words(changed.content.decode())
    assert Read.objects.filter(operation="session").count() == reads
    live(doctor, running)
    assert Read.objects.filter(operation="session").count() == reads + 1
