"""The patient's page: the course as a picture, and what is next."""

from typing import Any

from django.test import Client
from django.urls import reverse

from lysglimt.clinic.people.models import Patient


def opened(client: Client, patient: Patient, asked: str = "") -> str:
    page = client.get(reverse("patient", args=[patient.pk]) + asked)
    assert page.status_code == 200
    return page.content.decode()


def test_the_course_is_told_in_one_look(
    as_psychiatrist: Client,
    kari: Patient,
    responded: None,
    decision_support: None,
    django_assert_num_queries: Any,
) -> None:
    with django_assert_num_queries(10):
        opened(as_psychiatrist, kari)
