"""A referral that has come, and a verdict on it."""

from collections.abc import Callable
from datetime import date

import pytest

from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.clinic.referral import actions
from lysglimt.clinic.referral.actions import Judged, Letter
from lysglimt.clinic.referral.models import Assessment, Referral, Sender
from lysglimt.knowledge.protocols.library import latest
from lysglimt.knowledge.text import Text
from lysglimt.knowledge.verdict import Finding, Standing, Verdict
from tests.clinic.conftest import NOON

LETTER = Letter(
    sender_kind=Sender.GP,
    sender_name="Fastlege Eksempel",
    received_on=date(2026, 3, 2),
    question="Ketamin?",
)


def entered(at: object = NOON) -> Entered:
    return Entered(happened_at=NOON, entered_at=NOON)


def finding(criterion: str, standing: Standing) -> Finding:
    basis = latest("iv-ketamine-no").basis
    return Finding(criterion, standing, Text("Grunn", "Reason"), basis, question=Text("?", "?"))


def judged(*findings: Finding) -> Judged:
    return Judged(
        candidate={"sex": "f"},
        candidate_version="1",
        verdict=Verdict.of(findings),
        rule_version="2026.1",
    )


@pytest.fixture
def referral(kari: Patient, nurse: Professional) -> Referral:
    return actions.receive_referral(patient=kari, letter=LETTER, by=nurse, at=NOON)


Assess = Callable[..., Assessment]


@pytest.fixture
def assess(referral: Referral, psychiatrist: Professional) -> Assess:
    """`assess(finding, ...)` is an assessment that found these."""

    def assess(*findings: Finding) -> Assessment:
        return actions.assess(
            referral=referral, judged=judged(*findings), by=psychiatrist, at=NOON
        )

    return assess
