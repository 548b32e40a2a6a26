"""Nasal devices: each counted once, five minutes apart, nothing that happened is lost."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.actions import DevicesOrdered, LaidOut
from lysglimt.clinic.chairside.device_rules import devices_in
from lysglimt.clinic.chairside.models import DeviceOrder, DeviceOrderSignature, Session
from lysglimt.clinic.chairside.sheet import Stage, sheet_of
from lysglimt.clinic.chairside.sprayed import OtherRoute
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Contradicted
from lysglimt.clinic.people.models import Patient, Professional, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.treatment.models import SafetyTask, SessionGiven
from lysglimt.knowledge.dosing.devices import DEVICE_CHECK, DeviceAct, DevicesOutOfOrder
from tests.clinic.conftest import NOON, Staff
from tests.clinic.kept import kept

from . import let_in, nasal
from .conftest import at_minute, entered
from .conftest import ordered as infusion

pytestmark = pytest.mark.django_db


@pytest.fixture
@kept
def colleague(moss: Unit, staff: Staff) -> Professional:
    return staff(moss, Role.NURSE, "colleague")


@pytest.fixture(autouse=True)
@kept
def supported(moss: Unit, psychiatrist: Professional) -> Unit:
    people.state_purpose(unit=moss, on=True, by=psychiatrist, at=NOON)
    return moss


@pytest.fixture
@kept
def session(kari: Patient, psychiatrist: Professional, nurse: Professional) -> Session:
    course = nasal.course_of(kari, by=psychiatrist)
    return actions.open_session(course=course, planned_on=NOON.date(), by=nurse, at=NOON)


@pytest.fixture
@kept
def ready(
    session: Session, psychiatrist: Professional, nurse: Professional, colleague: Professional
) -> Session:
    """Two devices ordered, signed, laid out before two, and let through."""
    let_in.agree(session.course.patient, by=psychiatrist)
    let_in.accept(session.course.patient, by=psychiatrist)
    order = nasal.ordered(session, by=psychiatrist)
    actions.sign_device_order(order=order, by=psychiatrist, at=NOON)
    nasal.check(order, by=nurse, other=colleague)
    nasal.let_through(session, by=psychiatrist)
    return session


def test_a_change_of_the_order_voids_its_signature(
    session: Session, psychiatrist: Professional
) -> None:
    nasal.given_before(session.course, 56, by=psychiatrist)
    order = nasal.ordered(session, 2, by=psychiatrist)
    actions.sign_device_order(order=order, by=psychiatrist, at=NOON)
    changed = actions.change_device_order(
        order=order,
        ordered=DevicesOrdered(devices=3),
        by=psychiatrist,
        at=at_minute(1),
        reason="Økes etter avtale",
    )
    assert DeviceOrder.objects.in_force().get() == changed
    assert not DeviceOrder.objects.signed().exists()
    with pytest.raises(actions.OrderChanged):
        actions.sign_device_order(order=order, by=psychiatrist, at=at_minute(2))


def test_an_order_is_signed_once_and_by_a_doctor(
    session: Session, psychiatrist: Professional, nurse: Professional
) -> None:
    order = nasal.ordered(session, by=psychiatrist)
    with pytest.raises(Exception, match="doctor"):
        actions.sign_device_order(order=order, by=nurse, at=NOON)
    first = actions.sign_device_order(order=order, by=psychiatrist, at=NOON)
    again = actions.sign_device_order(order=order, by=psychiatrist, at=at_minute(3))
    assert first == again
    assert DeviceOrderSignature.objects.count() == 1


def test_a_number_that_the_label_does_not_allow_today_takes_a_reason(
    session: Session, psychiatrist: Professional
) -> None:
    with pytest.raises(actions.DoseNotAllowed) as refused:
        nasal.ordered(session, 3, by=psychiatrist)
    assert refused.value.facts["allowed"] == "2"
    order = nasal.ordered(session, 3, by=psychiatrist, why="Har hatt 84 mg ved annet sykehus")
    assert order.why
    assert [one["criterion"] for one in order.card["against"]] == ["device:dose"]


def test_in_journal_mode_no_number_is_judged(
    session: Session, psychiatrist: Professional
) -> None:
    people.state_purpose(unit=session.unit, on=False, by=psychiatrist, at=at_minute(1))
    session.refresh_from_db()
    assert nasal.ordered(session, 3, by=psychiatrist).devices == 3


def test_the_order_is_written_by_one(session: Session, psychiatrist: Professional) -> None:
    nasal.ordered(session, by=psychiatrist)
    with pytest.raises(actions.OrderWritten):
        nasal.ordered(session, by=psychiatrist)


def test_two_persons_count_what_is_ordered(
    session: Session, psychiatrist: Professional, nurse: Professional, colleague: Professional
) -> None:
    order = nasal.ordered(session, by=psychiatrist)
    with pytest.raises(actions.WrongCount):
        nasal.check(order, by=nurse, other=colleague, count=3)
    with pytest.raises(actions.SamePerson):
        nasal.check(order, by=nurse, other=nurse)
    with pytest.raises(actions.Unchecked):
        actions.check_devices(
            order=order,
            laid_out=LaidOut(devices=2, lines=sorted(DEVICE_CHECK)[1:]),
            checked_by=colleague,
            entered=entered(),
            by=nurse,
            at=NOON,
        )
    nasal.check(order, by=nurse, other=colleague)
    assert sheet_of(session, now=NOON).device_check is not None


def test_no_first_device_before_the_order_is_signed(
    session: Session, psychiatrist: Professional, nurse: Professional
) -> None:
    nasal.ordered(session, by=psychiatrist)
    with pytest.raises(actions.NotSigned):
        nasal.give(session, 1, by=nurse)
    assert devices_in(session).count == 0


def test_a_first_device_that_nothing_let_through_is_recorded_and_calls_a_doctor(
    session: Session, psychiatrist: Professional, nurse: Professional
) -> None:
    nasal.ordered(session, by=psychiatrist)
    used = replace(nasal.use(1), because="Gitt på muntlig beskjed fra legen")
    row = nasal.give(session, 1, by=nurse, used=used)
    assert "start:closed" in row.against
    assert devices_in(session).count == 1
    assert SafetyTask.objects.count() == 1


def test_two_devices_five_minutes_apart_are_the_dose(
    ready: Session, nurse: Professional
) -> None:
    nasal.give(ready, 1, by=nurse)
    assert sheet_of(ready, now=at_minute(2)).stage is Stage.INFUSING
    second = nasal.give(ready, 6, by=nurse)
    assert second.against == ""
    sheet = sheet_of(ready, now=at_minute(7))
    assert sheet.stage is Stage.OBSERVATION
    assert sheet.delivered_mg == 56
    assert sheet.earliest_home == at_minute(121)
    following = sheet.next_observation
    assert following is not None
    assert following.at == at_minute(21)


def test_a_device_too_early_asks_and_is_recorded_when_it_has_happened(
    ready: Session, nurse: Professional
) -> None:
    nasal.give(ready, 1, by=nurse)
    with pytest.raises(actions.AgainstTheRules):
        nasal.give(ready, 4, by=nurse)
    used = replace(nasal.use(4), because="Gitt for tidlig ved en misforståelse")
    row = nasal.give(ready, 4, by=nurse, used=used)
    assert row.against == "device:interval"
    assert sheet_of(ready, now=at_minute(5)).delivered_mg == 56


def test_sent_twice_a_device_counts_once(ready: Session, nurse: Professional) -> None:
    entry = uuid4()
    first = nasal.give(ready, 1, by=nurse, entry=entry)
    again = nasal.give(ready, 1, by=nurse, entry=entry, at=at_minute(3))
    assert first == again
    assert devices_in(ready).count == 1
    other = replace(nasal.use(1), lot="ANOTHER")
    with pytest.raises(Contradicted):
        nasal.give(ready, 1, by=nurse, entry=entry, used=other)


def test_a_lost_device_does_not_count_and_says_why(
    ready: Session, nurse: Professional, colleague: Professional
) -> None:
    nasal.give(ready, 1, by=nurse)
    nasal.give(ready, 6, by=nurse, used=nasal.use(6, DeviceAct.LOST))
    assert devices_in(ready).count == 1
    with pytest.raises(actions.NothingSaid):
        nasal.give(ready, 7, by=nurse, used=nasal.use(7, DeviceAct.LOST, because=" "))
    order = DeviceOrder.objects.get()
    nasal.check(order, by=nurse, other=colleague, count=1, minute=7)
    nasal.give(ready, 8, by=nurse)
    assert devices_in(ready).over == at_minute(8)
    assert devices_in(ready).apart == 1


def test_what_replaces_a_lost_device_is_checked_by_two_or_told(
    ready: Session, nurse: Professional, colleague: Professional
) -> None:
    nasal.give(ready, 1, by=nurse)
    nasal.give(ready, 6, by=nurse, used=nasal.use(6, DeviceAct.LOST))
    with pytest.raises(actions.AgainstTheRules, match="device:unchecked"):
        nasal.give(ready, 8, by=nurse)
    order = DeviceOrder.objects.get()
    with pytest.raises(actions.WrongCount):
        nasal.check(order, by=nurse, other=colleague, count=2, minute=7)
    told = replace(nasal.use(8), because="Ingen andre var på rommet")
    assert nasal.give(ready, 8, by=nurse, used=told).against == "device:unchecked"


@pytest.mark.parametrize(
    ("acts", "apart"),
    [
        pytest.param((), 0, id="both given"),
        pytest.param((DeviceAct.ENDED,), 1, id="one not opened"),
        pytest.param((DeviceAct.LOST, DeviceAct.ENDED), 1, id="the second was lost"),
    ],
)
def test_how_many_went_into_nobody(
    ready: Session, nurse: Professional, acts: tuple[DeviceAct, ...], apart: int
) -> None:
    nasal.give(ready, 1, by=nurse)
    for minute, act in enumerate(acts, 6):
        nasal.give(ready, minute, by=nurse, used=nasal.use(minute, act))
    if not acts:
        nasal.give(ready, 8, by=nurse)
    assert devices_in(ready).apart == apart


def test_one_more_than_ordered_an_expired_one_or_one_nostril_asks(
    ready: Session, nurse: Professional
) -> None:
    for changed, rule in (
        ({"expires_on": date(2020, 1, 31)}, "device:expired"),
        ({"both_nostrils": False}, "device:nostril"),
    ):
        with pytest.raises(actions.AgainstTheRules, match=rule):
            nasal.give(ready, 1, by=nurse, used=nasal.use(1, **changed))
    nasal.give(ready, 1, by=nurse)
    nasal.give(ready, 6, by=nurse)
    with pytest.raises(actions.AgainstTheRules, match="device:count"):
        nasal.give(ready, 11, by=nurse)
    used = replace(nasal.use(11), because="Telte feil, en for mye er gitt")
    nasal.give(ready, 11, by=nurse, used=used)
    assert sheet_of(ready, now=at_minute(12)).delivered_mg == 84


def test_a_red_pressure_holds_the_next_device(ready: Session, nurse: Professional) -> None:
    nasal.give(ready, 1, by=nurse)
    actions.record_vitals(
        session=ready,
        measured=actions.Measured(
            phase=sheet_of(ready, now=at_minute(5)).phase(at_minute(5)),
            systolic=205,
            diastolic=100,
        ),
        entered=entered(5),
        by=nurse,
        at=at_minute(5),
    )
    with pytest.raises(actions.AgainstTheRules, match="device:red"):
        nasal.give(ready, 7, by=nurse)


def test_ended_under_the_ordered_count_the_session_is_incomplete(
    ready: Session, nurse: Professional
) -> None:
    nasal.give(ready, 1, by=nurse)
    with pytest.raises(actions.DevicesNotOver):
        actions.finish_session(session=ready, by=nurse, at=at_minute(2))
    nasal.give(
        ready, 8, by=nurse, used=nasal.use(8, DeviceAct.ENDED, because="Kvalm, vil ikke")
    )
    given = actions.finish_session(
        session=ready, by=nurse, at=at_minute(9), ended_early="Kvalm, vil ikke"
    )
    assert [given.prescribed_mg, given.delivered_mg] == [56, 28]
    assert given.stopped_at == at_minute(8)
    assert actions.finish_session(session=ready, by=nurse, at=at_minute(20)) == given


def test_a_struck_device_counts_no_more_and_the_course_follows(
    ready: Session, nurse: Professional
) -> None:
    nasal.give(ready, 1, by=nurse)
    second = nasal.give(ready, 6, by=nurse)
    actions.finish_session(session=ready, by=nurse, at=at_minute(7))
    actions.strike_device(
        used=second, by=nurse, at=at_minute(8), reason="Ført to ganger, bare én gitt"
    )
    assert SessionGiven.objects.in_force().get().delivered_mg == 28
    assert sheet_of(ready, now=at_minute(9)).devices.count == 1


def test_the_first_device_alone_is_begun_and_given_in_a_minute(
    kari: Patient, psychiatrist: Professional, nurse: Professional
) -> None:
    course = nasal.course_of(kari, by=psychiatrist)
    session = actions.open_session(course=course, planned_on=NOON.date(), by=nurse, at=NOON)
    nasal.ordered(session, 1, by=psychiatrist, why="Starter lavt på grunn av alder")
    used = replace(nasal.use(1), because="Gitt på muntlig beskjed fra legen")
    nasal.give(session, 1, by=nurse, used=used)
    given = actions.finish_session(session=session, by=nurse, at=at_minute(2))
    assert given.delivered_mg == 28
    assert given.stopped_at > given.started_at


def test_the_end_is_said_once_and_after_a_device(ready: Session, nurse: Professional) -> None:
    end = nasal.use(1, DeviceAct.ENDED, because="Ombestemte seg")
    with pytest.raises(DevicesOutOfOrder):
        nasal.give(ready, 1, by=nurse, used=end)
    nasal.give(ready, 1, by=nurse)
    nasal.give(ready, 2, by=nurse, used=end)
    with pytest.raises(DevicesOutOfOrder):
        nasal.give(ready, 3, by=nurse, used=end)


def test_once_a_device_is_given_the_order_stands(
    ready: Session, nurse: Professional, psychiatrist: Professional
) -> None:
    nasal.give(ready, 1, by=nurse)
    with pytest.raises(actions.DevicesBegun):
        actions.change_device_order(
            order=DeviceOrder.objects.get(),
            ordered=DevicesOrdered(devices=3),
            by=psychiatrist,
            at=at_minute(2),
            reason="Økes",
        )


def test_no_pump_by_nose_and_no_devices_by_vein(
    session: Session, psychiatrist: Professional, nurse: Professional
) -> None:
    with pytest.raises(OtherRoute):
        actions.order(
            session=session, ordered=infusion(), entered=entered(), by=psychiatrist, at=NOON
        )


def test_the_database_keeps_every_device(ready: Session, nurse: Professional) -> None:
    row = nasal.give(ready, 1, by=nurse)
    with pytest.raises(DatabaseError), transaction.atomic():
        type(row).objects.filter(pk=row.pk).update(lot="ANOTHER")


def test_a_late_set_is_not_of_the_baseline(ready: Session, nurse: Professional) -> None:
    nasal.give(ready, 10, by=nurse)
    actions.record_vitals(
        session=ready,
        measured=actions.Measured(
            phase=sheet_of(ready, now=at_minute(12)).phase(at_minute(8)),
            systolic=120,
            diastolic=70,
        ),
        entered=entered(8),
        by=nurse,
        at=at_minute(8) + timedelta(minutes=4),
    )
    sheet = sheet_of(ready, now=at_minute(12))
    assert len(sheet.before) == 1
    assert sheet.before_known == ()
