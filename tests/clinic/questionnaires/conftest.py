"""Forms as they are filled in, and someone who fills them in."""

from collections.abc import Mapping
from uuid import uuid4

import pytest
from django.test import Client

from lysglimt.clinic.people import actions
from lysglimt.clinic.people.models import Professional, Unit
from tests.clinic.conftest import NOON
from tests.clinic.treatment.conftest import approved, course, give, madrs, protocol, rate

__all__ = ["approved", "course", "give", "protocol", "rate"]


@pytest.fixture
def as_psychiatrist(client: Client, psychiatrist: Professional) -> Client:
    client.force_login(psychiatrist)
    return client


@pytest.fixture
def decision_support(moss: Unit, psychiatrist: Professional) -> None:
    """The unit has signed: suggestions are shown."""
    actions.state_purpose(unit=moss, on=True, by=psychiatrist, at=NOON)


def filled_in(total: int = 30, *said: Mapping[str, str], item_10: int = 0) -> dict[str, str]:
    """A MADRS form. What is said besides replaces what would stand there."""
    form = {name: str(answer) for name, answer in madrs(total, item_10).items()}
    form |= {"entry": str(uuid4()), "at": "2026-03-02T12:00", "timing": "baseline"}
    form |= {"mode": "interview", "recall": "3d"}
    for more in said:
        form |= more
    return form
