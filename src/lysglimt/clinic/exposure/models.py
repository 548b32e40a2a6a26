"""What is seen over months: answers of the laboratory, checks made, doses elsewhere, holds lifted, stops."""

from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from lysglimt.clinic.people.facts import Fact, FactQuerySet
from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.clinic.people.tenancy import OfUnit
from lysglimt.clinic.sealing.fields import SealedText
from lysglimt.clinic.treatment.models import Course, CourseDecision


class Sign(StrEnum):
    """The answer of a test that has no amount."""

    NEGATIVE = "negative"
    POSITIVE = "positive"


class Said(StrEnum):
    """Not known is an answer."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"

    @property
    def known(self) -> bool | None:
        return {Said.YES: True, Said.NO: False}.get(self)


class LabResult(Fact, OfUnit):
    """One answer of a laboratory: an amount, or a sign, or why it was not taken.

    The limits are the laboratory's own, as they stood beside the value; empty where they were
    not written. ``circumstance`` answers the question of its panel.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="lab_results")
    analyte = models.SlugField(max_length=30)
    value = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    unit_of_value = models.CharField(max_length=20, blank=True)
    sign = models.CharField(max_length=8, blank=True)
    lower_limit = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    upper_limit = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    circumstance = models.CharField(max_length=8, blank=True)
    taken_on = models.DateField()
    laboratory = models.CharField(max_length=80, blank=True)
    not_taken = SealedText(blank=True)

    to_patient = "patient"
    objects: ClassVar = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="lab_result_is_an_amount_a_sign_or_not_taken",
                condition=Q(value__isnull=False, sign="", not_taken="") & ~Q(unit_of_value="")
                | Q(value__isnull=True, not_taken="", sign__in=[sign.value for sign in Sign])
                | Q(value__isnull=True, sign="") & ~Q(not_taken=""),
            ),
            models.CheckConstraint(
                name="lab_result_has_a_known_circumstance",
                condition=Q(circumstance__in=["", *(said.value for said in Said)]),
            ),
            models.CheckConstraint(
                name="lab_result_limits_are_in_order",
                condition=Q(lower_limit__isnull=True)
                | Q(upper_limit__isnull=True)
                | Q(upper_limit__gt=F("lower_limit")),
            ),
            models.CheckConstraint(
                name="lab_result_upper_limit_is_above_nothing", condition=Q(upper_limit__gt=0)
            ),
        )

    class Register(Fact.Register, OfUnit.Register):
        pseudonymised = frozenset({"patient"})
        leaves = frozenset(
            {
                *("analyte", "value", "unit_of_value", "sign", "lower_limit", "upper_limit"),
                *("circumstance", "taken_on"),
            }
        )
        withheld = frozenset({"laboratory", "not_taken"})


class CheckMade(Fact, OfUnit):
    """A check that is no instrument and no laboratory value was made, or why it was not.

    ``answers`` are those of its questions, by their ids.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="checks_made")
    item = models.SlugField(max_length=40)
    made = models.BooleanField()
    made_on = models.DateField()
    answers = models.JSONField(default=dict)
    told = SealedText(blank=True)

    to_patient = "patient"
    objects: ClassVar = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="check_made_or_says_why_not", condition=Q(made=True) | ~Q(told="")
            ),
        )

    class Register(Fact.Register, OfUnit.Register):
        pseudonymised = frozenset({"patient"})
        leaves = frozenset({"item", "made", "made_on", "answers"})
        withheld = frozenset({"told"})


class HoldLifted(Fact, OfUnit):
    """A doctor lets the treatment go on in spite of what was found: ``by`` signs.

    ``keys`` are the results that were answered for, ``findings`` what the page said of them.
    ``second`` is the other doctor who signs, where the treatment was to be stopped.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="holds_lifted")
    rule = models.CharField(max_length=20)
    keys = models.JSONField()
    findings = models.JSONField()
    told = SealedText()
    second = models.ForeignKey(
        Professional, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    to_patient = "patient"
    objects: ClassVar = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(name="hold_lifted_says_why", condition=~Q(told="")),
            models.CheckConstraint(
                name="hold_lifted_by_another_doctor_too",
                condition=Q(second__isnull=True) | ~Q(second=F("by")),
            ),
        )

    class Register(Fact.Register, OfUnit.Register):
        pseudonymised = frozenset({"patient"})
        leaves = frozenset({"rule"})
        withheld = frozenset({"keys", "findings", "told", "second"})


class Substance(StrEnum):
    """What was given in another place."""

    KETAMINE = "ketamine"
    ESKETAMINE = "esketamine"
    UNKNOWN = "unknown"


class ToldBy(StrEnum):
    """From whom it is known."""

    PATIENT = "patient"
    LETTER = "letter"
    RECORD = "record"


class DoseElsewhere(Fact, OfUnit):
    """What was given in another place, as it was told. What is empty is not known."""

    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, related_name="doses_elsewhere"
    )
    substance = models.CharField(max_length=12)
    place = SealedText(blank=True)
    first_on = models.DateField(null=True, blank=True)
    last_on = models.DateField(null=True, blank=True)
    sessions = models.PositiveSmallIntegerField(null=True, blank=True)
    mg = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    told_by = models.CharField(max_length=8)
    told = SealedText(blank=True)

    to_patient = "patient"
    objects: ClassVar = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="dose_elsewhere_is_known",
                condition=Q(
                    substance__in=[one.value for one in Substance],
                    told_by__in=[one.value for one in ToldBy],
                ),
            ),
            models.CheckConstraint(
                name="dose_elsewhere_ends_after_it_began",
                condition=Q(first_on__isnull=True)
                | Q(last_on__isnull=True)
                | Q(last_on__gte=F("first_on")),
            ),
            models.CheckConstraint(
                name="dose_elsewhere_was_given",
                condition=(Q(sessions__isnull=True) | Q(sessions__gte=1))
                & (Q(mg__isnull=True) | Q(mg__gt=0)),
            ),
        )

    class Register(Fact.Register, OfUnit.Register):
        pseudonymised = frozenset({"patient"})
        leaves = frozenset({"substance", "first_on", "last_on", "sessions", "mg", "told_by"})
        withheld = frozenset({"place", "told"})


class SafetyStop(Fact):
    """The treatment was stopped for safety: why, what is done now, and who sees to the patient.

    ``decision`` is the stop of the course, ``findings`` what held the treatment then, as the
    page said it. ``by`` signs.
    """

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="safety_stops")
    decision = models.OneToOneField(
        CourseDecision, on_delete=models.PROTECT, related_name="safety_stop"
    )
    findings = models.JSONField(default=list)
    told = SealedText()
    plan = SealedText()
    responsible = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    next_contact_on = models.DateField()

    to_unit, to_entity = "course__unit", "course__unit__entity"
    to_patient = "course__patient"
    objects: ClassVar = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="safety_stop_says_why_and_what_now", condition=~Q(told="") & ~Q(plan="")
            ),
        )

    class Register(Fact.Register):
        pseudonymised = frozenset({"course", "decision"})
        leaves = frozenset({"next_contact_on"})
        withheld = frozenset({"findings", "told", "plan", "responsible"})
