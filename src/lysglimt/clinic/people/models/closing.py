"""What a patient has closed, and what was opened all the same in an emergency."""

import uuid
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q

from lysglimt.clinic.people.chapters import Chapter
from lysglimt.clinic.people.facts import Fact, FactQuerySet
from lysglimt.clinic.people.tenancy import OfUnit, OwnedQuerySet
from lysglimt.clinic.sealing.fields import SealedText

from .patients import Patient
from .staff import Professional

CHAPTERS = [(chapter.value, chapter.value) for chapter in Chapter]


class Block(Fact):
    """The patient does not want it read: by ``staff``, or a ``chapter``, or that by them.

    Without a chapter the whole record is closed to the one named; without a name the chapter
    is closed to all but those to whom the patient is assigned.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="blocks")
    staff = models.ForeignKey(
        Professional, on_delete=models.PROTECT, null=True, blank=True, related_name="blocks"
    )
    chapter = models.CharField(max_length=10, blank=True, choices=CHAPTERS)

    to_unit, to_entity = "", "patient__entity"
    to_patient = "patient"
    objects: ClassVar = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="block_is_of_somebody_or_of_something",
                condition=Q(staff__isnull=False) | ~Q(chapter=""),
            ),
            models.CheckConstraint(
                name="block_of_a_known_chapter",
                condition=Q(chapter="") | Q(chapter__in=list(Chapter)),
            ),
        )

    class Register(Fact.Register):
        withheld = frozenset({"patient", "staff", "chapter"})


class EmergencyQuerySet(OwnedQuerySet["EmergencyAccess"]):
    def running(self, at: Any) -> Self:
        """At a time, or where it will stand."""
        return self.filter(until__gt=at, ending__isnull=True)

    def to_acknowledge(self, lead: Professional) -> Self:
        """Of one's own unit, and of the leads of the house's other units; never one's own."""
        theirs = Q(unit=lead.unit_id) | Q(by__role=lead.role)
        return self.for_professional(lead).filter(theirs, review__isnull=True).exclude(by=lead)


class EmergencyAccess(OfUnit):
    """Someone of the unit opened a record that was not open to them, and said why."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="emergencies")
    reason = SealedText(by=("id",))
    opened_at = models.DateTimeField()
    until = models.DateTimeField(db_index=True)

    objects: ClassVar = EmergencyQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="emergency_has_a_reason_and_an_end",
                condition=~Q(reason="") & Q(until__gt=F("opened_at")),
            ),
        )

    class Register(OfUnit.Register):
        withheld = frozenset({"id", "patient", "by", "reason", "opened_at", "until"})

    def __str__(self) -> str:
        return str(self.pk)


class EmergencyEnd(models.Model):
    """Ended before the hour was over."""

    access = models.OneToOneField(
        EmergencyAccess, on_delete=models.PROTECT, primary_key=True, related_name="ending"
    )
    at = models.DateTimeField()

    class Register:
        withheld = frozenset({"access", "at"})

    def __str__(self) -> str:
        return str(self.pk)


class EmergencyReview(models.Model):
    """A unit lead has looked at it, and says what came of it."""

    access = models.OneToOneField(
        EmergencyAccess, on_delete=models.PROTECT, primary_key=True, related_name="review"
    )
    by = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    note = SealedText(by=("access_id",))

    class Meta:
        constraints = (
            models.CheckConstraint(name="review_says_what_was_found", condition=~Q(note="")),
        )

    class Register:
        withheld = frozenset({"access", "by", "at", "note"})

    def __str__(self) -> str:
        return str(self.pk)
