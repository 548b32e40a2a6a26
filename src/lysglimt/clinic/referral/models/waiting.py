"""Those who wait, and those who were refused: nobody is forgotten."""

from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from lysglimt.clinic.people.facts import Fact, FactQuerySet
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.sealing.fields import SealedText

from .referral import EligibilityDecision, Referral


class Refusal(Fact):
    """What a refused patient was told: why, what happens instead, and how to complain.

    ``no_recontact`` is why nobody contacts the patient again; empty when somebody does.
    """

    decision = models.ForeignKey(
        EligibilityDecision, on_delete=models.PROTECT, related_name="refusals"
    )
    grounds = SealedText()
    plan = SealedText()
    complaint_route = SealedText()
    no_recontact = SealedText(blank=True)

    to_unit, to_entity = "decision__referral__unit", "decision__referral__unit__entity"
    to_patient = "decision__referral__patient"
    objects: ClassVar = FactQuerySet.as_manager()

    class Register(Fact.Register):
        withheld = frozenset({"decision", "grounds", "plan", "complaint_route", "no_recontact"})

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="refusal_carries_grounds_plan_and_complaint_route",
                condition=~Q(grounds="") & ~Q(plan="") & ~Q(complaint_route=""),
            ),
        )

    def __str__(self) -> str:
        return f"refusal/{self.entry}"


class WaitingContactQuerySet(FactQuerySet["WaitingContact"]):
    def current(self) -> Self:
        """The one contact of each referral that was named last."""
        later = WaitingContact.objects.in_force().filter(
            referral=OuterRef("referral"), pk__gt=OuterRef("pk")
        )
        return self.in_force().filter(~Exists(later))

    def due(self, on: date) -> Self:
        overdue = self.current().filter(recontact_on__lte=on)
        return overdue.select_related("referral__patient", "contact").order_by("recontact_on")


class WaitingContact(Fact):
    """Who keeps in touch with a patient who waits or was refused, how often, and when next."""

    referral = models.ForeignKey(
        Referral, on_delete=models.PROTECT, related_name="waiting_contacts"
    )
    contact = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    every_days = models.PositiveSmallIntegerField()
    recontact_on = models.DateField(db_index=True)

    to_unit, to_entity = "referral__unit", "referral__unit__entity"
    to_patient = "referral__patient"
    objects: ClassVar = WaitingContactQuerySet.as_manager()

    class Register(Fact.Register):
        pseudonymised = frozenset({"referral"})
        leaves = frozenset({"every_days", "recontact_on"})
        withheld = frozenset({"contact"})

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="waiting_contact_has_an_interval", condition=Q(every_days__gte=1)
            ),
        )

    def __str__(self) -> str:
        return f"{self.referral_id}: {self.recontact_on}"


class ContactMade(Fact):
    """Someone rang or wrote: reached or not, and what was said."""

    referral = models.ForeignKey(
        Referral, on_delete=models.PROTECT, related_name="contacts_made"
    )
    reached = models.BooleanField()
    note = SealedText(blank=True)

    to_unit, to_entity = "referral__unit", "referral__unit__entity"
    to_patient = "referral__patient"
    objects: ClassVar = FactQuerySet.as_manager()

    class Register(Fact.Register):
        pseudonymised = frozenset({"referral"})
        leaves = frozenset({"reached"})
        withheld = frozenset({"note"})

    def __str__(self) -> str:
        return f"{self.referral_id}: {self.happened_at}"
