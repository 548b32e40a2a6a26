"""What is to be stopped goes on by two doctors, wherever they meet it: as at the start check, so here."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lysglimt.clinic.exposure import actions
from lysglimt.clinic.exposure.actions import Lifted, TakesTwoDoctors
from lysglimt.clinic.exposure.beside import over_months_of
from lysglimt.clinic.exposure.models import HoldLifted
from lysglimt.clinic.people.models import Patient, Professional, Unit
from lysglimt.clinic.people.policy import Role
from tests.clinic.conftest import Staff

from .conftest import Enter, now

WHY = "Ultralyd er normal, paracetamol er seponert."
PASSWORD = "vannmelon-i-regnvær-7"  # noqa: S105 - of a made-up doctor


@pytest.fixture
def other(moss: Unit, staff: Staff) -> Professional:
    doctor = staff(moss, Role.ANAESTHETIST, "other")
    doctor.display_name = "Andrea Annen"
    doctor.set_password(PASSWORD)
    doctor.save(update_fields=["display_name", "password"])
    return doctor


def lift(patient: Patient, *, by: Professional, second: Professional | None) -> HoldLifted:
    [hold] = over_months_of(patient).holds
    return actions.lift_hold(
        patient=patient,
        lifted=Lifted(name=hold.name, keys=hold.keys, told=WHY, second=second),
        entered=now(),
        by=by,
        at=timezone.now(),
    )


def test_a_hold_that_stops_is_lifted_by_two_doctors_who_are_two_persons(
    kari: Patient,
    enter: Enter,
    psychiatrist: Professional,
    nurse: Professional,
    other: Professional,
    moss: Unit,
    staff: Staff,
) -> None:
    enter("alt", 300, 50)
    [hold] = over_months_of(kari).holds
    assert hold.stops
    again = staff(moss, Role.ANAESTHETIST, "again")
    again.display_name = psychiatrist.display_name
    for second in (None, psychiatrist, nurse, again):
        with pytest.raises(TakesTwoDoctors):
            lift(kari, by=psychiatrist, second=second)
    assert over_months_of(kari).holds == (hold,)
    row = lift(kari, by=psychiatrist, second=other)
    assert (row.by, row.second) == (psychiatrist, other)
    assert over_months_of(kari).holds == ()


def test_a_hold_that_does_not_stop_is_one_doctors(
    kari: Patient, enter: Enter, psychiatrist: Professional
) -> None:
    enter("alt", 180, 50)
    assert lift(kari, by=psychiatrist, second=None).second is None


def test_the_table_holds_no_second_who_is_the_first(
    kari: Patient, enter: Enter, psychiatrist: Professional, other: Professional
) -> None:
    enter("alt", 300, 50)
    row = lift(kari, by=psychiatrist, second=other)
    row.pk, row.entry, row.second = None, uuid4(), psychiatrist
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


@pytest.mark.usefixtures("supported")
def test_on_the_page_the_other_doctor_signs_with_a_password(
    as_doctor: Client, kari: Patient, enter: Enter, other: Professional
) -> None:
    enter("alt", 300, 50)
    address = reverse("hold.lift", args=[kari.pk])
    shown = as_doctor.get(address)
    [hold] = over_months_of(kari).holds
    assert "Den andre legen" in shown.content.decode()
    said: dict[str, Any] = {
        "entry": str(uuid4()),
        "rule": hold.name,
        "keys": " ".join(f"{hold.name}:{key}" for key in hold.keys),
        "told": WHY,
    }
    for lacking in ({}, {"checked_by": other.pk}, {"checked_by": other.pk, "password": "feil"}):
        refused = as_doctor.post(address, said | lacking)
        assert refused.status_code == 422
        assert WHY in refused.content.decode()
        assert not HoldLifted.objects.exists()
    signed = {"checked_by": other.pk, "password": PASSWORD}
    assert as_doctor.post(address, said | signed).status_code == 302
    page = as_doctor.get(reverse("patient.over-months", args=[kari.pk]))
    assert "og Andrea Annen" in page.content.decode()


@pytest.mark.usefixtures("supported")
def test_of_a_hold_alone_no_other_doctor_is_asked_for(
    as_doctor: Client, kari: Patient, enter: Enter
) -> None:
    enter("alt", 180, 50)
    shown = as_doctor.get(reverse("hold.lift", args=[kari.pk]))
    assert "checked_by" not in shown.context["form"].fields
