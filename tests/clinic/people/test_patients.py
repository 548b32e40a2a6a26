"""Patients are registered once, found by any part of the name, and stored sealed."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from lysglimt.clinic.audit.models import Event
from lysglimt.clinic.people import actions
from lysglimt.clinic.people.actions.patients import AlreadyRegistered, Kin, PerhapsRegistered
from lysglimt.clinic.people.facts import Contradicted
from lysglimt.clinic.people.models import (
    Patient,
    PatientDetails,
    Professional,
    Relative,
    Unit,
)
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.people.search import sought
from lysglimt.clinic.sealing.values import Place, Unreadable, opened, seal
from tests.clinic.conftest import ANOTHER_NUMBER, BORN, KARI, NOON, NUMBER, Staff

ALIKE = replace(KARI, given_name="Kari", identity_number=ANOTHER_NUMBER)
TODAY = date(2026, 3, 2)


def find(typed: str, by: Professional) -> list[Patient]:
    return list(Patient.objects.sought(sought(typed, on=TODAY), of=by))


@pytest.mark.parametrize(
    "typed",
    [
        "kari",
        "Ødegård Kari",
        "anne øde",
        "ODEG",
        "aN oD ka",
        "140379",
        "14.03.1979 kari",
        NUMBER,
        f"{NUMBER[:6]} {NUMBER[6:]}",
    ],
)
def test_a_patient_is_found_in_one_box(kari: Patient, nurse: Professional, typed: str) -> None:
    assert find(typed, nurse) == [kari]


@pytest.mark.parametrize("typed", ["degård", "karin", "kari hansen", "150379", ANOTHER_NUMBER])
def test_another_is_not_found(kari: Patient, nurse: Professional, typed: str) -> None:
    assert find(typed, nurse) == []


@pytest.mark.parametrize("typed", ["kari", "140379", NUMBER])
def test_another_legal_entity_finds_nobody(
    kari: Patient, outsider: Professional, typed: str
) -> None:
    assert find(typed, outsider) == []


def test_a_card_shows_two_identifiers_and_masks_the_number(kari: Patient) -> None:
    card = Patient.objects.get().card()
    assert (card.name, card.full_name) == ("Ødegård, Kari Anne", "Kari Anne Ødegård")
    assert (card.birth_date, card.identity_number) == (BORN, f"{NUMBER[:6]} *****")
    assert card.full_identity_number == NUMBER
    assert card.contact == KARI.contact
    assert (card.age(date(2026, 3, 13)), card.age(date(2026, 3, 14))) == (46, 47)
    assert "Kari" not in repr(card)
    assert NUMBER not in repr(card)


def test_the_same_number_is_refused_and_names_who_has_it(
    kari: Patient, nurse: Professional
) -> None:
    with pytest.raises(AlreadyRegistered) as refusal:
        actions.register_patient(
            said=replace(KARI, given_name="Eva"), by=nurse, at=NOON, another_person=True
        )
    assert refusal.value.patient == kari.pk
    assert Patient.objects.count() == 1


def test_someone_alike_must_be_compared_first(kari: Patient, nurse: Professional) -> None:
    with pytest.raises(PerhapsRegistered) as refusal:
        actions.register_patient(said=ALIKE, by=nurse, at=NOON)
    assert refusal.value.patients == (kari.pk,)
    actions.register_patient(said=ALIKE, by=nurse, at=NOON, another_person=True)
    assert Patient.objects.count() == 2


def test_two_without_a_number_are_two(kari: Patient, nurse: Professional) -> None:
    for name in ("Eva", "Ida"):
        said = replace(KARI, given_name=name, family_name=name, identity_number="")
        assert (
            actions.register_patient(said=said, by=nurse, at=NOON).card().identity_number == ""
        )
    assert Patient.objects.count() == 3


def test_another_legal_entity_is_told_of_no_duplicate(
    kari: Patient, outsider: Professional
) -> None:
    theirs = actions.register_patient(said=KARI, by=outsider, at=NOON)
    assert theirs.identity_number_index != kari.identity_number_index
    assert theirs.birth_date_index != kari.birth_date_index
    shared = set(kari.tokens.values_list("token")) & set(theirs.tokens.values_list("token"))
    assert not shared


def test_a_button_pressed_twice_registers_once(nurse: Professional) -> None:
    entry = uuid4()
    first = actions.register_patient(said=KARI, by=nurse, at=NOON, entry=entry)
    again = actions.register_patient(said=KARI, by=nurse, at=NOON, entry=entry)
    assert (first.pk, Patient.objects.count()) == (again.pk, 1)
    with pytest.raises(Contradicted):
        actions.register_patient(said=ALIKE, by=nurse, at=NOON, entry=entry)


def test_a_new_name_is_found_and_the_old_one_is_kept(
    kari: Patient, psychiatrist: Professional
) -> None:
    said = replace(KARI, family_name="Hansen")
    later = NOON + timedelta(days=1)
    actions.amend_patient(patient=kari, said=said, by=psychiatrist, at=later, reason="Married")
    assert find("hansen kari", psychiatrist) == [kari]
    assert find("ødegård", psychiatrist) == []
    kept = PatientDetails.objects.filter(patient=kari).order_by("revision")
    assert ["Ødegård" in row.said()["particulars"] for row in kept] == [False, False]
    assert [row.reason for row in kept] == ["", "Married"]
    event = Event.objects.filter(operation="patient.amend", subject__contains="patient/").get()
    assert event.before_digest != event.after_digest


def test_a_number_that_another_has_is_not_taken_over(
    kari: Patient, nurse: Professional
) -> None:
    other = actions.register_patient(said=ALIKE, by=nurse, at=NOON, another_person=True)
    with pytest.raises(AlreadyRegistered):
        actions.amend_patient(patient=other, said=KARI, by=nurse, at=NOON, reason="Mistyped")
    assert other.card().full_identity_number == ANOTHER_NUMBER


def test_the_database_refuses_a_second_patient_of_a_number(
    kari: Patient, nurse: Professional
) -> None:
    second = Patient(entity_id=nurse.entity_id, registered_at=NOON, registered_in=nurse.unit)
    second.take(KARI)
    with pytest.raises(IntegrityError), transaction.atomic():
        second.save()


# Sealed


def test_swapped_ciphertexts_do_not_open(kari: Patient, nurse: Professional) -> None:
    other = actions.register_patient(said=ALIKE, by=nurse, at=NOON, another_person=True)
    mine, theirs = kari.particulars_sealed, other.particulars_sealed
    Patient.objects.filter(pk=kari.pk).update(particulars_sealed=theirs)
    Patient.objects.filter(pk=other.pk).update(particulars_sealed=mine)
    for patient in Patient.objects.all():
        with pytest.raises(Unreadable) as refusal:
            patient.card()
        assert "Kari" not in str(refusal.value)


PLACE = Place("people_patient", "1", "particulars_sealed")


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(replace(PLACE, table="people_relative"), id="another table"),
        pytest.param(replace(PLACE, row="2"), id="another row"),
        pytest.param(replace(PLACE, column="sealed"), id="another column"),
    ],
)
def test_what_is_sealed_opens_in_its_own_place_alone(other: Place, db: None) -> None:
    sealed = seal("Kari", PLACE)
    assert opened(sealed, PLACE) == "Kari"
    with pytest.raises(Unreadable):
        opened(sealed, other)


@pytest.mark.parametrize("position", [0, 1, 5, 12, -1])
def test_a_flipped_bit_is_noticed(position: int, db: None) -> None:
    sealed = bytearray(seal("Kari", PLACE))
    sealed[position] ^= 1
    with pytest.raises(Unreadable):
        opened(bytes(sealed), PLACE)


@pytest.mark.parametrize("stored", [b"", b"\x01", b"\x01\x05test", bytes(40)])
def test_what_was_never_sealed_does_not_open(stored: bytes, db: None) -> None:
    with pytest.raises(Unreadable):
        opened(stored, PLACE)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="reads the file of the database")
@pytest.mark.django_db(transaction=True)
def test_the_file_of_the_database_tells_neither_name_nor_number(
    kari: Patient, nurse: Professional, tmp_path: Path
) -> None:
    kin = Kin(name="Peder Fjeldberg", kinship="parent", consent=True)
    actions.add_relative(patient=kari, kin=kin, by=nurse, at=NOON)
    copy = tmp_path / "clinic.sqlite3"
    connection.connection.execute("VACUUM INTO ?", [str(copy)])
    stored = copy.read_bytes()
    assert b"people_patient" in stored
    assert b"Sykehuset Eksempel" in stored
    for said in (NUMBER, "Ødegård", "Kari Anne", "Fjeldberg", "99 99 99 99", "1979-03-14"):
        assert said.encode() not in stored
        assert said.casefold().encode() not in stored


def test_tokens_and_indexes_need_the_key(kari: Patient, settings: Any) -> None:
    known = set(kari.tokens.values_list("token", flat=True))
    assert 10 < len(known) < 60
    settings.INDEX_KEY = bytes(32)
    other = Patient(entity_id=kari.entity_id)
    other.take(KARI)
    assert other.identity_number_index != kari.identity_number_index
    assert not any("kari" in token for token in known)


# Relatives


def test_a_child_is_noted_with_its_needs(kari: Patient, nurse: Professional) -> None:
    kin = Kin(name="Ola", kinship="child", consent=True, minor=True, needs="School is told")
    relative = actions.add_relative(patient=kari, kin=kin, by=nurse, at=NOON)
    card = Relative.objects.in_force().get().card()
    assert (card.name, card.minor, card.needs) == ("Ola", True, "School is told")
    assert (
        actions.add_relative(patient=kari, kin=kin, by=nurse, at=NOON, entry=relative.entry)
        == relative
    )


def test_a_relative_is_withdrawn_with_a_reason_and_stays_readable(
    kari: Patient, nurse: Professional
) -> None:
    kin = Kin(name="Ola", kinship="partner", consent=False)
    relative = actions.add_relative(patient=kari, kin=kin, by=nurse, at=NOON)
    gone = actions.withdraw_relative(relative=relative, by=nurse, at=NOON, reason="Divorced")
    assert not Relative.objects.in_force()
    assert (gone.said()["name"], gone.revision) == ("Ola", 2)


def test_a_unit_of_the_same_entity_knows_the_patient(
    kari: Patient, halden: Unit, staff: Staff
) -> None:
    assert find("kari", staff(halden, Role.NURSE)) == [kari]


def test_settings_hold_the_keys_as_bytes() -> None:
    assert {len(key) for key in settings.ENCRYPTION_KEYS.values()} == {32}
