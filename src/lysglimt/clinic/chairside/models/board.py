"""The board of several chairs: what was seen there, a screen on a wall, and how it went in the end."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from lysglimt.clinic.people.facts import Fact, FactQuerySet
from lysglimt.clinic.people.tenancy import OfUnit, Owned, OwnedQuerySet

from .session import Session


class WallScreen(Fact, OfUnit):
    """A screen that shows the unit's chairs to whoever passes, without anybody's name.

    ``numbers``: no visitor can read it, and the last blood pressure stands on it, too.
    """

    name = models.CharField(max_length=60)
    numbers = models.BooleanField(default=False)

    objects: ClassVar = FactQuerySet.as_manager()

    class Register(Fact.Register, OfUnit.Register):
        withheld = frozenset({"name", "numbers"})

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(name="wall_screen_has_a_name", condition=~Q(name="")),
        )

    def __str__(self) -> str:
        return self.name


class OverdueSeen(Fact):
    """Somebody has seen that an observation was overdue, at ``happened_at``.

    It is the one after the set ``after``, or the first after the start where that is empty: planned
    for ``due_at``, overdue from ``overdue_at``, and measured at ``taken`` if it had been by then.
    """

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="overdue_seen")
    after = models.UUIDField(null=True, blank=True)
    due_at = models.DateTimeField()
    overdue_at = models.DateTimeField()
    taken = models.DateTimeField(null=True, blank=True)

    to_unit, to_entity = "session__unit", "session__unit__entity"
    to_patient = "session__course__patient"
    objects: ClassVar = FactQuerySet.as_manager()

    class Register(Fact.Register):
        pseudonymised = frozenset({"session"})
        leaves = frozenset({"due_at", "overdue_at"})
        withheld = frozenset({"after", "taken"})

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="overdue_is_after_it_was_due", condition=Q(overdue_at__gt=F("due_at"))
            ),
        )


class ObservationShareQuerySet(OwnedQuerySet["ObservationShare"]):
    def since(self, day: object) -> Self:
        return self.filter(session__planned_on__gte=day)


class ObservationShare(Owned):
    """How the planned observations of a session were taken. Derived: rebuildable from the facts.

    There is a row once the patient has left. The counts are empty where no observation was
    planned: in journal mode, or with neither start nor end charted. ``unseen`` are the overdue
    observations that nobody has said to have seen: the board tells them until somebody has.
    """

    session = models.OneToOneField(
        Session, on_delete=models.PROTECT, primary_key=True, related_name="observation_share"
    )
    planned = models.PositiveSmallIntegerField(null=True, blank=True)
    on_time = models.PositiveSmallIntegerField(null=True, blank=True)
    late = models.PositiveSmallIntegerField(null=True, blank=True)
    missing = models.PositiveSmallIntegerField(null=True, blank=True)
    unseen = models.PositiveSmallIntegerField(default=0)
    rule_version = models.CharField(max_length=16)

    to_unit, to_entity = "session__unit", "session__unit__entity"
    to_patient = "session__course__patient"
    objects: ClassVar = ObservationShareQuerySet.as_manager()

    class Register:
        pseudonymised = frozenset({"session"})
        leaves = frozenset({"planned", "on_time", "late", "missing", "rule_version"})
        withheld = frozenset({"unseen"})

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="observation_share_adds_up",
                condition=Q(
                    planned__isnull=True,
                    on_time__isnull=True,
                    late__isnull=True,
                    missing__isnull=True,
                )
                | Q(planned=F("on_time") + F("late") + F("missing")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.session_id}: {self.on_time}/{self.planned}"
