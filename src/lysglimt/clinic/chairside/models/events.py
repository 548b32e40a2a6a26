"""What was done to the pump, and what happened at the chair."""

from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import Q

from lysglimt.clinic.people.facts import Fact, FactQuerySet
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.sealing.fields import SealedText
from lysglimt.knowledge.dosing.delivery import PauseReason, PumpAct

from .session import Session

RUNNING = (PumpAct.START.value, PumpAct.RATE.value, PumpAct.RESUME.value)


class ChairEventKind(StrEnum):
    """The tiles of the chairside page."""

    NAUSEA = "nausea"
    VOMITING = "vomiting"
    ANXIETY = "anxiety"
    HEADACHE = "headache"
    DIZZINESS = "dizziness"
    DISSOCIATION = "dissociation"
    REASSURANCE = "reassurance"
    DOCTOR_CALLED = "doctor_called"
    DOCTOR_CAME = "doctor_came"
    DRUG_GIVEN = "drug_given"
    OXYGEN = "oxygen"
    NEW_INTENT = "new_intent"
    CHECK_PENDING = "check_pending"
    """Two checked something without the network; the second has not signed it."""
    CHECK_SIGNED = "check_signed"
    OTHER = "other"


class PumpEvent(Fact):
    """One act at the pump, at ``happened_at``. A running act states its rate, a pause its reason."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="pump_events")
    act = models.CharField(max_length=8)
    rate_ml_h = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    pause_reason = models.CharField(max_length=20, blank=True)
    # What was typed: of a start that nothing let through what happened, and why.
    comment = SealedText(blank=True)
    # The rules that spoke against it when it was done, by their ids.
    against = SealedText(blank=True)
    # Who answered for a rate or a resumption outside the rules.
    doctor = models.ForeignKey(
        Professional, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    to_unit, to_entity = "session__unit", "session__unit__entity"
    to_patient = "session__course__patient"
    objects: ClassVar = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="pump_event_is_a_known_act",
                condition=Q(act__in=[act.value for act in PumpAct]),
            ),
            models.CheckConstraint(
                name="pump_event_runs_at_a_rate",
                # A check that compares with nothing passes, so that nothing is named.
                condition=Q(act__in=RUNNING, rate_ml_h__isnull=False, rate_ml_h__gt=0)
                | (~Q(act__in=RUNNING) & Q(rate_ml_h__isnull=True)),
            ),
            models.CheckConstraint(
                name="pump_event_pauses_for_a_reason",
                condition=Q(
                    act=PumpAct.PAUSE.value,
                    pause_reason__in=[reason.value for reason in PauseReason],
                )
                | (~Q(act=PumpAct.PAUSE.value) & Q(pause_reason="")),
            ),
        )

    class Register(Fact.Register):
        pseudonymised = frozenset({"session"})
        leaves = frozenset({"act", "rate_ml_h", "pause_reason"})
        withheld = frozenset({"against", "comment", "doctor"})

    def __str__(self) -> str:
        return f"{self.act} {self.happened_at}"


class ChairEvent(Fact):
    """Something happened or was done at the chair, at ``happened_at``."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="chair_events")
    kind = models.CharField(max_length=20)
    # Of a drug given: what, by ATC code, and how much in words ("4 mg iv").
    atc = models.CharField(max_length=7, blank=True)
    amount = SealedText(blank=True)
    comment = SealedText(blank=True)

    to_unit, to_entity = "session__unit", "session__unit__entity"
    to_patient = "session__course__patient"
    objects: ClassVar = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="chair_event_is_of_a_known_kind",
                condition=Q(kind__in=[kind.value for kind in ChairEventKind]),
            ),
            models.CheckConstraint(
                name="chair_event_drug_is_named_with_its_amount",
                condition=~Q(kind=ChairEventKind.DRUG_GIVEN.value) | ~Q(amount=""),
            ),
        )

    class Register(Fact.Register):
        pseudonymised = frozenset({"session"})
        leaves = frozenset({"kind", "atc", "amount"})
        withheld = frozenset({"comment"})

    def __str__(self) -> str:
        return f"{self.kind} {self.happened_at}"
