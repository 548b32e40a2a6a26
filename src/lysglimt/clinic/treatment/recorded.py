"""What the record knows of a candidate: newest referral, its answers, ratings, consent, choice."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Subquery, UUIDField

from lysglimt.clinic.people.models import Patient
from lysglimt.clinic.people.written import Beside
from lysglimt.clinic.referral import past
from lysglimt.clinic.referral.answers import answered, candidate_of
from lysglimt.clinic.referral.candidacy import none_asked, who, with_tried
from lysglimt.clinic.referral.listed import DIAGNOSED, diagnoses_of
from lysglimt.clinic.referral.models import (
    Assessment,
    EligibilityDecision,
    Medicine,
    Referral,
)
from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.knowledge.dosing.weights import Sex
from lysglimt.knowledge.eligibility.candidate import Candidate
from lysglimt.knowledge.eligibility.candidate import Registration as Choice
from lysglimt.knowledge.eligibility.screening import screen
from lysglimt.knowledge.safety.antiemetics import lengthens_qt
from lysglimt.knowledge.safety.interactions import SessionCircumstances, interactions
from lysglimt.knowledge.verdict import Finding, Verdict

from .models import Consent, Rating, Registration, WorkUpResult

RATED: Mapping[str, str] = {
    "ratings.madrs": "madrs",
    "ratings.ymrs": "ymrs",
    "ratings.moca": "moca",
    "ratings.dudit": "dudit",
    "ratings.hdrs17": "hamd17",
}
"""Totals that the record has when the instrument was rated here, by the field they answer."""

QTC, QTC_UNIT = "ecg", "ms"
"""The part of the work-up, and its unit, that answers for the QTc."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """An answer that stands in the record, so that nobody is asked again; ``on`` is its day."""

    value: Any
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """A candidate as the record and the newest answers have it.

    ``referral`` is None when none was received; it carries ``state`` and ``pending``, the
    decision that waits for a second signature. ``late`` are the codes of the medicines of which
    some is taken in the evening. ``on`` is the day that is asked about, and ``lengthened_on`` when
    the newest medicine that lengthens QT was begun.
    """

    referral: Any
    candidate: Candidate
    recorded: Mapping[str, Recorded]
    late: frozenset[str] = frozenset()
    on: date | None = None
    lengthened_on: date | None = None

    def verdict(self, *, on: date) -> Verdict:
        """Every criterion, and the medicines that matter to a session."""
        return Verdict.of((*screen(self.candidate, on=on).findings, *self.of_medicines))

    @property
    def circumstances(self) -> SessionCircumstances:
        candidate = self.candidate
        return SessionCircumstances(
            alcohol_same_day=candidate.bodily.alcohol_same_day,
            grapefruit=candidate.bodily.grapefruit,
            qtc_ms=candidate.measurements.qtc_ms,
            male=None if candidate.sex is None else candidate.sex is Sex.MALE,
            late=self.late,
            qtc_on=self.qtc_on,
            on=self.on,
            lengthened_on=self.lengthened_on,
        )

    @property
    def qtc_on(self) -> date | None:
        """Of the ECG on record, or of the assessment in which the QTc was answered."""
        recorded = self.recorded.get("measurements.qtc_ms")
        if recorded is not None:
            return recorded.on
        assessed = self.referral.assessed_at if self.referral is not None else None
        return assessed and on_day(assessed)

    @property
    def of_medicines(self) -> tuple[Finding, ...]:
        """What the rules about medicines find."""
        return interactions(self.candidate.medicines, self.circumstances)


def known(*, on: date, **which: Any) -> Known:
    """Of a ``patient``, or of the referral with a ``pk``. Asks five questions of the database."""
    row = asked_once(**which)
    if row is None:
        return Known(None, Candidate(), {})
    recorded = facts_of(row)
    said = {name: fact.value for name, fact in recorded.items()}
    before = answered(who(row.patient, candidate_of(row.answers or {})), said)
    takes = list(Medicine.objects.taken_on(on).filter(patient=row.patient))
    whole = with_lists(before, row.patient, takes)
    return Known(row, whole, recorded, past.late(takes), on, lengthened_on(takes))


def known_with(patient: Patient, takes: Sequence[Medicine], *, on: date) -> Known:
    """What the rules about medicines ask, and the diagnoses. Asks one question of the database.

    Of one who was never assessed, an empty list is that nobody asked.
    """
    row = asked_once(patient=patient, beside={"diagnosed": DIAGNOSED.about("patient")})
    recorded = facts_of(row) if row is not None else {}
    answers = candidate_of(row.answers or {}) if row is not None else Candidate()
    said = {name: fact.value for name, fact in recorded.items()}
    before = answered(who(patient, answers), said)
    whole = replace(
        before,
        diagnoses=(row and diagnoses_of(row.diagnosed)) or None,
        medicines=past.taken(takes) or none_asked(before.medicines),
    )
    return Known(row, whole, recorded, past.late(takes), on, lengthened_on(takes))


def lengthened_on(takes: Iterable[Medicine]) -> date | None:
    """When the newest of those that lengthen QT was begun; None where none is, or nobody said."""
    begun = (one.started_on for one in takes if lengthens_qt(one.atc))
    return max((day for day in begun if day is not None), default=None)


def asked_once(*, beside: Mapping[str, Any] | None = None, **which: Any) -> Any:
    """The newest referral with everything about the patient that is one value, in one question.

    ``beside`` is what else is asked of it.
    """
    rows: Any = Referral.objects.with_state().filter(**which).select_related("patient")
    asked = rows.annotate(**KNOWN.about("pk", "patient"), **(beside or {}))
    return asked.order_by("-received_on").first()


def of_referral(referral: Any, patient: Any) -> dict[str, Subquery]:
    awaited = EligibilityDecision.objects.in_force().filter(
        referral=referral, needs_second=True, second_signature__isnull=True
    )
    assessed = Assessment.objects.in_force().filter(referral=referral)
    pending = Subquery(awaited.values("pk")[:1])
    return {"pending": pending, **one_valued(patient, assessed)}


def one_valued(patient: Any, assessed: Any) -> dict[str, Subquery]:
    """What `facts_of` reads of a patient, and the newest answers of ``assessed``."""
    of = {"patient": patient}
    choice = Registration.objects.newest_first().filter(**of)
    consent = Consent.objects.given().filter(**of)
    ecg = (
        WorkUpResult.objects.in_force()
        .filter(**of, item=QTC, unit_of_value=QTC_UNIT)
        .order_by("-done_on", "-pk")
    )
    rated: dict[str, Subquery] = {}
    for instrument in RATED.values():
        newest = Rating.objects.newest_first().filter(
            **of, instrument=instrument, total__isnull=False
        )
        rated[f"{instrument}_total"] = Subquery(newest.values("total")[:1])
        rated[f"{instrument}_at"] = Subquery(newest.values("happened_at")[:1])
    return {
        "answers": Subquery(newest_first(assessed).values("candidate")[:1]),
        "assessed_at": Subquery(newest_first(assessed).values("happened_at")[:1]),
        "choice": Subquery(choice.values("choice")[:1]),
        "consented_on": Subquery(consent.values("signed_by_patient_on")[:1]),
        "qtc": Subquery(ecg.values("value")[:1]),
        "qtc_on": Subquery(ecg.values("done_on")[:1]),
        **rated,
    }


KNOWN = Beside(of_referral, of=(UUIDField(), UUIDField()))


def newest_first(rows: Any) -> Any:
    return rows.order_by("-happened_at", "-pk")


def facts_of(row: Any) -> dict[str, Recorded]:
    """The answers that the record gives by itself, by ``section.field``."""
    said: dict[str, Recorded] = {}
    for name, instrument in RATED.items():
        total: Decimal | None = getattr(row, f"{instrument}_total")
        if total is not None and total == total.to_integral_value():
            at = getattr(row, f"{instrument}_at")
            said[name] = Recorded(int(total), on_day(at))
    if row.qtc is not None:
        said["measurements.qtc_ms"] = Recorded(round(row.qtc), row.qtc_on)
    if row.consented_on is not None:
        said["agreement.consent_off_label"] = Recorded(value=True, on=row.consented_on)
        said["agreement.register_information_given"] = Recorded(value=True, on=row.consented_on)
    if row.choice is not None:
        said["agreement.registration"] = Recorded(Choice(row.choice))
    return said


def with_lists(before: Candidate, patient: Patient, takes: Sequence[Medicine]) -> Candidate:
    """With what is recorded; an empty list stands for none only where somebody asked."""
    whole = with_tried(before, past.history(patient))
    return replace(
        whole,
        diagnoses=past.diagnoses(patient) or None,
        medicines=past.taken(takes) or none_asked(before.medicines),
    )
