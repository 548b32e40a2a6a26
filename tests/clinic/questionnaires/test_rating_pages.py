"""Rating a patient, as the one who rates meets it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.clinic.treatment.models import Rating

from .conftest import filled_in


def address(patient: Patient, instrument: str = "madrs", step: str = "record") -> str:
    return reverse(f"rating.{step}", args=[patient.pk, instrument])


@pytest.fixture
def receiver(psychiatrist: Professional) -> dict[str, str]:
    return {"receiver": str(psychiatrist.pk)}


def test_a_rating_is_recorded_and_its_score_shown(
    as_nurse: Client,
    kari: Patient,
    receiver: dict[str, str],
    decision_support: None,
    django_assert_max_num_queries: Any,
) -> None:
    reply = as_nurse.post(address(kari), filled_in(34, **receiver))
    rating = Rating.objects.get()
    assert reply.headers["Location"] == reverse("rating", args=[rating.pk])
    assert (rating.total, rating.recall, rating.rater) == (34, "P3D", "nurse")
    with django_assert_max_num_queries(8):
        page = as_nurse.get(reverse("rating", args=[rating.pk])).content.decode()
    assert "av 0–60" in page
    assert "snaith 1986" in page
    assert "Ødegård, Kari Anne" in page
