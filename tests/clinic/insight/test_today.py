"""The day of a unit, as those who work there see it."""

import pytest
from django.test import Client
from django.urls import reverse


@pytest.mark.django_db
def test_an_empty_day_is_said_in_words(as_nurse: Client) -> None:
    assert "Ingen er ventet i dag" in as_nurse.get(reverse("today")).content.decode()
