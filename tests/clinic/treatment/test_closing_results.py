"""A result or a rating that closes a start is taken back by a doctor."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.models import Patient, Professional, Unit
from lysglimt.clinic.referral.actions import SpeaksAgainst
from lysglimt.clinic.treatment import actions
from lysglimt.clinic.treatment.actions import Found, Rated
from lysglimt.clinic.treatment.models import Mode, Rating, Timing, WorkUpResult
from lysglimt.knowledge.instruments.instrument import instrument
from tests.clinic.chairside import let_in
from tests.clinic.conftest import NOON

from .conftest import entered, rated

STRUCK: dict[str, Any] = {"at": NOON, "reason": "Gjaldt en annen pasient"}


@pytest.fixture(autouse=True)
def accepted(kari: Patient, moss: Unit, psychiatrist: Professional) -> None:
    """In a unit that has signed that it wants decision support."""
    people.state_purpose(unit=moss, on=True, by=psychiatrist, at=NOON)
    let_in.accept(kari, by=psychiatrist)


def ecg(patient: Patient, qtc: int, *, by: Professional) -> WorkUpResult:
    found = Found(item="ecg", done_on=NOON.date(), value=Decimal(qtc), unit_of_value="ms")
    return actions.record_work_up(
        patient=patient, found=found, entered=entered(), by=by, at=NOON
    )


def mania(patient: Patient, points: int, *, by: Professional) -> Rating:
    """A YMRS with these points on its first item."""
    first, *others = [item.id for item in instrument("ymrs").items]
    said = Rated(
        instrument="ymrs",
        answers={first: points} | dict.fromkeys(others, 2 if points else 0),
        timing=Timing.BEFORE_DOSE,
        mode=Mode.INTERVIEW,
        rater="clinician",
    )
    return actions.record_rating(patient=patient, rated=said, entered=entered(), by=by, at=NOON)


def test_a_long_qtc_is_not_struck_by_a_nurse(
    as_nurse: Client, kari: Patient, nurse: Professional, psychiatrist: Professional
) -> None:
    row = ecg(kari, 520, by=nurse)
    sent = {"reason": STRUCK["reason"]}
    refused = as_nurse.post(reverse("work_up.strike", args=[row.pk]), sent)
    assert refused.status_code == 422
    assert "en lege retter eller stryker" in refused.content.decode()
    assert WorkUpResult.objects.in_force().get() == row
    actions.strike(fact=row, by=psychiatrist, **STRUCK)
    assert not WorkUpResult.objects.in_force().exists()


def test_a_mania_that_was_rated_is_not_struck_by_a_nurse(
    as_nurse: Client, kari: Patient, nurse: Professional, psychiatrist: Professional
) -> None:
    row = mania(kari, 4, by=nurse)
    sent = {"reason": STRUCK["reason"]}
    assert as_nurse.post(reverse("rating.strike", args=[row.pk]), sent).status_code == 422
    with pytest.raises(SpeaksAgainst):
        actions.correct_rating(
            rating=row,
            rated=Rated(
                instrument="ymrs",
                answers=dict.fromkeys(row.answers, 0),
                timing=Timing.BEFORE_DOSE,
                mode=Mode.INTERVIEW,
                rater="clinician",
            ),
            by=nurse,
            **STRUCK,
        )
    assert Rating.objects.in_force().get() == row
    actions.strike(fact=row, by=psychiatrist, **STRUCK)


def test_what_closes_nothing_a_nurse_strikes_and_corrects(
    kari: Patient, nurse: Professional
) -> None:
    actions.strike(fact=ecg(kari, 420, by=nurse), by=nurse, **STRUCK)
    said = {"entered": entered(), "by": nurse, "at": NOON}
    row = actions.record_rating(patient=kari, rated=rated(30), **said)  # type: ignore[arg-type]  # each has its type
    actions.correct_rating(rating=row, rated=rated(28), by=nurse, **STRUCK)
    assert not WorkUpResult.objects.in_force().exists()


def test_in_journal_mode_nothing_is_judged(
    kari: Patient, moss: Unit, nurse: Professional, psychiatrist: Professional
) -> None:
    people.state_purpose(unit=moss, on=False, by=psychiatrist, at=NOON)
    nurse.refresh_from_db()
    actions.strike(fact=ecg(kari, 520, by=nurse), by=nurse, **STRUCK)
    assert not WorkUpResult.objects.in_force().exists()


def test_an_answer_that_closes_a_start_is_taken_back_by_a_doctor(
    as_nurse: Client, kari: Patient, psychiatrist: Professional
) -> None:
    by_doctor = Client()
    by_doctor.force_login(psychiatrist)
    where = reverse("eligibility", args=[kari.pk])
    allergic, not_so = {"bodily.ketamine_allergy": "yes"}, {"bodily.ketamine_allergy": "no"}
    assert as_nurse.post(where, allergic).status_code == 302, "what is new anybody adds"
    refused = as_nurse.post(where, not_so)
    assert refused.status_code == 422
    assert "en lege retter eller stryker" in refused.content.decode()
    assert by_doctor.post(where, not_so).status_code == 302
    assert as_nurse.post(where, not_so).status_code == 302, "nothing is taken back"
