"""What breaks into a course: an event that calls for a stop, or a planned absence."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from lysglimt.clinic.people.facts import Fact, FactQuerySet
from lysglimt.clinic.sealing.fields import SealedText
from lysglimt.knowledge.protocols.facts import TriggerKind

from .course import Course


class StopTrigger(Fact):
    """An event after which a course is to be stopped; ``reversible`` when its cause was removed."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="triggers")
    kind = models.CharField(max_length=24)
    reversible = models.BooleanField(default=False)
    note = SealedText(blank=True)

    to_unit, to_entity = "course__unit", "course__unit__entity"
    to_patient = "course__patient"
    objects: ClassVar = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="stop_trigger_is_of_a_known_kind",
                condition=Q(kind__in=[kind.value for kind in TriggerKind]),
            ),
        )

    class Register(Fact.Register):
        pseudonymised = frozenset({"course"})
        leaves = frozenset({"kind", "reversible"})
        withheld = frozenset({"note"})

    def __str__(self) -> str:
        return f"{self.course_id}: {self.kind}"


class CoursePause(Fact):
    """The patient is away, from one day to and including another (empty: until further notice)."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="pauses")
    first_day = models.DateField()
    last_day = models.DateField(null=True, blank=True)
    why = SealedText()

    to_unit, to_entity = "course__unit", "course__unit__entity"
    to_patient = "course__patient"
    objects: ClassVar = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="course_pause_ends_on_or_after_its_first_day",
                condition=Q(last_day__isnull=True) | Q(last_day__gte=F("first_day")),
            ),
            models.CheckConstraint(name="course_pause_says_why", condition=~Q(why="")),
        )

    class Register(Fact.Register):
        pseudonymised = frozenset({"course"})
        leaves = frozenset({"first_day", "last_day"})
        withheld = frozenset({"why"})

    def __str__(self) -> str:
        return f"{self.course_id}: {self.first_day}"
