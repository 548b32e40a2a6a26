"""Facts that a test commits are gone for the next, and what protects them is not."""

import pytest
from django.db import IntegrityError, transaction

from lysglimt.clinic.audit.models import Event
from lysglimt.clinic.people import actions
from lysglimt.clinic.people.models import DecisionSupportStatement, Professional, Unit
from tests.clinic.conftest import NOON

TWICE = pytest.mark.parametrize("time", ["once", "and once more"])


def commit_a_fact(unit: Unit, by: Professional) -> None:
    fact = DecisionSupportStatement(
        unit=unit, by=by, on=True, statement_version="1",
        happened_at=NOON, entered_at=NOON, received_at=NOON,
    )  # fmt: skip
    actions.enter(fact, operation="unit.statement")


@TWICE
@pytest.mark.django_db(transaction=True)
def test_a_committed_fact_is_gone_for_the_next_test(
    moss: Unit, nurse: Professional, time: str
) -> None:
    assert not Event.objects.exists()
    commit_a_fact(moss, nurse)
    assert Event.objects.exists()


@TWICE
@pytest.mark.django_db(transaction=True)
def test_a_committed_trail_cannot_be_deleted(
    moss: Unit, nurse: Professional, time: str
) -> None:
    commit_a_fact(moss, nurse)
    first = Event.objects.earliest("pk")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        first.delete()
    assert Event.objects.filter(pk=first.pk).exists()
