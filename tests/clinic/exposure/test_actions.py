"""What is entered over months: kept as it was said, held until a doctor answers, stopped with a plan."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from lysglimt.clinic.audit.models import Event
from lysglimt.clinic.exposure import actions
from lysglimt.clinic.exposure.actions import (
    Answer,
    CourseOver,
    GivenElsewhere,
    HeldByThis,
    HoldChanged,
    Lifted,
    Stopped,
    Taken,
)
from lysglimt.clinic.exposure.beside import over_months_of
from lysglimt.clinic.exposure.ledger import exposure_ledger
from lysglimt.clinic.exposure.models import DoseElsewhere, HoldLifted, LabResult, SafetyStop
from lysglimt.clinic.people.models import Patient, Professional, Unit
from lysglimt.clinic.people.signing import NotADoctor
from lysglimt.clinic.scheduling import actions as scheduling
from lysglimt.clinic.scheduling.actions import Booking
from lysglimt.clinic.scheduling.models import Appointment, AppointmentKind
from lysglimt.clinic.treatment.models import Course, CourseDecision
from lysglimt.knowledge.protocols.state import Phase
from lysglimt.knowledge.safety.over_months import CheckStanding
from tests.clinic.treatment.conftest import Give

from .conftest import Check, Enter, ago, now

WHY = "Ultralyd er normal, paracetamol er seponert."


def lift(patient: Patient, by: Professional, *, keys: Any = None) -> HoldLifted:
    [hold] = over_months_of(patient).holds
    return actions.lift_hold(
        patient=patient,
        lifted=Lifted(name=hold.rule, keys=hold.keys if keys is None else keys, told=WHY),
        entered=now(),
        by=by,
        at=timezone.now(),
    )


def test_a_raised_value_holds_until_a_doctor_lifts_it_and_the_next_holds_anew(
    kari: Patient, enter: Enter, psychiatrist: Professional
) -> None:
    enter("alt", 180, 50, days=3)
    enter("alt", 40, 50, days=1)
    [hold] = over_months_of(kari).holds
    assert (hold.rule, hold.since) == ("LT-liver", ago(3))
    row = lift(kari, psychiatrist)
    assert row.by == psychiatrist
    assert row.findings[0]["criterion"] == "LT-liver"
    assert over_months_of(kari).holds == ()
    enter("alt", 190, 50)
    assert [one.since for one in over_months_of(kari).holds] == [ago(0)]


def test_a_nurse_lifts_nothing(kari: Patient, enter: Enter, nurse: Professional) -> None:
    enter("alt", 180, 50)
    with pytest.raises(NotADoctor):
        lift(kari, nurse)
    assert over_months_of(kari).holds


def test_what_has_come_since_the_doctor_read_it_is_read_first(
    kari: Patient, enter: Enter, psychiatrist: Professional
) -> None:
    enter("alt", 180, 50, days=3)
    [read] = over_months_of(kari).holds
    enter("ast", 180, 50, days=1)
    with pytest.raises(HoldChanged):
        lift(kari, psychiatrist, keys=read.keys)
    lift(kari, psychiatrist)
    with pytest.raises(HoldChanged):
        actions.lift_hold(
            patient=kari,
            lifted=Lifted(name="LT-liver", keys=[], told=WHY),
            entered=now(),
            by=psychiatrist,
            at=timezone.now(),
        )


def test_sent_twice_a_hold_is_lifted_once(
    kari: Patient, enter: Enter, psychiatrist: Professional
) -> None:
    enter("alt", 180, 50)
    [hold] = over_months_of(kari).holds
    said: dict[str, Any] = {
        "patient": kari,
        "lifted": Lifted(name="LT-liver", keys=hold.keys, told=WHY),
        "entered": now(),
        "by": psychiatrist,
        "at": timezone.now(),
    }
    assert actions.lift_hold(**said) == actions.lift_hold(**said)
    assert HoldLifted.objects.count() == 1


@pytest.mark.usefixtures("supported")
def test_what_holds_the_treatment_is_corrected_by_a_doctor_alone(
    kari: Patient, enter: Enter, nurse: Professional, psychiatrist: Professional
) -> None:
    row = enter("alt", 810, 50)
    mended: dict[str, Any] = {
        "result": row,
        "answer": Answer(
            analyte="alt", value=Decimal(81), unit_of_value="U/l", upper_limit=Decimal(50)
        ),
        "taken": Taken(taken_on=ago(0), laboratory="Fürst", circumstance="no"),
        "at": timezone.now(),
        "reason": "Tastefeil",
    }
    with pytest.raises(HeldByThis):
        actions.correct_result(**mended, by=nurse)
    with pytest.raises(HeldByThis):
        actions.strike_result(result=row, by=nurse, at=timezone.now(), reason="Feil pasient")
    corrected = actions.correct_result(**mended, by=psychiatrist)
    assert (corrected.revision, corrected.reason) == (2, "Tastefeil")
    assert LabResult.objects.get(pk=row.pk).value == 810
    assert over_months_of(kari).holds == ()
    actions.strike_result(result=corrected, by=nurse, at=timezone.now(), reason="Dobbelt")
    assert not LabResult.objects.in_force().exists()


def test_in_journal_mode_nothing_is_held_so_a_nurse_corrects(
    enter: Enter, nurse: Professional
) -> None:
    row = enter("alt", 810, 50)
    actions.strike_result(result=row, by=nurse, at=timezone.now(), reason="Feil pasient")
    assert not LabResult.objects.in_force().exists()


@pytest.mark.usefixtures("supported")
def test_an_answer_that_holds_is_struck_by_a_doctor(
    kari: Patient, check: Check, nurse: Professional, psychiatrist: Professional
) -> None:
    row = check("dependence-session", craving="8", outside="yes")
    assert [one.rule for one in over_months_of(kari).holds] == ["LT-misuse"]
    with pytest.raises(HeldByThis):
        actions.strike_check(check=row, by=nurse, at=timezone.now(), reason="Feil pasient")
    actions.strike_check(check=row, by=psychiatrist, at=timezone.now(), reason="Feil pasient")
    assert over_months_of(kari).holds == ()


@pytest.mark.parametrize(
    ("what", "rules"),
    [
        ({"frequency": "no", "pain": "no", "cystitis_grade": "2"}, ["LT-cystitis"]),
        ({"frequency": "yes", "pain": "yes", "cystitis_grade": "unknown"}, []),
    ],
)
def test_a_grade_of_cystitis_holds_and_one_not_known_does_not(
    kari: Patient, check: Check, what: dict[str, str], rules: list[str]
) -> None:
    check("bladder-session", **what)
    assert [one.rule for one in over_months_of(kari).holds] == rules


def test_two_dips_without_infection_hold(kari: Patient, enter: Enter) -> None:
    enter("urine-dip", sign="positive", days=20)
    assert over_months_of(kari).holds == ()
    enter("urine-dip", sign="positive", days=2)
    assert [one.rule for one in over_months_of(kari).holds] == ["LT-dip"]


def test_without_the_limit_of_the_laboratory_it_is_asked_for(
    kari: Patient, enter: Enter
) -> None:
    enter("alt", 900)
    found = over_months_of(kari)
    assert found.holds == ()
    assert [one.rule for one in found.questions] == ["LT-liver"]
    assert found.findings == tuple(one.told for one in found.questions)


def test_the_form_of_a_session_counts_from_it_and_a_reason_is_an_answer(
    kari: Patient, give: Give, check: Check
) -> None:
    give(0)
    check("heart-baseline", why_not="Nektet EKG.")
    check("mania-session", elated="no")
    enterable = {one.check.id: one for one in over_months_of(kari).due(timezone.localdate())}
    assert enterable["heart-baseline"].standing is CheckStanding.NOT_DONE
    assert enterable["mania-session"].standing is CheckStanding.DONE
    assert enterable["dependence-session"].standing is CheckStanding.DUE


def test_a_test_not_taken_answers_the_check_that_needs_it(
    kari: Patient, give: Give, enter: Enter
) -> None:
    give(0)
    assert over_months_of(kari).overdue(timezone.localdate()) > 0
    enter("hcg", not_taken="Har livmor fjernet.", circumstance="")
    found = {
        one.check.id: one.standing for one in over_months_of(kari).due(timezone.localdate())
    }
    assert found["pregnancy-baseline"] is CheckStanding.NOT_DONE


def test_the_ledger_adds_what_was_given_here_and_counts_what_nobody_knows(
    kari: Patient, give: Give, nurse: Professional
) -> None:
    give(0)
    give(3)
    actions.record_elsewhere(
        patient=kari,
        given=GivenElsewhere(substance="ketamine", told_by="patient", place="Utlandet"),
        entered=now(),
        by=nurse,
        at=timezone.now(),
    )
    [line] = exposure_ledger(
        kari, DoseElsewhere.objects.in_force(), on=timezone.localdate()
    ).products
    life = line.sums[0]
    assert (life.sessions, life.mg, life.unweighed, life.uncounted) == (2, Decimal(80), 1, 1)


def stopping(by: Professional) -> Stopped:
    return Stopped(
        told="ALAT over fem ganger grensen i to prøver.",
        plan="Henvist til gastroenterolog.",
        responsible=by,
        next_contact_on=timezone.localdate() + timedelta(days=7),
    )


def test_stopping_for_safety_stops_the_course_and_says_what_is_done_now(
    course: Course, give: Give, psychiatrist: Professional, nurse: Professional
) -> None:
    give(0)
    said: dict[str, Any] = {
        "course": course,
        "stopped": stopping(nurse),
        "entered": now(),
        "at": timezone.now(),
    }
    with pytest.raises(NotADoctor):
        actions.stop_for_safety(**said, by=nurse)
    row = actions.stop_for_safety(**said, by=psychiatrist)
    assert actions.stop_for_safety(**said, by=psychiatrist) == row
    assert SafetyStop.objects.count() == CourseDecision.objects.count() == 1
    assert (row.decision.kind, row.decision.ground, row.decision.rule) == (
        "stop",
        "harm",
        "EV-5",
    )
    course.refresh_from_db()
    assert course.standing.phase in {Phase.FOLLOW_UP, Phase.CLOSED}
    with pytest.raises(CourseOver):
        actions.stop_for_safety(**said | {"entered": now()}, by=psychiatrist)


@pytest.mark.parametrize(
    ("kind", "hours", "state"),
    [
        pytest.param(AppointmentKind.SESSION, 24, "cancelled", id="a session to come"),
        pytest.param(AppointmentKind.SESSION, -24, "planned", id="one of yesterday"),
        pytest.param(AppointmentKind.THERAPY, 24, "planned", id="a talk"),
    ],
)
def test_stopping_for_safety_calls_off_the_sessions_to_come(
    course: Course,
    psychiatrist: Professional,
    *,
    kind: AppointmentKind,
    hours: int,
    state: str,
) -> None:
    starts, at = timezone.now() + timedelta(hours=hours), timezone.now()
    booked = Booking(
        kind=kind, starts_at=starts, ends_at=starts + timedelta(hours=2), course=course.pk
    )
    scheduling.book(patient=course.patient, booking=booked, by=psychiatrist, at=at)
    actions.stop_for_safety(
        course=course,
        stopped=stopping(psychiatrist),
        entered=now(),
        by=psychiatrist,
        at=at,
    )
    [row] = Appointment.objects.in_force()
    assert row.state == state
    assert Course.objects.get(pk=course.pk).standing.phase == Phase.CLOSED


def test_each_write_stands_in_the_trail(kari: Patient, enter: Enter, check: Check) -> None:
    before = Event.objects.count()
    enter("alt", 30, 50)
    check("heart-baseline", why_not="Nektet.")
    found = Event.objects.order_by("pk").values_list("operation", flat=True)
    assert list(found[before:]) == ["lab.enter", "check.record"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"value": Decimal(5), "unit_of_value": ""},
        {"sign": "perhaps"},
        {"value": Decimal(5), "unit_of_value": "U/l", "sign": "positive"},
        {"sign": "positive", "circumstance": "perhaps"},
        {"value": Decimal(5), "unit_of_value": "U/l", "upper_limit": Decimal(0)},
        {
            "value": Decimal(5),
            "unit_of_value": "U/l",
            "upper_limit": Decimal(5),
            "lower_limit": Decimal(6),
        },
        {},
    ],
)
def test_the_database_refuses_what_no_laboratory_answers(
    kari: Patient, moss: Unit, nurse: Professional, wrong: dict[str, Any]
) -> None:
    at = timezone.now()
    row = LabResult(
        patient=kari,
        unit=moss,
        analyte="alt",
        taken_on=ago(0),
        by=nurse,
        happened_at=at,
        entered_at=at,
        received_at=at,
        **wrong,
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)
