"""The pages about people, as a nurse meets them."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from lysglimt.clinic.audit.actions import digest
from lysglimt.clinic.people import actions
from lysglimt.clinic.people.models import Patient, Professional, Relative
from tests.clinic.conftest import ANOTHER_NUMBER, KARI, NOON, NUMBER

TYPED = {
    "identity_number": ANOTHER_NUMBER,
    "given_name": "Kari",
    "family_name": "Ødegård",
    "telephone": "22 22 22 22",
}


def typed(**said: str) -> dict[str, str]:
    return TYPED | {"entry": str(uuid4())} | said


def test_a_search_shows_two_identifiers(
    as_nurse: Client, kari: Patient, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(5):
        page = as_nurse.post("/patients/", {"q": "øde kari"}).content.decode()
    assert "Ødegård, Kari Anne" in page
    assert "14.03.1979" in page
    assert f"{NUMBER[:6]} *****" in page
    assert NUMBER not in page


def test_a_search_costs_the_same_for_fifty_as_for_one(
    as_nurse: Client, nurse: Professional, kari: Patient, django_assert_max_num_queries: Any
) -> None:
    for _ in range(55):
        actions.register_patient(
            said=KARI.__class__(
                given_name="Kari", family_name="Test", birth_date=KARI.birth_date
            ),
            by=nurse,
            at=NOON,
            another_person=True,
        )
    with django_assert_max_num_queries(5):
        page = as_nurse.post("/patients/", {"q": "kari"}).content.decode()
    assert page.count("Test, Kari") == 50
    assert "Det finnes flere" in page


@pytest.mark.parametrize(
    ("q", "says"),
    [
        pytest.param("k", "minst to bokstaver", id="one letter"),
        pytest.param("14037912345", "mistastet", id="check digits"),
        pytest.param(",", "Skriv et navn", id="nothing at all"),
    ],
)
def test_a_search_that_cannot_be_made_says_why(as_nurse: Client, q: str, says: str) -> None:
    page = as_nurse.post("/patients/", {"q": q}).content.decode()
    assert says.casefold() in page.casefold()


def test_a_patient_is_registered(as_nurse: Client, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(14):
        reply = as_nurse.post("/patients/register/", typed())
    patient = Patient.objects.get()
    assert reply.headers["Location"] == f"/patients/{patient.pk}/particulars/"
    card = patient.card()
    assert (f"{card.birth_date:%d.%m.%Y}", card.sex) == ("14.03.1979", "f")


@pytest.mark.parametrize(
    ("said", "says"),
    [
        pytest.param(
            {"identity_number": ""}, "Fødselsdato eller", id="neither date nor number"
        ),
        pytest.param({"birth_date": "15.03.1979"}, "en annen fødselsdato", id="they differ"),
        pytest.param({"identity_number": "15108695088"}, "oppdiktede", id="a real number"),
        pytest.param(
            {"identity_number": "", "birth_date": "140320"}, "fire sifre", id="which century?"
        ),
        pytest.param(
            {"identity_number": "", "birth_date": "14.03.30"}, "fire sifre", id="nor is 1930"
        ),
        pytest.param(
            {"identity_number": "", "birth_date": "31.02.1979"}, "14.03.1979", id="no such day"
        ),
        pytest.param({"telephone": "ring meg"}, "Bare sifre", id="no telephone"),
    ],
)
def test_a_form_that_is_refused_keeps_what_was_typed(
    as_nurse: Client, said: dict[str, str], says: str
) -> None:
    reply = as_nurse.post("/patients/register/", typed(**said))
    page = reply.content.decode()
    assert reply.status_code == 422
    assert says in page
    assert 'value="Ødegård"' in page
    assert not Patient.objects.exists()


def test_a_number_that_is_registered_leads_to_its_patient(
    as_nurse: Client, kari: Patient
) -> None:
    reply = as_nurse.post("/patients/register/", typed(identity_number=NUMBER))
    page = reply.content.decode()
    assert reply.status_code == 409
    assert f"/patients/{kari.pk}/particulars/" in page
    assert "another_person" not in page
    assert Patient.objects.count() == 1


def test_someone_alike_is_shown_and_must_be_compared(as_nurse: Client, kari: Patient) -> None:
    said = typed()
    reply = as_nurse.post("/patients/register/", said)
    assert reply.status_code == 409
    assert 'name="another_person"' in reply.content.decode()
    assert 'value="Kari"' in reply.content.decode()
    reply = as_nurse.post("/patients/register/", said | {"another_person": "on"})
    assert (reply.status_code, Patient.objects.count()) == (302, 2)


def test_another_legal_entity_registers_the_same_person_without_a_word(
    client: Client, kari: Patient, outsider: Professional
) -> None:
    client.force_login(outsider)
    reply = client.post("/patients/register/", typed(identity_number=NUMBER))
    assert (reply.status_code, Patient.objects.count()) == (302, 2)


def test_particulars_are_changed_with_a_reason(as_nurse: Client, kari: Patient) -> None:
    url = reverse("patient.amend", kwargs={"pk": kari.pk})
    assert f'value="{NUMBER}"' in as_nurse.get(url).content.decode()
    said = TYPED | {"identity_number": NUMBER, "family_name": "Hansen", "read": digest(kari)}
    assert as_nurse.post(url, said).status_code == 422
    reply = as_nurse.post(url, said | {"reason": "Married"}, follow=True)
    assert "Hansen, Kari" in reply.content.decode()
    assert "Opplysningene er endret" in reply.content.decode()


def test_what_another_changed_meanwhile_is_not_overwritten(
    as_nurse: Client, kari: Patient
) -> None:
    url = reverse("patient.amend", kwargs={"pk": kari.pk})
    said = TYPED | {"identity_number": NUMBER, "read": digest(kari), "reason": "Told so"}
    as_nurse.post(url, said | {"telephone": "22 22 22 22"})
    reply = as_nurse.post(url, said | {"address": "Lillegata 2"})
    assert reply.status_code == 409
    assert Patient.objects.get().particulars().contact.telephone == "22 22 22 22"


def test_a_number_of_another_is_refused_when_changing(
    as_nurse: Client, nurse: Professional, kari: Patient
) -> None:
    said = KARI.__class__(given_name="Eva", family_name="Li", birth_date=KARI.birth_date)
    eva = actions.register_patient(said=said, by=nurse, at=NOON)
    url = reverse("patient.amend", kwargs={"pk": eva.pk})
    said_of_eva = {"identity_number": NUMBER, "reason": "Found", "read": digest(eva)}
    reply = as_nurse.post(url, TYPED | said_of_eva)
    assert reply.status_code == 422
    assert "En annen pasient har dette nummeret" in reply.content.decode()


def test_next_of_kin_are_added_and_withdrawn(as_nurse: Client, kari: Patient) -> None:
    url = reverse("relative.add", kwargs={"pk": kari.pk})
    said = {"entry": str(uuid4()), "name": "Ola", "kinship": "child", "minor": "on"}
    assert as_nurse.post(url, said).status_code == 422  # consent is asked, never presumed
    page = as_nurse.post(url, said | {"consent": "no", "needs": "Helsesykepleier"}, follow=True)
    assert "Ola" in page.content.decode()
    assert "Skal ikke informeres" in page.content.decode()
    [relative] = Relative.objects.in_force()
    gone = reverse("relative.withdraw", kwargs={"pk": relative.pk})
    assert "Ola" in as_nurse.get(gone).content.decode()
    assert as_nurse.post(gone).status_code == 422
    page = as_nurse.post(gone, {"reason": "Entered on the wrong patient"}, follow=True)
    assert "Ola" not in page.content.decode()


def test_the_unit_signs_its_statement(client: Client, psychiatrist: Professional) -> None:
    client.force_login(psychiatrist)
    assert "ingenting foreslås" in client.get("/unit/statement/").content.decode()
    assert client.post("/unit/statement/").status_code == 422
    page = client.post("/unit/statement/", {"on": "yes"}, follow=True).content.decode()
    assert "Forslag vises" in page
    assert str(psychiatrist) in page


def test_a_page_is_english_for_one_who_reads_english(
    client: Client, nurse: Professional, kari: Patient
) -> None:
    nurse.language = "en"
    nurse.save()
    client.force_login(nurse)
    page = client.post("/patients/", {"q": "kari"}).content.decode()
    assert '<html lang="en"' in page
    assert "1 patient found" in page
    assert "14 Mar 1979" in page
