"""What the pump did is recorded as it was: a start that nothing let through, a start that was struck."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.actions import GateClosed, Pumped
from lysglimt.clinic.chairside.models import PumpEvent, Session, SessionOrder
from lysglimt.clinic.chairside.sheet import Stage, sheet_of
from lysglimt.clinic.chairside.showing import stop_due
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.scheduling import actions as scheduling
from lysglimt.clinic.scheduling.models import AppointmentKind
from lysglimt.clinic.treatment.models import STARTED_AGAINST, SafetyTask
from lysglimt.knowledge.dosing.delivery import PumpAct
from tests.clinic.chairside import typed

from .at_the_page import Clock, send, shown, words

WHY = "Pumpen ble startet ved en feil før startkontrollen"
HAPPENED: dict[str, str] = {"happened_because": WHY}


def acts() -> list[str]:
    rows = PumpEvent.objects.in_force()
    return [row.act for row in sorted(rows, key=lambda row: row.happened_at)]


def strike_start(client: Client) -> None:
    start = PumpEvent.objects.in_force().get()
    told = words(client.get(reverse("pump.strike", args=[start.pk])))  # type: ignore[arg-type]  # Django's test client
    assert "Går den, eller har den gått, før da Stopp" in told
    send(client, "pump.strike", start.pk, {"reason": "Trykket på feil knapp"})


def test_a_pump_whose_start_was_struck_is_stopped_with_one_tap(
    running: Session, as_nurse: Client, clock: Clock
) -> None:
    strike_start(as_nurse)
    clock.move(20)
    page = shown(as_nurse, running)
    assert "ble strøket av nurse Moss: Trykket på feil knapp" in page
    assert "Stopp infusjonen nå" in page
    stop = typed.vitals() | {"at_once": f"stop {typed.entry()}"}
    for _ in range(2):
        answer = as_nurse.post(reverse("pump.record", args=[running.pk]), stop)
        assert answer.status_code == 200, "the row that was begun stands on the page again"
    assert acts() == ["start", "stop"]
    page = shown(as_nurse, running)
    assert "Pumpen ble stoppet, så den var startet" in page
    assert "Observasjon" in page


def test_a_stop_without_any_start_is_still_refused(prepared: Session, as_nurse: Client) -> None:
    answer = as_nurse.post(reverse("pump.record", args=[prepared.pk]), typed.pump("stop"))
    assert answer.status_code == 422
    assert not PumpEvent.objects.exists()


def test_a_start_that_happened_before_the_check_is_recorded_with_why(
    ordered: SessionOrder, session: Session, as_nurse: Client
) -> None:
    page = shown(as_nurse, session)
    assert "Pumpen er allerede startet" in page
    address = reverse("pump.record", args=[session.pk])
    refused = as_nurse.post(address, typed.pump("start"))
    assert refused.status_code == 422
    short = as_nurse.post(address, typed.pump("start", happened_because="feil"))
    assert "minst 10 bokstaver" in words(short)  # type: ignore[arg-type]  # Django's test client
    unsaid = as_nurse.post(address, typed.pump("start", happened_because=WHY))
    assert "Skriv hastigheten på pumpen" in words(unsaid)  # type: ignore[arg-type]  # likewise
    assert not PumpEvent.objects.exists()
    send(as_nurse, "pump.record", session.pk, typed.pump("start", **HAPPENED, rate_ml_h="55"))
    assert PumpEvent.objects.get().rate_ml_h == 55, "as it was set, not as it was ordered"
    [task] = SafetyTask.objects.for_a_doctor_now()
    assert task.rule == STARTED_AGAINST, "a doctor takes it from here"
    assert "selv om startkontrollen ikke slapp den gjennom" in shown(as_nurse, session)
    assert "Hold sprøyte og pumpe mot ordinasjonen" in shown(as_nurse, session)
    page = shown(as_nurse, session)
    assert "selv om startkontrollen ikke slapp den gjennom: " + WHY in page
    assert "Stopp infusjonen nå" in page


def test_a_start_earlier_than_the_check_is_recorded_where_it_was(
    prepared: Session, as_nurse: Client, clock: Clock
) -> None:
    clock.move(1)
    early = typed.pump("start", ago="5")
    refused = as_nurse.post(reverse("pump.record", args=[prepared.pk]), early)
    assert "hva som skjedde, og hvorfor" in words(refused)  # type: ignore[arg-type]  # Django's test client
    send(as_nurse, "pump.record", prepared.pk, early | HAPPENED | {"rate_ml_h": "60"})
    row = PumpEvent.objects.get()
    assert row.comment == WHY
    assert row.received_at - row.happened_at >= timedelta(minutes=5)


def test_a_reason_that_was_not_needed_is_given_back_and_not_kept(
    prepared: Session, as_nurse: Client
) -> None:
    address = reverse("pump.record", args=[prepared.pk])
    answer = as_nurse.post(address, typed.pump("start", **HAPPENED, rate_ml_h="60"))
    assert answer.status_code == 200
    assert f"begrunnelsen trengtes ikke og er ikke lagret: «{WHY}»" in words(answer)  # type: ignore[arg-type]  # Django's test client
    assert not PumpEvent.objects.get().comment
    assert WHY not in shown(as_nurse, prepared)


def test_a_pump_that_was_started_without_an_order_is_recorded_and_stopped(
    session: Session,
    as_nurse: Client,
    as_doctor: Client,
    clock: Clock,
    django_assert_max_num_queries: Any,
) -> None:
    assert "Pumpen er allerede startet" in shown(as_nurse, session)
    address = reverse("pump.record", args=[session.pk])
    assert as_nurse.post(address, typed.pump("start")).status_code == 422
    assert as_nurse.post(address, typed.pump("start", **HAPPENED)).status_code == 422
    assert not PumpEvent.objects.exists()
    send(as_nurse, "pump.record", session.pk, typed.pump("start", **HAPPENED, rate_ml_h="48"))
    with django_assert_max_num_queries(10):
        page = shown(as_nurse, session)
    assert "48 ml/t" in page
    assert "Gitt hittil" not in page, "without an order nobody knows how many milligrams"
    assert "Ingen ordinasjon er skrevet for denne økten" in page
    assert WHY in page
    clock.move(5)
    send(as_nurse, "vitals.record", session.pk, typed.vitals())
    send(as_nurse, "pump.record", session.pk, typed.pump("pause", pause_reason="toilet"))
    assert "Pause siden" in shown(as_nurse, session)
    again = typed.pump("start", **HAPPENED, rate_ml_h="48")
    told = words(as_nurse.post(address, again, follow=True))  # type: ignore[arg-type]  # Django's test client
    assert "Allerede startet" in told
    send(as_nurse, "pump.record", session.pk, typed.pump("stop"))
    assert acts() == ["start", "pause", "stop"]
    page = shown(as_nurse, session)
    assert "Observasjon" in page
    assert "Tidligst" in page
    assert as_doctor.get(reverse("today")).status_code == 200
    assert as_nurse.get(reverse("session.finish", args=[session.pk])).status_code == 200


def test_the_dose_of_a_pump_without_an_order_is_known_when_a_doctor_has_written_it(
    session: Session, as_nurse: Client, as_doctor: Client, clock: Clock
) -> None:
    send(as_nurse, "pump.record", session.pk, typed.pump("start", **HAPPENED, rate_ml_h="48"))
    clock.move(20)
    send(as_nurse, "pump.record", session.pk, typed.pump("stop"))
    address = reverse("order.write", args=[session.pk])
    page = as_doctor.get(reverse("session", args=[session.pk])).content.decode()
    assert f'href="{address}"' in page
    send(as_doctor, "order.write", session.pk, typed.order())
    given = sheet_of(session, now=clock.at).delivered_mg
    assert given is not None
    assert 16 <= given < 17, "twenty minutes at 48 ml/h of 1 mg/ml"


def test_a_pump_without_an_order_is_told_on_the_page_until_it_is_stopped(
    session: Session, as_nurse: Client, clock: Clock
) -> None:
    send(as_nurse, "pump.record", session.pk, typed.pump("start", **HAPPENED, rate_ml_h="48"))
    clock.move(150)
    sheet = sheet_of(session, now=clock.at)
    assert sheet.stage is Stage.INFUSING
    assert sheet.running
    assert stop_due(sheet) == ("late", "Ingen ordinasjon er skrevet for denne økten.")
    assert sheet.next_observation is not None
    assert sheet.earliest_home is not None


def test_what_is_still_to_come_is_not_recorded_as_having_happened(
    ordered: SessionOrder, session: Session, nurse: Professional
) -> None:
    now = timezone.now()
    later: dict[str, Any] = {
        "entered": Entered(happened_at=now + timedelta(minutes=5), entered_at=now),
        "by": nurse,
        "at": now,
    }
    pumped = Pumped(act=PumpAct.START, rate_ml_h=ordered.rate_ml_h, happened_because=WHY)
    with pytest.raises(GateClosed):
        actions.record_pump(session=session, pumped=pumped, **later)


def test_today_tells_of_a_start_that_nothing_let_through(
    ordered: SessionOrder,
    session: Session,
    as_nurse: Client,
    as_doctor: Client,
    nurse: Professional,
) -> None:
    now = timezone.now()
    booking = scheduling.Booking(
        kind=AppointmentKind.SESSION,
        starts_at=now,
        ends_at=now + timedelta(hours=3),
        chair=scheduling.add_chair(unit=nurse.unit, name="Stol 1", by=nurse, at=now),
        course=session.course.pk,
    )
    scheduling.book(patient=session.course.patient, booking=booking, by=nurse, at=now)
    send(as_nurse, "pump.record", session.pk, typed.pump("start", **HAPPENED, rate_ml_h="60"))
    page = words(as_doctor.get(reverse("today")))  # type: ignore[arg-type]  # Django's test client
    assert "Startet, selv om startkontrollen ikke slapp den gjennom" in page
