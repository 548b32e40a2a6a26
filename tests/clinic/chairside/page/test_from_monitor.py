"""What a monitor measured stands beside the chart until a nurse takes it over, with one tap."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lysglimt.clinic.audit.models import Event
from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.actions import Bound
from lysglimt.clinic.chairside.fresh import fresh
from lysglimt.clinic.chairside.models import (
    MonitorDevice,
    MonitorReading,
    Session,
    SetAside,
    VitalSet,
)
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.models import Professional, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.scheduling import actions as scheduling
from lysglimt.clinic.scheduling.models import Chair
from tests.clinic.chairside import typed
from tests.clinic.conftest import Staff

from .at_the_page import Clock, leaving, send, shown, signed, words

CARD = "Fra monitoren, ikke bekreftet"
BUTTON = "Jeg har sett disse"


@pytest.fixture
def chair(moss: Unit, nurse: Professional) -> Chair:
    return scheduling.add_chair(unit=moss, name="Stol 1", by=nurse, at=timezone.now())


@pytest.fixture
def device(chair: Chair, nurse: Professional) -> MonitorDevice:
    said = Bound(sender="GW", device="M1", name="Monitor 1", chair=chair)
    return actions.bind_monitor(bound=said, by=nurse, at=timezone.now())


def read(
    session: Session,
    device: MonitorDevice,
    *,
    pressure_age: int = 30,
    age: int = 3,
    **said: Any,
) -> MonitorReading:
    """What the monitor measured so many seconds ago; a value that is said None it lacks."""
    now = timezone.now()
    values = {"systolic": 131, "diastolic": 82, "pulse": 77, "spo2": 97} | said
    pressure_at, at = now - timedelta(seconds=pressure_age), now - timedelta(seconds=age)
    times = {
        "pressure_at": pressure_at if values["systolic"] else None,
        "pulse_at": at if values["pulse"] else None,
        "spo2_at": at if values["spo2"] else None,
    }
    number = MonitorReading.objects.count()
    reading = MonitorReading(
        device=device,
        session=session,
        control_id=str(number),
        content_digest="x",
        received_at=now,
        **values,
        **times,
    )
    actions.keep_readings(readings=[reading], set_aside=[], first=[reading], at=now)
    return MonitorReading.objects.latest("pk")


def take(client: Client, reading: MonitorReading, **more: Any) -> Any:
    """As the page sends it that was fetched just now."""
    address = reverse("vitals.take-over", args=[reading.session_id])
    on_page = {"reading": str(reading.pk), "shown": [*fresh(reading, at=timezone.now()).values]}
    return client.post(address, on_page | more)


def test_it_is_shown_as_not_confirmed_with_its_age_and_charted_nowhere(
    running: Session, device: MonitorDevice, as_nurse: Client
) -> None:
    before = VitalSet.objects.count()
    assert CARD not in shown(as_nurse, running)
    read(running, device)
    page = shown(as_nurse, running)
    assert CARD in page
    assert re.search(
        r"Monitor 1, slik det var kl. \d\d:\d\d. Ingenting av dette står i kurven", page
    )
    assert re.search(r"131/82 mmHg målt \d\d:\d\d, 3\d s gammel", page)
    assert "Respirasjon ikke sendt" in page
    assert BUTTON in page
    assert VitalSet.objects.count() == before


def test_nothing_of_it_is_filled_into_the_row_that_is_typed(
    running: Session, device: MonitorDevice, as_nurse: Client
) -> None:
    read(running, device, pulse=113, spo2=91)
    page = as_nurse.get(reverse("session", args=[running.pk])).content.decode()
    assert 'value="113"' not in page
    assert 'value="91"' not in page


def test_one_tap_charts_it_as_a_set_of_that_nurse_marked_as_from_the_monitor(
    running: Session, device: MonitorDevice, as_nurse: Client, nurse: Professional
) -> None:
    reading = read(running, device)
    assert take(as_nurse, reading).status_code == 302
    row = VitalSet.objects.latest("pk")
    assert (row.systolic, row.diastolic, row.pulse, row.spo2) == (131, 82, 77, 97)
    assert (row.respiration, row.sedation, row.not_measured) == (None, None, {})
    assert (row.by, row.from_monitor) == (nurse, reading)
    assert row.happened_at == reading.pressure_at
    assert Event.objects.filter(operation="vitals.record").latest("pk").actor == nurse.username
    page = shown(as_nurse, running)
    assert "fra monitoren" in page
    assert "Overtatt kl. " in page
    assert f"av {nurse}. De neste verdiene" in page
    assert BUTTON not in page


def test_tapped_twice_it_is_charted_once(
    running: Session, device: MonitorDevice, as_nurse: Client
) -> None:
    before, reading = VitalSet.objects.count(), read(running, device)
    assert [take(as_nurse, reading).status_code for _ in range(2)] == [302, 302]
    assert VitalSet.objects.count() == before + 1


def test_what_another_took_over_is_not_charted_again(
    running: Session, device: MonitorDevice, as_nurse: Client, colleague: Professional
) -> None:
    before, reading = VitalSet.objects.count(), read(running, device)
    take(as_nurse, reading)
    other = Client()
    other.force_login(colleague)
    assert take(other, reading).status_code == 409
    assert VitalSet.objects.count() == before + 1


def test_it_is_what_was_on_the_page_and_nothing_that_came_since(
    running: Session, device: MonitorDevice, as_nurse: Client
) -> None:
    seen = read(running, device, pulse=77)
    read(running, device, pulse=99)
    take(as_nurse, seen)
    assert VitalSet.objects.latest("pk").pulse == 77


def test_a_value_older_than_two_minutes_is_left_out(
    running: Session, device: MonitorDevice, as_nurse: Client
) -> None:
    reading = read(running, device, pressure_age=130)
    assert "for gammel, tas ikke med" in shown(as_nurse, running)
    take(as_nurse, reading)
    row = VitalSet.objects.latest("pk")
    assert (row.systolic, row.pulse) == (None, 77)
    assert row.happened_at == reading.pulse_at


def sent_by(page: str) -> dict[str, list[str]]:
    """What the button of the card sends."""
    card = page[page.index("monitor-heading") :].partition("</form>")[0]
    sent: dict[str, list[str]] = {}
    for name, value in re.findall(r'name="(reading|shown)"\s+value="(\w+)"', card):
        sent.setdefault(name, []).append(value)
    return sent


def test_a_pressure_that_was_seen_and_became_too_old_is_not_left_out_unseen(
    running: Session, device: MonitorDevice, as_nurse: Client, clock: Clock
) -> None:
    before, _ = VitalSet.objects.count(), read(running, device, systolic=131, pressure_age=100)
    page, take_over = reverse("session", args=[running.pk]), "vitals.take-over"
    seen = sent_by(as_nurse.get(page).content.decode())
    assert seen["shown"] == ["systolic", "pulse", "spo2"]
    clock.at += timedelta(seconds=40)
    refused = as_nurse.post(reverse(take_over, args=[running.pk]), seen)
    assert refused.status_code == 422
    told = words(refused)  # type: ignore[arg-type]  # Django's test client
    assert "Eldre enn to minutter nå: Blodtrykk. Ingenting ble ført" in told
    assert VitalSet.objects.count() == before
    again = sent_by(refused.content.decode())
    assert again["shown"] == ["pulse", "spo2"]
    assert as_nurse.post(reverse(take_over, args=[running.pk]), again).status_code == 302
    row = VitalSet.objects.latest("pk")
    assert (row.systolic, row.pulse) == (None, 77)


def test_a_page_that_does_not_say_what_it_showed_has_shown_all_of_it(
    running: Session, device: MonitorDevice, as_nurse: Client
) -> None:
    reading = read(running, device, pressure_age=130)
    assert take(as_nurse, reading, shown=[]).status_code == 422


def test_what_is_stale_altogether_cannot_be_taken_over(
    running: Session, device: MonitorDevice, as_nurse: Client, clock: Clock
) -> None:
    before, reading = VitalSet.objects.count(), read(running, device)
    clock.move(3)
    page = shown(as_nurse, running)
    assert "Ingenting her er nyere enn to minutter" in page
    assert BUTTON not in page
    refused = take(as_nurse, reading)
    assert refused.status_code == 422
    assert VitalSet.objects.count() == before


def test_refused_as_stale_while_something_newer_is_there_it_says_why(
    running: Session, device: MonitorDevice, as_nurse: Client, clock: Clock
) -> None:
    reading = read(running, device)
    clock.move(3)
    read(running, device)
    assert "eldre enn to minutter" in words(take(as_nurse, reading))


def test_what_is_unusual_is_asked_about_like_what_is_typed(
    running: Session, device: MonitorDevice, as_nurse: Client
) -> None:
    before, reading = VitalSet.objects.count(), read(running, device, systolic=204)
    asked = take(as_nurse, reading)
    assert asked.status_code == 422
    assert "Uvanlig" in words(asked)
    assert VitalSet.objects.count() == before
    assert take(as_nurse, reading, confirmed="systolic=204").status_code == 302
    assert VitalSet.objects.latest("pk").systolic == 204


def test_what_is_red_speaks_like_what_is_typed(
    running: Session, device: MonitorDevice, as_nurse: Client
) -> None:
    take(as_nurse, read(running, device, systolic=185), confirmed="systolic=185")
    assert "Utenfor planlagt område" in shown(as_nurse, running)


def test_corrected_it_still_says_where_it_came_from(
    running: Session, device: MonitorDevice, as_nurse: Client
) -> None:
    take(as_nurse, read(running, device))
    row = VitalSet.objects.latest("pk")
    said = typed.vitals("128/80", reason="Mansjetten satt skjevt")
    assert as_nurse.post(reverse("vitals.correct", args=[row.pk]), said).status_code == 302
    newest = VitalSet.objects.latest("pk")
    assert (newest.revision, newest.systolic) == (2, 128)
    assert newest.from_monitor == row.from_monitor
    assert "fra monitoren" in shown(as_nurse, running)


@pytest.mark.parametrize("stage", ["before", "infusing", "after"])
def test_with_a_monitor_the_page_asks_the_database_ten_times_at_most(
    prepared: Session,
    device: MonitorDevice,
    as_nurse: Client,
    stage: str,
    django_assert_max_num_queries: Any,
) -> None:
    for act in {"before": [], "infusing": ["start"], "after": ["start", "stop"]}[stage]:
        send(as_nurse, "pump.record", prepared.pk, typed.pump(act))
    read(prepared, device)
    with django_assert_max_num_queries(10):
        page = as_nurse.get(reverse("session", args=[prepared.pk]))
    assert CARD in words(page)  # type: ignore[arg-type]  # Django's test client


def test_who_has_gone_home_has_no_monitor(
    accounted: Session,
    device: MonitorDevice,
    as_nurse: Client,
    as_doctor: Client,
    clock: Clock,
) -> None:
    clock.move(61)
    send(as_nurse, "vitals.record", accounted.pk, typed.vitals())
    read(accounted, device)
    assert CARD in shown(as_nurse, accounted)
    send(as_nurse, "discharge.record", accounted.pk, typed.going_home())
    record = signed(as_nurse, as_doctor)
    send(as_nurse, "session.leave", record.pk, leaving())
    assert CARD not in shown(as_nurse, accounted)


def test_a_reading_that_is_not_of_the_session_charts_nothing(
    running: Session, device: MonitorDevice, as_nurse: Client, outsider: Professional
) -> None:
    reading = read(running, device)
    for sent in ("", "x", str(reading.pk + 1)):
        address = reverse("vitals.take-over", args=[running.pk])
        assert as_nurse.post(address, {"reading": sent}).status_code == 422
    assert not VitalSet.objects.filter(from_monitor__isnull=False).exists()
    client = Client()
    client.force_login(outsider)
    assert take(client, reading).status_code == 404


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_card_speaks_both_languages(
    running: Session,
    device: MonitorDevice,
    as_nurse: Client,
    nurse: Professional,
    language: str,
) -> None:
    people.choose_language(professional=nurse, language=language)
    read(running, device, age=70)
    page = shown(as_nurse, running)
    assert ("1 min gammel" in page, "1 min old" in page) == (
        language == "nb",
        language == "en",
    )


@pytest.fixture
def as_administrator(moss: Unit, staff: Staff) -> Client:
    client = Client()
    client.force_login(staff(moss, Role.ADMINISTRATOR))
    return client


def test_an_administrator_binds_a_device_that_was_set_aside_and_takes_it_away(
    as_administrator: Client, chair: Chair, moss: Unit, django_assert_max_num_queries: Any
) -> None:
    row = SetAside(
        unit=moss,
        reason="unknown_device",
        sender="GW",
        device="M7",
        fault="no chair has this device",
        received_at=timezone.now(),
    )
    actions.keep_readings(readings=[], set_aside=[row], first=[], at=timezone.now())
    address = reverse("monitors")
    kept = SetAside.objects.get()
    with django_assert_max_num_queries(8):
        page = as_administrator.get(address, {"row": str(kept.pk)})
    assert "Ukjent apparat" in words(page)  # type: ignore[arg-type]  # as above
    assert 'value="M7"' in page.content.decode()
    said = {"sender": "GW", "device": "M7", "name": "Monitor 7", "chair": str(chair.pk)}
    assert as_administrator.post(reverse("monitor.bind"), said).status_code == 302
    bound = MonitorDevice.objects.in_force().get()
    assert (bound.name, bound.chair) == ("Monitor 7", chair)
    assert "Monitor 7 Stol 1 M7" in words(as_administrator.get(address))  # type: ignore[arg-type]  # as above
    again = as_administrator.post(reverse("monitor.bind"), said | {"device": "M8"})
    assert again.status_code == 422
    assert "Stolen har en monitor fra før: Monitor 7" in words(again)  # type: ignore[arg-type]  # as above
    left = as_administrator.post(reverse("monitor.release", args=[bound.pk]))
    assert left.status_code == 302
    assert not MonitorDevice.objects.in_force().exists()
    late = as_administrator.post(reverse("monitor.release", args=[bound.pk]), follow=True)
    assert "Noen har flyttet eller tatt bort monitoren" in words(late)  # type: ignore[arg-type]  # as above
    operations = {"monitor.bind", "monitor.release"}
    assert Event.objects.filter(operation__in=operations).count() == 2


def test_the_page_says_when_a_monitor_was_heard_last(
    running: Session, device: MonitorDevice, as_administrator: Client
) -> None:
    address = reverse("monitors")
    assert "Aldri" in words(as_administrator.get(address))  # type: ignore[arg-type]  # as above
    read(running, device)
    assert "Aldri" not in words(as_administrator.get(address))  # type: ignore[arg-type]  # as above


def test_what_is_missing_in_the_form_is_asked_for(as_administrator: Client) -> None:
    assert as_administrator.post(reverse("monitor.bind"), {}).status_code == 422


def test_a_chair_of_another_unit_is_no_choice(
    as_administrator: Client, halden: Unit, nurse: Professional
) -> None:
    there = scheduling.add_chair(unit=halden, name="Stol 9", by=nurse, at=timezone.now())
    said = {"sender": "", "device": "M7", "name": "M", "chair": str(there.pk)}
    assert as_administrator.post(reverse("monitor.bind"), said).status_code == 422
    assert not MonitorDevice.objects.exists()


@pytest.mark.parametrize(
    ("role", "status"),
    [
        pytest.param(Role.UNIT_LEAD, 403, id="a lead reads and does not bind"),
        pytest.param(Role.COORDINATOR, 403, id="a coordinator has nothing to do there"),
    ],
)
def test_who_may_not_bind(
    device: MonitorDevice, moss: Unit, staff: Staff, role: Role, status: int
) -> None:
    client = Client()
    client.force_login(staff(moss, role))
    assert client.post(reverse("monitor.bind"), {}).status_code == status
    release = reverse("monitor.release", args=[device.pk])
    assert client.post(release).status_code == status
    assert client.get(reverse("monitors")).status_code == (
        200 if role is Role.UNIT_LEAD else 403
    )
