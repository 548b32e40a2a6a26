"""Who did what, and who saw whom. Rows are written once and outlive what they describe."""

from typing import ClassVar

from django.db import models

from lysglimt.clinic.sealing.fields import SealedText


class Trace(models.Model):
    """What every row of the trail says: who, as what, for whom, why, and by which right.

    Ids of people and units are kept as text, without foreign keys: the trail outlives the rows.
    """

    at = models.DateTimeField(db_index=True)
    actor = models.CharField(max_length=150)
    actor_name = models.CharField(max_length=150, blank=True)
    role = models.CharField(max_length=20, blank=True)
    hpr_number = models.CharField(max_length=9, blank=True)
    authorisation = models.CharField(max_length=20, blank=True)
    unit = models.CharField(max_length=36, blank=True)
    department = models.CharField(max_length=100, blank=True)
    entity = models.CharField(max_length=36, blank=True)
    entity_number = models.CharField(max_length=9, blank=True)
    operation = models.CharField(max_length=60)
    purpose = models.CharField(max_length=40, blank=True)
    decision = models.CharField(max_length=120, blank=True)
    patients = models.JSONField(default=list)
    category = models.CharField(max_length=40, blank=True)
    origin = models.CharField(max_length=20)
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        abstract = True

    class Register:
        """Nothing of the trail leaves the clinic by way of the register."""

        pseudonymised: ClassVar[frozenset[str]] = frozenset()
        leaves: ClassVar[frozenset[str]] = frozenset()
        withheld: ClassVar[frozenset[str]] = frozenset(
            {
                *("id", "at", "actor", "actor_name", "role", "hpr_number", "unit", "entity"),
                *("operation", "purpose", "decision", "patients", "category", "origin"),
                *("request_id", "authorisation", "department", "entity_number"),
            }
        )

    def __str__(self) -> str:
        return f"{self.actor} {self.operation}"


class Event(Trace):
    """Something was done. The digests are those of the row before and after; no values."""

    subject = models.CharField(max_length=100, blank=True)
    before_digest = models.CharField(max_length=64, blank=True)
    after_digest = models.CharField(max_length=64, blank=True)
    reason = SealedText(blank=True, by=("operation", "subject", "after_digest"))

    class Register(Trace.Register):
        withheld = frozenset({"subject", "before_digest", "after_digest", "reason"})


class Read(Trace):
    """One request that showed patients, with every patient it showed."""


class Link(models.Model):
    """One row of the trail in the chain: its digest, bound to all that came before.

    ``row`` is the id of the event or the read. ``seq`` begins at 1 and has no gap.
    """

    seq = models.PositiveBigIntegerField(primary_key=True)
    kind = models.CharField(max_length=5, choices=[("event", "event"), ("read", "read")])
    row = models.PositiveBigIntegerField()
    form = models.PositiveSmallIntegerField()
    row_digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="audit_link_one_a_row", fields=("kind", "row")),
        )

    class Register:
        pseudonymised: ClassVar[frozenset[str]] = frozenset()
        leaves: ClassVar[frozenset[str]] = frozenset()
        withheld = frozenset(
            {"seq", "kind", "row", "form", "row_digest", "previous", "digest", "sealed_at"}
        )

    def __str__(self) -> str:
        return f"{self.seq}: {self.kind}/{self.row}"


class Seal(models.Model):
    """The head of the chain on a day, under a key that the database does not hold."""

    number = models.PositiveIntegerField(primary_key=True)
    made_at = models.DateTimeField()
    seq = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)
    key_id = models.CharField(max_length=16)
    previous = models.CharField(max_length=64, blank=True)
    mac = models.CharField(max_length=64)

    class Register:
        pseudonymised: ClassVar[frozenset[str]] = frozenset()
        leaves: ClassVar[frozenset[str]] = frozenset()
        withheld = frozenset(
            {"number", "made_at", "seq", "digest", "key_id", "previous", "mac"}
        )

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d}: {self.seq}"
