"""Observations: what was measured, what was not and why."""

from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from lysglimt.clinic.people.facts import Fact, FactQuerySet
from lysglimt.clinic.sealing.fields import SealedJSON, SealedText

from .monitor import MonitorReading, within
from .session import Session

MEASURES = (
    *("systolic", "diastolic", "pulse", "spo2", "respiration", "sedation"),
    *("dissociation", "distress", "nausea", "temperature"),
)
"""The columns of a set, in the order of the chart."""


class SessionPhase(StrEnum):
    BEFORE = "before"
    INFUSION = "infusion"
    DEVICES = "devices"
    OBSERVATION = "observation"
    READY = "ready"


class SedationScale(StrEnum):
    MOAAS = "moaas"
    RASS = "rass"


class VitalSet(Fact):
    """One set of observations. ``happened_at`` is when it was measured.

    mmHg, beats and breaths a minute, per cent; MOAA/S 0-5 or RASS -5 to +4; the rest 0-10.
    ``not_measured`` says of a column why it is empty.
    """

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="vital_sets")
    phase = models.CharField(max_length=16)
    systolic = models.PositiveSmallIntegerField(null=True, blank=True)
    diastolic = models.PositiveSmallIntegerField(null=True, blank=True)
    pulse = models.PositiveSmallIntegerField(null=True, blank=True)
    spo2 = models.PositiveSmallIntegerField(null=True, blank=True)
    respiration = models.PositiveSmallIntegerField(null=True, blank=True)
    sedation_scale = models.CharField(max_length=8, blank=True)
    sedation = models.SmallIntegerField(null=True, blank=True)
    dissociation = models.PositiveSmallIntegerField(null=True, blank=True)
    distress = models.PositiveSmallIntegerField(null=True, blank=True)
    nausea = models.PositiveSmallIntegerField(null=True, blank=True)
    temperature = models.DecimalField(max_digits=3, decimal_places=1, null=True, blank=True)
    on_oxygen = models.BooleanField(default=False)
    # What was seen or told and has no number: ids such as "chest_pain".
    signs = models.JSONField(default=list, blank=True)
    # Of the signs told before, those that were asked about and are over.
    signs_over = models.JSONField(default=list, blank=True)
    not_measured = SealedJSON(default=dict, blank=True)
    comment = SealedText(blank=True)
    # What a monitor measured, and whoever charted the set took over.
    from_monitor = models.ForeignKey(
        MonitorReading, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    to_unit, to_entity = "session__unit", "session__unit__entity"
    to_patient = "session__course__patient"
    objects: ClassVar = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="vital_set_is_of_a_known_phase",
                condition=Q(phase__in=[phase.value for phase in SessionPhase]),
            ),
            models.CheckConstraint(
                name="vital_set_is_possible",
                condition=within(
                    systolic=(30, 300),
                    diastolic=(10, 200),
                    pulse=(0, 300),
                    spo2=(0, 100),
                    respiration=(0, 80),
                    dissociation=(0, 10),
                    distress=(0, 10),
                    nausea=(0, 10),
                    temperature=(25, 45),
                ),
            ),
            models.CheckConstraint(
                name="vital_set_diastolic_is_below_systolic",
                condition=Q(systolic__isnull=True)
                | Q(diastolic__isnull=True)
                | Q(diastolic__lt=F("systolic")),
            ),
            models.CheckConstraint(
                name="vital_set_sedation_is_on_a_scale",
                condition=Q(sedation__isnull=True)
                | Q(sedation_scale=SedationScale.MOAAS.value, sedation__range=(0, 5))
                | Q(sedation_scale=SedationScale.RASS.value, sedation__range=(-5, 4)),
            ),
        )

    class Register(Fact.Register):
        pseudonymised = frozenset({"session"})
        leaves = frozenset(
            {*MEASURES, "phase", "sedation_scale", "on_oxygen", "signs", "signs_over"}
        )
        withheld = frozenset({"not_measured", "comment", "from_monitor"})

    def __str__(self) -> str:
        return f"{self.systolic}/{self.diastolic}"
