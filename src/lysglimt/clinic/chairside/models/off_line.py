"""What was typed on a tablet without the network: by whom, where another sent it, and what was thrown away."""

from typing import ClassVar

from django.db import models

from lysglimt.clinic.people.facts import Fact, FactQuerySet
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.people.tenancy import Owned
from lysglimt.clinic.sealing.fields import SealedJSON

from .session import Session


class TypedByAnother(Owned):
    """One revision of a set or an event, sent by its ``by`` and typed by another; None: nobody knows."""

    session = models.ForeignKey(
        Session, on_delete=models.PROTECT, related_name="typed_by_others"
    )
    entry = models.UUIDField()
    revision = models.PositiveSmallIntegerField()
    typist = models.ForeignKey(
        Professional, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    to_unit, to_entity = "session__unit", "session__unit__entity"
    to_patient = "session__course__patient"

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="typed_by_another_once_a_revision", fields=("entry", "revision")
            ),
        )

    class Register:
        pseudonymised = frozenset({"session", "entry"})
        leaves = frozenset({"revision"})
        withheld = frozenset({"id", "typist"})

    def __str__(self) -> str:
        return f"{self.entry}/{self.revision}: {self.typist_id}"


class ThrownAway(Fact):
    """Never stored: an entry of a tablet that somebody struck out there, in words, with why."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="thrown_away")
    # Label and value, as it was read on the tablet.
    words = SealedJSON(default=list)

    to_unit, to_entity = "session__unit", "session__unit__entity"
    to_patient = "session__course__patient"
    objects: ClassVar = FactQuerySet.as_manager()

    class Register(Fact.Register):
        pseudonymised = frozenset({"session"})
        withheld = frozenset({"words"})

    def __str__(self) -> str:
        return f"{self.session_id}: {self.entry}"
