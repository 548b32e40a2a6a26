"""Patients and their relatives: sealed as they are stored, read as frozen values."""

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from lysglimt.clinic.people import names
from lysglimt.clinic.people.facts import Fact
from lysglimt.clinic.people.search import Sought
from lysglimt.clinic.people.tenancy import Insider, Owned, OwnedQuerySet
from lysglimt.clinic.sealing.values import Place, index, opened, seal

from .staff import LegalEntity, Unit


class Sex(models.TextChoices):
    FEMALE = "f"
    MALE = "m"
    UNKNOWN = "u"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    telephone: str = ""
    email: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """Who a patient is, as typed and checked. ``identity_number`` is 11 digits, or "" if none."""

    given_name: str = field(repr=False)
    family_name: str = field(repr=False)
    birth_date: date = field(repr=False)
    identity_number: str = field(default="", repr=False)
    sex: str = Sex.UNKNOWN
    contact: Contact = field(default_factory=Contact, repr=False)

    @property
    def names(self) -> tuple[str, str]:
        return self.given_name, self.family_name

    def written(self) -> str:
        return json.dumps(asdict(self) | {"birth_date": self.birth_date.isoformat()})


def particulars(written: str) -> Particulars:
    """The opposite of ``Particulars.written``."""
    said: dict[str, Any] = json.loads(written)
    return Particulars(
        **said
        | {
            "birth_date": date.fromisoformat(said["birth_date"]),
            "contact": Contact(**said["contact"]),
        }
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientCard:
    """A patient as a page shows one: two identifiers at least, the number masked.

    ``full_identity_number`` is for the few places that must have it whole; a page says
    ``identity_number``.
    """

    id: uuid.UUID
    given_name: str = field(repr=False)
    family_name: str = field(repr=False)
    birth_date: date = field(repr=False)
    sex: str
    full_identity_number: str = field(default="", repr=False)
    contact: Contact = field(default_factory=Contact, repr=False)

    @property
    def name(self) -> str:
        """As Norwegian lists have it: family name first."""
        return f"{self.family_name}, {self.given_name}"

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}"

    @property
    def identity_number(self) -> str:
        """``140379 *****``; "" when the patient has none."""
        return f"{self.full_identity_number[:6]} *****" if self.full_identity_number else ""

    def age(self, on: date) -> int:
        """Whole years on a day."""
        had_birthday = (on.month, on.day) >= (self.birth_date.month, self.birth_date.day)
        return on.year - self.birth_date.year - (not had_birthday)


class PatientQuerySet(OwnedQuerySet["Patient"]):
    """Of one legal entity at a time: indexes of two entities cannot even be compared."""

    def with_identity_number(self, number: str, *, of: Insider) -> Self:
        fingerprint = index(number, of="identity_number", entity=of.entity_id)
        return self.for_professional(of).filter(identity_number_index=fingerprint)

    def born(self, on: date, *, of: Insider) -> Self:
        fingerprint = index(on.isoformat(), of="birth_date", entity=of.entity_id)
        return self.for_professional(of).filter(birth_date_index=fingerprint)

    def named(self, terms: Iterable[str], *, of: Insider) -> Self:
        """Every term begins some word of the name."""
        found = self.for_professional(of)
        for term in terms:
            start = index(names.plain(term)[: names.LONGEST], of="name", entity=of.entity_id)
            found = found.filter(tokens__token=start)
        return found

    def sought(self, what: Sought, *, of: Insider) -> Self:
        """By what was typed in the one box."""
        if what.identity_number:
            return self.with_identity_number(what.identity_number, of=of)
        found = self.named(what.terms, of=of)
        days = [
            index(day.isoformat(), of="birth_date", entity=of.entity_id) for day in what.births
        ]
        return found.filter(birth_date_index__in=days) if days else found

    def cards(self) -> list[PatientCard]:
        """Opened, in the order of this query."""
        return [patient.card() for patient in self]


class Patient(Owned):
    """A patient of one legal entity. The row keeps what is true now; the facts keep what was."""

    to_unit = ""
    to_entity = "entity"
    to_patient = "pk"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="+")
    identity_number_index = models.CharField(max_length=32, null=True, blank=True)  # noqa: DJ001 - Django's own exception: unique, and nulls never clash where empty texts would
    birth_date_index = models.CharField(max_length=32, db_index=True)
    particulars_sealed = models.BinaryField()
    registered_at = models.DateTimeField()
    registered_in = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar = PatientQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="people_patient_one_of_a_number",
                fields=("entity", "identity_number_index"),
            ),
        )

    class Register:
        """What may leave the clinic. A field named nowhere here is withheld."""

        pseudonymised = frozenset({"id"})
        leaves = frozenset({"entity", "registered_in", "registered_at"})
        withheld = frozenset(
            {"identity_number_index", "birth_date_index", "particulars_sealed"}
        )

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def place(self) -> Place:
        return Place("people_patient", self.pk, "particulars_sealed")

    def particulars(self) -> Particulars:
        return particulars(opened(self.particulars_sealed, self.place))

    def card(self) -> PatientCard:
        said = self.particulars()
        return PatientCard(
            id=self.pk,
            given_name=said.given_name,
            family_name=said.family_name,
            birth_date=said.birth_date,
            sex=said.sex,
            full_identity_number=said.identity_number,
            contact=said.contact,
        )

    def take(self, said: Particulars) -> None:
        """Seal the particulars into this row, and index them. Stores nothing."""
        number = said.identity_number
        entity = self.entity_id
        self.particulars_sealed = seal(said.written(), self.place)
        self.birth_date_index = index(
            said.birth_date.isoformat(), of="birth_date", entity=entity
        )
        self.identity_number_index = (
            index(number, of="identity_number", entity=entity) if number else None
        )


class PatientToken(models.Model):
    """The keyed start of a word of a patient's name, so that a name is found unopened."""

    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="tokens")
    token = models.CharField(max_length=32)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="people_patienttoken_once", fields=("token", "patient")
            ),
        )

    class Register:
        pseudonymised: ClassVar[frozenset[str]] = frozenset()
        leaves: ClassVar[frozenset[str]] = frozenset()
        withheld = frozenset({"id", "patient", "token"})

    def __str__(self) -> str:
        return self.token


class OfPatient(Fact):
    """A fact about a patient whose text is sealed in its own row."""

    to_unit = ""
    to_entity = "patient__entity"
    to_patient = "patient"

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="%(class)ss")
    sealed = models.BinaryField()

    class Meta(Fact.Meta):
        abstract = True

    class Register(Fact.Register):
        pseudonymised = frozenset({"patient"})
        withheld = frozenset({"sealed"})

    @property
    def place(self) -> Place:
        """Bound to entry and revision, which are known before the row is stored."""
        return Place(self._meta.db_table, f"{self.entry}/{self.revision}", "sealed")

    def take(self, said: Mapping[str, object]) -> None:
        """Seal a value of text into this row. Stores nothing."""
        self.sealed = seal(json.dumps(dict(said)), self.place)

    def content(self) -> dict[str, object]:
        """The text itself: sealing the same text twice never gives the same bytes."""
        return super().content() | {"sealed": self.said()}

    def revised(self, **changed: object) -> Self:
        """The text is sealed anew, in the place of the next revision."""
        following = super().revised(**changed)
        following.take(self.said())
        return following

    def said(self) -> dict[str, Any]:
        known: dict[str, Any] = json.loads(opened(self.sealed, self.place))
        return known


class PatientDetails(OfPatient):
    """What was said of who a patient is, from when; the patient's row has the newest."""


class Kinship(models.TextChoices):
    PARTNER = "partner"
    PARENT = "parent"
    CHILD = "child"
    SIBLING = "sibling"
    FRIEND = "friend"
    OTHER = "other"


KINSHIP_WORDS: Mapping[Kinship, Promise] = {
    Kinship.PARTNER: gettext_lazy("Spouse or partner"),
    Kinship.PARENT: gettext_lazy("Parent"),
    Kinship.CHILD: gettext_lazy("Child"),
    Kinship.SIBLING: gettext_lazy("Sibling"),
    Kinship.FRIEND: gettext_lazy("Friend"),
    Kinship.OTHER: gettext_lazy("Other"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RelativeCard:
    """Next of kin as a page shows them."""

    id: int
    entry: uuid.UUID
    revision: int
    kinship: str
    consent: bool
    minor: bool
    name: str = field(repr=False)
    telephone: str = field(default="", repr=False)
    needs: str = field(default="", repr=False)

    @property
    def kinship_word(self) -> str:
        return str(KINSHIP_WORDS[Kinship(self.kinship)])


class Relative(OfPatient):
    """Next of kin, and whether the patient consents that they are told.

    Children under 18 are noted with what they need: the clinic answers for that by law.
    """

    kinship = models.CharField(max_length=10, choices=Kinship)
    consent = models.BooleanField()
    minor = models.BooleanField(default=False)

    class Meta(OfPatient.Meta):
        abstract = False

    class Register(OfPatient.Register):
        withheld = frozenset({"kinship", "consent"})
        leaves = frozenset({"minor"})

    def card(self) -> RelativeCard:
        return RelativeCard(
            id=self.pk,
            entry=self.entry,
            revision=self.revision,
            kinship=self.kinship,
            consent=self.consent,
            minor=self.minor,
            **self.said(),
        )
