"""A refused patient is contacted again, or it is said why not; nobody is refused out of sight."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.clinic.referral import actions as referrals
from lysglimt.clinic.referral.actions import Letter
from lysglimt.clinic.referral.models import (
    Assessment,
    EligibilityDecision,
    Referral,
    Refusal,
    Sender,
)
from tests.clinic.conftest import NOON


@pytest.fixture(autouse=True)
def second_of_march(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOON)


@pytest.fixture
def referral(kari: Patient, nurse: Professional) -> Referral:
    letter = Letter(
        sender_kind=Sender.GP, sender_name="Fastlege Eksempel", received_on=date(2026, 3, 2)
    )
    return referrals.receive_referral(patient=kari, letter=letter, by=nurse, at=NOON)


@pytest.fixture
def as_psychiatrist(client: Client, psychiatrist: Professional) -> Client:
    client.force_login(psychiatrist)
    return client


def of(name: str, row: Any) -> str:
    return reverse(name, args=[row.pk])


def shown(client: Client, address: str) -> str:
    reply = client.get(address)
    assert reply.status_code == 200
    return str(reply.content.decode())


AGAIN = {
    "entry": str(uuid4()),
    "grounds": "Psykose",
    "plan": "ECT tilbys",
    "complaint_route": "Klinikken",
}


def test_a_refused_patient_is_on_the_list_when_the_contact_falls_due(
    as_psychiatrist: Client,
    nurse: Professional,
    referral: Referral,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = AGAIN | {"again": "yes", "contact": str(nurse.pk), "recontact_on": "30.03.2026"}
    assert as_psychiatrist.post(of("referral.refuse", referral), said).status_code == 302
    due = "Skal kontaktes i dag eller skulle vært kontaktet"
    assert due not in shown(as_psychiatrist, reverse("waiting"))
    monkeypatch.setattr(timezone, "now", lambda: NOON + timedelta(days=28))
    as_psychiatrist.force_login(nurse)
    listed = shown(as_psychiatrist, reverse("waiting"))
    assert due in listed
    assert "30.03.2026" in listed


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        pytest.param({}, {"again"}, id="nothing is said"),
        pytest.param({"again": "yes"}, {"contact", "recontact_on"}, id="by nobody, on no day"),
        pytest.param(
            {"again": "yes", "recontact_on": "02.03.2026", "contact": "nurse"},
            {"recontact_on"},
            id="today",
        ),
        pytest.param(
            {"again": "yes", "recontact_on": "03.03.2027", "contact": "nurse"},
            {"recontact_on"},
            id="in more than a year",
        ),
        pytest.param({"again": "no"}, {"no_recontact"}, id="no reason"),
    ],
)
def test_a_refusal_asks_who_contacts_the_patient_again(
    as_psychiatrist: Client,
    nurse: Professional,
    referral: Referral,
    said: dict[str, str],
    fields: set[str],
) -> None:
    said = {name: str(nurse.pk) if it == "nurse" else it for name, it in said.items()}
    reply = as_psychiatrist.post(of("referral.refuse", referral), AGAIN | said)
    assert reply.status_code == 422
    assert set(reply.context["form"].errors) == fields
    assert "ECT tilbys" in reply.content.decode()
    assert not Refusal.objects.exists()


def test_the_way_to_complain_is_shown_in_the_units_own_words_and_filled_in_by_nobody(
    as_psychiatrist: Client, referral: Referral
) -> None:
    refuse = of("referral.refuse", referral)
    assert "Slik enheten har oppgitt det" not in shown(as_psychiatrist, refuse)
    route = "Klagen sendes Klinikkens postboks 1 innen fire uker."
    state = reverse("complaint-route.state")
    assert as_psychiatrist.post(state, {"route": " "}).status_code == 422
    assert as_psychiatrist.post(state, {"route": route}).status_code == 302
    assert route in shown(as_psychiatrist, reverse("administration"))
    page = as_psychiatrist.get(refuse)
    assert f"Slik enheten har oppgitt det: «{route}»" in page.content.decode()
    assert not page.context["form"]["complaint_route"].value()


def test_a_button_pressed_twice_refuses_the_patient_once(
    as_psychiatrist: Client, nurse: Professional, referral: Referral
) -> None:
    address = of("referral.refuse", referral)
    page = as_psychiatrist.get(address)
    entry = str(page.context["form"]["entry"].value())
    assert entry in page.content.decode()
    said = AGAIN | {"entry": entry, "again": "no", "no_recontact": "Moves abroad"}
    for _ in range(2):
        assert as_psychiatrist.post(address, said).status_code == 302
    for model in (Assessment, EligibilityDecision, Refusal):
        assert model.objects.count() == 1, model
    other = said | {"grounds": "Something else"}
    assert as_psychiatrist.post(address, other).status_code == 409
    assert Refusal.objects.get().grounds == "Psykose"
