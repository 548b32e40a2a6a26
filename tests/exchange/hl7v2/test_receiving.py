"""Messages are stored together, each answered by itself, when all of it is committed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, transaction

from lysglimt.clinic.audit.models import Event
from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.actions import Bound
from lysglimt.clinic.chairside.models import (
    MonitorDevice,
    MonitorReading,
    Session,
    SetAside,
    VitalSet,
)
from lysglimt.clinic.people.models import Professional, Unit
from lysglimt.clinic.scheduling import actions as scheduling
from lysglimt.clinic.scheduling.models import Chair
from lysglimt.clinic.treatment.models import Course
from lysglimt.exchange.hl7v2 import receiving
from lysglimt.exchange.hl7v2.message import parse
from tests.clinic.conftest import NOON

from .vendors import GE, SAMPLES, Sample

SECOND = timedelta(seconds=1)
Told = list[tuple[str, str]]


def sent_at(second: int) -> str:
    return f"{NOON + second * SECOND:%Y%m%d%H%M%S}+0000"


def ge(second: int = 0, *, number: int | None = None, pulse: int = 80) -> bytes:
    """A message of the sample, sent so many seconds after noon."""
    lines = tuple(line.replace("{now}+0100", "{now}") for line in GE.lines)
    lines = tuple(line.replace("|80|264864", f"|{pulse}|264864") for line in lines)
    named = f"{second if number is None else number:05}"
    return Sample(lines, "", "", {}, "utf-8").message(now=sent_at(second), id=named)


@pytest.fixture
def chair(moss: Unit, nurse: Professional) -> Chair:
    return scheduling.add_chair(unit=moss, name="Stol 1", by=nurse, at=NOON)


@pytest.fixture
def session(course: Course, chair: Chair, nurse: Professional) -> Session:
    return actions.open_session(
        course=course, planned_on=NOON.date(), chair=chair, by=nurse, at=NOON
    )


def bound(sample: Sample, chair: Chair, nurse: Professional) -> MonitorDevice:
    said = Bound(sender=sample.sender, device=sample.device, name="Monitor 1", chair=chair)
    return actions.bind_monitor(bound=said, by=nurse, at=NOON)


@pytest.fixture
def device(chair: Chair, nurse: Professional) -> MonitorDevice:
    return bound(GE, chair, nurse)


Receive = Callable[..., Told]


@pytest.fixture
def receive(moss: Unit) -> Receive:
    """`receive(message, …, second=5)` is what each sender was told, and why."""

    def receive(*messages: bytes, second: int = 0) -> Told:
        answers = receiving.receive(messages, unit=moss, at=NOON + second * SECOND)
        return [said(parse(one)) for one in answers]

    return receive


def said(answer: Any) -> tuple[str, str]:
    error = answer.first("ERR")
    return answer.first("MSA").value(1), error.value(3) if error else ""


@pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES.keys())
def test_a_message_of_each_maker_stands_with_the_session_at_its_chair(
    sample: Sample, session: Session, chair: Chair, nurse: Professional, receive: Receive
) -> None:
    bound(sample, chair, nurse)
    local = NOON + timedelta(hours=1)
    message = sample.message(now=f"{local:%Y%m%d%H%M%S}")
    assert receive(message) == [("AA", "")]
    reading = MonitorReading.objects.get()
    found = {name: getattr(reading, name) for name in sample.values}
    assert found == sample.values
    assert reading.session == session
    assert not SetAside.objects.exists()


def test_nothing_that_a_monitor_sends_is_an_observation(
    session: Session, device: MonitorDevice, receive: Receive
) -> None:
    receive(ge())
    assert not VitalSet.objects.exists()


def test_a_series_has_a_point_in_ten_seconds_and_no_more(
    session: Session, device: MonitorDevice, receive: Receive
) -> None:
    told = [receive(ge(second), second=second)[0] for second in range(35)]
    assert told == [("AA", "")] * 35
    times = [row.pulse_at for row in MonitorReading.objects.order_by("pk")]
    assert [(at - NOON) / SECOND for at in times if at] == [0, 10, 20, 30]


def test_what_one_message_does_not_bring_stands_with_its_time(
    session: Session, device: MonitorDevice, receive: Receive
) -> None:
    without_pressure = b"\r".join(line for line in ge(15).split(b"\r") if b"NONINV" not in line)
    receive(ge(0), second=0)
    receive(without_pressure, second=15)
    first, second = MonitorReading.objects.order_by("pk")
    assert (second.systolic, second.pressure_at) == (first.systolic, first.pressure_at)
    assert second.pulse_at == NOON + 15 * SECOND


def test_a_corrected_value_takes_the_place_of_the_last_point(
    session: Session, device: MonitorDevice, receive: Receive
) -> None:
    receive(ge(0, number=1), second=0)
    corrected = ge(0, number=2, pulse=66).replace(b"|||||R|", b"|||||C|")
    assert receive(corrected, second=3) == [("AA", "")]
    newest = MonitorReading.objects.latest("pk")
    assert (newest.pulse, newest.pulse_at) == (66, NOON)


def test_sent_twice_it_is_stored_once_and_accepted_twice(
    session: Session, device: MonitorDevice, receive: Receive
) -> None:
    assert receive(ge(0), ge(0)) == [("AA", ""), ("AA", "")]
    assert receive(ge(0), second=60) == [("AA", "")]
    assert MonitorReading.objects.count() == 1
    assert not SetAside.objects.exists()


def test_the_same_id_with_other_content_is_set_aside(
    session: Session, device: MonitorDevice, receive: Receive
) -> None:
    receive(ge(0, number=1))
    assert receive(ge(20, number=1), second=20) == [("AE", "205")]
    assert MonitorReading.objects.count() == 1
    assert SetAside.objects.get().reason == "contradicted"


def test_a_device_that_nobody_bound_is_told_so_and_set_aside_once_a_minute(
    session: Session, moss: Unit, receive: Receive
) -> None:
    told = [receive(ge(second), second=second)[0] for second in (0, 1, 59, 62)]
    assert told == [("AE", "204")] * 4
    rows = list(SetAside.objects.order_by("pk"))
    assert [(row.reason, row.device) for row in rows] == [("unknown_device", GE.device)] * 2
    assert not MonitorReading.objects.exists()


def test_without_a_session_at_the_chair_it_is_nobodys(
    device: MonitorDevice, receive: Receive
) -> None:
    assert receive(ge()) == [("AE", "204")]
    assert SetAside.objects.get().reason == "no_session"


def test_a_session_of_another_day_or_chair_gets_nothing(
    session: Session, device: MonitorDevice, moss: Unit, nurse: Professional, receive: Receive
) -> None:
    day = 24 * 3600
    assert receive(ge(day), second=day) == [("AE", "204")]
    other = scheduling.add_chair(unit=moss, name="Stol 2", by=nurse, at=NOON)
    bound(GE, other, nurse)
    assert receive(ge(1), second=1) == [("AE", "204")]
    assert not MonitorReading.objects.exists()


def test_a_monitor_that_was_taken_away_is_unknown(
    session: Session, device: MonitorDevice, nurse: Professional, receive: Receive
) -> None:
    actions.release_monitor(device=device, by=nurse, at=NOON)
    assert receive(ge()) == [("AE", "204")]
    again = bound(GE, device.chair, nurse)
    assert (again.entry, again.revision) == (device.entry, 3)
    assert receive(ge(70), second=70) == [("AA", "")]


GATEWAY = Sample(GE.lines, GE.sender, GE.sender, {}, "utf-8")


def nameless(second: int = 0) -> bytes:
    """Nothing nearer than the sender itself stands in it."""
    lines = ge(second).replace(b"|080019FFFE0B4020^B40_GE", b"").split(b"\r")
    return b"\r".join(line for line in lines if not line.startswith(b"PV1"))


def test_behind_a_gateway_that_is_bound_an_unknown_monitor_stays_unknown(
    session: Session, chair: Chair, nurse: Professional, receive: Receive
) -> None:
    bound(GATEWAY, chair, nurse)
    assert receive(ge(0)) == [("AE", "204")]
    assert not MonitorReading.objects.exists()


def test_a_monitor_taken_away_does_not_come_back_under_its_bed_or_gateway(
    session: Session, device: MonitorDevice, chair: Chair, nurse: Professional, receive: Receive
) -> None:
    actions.release_monitor(device=device, by=nurse, at=NOON)
    bound(Sample(GE.lines, GE.sender, "DAGPOST 2", {}), chair, nurse)
    assert receive(ge(0)) == [("AE", "204")]
    assert not MonitorReading.objects.exists()


def test_a_lone_monitor_may_be_known_by_who_sends_until_another_names_itself(
    session: Session, chair: Chair, nurse: Professional, receive: Receive
) -> None:
    bound(GATEWAY, chair, nurse)
    assert receive(nameless(0)) == [("AA", "")]
    assert receive(ge(20), second=20) == [("AE", "204")]
    assert receive(nameless(40), second=40) == [("AE", "204")]
    assert MonitorReading.objects.count() == 1
    newest = SetAside.objects.latest("pk")
    assert "others are behind this sender" in newest.fault


def test_a_gateway_with_devices_behind_it_is_bound_to_no_chair(
    session: Session, chair: Chair, nurse: Professional, receive: Receive
) -> None:
    receive(ge(0))
    with pytest.raises(actions.GatewayShared):
        bound(GATEWAY, chair, nurse)


def test_a_bed_that_was_named_once_makes_no_gateway_for_ever(
    session: Session, chair: Chair, nurse: Professional, receive: Receive
) -> None:
    said = {"unit": chair.unit, "sender": GE.sender, "device": "DAGPOST 2"}
    SetAside.objects.create(
        **said, reason="unknown_device", fault="nobody", received_at=NOON - timedelta(hours=13)
    )
    assert bound(GATEWAY, chair, nurse).chair == chair


def test_a_device_behind_a_gateway_that_is_bound_waits_until_that_is_taken_away(
    chair: Chair, nurse: Professional
) -> None:
    gateway = bound(GATEWAY, chair, nurse)
    other = scheduling.add_chair(unit=chair.unit, name="Stol 2", by=nurse, at=NOON)
    with pytest.raises(actions.GatewayShared):
        bound(GE, other, nurse)
    actions.release_monitor(device=gateway, by=nurse, at=NOON)
    assert bound(GE, other, nurse).chair == other


def test_what_no_patient_can_have_is_set_aside_and_the_rest_is_stored(
    session: Session, device: MonitorDevice, receive: Receive
) -> None:
    assert receive(ge(pulse=999)) == [("AA", "102")]
    reading = MonitorReading.objects.get()
    assert (reading.pulse, reading.pulse_at, reading.spo2) == (None, None, 98)
    row = SetAside.objects.get()
    assert row.reason == "implausible"
    assert "999" not in row.fault


def test_a_message_of_which_nothing_can_be_taken_is_an_error(
    session: Session, device: MonitorDevice, receive: Receive
) -> None:
    lines = [line for line in ge(pulse=999).split(b"\r") if b"NONINV" not in line]
    rest = b"\r".join(line for line in lines if b"150456" not in line)
    assert receive(rest) == [("AE", "102")]
    assert not MonitorReading.objects.exists()


def test_what_cannot_be_read_is_rejected_and_set_aside_without_its_content(
    session: Session, device: MonitorDevice, receive: Receive
) -> None:
    told = receive(b"PID|||1||Hemmelig^Navn", ge(0))
    assert told == [("AR", "100"), ("AA", "")]
    row = SetAside.objects.get()
    assert row.reason == "malformed"
    assert "Hemmelig" not in str(vars(row))


def test_what_no_database_takes_is_refused_and_no_other_suffers_for_it(
    session: Session, device: MonitorDevice, receive: Receive
) -> None:
    zero = ge(1).replace(b"|00001134535|", b"|\\X00\\|")
    unknown = ge(2).replace(b"B40_GE", b"B40\\X0000\\GE")
    assert receive(zero, unknown, ge(0), second=2) == [("AE", "101"), ("AE", "204"), ("AA", "")]
    assert set(SetAside.objects.values_list("device", flat=True)) == {
        "",
        "080019FFFE0B4020^B40GE",
    }


def test_the_trail_has_a_line_where_a_series_begins(
    session: Session, device: MonitorDevice, receive: Receive
) -> None:
    for second in (0, 10, 20):
        receive(ge(second), second=second)
    [event] = Event.objects.filter(operation="monitor.series")
    assert event.actor == "monitor"
    assert event.patients == [str(session.course.patient_id)]


def test_together_they_ask_the_database_as_often_as_one(
    session: Session,
    device: MonitorDevice,
    receive: Receive,
    django_assert_max_num_queries: Any,
) -> None:
    receive(ge(0))
    with django_assert_max_num_queries(7):
        receive(*(ge(10 * number) for number in range(1, 50)), second=500)
    assert MonitorReading.objects.count() == 50


def test_what_another_has_stored_meanwhile_is_tried_one_by_one(
    session: Session, device: MonitorDevice, receive: Receive, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep, calls = actions.keep_readings, list[int]()

    def first_refused(**said: Any) -> None:
        calls.append(len(said["readings"]))
        if len(calls) == 1:
            raise IntegrityError
        keep(**said)

    monkeypatch.setattr(actions, "keep_readings", first_refused)
    assert receive(ge(0), ge(10), second=10) == [("AA", ""), ("AA", "")]
    assert calls == [2, 1, 1]


def test_one_that_is_refused_by_itself_is_sent_again(
    session: Session, device: MonitorDevice, receive: Receive, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(**_: Any) -> None:
        raise IntegrityError

    monkeypatch.setattr(actions, "keep_readings", refused)
    assert receive(ge(0)) == [("AR", "207")]


@pytest.mark.parametrize("moment", ["before the commit", "after it"])
def test_while_the_database_is_away_nothing_is_acknowledged_and_later_it_is_stored_once(
    session: Session,
    device: MonitorDevice,
    receive: Receive,
    monkeypatch: pytest.MonkeyPatch,
    moment: str,
) -> None:
    keep = actions.keep_readings

    def away(**said: Any) -> None:
        keep(**said)
        raise OperationalError

    def lost(*messages: Any, **said: Any) -> None:
        STORED(*messages, **said)
        raise OperationalError

    STORED = receiving.stored  # noqa: N806 - the real one
    if moment == "before the commit":
        monkeypatch.setattr(actions, "keep_readings", away)
    else:
        monkeypatch.setattr(receiving, "stored", lost)
    assert receive(ge(0)) == [("AR", "207")]
    assert MonitorReading.objects.count() == (moment == "after it")
    monkeypatch.undo()
    assert receive(ge(0), second=5) == [("AA", "")]
    assert MonitorReading.objects.count() == 1


def test_a_chair_has_one_monitor(
    device: MonitorDevice, chair: Chair, nurse: Professional
) -> None:
    with pytest.raises(actions.ChairHasMonitor):
        bound(SAMPLES["mindray"], chair, nurse)
    assert bound(GE, chair, nurse).entry == device.entry


def test_the_database_refuses_a_changed_or_half_told_reading(
    session: Session, device: MonitorDevice, receive: Receive
) -> None:
    receive(ge(0))
    reading = MonitorReading.objects.get()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        MonitorReading.objects.filter(pk=reading.pk).update(pulse=60)
    row = MonitorReading(
        device=device, session=session, control_id="x", received_at=NOON, pulse=70
    )
    with pytest.raises(IntegrityError, match="has_its_times"), transaction.atomic():
        row.save(force_insert=True)


def test_a_monitor_of_another_unit_is_unknown_here(
    session: Session, device: MonitorDevice, halden: Unit
) -> None:
    [answer] = receiving.receive([ge(0)], unit=halden, at=NOON)
    assert said(parse(answer)) == ("AE", "204")
    assert not MonitorReading.objects.exists()
