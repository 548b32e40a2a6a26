"""Patients whom one list leaves to another: each stands on one of them, with what was agreed."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from lysglimt.clinic.insight.asking_today import parts_with_asking
from lysglimt.clinic.insight.day import Day
from lysglimt.clinic.insight.parts import Part
from lysglimt.clinic.people.models import Patient, Professional, Unit
from lysglimt.clinic.referral import actions as referral
from lysglimt.clinic.referral.models import DecisionKind, Referral
from lysglimt.clinic.suicidality import actions
from lysglimt.clinic.suicidality.models import NoteKind
from lysglimt.clinic.suicidality.schedule import (
    Asking,
    askings,
    recent,
    standings_to_ask,
    waiting_to_ask,
)
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.clinic.treatment.models import Course, SafetyTask
from lysglimt.knowledge.verdict import Standing
from tests.clinic.conftest import NOON
from tests.clinic.referral.conftest import LETTER, finding, judged
from tests.clinic.treatment.conftest import Give

from .conftest import Ask, entered
from .test_schedule import stopped

DAY = timedelta(days=1)
FIRST = NOON.date()


def of_unit(unit: Unit, on: date) -> list[Asking]:
    rows = standings_to_ask(on).filter(recent(on), course__unit=unit)
    return askings(rows, on=on, judged=True, listed=waiting_to_ask(unit, on=on))


def dues(unit: Unit, on: date) -> list[tuple[str, date]]:
    [one] = of_unit(unit, on)
    return [(due.occasion.id, due.by) for due in one.plan.dues]


def agree(on: date, *, by: Professional, at: datetime) -> None:
    """A doctor answers the task that was opened last, and agrees on a day."""
    treatment.acknowledge_task(
        safety_task=SafetyTask.objects.open().latest("opened_at"),
        action_taken="Snakket med pasienten, avtalt ny samtale.",
        next_contact_on=on,
        by=by,
        at=at,
    )


def letter(received: date) -> referral.Letter:
    return referral.Letter(
        sender_kind=LETTER.sender_kind,
        sender_name=LETTER.sender_name,
        received_on=received,
        question=LETTER.question,
    )


@pytest.fixture
def waits(kari: Patient, nurse: Professional) -> Referral:
    row = referral.receive_referral(patient=kari, letter=LETTER, by=nurse, at=NOON)
    referral.name_contact(referral=row, contact=nurse, every_days=28, by=nurse, at=NOON)
    return row


def shown_today(unit: Unit, on: date) -> list[Any]:
    rows = tuple(standings_to_ask(on).filter(recent(on), course__unit=unit))
    listed = waiting_to_ask(unit, on=on)
    parts: Any = {Part.RATINGS: []}
    day = Day(on, (), (), rows)
    found = parts_with_asking(day, parts, listed, judged=True, may=lambda _: True)
    return list(found[Part.ASKING])


def test_who_waits_is_asked_on_the_day_that_was_agreed_after_an_answer(
    waits: Referral, moss: Unit, psychiatrist: Professional, ask: Ask
) -> None:
    ask(NOON, receiver=psychiatrist, i2=1, i4=1)
    agree(FIRST + DAY, by=psychiatrist, at=NOON)
    assert dues(moss, FIRST) == [("agreed", FIRST + DAY), ("contact", FIRST + 28 * DAY)]
    assert len(shown_today(moss, FIRST + DAY)) == 1
    ask(NOON + DAY)
    assert dues(moss, FIRST + DAY) == [("contact", FIRST + 28 * DAY)]


def test_what_is_noted_of_who_waits_is_told(
    waits: Referral, kari: Patient, moss: Unit, nurse: Professional
) -> None:
    said: dict[str, Any] = {"patient": kari, "told": "Ringt to ganger, prøver igjen."}
    at = NOON + 29 * DAY
    actions.note(kind=NoteKind.NOT_REACHED, entered=entered(at), by=nurse, at=at, **said)
    [one] = of_unit(moss, FIRST + 29 * DAY)
    assert one.unreached == at
    actions.note(kind=NoteKind.ENDED, entered=entered(at), by=nurse, at=at, **said)
    [one] = of_unit(moss, FIRST + 29 * DAY)
    assert one.plan.end == "said"


def test_of_two_days_that_were_agreed_the_first_is_not_lost(
    course: Course,
    moss: Unit,
    nurse: Professional,
    psychiatrist: Professional,
    give: Give,
    ask: Ask,
) -> None:
    give(0)
    stopped(course, by=psychiatrist, at=NOON + DAY)
    ask(NOON + 2 * DAY, receiver=psychiatrist, i2=1, i4=1)
    agree(FIRST + 3 * DAY, by=psychiatrist, at=NOON + 2 * DAY)
    ask(NOON + 2 * DAY, receiver=psychiatrist, i6=1)
    agree(FIRST + 20 * DAY, by=psychiatrist, at=NOON + 2 * DAY + timedelta(hours=1))
    assert dues(moss, FIRST + 2 * DAY)[0] == ("agreed", FIRST + 3 * DAY)
    ask(NOON + 4 * DAY)
    assert ("agreed", FIRST + 20 * DAY) in dues(moss, FIRST + 4 * DAY)


def test_what_ends_the_asking_ends_what_was_agreed_before_it_and_nothing_after(
    course: Course,
    kari: Patient,
    moss: Unit,
    nurse: Professional,
    psychiatrist: Professional,
    give: Give,
    ask: Ask,
) -> None:
    give(0)
    stopped(course, by=psychiatrist, at=NOON + DAY)
    ask(NOON + 2 * DAY, receiver=psychiatrist, i2=1, i4=1)
    agree(FIRST + 10 * DAY, by=psychiatrist, at=NOON + 2 * DAY)
    at = NOON + 3 * DAY
    actions.note(
        patient=kari,
        kind=NoteKind.ENDED,
        told="Flyttet; fulgt opp i Halden.",
        entered=entered(at),
        by=nurse,
        at=at,
    )
    [one] = of_unit(moss, FIRST + 3 * DAY)
    assert one.plan.end == "said"
    ask(at, receiver=psychiatrist, i2=1, i5=1)
    agree(FIRST + 3 * DAY, by=psychiatrist, at=at + timedelta(hours=1))
    assert ("agreed", FIRST + 3 * DAY) in dues(moss, FIRST + 3 * DAY)


def test_a_form_without_answers_is_not_asking(
    course: Course, moss: Unit, psychiatrist: Professional, give: Give, ask: Ask
) -> None:
    give(0)
    stopped(course, by=psychiatrist, at=NOON + DAY)
    before = dues(moss, FIRST + 2 * DAY)
    ask(NOON + 2 * DAY, i1=None, i2=None, i6=None)
    assert dues(moss, FIRST + 2 * DAY) == before
    ask(NOON + 2 * DAY)
    assert dues(moss, FIRST + 2 * DAY) != before


def test_a_patient_in_a_course_without_a_next_day_stands_on_the_day(
    course: Course, moss: Unit, ask: Ask
) -> None:
    ask(NOON)
    assert dues(moss, FIRST) == [("nobody-named", FIRST)]
    assert len(shown_today(moss, FIRST)) == 1


def test_who_is_referred_anew_after_the_course_is_not_taken_for_followed_to_the_end(
    course: Course,
    kari: Patient,
    moss: Unit,
    nurse: Professional,
    psychiatrist: Professional,
    give: Give,
    ask: Ask,
) -> None:
    give(0)
    stopped(course, by=psychiatrist, at=NOON + DAY)
    ask(NOON + 84 * DAY)
    [one] = of_unit(moss, FIRST + 90 * DAY)
    assert one.plan.end == "followed"
    again = FIRST + 91 * DAY
    referral.receive_referral(patient=kari, letter=letter(again), by=nurse, at=NOON + 91 * DAY)
    assert dues(moss, again) == [("nobody-named", again)]


def test_of_two_referrals_the_newer_counts_where_nobody_keeps_in_touch(
    kari: Patient, moss: Unit, nurse: Professional, psychiatrist: Professional
) -> None:
    older = referral.receive_referral(patient=kari, letter=LETTER, by=nurse, at=NOON)
    newer = FIRST + 40 * DAY
    row = referral.receive_referral(
        patient=kari, letter=letter(newer), by=nurse, at=NOON + 40 * DAY
    )
    [one] = of_unit(moss, newer)
    assert one.referral == row.pk
    referral.name_contact(referral=older, contact=nurse, every_days=7, by=nurse, at=NOON)
    [one] = of_unit(moss, newer)
    assert one.referral == older.pk


def test_who_was_treated_before_and_waits_again_is_on_the_waiting_list(
    course: Course,
    kari: Patient,
    moss: Unit,
    nurse: Professional,
    psychiatrist: Professional,
    give: Give,
) -> None:
    give(0)
    again, at = FIRST + 91 * DAY, NOON + 91 * DAY
    row = referral.receive_referral(patient=kari, letter=letter(again), by=nurse, at=at)
    found = judged(finding("IN-1", Standing.MET))
    assessed = referral.assess(referral=row, judged=found, by=psychiatrist, at=at)
    referral.decide_eligibility(
        assessment=assessed, kind=DecisionKind.WAIT, by=psychiatrist, at=at
    )
    [one] = waiting_to_ask(moss, on=again).to_start
    assert one.row.pk == row.pk
    assert dues(moss, again)[-1] == ("nobody-named", again)
