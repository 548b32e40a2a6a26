"""What a session by nose asks and tells: the last dose, the package, what is due, who goes home."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.models import (
    DeviceOrder,
    DeviceUse,
    MonitoringForm,
    Session,
    Waste,
)
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.treatment.models import SessionGiven
from lysglimt.knowledge.dosing.devices import DEVICE_CHECK
from tests.clinic.chairside import typed

from .at_the_page import Clock, send, shown, words
from .test_devices import (
    begun,
    course,
    device,
    device_order,
    observed,
    ordered,
    prepared,
)

__all__ = ["begun", "course", "observed", "ordered", "prepared"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def next_session(
    observed: Session,
    as_doctor: Client,
    as_nurse: Client,
    psychiatrist: Professional,
    nurse: Professional,
    clock: Clock,
) -> Session:
    """Two devices were given three days ago, and nobody has recorded the dose."""
    clock.move(3 * 24 * 60)
    as_doctor.force_login(psychiatrist)
    as_nurse.force_login(nurse)
    now = timezone.now()
    return actions.open_session(course=observed.course, planned_on=now.date(), by=nurse, at=now)


def test_a_last_dose_that_nobody_recorded_is_not_a_first_day(
    next_session: Session, observed: Session, as_doctor: Client
) -> None:
    address = reverse("devices.order", args=[next_session.pk])
    page = as_doctor.get(address)
    told = words(page)  # type: ignore[arg-type]  # Django's test client
    assert "dette er første økt" not in told
    assert "Gitt sist ikke kjent: det er ikke ført" in told
    assert "Det som ble gitt 02.03.2026, er ikke ført i forløpet" in told
    assert reverse("session", args=[observed.pk]) in page.content.decode()
    refused = as_doctor.post(address, device_order("2"))
    assert refused.status_code == 422
    assert not DeviceOrder.objects.filter(session=next_session).exists()
    why = {"why": "To sprayenheter for tre dager siden etter journalen"}
    send(as_doctor, "devices.order", next_session.pk, device_order("2", **why))
    order = DeviceOrder.objects.get(session=next_session)
    assert (order.card["first_day"], order.previous_mg) == (False, None)


def test_once_it_is_recorded_the_card_goes_by_it(
    next_session: Session, observed: Session, as_doctor: Client, as_nurse: Client
) -> None:
    send(as_nurse, "session.finish", observed.pk, {"ended_early": ""})
    assert SessionGiven.objects.get().delivered_mg == 56
    told = words(as_doctor.get(reverse("devices.order", args=[next_session.pk])))  # type: ignore[arg-type]  # as above
    assert "Gitt sist 56 mg" in told
    assert "56 eller 84 mg" in told


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("0101234567890128" + "1727083110AB123421SER12345678", id="no separators"),
        pytest.param("0101234567890128" + "10" + "A" * 42, id="longer than any lot"),
    ],
)
def test_a_code_of_which_the_lot_is_not_sure_is_typed_and_nothing_is_stored(
    prepared: Session, as_nurse: Client, code: str
) -> None:
    address = reverse("devices.record", args=[prepared.pk])
    refused = as_nurse.post(address, device(lot=code))
    assert refused.status_code == 422
    assert "Skriv lotnummer og utløpsdato slik de står på pakningen" in words(refused)  # type: ignore[arg-type]  # as above
    assert not DeviceUse.objects.exists()


def test_a_pulse_alone_does_not_satisfy_an_observation(
    begun: Session, as_nurse: Client, clock: Clock
) -> None:
    clock.move(25)
    assert "Måling skal tas nå" in shown(as_nurse, begun)
    send(as_nurse, "vitals.record", begun.pk, typed.vitals(""))
    told = shown(as_nurse, begun)
    assert "Måling skal tas nå" in told
    assert "Blodtrykket mangler kl. 13:38" in told
    said = typed.vitals("", not_measured="Ville ikke ha mansjetten på")
    send(as_nurse, "vitals.record", begun.pk, said)
    told = shown(as_nurse, begun)
    assert "Neste måling om" in told
    assert "Blodtrykket mangler" not in told


def test_what_is_due_stands_above_the_devices_and_goes_on_by_the_servers_clock(
    begun: Session, as_nurse: Client, clock: Clock
) -> None:
    clock.move(1)
    page = as_nurse.get(reverse("session", args=[begun.pk])).content.decode()
    assert page.count("due__headline") == 1
    assert page.index("due__headline") < page.index('id="devices"') < page.index("vitals-form")
    [(now, planned, late)] = re.findall(
        r'data-now="(\d+)"\s+data-planned="(\d+)"\s+data-late="(\d+)"', page
    )
    first = DeviceUse.objects.get().begun_at
    assert first is not None
    assert int(planned) == round((first + timedelta(minutes=20)).timestamp() * 1000)
    assert (int(late) - int(planned)) / 60_000 == 10, "half an interval of twenty minutes"
    assert abs(int(now) - clock.at.timestamp() * 1000) < 10_000
    [(until, told_at)] = re.findall(r'data-wait="(\d+)"\s+data-now="(\d+)"', page)
    given = DeviceUse.objects.get().happened_at + timedelta(minutes=5)
    assert int(until) == round(given.timestamp() * 1000)
    assert told_at == now
    assert "til neste sprayenhet, tidligst kl. 13:18" in shown(as_nurse, begun)
    assert "chairside/ticking" in page


def test_after_the_devices_what_is_due_stands_with_the_row(
    observed: Session, as_nurse: Client
) -> None:
    page = as_nurse.get(reverse("session", args=[observed.pk])).content.decode()
    assert page.index("vitals-heading") < page.index("due__headline")


def test_by_nose_nobody_is_asked_whether_the_cannula_is_out(
    observed: Session, as_nurse: Client
) -> None:
    page = as_nurse.get(reverse("discharge.record", args=[observed.pk]))
    assert "cannula_out" not in page.context["form"].fields
    assert "anylen" not in words(page)  # type: ignore[arg-type]  # as above


def without_escort() -> typed.Typed:
    return typed.going_home(escort_name="", escort_telephone="")


def test_ready_without_the_wait_is_not_when_the_escort_was_found(
    observed: Session, as_nurse: Client
) -> None:
    send(as_nurse, "discharge.record", observed.pk, without_escort())
    assert "Klar uten totimersregelen kl. 13:5" in shown(as_nurse, observed)


def test_written_after_two_hours_the_checklist_tells_nothing_of_when_it_was(
    observed: Session, as_nurse: Client, clock: Clock
) -> None:
    clock.move(85)
    send(as_nurse, "vitals.record", observed.pk, typed.vitals())
    send(as_nurse, "discharge.record", observed.pk, typed.going_home())
    assert "Klar uten totimersregelen kl." not in shown(as_nurse, observed)


def test_when_the_patient_was_ready_is_asked_and_the_checklist_stands_beside(
    observed: Session, as_nurse: Client
) -> None:
    send(as_nurse, "discharge.record", observed.pk, typed.going_home())
    address = reverse("monitoring.form", args=[observed.pk])
    page = as_nurse.get(address)
    told = words(page)  # type: ignore[arg-type]  # as above
    assert "sjekklisten hadde ingenting i veien kl. 13:5" in told
    known = {one.field.id: one.said for one in page.context["shown"]}
    assert known["ready_without_wait"] == "", "nobody has said it"
    said: Any = {"entry": typed.entry(), "ready_without_wait": "13:40"}
    send(as_nurse, "monitoring.form", observed.pk, said)
    row = MonitoringForm.objects.get()
    assert row.answers["ready_without_wait"] == {"said": "13:40"}
    assert row.ready_at is not None
    assert timezone.localtime(row.ready_at).strftime("%d %H:%M") == "02 13:40"


@pytest.fixture
def ended(begun: Session, as_nurse: Client, clock: Clock) -> Session:
    """One of two given; no more are."""
    clock.move(6)
    ending = {"act": "ended", "because": "Kvalm, vil ikke ha den andre"}
    send(as_nurse, "devices.record", begun.pk, device(**ending))
    return begun


def test_who_saw_the_unopened_device_returned_or_destroyed_signs_before_it_is_recorded(
    ended: Session, as_nurse: Client, colleague: Professional
) -> None:
    address = reverse("session.finish", args=[ended.pk])
    alone = as_nurse.post(address, {"ended_early": "Kvalm"})
    assert alone.status_code == 422
    assert {"checked_by", "returned"} <= alone.context["form"].errors.keys()
    assert not SessionGiven.objects.exists()
    more = {"checked_by": str(colleague.pk), "returned": "2"}
    many = as_nurse.post(address, {"ended_early": "Kvalm", **more})
    assert "returned" in many.context["form"].errors
    said: typed.Typed = {"ended_early": "Kvalm", **more, "returned": "1"}
    send(as_nurse, "session.finish", ended.pk, said)
    waste = Waste.objects.get()
    assert waste.witness == colleague
    assert (waste.wasted_mg, waste.returned) == (Decimal(28), 1)
    assert "1 · 13:1" in words(as_nurse.get(address))  # type: ignore[arg-type]  # as above


def test_a_lost_device_has_its_witness_and_what_replaces_it_is_checked_by_two(
    begun: Session, as_nurse: Client, colleague: Professional, clock: Clock
) -> None:
    send(as_nurse, "devices.record", begun.pk, device(act="lost", because="Falt i gulvet"))
    assert "En sprayenhet gikk tapt: to personer kontrollerer" in shown(as_nurse, begun)
    order = DeviceOrder.objects.get()
    page = as_nurse.get(reverse("devices.check", args=[order.pk]))
    assert "1 skal legges fram og kontrolleres på nytt" in words(page)  # type: ignore[arg-type]  # as above
    clock.move(6)
    address = reverse("devices.record", args=[begun.pk])
    assert as_nurse.post(address, device(lot="LOT-2")).status_code == 422
    laid: Any = {"entry": typed.entry(), "laid_out": "1", "lines": list(DEVICE_CHECK)}
    send(as_nurse, "devices.check", order.pk, laid | {"checked_by": str(colleague.pk)})
    send(as_nurse, "devices.record", begun.pk, device(lot="LOT-2"))
    finish = reverse("session.finish", args=[begun.pk])
    assert "checked_by" in as_nurse.post(finish, {"ended_early": ""}).context["form"].errors
    said: typed.Typed = {"checked_by": str(colleague.pk), "returned": "0", "ended_early": ""}
    send(as_nurse, "session.finish", begun.pk, said)
    assert Waste.objects.get().returned == 0


def test_where_every_device_was_given_nobody_is_asked_for_a_witness(
    observed: Session, as_nurse: Client
) -> None:
    page = as_nurse.get(reverse("session.finish", args=[observed.pk]))
    assert "checked_by" not in page.context["form"].fields
