"""A nurse tells which doctor saw the patient; only that doctor's word answers the task."""

import re
from datetime import date, datetime, timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.db.models import OuterRef
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lysglimt.clinic.audit.models import Event
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.chapters import Chapter
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Patient, Professional, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.people.signing import NotADoctor
from lysglimt.clinic.treatment import actions
from lysglimt.clinic.treatment.actions import Told
from lysglimt.clinic.treatment.models import (
    DANGER_SIGN,
    Course,
    ReportedAssessment,
    SafetyTask,
    TaskAcknowledgement,
)
from lysglimt.clinic.treatment.told import ToldLast, told_first, told_in
from tests.clinic.chairside import let_in
from tests.clinic.conftest import NOON, Staff

from .conftest import Rate

MINUTE = timedelta(minutes=1)
SEEN, NOW = NOON + 5 * MINUTE, NOON + 20 * MINUTE
PLAN = "Innlegges i kveld; overlege ringer akuttposten"


@pytest.fixture(autouse=True)
def twenty_past(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def task(course: Course, nurse: Professional, psychiatrist: Professional) -> SafetyTask:
    """Opened at noon."""
    return actions.ask_for_a_doctor(
        patient=course.patient, rule="DC-7", receiver=psychiatrist, by=nurse, at=NOON
    )


@pytest.fixture
def second_doctor(moss: Unit, staff: Staff) -> Professional:
    return staff(moss, Role.ANAESTHETIST)


def typed(named: Professional, **changed: str) -> dict[str, str]:
    said = {"entry": str(uuid4()), "doctor": str(named.pk), "seen_at": "02.03.2026 13:05"}
    return said | {"plan": PLAN, "treat_today": "no"} | changed


def told(
    task: SafetyTask, doctor: Professional, by: Professional, *, at: datetime = SEEN
) -> ReportedAssessment:
    return actions.report_assessment(
        safety_task=task,
        told=Told(doctor=doctor, plan=PLAN),
        entered=Entered(happened_at=at, entered_at=NOW),
        by=by,
        at=NOW,
    )


def words(page: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


def read(who: Professional, name: str, *keys: object) -> str:
    client = Client()
    client.force_login(who)
    page = client.get(reverse(name, args=keys), follow=True)
    assert page.status_code == 200
    return words(page.content.decode())


def test_what_a_nurse_tells_leaves_the_task_open_and_is_first_on_that_doctors_day(
    as_nurse: Client,
    nurse: Professional,
    psychiatrist: Professional,
    second_doctor: Professional,
    task: SafetyTask,
) -> None:
    where = reverse("task.report", args=[task.pk])
    assert str(psychiatrist) in as_nurse.get(where).content.decode()
    assert as_nurse.post(where, typed(psychiatrist)).status_code == 302
    assert SafetyTask.objects.for_a_doctor_now().get() == task
    line = f"Vurdert av {psychiatrist} 02.03.2026 13:05 ifølge {nurse}, ikke bekreftet"
    day = read(psychiatrist, "today")
    assert day.index("Bekreft din vurdering") < day.index("Ingen er ventet i dag")
    assert "Lege nå, siden" not in day, "asked once, where it is answered"
    assert line in day
    assert PLAN in day
    assert "Kan pasienten behandles i dag? Nei" in day, "it is read where it is confirmed"
    assert line in read(psychiatrist, "patient", task.patient_id)
    for other in (nurse, second_doctor):
        seen = read(other, "today")
        assert line in seen
        assert "Bekreft din vurdering" not in seen


def test_the_named_doctor_confirms_in_one_tap(
    as_nurse: Client, nurse: Professional, psychiatrist: Professional, task: SafetyTask
) -> None:
    report = told(task, psychiatrist, nurse)
    where = reverse("task.confirm", args=[report.pk])
    assert as_nurse.post(where).status_code == 403
    client = Client()
    client.force_login(psychiatrist)
    assert where in client.get(reverse("today")).content.decode()
    assert client.post(where).url == reverse("today")  # type: ignore[attr-defined]  # a redirect
    said = TaskAcknowledgement.objects.get()
    assert (said.by, said.action_taken, said.confirms) == (psychiatrist, PLAN, report)
    assert not SafetyTask.objects.open().exists()
    assert set(
        Event.objects.filter(operation__startswith="task.").values_list("operation")
    ) == {
        ("task.open",),
        ("task.report",),
        ("task.confirm",),
    }
    assert "Vurderingen din er bekreftet" in client.post(where, follow=True).content.decode()
    assert TaskAcknowledgement.objects.count() == 1


def test_what_the_doctor_has_written_since_is_not_confirmed_again(
    nurse: Professional, psychiatrist: Professional, task: SafetyTask
) -> None:
    report = told(task, psychiatrist, nurse)
    actions.acknowledge_task(safety_task=task, action_taken="Sett", by=psychiatrist, at=NOW)
    client = Client()
    client.force_login(psychiatrist)
    page = client.post(reverse("task.confirm", args=[report.pk]), follow=True)
    assert f"{psychiatrist} har allerede skrevet hva som er gjort" in page.content.decode()
    assert TaskAcknowledgement.objects.get().confirms is None


def test_another_doctor_does_not_confirm_what_is_not_theirs(
    nurse: Professional,
    psychiatrist: Professional,
    second_doctor: Professional,
    task: SafetyTask,
) -> None:
    report = told(task, psychiatrist, nurse)
    client = Client()
    client.force_login(second_doctor)
    page = client.post(reverse("task.confirm", args=[report.pk]), follow=True)
    assert "En annen lege er oppgitt" in page.content.decode()
    assert SafetyTask.objects.open().exists()
    with pytest.raises(NotADoctor):
        actions.confirm_assessment(report=report, by=nurse, at=NOW)


def test_told_of_another_doctor_the_first_has_nothing_to_confirm(
    nurse: Professional,
    psychiatrist: Professional,
    second_doctor: Professional,
    task: SafetyTask,
) -> None:
    wrong = told(task, psychiatrist, nurse)
    right = told(task, second_doctor, nurse)
    assert "Bekreft din vurdering" not in read(psychiatrist, "today")
    assert "Bekreft din vurdering" in read(second_doctor, "today")
    with pytest.raises(actions.ReportedAnew):
        actions.confirm_assessment(report=wrong, by=psychiatrist, at=NOW)
    actions.confirm_assessment(report=right, by=second_doctor, at=NOW)
    assert TaskAcknowledgement.objects.get().confirms == right


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        pytest.param({"doctor": ""}, "doctor", "", id="no doctor is named"),
        pytest.param({"doctor": "nurse"}, "doctor", "", id="a nurse is no doctor"),
        pytest.param({"seen_at": ""}, "seen_at", "", id="no time"),
        pytest.param(
            {"seen_at": "02.03.2026 12:59"}, "seen_at", "Fra 02.03.2026 13:00", id="before it"
        ),
        pytest.param(
            {"seen_at": "02.03.2026 13:21"}, "seen_at", "ikke senere enn nå", id="not come yet"
        ),
        pytest.param({"plan": "  "}, "plan", "", id="no plan"),
    ],
)
def test_who_when_and_the_plan_are_all_needed_and_what_was_typed_stays(
    as_nurse: Client,
    nurse: Professional,
    psychiatrist: Professional,
    task: SafetyTask,
    wrong: dict[str, str],
    field: str,
    said: str,
) -> None:
    wrong = {key: str(nurse.pk) if it == "nurse" else it for key, it in wrong.items()}
    page = as_nurse.post(reverse("task.report", args=[task.pk]), typed(psychiatrist, **wrong))
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {field}
    assert said in page.content.decode()
    if field != "plan":
        assert PLAN in page.content.decode()
    assert not ReportedAssessment.objects.exists()


def test_who_is_sent_twice_is_told_once(
    as_nurse: Client, psychiatrist: Professional, task: SafetyTask
) -> None:
    said = typed(psychiatrist)
    for _ in range(2):
        assert as_nurse.post(reverse("task.report", args=[task.pk]), said).status_code == 302
    assert ReportedAssessment.objects.count() == 1


def test_a_nurse_who_takes_the_task_is_asked_for_the_doctor(
    as_nurse: Client, psychiatrist: Professional, task: SafetyTask
) -> None:
    asked = as_nurse.get(reverse("task.acknowledge", args=[task.pk]))
    assert asked.url == reverse("task.report", args=[task.pk])  # type: ignore[attr-defined]  # a redirect
    page = words(as_nurse.get(reverse("task.report", args=[task.pk])).content.decode())
    assert "Skriv hvilken lege som så pasienten" in page
    actions.acknowledge_task(safety_task=task, action_taken="Sett", by=psychiatrist, at=NOW)
    late = as_nurse.post(reverse("task.report", args=[task.pk]), typed(psychiatrist))
    assert late.status_code == 422
    assert f"{psychiatrist} har allerede skrevet" in late.content.decode()


def test_a_task_that_asks_for_no_doctor_is_not_told_of_one(
    as_nurse: Client, nurse: Professional, psychiatrist: Professional, rate: Rate
) -> None:
    rate(0, 30, item_10=2)
    later = SafetyTask.objects.get()
    asked = as_nurse.get(reverse("task.report", args=[later.pk]))
    assert asked.url == reverse("task.acknowledge", args=[later.pk])  # type: ignore[attr-defined]  # a redirect
    with pytest.raises(actions.NoDoctorAsked):
        told(later, psychiatrist, nurse)


def test_what_has_the_day_is_told_of_a_doctor_and_of_no_treatment(
    as_nurse: Client, psychiatrist: Professional, rate: Rate
) -> None:
    rate(0, 30, item_10=4)
    same_day = SafetyTask.objects.get()
    where = reverse("task.report", args=[same_day.pk])
    assert "Kan pasienten behandles i dag?" not in words(as_nurse.get(where).content.decode())
    said = typed(psychiatrist)
    del said["treat_today"]
    assert as_nurse.post(where, said).status_code == 302
    told = ReportedAssessment.objects.get()
    assert (told.doctor, told.treat_today) == (psychiatrist, None)
    assert SafetyTask.objects.open().get() == same_day


def test_only_a_doctor_of_the_unit_is_named(
    nurse: Professional, halden: Unit, staff: Staff, task: SafetyTask
) -> None:
    with pytest.raises(NotADoctor):
        told(task, nurse, nurse)
    with pytest.raises(actions.NotOfTheUnit):
        told(task, staff(halden, Role.PSYCHIATRIST), nurse)
    assert not ReportedAssessment.objects.exists()


def test_a_plan_of_no_words_is_no_plan(
    nurse: Professional, psychiatrist: Professional, task: SafetyTask
) -> None:
    with pytest.raises(actions.NothingSaid):
        actions.report_assessment(
            safety_task=task,
            told=Told(doctor=psychiatrist, plan=" "),
            entered=Entered(happened_at=SEEN, entered_at=NOW),
            by=nurse,
            at=NOW,
        )


def test_a_doctor_who_saw_the_patient_before_the_last_answer_has_not_answered_it(
    kari: Patient, course: Course, nurse: Professional, psychiatrist: Professional
) -> None:
    intent = {"recall": "lifetime", "i2": 1, "i3": 0, "i4": 1, "i5": 0}
    let_in.screen(kari, by=psychiatrist, at=NOON, **intent)
    task = SafetyTask.objects.get()
    report = told(task, psychiatrist, nurse)
    let_in.screen(kari, by=psychiatrist, at=NOON + 10 * MINUTE, **intent)
    assert task.additions.count() == 1
    with pytest.raises(actions.AddedSince):
        actions.confirm_assessment(report=report, by=psychiatrist, at=NOW)
    day = read(psychiatrist, "today")
    assert "Bekreft din vurdering" not in day
    assert "Lege nå, siden" in day
    with pytest.raises(actions.SeenAtAnotherTime):
        told(task, psychiatrist, nurse, at=NOON + 6 * MINUTE)
    later = told(task, psychiatrist, nurse, at=NOON + 12 * MINUTE)
    actions.confirm_assessment(report=later, by=psychiatrist, at=NOW)
    assert not SafetyTask.objects.open().exists()


def test_a_minute_in_which_the_patient_answered_again_is_no_assessment_of_the_answer(
    kari: Patient,
    course: Course,
    as_nurse: Client,
    nurse: Professional,
    psychiatrist: Professional,
) -> None:
    intent = {"recall": "lifetime", "i2": 1, "i3": 0, "i4": 1, "i5": 0}
    let_in.screen(kari, by=psychiatrist, at=NOON, **intent)
    task = SafetyTask.objects.get()
    report = told(task, psychiatrist, nurse, at=SEEN)
    assert "Bekreft din vurdering" in read(psychiatrist, "today")
    let_in.screen(kari, by=psychiatrist, at=SEEN + MINUTE / 2, **intent)
    assert "Bekreft din vurdering" not in read(psychiatrist, "today")
    with pytest.raises(actions.AddedSince):
        actions.confirm_assessment(report=report, by=psychiatrist, at=NOW)
    again = as_nurse.post(reverse("task.report", args=[task.pk]), typed(psychiatrist))
    assert "Fra 02.03.2026 13:06" in again.content.decode()
    moved = typed(psychiatrist, seen_at="02.03.2026 13:06")
    assert as_nurse.post(reverse("task.report", args=[task.pk]), moved).status_code == 302
    assert "Bekreft din vurdering" in read(psychiatrist, "today")


def test_of_two_tasks_what_is_told_is_told_of_the_one_that_is_to_be_taken_first(
    kari: Patient, nurse: Professional, psychiatrist: Professional, task: SafetyTask
) -> None:
    second = actions.ask_for_a_doctor(
        patient=kari, rule="GATE", receiver=psychiatrist, by=nurse, at=NOON + MINUTE
    )
    told(second, psychiatrist, nurse)
    waiting = SafetyTask.objects.for_a_doctor_now().filter(patient=OuterRef("pk"))

    def seen() -> ToldLast | None:
        row: Any = Patient.objects.annotate(told=told_first(waiting)).get(pk=kari.pk)
        return told_in(row.told)

    assert seen() is None, "nobody has been there for the first"
    report = told(task, psychiatrist, nurse)
    said = seen()
    assert said is not None
    assert said.pk == report.pk


def test_a_doctor_to_whom_the_ratings_are_closed_reads_no_plan_on_the_day(
    kari: Patient,
    moss: Unit,
    staff: Staff,
    nurse: Professional,
    second_doctor: Professional,
    task: SafetyTask,
) -> None:
    told(task, second_doctor, nurse)
    assert PLAN in read(second_doctor, "today")
    lead = staff(moss, Role.UNIT_LEAD)
    people.block(patient=kari, staff=second_doctor, chapter=Chapter.RATINGS, by=lead, at=NOON)
    client = Client()
    client.force_login(second_doctor)
    assert client.get(reverse("task.acknowledge", args=[task.pk])).status_code == 403
    day = read(second_doctor, "today")
    assert PLAN not in day
    assert "Bekreft din vurdering" not in day
    assert "Lege nå, siden" in day, "that a doctor is awaited is told"


def test_what_was_told_is_sealed_and_never_changed(
    nurse: Professional, psychiatrist: Professional, task: SafetyTask
) -> None:
    report = told(task, psychiatrist, nurse)
    stored = ReportedAssessment.objects.values_list("plan", flat=True).get()
    assert stored.startswith("sealed:")
    assert report.plan == PLAN
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        ReportedAssessment.objects.update(happened_at=NOW)
    actions.confirm_assessment(report=report, by=psychiatrist, at=NOW)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        TaskAcknowledgement.objects.update(at=NOON)


def test_the_doctor_who_confirms_says_when_the_next_contact_is(
    task: SafetyTask, nurse: Professional, psychiatrist: Professional, client: Client
) -> None:
    report = told(task, psychiatrist, nurse)
    client.force_login(psychiatrist)
    page = client.get(reverse("task.acknowledge", args=[task.pk])).content.decode()
    assert reverse("asking.patient", args=[task.patient_id]) in page
    address = reverse("task.confirm", args=[report.pk])
    client.post(address, {"next_contact_on": "01.03.2026"})
    assert not TaskAcknowledgement.objects.exists()
    client.post(address, {"next_contact_on": "05.03.2026"})
    assert TaskAcknowledgement.objects.get().next_contact_on == date(2026, 3, 5)


def test_what_asks_for_a_doctor_for_the_body_leads_to_no_plan_for_a_crisis(
    course: Course, nurse: Professional, psychiatrist: Professional
) -> None:
    task = actions.ask_for_a_doctor(
        patient=course.patient, rule=DANGER_SIGN, receiver=psychiatrist, by=nurse, at=NOON
    )
    assert "sikkerhetsplan" not in read(psychiatrist, "task.acknowledge", task.pk)
