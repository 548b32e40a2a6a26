"""Who receives a positive answer, at whatever hour, and what happens when nobody answers."""

from datetime import timedelta

import pytest

from lysglimt.clinic.people.models import Patient, Professional, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.scheduling import actions as scheduling
from lysglimt.clinic.suicidality import actions
from lysglimt.clinic.suicidality.deadlines import answering_of, escalated
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.clinic.treatment.models import Mode, SafetyTask, Timing
from lysglimt.knowledge.instruments.instrument import instruments
from lysglimt.knowledge.safety.answering import DeadlineOutOfRange, default_deadlines
from lysglimt.knowledge.safety.suicidality import Promptness
from tests.clinic.conftest import NOON, Staff

from .conftest import NIGHT, Ask, Put, entered

MINUTE = timedelta(minutes=1)
SAFETY_ITEMS = [
    pytest.param(scale.id, item.id, id=f"{scale.id} {item.id}")
    for scale in instruments().values()
    for item in scale.safety_items
]


@pytest.mark.parametrize(("scale", "item"), SAFETY_ITEMS)
def test_every_safety_item_of_every_instrument_opens_a_task(
    kari: Patient, psychiatrist: Professional, scale: str, item: str
) -> None:
    form = instruments()[scale]
    answers = {one.id: one.lowest for one in form.items}
    said = treatment.Rated(
        instrument=scale,
        answers=answers | {item: form.item(item).highest},
        timing=Timing.OTHER,
        mode=Mode.INTERVIEW,
        rater="clinician",
    )
    treatment.record_rating(
        patient=kari, rated=said, entered=entered(), by=psychiatrist, at=NOON
    )
    task = SafetyTask.objects.open().get()
    assert [sign["item"] for sign in task.signs] == [item]


def test_at_night_the_doctor_on_the_rota_receives(
    ask: Ask, put: Put, psychiatrist: Professional, moss: Unit, staff: Staff
) -> None:
    put(staff(moss, Role.ANAESTHETIST), 8, 20)
    put(psychiatrist, 20, 8)
    ask(NIGHT, i2=1, i4=1)
    task = SafetyTask.objects.get()
    assert (task.receiver, task.routed) == (psychiatrist, "rota")


def test_a_nurse_on_the_rota_does_not_receive_what_a_doctor_answers(
    ask: Ask, put: Put, nurse: Professional, leader: Professional
) -> None:
    put(nurse, 20, 8)
    ask(NIGHT, i2=1, i4=1)
    task = SafetyTask.objects.get()
    assert (task.receiver, task.routed) == (leader, "gap")


def test_what_waits_for_the_next_contact_a_nurse_on_the_rota_receives(
    ask: Ask, put: Put, nurse: Professional
) -> None:
    put(nurse, 20, 8)
    ask(NIGHT, i1=1)
    assert SafetyTask.objects.get().routed == "rota"


def test_where_the_rota_has_a_hole_the_leader_receives(
    ask: Ask, put: Put, psychiatrist: Professional, leader: Professional
) -> None:
    put(psychiatrist, 8, 20)
    ask(NIGHT, i2=1, i4=1)
    task = SafetyTask.objects.get()
    assert (task.receiver, task.routed) == (leader, "gap")


def test_who_is_named_receives_whoever_is_on_the_rota(
    ask: Ask, put: Put, psychiatrist: Professional, moss: Unit, staff: Staff
) -> None:
    put(staff(moss, Role.ANAESTHETIST), 20, 8)
    ask(NIGHT, receiver=psychiatrist, i2=1, i4=1)
    task = SafetyTask.objects.get()
    assert (task.receiver, task.routed) == (psychiatrist, "")


def test_who_is_struck_from_the_rota_or_works_here_no_more_receives_nothing(
    ask: Ask, put: Put, psychiatrist: Professional, leader: Professional
) -> None:
    watch = put(psychiatrist, 20, 8)
    put(psychiatrist, 8, 20)
    scheduling.strike_watch(watch=watch, by=leader, at=NOON, reason="Syk")
    ask(NIGHT, i2=1, i4=1)
    assert SafetyTask.objects.get().receiver == leader
    psychiatrist.is_active = False
    psychiatrist.save()
    ask(NIGHT + timedelta(hours=10), i2=1, i4=1)
    assert {task.receiver for task in SafetyTask.objects.all()} == {leader}


def test_the_rota_names_people_of_its_own_unit_on_at_least_one_day(
    put: Put, outsider: Professional, psychiatrist: Professional
) -> None:
    with pytest.raises(scheduling.NotOfTheUnit):
        put(outsider, 8, 20)
    with pytest.raises(scheduling.NoWeekday):
        put(psychiatrist, 8, 20, weekdays=())


def test_what_nobody_answers_in_time_goes_to_the_leader(
    ask: Ask, put: Put, psychiatrist: Professional, leader: Professional, moss: Unit
) -> None:
    put(psychiatrist, 20, 8)
    ask(NIGHT, i2=1, i4=1)
    answering, tasks = answering_of(moss.pk), list(SafetyTask.objects.open())
    assert answering.leader == str(leader)
    assert escalated(tasks, answering, now=NIGHT + 30 * MINUTE) == []
    assert escalated(tasks, answering, now=NIGHT + 31 * MINUTE) == [
        (tasks[0], NIGHT + 30 * MINUTE)
    ]


def test_a_unit_chooses_its_times_and_they_hold_from_then_on(
    ask: Ask, psychiatrist: Professional, leader: Professional, moss: Unit
) -> None:
    ask(NOON, receiver=psychiatrist, i2=1, i4=1)
    chosen = default_deadlines() | {Promptness.DOCTOR_NOW: 10 * MINUTE}
    actions.state_deadlines(within=chosen, by=leader, at=NOON + MINUTE)
    ask(NOON + 2 * MINUTE, receiver=psychiatrist, i2=1, i4=1)
    answering = answering_of(moss.pk)
    first, second = SafetyTask.objects.order_by("opened_at")
    assert answering.answer_by(first) == NOON + 30 * MINUTE
    assert answering.answer_by(second) == NOON + 12 * MINUTE


def test_no_time_is_so_long_that_a_task_is_forgotten(leader: Professional) -> None:
    chosen = default_deadlines() | {Promptness.DOCTOR_NOW: timedelta(days=1)}
    with pytest.raises(DeadlineOutOfRange):
        actions.state_deadlines(within=chosen, by=leader, at=NOON)


def test_the_next_contact_that_was_agreed_is_stored_with_the_answer(
    ask: Ask, psychiatrist: Professional
) -> None:
    ask(NOON, receiver=psychiatrist, i2=1, i4=1)
    day = NOON.date() + timedelta(days=2)
    said = treatment.acknowledge_task(
        safety_task=SafetyTask.objects.get(),
        action_taken="Ringte, avtalt ny samtale.",
        next_contact_on=day,
        by=psychiatrist,
        at=NOON,
    )
    assert said.next_contact_on == day


def test_a_watch_that_ends_at_its_beginning_lasts_until_the_next_morning(
    put: Put, ask: Ask, psychiatrist: Professional
) -> None:
    put(psychiatrist, 8, 8)
    ask(NIGHT, i2=1, i4=1)
    assert SafetyTask.objects.get().receiver == psychiatrist
