"""A patient in a course, and how answers of the laboratory are entered."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from lysglimt.clinic.exposure import actions
from lysglimt.clinic.exposure.actions import Answer, Checked, Taken
from lysglimt.clinic.exposure.models import CheckMade, LabResult
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Patient, Professional, Unit
from tests.clinic.treatment.conftest import approved, course, give, protocol, rate

__all__ = ["approved", "course", "give", "protocol", "rate"]

Enter = Callable[..., LabResult]
Check = Callable[..., CheckMade]


def now() -> Entered:
    at = timezone.now()
    return Entered(happened_at=at, entered_at=at)


def ago(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)


@pytest.fixture
def supported(moss: Unit, psychiatrist: Professional) -> Unit:
    """The unit has signed the statement: decision support is on."""
    people.state_purpose(unit=moss, on=True, by=psychiatrist, at=timezone.now())
    return moss


@pytest.fixture
def as_doctor(psychiatrist: Professional) -> Client:
    client = Client()
    client.force_login(psychiatrist)
    return client


@pytest.fixture
def enter(kari: Patient, nurse: Professional) -> Enter:
    """`enter("alt", 180, 50)` is a value with the laboratory's upper limit, taken today."""

    def enter(
        analyte: str,
        value: int | None = None,
        upper: int | None = None,
        *,
        days: int = 0,
        circumstance: str = "no",
        **more: Any,
    ) -> LabResult:
        amount = None if value is None else Decimal(value)
        answer = Answer(
            analyte=analyte,
            value=amount,
            unit_of_value="" if value is None else "U/l",
            upper_limit=None if upper is None else Decimal(upper),
            **more,
        )
        [row] = actions.enter_results(
            patient=kari,
            taken=Taken(taken_on=ago(days), laboratory="Fürst", circumstance=circumstance),
            answers=[answer],
            entered=now(),
            by=nurse,
            at=timezone.now(),
        )
        return row

    return enter


@pytest.fixture
def check(kari: Patient, nurse: Professional) -> Check:
    """`check("bladder-session", frequency="yes")` was asked today."""

    def check(item: str, *, days: int = 0, why_not: str = "", **answers: str) -> CheckMade:
        [row] = actions.record_checks(
            patient=kari,
            checked=[
                Checked(
                    item=item,
                    made=not why_not,
                    made_on=ago(days),
                    answers={name.replace("_", "-"): said for name, said in answers.items()},
                    told=why_not,
                )
            ],
            entered=now(),
            by=nurse,
            at=timezone.now(),
        )
        return row

    return check
