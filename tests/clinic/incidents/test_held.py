"""What is told in an incident or by telephone holds the treatment, and a doctor takes it back."""

from typing import Any

import pytest

from lysglimt.clinic.exposure.actions import HeldByThis
from lysglimt.clinic.exposure.beside import over_months_of
from lysglimt.clinic.incidents import actions
from lysglimt.clinic.incidents.models import Reach
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.models import Patient, Professional, Unit
from tests.clinic.conftest import NOON
from tests.clinic.treatment.conftest import Give, approved, course, give, protocol

from .conftest import Enter
from .test_calls import WELL as SAID
from .test_calls import called

__all__ = ["approved", "course", "give", "protocol"]

WELL = {**SAID, "reach": Reach.REACHED}
STRUCK: dict[str, Any] = {"at": NOON, "reason": "Feil pasient"}


@pytest.fixture(autouse=True)
def supported(moss: Unit, psychiatrist: Professional) -> None:
    people.state_purpose(unit=moss, on=True, by=psychiatrist, at=NOON)


def rules(patient: Patient) -> list[str]:
    return [one.rule for one in over_months_of(patient).holds]


def test_a_grade_that_holds_is_struck_by_a_doctor(
    kari: Patient, enter: Enter, nurse: Professional, psychiatrist: Professional
) -> None:
    row = enter(term="cystitis", grade="2")
    with pytest.raises(HeldByThis):
        actions.strike(incident=row, by=nurse, **STRUCK)
    assert rules(kari) == ["LT-cystitis"]
    actions.strike(incident=row, by=psychiatrist, **STRUCK)
    assert rules(kari) == []


@pytest.mark.parametrize(
    ("answer", "held"), [("yes", ["LT-misuse"]), ("no", []), ("unknown", [])]
)
def test_ketamine_elsewhere_told_by_telephone_holds_the_treatment(
    kari: Patient, give: Give, nurse: Professional, answer: str, held: list[str]
) -> None:
    called(give(0), "evening", nurse, **{**WELL, "elsewhere": answer})
    assert rules(kari) == held


def test_a_call_that_holds_is_struck_by_a_doctor(
    kari: Patient, give: Give, nurse: Professional, psychiatrist: Professional
) -> None:
    call = called(give(0), "evening", nurse, **{**WELL, "elsewhere": "yes"})
    with pytest.raises(HeldByThis):
        actions.strike_call(check=call, by=nurse, **STRUCK)
    actions.strike_call(check=call, by=psychiatrist, **STRUCK)
    assert rules(kari) == []
