"""Who is treated, who treats, and where."""

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar, Self

from django.apps import apps
from django.contrib.auth.models import AbstractUser, UserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, Q, Subquery
from django.utils.crypto import salted_hmac

from lysglimt.clinic.audit.circumstances import Actor
from lysglimt.clinic.people.facts import Fact, FactQuerySet
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.people.tenancy import OfUnit
from lysglimt.clinic.people.written import Beside
from lysglimt.clinic.sealing.values import Place, opened, seal


class LegalEntity(models.Model):
    """The hospital trust or company that is responsible for the records."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=150, unique=True)
    organisation_number = models.CharField(
        max_length=9, blank=True, validators=[RegexValidator(r"^\d{9}$")]
    )

    class Register:
        pseudonymised: ClassVar[frozenset[str]] = frozenset()
        leaves = frozenset({"id", "name", "organisation_number"})
        withheld: ClassVar[frozenset[str]] = frozenset()

    def __str__(self) -> str:
        return self.name


class UnitKind(models.TextChoices):
    HOSPITAL = "hospital"
    PRIVATE = "private"


class Unit(models.Model):
    """A clinic: where patients are treated."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="units")
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=UnitKind)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="people_unit_one_name", fields=("entity", "name")),
            models.CheckConstraint(name="people_unit_kind", condition=Q(kind__in=UnitKind)),
        )

    class Register:
        pseudonymised: ClassVar[frozenset[str]] = frozenset()
        leaves = frozenset({"id", "entity", "name", "kind"})
        withheld: ClassVar[frozenset[str]] = frozenset()

    def __str__(self) -> str:
        return self.name

    @property
    def journal_mode(self) -> bool:
        """Nothing is suggested here until the statement of intended purpose is signed."""
        return not DecisionSupportStatement.objects.on_in(self)


class StatementQuerySet(FactQuerySet["DecisionSupportStatement"]):
    def said_in(self, unit: Unit) -> Self:
        """What the unit has said, the last first: that decides."""
        return self.in_force().filter(unit=unit).order_by("-happened_at", "-pk")

    def on_in(self, unit: Unit) -> bool:
        return bool(self.said_in(unit).values_list("on", flat=True).first())


class DecisionSupportStatement(Fact):
    """The unit's signed statement of intended purpose, which turns decision support on or off."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="statements")
    on = models.BooleanField()
    statement_version = models.CharField(max_length=16)

    objects: ClassVar = StatementQuerySet.as_manager()

    class Register(Fact.Register):
        leaves = frozenset({"unit", "on", "statement_version"})


AUTHORISED_AS: Mapping[Role, str] = {
    Role.NURSE: "sykepleier",
    Role.PSYCHIATRIST: "lege",
    Role.ANAESTHETIST: "lege",
    Role.PSYCHOLOGIST: "psykolog",
    Role.PHARMACIST: "farmasøyt",
}
"""The profession that an HPR number stands for, where the role takes one."""


def opened_and_shut(professional: Any) -> dict[str, Any]:
    emergency = apps.get_model("people", "EmergencyAccess").objects.filter(
        by=professional, ending__isnull=True
    )
    block = apps.get_model("people", "Block").objects.filter(staff=professional, chapter="")
    return {
        "emergency_until": Subquery(emergency.order_by("-until").values("until")[:1]),
        "shut_from_some": Exists(block),
    }


BESIDE = Beside(opened_and_shut, of=(models.BigIntegerField(),))


class ProfessionalManager(UserManager["Professional"]):
    def get_queryset(self) -> models.QuerySet["Professional"]:
        """With what every page asks: unit, legal entity, any emergency, whether records are shut."""
        everyone = super().get_queryset().select_related("unit__entity")
        return everyone.annotate(**BESIDE.about("pk"))


class Professional(AbstractUser, OfUnit):
    """Anyone who signs in at a clinic."""

    role = models.CharField(max_length=16, choices=[(r.value, r.value) for r in Role])
    hpr_number = models.CharField(
        max_length=9, blank=True, validators=[RegexValidator(r"^\d{1,9}$")]
    )
    display_name = models.CharField(max_length=150, blank=True)
    language = models.CharField(
        max_length=2, choices=[("nb", "nb"), ("en", "en")], default="nb"
    )
    trusted_from = models.DateTimeField(null=True, blank=True)
    """What a shared device remembers of a second factor from before it counts no more."""

    given_until = models.DateTimeField(null=True, blank=True)
    """Somebody else typed the password: its owner makes one before this, and does nothing until then."""

    objects: ClassVar[ProfessionalManager] = ProfessionalManager()  # type: ignore[assignment]  # Django's user and OfUnit each declare a manager; as Any, six callers would go unchecked

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="people_professional_role", condition=Q(role__in=list(Role))
            ),
        )

    class Register(OfUnit.Register):
        withheld = frozenset(
            {
                *("id", "password", "last_login", "is_superuser", "username", "first_name"),
                *("last_name", "email", "is_staff", "is_active", "date_joined"),
                *("hpr_number", "display_name", "language", "trusted_from"),
                "given_until",
            }
        )
        leaves = frozenset({"role"})

    def __str__(self) -> str:
        return self.display_name or self.username

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Another password, role or unit ends every sign-in at once."""
        standing = f"{self.password}/{self.role}/{self.unit_id}"
        salt = "people.Professional.sign-in"
        return salted_hmac(salt, standing, secret=secret, algorithm="sha256").hexdigest()

    @property
    def entity_id(self) -> uuid.UUID:
        return self.unit.entity_id

    @property
    def actor(self) -> Actor:
        """As the trail keeps the one who acts."""
        return Actor(
            username=self.username,
            name=self.display_name,
            role=self.role,
            hpr_number=self.hpr_number,
            authorisation=AUTHORISED_AS.get(Role(self.role), "") if self.hpr_number else "",
            unit=str(self.unit_id),
            department=self.unit.name,
            entity=str(self.entity_id),
            entity_number=self.unit.entity.organisation_number,
        )


class KeptForm(models.Model):
    """What someone had typed when the sign-in had run out; theirs alone, for half a day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    professional = models.ForeignKey(
        Professional, on_delete=models.CASCADE, related_name="kept_forms"
    )
    kept_at = models.DateTimeField(db_index=True)
    sealed = models.BinaryField()

    class Register:
        pseudonymised: ClassVar[frozenset[str]] = frozenset()
        leaves: ClassVar[frozenset[str]] = frozenset()
        withheld = frozenset({"id", "professional", "kept_at", "sealed"})

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def place(self) -> Place:
        return Place("people_keptform", self.pk, "sealed")

    def take(self, text: str) -> None:
        """Seal what was typed into this row. Stores nothing."""
        self.sealed = seal(text, self.place)

    def text(self) -> str:
        return opened(self.sealed, self.place)
