"""A session: the day on which a patient of a course is to be given the drug."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone

from lysglimt.clinic.people.permissions import chapters_of
from lysglimt.clinic.people.standing import blocked_by, values_of
from lysglimt.clinic.people.tenancy import OfUnit, OwnedQuerySet
from lysglimt.clinic.people.written import Condition
from lysglimt.clinic.referral.listed import Listed
from lysglimt.clinic.referral.models.referral import SUPPORTED
from lysglimt.clinic.scheduling.models import Chair
from lysglimt.clinic.sealing.values import derived
from lysglimt.clinic.treatment.models import Course
from lysglimt.clinic.treatment.models.task import named
from lysglimt.clinic.treatment.told import called_and_answered
from lysglimt.clinic.treatment.unsigned import unsigned_beside

from .concentration import concentration_on
from .monitor import read_last


def opened_last(**of: Any) -> Subquery:
    gates: Any = apps.get_model("chairside", "StartGateRecord")
    opened = gates.objects.in_force().filter(override_by__isnull=False, **of)
    same: Any = {name: name for name in ("entry", "revision", "findings")}
    said = JSONObject(**same, by=named("override_by"), why="override_reason")
    rows = opened.annotate(said=said).order_by("-happened_at", "-pk")
    return Subquery(rows.values("said")[:1], output_field=models.JSONField())


def in_one(session: Any, model: str, *, every: bool = False, **fields: Any) -> Subquery:
    """All facts of a kind about a session, in the question that asks for the session.

    ``every`` revision of them, or those in force.
    """
    facts: Any = apps.get_model("chairside", model)
    said = facts.objects.all() if every else facts.objects.in_force()
    rows = said.filter(session=session).order_by()
    all_of: Any = Listed(JSONObject(**SAME, **fields))
    return Subquery(rows.values("session").annotate(all=all_of).values("all"))


SAME = {name: name for name in ("entry", "revision", "happened_at")}


def handed_over(session: Any) -> Subquery:
    """Who has handed the session over to whom."""
    hands: dict[str, Any] = {"by": named("by"), "taken_by": named("taken_by"), "words": "words"}
    return in_one(session, "Handover", **hands)


def on_paper(session: Any) -> Subquery:
    """What of it was charted on paper, with all that was said of it before."""
    return in_one(session, "PaperChart", every=True, until="until", told="received_at")


def left_last(session: Any) -> Subquery:
    """When the patient left, of one who has."""
    records: Any = apps.get_model("chairside", "DischargeRecord")
    left = records.objects.in_force().filter(session=session, left_at__isnull=False)
    return Subquery(left.values("left_at")[:1])


def thrown_away_in(session: Any) -> Exists:
    """Somebody has thrown away an entry of a tablet."""
    thrown: Any = apps.get_model("chairside", "ThrownAway")
    return Exists(thrown.objects.filter(session=session))


OPENED = Condition(lambda session: opened_last(session=session), models.JSONField())
OPENED_IN_COURSE = Condition(
    lambda course: opened_last(session__course=course), models.JSONField()
)
OF_SESSION = {
    "start_opened": OPENED,
    "monitor_read": Condition(read_last, models.JSONField()),
    "entries_thrown_away": Condition(thrown_away_in, models.BooleanField()),
    "left_at": Condition(left_last, models.DateTimeField()),
}
OF_UNIT = {"supported": SUPPORTED}
"""What every page about a session asks beside it, and of its unit. The apps above put theirs in."""
HANDS = {
    "handed_over": Condition(handed_over, models.JSONField()),
    "on_paper": Condition(on_paper, models.JSONField()),
}


def hands_beside() -> dict[str, Any]:
    """Who has handed the session over to whom, and what of it was charted on paper."""
    return {name: one.about("pk") for name, one in HANDS.items()}


class SessionQuerySet(OwnedQuerySet["Session"]):
    def for_professional(self, professional: Any) -> Self:
        """With the patient, where the course stands, and whether the unit keeps a journal only.

        ``eligibility_closed``: the patient has closed to them what that page shows. Which doctor is
        asked for now, and what a doctor answered today, is there for `called_in` and `answered_in`;
        a decision that waits for another doctor for `unsigned_in`; who has opened the start check
        for `opened_all_the_same`, what the monitor read last for `monitor_card`, whose hands it was
        in for `handed`, and what was charted on paper for `on_paper`; whether entries were
        ``entries_thrown_away`` that `happenings` tells; and when the patient ``left_at``.
        """
        return self.asked_by(values_of(professional, timezone.now()))

    def asked_by(self, values: Mapping[str, Any]) -> Self:
        """As `for_professional`, for whom and when the ``values`` say."""
        hours = {"since": values["day_began"], "before": values["day_over"]}
        closed = blocked_by("course__patient", chapters_of("eligibility"), values=values)
        theirs = (
            super()
            .asked_by(values)
            .annotate(
                **{name: one.about("unit") for name, one in OF_UNIT.items()},
                concentration_on=concentration_on(),
                eligibility_closed=closed,
                **{name: one.about("pk") for name, one in OF_SESSION.items()},
                **hands_beside(),
                **called_and_answered("course__patient", hours=hours),
                **unsigned_beside("course__patient"),
            )
        )
        return theirs.select_related("unit", "chair", "course__patient", "course__standing")

    def on_day(self, day: date) -> Self:
        return self.filter(planned_on=day).select_related("course__patient", "chair")


LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Of a wristband: none is read as another (Crockford's base 32)."""


class Session(OfUnit):
    """What belongs together at the chair. This row never changes; all else are facts about it.

    Its id becomes the entry of the session given, so that what was given counts once.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="chair_sessions")
    planned_on = models.DateField(db_index=True)
    chair = models.ForeignKey(
        Chair, on_delete=models.PROTECT, null=True, blank=True, related_name="chair_sessions"
    )

    to_patient = "course__patient"
    made_once = True
    objects: ClassVar = SessionQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="session_one_a_course_and_day", fields=("course", "planned_on")
            ),
        )

    class Register(OfUnit.Register):
        pseudonymised = frozenset({"id", "course"})
        leaves = frozenset({"planned_on"})
        withheld = frozenset({"chair"})

    def __str__(self) -> str:
        return f"{self.course_id}: {self.planned_on}"

    @property
    def wristband(self) -> str:
        """What stands on the patient's wrist, and opens the chart on a tablet without the network."""
        said = int.from_bytes(derived("wristband", str(self.pk))[:5], "big")
        drawn = "".join(LETTERS[said >> shift & 31] for shift in range(35, -1, -5))
        return f"{drawn[:4]}-{drawn[4:]}"

    @property
    def off_line_key(self) -> bytes:
        """Seals on a tablet what is typed of this session; asked for by whoever may chart in it."""
        return derived("off line", str(self.pk))
