"""What the patient has had and has tried: diagnoses, medicines, and trials of treatment."""

from datetime import date
from enum import StrEnum
from functools import reduce
from operator import and_
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from lysglimt.clinic.people.facts import Fact, FactQuerySet
from lysglimt.clinic.people.models import Patient
from lysglimt.clinic.sealing.fields import SealedText
from lysglimt.knowledge.eligibility.candidate import DiagnosisStatus
from lysglimt.knowledge.eligibility.trials import Improvement, StimulationKind
from lysglimt.knowledge.medicine import DoseUnit

AT = ("morning", "midday", "evening", "night", "needed")
"""The times of a day at which a dose is taken; the last is beside them, as needed."""


class TreatmentTrial(Fact):
    """One medicine, taken once. Whether it was adequate, and whether it failed, is computed.

    ``mg_per_day`` is the highest dose held (µg for liothyronine), ``weeks`` the time at it,
    ``adherence`` in per cent; ``augments`` is the ATC code of what it was added to. Empty is
    unknown.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="trials")
    atc = models.CharField(max_length=7)
    mg_per_day = models.DecimalField(max_digits=9, decimal_places=3, null=True, blank=True)
    weeks = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    adherence = models.PositiveSmallIntegerField(null=True, blank=True)
    improvement = models.CharField(max_length=12, default=Improvement.UNKNOWN.value)
    current_episode = models.BooleanField(null=True)
    intolerant = models.BooleanField(null=True)
    augments = models.CharField(max_length=7, blank=True)
    serum_in_range = models.BooleanField(null=True)
    serum_mmol_l = models.DecimalField(max_digits=4, decimal_places=2, null=True, blank=True)
    comment = SealedText(blank=True)

    to_unit, to_entity = "", "patient__entity"
    to_patient = "patient"
    objects: ClassVar = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(name="trial_names_its_medicine", condition=~Q(atc="")),
            models.CheckConstraint(
                name="trial_has_a_known_improvement",
                condition=Q(improvement__in=[one.value for one in Improvement]),
            ),
            models.CheckConstraint(
                name="trial_has_a_possible_adherence",
                condition=Q(adherence__isnull=True) | Q(adherence__lte=100),
            ),
            models.CheckConstraint(
                name="trial_dose_and_weeks_are_not_negative",
                condition=(Q(mg_per_day__isnull=True) | Q(mg_per_day__gte=0))
                & (Q(weeks__isnull=True) | Q(weeks__gte=0)),
            ),
        )

    class Register(Fact.Register):
        pseudonymised = frozenset({"patient"})
        leaves = frozenset(
            {
                *("atc", "mg_per_day", "weeks", "adherence", "improvement", "current_episode"),
                *("intolerant", "augments", "serum_in_range", "serum_mmol_l"),
            }
        )
        withheld = frozenset({"comment"})

    def __str__(self) -> str:
        return self.atc


class StimulationSeries(Fact):
    """A series of ECT or rTMS, counted in treatments."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="stimulations")
    kind = models.CharField(max_length=8)
    sessions = models.PositiveSmallIntegerField(null=True, blank=True)
    improvement = models.CharField(max_length=12, default=Improvement.UNKNOWN.value)
    current_episode = models.BooleanField(null=True)

    to_unit, to_entity = "", "patient__entity"
    to_patient = "patient"
    objects: ClassVar = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="stimulation_is_of_a_known_kind",
                condition=Q(kind__in=[kind.value for kind in StimulationKind]),
            ),
            models.CheckConstraint(
                name="stimulation_has_a_known_improvement",
                condition=Q(improvement__in=[one.value for one in Improvement]),
            ),
        )

    class Register(Fact.Register):
        pseudonymised = frozenset({"patient"})
        leaves = frozenset({"kind", "sessions", "improvement", "current_episode"})

    def __str__(self) -> str:
        return self.kind


class Diagnosis(Fact):
    """An ICD-10 code with what it does not say by itself; without status or date it is a question."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="diagnoses")
    code = models.CharField(max_length=8)
    status = models.CharField(max_length=12, blank=True)
    on = models.DateField(null=True, blank=True)
    remission_since = models.DateField(null=True, blank=True)
    controlled = models.BooleanField(null=True)
    severe = models.BooleanField(null=True)
    prescribed = models.BooleanField(null=True)
    comment = SealedText(blank=True)

    to_unit, to_entity = "", "patient__entity"
    to_patient = "patient"
    objects: ClassVar = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(name="diagnosis_has_a_code", condition=~Q(code="")),
            models.CheckConstraint(
                name="diagnosis_has_a_known_status",
                condition=Q(status__in=["", *(status.value for status in DiagnosisStatus)]),
            ),
        )

    class Register(Fact.Register):
        pseudonymised = frozenset({"patient"})
        leaves = frozenset(
            {*("code", "status", "on", "remission_since"), "controlled", "severe", "prescribed"}
        )
        withheld = frozenset({"comment"})

    def __str__(self) -> str:
        return self.code


class MedicineSource(StrEnum):
    """Who or what says that a medicine is taken."""

    PATIENT = "patient"
    RECORD = "record"
    PRESCRIPTIONS = "prescriptions"


class MedicineQuerySet(FactQuerySet["Medicine"]):
    def taken_on(self, day: date) -> Self:
        began = Q(started_on__isnull=True) | Q(started_on__lte=day)
        goes_on = Q(stopped_on__isnull=True) | Q(stopped_on__gt=day)
        return self.in_force().filter(began & goes_on)

    def taken_or_left(self, day: date, *, since: date) -> Self:
        """Those that are taken on a day, and those that were stopped ``since``."""
        began = Q(started_on__isnull=True) | Q(started_on__lte=day)
        stopped = Q(stopped_on__isnull=True) | Q(stopped_on__gte=since)
        return self.in_force().filter(began & stopped)


class Medicine(Fact):
    """A medicine that the patient takes, by ATC code and amount a day; without a code by name.

    The doses of a day are in ``dose_unit``; ``mg_per_day`` is their sum where that is a mass,
    else as it was said. ``needed`` is the most a day beside them. Empty is unknown.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="medicines")
    atc = models.CharField(max_length=7, blank=True)
    name = SealedText(blank=True)
    mg_per_day = models.DecimalField(max_digits=9, decimal_places=3, null=True, blank=True)
    dose_unit = models.CharField(max_length=8, blank=True)
    morning = models.DecimalField(max_digits=9, decimal_places=3, null=True, blank=True)
    midday = models.DecimalField(max_digits=9, decimal_places=3, null=True, blank=True)
    evening = models.DecimalField(max_digits=9, decimal_places=3, null=True, blank=True)
    night = models.DecimalField(max_digits=9, decimal_places=3, null=True, blank=True)
    needed = models.DecimalField(max_digits=9, decimal_places=3, null=True, blank=True)
    source = models.CharField(max_length=16, blank=True)
    as_needed = models.BooleanField(default=False)
    started_on = models.DateField(null=True, blank=True)
    stopped_on = models.DateField(null=True, blank=True)

    to_unit, to_entity = "", "patient__entity"
    to_patient = "patient"
    objects: ClassVar = MedicineQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="medicine_has_a_code_or_a_name", condition=~Q(atc="") | ~Q(name="")
            ),
            models.CheckConstraint(
                name="medicine_doses_have_a_known_unit",
                condition=Q(dose_unit__in=[unit.value for unit in DoseUnit])
                | Q(dose_unit="", **{f"{at}__isnull": True for at in AT}),
            ),
            models.CheckConstraint(
                name="medicine_doses_are_not_negative",
                condition=reduce(
                    and_, (Q(**{f"{at}__isnull": True}) | Q(**{f"{at}__gte": 0}) for at in AT)
                ),
            ),
            models.CheckConstraint(
                name="medicine_is_told_by_a_known_source",
                condition=Q(source__in=["", *(one.value for one in MedicineSource)]),
            ),
            models.CheckConstraint(
                name="medicine_amount_is_not_negative",
                condition=Q(mg_per_day__isnull=True) | Q(mg_per_day__gte=0),
            ),
            models.CheckConstraint(
                name="medicine_stops_after_it_began",
                condition=Q(started_on__isnull=True)
                | Q(stopped_on__isnull=True)
                | Q(stopped_on__gte=F("started_on")),
            ),
        )

    class Register(Fact.Register):
        pseudonymised = frozenset({"patient"})
        leaves = frozenset(
            {
                *("atc", "mg_per_day", "dose_unit", *AT, "source"),
                *("as_needed", "started_on", "stopped_on"),
            }
        )
        withheld = frozenset({"name"})

    def __str__(self) -> str:
        return self.atc or str(self.name)
