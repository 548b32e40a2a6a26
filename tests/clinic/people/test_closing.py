"""What a patient has closed stays closed, at once and everywhere, but for an hour in an emergency."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from lysglimt.clinic.audit.models import Event, Read
from lysglimt.clinic.people import actions
from lysglimt.clinic.people.actions.closing import NotYours, ReasonTooShort
from lysglimt.clinic.people.chapters import Chapter
from lysglimt.clinic.people.models import (
    Block,
    EmergencyAccess,
    EmergencyReview,
    Patient,
    Professional,
    Unit,
)
from lysglimt.clinic.people.permissions import chapters_of
from lysglimt.clinic.people.policy import Relation, Role
from lysglimt.clinic.people.standing import relation, shut_out, with_standing
from lysglimt.clinic.referral.models import Referral, WaitingContact
from lysglimt.clinic.treatment.models import Course, CourseStanding
from tests.clinic.conftest import NOON, Staff

WHY = "Pasienten ligger bevisstløs i mottaket."
STAMP = {"happened_at": NOON, "entered_at": NOON, "received_at": NOON}
At = Callable[[int], datetime]


@pytest.fixture(autouse=True)
def at(monkeypatch: pytest.MonkeyPatch) -> At:
    """`at(5)` makes it five minutes past noon."""

    def at(minute: int) -> datetime:
        now = NOON + timedelta(minutes=minute)
        monkeypatch.setattr("django.utils.timezone.now", lambda: now)
        return now

    at(0)
    return at


@pytest.fixture
def lead(moss: Unit, staff: Staff) -> Professional:
    return staff(moss, Role.UNIT_LEAD)


@pytest.fixture
def blocked(kari: Patient, nurse: Professional, lead: Professional) -> Block:
    """Kari does not want this nurse to read her record."""
    return actions.block(patient=kari, staff=nurse, chapter=None, by=lead, at=NOON)


@pytest.fixture
def opened(kari: Patient, nurse: Professional, blocked: Block) -> EmergencyAccess:
    return actions.open_in_emergency(patient=kari, by=nurse, at=NOON, reason=WHY)


def stands(patient: Patient, by: Professional, operation: str = "patient") -> Relation:
    rows = with_standing(
        Patient.objects.filter(pk=patient.pk), by, chapters=chapters_of(operation), at=NOON
    )
    return relation(rows.get(), by)


def course(patient: Patient, unit: Unit, *, last: datetime, going_on: bool = False) -> Course:
    known = Course.objects.create(patient=patient, unit=unit, protocol="x", planned_at=NOON)
    CourseStanding.objects.create(
        course=known,
        patient=patient,
        open=going_on,
        phase="induction" if going_on else "closed",
        as_of=last.date(),
    )
    return known


# How one stands to a patient


def test_who_was_registered_here_is_in_care_until_a_course_is_over(
    kari: Patient, nurse: Professional, moss: Unit, halden: Unit, staff: Staff
) -> None:
    assert stands(kari, nurse) is Relation.OWN_UNIT
    assert stands(kari, staff(halden, Role.NURSE)) is Relation.OTHER_UNIT
    course(kari, moss, last=NOON - timedelta(days=366))
    assert stands(kari, nurse) is Relation.FORMER
    Referral.objects.create(patient=kari, unit=moss)
    assert stands(kari, nurse) is Relation.OWN_UNIT


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        pytest.param(365, Relation.OWN_UNIT, id="followed up for a year"),
        pytest.param(366, Relation.FORMER, id="and a day"),
    ],
)
def test_a_course_that_is_over_keeps_the_record_open_for_a_year(
    kari: Patient, nurse: Professional, moss: Unit, days: int, expected: Relation
) -> None:
    course(kari, moss, last=NOON - timedelta(days=days))
    assert stands(kari, nurse) is expected


def test_an_open_course_is_in_care_however_long_ago_anything_happened(
    kari: Patient, nurse: Professional, moss: Unit
) -> None:
    course(kari, moss, last=NOON - timedelta(days=900), going_on=True)
    assert stands(kari, nurse) is Relation.OWN_UNIT


def test_a_course_of_another_unit_is_not_one_s_own_though_the_patient_is(
    kari: Patient, nurse: Professional, halden: Unit, moss: Unit
) -> None:
    Referral.objects.create(patient=kari, unit=moss)
    elsewhere = course(kari, halden, last=NOON)
    rows = with_standing(
        Course.objects.for_professional(nurse), nurse, chapters=chapters_of("course"), at=NOON
    )
    assert relation(rows.get(pk=elsewhere.pk), nurse) is Relation.OTHER_UNIT


def test_the_named_contact_keeps_a_former_patient(
    kari: Patient, nurse: Professional, psychiatrist: Professional, moss: Unit, halden: Unit
) -> None:
    course(kari, moss, last=NOON - timedelta(days=500))
    elsewhere = Referral.objects.create(patient=kari, unit=halden)
    WaitingContact.objects.create(
        referral=elsewhere,
        contact=nurse,
        every_days=14,
        recontact_on=NOON.date(),
        by=psychiatrist,
        **STAMP,
    )
    assert stands(kari, nurse) is Relation.ASSIGNED
    assert stands(kari, psychiatrist) is Relation.FORMER


def test_staff_are_of_a_unit_and_of_no_patient(
    nurse: Professional, halden: Unit, staff: Staff, outsider: Professional
) -> None:
    assert relation(nurse, nurse) is Relation.OWN_UNIT
    assert relation(staff(halden, Role.NURSE), nurse) is Relation.OTHER_UNIT
    assert relation(outsider, nurse) is Relation.OTHER_ENTITY


# Blocks


def test_a_block_holds_from_the_next_request_on_and_so_does_its_end(
    as_nurse: Client, kari: Patient, nurse: Professional, lead: Professional
) -> None:
    address = f"/patients/{kari.pk}/particulars/"
    assert as_nurse.get(address).status_code == 200
    block = actions.block(patient=kari, staff=nurse, chapter=None, by=lead, at=NOON)
    refused = as_nurse.get(address)
    assert refused.status_code == 403
    assert "Ødegård" not in refused.content.decode()
    assert "Ikke åpen for deg" in refused.content.decode()
    assert f"/patients/{kari.pk}/emergency/" in refused.content.decode()
    actions.lift(block=block, by=lead, at=NOON, reason="Pasienten har ombestemt seg")
    assert as_nurse.get(address).status_code == 200


@pytest.mark.parametrize("q", ["kari", "ødegård", "14.03.1979 kari"])
def test_a_search_finds_somebody_and_tells_nothing(
    as_nurse: Client, blocked: Block, kari: Patient, q: str
) -> None:
    page = as_nurse.post("/patients/", {"q": q}).content.decode()
    assert "1 pasient funnet" in page
    assert "Ødegård, Kari" not in page
    assert f"/patients/{kari.pk}/emergency/" in page
    assert not Read.objects.exists()


def test_who_registers_the_same_person_again_is_told_nothing_either(
    as_nurse: Client, blocked: Block, kari: Patient
) -> None:
    said = {
        "identity_number": kari.card().full_identity_number,
        "given_name": "K",
        "family_name": "Ø",
        "entry": str(uuid4()),
    }
    page = as_nurse.post("/patients/register/", said)
    assert page.status_code == 409
    assert "Ødegård, Kari" not in page.content.decode()
    assert "Ikke åpen for deg" in page.content.decode()


def test_a_colleague_is_not_blocked(
    client: Client, blocked: Block, kari: Patient, psychiatrist: Professional
) -> None:
    client.force_login(psychiatrist)
    assert client.get(f"/patients/{kari.pk}/particulars/").status_code == 200
    assert shut_out(psychiatrist, at=NOON) == frozenset()


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        ("ratings", Relation.BLOCKED),
        ("patient", Relation.BLOCKED),
        ("evaluation", Relation.BLOCKED),
        ("patient.particulars", Relation.OWN_UNIT),
        ("session", Relation.OWN_UNIT),
    ],
)
def test_a_closed_chapter_closes_the_pages_that_show_it(
    kari: Patient, nurse: Professional, lead: Professional, operation: str, expected: Relation
) -> None:
    actions.block(patient=kari, staff=None, chapter=Chapter.RATINGS, by=lead, at=NOON)
    assert stands(kari, nurse, operation) is expected


def test_a_chapter_can_be_closed_to_one_alone(
    kari: Patient, nurse: Professional, lead: Professional, psychiatrist: Professional
) -> None:
    actions.block(patient=kari, staff=nurse, chapter=Chapter.HISTORY, by=lead, at=NOON)
    assert stands(kari, nurse, "history") is Relation.BLOCKED
    assert stands(kari, nurse, "ratings") is Relation.OWN_UNIT
    assert stands(kari, psychiatrist, "history") is Relation.OWN_UNIT
    assert shut_out(nurse, at=NOON) == frozenset()


def test_nobody_lifts_a_block_against_oneself(blocked: Block, nurse: Professional) -> None:
    with pytest.raises(NotYours):
        actions.lift(block=blocked, by=nurse, at=NOON, reason="Jeg trenger det")


def test_the_database_refuses_a_block_of_nobody_and_nothing(
    kari: Patient, lead: Professional
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Block.objects.create(patient=kari, by=lead, **STAMP)


def test_a_block_is_set_and_lifted_on_pages(
    client: Client, kari: Patient, nurse: Professional, lead: Professional
) -> None:
    client.force_login(lead)
    address = f"/patients/{kari.pk}/blocks/"
    form = client.get(f"{address}set/").content.decode()
    assert "Alle unntatt dem pasienten er tildelt" in form
    refused = client.post(f"{address}set/", {"entry": uuid4(), "staff": "", "chapter": "whole"})
    assert refused.status_code == 422
    assert "ikke for alle" in refused.content.decode()
    assert "checked" not in form
    said = {"entry": uuid4(), "staff": nurse.pk, "chapter": "whole"}
    for _ in range(2):  # pressed twice
        assert client.post(f"{address}set/", said).status_code == 302
    [block] = Block.objects.all()
    shown = client.get(address).content.decode()
    assert f"sperret for {nurse}" in shown
    lifting = f"/blocks/{block.pk}/lift/"
    assert str(nurse) in client.get(lifting).content.decode()
    assert client.post(lifting, {"reason": ""}).status_code == 422
    assert client.post(lifting, {"reason": "Ombestemt"}).status_code == 302
    assert "Opphevet" in client.get(address).content.decode()
    assert list(
        Event.objects.filter(operation__startswith="block.").values_list("operation", flat=True)
    ) == ["block.set", "block.lift"]


# Emergency


def test_an_emergency_opens_for_an_hour_and_is_marked(
    as_nurse: Client, kari: Patient, blocked: Block, at: At
) -> None:
    way = f"/patients/{kari.pk}/emergency/"
    asked = as_nurse.get(way).content.decode()
    assert "Ødegård" not in asked
    assert as_nurse.post(way, {"reason": WHY}).headers["Location"] == f"/patients/{kari.pk}/"
    page = as_nurse.get(f"/patients/{kari.pk}/particulars/").content.decode()
    assert "Ødegård" in page
    assert "Nødrett til kl. 14:00" in page
    [access] = EmergencyAccess.objects.all()
    [read] = Read.objects.all()
    assert read.purpose == "emergency"
    assert read.decision == f"patient.particulars/nurse/emergency/{access.pk}"
    assert Event.objects.get(operation="emergency").reason == WHY
    at(59)
    assert as_nurse.get(f"/patients/{kari.pk}/particulars/").status_code == 200
    at(60)
    over = as_nurse.get(f"/patients/{kari.pk}/particulars/")
    assert over.status_code == 403
    assert "Nødrett til" not in over.content.decode()


def test_an_emergency_reads_and_does_not_decide(
    as_nurse: Client, kari: Patient, opened: EmergencyAccess
) -> None:
    assert as_nurse.get(f"/patients/{kari.pk}/").status_code == 200
    refused = as_nurse.get(f"/patients/{kari.pk}/amend/")
    assert refused.status_code == 403
    assert f"/patients/{kari.pk}/emergency/" not in refused.content.decode()


def test_whoever_opened_it_ends_it_and_it_is_over(
    as_nurse: Client, kari: Patient, opened: EmergencyAccess, lead: Professional
) -> None:
    with pytest.raises(NotYours):
        actions.end_emergency(access=opened, by=lead, at=NOON)
    for _ in range(2):
        assert as_nurse.post(f"/emergencies/{opened.pk}/end/").status_code == 302
    assert as_nurse.get(f"/patients/{kari.pk}/").status_code == 403
    assert Event.objects.filter(operation="emergency.end").count() == 1


@pytest.mark.parametrize("reason", ["", "haster", "h a s t e r              x"])
def test_a_reason_is_typed_and_says_something(
    as_nurse: Client, kari: Patient, nurse: Professional, blocked: Block, reason: str
) -> None:
    page = as_nurse.post(f"/patients/{kari.pk}/emergency/", {"reason": reason})
    assert page.status_code == 422
    assert not EmergencyAccess.objects.exists()
    with pytest.raises(ReasonTooShort):
        actions.open_in_emergency(patient=kari, by=nurse, at=NOON, reason=reason)


def test_an_emergency_opens_another_unit_and_never_another_legal_entity(
    client: Client, kari: Patient, halden: Unit, staff: Staff, outsider: Professional
) -> None:
    client.force_login(staff(halden, Role.PSYCHIATRIST))
    assert client.get(f"/patients/{kari.pk}/").status_code == 403
    assert "Ødegård" in client.get(f"/patients/{kari.pk}/emergency/").content.decode()
    client.post(f"/patients/{kari.pk}/emergency/", {"reason": WHY})
    assert client.get(f"/patients/{kari.pk}/").status_code == 200
    client.force_login(outsider)
    assert client.get(f"/patients/{kari.pk}/emergency/").status_code == 404
    assert client.post(f"/patients/{kari.pk}/emergency/", {"reason": WHY}).status_code == 404


def test_asked_twice_it_is_one_emergency_and_it_does_not_grow_longer(
    kari: Patient, nurse: Professional, opened: EmergencyAccess, at: At
) -> None:
    again = actions.open_in_emergency(patient=kari, by=nurse, at=at(30), reason=WHY)
    assert (again.pk, again.until) == (opened.pk, opened.until)


def test_a_deactivated_or_demoted_nurse_reads_nothing_from_the_next_request_on(
    as_nurse: Client, kari: Patient, nurse: Professional, lead: Professional
) -> None:
    address = f"/patients/{kari.pk}/ratings/"
    assert as_nurse.get(address).status_code == 200
    actions.set_role(professional=nurse, role=Role.COORDINATOR, by=lead, at=NOON)
    assert as_nurse.get(address).headers["Location"].startswith("/sign-in/")
    as_nurse.force_login(Professional.objects.get(pk=nurse.pk))
    assert as_nurse.get(address).status_code == 403
    Professional.objects.filter(pk=nurse.pk).update(is_active=False)
    assert as_nurse.get(address).status_code == 302


# The unit lead


def test_the_lead_reads_the_reason_and_acknowledges(
    client: Client,
    lead: Professional,
    opened: EmergencyAccess,
    django_assert_max_num_queries: Any,
) -> None:
    client.force_login(lead)
    assert "1 bruk av nødrett" in client.get("/today/").content.decode()
    with django_assert_max_num_queries(5):
        page = client.get("/emergencies/").content.decode()
    assert WHY in page
    assert "Ødegård" in page
    address = f"/emergencies/{opened.pk}/acknowledge/"
    assert client.post(address, {"note": ""}).status_code == 422
    for note in ("Berettiget", "En gang til"):
        assert client.post(address, {"note": note}).status_code == 302
    assert EmergencyReview.objects.get().note == "Berettiget"
    assert "Ingenting venter" in client.get("/emergencies/").content.decode()
    assert "bruk av nødrett å gå" not in client.get("/today/").content.decode()


def test_a_lead_s_own_emergency_is_looked_at_by_another_lead_of_the_house(
    kari: Patient, lead: Professional, halden: Unit, staff: Staff, outsider: Professional
) -> None:
    own = actions.open_in_emergency(patient=kari, by=lead, at=NOON, reason=WHY)
    other = staff(halden, Role.UNIT_LEAD)
    stranger = staff(outsider.unit, Role.UNIT_LEAD)
    assert not EmergencyAccess.objects.to_acknowledge(lead).exists()
    assert EmergencyAccess.objects.to_acknowledge(other).get() == own
    assert not EmergencyAccess.objects.to_acknowledge(stranger).exists()
    with pytest.raises(NotYours):
        actions.acknowledge_emergency(access=own, by=lead, at=NOON, note="Greit")


def test_a_lead_whom_the_patient_has_blocked_sees_the_emergency_without_the_patient(
    client: Client,
    kari: Patient,
    lead: Professional,
    nurse: Professional,
    psychiatrist: Professional,
) -> None:
    actions.block(patient=kari, staff=lead, chapter=None, by=psychiatrist, at=NOON)
    actions.open_in_emergency(patient=kari, by=nurse, at=NOON, reason=WHY)
    client.force_login(lead)
    page = client.get("/emergencies/").content.decode()
    assert WHY in page
    assert "Ødegård" not in page


# The table


def test_the_table_is_a_page_for_everybody_who_works_here(
    client: Client, moss: Unit, staff: Staff, django_assert_max_num_queries: Any
) -> None:
    client.force_login(staff(moss, Role.STATISTICIAN))
    with django_assert_max_num_queries(3):
        page = client.get("/policy/").content.decode()
    assert "Åpne en journal med nødrett" in page
    assert page.count("<tr>") > 80
