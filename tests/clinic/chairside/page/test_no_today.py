"""One doctor has said no for today: it stands until it is changed by the same, or answered."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lysglimt.clinic.chairside.models import PumpEvent, Session, StartGateRecord
from lysglimt.clinic.people.models import Professional, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.scheduling import actions as scheduling
from lysglimt.clinic.scheduling.models import AppointmentKind
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.clinic.treatment.models import SafetyTask
from tests.clinic.chairside import typed
from tests.clinic.conftest import Staff

from .at_the_page import Clock, send, shown, what_the_gate_found, words

NO, YES = "Wants to wait, slept badly", "Seen and talked with, well rested"
CLOSES = "En lege har svart i dag at pasienten ikke skal behandles i dag"


@pytest.fixture
def other_doctor(moss: Unit, staff: Staff) -> Professional:
    return staff(moss, Role.ANAESTHETIST, "anton")


@pytest.fixture
def as_other(other_doctor: Professional) -> Client:
    client = Client()
    client.force_login(other_doctor)
    return client


def asked(session: Session, *, of: Professional) -> SafetyTask:
    now = timezone.now()
    return treatment.ask_for_a_doctor(
        patient=session.course.patient, rule="DC-7", receiver=of, by=of, at=now
    )


def answered(session: Session, doctor: Professional, said: str, *, treat: bool) -> None:
    treatment.acknowledge_task(
        safety_task=asked(session, of=doctor),
        action_taken=said,
        treat_today=treat,
        by=doctor,
        at=timezone.now(),
    )


@pytest.fixture
def refused(prepared: Session, psychiatrist: Professional, clock: Clock) -> Session:
    """The doctor named at the start check has said no for today."""
    clock.move(1)
    answered(prepared, psychiatrist, NO, treat=False)
    clock.move(1)
    return prepared


def shown_whole(client: Client, session: Session) -> str:
    return client.get(reverse("session", args=[session.pk])).content.decode()


def gone_through(as_nurse: Client, session: Session, doctor: Professional) -> StartGateRecord:
    send(as_nurse, "session.gate", session.pk, typed.gate(doctor=str(doctor.pk)))
    return StartGateRecord.objects.in_force().order_by("-pk")[0]


def test_the_yes_of_another_does_not_take_away_a_no(
    refused: Session,
    as_nurse: Client,
    psychiatrist: Professional,
    other_doctor: Professional,
    clock: Clock,
) -> None:
    answered(refused, other_doctor, YES, treat=True)
    page = shown(as_nurse, refused)
    assert "Start infusjonen" not in page
    assert f"{psychiatrist}: nei, ikke behandling i dag" in page
    assert NO in page
    assert "Pasienten kan behandles i dag" not in page
    assert f"{CLOSES}: {psychiatrist} kl." in page
    gate = what_the_gate_found(as_nurse, refused, doctor=str(other_doctor.pk))
    assert gate["gate:may_be_treated"] == 5


def test_who_said_no_finds_a_way_to_answer_anew(
    refused: Session, as_nurse: Client, as_doctor: Client, as_other: Client, clock: Clock
) -> None:
    [before] = SafetyTask.objects.all()
    again = reverse("task.acknowledge", args=[before.pk])
    assert again not in shown_whole(as_nurse, refused)
    assert again not in shown_whole(as_other, refused), "it is not theirs to change"
    assert again in shown_whole(as_doctor, refused)
    assert "Svar på nytt: kan pasienten behandles i dag?" in words(as_doctor.get(again))  # type: ignore[arg-type]  # Django's test client
    clock.move(5)
    send(as_doctor, "task.acknowledge", before.pk, {"action_taken": YES, "treat_today": "yes"})
    page = shown(as_nurse, refused)
    assert "Pasienten kan behandles i dag" in page
    assert "nei, ikke behandling i dag" not in page
    assert before.acknowledgement.action_taken == NO, "the first answer stays"
    late = as_doctor.post(again, {"action_taken": NO, "treat_today": "no"})
    assert late.status_code == 422, "it stands no more: a new no is asked for anew"


def test_another_does_not_answer_anew_for_the_doctor_who_said_no(
    refused: Session, as_other: Client, other_doctor: Professional, clock: Clock
) -> None:
    [before] = SafetyTask.objects.all()
    again = reverse("task.acknowledge", args=[before.pk])
    answer = as_other.post(again, {"action_taken": YES, "treat_today": "yes"})
    assert answer.status_code == 422
    given: Any = {"before": before.acknowledgement, "action_taken": YES, "treat_today": True}
    with pytest.raises(treatment.AnotherDay):
        treatment.answer_anew(**given, by=other_doctor, at=timezone.now())
    clock.move(24 * 60)
    with pytest.raises(treatment.AnotherDay):
        treatment.answer_anew(**given, by=before.acknowledgement.by, at=timezone.now())
    assert SafetyTask.objects.count() == 1


def test_who_said_no_may_say_yes_and_then_it_stands_no_more(
    refused: Session, as_nurse: Client, psychiatrist: Professional
) -> None:
    answered(refused, psychiatrist, YES, treat=True)
    page = shown(as_nurse, refused)
    assert "Start infusjonen" in page
    assert "Pasienten kan behandles i dag" in page
    assert "nei, ikke behandling i dag" not in page


def test_a_doctor_who_opens_the_start_check_in_spite_of_a_no_answers_it_by_name(
    refused: Session,
    as_nurse: Client,
    as_other: Client,
    psychiatrist: Professional,
    other_doctor: Professional,
    django_assert_max_num_queries: Any,
) -> None:
    gate = gone_through(as_nurse, refused, other_doctor)
    read = words(as_other.get(reverse("session.override", args=[gate.pk])))  # type: ignore[arg-type]  # Django's test client
    assert f"{psychiatrist}: nei, ikke behandling i dag" in read
    assert NO in read
    send(as_other, "session.override", gate.pk, {"reason": YES})
    both = (
        f"{psychiatrist}: nei, ikke behandling i dag",
        NO,
        f"{other_doctor}: ja, etter å ha sett dette, fordi: {YES}",
    )
    page = shown(as_nurse, refused)
    assert "Start infusjonen" in page
    assert all(one in page for one in both)
    send(as_nurse, "pump.record", refused.pk, typed.pump("start"))
    with django_assert_max_num_queries(10):
        page = shown(as_nurse, refused)
    assert all(one in page for one in both), "when the pump runs too"
    patient = reverse("patient", args=[refused.course.patient_id])
    with django_assert_max_num_queries(10):
        page = words(as_other.get(patient))  # type: ignore[arg-type]  # Django's test client
    assert all(one in page for one in both)


def test_a_no_that_comes_after_one_that_was_answered_closes_the_start_again(
    refused: Session,
    as_nurse: Client,
    as_other: Client,
    psychiatrist: Professional,
    other_doctor: Professional,
    clock: Clock,
) -> None:
    gate = gone_through(as_nurse, refused, other_doctor)
    send(as_other, "session.override", gate.pk, {"reason": YES})
    clock.move(2)
    answered(refused, psychiatrist, "Still no", treat=False)
    page = shown(as_nurse, refused)
    assert "Start infusjonen" not in page
    assert "Still no" in page
    assert not PumpEvent.objects.exists()


def test_who_said_no_is_not_named_responsible_by_others(
    refused: Session, as_nurse: Client, as_doctor: Client, psychiatrist: Professional
) -> None:
    named = typed.gate(doctor=str(psychiatrist.pk))
    answer = as_nurse.post(reverse("session.gate", args=[refused.pk]), named)
    assert answer.status_code == 422
    assert f"{psychiatrist} svarte nei kl." in words(answer)  # type: ignore[arg-type]  # Django's test client
    send(as_doctor, "session.gate", refused.pk, typed.gate(doctor=str(psychiatrist.pk)))
    assert StartGateRecord.objects.order_by("-pk")[0].doctor == psychiatrist, "it is her word"


def test_who_opens_it_in_spite_of_the_doctor_named_is_responsible_then(
    refused: Session,
    as_doctor: Client,
    as_other: Client,
    psychiatrist: Professional,
    other_doctor: Professional,
) -> None:
    gate = gone_through(as_doctor, refused, psychiatrist)
    page = words(as_other.get(reverse("session.override", args=[gate.pk])))  # type: ignore[arg-type]  # Django's test client
    assert f"{psychiatrist} er navngitt som ansvarlig lege og har sagt nei" in page
    send(as_other, "session.override", gate.pk, {"reason": YES})
    assert StartGateRecord.objects.in_force().order_by("-pk")[0].doctor == other_doctor


def test_who_said_no_reads_on_today_that_another_has_opened_it(
    refused: Session,
    as_nurse: Client,
    as_doctor: Client,
    as_other: Client,
    nurse: Professional,
    other_doctor: Professional,
) -> None:
    now = timezone.now()
    booking = scheduling.Booking(
        kind=AppointmentKind.SESSION,
        starts_at=now,
        ends_at=now + timedelta(hours=3),
        chair=scheduling.add_chair(unit=nurse.unit, name="Stol 1", by=nurse, at=now),
        course=refused.course.pk,
    )
    scheduling.book(patient=refused.course.patient, booking=booking, by=nurse, at=now)
    today = reverse("today")
    told = f"{other_doctor} har åpnet startkontrollen etter ditt nei i dag"
    lacks = "legens ja: svarte i dag at det ikke skal gis noe i dag"
    page = words(as_doctor.get(today))  # type: ignore[arg-type]  # Django's test client
    assert told not in page
    assert lacks in page
    gate = gone_through(as_nurse, refused, other_doctor)
    send(as_other, "session.override", gate.pk, {"reason": YES})
    assert told in words(as_doctor.get(today))  # type: ignore[arg-type]  # Django's test client
    page = words(as_other.get(today))  # type: ignore[arg-type]  # Django's test client
    assert told not in page
    assert lacks not in page
    send(as_nurse, "pump.record", refused.pk, typed.pump("start"))
    assert told in words(as_doctor.get(today)), "and when the pump runs"  # type: ignore[arg-type]  # Django's test client


def test_the_task_says_to_the_next_doctor_that_a_no_stands(
    refused: Session,
    as_other: Client,
    psychiatrist: Professional,
    other_doctor: Professional,
) -> None:
    task = asked(refused, of=other_doctor)
    page = words(as_other.get(reverse("task.acknowledge", args=[task.pk])))  # type: ignore[arg-type]  # Django's test client
    assert f"{psychiatrist}: nei, ikke behandling i dag" in page
    assert NO in page
