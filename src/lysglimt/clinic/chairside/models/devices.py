"""Nasal devices: the doctor's order of a number, the two-person check, and each one as it went."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from lysglimt.clinic.people.facts import Fact, FactQuerySet
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.sealing.fields import SealedJSON, SealedText
from lysglimt.knowledge.dosing.devices import DeviceAct
from lysglimt.knowledge.dosing.nasal import NasalIndication

from .order import SessionOrder, Signed
from .session import Session

GIVEN = DeviceAct.GIVEN.value


class DeviceOrderQuerySet(FactQuerySet["DeviceOrder"]):
    def signed(self) -> Self:
        """In force and signed as it stands: a changed order is another row, not yet signed."""
        return self.in_force().filter(signature__isnull=False)


class DeviceOrder(Fact):
    """How many devices for this session, and the card that was read. A change voids the signature.

    ``previous_mg`` is what was given last in the course, empty on day 1; ``why`` says why another
    number is ordered than the label allows today.
    """

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="device_orders")
    devices = models.PositiveSmallIntegerField()
    age = models.PositiveSmallIntegerField()
    indication = models.CharField(max_length=12)
    previous_mg = models.DecimalField(max_digits=7, decimal_places=3, null=True, blank=True)
    card = models.JSONField()
    why = SealedText(blank=True)
    rule_version = models.CharField(max_length=16)

    to_unit, to_entity = "session__unit", "session__unit__entity"
    to_patient = "session__course__patient"
    objects: ClassVar = DeviceOrderQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                name="device_order_one_a_session", fields=("session",), condition=Q(revision=1)
            ),
            models.CheckConstraint(
                name="device_order_is_of_one_device_or_more",
                condition=Q(devices__gte=1, devices__lte=9),
            ),
            models.CheckConstraint(
                name="device_order_has_a_known_indication",
                condition=Q(indication__in=[one.value for one in NasalIndication]),
            ),
        )

    class Register(Fact.Register):
        pseudonymised = frozenset({"session"})
        leaves = frozenset({"devices", "age", "indication", "previous_mg", "rule_version"})
        withheld = frozenset({"card", "why"})

    def __str__(self) -> str:
        return f"{self.session_id}: {self.devices}"


AnOrder = SessionOrder | DeviceOrder
"""Of an infusion, or of devices."""


class DeviceOrderSignature(Signed):
    """Of the order of devices."""

    order = models.OneToOneField(
        DeviceOrder, on_delete=models.PROTECT, primary_key=True, related_name="signature"
    )


class DeviceCheck(Fact):
    """Two persons laid out the devices and checked every line. ``by`` is the first of them."""

    order = models.ForeignKey(DeviceOrder, on_delete=models.PROTECT, related_name="checks")
    checked_by = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    laid_out = models.PositiveSmallIntegerField()
    lines = models.JSONField(default=list)

    to_unit, to_entity = "order__session__unit", "order__session__unit__entity"
    to_patient = "order__session__course__patient"
    objects: ClassVar = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="device_check_is_by_another", condition=~Q(checked_by=F("by"))
            ),
        )

    class Register(Fact.Register):
        leaves = frozenset({"laid_out"})
        withheld = frozenset({"order", "checked_by", "lines"})

    def __str__(self) -> str:
        return f"{self.order_id}: {self.laid_out}"


class DeviceUse(Fact):
    """A device given at ``happened_at``, or lost; or that no more are given, and why.

    Its package may be unknown: then ``lot`` and ``expires_on`` are empty. ``against`` are the rules that spoke against it when it was given, ``because`` what was
    written of it.
    """

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="device_uses")
    act = models.CharField(max_length=8)
    lot = models.CharField(max_length=40, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    begun_at = models.DateTimeField(null=True, blank=True)
    both_nostrils = models.BooleanField(null=True, blank=True)
    against = SealedText(blank=True)
    because = SealedText(blank=True)

    to_unit, to_entity = "session__unit", "session__unit__entity"
    to_patient = "session__course__patient"
    objects: ClassVar = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="device_use_is_a_known_act",
                condition=Q(act__in=[act.value for act in DeviceAct]),
            ),
            models.CheckConstraint(
                name="device_given_has_its_times",
                # A check that compares with nothing passes, so that nothing is named.
                condition=~Q(act=GIVEN)
                | Q(
                    begun_at__isnull=False,
                    both_nostrils__isnull=False,
                    begun_at__lte=F("happened_at"),
                ),
            ),
            models.CheckConstraint(
                name="device_not_given_says_why",
                condition=Q(act=GIVEN) | (~Q(because="") & Q(begun_at__isnull=True)),
            ),
        )

    class Register(Fact.Register):
        pseudonymised = frozenset({"session"})
        leaves = frozenset({"act", "lot", "expires_on", "begun_at", "both_nostrils"})
        withheld = frozenset({"against", "because"})

    def __str__(self) -> str:
        return f"{self.act} {self.happened_at}"


class MonitoringForm(Fact):
    """What the form for monitoring asks and the chart does not know: each answered, or not asked."""

    session = models.ForeignKey(
        Session, on_delete=models.PROTECT, related_name="monitoring_forms"
    )
    answers = SealedJSON(default=dict)
    # Which fields are answered, so that the session page lists the others; not what was said.
    answered = models.JSONField(default=list, blank=True)
    # When the patient would have been ready, had there been no wait by the clock.
    ready_at = models.DateTimeField(null=True, blank=True)
    rule_version = models.CharField(max_length=16)

    to_unit, to_entity = "session__unit", "session__unit__entity"
    to_patient = "session__course__patient"
    objects: ClassVar = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                name="monitoring_form_one_a_session",
                fields=("session",),
                condition=Q(revision=1),
            ),
        )

    class Register(Fact.Register):
        pseudonymised = frozenset({"session"})
        leaves = frozenset({"ready_at", "rule_version"})
        withheld = frozenset({"answers", "answered"})

    def __str__(self) -> str:
        return f"{self.session_id}: {self.ready_at}"
