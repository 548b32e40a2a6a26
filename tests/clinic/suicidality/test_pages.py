"""The pages about asking: who is late, the patient's plan, the rota, and no grade anywhere."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lysglimt.clinic.people.models import Patient, Professional, Unit
from lysglimt.clinic.referral import actions as referral
from lysglimt.clinic.scheduling.models import RotaWatch
from lysglimt.clinic.suicidality.models import (
    PARTS,
    AnswerDeadlines,
    AskingNote,
    CrisisText,
    SafetyPlan,
)
from lysglimt.clinic.treatment.models import Course, SafetyTask, TaskAcknowledgement
from tests.clinic.referral.conftest import LETTER

from .conftest import Ask

MINUTE = timedelta(minutes=1)
GRADE = re.compile(
    r"lav risiko|moderat risiko|høy risiko|low risk|moderate risk|high risk|risikonivå"
    r"|risikoskår|risk level|risk score|risk grade|selvmordsrisiko|suicide risk",
    re.IGNORECASE,
)


@pytest.fixture
def as_doctor(psychiatrist: Professional) -> Client:
    client = Client()
    client.force_login(psychiatrist)
    return client


def read(client: Client, name: str, *keys: Any) -> str:
    reply = client.get(reverse(name, args=keys))
    assert reply.status_code == 200
    return " ".join(reply.content.decode().split())


def sent(**said: Any) -> dict[str, Any]:
    return said | {"entry": str(uuid4())}


def watch(person: Professional, begins: str = "00:00", ends: str = "00:00") -> dict[str, Any]:
    today = timezone.localdate()
    return sent(
        person=person.pk,
        kind="night",
        weekdays=list("0123456"),
        begins=begins,
        ends=ends,
        first_day=f"{today - timedelta(days=1):%d.%m.%Y}",
        last_day=f"{today + timedelta(days=30):%d.%m.%Y}",
    )


def plan(**said: str) -> dict[str, Any]:
    return sent(**dict.fromkeys(PARTS, ""), revision="0") | said


def test_the_list_begins_with_who_is_late_and_since_when(
    as_nurse: Client,
    course: Course,
    kari: Patient,
    nurse: Professional,
    django_assert_max_num_queries: Any,
) -> None:
    row = referral.receive_referral(patient=kari, letter=LETTER, by=nurse, at=timezone.now())
    referral.name_contact(
        referral=row, contact=nurse, every_days=1, by=nurse, at=timezone.now()
    )
    with django_assert_max_num_queries(10):
        said = read(as_nurse, "asking")
    assert course.patient_id == kari.pk
    assert "Journalmodus" in said
    assert "Før behandlingen: livstid og nylig" in said
    assert "over fristen siden" in said
    assert "Spør nå" in said


def test_nobody_is_late_where_nobody_is(as_nurse: Client) -> None:
    said = read(as_nurse, "asking")
    assert "Ingen er over fristen" in said
    assert "0 pasienter skal spørres senere" in said


def test_a_patient_without_a_plan_is_told_so(as_nurse: Client, kari: Patient) -> None:
    said = read(as_nurse, "asking.patient", kari.pk)
    assert "Ingen sikkerhetsplan er laget" in said
    assert "Pasienten har verken forløp eller henvisning her" in said
    assert "Enheten har ikke skrevet det ennå" in said


def test_a_plan_is_made_changed_and_struck_and_every_version_stays(
    as_nurse: Client, kari: Patient, django_assert_max_num_queries: Any
) -> None:
    address = reverse("safety-plan.write", args=[kari.pk])
    assert as_nurse.post(address, plan()).status_code == 422
    assert as_nurse.post(address, plan(signs="Jeg slutter å svare.")).status_code == 302
    first = SafetyPlan.objects.get()
    changed = plan(signs="Jeg slutter å svare.", alone="Gå tur.", revision="1", reason="Mer")
    assert as_nurse.post(address, changed).status_code == 302
    stale = plan(signs="Noe annet.", revision="1", reason="Samtidig")
    refused = as_nurse.post(address, stale)
    assert refused.status_code == 422
    assert "har endret planen siden du åpnet den" in refused.content.decode()
    with django_assert_max_num_queries(12):
        said = read(as_nurse, "asking.patient", kari.pk)
    assert "Gå tur." in said
    assert "Versjon 2" in said
    assert "1 tidligere versjon" in said
    strike = reverse("safety-plan.strike", args=[SafetyPlan.objects.latest("pk").pk])
    assert "Sikkerhetsplan" in as_nurse.get(strike).content.decode()
    assert as_nurse.post(strike, {"reason": "Gjaldt en annen"}).status_code == 302
    assert "Ingen sikkerhetsplan er laget" in read(as_nurse, "asking.patient", kari.pk)
    assert SafetyPlan.objects.filter(entry=first.entry).count() == 3
    again = plan(signs="Ny plan.", revision="3", reason="Laget på nytt")
    assert as_nurse.post(address, again).status_code == 302
    assert "Ny plan." in read(as_nurse, "asking.patient", kari.pk)


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_patient_gets_a_copy_in_either_language(
    as_nurse: Client, kari: Patient, language: str
) -> None:
    as_nurse.post(reverse("safety-plan.write", args=[kari.pk]), plan(alone="Gå tur."))
    row = SafetyPlan.objects.get()
    reply = as_nurse.get(reverse("print.safety-plan", args=[row.pk, language]))
    assert (reply.status_code, reply["Content-Type"]) == (200, "application/pdf")
    assert reply.content.startswith(b"%PDF")
    assert as_nurse.get(reverse("print.safety-plan", args=[row.pk, "fr"])).status_code == 404


def test_who_was_not_reached_is_noted_and_struck(as_nurse: Client, kari: Patient) -> None:
    address = reverse("asking.note", args=[kari.pk])
    assert as_nurse.post(address, sent(kind="not_reached", told=".")).status_code == 422
    note = sent(kind="not_reached", told="Ringte to ganger; prøver igjen i morgen.")
    assert as_nurse.post(address, note).status_code == 302
    assert "Ringte to ganger" in read(as_nurse, "asking.patient", kari.pk)
    strike = reverse("asking.strike", args=[AskingNote.objects.get().pk])
    assert as_nurse.post(strike, {"reason": "Feil pasient"}).status_code == 302
    assert "Ringte to ganger" not in read(as_nurse, "asking.patient", kari.pk)


def test_a_unit_without_a_rota_is_told_so_and_gaps_are_shown(
    as_leader: Client, psychiatrist: Professional
) -> None:
    said = read(as_leader, "rota")
    assert "Enheten har ingen vaktplan" in said
    assert "Vårt eget forslag" in said
    address = reverse("rota.plan")
    assert as_leader.post(address, watch(psychiatrist) | {"weekdays": []}).status_code == 422
    assert as_leader.post(address, watch(psychiatrist, "20:00", "08:00")).status_code == 302
    said = read(as_leader, "rota")
    assert "Hull" in said
    assert "08:00" in said
    assert "hull uten lege den neste uken" in read(as_leader, "today")
    strike = reverse("rota.strike", args=[RotaWatch.objects.get().pk])
    assert as_leader.post(strike, {"reason": "Byttet vakt"}).status_code == 302
    assert "Ingen står på vaktplanen" in read(as_leader, "rota")


def test_a_whole_rota_has_no_gap(as_leader: Client, psychiatrist: Professional) -> None:
    assert as_leader.post(reverse("rota.plan"), watch(psychiatrist)).status_code == 302
    said = read(as_leader, "rota")
    assert "hver time de neste to ukene" in said
    assert "hull uten lege" not in read(as_leader, "today")


def test_the_unit_writes_its_crisis_text_and_chooses_its_times(
    as_leader: Client, as_nurse: Client, kari: Patient
) -> None:
    text = {"text_nb": "Ring avdelingens telefon 00 00 00 00.", "text_en": ""}
    assert as_leader.post(reverse("crisis-text.state"), text).status_code == 302
    assert CrisisText.objects.get().in_language("en") == text["text_nb"]
    assert "00 00 00 00" in read(as_nurse, "asking.patient", kari.pk)
    address = reverse("deadlines.state")
    times = {"doctor_now": "10", "same_day": "2", "next_contact": "5"}
    assert as_leader.post(address, times | {"same_day": "100"}).status_code == 422
    assert as_leader.post(address, times).status_code == 302
    assert AnswerDeadlines.objects.get().same_day == 120
    assert "2 t" in read(as_leader, "rota")
    for name in ("rota.plan", "deadlines.state"):
        assert as_nurse.get(reverse(name)).status_code == 403


def test_what_nobody_answered_in_time_is_before_the_leader_and_everybody(
    as_leader: Client,
    as_nurse: Client,
    ask: Ask,
    psychiatrist: Professional,
    leader: Professional,
) -> None:
    ask(timezone.now() - 29 * MINUTE, receiver=psychiatrist, i2=1, i4=1)
    assert "Trygghetsoppgaver ingen svarte på i tide" not in read(as_leader, "today")
    SafetyTask.objects.get()
    ask(timezone.now() - 31 * MINUTE, receiver=psychiatrist, i2=1, i5=1, i4=1)
    assert "Trygghetsoppgaver ingen svarte på i tide" in read(as_leader, "today")
    assert f"Ikke besvart i tide: hos {leader}" in read(as_nurse, "today")


def test_the_unit_page_tells_how_soon_tasks_were_answered(
    as_leader: Client, as_doctor: Client, ask: Ask, psychiatrist: Professional
) -> None:
    assert "Ingen ble besvart i perioden" in read(as_leader, "unit")
    ask(timezone.now() - 20 * MINUTE, receiver=psychiatrist, i2=1, i4=1)
    task = SafetyTask.objects.get()
    day = timezone.localdate() + timedelta(days=1)
    said = {
        "action_taken": "Snakket med pasienten.",
        "treat_today": "no",
        "decided": "stay",
        "next_contact_on": f"{day:%d.%m.%Y}",
    }
    late = said | {"next_contact_on": f"{day - timedelta(days=2):%d.%m.%Y}"}
    address = reverse("task.acknowledge", args=[task.pk])
    assert as_doctor.post(address, late).status_code == 422
    assert as_doctor.post(address, said).status_code == 302
    assert TaskAcknowledgement.objects.get().next_contact_on == day
    said_of = read(as_leader, "unit")
    assert "Median 20 min" in said_of
    assert "I tide: 100 %" in said_of
    assert "For få til kvartiler" in said_of
    assert f"{day:%d.%m.%Y}" in read(as_doctor, "asking.patient", task.patient_id)


@pytest.mark.parametrize("language", ["nb", "en"])
def test_no_page_grades_a_patient_or_shows_a_score_as_risk(
    as_doctor: Client,
    as_leader: Client,
    course: Course,
    ask: Ask,
    psychiatrist: Professional,
    language: str,
) -> None:
    ask(timezone.now() - 40 * MINUTE, receiver=psychiatrist, i2=1, i3=1, i4=1, i5=1)
    task = SafetyTask.objects.get()
    patient = course.patient_id
    pages = [
        *((as_doctor, name, ()) for name in ("today", "asking")),
        *((as_leader, name, ()) for name in ("today", "unit", "rota")),
        *((as_doctor, name, (patient,)) for name in ("patient", "asking.patient", "ratings")),
        (as_doctor, "task.acknowledge", (task.pk,)),
    ]
    for client, name, keys in pages:
        client.cookies["django_language"] = language
        found = GRADE.search(read(client, name, *keys))
        assert found is None, (name, found)


def test_another_unit_reads_nothing_of_a_patient(
    client: Client, outsider: Professional, kari: Patient, moss: Unit
) -> None:
    client.force_login(outsider)
    assert moss.pk != outsider.unit_id
    for name in ("asking.patient", "asking.note", "safety-plan.write"):
        assert client.get(reverse(name, args=[kari.pk])).status_code == 404


def test_a_crisis_text_that_another_has_changed_is_not_overwritten(as_leader: Client) -> None:
    address = reverse("crisis-text.state")
    text = {"text_nb": "Ring avdelingens telefon 00 00 00 00.", "text_en": ""}
    as_leader.post(address, text)
    first = str(CrisisText.objects.get().pk)
    newer = text | {"text_nb": "Ring avdelingens nye telefon 00 00 00 01.", "read": first}
    for _ in range(2):
        assert as_leader.post(address, newer).status_code == 302
    assert CrisisText.objects.count() == 2
    refused = as_leader.post(address, text | {"read": first})
    assert refused.status_code == 422
    assert "har skrevet en annen tekst" in refused.content.decode()
    assert CrisisText.objects.latest("pk").text_nb == newer["text_nb"]


def test_of_whom_somebody_wrote_that_nobody_asks_stands_by_name(
    as_nurse: Client, kari: Patient, nurse: Professional
) -> None:
    referral.receive_referral(patient=kari, letter=LETTER, by=nurse, at=timezone.now())
    note = sent(kind="ended", told="Flyttet; fulgt opp av DPS i Halden.")
    assert as_nurse.post(reverse("asking.note", args=[kari.pk]), note).status_code == 302
    said = read(as_nurse, "asking")
    assert reverse("asking.patient", args=[kari.pk]) + "#notes" in said
    assert "Ingen er over fristen" in said
    assert "0 pasienter spørres ikke mer" in said
