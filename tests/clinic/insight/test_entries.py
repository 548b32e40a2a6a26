"""What was corrected, why, and what it said before: for every kind of fact, side by side."""

from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from lysglimt.clinic.audit.accesses import corrections
from lysglimt.clinic.insight.entries import chapter_of, kinds, side_by_side
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Fact
from lysglimt.clinic.people.models import Patient, Professional, Relative, Unit
from lysglimt.clinic.people.permissions import POLICY
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.clinic.treatment.models import SessionGiven
from tests.clinic.conftest import Staff
from tests.clinic.treatment.conftest import Give

from .conftest import TODAY


@pytest.fixture
def given(give: Give, psychiatrist: Professional) -> SessionGiven:
    """A session whose dose was corrected, and then struck through."""
    first = give(1)
    second = treatment.correct(
        fact=first, by=psychiatrist, at=TODAY, reason="Misread the pump", ended_early="nausea"
    )
    return people.withdraw(
        second,
        by=psychiatrist,
        at=TODAY,
        operation="session.strike",
        patients=[first.course.patient_id],
        reason="Another patient's",
    )


def test_old_and_new_stand_side_by_side_with_what_changed(given: SessionGiven) -> None:
    revisions = list(SessionGiven.objects.history(given.entry))
    lines = {line.label: line for line in side_by_side(revisions)}
    changed = [line for line in lines.values() if line.changed]
    assert [[cell.text for cell in line.cells] for line in changed] == [
        ["–", "nausea", "nausea"]
    ]
    assert [cell.changed for cell in changed[0].cells] == [False, True, False]
    assert len(lines) > 5


def test_the_page_shows_every_revision_with_its_author_and_reason(
    as_psychiatrist: Client, given: SessionGiven, django_assert_num_queries: Any
) -> None:
    patient = given.course.patient_id
    with django_assert_num_queries(6):
        page = as_psychiatrist.get(
            f"/patients/{patient}/entries/treatment-sessiongiven/{given.pk}/"
        )
    text = page.content.decode()
    assert page.status_code == 200
    for word in (
        "Slik det først ble ført",
        "Misread the pump",
        "Strøket",
        "endret",
        "Avsluttet før tiden",
    ):
        assert word in text


def test_all_corrections_of_a_record_lead_there(
    as_psychiatrist: Client, given: SessionGiven, django_assert_num_queries: Any
) -> None:
    patient = given.course.patient_id
    assert [one.reason for one in corrections(patient)] == [
        "Another patient's",
        "Misread the pump",
    ]
    with django_assert_num_queries(6):
        page = as_psychiatrist.get(f"/patients/{patient}/corrections/")
    text = page.content.decode()
    assert text.count(f"/patients/{patient}/entries/treatment-sessiongiven/") == 2
    assert "Misread the pump" in text


@pytest.mark.parametrize(
    ("stored", "words"),
    [
        pytest.param("left", "Pasienten har gått", id="the patient left"),
        pytest.param("pump.stop", "Pumpen ble stoppet", id="a session that follows its pump"),
        pytest.param("Misread the pump", "Misread the pump", id="as it was typed"),
    ],
)
def test_a_reason_that_nobody_typed_is_said_in_the_readers_language(
    as_psychiatrist: Client, give: Give, psychiatrist: Professional, stored: str, words: str
) -> None:
    row = treatment.correct(
        fact=give(1), by=psychiatrist, at=TODAY, reason=stored, ended_early="nausea"
    )
    patient = row.course.patient_id
    for address in ("corrections", f"entries/treatment-sessiongiven/{row.pk}"):
        page = as_psychiatrist.get(f"/patients/{patient}/{address}/").content.decode()
        assert words in page


def test_a_record_without_corrections_says_so(as_psychiatrist: Client, kari: Patient) -> None:
    assert (
        "Ingenting er rettet"
        in as_psychiatrist.get(f"/patients/{kari.pk}/corrections/").content.decode()
    )


def test_who_may_not_open_the_chapter_may_not_see_its_corrections(
    client: Client, moss: Unit, staff: Staff, given: SessionGiven, nurse: Professional
) -> None:
    patient = given.course.patient_id
    client.force_login(staff(moss, Role.PHARMACIST))
    address = f"/patients/{patient}/entries/treatment-sessiongiven/{given.pk}/"
    assert client.get(address).status_code == 200
    kin = people.add_relative(
        patient=given.course.patient,
        kin=people.patients.Kin(name="Per", kinship="partner", consent=True),
        by=nurse,
        at=TODAY,
    )
    client.force_login(staff(moss, Role.STATISTICIAN))
    assert (
        client.get(f"/patients/{patient}/entries/people-relative/{kin.pk}/").status_code == 403
    )
    assert Relative.objects.exists()


@pytest.mark.parametrize("kind", ["treatment-nothing", "people-patient", "treatment-course"])
def test_what_is_no_fact_has_no_history(
    as_psychiatrist: Client, kari: Patient, kind: str
) -> None:
    assert as_psychiatrist.get(f"/patients/{kari.pk}/entries/{kind}/1/").status_code == 404


def test_an_entry_of_another_patient_is_not_found(
    as_psychiatrist: Client, kari: Patient, given: SessionGiven
) -> None:
    other = (
        Patient.objects.exclude(pk=given.course.patient_id).values_list("pk", flat=True).first()
    )
    if other is None:
        other = given.entry
    address = f"/patients/{other}/entries/treatment-sessiongiven/{given.pk}/"
    assert as_psychiatrist.get(address).status_code == 404


def test_every_fact_about_a_patient_has_a_chapter_whose_right_rules() -> None:
    facts = [model for model in apps.get_models() if issubclass(model, Fact)]
    assert 20 < len(kinds()) < len(facts)
    assert {chapter_of(kind) for kind in kinds()} <= POLICY.keys()
