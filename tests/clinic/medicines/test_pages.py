"""The page of the other medicines: what is found, discussed, tapered and asked, by whom."""

import re
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lysglimt.clinic.medicines.beside import at_the_start
from lysglimt.clinic.medicines.models import (
    DoseTiming,
    MedicinesAsked,
    TaperLook,
    TaperPlan,
)
from lysglimt.clinic.medicines.templatetags.medicines import outcome_told
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.chapters import Chapter
from lysglimt.clinic.people.models import Patient, Professional, Unit
from lysglimt.clinic.referral import actions as referral
from lysglimt.clinic.referral.models import Medicine, MedicineSource
from lysglimt.knowledge.medicine import Medicine as Said
from tests.clinic.referral.conftest import LETTER
from tests.clinic.treatment.conftest import Give, Rate

from .conftest import Take, entered

AGREED = {"agreed": "Kvelden før tas den som vanlig, den kvelden etter økten."}


def page(client: Client, patient: Patient) -> str:
    reply = client.get(reverse("medicines", args=[patient.pk]))
    assert reply.status_code == 200
    return " ".join(reply.content.decode().split())


def sent(said: dict[str, str]) -> dict[str, str]:
    return {"revision": "1"} | said | {"entry": str(uuid4())}


def plan(**more: str) -> dict[str, str]:
    today = timezone.localdate()
    days = {"starts_on": today, "look_on": today + timedelta(days=14)}
    written = {name: f"{day:%d.%m.%Y}" for name, day in days.items()}
    return sent({"plan": "15 mg hver kveld i to uker, så 7,5 mg."} | written | more)


@pytest.mark.usefixtures("supported")
def test_each_finding_has_its_reason_its_source_and_what_to_do(
    as_nurse: Client, kari: Patient, sobril: Medicine, take: Take
) -> None:
    take("N06AF04", "Parnate", morning=20)
    take("N05AN01", "Lithionit", mg=83)
    said = page(as_nurse, kari)
    assert "15 mg sengetid" in said
    assert "Drøft tidspunktet for kveldsdosen (Sobril) før økten" in said
    assert "mål blodtrykket hvert femte minutt" in said
    assert "Tidspunktet for Sobril i forhold til økten er ikke drøftet" in said
    assert "Veraart" in said
    assert said.index("MAO-hemmer (Parnate)") < said.index("(Sobril): om lag 5 mg diazepam")
    assert "1 regel har ingenting imot" in said
    assert "Litium: ingen vesentlig interaksjon" in said


@pytest.mark.usefixtures("supported")
def test_a_sedative_stopped_lately_is_told_on_the_page_and_at_the_start(
    as_nurse: Client, kari: Patient, nurse: Professional
) -> None:
    today = timezone.localdate()
    stopped = referral.Taken(
        medicine=Said("N05BA04", name="Sobril"),
        source=MedicineSource.PATIENT,
        stopped_on=today - timedelta(days=4),
    )
    at = timezone.now()
    referral.record_medicine(patient=kari, taken=stopped, entered=entered(), by=nurse, at=at)
    assert "Abstinens (uro, søvnløshet, kramper)" in page(as_nurse, kari)
    [told] = at_the_start(kari, on=today)
    assert told.action
    assert at_the_start(kari, on=today + timedelta(days=60)) == ()


def test_in_journal_mode_everything_stands_there_and_nothing_is_suggested(
    as_nurse: Client, kari: Patient, sobril: Medicine, take: Take
) -> None:
    take("N06AF04", "Parnate", morning=20)
    said = page(as_nurse, kari)
    assert "Sobril (N05BA04)" in said
    assert "Parnate (N06AF04)" in said
    for suggested in ("Drøft", "RX-", "MAO-hemmer", "diazepam", "ondansetron", "ikke drøftet"):
        assert suggested not in said, suggested


@pytest.mark.usefixtures("supported")
def test_the_page_asks_at_most_ten_questions(
    as_doctor: Client,
    kari: Patient,
    sobril: Medicine,
    take: Take,
    nurse: Professional,
    django_assert_max_num_queries: Any,
) -> None:
    referral.receive_referral(patient=kari, letter=LETTER, by=nurse, at=timezone.now())
    medicine = take("N06AB10", "Cipralex", morning=10)
    for each in (sobril, medicine):
        as_doctor.post(reverse("taper.plan", args=[kari.pk, each.entry]), plan())
    with django_assert_max_num_queries(10):
        page(as_doctor, kari)


@pytest.mark.usefixtures("supported")
def test_an_agreed_timing_stands_with_its_medicine_and_the_caution_goes(
    as_doctor: Client, kari: Patient, sobril: Medicine
) -> None:
    address = reverse("medicines.timing", args=[kari.pk, sobril.entry])
    assert "Sobril (N05BA04)" in as_doctor.get(address).content.decode()
    assert as_doctor.post(address, sent(AGREED)).status_code == 302
    said = page(as_doctor, kari)
    assert "den kvelden etter økten" in said
    assert "er ikke drøftet" not in said
    strike = reverse(
        "medicines.strike", args=[kari.pk, "timing", DoseTiming.objects.get().entry]
    )
    assert as_doctor.post(strike, {"reason": "Gjaldt en annen"}).status_code == 302
    assert "er ikke drøftet" in page(as_doctor, kari)


@pytest.mark.parametrize(
    ("name", "said", "words"),
    [
        pytest.param("medicines.timing", AGREED, "etter økten", id="when a dose is taken"),
        pytest.param("taper.plan", plan(), "så 7,5 mg", id="a taper"),
    ],
)
def test_nothing_is_agreed_of_a_dose_that_the_doctor_never_saw(
    as_doctor: Client,
    kari: Patient,
    sobril: Medicine,
    nurse: Professional,
    name: str,
    said: dict[str, str],
    words: str,
) -> None:
    address = reverse(name, args=[kari.pk, sobril.entry])
    shown = as_doctor.get(address).content.decode()
    assert re.search(r'name="revision"\s+value="1"', shown)
    more = {"night": 60, "mg_per_day": 60}
    now = timezone.now()
    referral.correct(fact=sobril, by=nurse, at=now, reason="Tar mer", **more)
    reply = as_doctor.post(address, sent(said))
    assert reply.status_code == 422
    body = reply.content.decode()
    assert "60 mg" in body
    assert "Legemidlet er endret" in body
    assert words in body
    assert not DoseTiming.objects.exists()
    assert not TaperPlan.objects.exists()
    assert re.search(r'name="revision"\s+value="2"', body)
    assert as_doctor.post(address, sent(said | {"revision": "2"})).status_code == 302


@pytest.mark.usefixtures("supported")
def test_before_an_antiemetic_qtc_heart_and_the_others_are_asked(
    as_nurse: Client, kari: Patient, take: Take
) -> None:
    take("N06AB10", "Cipralex", morning=10)
    said = page(as_nurse, kari)
    assert "Før et kvalmestillende middel" in said
    assert "ondansetron sammen med Cipralex: begge kan forlenge QT-tiden" in said
    assert "metoklopramid: har pasienten hjertesykdom?" in said


def test_a_taper_is_planned_looked_at_and_ended(
    as_doctor: Client, as_nurse: Client, kari: Patient, sobril: Medicine
) -> None:
    address = reverse("taper.plan", args=[kari.pk, sobril.entry])
    assert "ville de vært en overdose" in as_doctor.get(address).content.decode()
    assert as_doctor.post(address, plan()).status_code == 302
    [row] = TaperPlan.objects.all()
    assert "så 7,5 mg" in page(as_nurse, kari)
    listed = as_nurse.get(reverse("tapers")).content.decode()
    assert "Sobril (N05BA04)" in listed
    look = reverse("taper.look", args=[row.pk])
    goes_on = {"state": "goes_on", "told": "Sover greit på 15 mg.", "look_on": ""}
    refused = as_nurse.post(look, sent(goes_on))
    assert refused.status_code == 422
    assert "Sover greit på 15 mg." in refused.content.decode()
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert (
        as_nurse.post(look, sent(goes_on | {"look_on": f"{tomorrow:%d.%m.%Y}"})).status_code
        == 302
    )
    ended = {"state": "reached", "told": "Sluttet uten besvær.", "look_on": ""}
    assert as_nurse.post(look, sent(ended)).status_code == 302
    assert "Nådde det som var planlagt" in page(as_nurse, kari)
    assert "Sobril" not in as_nurse.get(reverse("tapers")).content.decode()
    again = as_nurse.post(look, sent(ended))
    assert again.status_code == 422
    assert "Denne nedtrappingen er over" in again.content.decode()
    assert TaperLook.objects.count() == 2


def test_a_taper_that_nobody_looked_at_in_time_stands_first(
    as_doctor: Client, kari: Patient, sobril: Medicine, take: Take, monkeypatch: Any
) -> None:
    other = take("N05CF01", "Imovane", night=7)
    soon, later = (
        timezone.localdate() + timedelta(days=3),
        timezone.localdate() + timedelta(days=9),
    )
    for medicine, day in ((other, later), (sobril, soon)):
        address = reverse("taper.plan", args=[kari.pk, medicine.entry])
        assert as_doctor.post(address, plan(look_on=f"{day:%d.%m.%Y}")).status_code == 302
    monkeypatch.setattr(timezone, "localdate", lambda *_: soon + timedelta(days=1))
    listed = " ".join(as_doctor.get(reverse("tapers")).content.decode().split())
    assert listed.index("Sobril") < listed.index("Imovane")
    assert listed.count("Skulle vært sett på") == 1
    assert "Ødegård" in listed


@pytest.mark.parametrize(
    ("more", "says"),
    [
        pytest.param({"plan": "Ned"}, "minst 10 bokstaver", id="no plan in words"),
        pytest.param({"look_on": "01.01.2020"}, "innen et år", id="looked at before it begins"),
        pytest.param({"starts_on": "i morgen"}, "er ingen dato", id="no day"),
    ],
)
def test_a_plan_that_is_refused_keeps_what_was_typed(
    as_doctor: Client, kari: Patient, sobril: Medicine, more: dict[str, str], says: str
) -> None:
    reply = as_doctor.post(reverse("taper.plan", args=[kari.pk, sobril.entry]), plan(**more))
    assert reply.status_code == 422
    body = reply.content.decode()
    assert says in body
    assert all(typed in body for typed in more.values())
    assert not TaperPlan.objects.exists()


def test_the_plan_is_corrected_with_a_reason(
    as_doctor: Client, kari: Patient, sobril: Medicine
) -> None:
    as_doctor.post(reverse("taper.plan", args=[kari.pk, sobril.entry]), plan())
    address = reverse("taper.correct", args=[TaperPlan.objects.get().pk])
    assert "så 7,5 mg" in as_doctor.get(address).content.decode()
    slower = plan(plan="Langsommere: 15 mg i fire uker.", reason="Sov dårlig")
    assert as_doctor.post(address, slower).status_code == 302
    said = page(as_doctor, kari)
    assert "Langsommere: 15 mg i fire uker." in said
    assert "Rettet: Sov dårlig" in said


@pytest.mark.usefixtures("supported")
def test_who_plans_a_taper_reads_what_the_treatment_has_brought(
    as_doctor: Client, kari: Patient, sobril: Medicine, psychiatrist: Professional
) -> None:
    address = reverse("taper.plan", args=[kari.pk, sobril.entry])
    assert "Ingen skåring viser ennå" in as_doctor.get(address).content.decode()


@pytest.mark.parametrize(
    ("answer", "says"), [("no", "Ingenting var endret"), ("yes", "Noe var endret")]
)
def test_what_has_changed_is_asked_and_stands_there(
    as_pharmacist: Client, kari: Patient, answer: str, says: str
) -> None:
    assert "Ingen har spurt ennå" in page(as_pharmacist, kari)
    address = reverse("medicines.ask", args=[kari.pk])
    assert "Er noe endret siden sist?" in as_pharmacist.get(address).content.decode()
    assert as_pharmacist.post(address, sent({})).status_code == 422
    told = {"changed": answer, "told": "Begynte med Imovane"}
    assert as_pharmacist.post(address, sent(told)).status_code == 302
    said = page(as_pharmacist, kari)
    assert says in said
    assert "Begynte med Imovane" in said
    assert MedicinesAsked.objects.get().changed is (answer == "yes")


def test_a_nurse_may_not_strike_what_a_doctor_planned(
    as_doctor: Client, as_nurse: Client, kari: Patient, sobril: Medicine
) -> None:
    as_doctor.post(reverse("taper.plan", args=[kari.pk, sobril.entry]), plan())
    row = TaperPlan.objects.get()
    address = reverse("medicines.strike", args=[kari.pk, "taper", row.entry])
    assert "en lege retter" in as_nurse.get(address).content.decode()
    refused = as_nurse.post(address, {"reason": "Ikke enig i den"})
    assert refused.status_code == 422
    assert TaperPlan.objects.in_force().exists()
    for kind in ("asked", "look", "nothing"):
        other = reverse("medicines.strike", args=[kari.pk, kind, row.entry])
        assert as_nurse.get(other).status_code == 404


def test_of_another_entity_nothing_is_there(
    client: Client, outsider: Professional, kari: Patient, sobril: Medicine
) -> None:
    client.force_login(outsider)
    assert client.get(reverse("medicines", args=[kari.pk])).status_code == 404
    address = reverse("taper.plan", args=[kari.pk, sobril.entry])
    assert client.post(address, plan()).status_code in {403, 404}
    assert not TaperPlan.objects.exists()


def test_a_reader_of_english_reads_english(
    as_nurse: Client, nurse: Professional, kari: Patient, sobril: Medicine
) -> None:
    people.choose_language(professional=nurse, language="en")
    said = page(as_nurse, kari)
    assert "15 mg bedtime" in said
    assert "Journal mode: everything is recorded" in said
    assert "Nobody has asked yet." in said


@pytest.mark.parametrize("chapter", [Chapter.HISTORY, None])
def test_what_the_patient_has_closed_stands_in_no_list(
    as_doctor: Client,
    as_nurse: Client,
    nurse: Professional,
    psychiatrist: Professional,
    kari: Patient,
    sobril: Medicine,
    chapter: Chapter | None,
) -> None:
    as_doctor.post(reverse("taper.plan", args=[kari.pk, sobril.entry]), plan())
    now = timezone.now()
    people.block(patient=kari, staff=nurse, chapter=chapter, by=psychiatrist, at=now)
    assert "Sobril" not in as_nurse.get(reverse("tapers")).content.decode()
    assert as_nurse.get(reverse("medicines", args=[kari.pk])).status_code == 403
    assert "Sobril" in as_doctor.get(reverse("tapers")).content.decode()


@pytest.mark.parametrize(
    ("said", "says"),
    [
        pytest.param(
            {"state": "paused", "look_on": "01.01.2020"}, "fra og med i dag", id="past"
        ),
        pytest.param({"state": "given_up", "look_on": "01.01.2030"}, "Den er over", id="over"),
        pytest.param({"look_on": "01.01.2030"}, "påkrevet", id="how it stands is not said"),
        pytest.param({"state": "goes_on", "told": "ok"}, "minst 10 bokstaver", id="no words"),
    ],
)
def test_a_look_that_contradicts_itself_is_refused_and_stays_typed(
    as_doctor: Client, kari: Patient, sobril: Medicine, said: dict[str, str], says: str
) -> None:
    as_doctor.post(reverse("taper.plan", args=[kari.pk, sobril.entry]), plan())
    address = reverse("taper.look", args=[TaperPlan.objects.get().pk])
    typed = {"told": "Sover greit på 15 mg."} | said
    reply = as_doctor.post(address, sent(typed))
    assert reply.status_code == 422
    body = reply.content.decode()
    assert says in body
    assert typed["told"] in body
    assert not TaperLook.objects.exists()


@pytest.mark.usefixtures("supported")
def test_who_plans_a_taper_reads_the_outcome_of_the_last_rating(
    as_doctor: Client, kari: Patient, sobril: Medicine, rate: Rate, give: Give
) -> None:
    rate(0, 30)
    give(1)
    rate(3, 12)
    address = reverse("taper.plan", args=[kari.pk, sobril.entry])
    said = as_doctor.get(address).content.decode()
    assert "respons, 60 % under utgangspunktet" in said


@pytest.mark.parametrize(
    ("how", "words"),
    [
        pytest.param({"remission": True, "response": True}, "remisjon", id="outranks"),
        pytest.param({"response": True}, "respons", id="response"),
        pytest.param({"partial": True}, "delvis respons", id="partial"),
        pytest.param({}, "ingen respons", id="none"),
    ],
)
def test_one_word_tells_the_outcome(how: dict[str, bool], words: str) -> None:
    said = {"remission": None, "response": False, "partial": False} | how
    assert outcome_told(SimpleNamespace(**said)) == words  # type: ignore[arg-type]  # those three alone


@pytest.mark.usefixtures("approved")
def test_who_plans_a_course_reads_what_is_found_unless_it_is_closed(
    as_doctor: Client,
    kari: Patient,
    sobril: Medicine,
    supported: Unit,
    psychiatrist: Professional,
    nurse: Professional,
    django_assert_max_num_queries: Any,
) -> None:
    address, now = reverse("course.plan", args=[kari.pk]), timezone.now()
    referral.receive_referral(patient=kari, letter=LETTER, by=nurse, at=now)
    with django_assert_max_num_queries(11):
        open_to_all = as_doctor.get(address).content.decode()
    assert "Drøft tidspunktet for kveldsdosen (Sobril)" in open_to_all
    people.block(patient=kari, staff=psychiatrist, chapter=Chapter.HISTORY, by=nurse, at=now)
    assert "Sobril" not in as_doctor.get(address).content.decode()
    people.state_purpose(unit=supported, on=False, by=psychiatrist, at=now)
    assert "RX-" not in as_doctor.get(address).content.decode()
