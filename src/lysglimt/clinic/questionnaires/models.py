"""The wording a clinic may show, and what was typed but not yet handed in."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from lysglimt.clinic.people.facts import Fact, FactQuerySet
from lysglimt.clinic.people.models import LegalEntity, Patient, Professional
from lysglimt.clinic.people.tenancy import Owned, OwnedQuerySet
from lysglimt.clinic.sealing.fields import SealedJSON


class WordingPackQuerySet(FactQuerySet["WordingPack"]):
    def of(self, *, entity_id: object, instrument: str, language: str) -> Self:
        """The newest first."""
        loaded = self.in_force().filter(
            entity_id=entity_id, instrument=instrument, language=language
        )
        return loaded.order_by("-happened_at", "-pk")


class WordingPack(Fact):
    """A licensed wording that a legal entity loaded: a FHIR Questionnaire with its checksum.

    ``sha256`` is over the file as it was loaded, in hex.
    """

    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="+")
    instrument = models.SlugField(max_length=40)
    instrument_version = models.CharField(max_length=16)
    language = models.CharField(max_length=8)
    sha256 = models.CharField(max_length=64)
    questionnaire = models.JSONField()

    to_unit, to_entity = "", "entity"
    objects: ClassVar = WordingPackQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="wording_pack_has_a_checksum", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")
            ),
            models.UniqueConstraint(
                name="wording_pack_is_loaded_once",
                fields=("entity", "instrument", "language", "sha256"),
                condition=Q(revision=1),
            ),
        )

    class Register(Fact.Register):
        leaves = frozenset({"entity", "instrument", "instrument_version", "language", "sha256"})
        withheld = frozenset({"questionnaire"})

    def __str__(self) -> str:
        return f"{self.instrument} {self.language}"


class RatingDraftQuerySet(OwnedQuerySet["RatingDraft"]):
    def of(self, *, rater: Professional, patient: Patient, instrument: str) -> Self:
        return self.filter(rater=rater, patient=patient, instrument=instrument)


class RatingDraft(Owned):
    """What was typed and not yet handed in. It is no fact: it changes, and goes when used."""

    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="rating_drafts")
    rater = models.ForeignKey(Professional, on_delete=models.CASCADE, related_name="+")
    instrument = models.SlugField(max_length=40)
    typed = SealedJSON(default=dict, by=("rater_id", "patient_id", "instrument"))
    saved_at = models.DateTimeField()

    to_unit, to_entity = "", "patient__entity"
    to_patient = "patient"
    objects: ClassVar = RatingDraftQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="rating_draft_one_a_rater_patient_and_instrument",
                fields=("rater", "patient", "instrument"),
            ),
        )

    class Register:
        pseudonymised: ClassVar[frozenset[str]] = frozenset()
        leaves: ClassVar[frozenset[str]] = frozenset()
        withheld = frozenset({"id", "patient", "rater", "instrument", "typed", "saved_at"})

    def __str__(self) -> str:
        return f"{self.instrument} ({self.saved_at})"
