"""A dose beyond a ceiling, or one that is not offered now: a doctor answers by name and why."""

from collections.abc import Collection, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from lysglimt.clinic.chairside.actions import StepDecided
from lysglimt.clinic.design.reasons import ReasonField
from lysglimt.clinic.people.models import Professional
from lysglimt.knowledge.dosing.ceilings import AboveCeiling, Ceiling, CeilingOverride
from lysglimt.knowledge.dosing.escalation import NotOffered
from lysglimt.knowledge.verdict import Finding

NAMED_DOCTOR = "named_doctor"
CEILINGS = {
    Ceiling.DOSE_BY_WEIGHT: gettext_lazy(
        "Reason, for a step by a named doctor's decision, one that is not offered now, "
        "or a dose above the ceiling in mg/kg"
    ),
    Ceiling.DOSE: gettext_lazy("Why the ceiling in mg is passed"),
    Ceiling.DURATION: gettext_lazy("Why the time is outside its limits"),
}


class Answered(forms.Form):
    """Asks when a rule has refused the dose, and again when what was typed is sent.

    ``against`` is what spoke against the dose when it was refused. What is ``when_asked`` may be
    left only where no rule asks for it, so it is not marked as optional.
    """

    when_asked = frozenset(
        {NAMED_DOCTOR, "weight_change", *(f"override_{ceiling}" for ceiling in CEILINGS)}
    )

    def __init__(self, *args: Any, doctors: Sequence[Professional], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.doctors = {str(one.pk): one for one in doctors}
        self.against: Sequence[Finding] = ()

    def ask_as_before(self, *, beforehand: Collection[Ceiling]) -> None:
        for ceiling in CEILINGS:
            if ceiling in beforehand or f"override_{ceiling}" in self.data:
                self.ask_to_override(ceiling)
        if NAMED_DOCTOR in self.data:
            self.ask_for_a_doctor()

    def ask_to_override(self, ceiling: Ceiling) -> None:
        self.fields[f"override_{ceiling}"] = ReasonField(
            label=CEILINGS[ceiling], max_length=300, required=False
        )

    def ask_for_a_doctor(self) -> None:
        """Nobody stands chosen beforehand."""
        self.fields[NAMED_DOCTOR] = forms.ChoiceField(
            label=gettext_lazy("The doctor who answers for this dose"),
            choices=[("", "–"), *((key, str(one)) for key, one in self.doctors.items())],
            required=False,
        )

    def refuse(self, refusal: AboveCeiling, words: str) -> None:
        """A ceiling was passed: the doctor may answer for it by name."""
        ceiling = Ceiling(str(refusal.facts["field"]))
        self.ask_to_override(ceiling)
        self.add_error(f"override_{ceiling}", words)

    def refuse_step(self, refusal: NotOffered, words: str) -> None:
        """What speaks against the dose is shown; who answers for it, and why, is asked."""
        self.against = refusal.reasons
        self.ask_to_override(Ceiling.DOSE_BY_WEIGHT)
        self.ask_for_a_doctor()
        if not self.override(Ceiling.DOSE_BY_WEIGHT):
            self.add_error(f"override_{Ceiling.DOSE_BY_WEIGHT}", words)
        if self.named_doctor is None:
            chosen = gettext("Choose the doctor who answers for this dose.")
            self.add_error(NAMED_DOCTOR, chosen)

    def override(self, ceiling: Ceiling) -> str:
        reason: str = self.cleaned_data.get(f"override_{ceiling}", "")
        return reason.strip()

    @property
    def named_doctor(self) -> Professional | None:
        return self.doctors.get(self.cleaned_data.get(NAMED_DOCTOR, ""))

    def decided(self) -> StepDecided | None:
        doctor, reason = self.named_doctor, self.override(Ceiling.DOSE_BY_WEIGHT)
        return StepDecided(doctor, reason) if doctor and reason else None

    def overrides(self, *, by: Professional) -> list[CeilingOverride]:
        """In the name of who writes, but for the dose by weight where another answers for it."""
        named = {Ceiling.DOSE_BY_WEIGHT: self.named_doctor or by}
        return [
            CeilingOverride(ceiling, str(named.get(ceiling, by)), reason)
            for ceiling in CEILINGS
            if (reason := self.override(ceiling))
        ]
