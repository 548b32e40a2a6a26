"""From the record of a patient to when somebody asks next."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from lysglimt.clinic.people.models import Patient, Professional, Unit
from lysglimt.clinic.referral import actions as referral
from lysglimt.clinic.scheduling import actions as scheduling
from lysglimt.clinic.scheduling.models import AppointmentKind, AppointmentState
from lysglimt.clinic.suicidality import actions
from lysglimt.clinic.suicidality.models import NoteKind
from lysglimt.clinic.suicidality.schedule import (
    Asking,
    askings,
    recent,
    standings_to_ask,
    to_ask_today,
    waiting_to_ask,
)
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.clinic.treatment.models import Course, SafetyTask
from lysglimt.knowledge.protocols.facts import DecisionKind, StopGround
from tests.clinic.conftest import NOON
from tests.clinic.referral.conftest import LETTER
from tests.clinic.treatment.conftest import Give

from .conftest import Ask, entered

DAY = timedelta(days=1)
FIRST = NOON.date()


def of_unit(unit: Unit, on: date) -> list[Asking]:
    rows = standings_to_ask(on).filter(recent(on), course__unit=unit)
    return askings(rows, on=on, judged=True, listed=waiting_to_ask(unit, on=on))


def first(unit: Unit, on: date) -> tuple[str, date, date | None]:
    [one] = of_unit(unit, on)
    assert one.next is not None
    return one.next.occasion.id, one.next.by, one.late_since


def booked(course: Course, day: int, *, by: Professional) -> Any:
    booking = scheduling.Booking(
        kind=AppointmentKind.SESSION,
        starts_at=NOON + day * DAY,
        ends_at=NOON + day * DAY + timedelta(hours=2),
        course=course.pk,
    )
    return scheduling.book(patient=course.patient, booking=booking, by=by, at=NOON)


def test_before_the_first_session_nobody_has_asked(
    course: Course, moss: Unit, nurse: Professional
) -> None:
    booked(course, 3, by=nurse)
    assert first(moss, FIRST) == ("baseline", FIRST + 3 * DAY, None)


def test_a_day_after_the_first_session_and_then_before_the_next(
    course: Course, moss: Unit, nurse: Professional, give: Give, ask: Ask
) -> None:
    ask(NOON)
    give(1)
    booked(course, 4, by=nurse)
    assert first(moss, FIRST + DAY) == ("after-first-session", FIRST + 2 * DAY, None)
    assert first(moss, FIRST + 3 * DAY)[2] == FIRST + 2 * DAY, "late, and since when"
    ask(NOON + 3 * DAY)
    assert first(moss, FIRST + 3 * DAY) == ("before-session", FIRST + 4 * DAY, None)


def test_after_the_sixth_session(
    course: Course, moss: Unit, nurse: Professional, give: Give, ask: Ask
) -> None:
    for day in range(0, 18, 3):
        give(day)
    ask(NOON + 15 * DAY)
    assert first(moss, FIRST + 15 * DAY)[0] == "after-sixth-session"


def test_who_stays_away_and_is_not_booked_anew_is_asked_within_three_days(
    course: Course, moss: Unit, nurse: Professional, give: Give, ask: Ask
) -> None:
    give(0)
    ask(NOON + DAY)
    row = booked(course, 3, by=nurse)
    away = NOON + 3 * DAY
    scheduling.mark(
        appointment=row, state=AppointmentState.NO_SHOW, by=nurse, at=away, reason="Kom ikke"
    )
    assert first(moss, FIRST + 3 * DAY) == (
        "drop-out-or-no-response",
        FIRST + 6 * DAY,
        None,
    )


def stopped(course: Course, *, by: Professional, at: datetime) -> None:
    decided = treatment.Decided(
        kind=DecisionKind.STOP, deviation="Ingen effekt.", ground=StopGround.FUTILITY
    )
    treatment.decide(course=course, decided=decided, entered=entered(at), by=by, at=at)


@pytest.mark.parametrize("week", [1, 2, 4, 8, 12])
def test_after_the_last_dose_the_weeks_are_counted(
    course: Course, moss: Unit, psychiatrist: Professional, give: Give, ask: Ask, week: int
) -> None:
    give(0)
    stopped(course, by=psychiatrist, at=NOON + DAY)
    due = FIRST + week * 7 * DAY
    ask(NOON + (week * 7 - 1) * DAY)
    assert first(moss, due) == ("after-last-dose", due, None)
    ask(NOON + 84 * DAY)
    [one] = of_unit(moss, FIRST + 84 * DAY)
    assert one.plan.end == "followed"


def test_who_is_stopped_is_asked_within_three_days(
    course: Course, moss: Unit, psychiatrist: Professional, give: Give
) -> None:
    give(0)
    stopped(course, by=psychiatrist, at=NOON + DAY)
    [one] = of_unit(moss, FIRST + 2 * DAY)
    assert ("drop-out-or-no-response", FIRST + 4 * DAY) in {
        (due.occasion.id, due.by) for due in one.plan.dues
    }


def test_who_waits_without_a_contact_is_told_of_and_with_one_has_a_day(
    kari: Patient, moss: Unit, nurse: Professional
) -> None:
    row = referral.receive_referral(patient=kari, letter=LETTER, by=nurse, at=NOON)
    assert first(moss, FIRST)[0] == "nobody-named"
    referral.name_contact(referral=row, contact=nurse, every_days=14, by=nurse, at=NOON)
    assert first(moss, FIRST) == ("contact", FIRST + 14 * DAY, None)
    [one] = of_unit(moss, FIRST)
    assert (one.contact, one.by_contact, one.soon) == (str(nurse), True, False)


def test_a_clinician_writes_why_nobody_asks_any_more_and_takes_it_back(
    course: Course, moss: Unit, nurse: Professional, psychiatrist: Professional, give: Give
) -> None:
    give(0)
    stopped(course, by=psychiatrist, at=NOON + DAY)
    said = actions.note(
        patient=course.patient,
        kind=NoteKind.ENDED,
        told="Flyttet; fulgt opp av DPS i Halden.",
        entered=entered(NOON + 2 * DAY),
        by=nurse,
        at=NOON + 2 * DAY,
    )
    [one] = of_unit(moss, FIRST + 3 * DAY)
    assert (one.plan.end, one.late_since, one.soon) == ("said", None, False)
    actions.strike_note(asking_note=said, by=nurse, at=NOON + 3 * DAY, reason="Feil pasient")
    assert first(moss, FIRST + 3 * DAY)[0] == "drop-out-or-no-response"


def test_what_was_agreed_after_an_answer_is_the_next_day(
    course: Course, moss: Unit, psychiatrist: Professional, give: Give, ask: Ask
) -> None:
    give(0)
    stopped(course, by=psychiatrist, at=NOON + DAY)
    ask(NOON + 2 * DAY, receiver=psychiatrist, i2=1, i4=1)
    agreed = FIRST + 3 * DAY
    treatment.acknowledge_task(
        safety_task=SafetyTask.objects.get(),
        action_taken="Ny samtale avtalt.",
        next_contact_on=agreed,
        by=psychiatrist,
        at=NOON + 2 * DAY,
    )
    assert first(moss, FIRST + 2 * DAY) == ("agreed", agreed, None)


def test_the_day_tells_what_neither_the_chairs_nor_the_referrals_do(
    course: Course, moss: Unit, nurse: Professional, give: Give, ask: Ask
) -> None:
    row = booked(course, 3, by=nurse)
    assert row.pk
    at_the_chair = of_unit(moss, FIRST + 3 * DAY)
    assert list(to_ask_today(at_the_chair)) == [], "the chair of the day tells of it"
    assert list(to_ask_today(of_unit(moss, FIRST))) == [], "not yet"
    give(4)
    late = of_unit(moss, FIRST + 6 * DAY)
    assert list(to_ask_today(late)) == late
