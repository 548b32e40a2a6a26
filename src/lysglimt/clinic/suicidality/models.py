"""Kept in touch with: attempts to ask, the patient's own safety plan, and what the unit has chosen."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from lysglimt.clinic.people.facts import Fact, FactQuerySet
from lysglimt.clinic.people.models import Patient
from lysglimt.clinic.people.tenancy import OfUnit
from lysglimt.clinic.sealing.fields import SealedText
from lysglimt.knowledge.safety.suicidality import Promptness


class NoteKind(StrEnum):
    """What became of an occasion to ask, where nobody could."""

    NOT_REACHED = "not_reached"
    ENDED = "ended"
    """Nobody asks any more, and the note says why."""


class AskingNote(Fact, OfUnit):
    """Somebody tried and did not reach the patient, or wrote why nobody asks any more."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="asking_notes")
    kind = models.CharField(max_length=12)
    told = SealedText()

    to_patient = "patient"
    objects: ClassVar = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="asking_note_is_of_a_known_kind",
                condition=Q(kind__in=[kind.value for kind in NoteKind]),
            ),
            models.CheckConstraint(name="asking_note_says_something", condition=~Q(told="")),
        )

    class Register(Fact.Register, OfUnit.Register):
        pseudonymised = frozenset({"patient"})
        leaves = frozenset({"kind"})
        withheld = frozenset({"told"})


PARTS = ("signs", "alone", "company", "helpers", "services", "surroundings")
"""Of a safety plan, in the order in which it is read."""


class SafetyPlan(Fact):
    """What a patient does when it gets worse, in the patient's own words; made together.

    A change is the next revision. An empty part is one that was not filled in.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="safety_plans")
    signs = SealedText(blank=True)
    alone = SealedText(blank=True)
    company = SealedText(blank=True)
    helpers = SealedText(blank=True)
    services = SealedText(blank=True)
    surroundings = SealedText(blank=True)

    to_unit, to_entity = "", "patient__entity"
    to_patient = "patient"
    objects: ClassVar = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                name="safety_plan_one_a_patient",
                fields=("patient",),
                condition=Q(revision=1),
            ),
            models.CheckConstraint(
                name="safety_plan_says_something",
                condition=~Q(**dict.fromkeys(PARTS, "")),
            ),
        )

    class Register(Fact.Register):
        pseudonymised = frozenset({"patient"})
        withheld = frozenset({*PARTS})


class CrisisTextQuerySet(FactQuerySet["CrisisText"]):
    def newest_first(self) -> Self:
        """What the unit has said, the last first: that holds."""
        return self.in_force().order_by("-received_at", "-pk")


class CrisisText(Fact, OfUnit):
    """What the unit's patients are told to do in a crisis, with the numbers, in the unit's words."""

    text_nb = models.TextField()
    text_en = models.TextField(blank=True)

    objects: ClassVar = CrisisTextQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="crisis_text_says_what_to_do", condition=~Q(text_nb="")
            ),
        )

    class Register(Fact.Register, OfUnit.Register):
        withheld = frozenset({"text_nb", "text_en"})

    def in_language(self, language: str) -> str:
        """Norwegian where there is no English."""
        return self.text_en if language == "en" and self.text_en else self.text_nb


class AnswerDeadlinesQuerySet(FactQuerySet["AnswerDeadlines"]):
    def newest_first(self) -> Self:
        return self.in_force().order_by("-received_at", "-pk")


class AnswerDeadlines(Fact, OfUnit):
    """How soon the unit answers for a task, in minutes; what was chosen last holds from then on."""

    doctor_now = models.PositiveIntegerField()
    same_day = models.PositiveIntegerField()
    next_contact = models.PositiveIntegerField()

    objects: ClassVar = AnswerDeadlinesQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="answer_deadlines_are_above_nothing",
                condition=Q(doctor_now__gte=1, same_day__gte=1, next_contact__gte=1),
            ),
        )

    class Register(Fact.Register, OfUnit.Register):
        leaves = frozenset({"doctor_now", "same_day", "next_contact"})

    def within(self) -> dict[Promptness, timedelta]:
        return {
            Promptness.DOCTOR_NOW: timedelta(minutes=self.doctor_now),
            Promptness.SAME_DAY: timedelta(minutes=self.same_day),
            Promptness.NEXT_CONTACT: timedelta(minutes=self.next_contact),
        }

    def held_at(self, at: datetime) -> bool:
        return self.received_at <= at
