"""A clinical fact: entered once, corrected by a next revision, never overwritten."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import BooleanField, Func, Q

from lysglimt.clinic.sealing.fields import SealedText
from lysglimt.knowledge.errors import ClinicalError

from .tenancy import Owned, OwnedQuerySet

AFact = TypeVar("AFact", bound="Fact")

LATE_AFTER_MINUTES = 5
"""A fact that was received this much later than it happened is shown as entered late."""


class Contradicted(ClinicalError):
    """The same entry arrived again with other content, or was corrected by two at once."""

    code = "fact.contradicted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """What comes with every fact: when it happened, when it was typed, under which id.

    ``entry`` is made where the fact is typed (on the tablet, too), so that sending it twice
    stores it once.
    """

    happened_at: datetime
    entered_at: datetime
    reason: str = ""
    entry: uuid.UUID = field(default_factory=uuid.uuid4)


class Newest(Func):
    """Of its entry there is no later revision.

    Nearly every question asks it, many of them several times, so it is written out: as a query
    within a query Django would build it anew, with every question round it, at each request.
    """

    template = (
        'NOT EXISTS(SELECT 1 FROM %(table)s "later" WHERE "later"."entry" = %(expressions)s)'
    )
    arg_joiner = ' AND "later"."revision" > '

    def __init__(self, model: type[models.Model]) -> None:
        table = f'"{model._meta.db_table}"'
        super().__init__("entry", "revision", table=table, output_field=BooleanField())


class First(Func):
    """The key of the first revision of its entry, written out as `Newest` is."""

    template = (
        '(SELECT "first"."id" FROM %(table)s "first"'
        ' WHERE "first"."revision" = 1 AND "first"."entry" = %(expressions)s)'
    )

    def __init__(self, model: type[models.Model]) -> None:
        table = f'"{model._meta.db_table}"'
        super().__init__("entry", table=table, output_field=model._meta.pk)


class FactQuerySet(OwnedQuerySet[AFact]):
    def in_force(self) -> Self:
        """The newest revision of each entry, in the order in which the entries first came.

        An entry that was withdrawn is not in force.
        """
        return self.filter(Newest(self.model), withdrawn=False).order_by(First(self.model))

    def history(self, entry: uuid.UUID) -> Self:
        """All revisions of one entry, the first first."""
        return self.filter(entry=entry).order_by("revision")


class Fact(Owned):
    """Three times, an author, an entry and its revisions. A model of facts inherits it.

    A model with constraints of its own writes
    ``class Meta(Fact.Meta): constraints = (*Fact.Meta.constraints, ...)``, and names its own
    fields in ``class Register(Fact.Register)``.
    """

    entry = models.UUIDField(default=uuid.uuid4)
    revision = models.PositiveSmallIntegerField(default=1)
    reason = SealedText(blank=True)
    withdrawn = models.BooleanField(default=False)
    happened_at = models.DateTimeField()
    entered_at = models.DateTimeField()
    received_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar = FactQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_one_row_a_revision", fields=("entry", "revision")
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_first_revision_is_1",
                condition=Q(revision__gte=1),
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_correction_has_a_reason",
                condition=Q(revision=1) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_withdrawal_is_a_correction",
                condition=Q(withdrawn=False) | Q(revision__gt=1),
            ),
        )

    class Register:
        """A fact tells the register when, and which revision; not who, nor free text."""

        pseudonymised: ClassVar[frozenset[str]] = frozenset({"entry"})
        leaves: ClassVar[frozenset[str]] = frozenset(
            {"revision", "withdrawn", "happened_at", "entered_at", "received_at"}
        )
        withheld: ClassVar[frozenset[str]] = frozenset({"id", "reason", "by"})

    def __str__(self) -> str:
        return f"{self.entry}/{self.revision}"

    @property
    def late(self) -> bool:
        """Entered late: shown, never refused."""
        return (self.received_at - self.happened_at).total_seconds() > LATE_AFTER_MINUTES * 60

    def agrees_with(self, other: Self) -> bool:
        """Said twice: the same content, at the same time or, both times, as it was received."""
        mine, theirs = self.content(), other.content()
        unsaid = all(one.happened_at == one.received_at for one in (self, other))
        when = {"happened_at"} if unsaid else set()
        return all(mine[name] == theirs[name] for name in mine.keys() - when)

    def content(self) -> dict[str, object]:
        """What the fact says, without when and where it was stored."""
        stored = {"id", "received_at", "entered_at"}
        return {
            each.attname: getattr(self, each.attname)
            for each in self._meta.concrete_fields
            if each.name not in stored
        }

    def revised(self, **changed: object) -> Self:
        """The next revision, not yet stored: this fact with what is changed.

        Say ``reason``, ``by``, ``entered_at`` and ``received_at`` among the changes.
        """
        said = self.content() | {
            "entered_at": self.entered_at,
            "received_at": self.received_at,
            "revision": self.revision + 1,
        }
        # A relation given by its name must not meet the old key beside it: Django takes the key.
        for each in self._meta.concrete_fields:
            if each.name in changed and each.attname != each.name:
                del said[each.attname]
        return type(self)(**(said | changed))
