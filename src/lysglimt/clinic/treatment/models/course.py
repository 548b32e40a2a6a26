"""A course: on which protocol, by which weight, which sessions were given, what was decided."""

import uuid
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Window
from django.db.models.functions import RowNumber

from lysglimt.clinic.people.facts import Fact, FactQuerySet
from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.clinic.people.tenancy import OfUnit, OwnedQuerySet
from lysglimt.clinic.people.written import Beside
from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.clinic.sealing.fields import SealedText
from lysglimt.knowledge.dosing.weights import Sex
from lysglimt.knowledge.dosing.weights import WeightBasis as Basis
from lysglimt.knowledge.protocols.facts import DecisionKind, StopGround

from .consent import Consent, ConsentWithdrawal
from .registration import Registration


class ProtocolApprovalQuerySet(FactQuerySet["ProtocolApproval"]):
    def of(self, *, unit_id: object, protocol: str, version: str) -> Self:
        return self.in_force().filter(
            unit_id=unit_id, protocol=protocol, protocol_version=version
        )


class ProtocolApproval(Fact, OfUnit):
    """The unit's responsible doctor has read a protocol version and lets the unit use it.

    ``by`` is who approved, ``happened_at`` when. Withdrawn means no longer approved.
    """

    protocol = models.SlugField()
    protocol_version = models.CharField(max_length=16)
    comment = SealedText(blank=True)

    objects: ClassVar = ProtocolApprovalQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="protocol_approval_names_a_version",
                condition=~Q(protocol="") & ~Q(protocol_version=""),
            ),
        )

    class Register(Fact.Register, OfUnit.Register):
        leaves = frozenset({"protocol", "protocol_version"})
        withheld = frozenset({"comment"})

    def __str__(self) -> str:
        return f"{self.protocol} {self.protocol_version}"


def standpoint(patient: Any) -> dict[str, Subquery]:
    consent = Consent.objects.given().filter(patient=patient)
    signed = Consent.objects.in_force().filter(patient=patient)
    first = signed.order_by("signed_by_patient_on", "pk")
    withdrawn = ConsentWithdrawal.objects.in_force().filter(consent__patient=patient)
    taken_back = withdrawn.order_by("-happened_at", "-pk")
    choice = Registration.objects.newest_first().filter(patient=patient)
    return {
        "consented_on": Subquery(consent.values("signed_by_patient_on")[:1]),
        "taken_back_at": Subquery(taken_back.values("happened_at")[:1]),
        "first_consented_on": Subquery(first.values("signed_by_patient_on")[:1]),
        "last_consented_on": Subquery(first.reverse().values("signed_by_patient_on")[:1]),
        "chosen": Subquery(choice.values("choice")[:1]),
        "reserved_decision": Subquery(choice.values("decision")[:1]),
    }


STANDPOINT = Beside(standpoint)


class CourseQuerySet(OwnedQuerySet["Course"]):
    def open(self) -> Self:
        return self.filter(standing__open=True)

    def of_patient(self, patient_id: object) -> Self:
        """The newest first, each with its standing."""
        mine = self.filter(patient_id=patient_id).select_related("standing", "unit")
        return mine.order_by("-planned_at", "-pk")

    def with_standpoint(self) -> Self:
        """Each with what its patient has agreed to and chosen, as the rules ask.

        ``consented_on`` is the day of the newest consent not taken back, ``first_consented_on``
        and ``last_consented_on`` count those taken back too, at ``taken_back_at`` the last time;
        ``chosen`` is the newest choice of registration, ``reserved_decision`` what was decided
        if reserved against both.
        """
        return self.annotate(**STANDPOINT.about("patient"))

    def with_basis(self) -> Self:
        """Each with its patient, and with the weight ``basis`` signed for it and ``basis_by`` whom."""
        signed = WeightBasis.objects.in_force().filter(course=OuterRef("pk"))
        return self.select_related("patient").annotate(
            basis=Subquery(signed.values("basis")[:1]),
            basis_by=Subquery(signed.values("by__display_name")[:1]),
        )


class Course(OfUnit):
    """One run through a protocol for one patient. This row never changes.

    ``deviation`` is why a doctor, ``deviation_by``, planned it all the same: a protocol for
    another age, or no accepted referral.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="courses")
    protocol = models.SlugField()
    protocol_version = models.CharField(max_length=16)
    planned_at = models.DateTimeField()
    planned_start = models.DateField(null=True, blank=True)
    deviation = SealedText(blank=True, by=("id",))
    deviation_by = models.ForeignKey(
        Professional, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    to_patient = "patient"
    objects: ClassVar = CourseQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="course_deviation_has_a_name_and_a_reason",
                condition=Q(deviation_by__isnull=True, deviation="")
                | (Q(deviation_by__isnull=False) & ~Q(deviation="")),
            ),
        )

    class Register(OfUnit.Register):
        pseudonymised = frozenset({"id", "patient"})
        leaves = frozenset({"protocol", "protocol_version", "planned_at", "planned_start"})
        withheld = frozenset({"deviation", "deviation_by"})

    def __str__(self) -> str:
        return f"{self.protocol}/{self.pk}"


class WeightBasis(Fact):
    """Which weight the dose goes by, chosen and signed once for the whole course.

    The body is what the three weights were reckoned from; empty where nothing was reckoned.
    """

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="weight_bases")
    basis = models.CharField(max_length=16)
    grounds = SealedText(blank=True)
    weight_kg = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    height_cm = models.DecimalField(max_digits=5, decimal_places=1, null=True, blank=True)
    sex = models.CharField(max_length=1, blank=True)

    to_unit, to_entity = "course__unit", "course__unit__entity"
    to_patient = "course__patient"
    objects: ClassVar = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                name="weight_basis_is_chosen_once_a_course",
                fields=("course",),
                condition=Q(revision=1),
            ),
            models.CheckConstraint(
                name="weight_basis_is_a_known_one",
                condition=Q(basis__in=[basis.value for basis in Basis]),
            ),
            models.CheckConstraint(
                name="weight_basis_has_a_whole_body_or_none",
                condition=Q(weight_kg__isnull=True, height_cm__isnull=True, sex="")
                | Q(weight_kg__gt=0, height_cm__gt=0, sex__in=[sex.value for sex in Sex]),
            ),
        )

    class Register(Fact.Register):
        pseudonymised = frozenset({"course"})
        leaves = frozenset({"basis", "weight_kg", "height_cm", "sex"})
        withheld = frozenset({"grounds"})

    def __str__(self) -> str:
        return self.basis


class CourseDecision(Fact):
    """What a doctor decided about the course, beside what the rule recommended.

    ``rule`` and ``recommended`` are what was shown (empty where nothing was, as in journal
    mode); ``deviation`` is why the decision is another. ``goals`` are the patient's own, and
    how far they are reached. ``by`` signs.
    """

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=32)
    rule = models.CharField(max_length=32, blank=True)
    recommended = models.CharField(max_length=32, blank=True)
    deviation = SealedText(blank=True)
    goals = SealedText(blank=True)
    # Why a course is stopped, where that has consequences for the rules.
    ground = models.CharField(max_length=16, blank=True)

    to_unit, to_entity = "course__unit", "course__unit__entity"
    to_patient = "course__patient"
    objects: ClassVar = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="course_decision_is_of_a_known_kind",
                condition=Q(kind__in=[kind.value for kind in DecisionKind]),
            ),
            models.CheckConstraint(
                name="course_decision_has_a_known_ground",
                condition=Q(ground__in=["", *(ground.value for ground in StopGround)]),
            ),
            models.CheckConstraint(
                name="course_decision_against_the_rule_has_a_reason",
                condition=Q(recommended="") | Q(recommended=F("kind")) | ~Q(deviation=""),
            ),
        )

    class Register(Fact.Register):
        pseudonymised = frozenset({"course"})
        leaves = frozenset({"kind", "rule", "recommended", "ground"})
        withheld = frozenset({"deviation", "goals"})

    def __str__(self) -> str:
        return f"{self.course_id}: {self.kind}"


class SessionGivenQuerySet(FactQuerySet["SessionGiven"]):
    def numbered(self) -> Self:
        """In the order in which they were given, each with its ``number`` in the course."""
        number = Window(
            RowNumber(), partition_by=[F("course")], order_by=[F("started_at"), F("entry")]
        )
        return self.in_force().annotate(number=number).order_by("course", "number")


class SessionGiven(Fact):
    """Drug was given. The number of the session is counted, never typed.

    ``entry`` is the id of the session at the chair, so a session counts once.
    """

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="sessions")
    started_at = models.DateTimeField()
    stopped_at = models.DateTimeField()
    # Empty for what is not a drug, as ECT is.
    prescribed_mg = models.DecimalField(max_digits=7, decimal_places=3, null=True, blank=True)
    delivered_mg = models.DecimalField(max_digits=7, decimal_places=3, null=True, blank=True)
    ended_early = SealedText(blank=True)

    to_unit, to_entity = "course__unit", "course__unit__entity"
    to_patient = "course__patient"
    objects: ClassVar = SessionGivenQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="session_stops_after_it_starts",
                condition=Q(stopped_at__gt=F("started_at")),
            ),
            models.CheckConstraint(
                name="session_has_a_prescribed_dose", condition=Q(prescribed_mg__gt=0)
            ),
            models.CheckConstraint(
                name="session_delivers_nothing_or_more", condition=Q(delivered_mg__gte=0)
            ),
            models.CheckConstraint(
                name="session_amounts_belong_together",
                condition=Q(prescribed_mg__isnull=True, delivered_mg__isnull=True)
                | Q(prescribed_mg__isnull=False, delivered_mg__isnull=False),
            ),
        )

    class Register(Fact.Register):
        pseudonymised = frozenset({"course"})
        leaves = frozenset({"started_at", "stopped_at", "prescribed_mg", "delivered_mg"})
        withheld = frozenset({"ended_early"})

    @property
    def late(self) -> bool:
        """It is recorded when all is over, hours after it began: late is another day."""
        return on_day(self.received_at) != on_day(self.started_at)

    def __str__(self) -> str:
        return f"{self.course_id}: {self.started_at}"
