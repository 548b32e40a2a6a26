"""What is taken beside the treatment: the rows, what the rules find, and what was agreed of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from lysglimt.clinic.people.models import Patient
from lysglimt.clinic.referral import past
from lysglimt.clinic.referral.answers import answered, candidate_of
from lysglimt.clinic.referral.candidacy import none_asked, who
from lysglimt.clinic.referral.models import Medicine
from lysglimt.clinic.treatment.recorded import Known, asked_once, facts_of
from lysglimt.knowledge.eligibility.candidate import Candidate, DiagnosisStatus
from lysglimt.knowledge.safety.antiemetics import antiemetic_rules, before_antiemetic
from lysglimt.knowledge.safety.interactions import not_discussed, timing_matters
from lysglimt.knowledge.verdict import Finding, Standing

from .models import UNDER_WAY, DoseTiming, TaperLook, TaperPlan


@dataclass(frozen=True, slots=True)
class Taper:
    """A plan in force with its looks, the newest first."""

    plan: TaperPlan
    looks: tuple[TaperLook, ...]

    @property
    def under_way(self) -> bool:
        return not self.looks or self.looks[0].state in UNDER_WAY

    @property
    def look_on(self) -> date | None:
        """When it is looked at next; None when it is over."""
        return self.looks[0].look_on if self.looks else self.plan.look_on

    def late(self, on: date) -> bool:
        return self.look_on is not None and self.look_on < on


def tapers(plans: Iterable[TaperPlan]) -> tuple[Taper, ...]:
    """Asks one question of the database."""
    rows = tuple(plans)
    entries = [row.entry for row in rows]
    looks: dict[UUID, list[TaperLook]] = {entry: [] for entry in entries}
    found = TaperLook.objects.in_force().filter(taper__entry__in=entries)
    for look in found.select_related("by", "taper").order_by("-happened_at", "-pk"):
        looks[look.taper.entry].append(look)
    return tuple(Taper(row, tuple(looks[row.entry])) for row in rows)


def timings(patient: Patient) -> Mapping[int, DoseTiming]:
    """By the row of the medicine: what is agreed, the newest. Asks one question."""
    rows = DoseTiming.objects.in_force().filter(medicine__patient=patient)
    said = rows.select_related("by").order_by("happened_at", "pk")
    return {row.medicine_id: row for row in said}


def taken(patient: Patient, *, on: date) -> list[Medicine]:
    return list(Medicine.objects.taken_on(on).filter(patient=patient))


def known_with(patient: Patient, takes: Sequence[Medicine]) -> Known:
    """What the rules about medicines ask, of these. Asks one question of the database.

    Of one who was never assessed, an empty list is that nobody asked.
    """
    row = asked_once(patient=patient)
    recorded = facts_of(row) if row is not None else {}
    answers = candidate_of(row.answers or {}) if row is not None else Candidate()
    said = {name: fact.value for name, fact in recorded.items()}
    before = answered(who(patient, answers), said)
    medicines = past.taken(takes) or none_asked(before.medicines)
    return Known(row, replace(before, medicines=medicines), recorded, past.late(takes))


def undiscussed(
    takes: Iterable[Medicine], agreed: Mapping[int, DoseTiming]
) -> tuple[Finding, ...]:
    """A needed dose of which nobody has said when it is taken; none is left out in silence."""
    return not_discussed(past.taken(one for one in takes if one.pk not in agreed))


def asks_for_timing(medicine: Medicine) -> bool:
    return timing_matters(medicine.atc)


def at_the_start(patient: Patient, *, on: date) -> tuple[Finding, ...]:
    """What is not discussed on a day. Asks two questions of the database."""
    return undiscussed(taken(patient, on=on), timings(patient))


def before_the_dose(patient: Patient, *, on: date) -> tuple[Finding, ...]:
    """All that is found, for who writes the order. Asks three questions of the database."""
    takes = taken(patient, on=on)
    found = known_with(patient, takes).of_medicines
    told = (one for one in found if one.standing is not Standing.MET)
    return (*worst_first(told), *undiscussed(takes, timings(patient)))


def worst_first(found: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(found, key=lambda one: -one.standing))


@dataclass(frozen=True, slots=True)
class BeforeAntiemetic:
    """One antiemetic, and what is found about giving it to this patient."""

    name: str
    findings: tuple[Finding, ...]


def before_antiemetics(
    patient: Patient, known: Known, *, language: str
) -> tuple[BeforeAntiemetic, ...]:
    """Asks one question of the database."""
    has = past.diagnoses(patient)
    # What is over is not of now; what nobody dated may be.
    now = [one.code for one in has if one.status is not DiagnosisStatus.HISTORY]
    return tuple(
        BeforeAntiemetic(
            name=one.name.in_language(language),
            findings=before_antiemetic(
                one,
                known.candidate.medicines,
                known.circumstances,
                diagnoses=now if has else None,
            ),
        )
        for one in antiemetic_rules().antiemetic
    )
