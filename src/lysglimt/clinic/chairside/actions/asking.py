"""What the start check has asked of medicines stands with the medicines too."""

from collections.abc import Iterable
from uuid import UUID, uuid5

from django.db import transaction

from lysglimt.clinic.chairside.models import StartGateRecord
from lysglimt.clinic.medicines.actions import record_asked
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Entered

NOTHING_NEW, UNCHANGED = "nothing_new", "yes"
"""The condition that asks about illness and medicines, and its yes as typed."""


@transaction.atomic
def enter_gate(gate: StartGateRecord, *, patients: Iterable[UUID]) -> StartGateRecord:
    """The record of the gate, and what was answered about medicines: nobody is asked twice."""
    stored = people.enter(gate, operation="session.record_gate", patients=patients)
    answer = gate.answers.get(NOTHING_NEW)
    if stored is gate and answer:
        record_asked(
            patient=gate.session.course.patient,
            changed=answer != UNCHANGED,
            entered=Entered(
                entry=uuid5(gate.entry, NOTHING_NEW),
                happened_at=gate.happened_at,
                entered_at=gate.entered_at,
            ),
            by=gate.by,
            at=gate.received_at,
        )
    return stored
