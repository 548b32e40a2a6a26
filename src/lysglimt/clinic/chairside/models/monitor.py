"""What a monitor at a chair sends: nobody's observation until a nurse takes it over."""

from enum import StrEnum
from typing import Any, ClassVar

from django.apps import apps
from django.db import models
from django.db.models import Q, Subquery
from django.db.models.functions import JSONObject

from lysglimt.clinic.people.facts import Fact, FactQuerySet
from lysglimt.clinic.people.tenancy import OfUnit, Owned
from lysglimt.clinic.scheduling.models import Chair

MONITORED = ("systolic", "diastolic", "pulse", "spo2", "respiration")
"""The columns of a set that a monitor can fill."""
READ_AT = {
    **dict.fromkeys(("systolic", "diastolic"), "pressure_at"),
    **{name: f"{name}_at" for name in ("pulse", "spo2", "respiration")},
}
"""By column, the column of when it was measured. A pressure is two numbers of one moment."""
NAMES = 199
"""Letters of a name that a system gives itself."""


class SetAsideFor(StrEnum):
    MALFORMED = "malformed"
    UNKNOWN_DEVICE = "unknown_device"
    NO_SESSION = "no_session"
    CONTRADICTED = "contradicted"
    IMPLAUSIBLE = "implausible"


class MonitorDevice(Fact, OfUnit):
    """A device as it names itself, and the chair it stands at. Moved: the next revision says so."""

    sender = models.CharField(max_length=NAMES, blank=True)
    device = models.CharField(max_length=NAMES)
    name = models.CharField(max_length=60)
    chair = models.ForeignKey(Chair, on_delete=models.PROTECT, related_name="monitors")

    objects: ClassVar = FactQuerySet.as_manager()

    class Register(Fact.Register, OfUnit.Register):
        withheld = frozenset({"sender", "device", "name", "chair"})

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                name="monitor_device_is_known_once",
                fields=("unit", "sender", "device"),
                condition=Q(revision=1),
            ),
            models.CheckConstraint(
                name="monitor_device_has_names", condition=~Q(device="") & ~Q(name="")
            ),
        )

    def __str__(self) -> str:
        return self.name


def within(**ranges: tuple[int, int]) -> Q:
    """Not measured, or what a body and a scale can show."""
    possible = Q()
    for field, (least, most) in ranges.items():
        possible &= Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__range": (least, most)})
    return possible


def with_its_time() -> Q:
    """A value has the time at which it was measured, and a time has a value."""
    both = Q()
    for column, at in READ_AT.items():
        there = Q(**{f"{column}__isnull": False, f"{at}__isnull": False})
        both &= there | Q(**{f"{column}__isnull": True, f"{at}__isnull": True})
    return both


class MonitorReading(Owned):
    """What the monitor of a session has measured last, at most one point a measure in ten seconds.

    A message that brings a point adds a row; what it does not bring stands as it stood, with its
    time. The series of a measure is where its time moves.
    """

    device = models.ForeignKey(MonitorDevice, on_delete=models.PROTECT, related_name="+")
    session = models.ForeignKey(
        "chairside.Session", on_delete=models.PROTECT, related_name="monitor_readings"
    )
    control_id = models.CharField(max_length=NAMES)
    content_digest = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    systolic = models.PositiveSmallIntegerField(null=True, blank=True)
    diastolic = models.PositiveSmallIntegerField(null=True, blank=True)
    pressure_at = models.DateTimeField(null=True, blank=True)
    pulse = models.PositiveSmallIntegerField(null=True, blank=True)
    pulse_at = models.DateTimeField(null=True, blank=True)
    spo2 = models.PositiveSmallIntegerField(null=True, blank=True)
    spo2_at = models.DateTimeField(null=True, blank=True)
    respiration = models.PositiveSmallIntegerField(null=True, blank=True)
    respiration_at = models.DateTimeField(null=True, blank=True)

    to_unit, to_entity = "session__unit", "session__unit__entity"
    to_patient = "session__course__patient"

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="monitor_reading_one_a_message",
                fields=("session", "device", "control_id"),
            ),
            models.CheckConstraint(
                name="monitor_reading_has_its_times", condition=with_its_time()
            ),
            models.CheckConstraint(
                name="monitor_reading_is_possible",
                condition=within(
                    systolic=(30, 300),
                    diastolic=(10, 200),
                    pulse=(0, 300),
                    spo2=(0, 100),
                    respiration=(0, 80),
                ),
            ),
            models.CheckConstraint(
                name="monitor_reading_diastolic_is_below_systolic",
                condition=Q(systolic__isnull=True)
                | Q(diastolic__isnull=True)
                | Q(diastolic__lt=models.F("systolic")),
            ),
        )

    class Register:
        pseudonymised = frozenset({"session"})
        leaves: ClassVar[frozenset[str]] = frozenset()
        withheld = frozenset(
            {"id", "device", "control_id", "content_digest", "received_at"}
            | {*MONITORED, *READ_AT.values()}
        )

    def __str__(self) -> str:
        return f"{self.session_id}: {self.received_at}"


class SetAside(OfUnit):
    """A message, or a value of it, that was not stored, and why. What it said is not kept."""

    reason = models.CharField(max_length=16)
    sender = models.CharField(max_length=NAMES, blank=True)
    device = models.CharField(max_length=NAMES, blank=True)
    fault = models.CharField(max_length=200)
    received_at = models.DateTimeField(db_index=True)

    class Register(OfUnit.Register):
        withheld = frozenset({"id", "reason", "sender", "device", "fault", "received_at"})

    class Meta:
        indexes = (
            models.Index(name="set_aside_by_sender", fields=("unit", "sender", "received_at")),
        )
        constraints = (
            models.CheckConstraint(
                name="set_aside_for_a_known_reason",
                condition=Q(reason__in=[reason.value for reason in SetAsideFor]),
            ),
        )

    def __str__(self) -> str:
        return f"{self.reason} {self.received_at}"


def read_last(session: Any) -> Subquery:
    """What its monitor has measured last, in the question about a session."""
    readings: Any = apps.get_model("chairside", "MonitorReading")
    columns = {name: name for name in (*MONITORED, *dict.fromkeys(READ_AT.values()))}
    said = JSONObject(pk="pk", name="device__name", **columns)
    newest = (
        readings.objects.filter(session=session)
        .order_by("-pk")
        .annotate(said=said)
        .values("said")
    )
    return Subquery(newest[:1], output_field=models.JSONField())
