"""Who comes when, and to which chair; and who of the unit receives what is urgent, when."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from lysglimt.clinic.people.facts import Fact, FactQuerySet
from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.clinic.people.tenancy import OfUnit
from lysglimt.knowledge.safety.rota import WatchKind


class AppointmentKind(StrEnum):
    ASSESSMENT = "assessment"
    SESSION = "session"
    EVALUATION = "evaluation"
    THERAPY = "therapy"
    FOLLOW_UP = "follow_up"


class AppointmentState(StrEnum):
    PLANNED = "planned"
    KEPT = "kept"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"


KINDS = [(kind.value, kind.name.title()) for kind in AppointmentKind]
STATES = [(state.value, state.name.title()) for state in AppointmentState]


OFF_PLAN = "off-plan: "
"""Before the reason of a booking on a day outside the planned window, which a doctor gave."""


def off_plan_words(appointment: "Appointment") -> str:
    """Why it is booked outside the planned window, and by whom decided; empty where it is not."""
    return off_plan_in(appointment.reason)


def off_plan_in(reason: str) -> str:
    """On the first line of a reason; why it was moved since stands below."""
    first, _, _ = reason.partition("\n")
    return first.removeprefix(OFF_PLAN) if first.startswith(OFF_PLAN) else ""


def written_reason(typed: str, *, off_plan: str = "") -> str:
    """As it is stored. Nobody types a doctor's decision into the reason of a booking."""
    while typed.startswith(OFF_PLAN.strip()):
        typed = typed.removeprefix(OFF_PLAN.strip()).strip()
    decided = OFF_PLAN + " ".join(off_plan.split()) if off_plan else ""
    return "\n".join(part for part in (decided, typed) if part)


class Chair(OfUnit):
    """A place where one patient at a time is treated."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=60)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="chair_one_name_a_unit", fields=("unit", "name")),
        )

    class Register(OfUnit.Register):
        withheld = frozenset({"id", "name"})

    def __str__(self) -> str:
        return self.name


class AppointmentQuerySet(FactQuerySet["Appointment"]):
    def between(self, start: datetime, end: datetime) -> Self:
        """What takes up any part of the time from ``start`` until just before ``end``."""
        return self.filter(starts_at__lt=end, ends_at__gt=start)

    def expected(self) -> Self:
        """Not cancelled, and nobody has stayed away."""
        return self.filter(state__in=(AppointmentState.PLANNED, AppointmentState.KEPT))

    def in_chair(self, chair: Chair) -> Self:
        return self.filter(chair=chair)

    def of_course(self, course: uuid.UUID) -> Self:
        return self.filter(course=course)


class Appointment(Fact, OfUnit):
    """A patient is expected. Kept, moved, cancelled, stayed away: the next revision says so."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="appointments")
    kind = models.CharField(max_length=16, choices=KINDS)
    state = models.CharField(
        max_length=16, choices=STATES, default=AppointmentState.PLANNED.value
    )
    chair = models.ForeignKey(
        Chair, on_delete=models.PROTECT, null=True, blank=True, related_name="appointments"
    )
    # The course belongs to an app above this one, so its id stands here alone.
    course = models.UUIDField(null=True, blank=True, db_index=True)
    starts_at = models.DateTimeField(db_index=True)
    ends_at = models.DateTimeField()

    to_patient = "patient"
    objects: ClassVar = AppointmentQuerySet.as_manager()

    class Register(Fact.Register, OfUnit.Register):
        pseudonymised = frozenset({"patient", "course"})
        leaves = frozenset({"kind", "state", "starts_at", "ends_at"})
        withheld = frozenset({"chair"})

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="appointment_ends_after_it_starts", condition=Q(ends_at__gt=F("starts_at"))
            ),
            models.CheckConstraint(
                name="appointment_has_a_known_kind",
                condition=Q(kind__in=[kind.value for kind in AppointmentKind]),
            ),
            models.CheckConstraint(
                name="appointment_has_a_known_state",
                condition=Q(state__in=[state.value for state in AppointmentState]),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.entry}/{self.revision}"


class RotaWatch(Fact, OfUnit):
    """One person receives what is urgent on some weekdays of a period, between two times.

    ``weekdays`` are numbers, Monday 0. A watch that ends at or before its beginning ends the
    next morning. A unit keeps a rota from its first watch on.
    """

    person = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8)
    first_day = models.DateField()
    last_day = models.DateField()
    weekdays = models.JSONField()
    begins = models.TimeField()
    ends = models.TimeField()

    objects: ClassVar = FactQuerySet.as_manager()

    class Register(Fact.Register, OfUnit.Register):
        withheld = frozenset(
            {*("person", "kind", "first_day", "last_day", "weekdays", "begins", "ends")}
        )

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="rota_watch_is_of_a_known_kind",
                condition=Q(kind__in=[kind.value for kind in WatchKind]),
            ),
            models.CheckConstraint(
                name="rota_watch_ends_on_or_after_its_first_day",
                condition=Q(last_day__gte=F("first_day")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.person_id}"
