"""The doctor's order for this session, the two-person check, and the gate before the start."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from lysglimt.clinic.people.facts import Fact, FactQuerySet
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.people.tenancy import Owned
from lysglimt.clinic.sealing.fields import SealedJSON, SealedText
from lysglimt.knowledge.dosing.weights import WeightBasis

from .session import Session

NOT_OFFERED = "not-offered"
"""Among the overrides: no ceiling, but a dose that the rules do not offer now."""


class SessionOrderQuerySet(FactQuerySet["SessionOrder"]):
    def signed(self) -> Self:
        """In force and signed as it stands: a changed order is another row, not yet signed."""
        return self.in_force().filter(signature__isnull=False)

    def unsigned(self) -> Self:
        return self.in_force().filter(signature__isnull=True)


class SessionOrder(Fact):
    """How much, on which weight, over how long, at which strength. A change voids the signature.

    ``dose_mg``, ``volume_ml`` and ``rate_ml_h`` are computed from the inputs and kept with
    the dose card (``plan``) as it was shown when it was signed, in codes and figures alone.
    ``overrides`` name the ceiling, the doctor and the reason; ``weight_reason`` says why the
    weight is far from the last one.
    """

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="orders")
    weight_kg = models.DecimalField(max_digits=5, decimal_places=2)
    weighed_on = models.DateField()
    height_cm = models.DecimalField(max_digits=5, decimal_places=1)
    sex = models.CharField(max_length=1)
    basis = models.CharField(max_length=16)
    mg_per_kg = models.DecimalField(max_digits=5, decimal_places=3)
    minutes = models.PositiveSmallIntegerField()
    concentration_mg_ml = models.DecimalField(max_digits=6, decimal_places=3)
    overrides = SealedJSON(default=list, blank=True)
    dose_mg = models.DecimalField(max_digits=7, decimal_places=3)
    volume_ml = models.DecimalField(max_digits=9, decimal_places=4)
    rate_ml_h = models.DecimalField(max_digits=7, decimal_places=2)
    plan = models.JSONField()
    weight_reason = SealedText(blank=True)
    rule_version = models.CharField(max_length=16)

    to_unit, to_entity = "session__unit", "session__unit__entity"
    to_patient = "session__course__patient"
    objects: ClassVar = SessionOrderQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                name="session_order_one_a_session",
                fields=("session",),
                condition=Q(revision=1),
            ),
            models.CheckConstraint(
                name="session_order_is_above_nothing",
                condition=Q(
                    weight_kg__gt=0,
                    height_cm__gt=0,
                    mg_per_kg__gt=0,
                    minutes__gt=0,
                    concentration_mg_ml__gt=0,
                    dose_mg__gt=0,
                    volume_ml__gt=0,
                    rate_ml_h__gt=0,
                ),
            ),
            models.CheckConstraint(
                name="session_order_goes_by_a_known_weight",
                condition=Q(basis__in=[basis.value for basis in WeightBasis]),
            ),
        )

    class Register(Fact.Register):
        pseudonymised = frozenset({"session"})
        leaves = frozenset(
            {
                *("weight_kg", "weighed_on", "height_cm", "sex", "basis", "mg_per_kg"),
                *("minutes", "concentration_mg_ml", "dose_mg", "volume_ml", "rate_ml_h"),
                "rule_version",
            }
        )
        withheld = frozenset({"overrides", "plan", "weight_reason"})

    def __str__(self) -> str:
        return f"{self.session_id}: {self.dose_mg} mg"


class Signed(Owned):
    """A doctor signs one revision of an ``order``, and no other."""

    by = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    to_unit, to_entity = "order__session__unit", "order__session__unit__entity"
    to_patient = "order__session__course__patient"
    order_id: int

    class Meta:
        abstract = True

    class Register:
        pseudonymised: ClassVar[frozenset[str]] = frozenset()
        leaves = frozenset({"at"})
        withheld = frozenset({"order", "by"})

    def __str__(self) -> str:
        return f"{self.order_id}: {self.by_id}"


class OrderSignature(Signed):
    """Of the infusion's order."""

    order = models.OneToOneField(
        SessionOrder, on_delete=models.PROTECT, primary_key=True, related_name="signature"
    )


class PreparationCheck(Fact):
    """Two persons made up the solution and checked every line. ``by`` is the first of them."""

    order = models.ForeignKey(
        SessionOrder, on_delete=models.PROTECT, related_name="preparations"
    )
    checked_by = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    product = models.CharField(max_length=60)
    batch = models.CharField(max_length=40, blank=True)
    drawn_mg = models.DecimalField(max_digits=7, decimal_places=3)
    # Why another amount was drawn than the recipe makes up.
    drawn_reason = SealedText(blank=True)
    lines = models.JSONField(default=list)

    to_unit, to_entity = "order__session__unit", "order__session__unit__entity"
    to_patient = "order__session__course__patient"
    objects: ClassVar = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="preparation_is_checked_by_another", condition=~Q(checked_by=F("by"))
            ),
            models.CheckConstraint(
                name="preparation_names_product_and_amount",
                condition=~Q(product="") & Q(drawn_mg__gt=0),
            ),
        )

    class Register(Fact.Register):
        leaves = frozenset({"product", "drawn_mg"})
        withheld = frozenset({"order", "checked_by", "batch", "lines", "drawn_reason"})

    def __str__(self) -> str:
        return f"{self.order_id}: {self.drawn_mg} mg"


class Waste(Fact):
    """What was drawn up and not given is wasted. ``by`` did it, ``witness`` saw it.

    Of nasal devices ``returned`` went back unopened, and the rest was destroyed.
    """

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="wasted")
    wasted_mg = models.DecimalField(max_digits=7, decimal_places=3)
    witness = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    returned = models.PositiveSmallIntegerField(null=True, blank=True)

    to_unit, to_entity = "session__unit", "session__unit__entity"
    to_patient = "session__course__patient"
    objects: ClassVar = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                name="waste_one_a_session", fields=("session",), condition=Q(revision=1)
            ),
            models.CheckConstraint(
                name="waste_is_seen_by_another",
                condition=~Q(witness=F("by")) & Q(wasted_mg__gte=0),
            ),
        )

    class Register(Fact.Register):
        pseudonymised = frozenset({"session"})
        leaves = frozenset({"wasted_mg"})
        withheld = frozenset({"witness", "returned"})

    def __str__(self) -> str:
        return f"{self.session_id}: {self.wasted_mg} mg"


class StartGateRecord(Fact):
    """What the gate found before the start; who let the patient through in spite of it, and why.

    ``answers`` are as they were typed, to be confirmed when it is gone through anew.
    """

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="gates")
    standing = models.PositiveSmallIntegerField()
    findings = models.JSONField()
    answers = models.JSONField(default=dict, blank=True)
    rule_version = models.CharField(max_length=16)
    doctor = models.ForeignKey(
        Professional, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    override_by = models.ForeignKey(
        Professional, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    override_reason = SealedText(blank=True)

    to_unit, to_entity = "session__unit", "session__unit__entity"
    to_patient = "session__course__patient"
    objects: ClassVar = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="start_gate_has_a_known_standing", condition=Q(standing__lte=5)
            ),
            models.CheckConstraint(
                name="start_gate_override_has_a_name_and_a_reason",
                condition=Q(override_by__isnull=True, override_reason="")
                | (Q(override_by__isnull=False) & ~Q(override_reason="")),
            ),
        )

    class Register(Fact.Register):
        pseudonymised = frozenset({"session"})
        leaves = frozenset({"standing", "rule_version"})
        withheld = frozenset(
            {"findings", "answers", "doctor", "override_by", "override_reason"}
        )

    def __str__(self) -> str:
        return f"{self.session_id}: {self.standing}"
