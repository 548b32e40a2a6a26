"""From the letter to the decision, and those who wait."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from lysglimt.clinic.audit.models import Event
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import LegalEntity, Patient, Professional
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.people.signing import NotADoctor
from lysglimt.clinic.referral import actions, past
from lysglimt.clinic.referral.actions import (
    AlreadySigned,
    Conditions,
    DecisionGone,
    DecisionPending,
    Diagnosed,
    FoundSince,
    NoInterval,
    NotCorrected,
    NotNewest,
    NotOverridden,
    Overridden,
    Recontact,
    Refused,
    RefusedOutOfSight,
    RefusedWithoutPlan,
    SameSigner,
    Settled,
    Taken,
    Tried,
)
from lysglimt.clinic.referral.models import (
    DecisionKind,
    EligibilityDecision,
    Medicine,
    PolicyConditions,
    Referral,
    ReferralLetter,
    ReferralState,
    Refusal,
    SecondSignature,
    TreatmentTrial,
    WaitingContact,
)
from lysglimt.knowledge.eligibility import candidate, trials
from lysglimt.knowledge.medicine import Medicine as Said
from lysglimt.knowledge.verdict import Standing
from tests.clinic.conftest import NOON, Staff

from .conftest import LETTER, Assess, entered, finding, judged

DAY = timedelta(days=1)
ALL_WELL = finding("IN-1", Standing.MET)
RELATIVE = finding("EX-11", Standing.NEEDS_SPECIALIST)
HARD = finding("EX-01", Standing.EXCLUDED)
TOLD: dict[str, Any] = {
    "grounds": "Psychosis",
    "plan": "ECT is offered",
    "complaint_route": "Statsforvalter",
}
REFUSED = Refused(**TOLD, no_recontact="Moves abroad")


def state(referral: Referral) -> str:
    known: Any = Referral.objects.with_state().get(pk=referral.pk)
    return str(known.state)


def test_a_letter_brings_its_deadline(referral: Referral) -> None:
    listed: Any = Referral.objects.awaiting_assessment().get()
    assert (listed.state, listed.assessment_due) == (
        ReferralState.RECEIVED,
        date(2026, 3, 16),
    )
    assert not Referral.objects.assessment_overdue(date(2026, 3, 16))
    assert Referral.objects.assessment_overdue(date(2026, 3, 17)).get() == referral


def test_a_letter_sent_twice_is_one_referral(kari: Patient, nurse: Professional) -> None:
    once = entered()
    for _ in range(2):
        actions.receive_referral(patient=kari, letter=LETTER, by=nurse, at=NOON, entered=once)
    assert (Referral.objects.count(), ReferralLetter.objects.count()) == (1, 1)


def test_another_day_of_receipt_is_another_deadline(
    referral: Referral, psychiatrist: Professional
) -> None:
    letter = ReferralLetter.objects.get()
    corrected = actions.correct(
        fact=letter,
        by=psychiatrist,
        at=NOON,
        reason="Stamped on Monday",
        received_on=date(2026, 3, 9),
    )
    assert (corrected.assessment_due, corrected.by) == (date(2026, 3, 23), psychiatrist)


def test_the_database_refuses_a_letter_from_nobody(referral: Referral) -> None:
    letter = ReferralLetter.objects.get()
    for changed, constraint in (
        ({"sender_kind": "aunt"}, "known_sender"),
        ({"sender_name": ""}, "names_its_sender"),
        ({"assessment_due": letter.received_on}, "assessed_after"),
    ):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            letter.revised(reason="x", **changed).save(force_insert=True)


@pytest.mark.parametrize(
    ("kind", "after"),
    [
        (DecisionKind.ACCEPT, ReferralState.ACCEPTED),
        (DecisionKind.WAIT, ReferralState.WAITING),
        (DecisionKind.REFUSE, ReferralState.REFUSED),
    ],
)
def test_the_state_follows_from_the_decision(
    referral: Referral,
    assess: Assess,
    psychiatrist: Professional,
    kind: DecisionKind,
    after: ReferralState,
) -> None:
    actions.decide_eligibility(assessment=assess(ALL_WELL), kind=kind, by=psychiatrist, at=NOON)
    assert state(referral) == after
    assert not Referral.objects.awaiting_assessment()


def test_the_newest_decision_counts(
    referral: Referral, assess: Assess, psychiatrist: Professional
) -> None:
    first = actions.decide_eligibility(
        assessment=assess(ALL_WELL), kind=DecisionKind.WAIT, by=psychiatrist, at=NOON
    )
    second = actions.decide_eligibility(
        assessment=assess(ALL_WELL), kind=DecisionKind.ACCEPT, by=psychiatrist, at=NOON + DAY
    )
    assert state(referral) == ReferralState.ACCEPTED
    actions.strike(fact=second, by=psychiatrist, at=NOON + DAY, reason="Other patient")
    assert state(referral) == ReferralState.WAITING
    assert EligibilityDecision.objects.standing().get() == first


def test_an_assessment_keeps_what_was_asked_and_answered(assess: Assess) -> None:
    kept = assess(ALL_WELL, HARD)
    assert (kept.standing, kept.candidate) == (Standing.EXCLUDED, {"sex": "f"})
    assert [one["criterion"] for one in kept.verdict] == ["IN-1", "EX-01"]
    assert kept.verdict[0]["reason"] == {"nb": "Grunn", "en": "Reason"}


def test_a_criterion_is_set_aside_with_a_reason_or_not_at_all(
    referral: Referral, assess: Assess, psychiatrist: Professional
) -> None:
    assessment = assess(ALL_WELL, RELATIVE)
    with pytest.raises(NotOverridden) as refusal:
        actions.decide_eligibility(
            assessment=assessment,
            kind=DecisionKind.ACCEPT,
            by=psychiatrist,
            at=NOON,
            overrides=[Overridden(criterion="EX-11", reason=" ")],
        )
    assert refusal.value.facts["value"] == ["EX-11"]
    decision = actions.decide_eligibility(
        assessment=assessment,
        kind=DecisionKind.ACCEPT,
        by=psychiatrist,
        at=NOON,
        overrides=[Overridden(criterion="EX-11", reason="Eye doctor agrees")],
    )
    assert [(one.criterion, one.reason) for one in decision.overrides.all()] == [
        ("EX-11", "Eye doctor agrees")
    ]
    assert state(referral) == ReferralState.ACCEPTED


def test_against_a_hard_exclusion_two_doctors_sign(
    referral: Referral, assess: Assess, psychiatrist: Professional, staff: Staff
) -> None:
    decision = actions.decide_eligibility(
        assessment=assess(HARD, HARD),
        kind=DecisionKind.ACCEPT,
        by=psychiatrist,
        at=NOON,
        overrides=[Overridden(criterion="EX-01", reason="In remission for 20 years")],
    )
    assert state(referral) == ReferralState.RECEIVED
    assert EligibilityDecision.objects.awaiting_second_signature().get() == decision
    with pytest.raises(SameSigner):
        actions.sign_second(decision=decision, found=(), by=psychiatrist, at=NOON)
    other = staff(psychiatrist.unit, Role.ANAESTHETIST)
    actions.sign_second(decision=decision, found=(), by=other, at=NOON)
    assert state(referral) == ReferralState.ACCEPTED
    with pytest.raises(AlreadySigned):
        actions.sign_second(decision=decision, found=(), by=other, at=NOON)
    assert Event.objects.filter(operation="referral.sign_second").count() == 1


@pytest.mark.parametrize(
    ("criterion", "standing", "stands"),
    [
        pytest.param("EX-01", Standing.EXCLUDED, True, id="what was set aside"),
        pytest.param("EX-05", Standing.EXCLUDED, False, id="an aneurysm recorded since"),
        pytest.param("EX-11", Standing.UNKNOWN, False, id="a question that has opened since"),
        pytest.param("EX-21", Standing.CAUTION, True, id="what needs no reason"),
    ],
)
def test_the_second_signature_covers_what_the_first_answered_for(
    referral: Referral,
    assess: Assess,
    psychiatrist: Professional,
    staff: Staff,
    criterion: str,
    standing: Standing,
    *,
    stands: bool,
) -> None:
    decision = accepted_against_a_hard_exclusion(assess, psychiatrist)
    other = staff(psychiatrist.unit, Role.ANAESTHETIST)
    found = [HARD, finding(criterion, standing)]
    if stands:
        actions.sign_second(decision=decision, found=found, by=other, at=NOON)
    else:
        with pytest.raises(FoundSince, match=criterion):
            actions.sign_second(decision=decision, found=found, by=other, at=NOON)
    assert state(referral) == (ReferralState.ACCEPTED if stands else ReferralState.RECEIVED)


def test_what_was_open_and_is_found_now_was_not_answered_for(
    assess: Assess, psychiatrist: Professional, staff: Staff
) -> None:
    decision = actions.decide_eligibility(
        assessment=assess(finding("EX-05", Standing.UNKNOWN)),
        kind=DecisionKind.ACCEPT,
        by=psychiatrist,
        at=NOON,
        overrides=[Overridden(criterion="EX-05", reason="No suspicion")],
    )
    other = staff(psychiatrist.unit, Role.ANAESTHETIST)
    found = [finding("EX-05", Standing.EXCLUDED)]
    with pytest.raises(FoundSince):
        actions.sign_second(decision=decision, found=found, by=other, at=NOON)


def test_one_acceptance_at_a_time_waits_for_a_second_doctor(
    referral: Referral, assess: Assess, psychiatrist: Professional
) -> None:
    first = accepted_against_a_hard_exclusion(assess, psychiatrist)
    with pytest.raises(DecisionPending):
        accepted_against_a_hard_exclusion(assess, psychiatrist)
    again = actions.assess_and_decide(
        referral=referral,
        judged=judged(HARD),
        decided=Settled(
            kind=DecisionKind.ACCEPT,
            overrides=[Overridden(criterion="EX-01", reason="Asked a colleague")],
            replaces=first.pk,
        ),
        by=psychiatrist,
        at=NOON,
    )
    waiting = EligibilityDecision.objects.awaiting_second_signature()
    assert waiting.get() == again
    actions.decide_eligibility(
        assessment=assess(HARD), kind=DecisionKind.WAIT, by=psychiatrist, at=NOON
    )
    assert not waiting.exists()
    assert state(referral) == ReferralState.WAITING


def accepted_against_a_hard_exclusion(assess: Assess, by: Professional) -> EligibilityDecision:
    return actions.decide_eligibility(
        assessment=assess(HARD),
        kind=DecisionKind.ACCEPT,
        by=by,
        at=NOON,
        overrides=[Overridden(criterion="EX-01", reason="In remission for 20 years")],
    )


def test_a_nurse_decides_nothing_and_is_no_second_doctor(
    assess: Assess, psychiatrist: Professional, nurse: Professional
) -> None:
    decision = accepted_against_a_hard_exclusion(assess, psychiatrist)
    with pytest.raises(NotADoctor):
        actions.sign_second(decision=decision, found=(), by=nurse, at=NOON)
    with pytest.raises(NotADoctor):
        accepted_against_a_hard_exclusion(assess, nurse)
    assert not SecondSignature.objects.exists()


def test_a_struck_decision_is_signed_by_nobody(
    assess: Assess, psychiatrist: Professional, staff: Staff
) -> None:
    decision = accepted_against_a_hard_exclusion(assess, psychiatrist)
    struck = actions.strike(fact=decision, by=psychiatrist, at=NOON, reason="Other patient")
    other = staff(psychiatrist.unit, Role.ANAESTHETIST)
    for gone in (decision, struck):
        with pytest.raises(DecisionGone):
            actions.sign_second(decision=gone, found=(), by=other, at=NOON)


def test_a_refusal_is_not_corrected_into_an_acceptance(
    referral: Referral, assess: Assess, psychiatrist: Professional
) -> None:
    decision = actions.decide_eligibility(
        assessment=assess(HARD), kind=DecisionKind.REFUSE, by=psychiatrist, at=NOON
    )
    with pytest.raises(NotCorrected):
        actions.correct(fact=decision, by=psychiatrist, at=NOON, reason="x", kind="accept")
    assert state(referral) == ReferralState.REFUSED


def test_a_decision_rests_on_the_newest_assessment(
    referral: Referral, assess: Assess, psychiatrist: Professional
) -> None:
    read = assess(ALL_WELL)
    assess(HARD)
    with pytest.raises(NotNewest):
        actions.decide_eligibility(
            assessment=read, kind=DecisionKind.ACCEPT, by=psychiatrist, at=NOON
        )
    assert state(referral) == ReferralState.RECEIVED


def test_the_database_refuses_two_signatures_by_one_hand(
    assess: Assess, psychiatrist: Professional
) -> None:
    decision = actions.decide_eligibility(
        assessment=assess(HARD),
        kind=DecisionKind.ACCEPT,
        by=psychiatrist,
        at=NOON,
        overrides=[Overridden(criterion="EX-01", reason="x")],
    )
    with pytest.raises(IntegrityError, match="by_another"), transaction.atomic():
        SecondSignature.objects.create(
            decision=decision, first=psychiatrist, by=psychiatrist, at=NOON
        )


def test_a_refusal_carries_a_plan_and_the_way_to_complain(
    referral: Referral, assess: Assess, psychiatrist: Professional
) -> None:
    with pytest.raises(RefusedWithoutPlan) as refusal:
        actions.refuse(
            assessment=assess(HARD),
            refused=Refused(grounds="Psychosis", plan=" ", complaint_route="x"),
            by=psychiatrist,
            at=NOON,
        )
    assert refusal.value.facts["field"] == "plan"
    assert not EligibilityDecision.objects.exists()
    actions.refuse(assessment=assess(HARD), refused=REFUSED, by=psychiatrist, at=NOON)
    assert state(referral) == ReferralState.REFUSED
    said = Refusal.objects.get()
    assert (said.plan, said.decision.kind) == ("ECT is offered", "refuse")
    corrected = actions.correct(
        fact=said, by=psychiatrist, at=NOON, reason="Spelling", plan="ECT"
    )
    assert Refusal.objects.in_force().get() == corrected


def test_a_refused_patient_is_contacted_again_from_the_day_that_was_named(
    referral: Referral, assess: Assess, nurse: Professional, psychiatrist: Professional
) -> None:
    actions.name_contact(
        referral=referral, contact=psychiatrist, every_days=7, by=nurse, at=NOON
    )
    day = NOON.date() + timedelta(days=30)
    refused = Refused(**TOLD, recontact=Recontact(nurse, day))
    actions.refuse(assessment=assess(HARD), refused=refused, by=psychiatrist, at=NOON)
    [contact] = WaitingContact.objects.in_force()
    assert (contact.contact, contact.recontact_on, contact.every_days) == (nurse, day, 30)


def test_without_re_contact_the_reason_stands_and_nobody_is_reminded(
    referral: Referral, assess: Assess, nurse: Professional, psychiatrist: Professional
) -> None:
    actions.name_contact(referral=referral, contact=nurse, every_days=7, by=nurse, at=NOON)
    actions.refuse(assessment=assess(HARD), refused=REFUSED, by=psychiatrist, at=NOON)
    assert Refusal.objects.get().no_recontact == "Moves abroad"
    assert not WaitingContact.objects.current().exists()


@pytest.mark.parametrize(
    ("days", "reason", "field"),
    [
        pytest.param(None, " ", "recontact_on", id="neither a day nor a reason"),
        pytest.param(30, "Moves", "no_recontact", id="both a day and a reason"),
        pytest.param(0, "", "recontact_on", id="today is not again"),
    ],
)
def test_nobody_is_refused_out_of_sight(
    referral: Referral,
    assess: Assess,
    nurse: Professional,
    psychiatrist: Professional,
    days: int | None,
    reason: str,
    field: str,
) -> None:
    again = None if days is None else Recontact(nurse, NOON.date() + timedelta(days=days))
    refused = Refused(**TOLD, recontact=again, no_recontact=reason)
    with pytest.raises(RefusedOutOfSight) as refusal:
        actions.refuse(assessment=assess(HARD), refused=refused, by=psychiatrist, at=NOON)
    assert refusal.value.facts["field"] == field
    assert not EligibilityDecision.objects.exists()
    assert not WaitingContact.objects.exists()


def test_who_waits_has_a_named_contact_and_a_day(
    referral: Referral, nurse: Professional, psychiatrist: Professional
) -> None:
    with pytest.raises(NoInterval):
        actions.name_contact(referral=referral, contact=nurse, every_days=0, by=nurse, at=NOON)
    for contact, days in ((psychiatrist, 7), (nurse, 14)):
        actions.name_contact(
            referral=referral, contact=contact, every_days=days, by=nurse, at=NOON
        )
    current = WaitingContact.objects.current().get()
    assert (current.contact, current.recontact_on) == (nurse, date(2026, 3, 16))
    assert not WaitingContact.objects.due(date(2026, 3, 15))
    assert WaitingContact.objects.due(date(2026, 3, 16)).get() == current


def test_a_patient_who_was_reached_is_rung_again_after_the_interval(
    referral: Referral, nurse: Professional
) -> None:
    actions.name_contact(referral=referral, contact=nurse, every_days=14, by=nurse, at=NOON)
    when = NOON + 10 * DAY
    rung = Entered(happened_at=when, entered_at=when)
    for reached, due in ((False, date(2026, 3, 16)), (True, date(2026, 3, 26))):
        actions.record_contact(
            referral=referral,
            reached=reached,
            entered=Entered(happened_at=when, entered_at=when) if not reached else rung,
            by=nurse,
            at=when,
        )
        assert WaitingContact.objects.current().get().recontact_on == due
    actions.record_contact(referral=referral, reached=True, entered=rung, by=nurse, at=when)
    assert WaitingContact.objects.count() == 2


def test_the_past_reaches_the_rules_as_it_was_said(kari: Patient, nurse: Professional) -> None:
    trial = trials.TreatmentTrial(
        atc="N06AB06",
        mg_per_day=Decimal(100),
        weeks=Decimal(8),
        adherence=90,
        improvement=trials.Improvement.BELOW_25,
        current_episode=True,
        augments="N06AX16",
    )
    series = trials.Stimulation(trials.StimulationKind.ECT, sessions=8)
    diagnosis = candidate.Diagnosis("F33.2", status=candidate.DiagnosisStatus.CURRENT)
    unclear = candidate.Diagnosis("F10")
    said = Said("N05BA01", Decimal(10), "diazepam")
    entering: dict[str, Any] = {"patient": kari, "by": nurse, "at": NOON}
    actions.record_trial(tried=Tried(trial=trial), entered=entered(), **entering)
    actions.record_stimulation(series=series, entered=entered(), **entering)
    for one in (diagnosis, unclear):
        actions.record_diagnosis(
            diagnosed=Diagnosed(diagnosis=one), entered=entered(), **entering
        )
    actions.record_medicine(taken=Taken(medicine=said), entered=entered(), **entering)
    assert past.history(kari) == candidate.History(trials=(trial,), stimulation=(series,))
    assert past.diagnoses(kari) == (diagnosis, unclear)
    taken = Medicine.objects.taken_on(NOON.date()).filter(patient=kari)
    assert past.taken(taken) == (said,)


def test_a_medicine_that_was_stopped_is_taken_no_more(
    kari: Patient, nurse: Professional
) -> None:
    taken = Taken(
        medicine=Said("N05BA01"), started_on=date(2026, 1, 1), stopped_on=date(2026, 2, 1)
    )
    actions.record_medicine(patient=kari, taken=taken, entered=entered(), by=nurse, at=NOON)
    on = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 1)]
    assert [Medicine.objects.taken_on(day).exists() for day in on] == [False, True, True, False]


def test_a_struck_trial_is_not_counted(kari: Patient, nurse: Professional) -> None:
    trial = actions.record_trial(
        patient=kari,
        tried=Tried(trial=trials.TreatmentTrial("N06AB06")),
        entered=entered(),
        by=nurse,
        at=NOON,
    )
    actions.strike(fact=trial, by=nurse, at=NOON, reason="Other patient")
    assert past.history(kari).trials == ()
    assert TreatmentTrial.objects.count() == 2


def test_conditions_are_a_record_with_a_source(
    hospital: LegalEntity, psychiatrist: Professional
) -> None:
    said = Conditions(
        decision="Ketamine, treatment-resistant depression",
        source="hope",
        decided_on=date(2025, 8, 25),
        conditions=["register or study"],
        review_by=date(2028, 12, 31),
    )
    row = actions.state_conditions(entity=hospital, said=said, by=psychiatrist, at=NOON)
    assert PolicyConditions.objects.for_professional(psychiatrist).get() == row
    with pytest.raises(IntegrityError, match="their_source"), transaction.atomic():
        row.revised(reason="x", source="").save(force_insert=True)


def test_another_entity_sees_no_referral(
    referral: Referral, assess: Assess, outsider: Professional
) -> None:
    assessment = assess(ALL_WELL)
    for model in (Referral, ReferralLetter, type(assessment)):
        assert model.objects.in_unit(referral.unit_id).exists()
        assert not model.objects.for_professional(outsider)
