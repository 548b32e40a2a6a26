"""A session from the order to the way home, and who may see it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lysglimt.clinic.chairside.models import DischargeRecord, Session, StartGateRecord
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.models import Professional, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.treatment.models import SessionGiven
from lysglimt.knowledge.verdict import Standing
from tests.clinic.chairside import typed
from tests.clinic.conftest import Staff

from .at_the_page import Clock, leaving, send, shown


def test_a_session_goes_from_the_order_to_the_way_home(
    prepared: Session,
    as_nurse: Client,
    as_doctor: Client,
    clock: Clock,
    colleague: Professional,
) -> None:
    gate = StartGateRecord.objects.get()
    assert Standing(gate.standing) is Standing.MET, gate.findings
    assert "Start infusjonen" in shown(as_nurse, prepared)
    send(as_nurse, "pump.record", prepared.pk, typed.pump("start"))
    clock.move(42)
    send(as_nurse, "pump.record", prepared.pk, typed.pump("stop"))
    clock.move(61)
    send(as_nurse, "vitals.record", prepared.pk, typed.vitals())
    send(as_nurse, "session.finish", prepared.pk, typed.finished(colleague.pk))
    given = SessionGiven.objects.get()
    assert given.entry == prepared.pk
    assert given.delivered_mg == 40
    send(as_nurse, "discharge.record", prepared.pk, typed.going_home())
    record = DischargeRecord.objects.get()
    unmet = [one for one in record.findings if one["standing"] and one["criterion"] != "DC-9"]
    assert not unmet
    send(as_nurse, "discharge.sign", record.pk, {})
    send(as_doctor, "discharge.sign", record.pk, {})
    assert "Nå: Klar for hjemreise" in shown(as_nurse, prepared)
    send(as_nurse, "session.leave", record.pk, leaving())
    page = shown(as_nurse, prepared)
    assert "Nå: Reist" in page


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_page_speaks_both_languages(
    running: Session, as_nurse: Client, nurse: Professional, language: str
) -> None:
    people.choose_language(professional=nurse, language=language)
    page = shown(as_nurse, running)
    assert ("Infusjon" in page, "Infusion" in page) == (language == "nb", language == "en")


@pytest.mark.parametrize("stage", ["before", "infusing", "after"])
def test_the_page_asks_the_database_ten_times_at_most(
    prepared: Session, as_nurse: Client, stage: str, django_assert_max_num_queries: Any
) -> None:
    for act in {"before": [], "infusing": ["start"], "after": ["start", "stop"]}[stage]:
        send(as_nurse, "pump.record", prepared.pk, typed.pump(act))
    with django_assert_max_num_queries(10):
        as_nurse.get(reverse("session", args=[prepared.pk]))


@pytest.mark.parametrize(
    "name", ["session", "order.write", "session.gate", "session.finish", "discharge.record"]
)
def test_a_session_of_another_house_is_not_found(
    session: Session, outsider: Professional, name: str
) -> None:
    client = Client()
    client.force_login(outsider)
    assert client.get(reverse(name, args=[session.pk])).status_code == 404


@pytest.mark.parametrize(
    ("role", "name", "status"),
    [
        pytest.param(Role.COORDINATOR, "session", 403, id="a coordinator does not chart"),
        pytest.param(Role.PSYCHOLOGIST, "session", 200, id="a psychologist reads"),
        pytest.param(Role.PSYCHOLOGIST, "session.gate", 403, id="and does not chart"),
        pytest.param(Role.NURSE, "order.write", 403, id="a nurse does not order"),
    ],
)
def test_who_may(
    session: Session, moss: Unit, staff: Staff, role: Role, name: str, status: int
) -> None:
    client = Client()
    client.force_login(staff(moss, role, "somebody"))
    assert client.get(reverse(name, args=[session.pk])).status_code == status
