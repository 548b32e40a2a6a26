"""Consent, its withdrawal, the work-up and the register: what must be there before a start."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.clinic.treatment import actions
from lysglimt.clinic.treatment.actions import Agreed, Found, NotReserved
from lysglimt.clinic.treatment.history import consented, course_facts
from lysglimt.clinic.treatment.models import (
    Consent,
    Course,
    Registration,
    ReservedDecision,
    WorkUpResult,
)
from lysglimt.knowledge.eligibility.candidate import Registration as Choice
from lysglimt.knowledge.protocols.facts import RegisteredIn
from tests.clinic.conftest import NOON

from .conftest import DAY, entered

AGREED = Agreed(
    version="1", language="nb", items=["off-label", "driving"], signed_by_patient_on=NOON.date()
)


def choose(
    patient: Patient, choice: Choice, by: Professional, day: int = 0, study: str = ""
) -> Registration:
    at = NOON + day * DAY
    return actions.register_choice(
        patient=patient, choice=choice, entered=entered(at), by=by, at=at, study=study
    )


def test_a_consent_is_taken_back_without_a_reason(
    course: Course, psychiatrist: Professional
) -> None:
    consent = Consent.objects.given().get()
    actions.withdraw_consent(
        consent=consent, entered=entered(NOON + DAY), by=psychiatrist, at=NOON + DAY
    )
    assert not Consent.objects.given()
    assert consented(course) is None


def test_a_new_consent_stands_after_one_taken_back(
    course: Course, psychiatrist: Professional
) -> None:
    first = Consent.objects.get()
    actions.withdraw_consent(consent=first, entered=entered(), by=psychiatrist, at=NOON)
    second = actions.record_consent(
        patient=course.patient, agreed=AGREED, entered=entered(), by=psychiatrist, at=NOON
    )
    assert list(Consent.objects.given()) == [second]
    assert second.items == ["off-label", "driving"]


def test_a_withdrawal_entered_in_error_is_struck(
    course: Course, psychiatrist: Professional
) -> None:
    consent = Consent.objects.get()
    gone = actions.withdraw_consent(
        consent=consent, entered=entered(), by=psychiatrist, at=NOON
    )
    actions.strike(fact=gone, by=psychiatrist, at=NOON, reason="Other patient")
    assert list(Consent.objects.given()) == [consent]


@pytest.mark.parametrize(
    ("choice", "study", "registered"),
    [
        (Choice.REGISTER, "", RegisteredIn.REGISTER),
        (Choice.STUDY, "KET-1", RegisteredIn.STUDY),
        (Choice.REGISTER_AND_STUDY, "KET-1", RegisteredIn.STUDY),
        (Choice.RESERVED, "", None),
    ],
)
def test_the_newest_choice_is_what_counts(
    course: Course,
    psychiatrist: Professional,
    choice: Choice,
    study: str,
    registered: RegisteredIn | None,
) -> None:
    choose(course.patient, choice, psychiatrist, day=1, study=study)
    assert course_facts(course).registration == registered


def test_reserved_against_both_goes_to_a_named_decision(
    course: Course, nurse: Professional, psychiatrist: Professional
) -> None:
    reserved = choose(course.patient, Choice.RESERVED, nurse, day=1)
    assert list(Registration.objects.awaiting_decision()) == [reserved]
    assert not reserved.permits_start
    decided = actions.decide_on_reserved(
        registration=reserved,
        decision=ReservedDecision.TREAT,
        grounds="No other treatment is left",
        by=psychiatrist,
        at=NOON + 2 * DAY,
    )
    assert (decided.decided_by, decided.permits_start) == (psychiatrist, True)
    assert not Registration.objects.awaiting_decision()
    assert course_facts(course).registration == RegisteredIn.DECISION


def test_only_for_the_reserved_there_is_something_to_decide(
    kari: Patient, psychiatrist: Professional
) -> None:
    with pytest.raises(NotReserved):
        actions.decide_on_reserved(
            registration=choose(kari, Choice.REGISTER, psychiatrist),
            decision=ReservedDecision.TREAT,
            grounds="x",
            by=psychiatrist,
            at=NOON,
        )


@pytest.mark.parametrize(
    ("changed", "constraint"),
    [
        pytest.param({"choice": "perhaps"}, "known_choice", id="unknown choice"),
        pytest.param({"choice": "study"}, "names_it", id="a study without a name"),
        pytest.param(
            {"decision": "treat", "decision_grounds": "x"},
            "only_when_reserved",
            id="not reserved",
        ),
        pytest.param(
            {"choice": "reserved", "decision": "treat"}, "name_and_grounds", id="nobody's name"
        ),
    ],
)
def test_the_database_refuses_a_silent_start(
    kari: Patient, nurse: Professional, changed: dict[str, object], constraint: str
) -> None:
    named = {"decided_by": nurse} if "decision_grounds" in changed else {}
    wrong = choose(kari, Choice.REGISTER, nurse).revised(reason="x", **changed, **named)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        wrong.save(force_insert=True)


def test_a_work_up_result_has_a_value_with_a_unit_or_words(
    kari: Patient, nurse: Professional
) -> None:
    found = Found(item="alt", done_on=NOON.date(), value=Decimal(31), unit_of_value="U/l")
    result = actions.record_work_up(
        patient=kari, found=found, entered=entered(), by=nurse, at=NOON
    )
    assert list(WorkUpResult.objects.since(NOON.date())) == [result]
    assert not WorkUpResult.objects.since((NOON + DAY).date())
    for changed, constraint in (
        ({"unit_of_value": ""}, "has_a_unit"),
        ({"value": None, "unit_of_value": ""}, "says_something"),
    ):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            result.revised(reason="x", **changed).save(force_insert=True)


def test_another_entity_sees_no_consent(course: Course, outsider: Professional) -> None:
    for model in (Consent, Registration):
        assert model.objects.exists()
        assert not model.objects.for_professional(outsider)
