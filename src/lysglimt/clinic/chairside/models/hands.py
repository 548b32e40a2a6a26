"""Whose hands a session is in: given over and taken over; and what was charted on paper."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from lysglimt.clinic.people.facts import Fact, FactQuerySet
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.sealing.fields import SealedJSON, SealedText

from .session import Session


class Handover(Fact):
    """``by`` gave the session over, ``taken_by`` took it and signed on the spot.

    ``open_points`` is what was open as both of them read it, in both languages; ``words`` what
    whoever gave it over added. It is never taken back: the session is handed on.
    """

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="handovers")
    taken_by = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    open_points = SealedJSON(default=list, blank=True)
    words = SealedText(blank=True)

    to_unit, to_entity = "session__unit", "session__unit__entity"
    to_patient = "session__course__patient"
    objects: ClassVar = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="handover_is_to_another", condition=~Q(taken_by=F("by"))
            ),
            models.CheckConstraint(name="handover_is_handed_on", condition=Q(revision=1)),
        )

    class Register(Fact.Register):
        pseudonymised = frozenset({"session"})
        withheld = frozenset({"taken_by", "open_points", "words"})

    def __str__(self) -> str:
        return f"{self.session_id}: {self.by_id} > {self.taken_by_id}"


class PaperChart(Fact):
    """From ``happened_at`` until ``until`` the session was charted on paper; ``by`` types it in.

    What is typed after this was said, of a time between the two, is from paper. The network may be
    away twice: each time is a fact of its own, corrected by its next revision.
    """

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="paper_charts")
    until = models.DateTimeField()
    why = SealedText()

    to_unit, to_entity = "session__unit", "session__unit__entity"
    to_patient = "session__course__patient"
    objects: ClassVar = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="paper_chart_ends_after_it_began", condition=Q(until__gt=F("happened_at"))
            ),
        )

    class Register(Fact.Register):
        pseudonymised = frozenset({"session"})
        leaves = frozenset({"until"})
        withheld = frozenset({"why"})

    def __str__(self) -> str:
        return f"{self.session_id}: {self.happened_at} - {self.until}"
