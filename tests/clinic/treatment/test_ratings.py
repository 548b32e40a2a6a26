"""A rating is scored once by the rules; a positive answer about suicide becomes a task."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from lysglimt.clinic.audit.models import Event
from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.clinic.scheduling import actions as scheduling
from lysglimt.clinic.scheduling.actions import Booking
from lysglimt.clinic.scheduling.models import AppointmentKind
from lysglimt.clinic.treatment import actions
from lysglimt.clinic.treatment.actions import (
    Acknowledged,
    NothingSaid,
    Rated,
    ReceiverNotADoctor,
)
from lysglimt.clinic.treatment.history import course_facts
from lysglimt.clinic.treatment.models import (
    Course,
    CourseStanding,
    Mode,
    Rating,
    SafetyTask,
    TaskAcknowledgement,
    TaskAddition,
    Timing,
)
from lysglimt.knowledge.instruments.answers import AnswerOutOfRange
from lysglimt.knowledge.instruments.instrument import instruments
from lysglimt.knowledge.safety.suicidality import SafetyAnswer, promptness
from tests.clinic.conftest import NOON

from .conftest import DAY, Rate, entered, madrs, rated

MIDNIGHT_IN_NORWAY = datetime(2026, 3, 2, 23, tzinfo=UTC)


def record(patient: Patient, by: Professional, said: Rated, at: datetime = NOON) -> Rating:
    return actions.record_rating(patient=patient, rated=said, entered=entered(at), by=by, at=at)


def test_the_total_follows_from_the_answers(kari: Patient, nurse: Professional) -> None:
    rating = Rating.objects.get(pk=record(kari, nurse, rated(31)).pk)
    assert (rating.total, rating.bands["snaith1986"]) == (Decimal(31), "moderate")
    assert (rating.instrument_version, rating.recall) != ("", "")
    assert rating.answers == madrs(31)


def test_an_answer_that_the_item_does_not_have_is_refused_and_nothing_is_stored(
    kari: Patient, nurse: Professional
) -> None:
    wrong = Rated(
        instrument="madrs",
        answers=madrs(20) | {"i1": 7},
        timing=Timing.OTHER,
        mode=Mode.INTERVIEW,
        rater="clinician",
    )
    with pytest.raises(AnswerOutOfRange):
        record(kari, nurse, wrong)
    assert not Rating.objects.exists()
    assert not Event.objects.filter(operation="rating.record").exists()


def test_a_missing_answer_makes_no_total(kari: Patient, nurse: Professional) -> None:
    gap = Rated(
        instrument="madrs",
        answers=madrs(20) | {"i1": None},
        timing=Timing.OTHER,
        mode=Mode.INTERVIEW,
        rater="clinician",
    )
    assert record(kari, nurse, gap).total is None


def test_a_rating_belongs_to_the_open_course(course: Course, rate: Rate) -> None:
    assert rate(1, 30).course == course


def test_a_rating_from_before_the_course_is_its_baseline(
    kari: Patient, nurse: Professional, request: pytest.FixtureRequest
) -> None:
    record(kari, nurse, rated(34), at=NOON - 2 * DAY)
    course = request.getfixturevalue("course")
    [baseline] = course_facts(course).ratings
    assert (baseline.total, baseline.on) == (34, (NOON - 2 * DAY).date())


def test_a_rating_sent_twice_is_one_and_opens_one_task(
    kari: Patient, nurse: Professional
) -> None:
    once = entered()
    for _ in range(2):
        actions.record_rating(
            patient=kari, rated=rated(30, item_10=4), entered=once, by=nurse, at=NOON
        )
    assert (Rating.objects.count(), SafetyTask.objects.count()) == (1, 1)


def test_a_correction_is_scored_anew_and_renews_the_standing(
    course: Course, rate: Rate, psychiatrist: Professional
) -> None:
    first = rate(1, 30)
    second = actions.correct_rating(
        rating=first, rated=rated(12), by=psychiatrist, at=NOON + 2 * DAY, reason="Misread"
    )
    assert (second.revision, second.total) == (2, Decimal(12))
    assert [rating.total for rating in course_facts(course).ratings] == [12]
    assert Rating.objects.with_instrument("madrs").get() == second
    assert Rating.objects.newest_first().get() == second
    assert not Rating.objects.until(NOON - DAY)


def test_a_negative_answer_opens_no_task(kari: Patient, nurse: Professional) -> None:
    record(kari, nurse, rated(30, item_10=0))
    assert not SafetyTask.objects.exists()


def test_a_task_has_a_receiver_and_ends_with_the_day(
    kari: Patient, nurse: Professional, psychiatrist: Professional
) -> None:
    said = rated(30, item_10=4)
    actions.record_rating(
        patient=kari,
        rated=Rated(
            instrument="madrs",
            answers=said.answers,
            timing=said.timing,
            mode=said.mode,
            rater="clinician",
            receiver=psychiatrist,
        ),
        entered=entered(),
        by=nurse,
        at=NOON,
    )
    task = SafetyTask.objects.get()
    assert (task.receiver, task.promptness, task.due_at) == (
        psychiatrist,
        "same-day",
        MIDNIGHT_IN_NORWAY,
    )
    assert list(SafetyTask.objects.overdue(MIDNIGHT_IN_NORWAY + DAY)) == [task]


def test_a_lesser_answer_waits_for_the_next_appointment(
    kari: Patient, nurse: Professional
) -> None:
    tomorrow = NOON + DAY
    coming = Booking(
        kind=AppointmentKind.SESSION, starts_at=tomorrow, ends_at=tomorrow + timedelta(hours=2)
    )
    scheduling.book(patient=kari, booking=coming, by=nurse, at=NOON)
    record(kari, nurse, rated(30, item_10=2))
    assert SafetyTask.objects.get().due_at == tomorrow


def test_without_an_appointment_nothing_is_waited_for(
    kari: Patient, nurse: Professional
) -> None:
    record(kari, nurse, rated(30, item_10=2))
    assert SafetyTask.objects.get().due_at == MIDNIGHT_IN_NORWAY


def test_an_unchanged_answer_is_added_to_the_open_task(
    kari: Patient, nurse: Professional
) -> None:
    for day in range(3):
        record(kari, nurse, rated(30, item_10=4), at=NOON + day * DAY)
    task = SafetyTask.objects.get()
    assert task.additions.count() == 2
    assert Event.objects.filter(operation="task.add").count() == 2


def test_a_worse_answer_opens_a_new_task(kari: Patient, nurse: Professional) -> None:
    record(kari, nurse, rated(30, item_10=2))
    record(kari, nurse, rated(30, item_10=5), at=NOON + DAY)
    assert [task.promptness for task in SafetyTask.objects.order_by("opened_at")] == [
        "next-contact",
        "same-day",
    ]


def test_after_the_task_is_taken_the_same_answer_opens_another(
    kari: Patient, nurse: Professional, psychiatrist: Professional
) -> None:
    record(kari, nurse, rated(30, item_10=4))
    first = SafetyTask.objects.get()
    said = actions.acknowledge_task(
        safety_task=first, action_taken="Spoke with her, safety plan", by=psychiatrist, at=NOON
    )
    assert (said.by, said.at) == (psychiatrist, NOON)
    assert not SafetyTask.objects.open()
    record(kari, nurse, rated(30, item_10=4), at=NOON + DAY)
    assert SafetyTask.objects.open().count() == 1


def test_intent_calls_the_doctor_now(
    kari: Patient, nurse: Professional, psychiatrist: Professional
) -> None:
    scale = instruments()["cssrs_screener"]
    answers = {item.id: item.lowest for item in scale.items}
    now = {
        item.id: item.highest
        for item in scale.safety_items
        if promptness(SafetyAnswer(scale.id, item.id, item.highest)) == "doctor-now"
    }
    said = Rated(
        instrument=scale.id,
        answers=answers | {item.id: item.highest for item in scale.items} | now,
        timing=Timing.OTHER,
        mode=Mode.INTERVIEW,
        rater="clinician",
        receiver=psychiatrist,
    )
    record(kari, nurse, said)
    task = SafetyTask.objects.get()
    assert (task.promptness, task.due_at) == ("doctor-now", NOON)


@pytest.mark.parametrize(
    "named", [pytest.param(True, id="by name"), pytest.param(False, id="who records")]
)
def test_what_asks_for_a_doctor_now_is_not_given_to_a_nurse(
    kari: Patient, nurse: Professional, *, named: bool
) -> None:
    scale = instruments()["cssrs_screener"]
    said = Rated(
        instrument=scale.id,
        answers={item.id: item.lowest for item in scale.items} | {"i2": 1, "i4": 1},
        timing=Timing.BEFORE_DOSE,
        mode=Mode.INTERVIEW,
        rater="nurse",
        receiver=nurse if named else None,
    )
    with pytest.raises(ReceiverNotADoctor):
        record(kari, nurse, said)
    assert not Rating.objects.exists(), "all or none"


def test_a_doctor_now_stands_before_what_is_older(
    kari: Patient, nurse: Professional, psychiatrist: Professional
) -> None:
    record(kari, nurse, rated(30, item_10=4))
    actions.ask_for_a_doctor(
        patient=kari, rule="DC-7", receiver=psychiatrist, by=nurse, at=NOON + 2 * DAY
    )
    assert [task.promptness for task in SafetyTask.objects.open()] == ["doctor-now", "same-day"]


def test_a_second_attempt_since_the_last_contact_calls_the_doctor_again(
    kari: Patient, nurse: Professional, psychiatrist: Professional
) -> None:
    scale = instruments()["cssrs_screener"]
    said = Rated(
        instrument=scale.id,
        answers={item.id: item.lowest for item in scale.items} | {"i6": 1, "i6b": 1},
        timing=Timing.BEFORE_DOSE,
        mode=Mode.INTERVIEW,
        rater="clinician",
        recall="since_last_contact",
        receiver=psychiatrist,
    )
    first = record(kari, nurse, said)
    record(kari, nurse, said, at=NOON + DAY)
    assert [(one.promptness, one.due_at) for one in SafetyTask.objects.open()] == [
        ("doctor-now", NOON),
        ("doctor-now", NOON + DAY),
    ]
    actions.correct_rating(
        rating=first, rated=said, by=nurse, at=NOON + 2 * DAY, reason="The time was wrong"
    )
    assert SafetyTask.objects.count() == len(["first", "second"])


def test_an_answer_is_added_to_an_older_task_that_is_still_open(
    kari: Patient, nurse: Professional
) -> None:
    record(kari, nurse, rated(30, item_10=2))
    record(kari, nurse, rated(30, item_10=5), at=NOON + DAY)
    record(kari, nurse, rated(30, item_10=2), at=NOON + 2 * DAY)
    first, second = SafetyTask.objects.order_by("opened_at")
    assert (first.additions.count(), second.additions.count()) == (1, 0)


def test_a_task_is_taken_once_and_never_by_a_click_alone(
    kari: Patient, nurse: Professional, psychiatrist: Professional
) -> None:
    record(kari, nurse, rated(30, item_10=2))
    task = SafetyTask.objects.get()
    with pytest.raises(NothingSaid):
        actions.acknowledge_task(safety_task=task, action_taken=" ", by=nurse, at=NOON)
    actions.acknowledge_task(safety_task=task, action_taken="Seen", by=psychiatrist, at=NOON)
    with pytest.raises(Acknowledged) as refusal:
        actions.acknowledge_task(safety_task=task, action_taken="Seen", by=nurse, at=NOON)
    assert refusal.value.facts["by"] == str(psychiatrist)
    assert TaskAcknowledgement.objects.count() == 1


def test_a_grade_of_risk_is_stored_nowhere() -> None:
    for model in (Rating, SafetyTask, CourseStanding):
        assert not [field.name for field in model._meta.get_fields() if "risk" in field.name]


def test_every_safety_item_of_the_catalogue_has_its_rule(
    kari: Patient, nurse: Professional
) -> None:
    """Else a rating of that instrument could not be recorded at all."""
    for scale in instruments().values():
        for item in scale.safety_items:
            promptness(SafetyAnswer(scale.id, item.id, item.lowest))


def test_the_database_refuses_an_acknowledgement_without_words(
    kari: Patient, nurse: Professional
) -> None:
    record(kari, nurse, rated(30, item_10=4))
    with pytest.raises(IntegrityError, match="what_was_done"), transaction.atomic():
        TaskAcknowledgement.objects.create(
            task=SafetyTask.objects.get(), by=nurse, at=NOON, action_taken=""
        )


def test_a_correction_sent_twice_is_followed_up_once(
    rate: Rate, psychiatrist: Professional
) -> None:
    first = rate(0, 30, item_10=4)
    for _ in range(2):
        actions.correct_rating(
            rating=first,
            rated=rated(31, item_10=4),
            by=psychiatrist,
            at=NOON,
            reason="Item 3 was 4",
        )
    assert (SafetyTask.objects.count(), TaskAddition.objects.count()) == (1, 1)
