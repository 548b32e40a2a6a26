"""Which examinations are at hand on the planned day, which are missing or too old."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max
from django.utils.functional import Promise

from lysglimt.clinic.people.models import Patient
from lysglimt.clinic.people.revisions import Entry, entries, in_force
from lysglimt.clinic.referral.answers import candidate_of
from lysglimt.clinic.referral.models import Assessment
from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.knowledge.eligibility.workup import Readiness, WorkupPart, readiness, workup

from .models import Course, Rating, WorkUpResult
from .wordings import READINESS

RATED_AS: Mapping[str, str] = {
    "madrs": "madrs",
    "phq9": "phq9",
    "qids_sr16": "qids",
    "gad7": "gad7",
    "ymrs": "ymrs",
    "moca": "moca",
    "cadss23": "cadss",
    "dudit": "dudit",
    "kset": "kset",
}
"""Parts of the work-up that are done when the instrument was rated here. A C-SSRS of the last
days and an AUDIT-C are not the lifetime form and the whole AUDIT that the work-up asks for."""

LACKING = frozenset(Readiness) - {Readiness.DONE, Readiness.NOT_NEEDED}


@dataclass(frozen=True, slots=True)
class Examined:
    """One part: how it stands, when it was last done, and all that was entered about it."""

    part: WorkupPart
    readiness: Readiness
    done_on: date | None
    entries: tuple[Entry[WorkUpResult], ...]

    @property
    def word(self) -> Promise:
        return READINESS[self.readiness]

    @property
    def lacking(self) -> bool:
        return self.readiness in LACKING

    @property
    def days(self) -> int:
        """How old it may be."""
        return self.part.within.value.days


def planned_start(patient: Patient) -> date | None:
    course = Course.objects.open().filter(patient=patient).order_by("-planned_at").first()
    return course.planned_start if course else None


def examined(patient: Patient, *, start: date) -> tuple[Examined, ...]:
    """The list for a first session on a day, what is lacking first. Asks three questions."""
    results = entries(WorkUpResult.objects.filter(patient=patient).select_related("by"))
    done = {
        item: max(row.done_on for row in in_force(results) if row.item == item)
        for item in {row.item for row in in_force(results)}
    }
    for item, day in rated(patient).items():
        done[item] = max(day, done.get(item, day))
    said = readiness(done, first_session=start, pregnancy_possible=possible(patient))
    listed = (
        Examined(
            part,
            said[part.id],
            done.get(part.id),
            tuple(entry for entry in results if entry.newest.item == part.id),
        )
        for part in workup().part
    )
    return tuple(sorted(listed, key=lambda one: not one.lacking))


def lacking_parts(
    patient: Patient,
    ratings: Iterable[Rating],
    *,
    start: date,
    answers: Mapping[str, Any] | None,
) -> tuple[WorkupPart, ...]:
    """What is missing or too old, of a patient whose ratings are read already. Asks once.

    ``ratings`` are in force, ``answers`` those of the newest assessment.
    """
    results = WorkUpResult.objects.in_force().filter(patient=patient).order_by()
    done = dict(results.values_list("item").annotate(Max("done_on")))
    for item, day in by_rating((row.instrument, on_day(row.happened_at)) for row in ratings):
        done[item] = max(day, done.get(item, day))
    said = readiness(done, first_session=start, pregnancy_possible=may_be(patient, answers))
    return tuple(part for part in workup().part if said[part.id] in LACKING)


def assessments(patient: Any) -> Any:
    """The newest first."""
    rows = Assessment.objects.in_force().filter(referral__patient=patient)
    return rows.order_by("-happened_at", "-pk")


def rated(patient: Patient) -> Mapping[str, date]:
    rows = Rating.objects.in_force().filter(patient=patient, instrument__in=RATED_AS)
    said = rows.values_list("instrument", "happened_at")
    return dict(by_rating((instrument, on_day(at)) for instrument, at in said))


def by_rating(rated: Iterable[tuple[str, date]]) -> Iterable[tuple[str, date]]:
    """The parts that ratings have done, each with the last day."""
    newest: dict[str, date] = {}
    for instrument, day in rated:
        if item := RATED_AS.get(instrument):
            newest[item] = max(day, newest.get(item, day))
    return newest.items()


def possible(patient: Patient) -> bool | None:
    """Can the patient be pregnant? A man cannot; else as it was answered last."""
    return may_be(patient, assessments(patient).values_list("candidate", flat=True).first())


def may_be(patient: Patient, answers: Mapping[str, Any] | None) -> bool | None:
    """Pregnant, by the answers."""
    if patient.card().sex == "m":
        return False
    return candidate_of(answers or {}).bodily.pregnancy_possible
