"""What is done about the medicines beside the treatment: asked, agreed, tapered, looked at."""

from datetime import date
from enum import StrEnum
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery

from lysglimt.clinic.people.facts import Fact, FactQuerySet
from lysglimt.clinic.people.models import Patient, Unit
from lysglimt.clinic.referral.models import Medicine
from lysglimt.clinic.sealing.fields import SealedText


class MedicinesAsked(Fact):
    """Somebody asked whether anything has changed since last time, and what was answered."""

    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, related_name="medicines_asked"
    )
    changed = models.BooleanField()
    told = SealedText(blank=True)

    to_unit, to_entity = "", "patient__entity"
    to_patient = "patient"
    objects: ClassVar = FactQuerySet.as_manager()

    class Register(Fact.Register):
        pseudonymised = frozenset({"patient"})
        leaves = frozenset({"changed"})
        withheld = frozenset({"told"})


class DoseTiming(Fact):
    """What is agreed of when a needed dose is taken relative to a session.

    Of one revision of the medicine: another dose is discussed anew.
    """

    medicine = models.ForeignKey(Medicine, on_delete=models.PROTECT, related_name="timings")
    agreed = SealedText()

    to_unit, to_entity = "", "medicine__patient__entity"
    to_patient = "medicine__patient"
    objects: ClassVar = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="dose_timing_says_what_is_agreed", condition=~Q(agreed="")
            ),
        )

    class Register(Fact.Register):
        pseudonymised = frozenset({"medicine"})
        withheld = frozenset({"agreed"})


class TaperState(StrEnum):
    """How it goes with a taper, by who looked at it."""

    GOES_ON = "goes_on"
    PAUSED = "paused"
    REACHED = "reached"
    GIVEN_UP = "given_up"


UNDER_WAY = frozenset({TaperState.GOES_ON, TaperState.PAUSED})


class TaperPlanQuerySet(FactQuerySet["TaperPlan"]):
    def late(self, on: date) -> Self:
        """In force, under way, and not looked at on the day that the newest of plan and look names."""
        looks = TaperLook.objects.in_force().filter(taper__entry=OuterRef("entry"))
        newest = looks.order_by("-happened_at", "-pk")
        last = {
            f"last_{name}": Subquery(newest.values(name)[:1])
            for name in ("state", "look_on", "received_at")
        }
        under_way = Q(last_state__in=[state.value for state in UNDER_WAY])
        by_plan = Q(look_on__lt=on, received_at__gt=F("last_received_at"))
        by_look = Q(last_look_on__lt=on, received_at__lte=F("last_received_at"))
        never = Q(last_state__isnull=True, look_on__lt=on)
        return self.in_force().alias(**last).filter(never | (under_way & (by_plan | by_look)))


class TaperPlan(Fact):
    """How a medicine is to be tapered, in the doctor's own words; nothing of it is reckoned here.

    A correction of the plan is its next revision; what was looked at belongs to the entry. ``unit``
    is the one that treats the patient, where it was planned or corrected last.
    """

    medicine = models.ForeignKey(Medicine, on_delete=models.PROTECT, related_name="tapers")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="tapers")
    plan = SealedText()
    starts_on = models.DateField()
    look_on = models.DateField()

    to_unit, to_entity = "unit", "unit__entity"
    to_patient = "medicine__patient"
    objects: ClassVar = TaperPlanQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(name="taper_plan_says_how", condition=~Q(plan="")),
            models.CheckConstraint(
                name="taper_plan_is_looked_at_after_it_began",
                condition=Q(look_on__gte=F("starts_on")),
            ),
        )

    class Register(Fact.Register):
        pseudonymised = frozenset({"medicine"})
        leaves = frozenset({"unit", "starts_on", "look_on"})
        withheld = frozenset({"plan"})


class TaperLook(Fact):
    """Somebody looked at how a taper goes, and said when it is looked at next."""

    taper = models.ForeignKey(TaperPlan, on_delete=models.PROTECT, related_name="looks")
    state = models.CharField(max_length=12)
    told = SealedText()
    look_on = models.DateField(null=True, blank=True)

    to_unit, to_entity = "taper__unit", "taper__unit__entity"
    to_patient = "taper__medicine__patient"
    objects: ClassVar = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="taper_look_has_a_known_state",
                condition=Q(state__in=[state.value for state in TaperState]),
            ),
            models.CheckConstraint(name="taper_look_says_how_it_goes", condition=~Q(told="")),
            models.CheckConstraint(
                name="taper_look_names_the_next_while_it_goes_on",
                condition=Q(
                    state__in=[state.value for state in TaperState if state in UNDER_WAY],
                    look_on__isnull=False,
                )
                | Q(
                    state__in=[state.value for state in TaperState if state not in UNDER_WAY],
                    look_on__isnull=True,
                ),
            ),
        )

    class Register(Fact.Register):
        pseudonymised = frozenset({"taper"})
        leaves = frozenset({"state", "look_on"})
        withheld = frozenset({"told"})
