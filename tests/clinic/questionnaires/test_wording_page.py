"""Loading a clinic's licensed wording."""

import json
from importlib.resources import files

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from lysglimt.clinic.people.models import Patient, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.questionnaires.models import WordingPack
from tests.clinic.conftest import Staff

PHQ9 = json.loads(
    (files("lysglimt.knowledge.instruments") / "packs" / "phq9.nb.json").read_text("utf-8")
)
WHERE = "/wording/"


@pytest.fixture
def as_lead(client: Client, moss: Unit, staff: Staff) -> Client:
    client.force_login(staff(moss, Role.UNIT_LEAD))
    return client


def sent(
    text: str | bytes, *, instrument: str = "phq9", language: str = "nb"
) -> dict[str, object]:
    held = text if isinstance(text, bytes) else text.encode()
    file = SimpleUploadedFile("form.json", held, content_type="application/json")
    return {"instrument": instrument, "language": language, "file": file}


def test_a_licensed_wording_is_loaded_once_and_shown_in_the_form(
    as_lead: Client, client: Client, moss: Unit, kari: Patient, staff: Staff
) -> None:
    said = json.dumps(PHQ9 | {"copyright": "Klinikkens egen lisens"})
    assert as_lead.post(WHERE, sent(said)).status_code == 302
    assert as_lead.post(WHERE, sent(said)).status_code == 302
    pack = WordingPack.objects.get()
    assert pack.entity == moss.entity
    assert pack.sha256[:12] in as_lead.get(WHERE).content.decode()
    client.force_login(staff(moss, Role.NURSE, "another"))
    form = client.get(reverse("rating.record", args=[kari.pk, "phq9"]))
    assert "Klinikkens egen lisens" in form.content.decode()
    assert form.context["words"].checksum == pack.sha256


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("{", "ikke et FHIR Questionnaire", id="not JSON"),
        pytest.param('{"resourceType": "Patient"}', "Questionnaire", id="another resource"),
        pytest.param(json.dumps(PHQ9 | {"copyright": ""}), "lisens", id="nobody's text"),
        pytest.param(json.dumps(PHQ9 | {"item": []}), "andre punkter", id="no items"),
        pytest.param(b"\xff\xfe\xff", "UTF-8", id="not text"),
        pytest.param(" " * 1_000_001, "1 MB", id="too large"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_with_what_differs(
    as_lead: Client, text: str | bytes, says: str
) -> None:
    reply = as_lead.post(WHERE, sent(text))
    assert reply.status_code == 422
    assert says.casefold() in reply.content.decode().casefold()
    assert not WordingPack.objects.exists()


def test_another_instruments_words_are_refused(as_lead: Client) -> None:
    reply = as_lead.post(WHERE, sent(json.dumps(PHQ9), instrument="gad7"))
    assert reply.status_code == 422
    assert "annet instrument" in reply.content.decode()


def test_a_nurse_loads_no_wording(as_nurse: Client) -> None:
    assert as_nurse.get(WHERE).status_code == 403
    assert as_nurse.post(WHERE, sent(json.dumps(PHQ9))).status_code == 403
