"""New intent or plan at the end of a session: whatever else is amiss, a doctor is called once."""

from uuid import UUID, uuid4

import pytest

from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.actions import Left
from lysglimt.clinic.chairside.models import DischargeRecord, Session, SessionOrder
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.clinic.treatment.models import SafetyTask
from lysglimt.knowledge.verdict import Standing, Verdict
from tests.clinic.conftest import NOON

from .conftest import at_minute, entered, finding, gated, ordered

LEFT = Left(
    answers={"no_new_intent": False},
    verdict=Verdict.of([finding(Standing.MET, "DC-1")]),
    rule_version="2026.1",
)


def says_intent(session: Session, by: Professional, entry: UUID, minute: int) -> None:
    actions.record_discharge(
        session=session, left=LEFT, entered=entered(100, entry), by=by, at=at_minute(minute)
    )


@pytest.mark.parametrize("signed", [True, False])
def test_new_intent_is_written_and_calls_somebody_when_the_order_was_changed_since(
    session: Session,
    order: SessionOrder,
    nurse: Professional,
    psychiatrist: Professional,
    *,
    signed: bool,
) -> None:
    if signed:
        actions.sign_order(order=order, by=psychiatrist, at=NOON)
    actions.change_order(
        order=order,
        ordered=ordered(mg_per_kg="0.4"),
        by=psychiatrist,
        at=at_minute(41),
        reason="Less next time",
    )
    says_intent(session, nurse, uuid4(), 100)
    assert DischargeRecord.objects.get().answers == {"no_new_intent": False}
    task = SafetyTask.objects.open().get()
    # Without a doctor whose name is on the session, who writes it sees to it that one comes.
    assert task.receiver == (psychiatrist if signed else nurse)


def test_new_intent_goes_to_the_doctor_who_opened_the_gate_when_none_has_signed(
    session: Session, nurse: Professional, psychiatrist: Professional
) -> None:
    closed = actions.record_gate(
        session=session,
        gated=gated(Standing.NEEDS_SPECIALIST),
        entered=entered(),
        by=nurse,
        at=NOON,
    )
    why = "Seen and known"
    actions.override_gate(record=closed, by=psychiatrist, at=at_minute(1), reason=why)
    says_intent(session, nurse, uuid4(), 100)
    assert SafetyTask.objects.open().get().receiver == psychiatrist


def test_the_same_checklist_sent_twice_calls_no_doctor_who_has_answered(
    ready: Session, nurse: Professional, psychiatrist: Professional
) -> None:
    entry = uuid4()
    says_intent(ready, nurse, entry, 100)
    treatment.acknowledge_task(
        safety_task=SafetyTask.objects.get(),
        action_taken="Talked",
        by=psychiatrist,
        at=at_minute(105),
    )
    says_intent(ready, nurse, entry, 106)
    assert not SafetyTask.objects.open().exists()
    assert DischargeRecord.objects.count() == 1


def test_the_same_change_of_the_checklist_sent_twice_calls_no_doctor_who_has_answered(
    ready: Session, nurse: Professional, psychiatrist: Professional
) -> None:
    says_intent(ready, nurse, uuid4(), 100)
    first = DischargeRecord.objects.get()
    for minute in (110, 120):
        actions.change_discharge(
            record=first, left=LEFT, by=nurse, at=at_minute(minute), reason="She says it again"
        )
        for task in SafetyTask.objects.open():
            treatment.acknowledge_task(
                safety_task=task,
                action_taken="Talked",
                by=psychiatrist,
                at=at_minute(minute + 5),
            )
    assert SafetyTask.objects.count() == 1, "it was open until she had said it again"
    assert DischargeRecord.objects.count() == 2
