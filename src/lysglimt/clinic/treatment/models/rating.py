"""A scale was filled in: the answers as given, and what they add up to."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from lysglimt.clinic.people.facts import Fact, FactQuerySet
from lysglimt.clinic.people.models import Patient

from .course import Course


class Mode(StrEnum):
    """How the answers were got."""

    INTERVIEW = "interview"
    SELF = "self"
    TELEPHONE = "telephone"
    IMPORTED = "imported"


class Timing(StrEnum):
    """Where in the course a rating belongs."""

    SCREENING = "screening"
    BASELINE = "baseline"
    BEFORE_DOSE = "before_dose"
    AFTER_DOSE = "after_dose"
    NEXT_DAY = "next_day"
    EVALUATION = "evaluation"
    FOLLOW_UP = "follow_up"
    OTHER = "other"


class RatingQuerySet(FactQuerySet["Rating"]):
    def with_instrument(self, instrument: str) -> Self:
        return self.in_force().filter(instrument=instrument).order_by("happened_at", "pk")

    def until(self, at: datetime) -> Self:
        return self.in_force().filter(happened_at__lte=at)

    def newest_first(self) -> Self:
        return self.in_force().order_by("-happened_at", "-pk")


class Rating(Fact):
    """One filled-in instrument. The answers are the fact; total and bands follow from them.

    ``answers`` are by item id, ``None`` where not answered. ``total`` is empty for a profile.
    ``text_pack`` is the checksum of the wording that was shown; ``recall`` the window asked
    about, as an ISO 8601 duration, ``window`` its name in the instrument: two may have no
    length. ``happened_at`` is when the patient was rated.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="ratings")
    course = models.ForeignKey(
        Course, on_delete=models.PROTECT, null=True, blank=True, related_name="ratings"
    )
    instrument = models.SlugField(max_length=40)
    instrument_version = models.CharField(max_length=16)
    answers = models.JSONField()
    total = models.DecimalField(max_digits=9, decimal_places=4, null=True, blank=True)
    prorated = models.BooleanField(default=False)
    bands = models.JSONField(default=dict)
    derived = models.JSONField(default=dict)
    # What each safety item asks of a clinician: none, review, urgent, not_asked.
    attention = models.JSONField(default=dict)
    recall = models.CharField(max_length=8, blank=True)
    window = models.CharField(max_length=24, blank=True)
    text_pack = models.CharField(max_length=64, blank=True)
    rater = models.CharField(max_length=16)
    timing = models.CharField(
        max_length=16, choices=[(timing.value, timing.name.title()) for timing in Timing]
    )
    mode = models.CharField(
        max_length=16, choices=[(mode.value, mode.name.title()) for mode in Mode]
    )

    to_unit, to_entity = "", "patient__entity"
    to_patient = "patient"
    objects: ClassVar = RatingQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="rating_names_its_instrument_and_version",
                condition=~Q(instrument="") & ~Q(instrument_version=""),
            ),
            models.CheckConstraint(
                name="rating_has_a_known_timing",
                condition=Q(timing__in=[timing.value for timing in Timing]),
            ),
            models.CheckConstraint(
                name="rating_has_a_known_mode",
                condition=Q(mode__in=[mode.value for mode in Mode]),
            ),
        )
        indexes = (
            models.Index(name="rating_curve", fields=("patient", "instrument", "happened_at")),
        )

    class Register(Fact.Register):
        pseudonymised = frozenset({"patient", "course"})
        leaves = frozenset(
            {
                *("instrument", "instrument_version", "answers", "total", "prorated", "bands"),
                *("derived", "attention", "recall", "window", "text_pack", "rater", "timing"),
                "mode",
            }
        )

    def __str__(self) -> str:
        return f"{self.instrument}: {self.total}"
