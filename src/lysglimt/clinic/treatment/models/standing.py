"""Where a course stands: derived from its facts by the action that writes them; lists ask it."""

from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from lysglimt.clinic.people.models import Patient
from lysglimt.clinic.people.tenancy import Owned, OwnedQuerySet
from lysglimt.knowledge.protocols.state import Phase

from .course import Course


class CourseStandingQuerySet(OwnedQuerySet["CourseStanding"]):
    def open(self) -> Self:
        return self.filter(open=True).select_related("course", "patient")

    def in_phase(self, phase: Phase) -> Self:
        return self.open().filter(phase=phase)

    def awaiting_evaluation(self) -> Self:
        return self.in_phase(Phase.EVALUATION).order_by("next_due", "pk")

    def due(self, on: date) -> Self:
        """What is next may be done from this day or earlier, the most pressing first."""
        return self.open().filter(next_from__lte=on).order_by("next_due", "next_from", "pk")

    def overdue(self, on: date) -> Self:
        return self.open().filter(next_due__lt=on).order_by("next_due", "pk")


class CourseStanding(Owned):
    """One row a course, rebuildable at any time. Nothing but the facts decides what is in it.

    ``as_of`` is the day of the newest fact: the rules are asked about that day, so that the row
    does not change by being looked at later. ``next_from`` and ``next_due`` are the first and
    last day of what is next (``next_kind``); ``next_due`` is empty where no limit is set. The
    next rating stands apart, in ``rating_*``. What is next is advice: journal mode hides it.
    """

    course = models.OneToOneField(
        Course, on_delete=models.PROTECT, primary_key=True, related_name="standing"
    )
    # Copied from the course so that the database can allow one open course a patient.
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="standings")
    open = models.BooleanField(default=True)
    phase = models.CharField(max_length=16)
    phase_since = models.DateField(null=True, blank=True)
    as_of = models.DateField()
    next_kind = models.CharField(max_length=16, blank=True)
    next_from = models.DateField(null=True, blank=True, db_index=True)
    next_due = models.DateField(null=True, blank=True, db_index=True)
    rating_instrument = models.CharField(max_length=40, blank=True)
    rating_from = models.DateField(null=True, blank=True, db_index=True)
    rating_due = models.DateField(null=True, blank=True, db_index=True)
    sessions = models.PositiveSmallIntegerField(default=0)
    counted = models.PositiveSmallIntegerField(default=0)
    target = models.PositiveSmallIntegerField(null=True, blank=True)
    maintenance_sessions = models.PositiveSmallIntegerField(default=0)
    first_session = models.DateField(null=True, blank=True)
    last_session = models.DateField(null=True, blank=True)
    deviations = models.PositiveSmallIntegerField(default=0)
    rule_version = models.CharField(max_length=16)

    to_unit, to_entity = "course__unit", "course__unit__entity"
    to_patient = "course__patient"
    objects: ClassVar = CourseStandingQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="course_standing_one_open_a_patient",
                fields=("patient",),
                condition=Q(open=True),
            ),
            models.CheckConstraint(
                name="course_standing_has_a_known_phase",
                condition=Q(phase__in=[phase.value for phase in Phase]),
            ),
            models.CheckConstraint(
                name="course_standing_closed_is_not_open_and_has_no_next",
                condition=Q(open=True) & ~Q(phase=Phase.CLOSED.value)
                | Q(open=False, phase=Phase.CLOSED.value, next_kind=""),
            ),
            models.CheckConstraint(
                name="course_standing_next_has_a_first_day",
                condition=Q(next_kind="", next_from__isnull=True, next_due__isnull=True)
                | (~Q(next_kind="") & Q(next_from__isnull=False)),
            ),
        )

    class Register:
        pseudonymised = frozenset({"course", "patient"})
        leaves = frozenset(
            {
                *("open", "phase", "phase_since", "as_of", "sessions", "counted", "target"),
                *("maintenance_sessions", "first_session", "last_session", "deviations"),
                "rule_version",
            }
        )
        withheld = frozenset(
            {
                *("next_kind", "next_from", "next_due"),
                *("rating_instrument", "rating_from", "rating_due"),
            }
        )

    def __str__(self) -> str:
        return f"{self.course_id}: {self.phase}"
