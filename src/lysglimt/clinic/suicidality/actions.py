"""Every write about asking, the safety plan, and what a unit has chosen about them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import transaction

from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.safety.answering import refuse_deadline
from lysglimt.knowledge.safety.suicidality import Promptness

from .models import PARTS, AnswerDeadlines, AskingNote, CrisisText, NoteKind, SafetyPlan

MINUTE = timedelta(minutes=1)


def note(
    *,
    patient: Patient,
    kind: NoteKind,
    told: str,
    entered: Entered,
    by: Professional,
    at: datetime,
) -> AskingNote:
    """Not reached, or why nobody asks any more."""
    row = AskingNote(
        patient=patient,
        unit=by.unit,
        kind=kind.value,
        told=told,
        by=by,
        received_at=at,
        **asdict(entered),
    )
    return people.enter(row, operation="asking.note", patients=[patient.pk])


def strike_note(
    *, asking_note: AskingNote, by: Professional, at: datetime, reason: str
) -> AskingNote:
    """Entered in error, or somebody asks again: it stays, struck through."""
    return people.withdraw(
        asking_note,
        by=by,
        at=at,
        operation="asking.strike",
        patients=[asking_note.patient_id],
        reason=reason,
    )


class PlanEmpty(ClinicalError):
    """A safety plan has at least one part that is filled in."""

    code = "safety-plan.empty"


class PlanChanged(ClinicalError):
    """Somebody else has changed the plan since it was opened."""

    code = "safety-plan.changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanWords:
    """The patient's own words, by part; ``revision`` is the one that was open, 0 where none was."""

    parts: Mapping[str, str]
    revision: int = 0
    reason: str = ""


@transaction.atomic
def write_plan(
    *, patient: Patient, words: PlanWords, entered: Entered, by: Professional, at: datetime
) -> SafetyPlan:
    """The first plan, or the next revision of it. Raises PlanEmpty, PlanChanged."""
    said = {name: words.parts.get(name, "").strip() for name in PARTS}
    if not any(said.values()):
        raise PlanEmpty("Nothing is filled in.", field="")
    # Of two who write at once the second sees what the first wrote.
    Patient.objects.select_for_update().get(pk=patient.pk)
    rows = SafetyPlan.objects.filter(patient=patient).order_by("-revision")
    known: SafetyPlan | None = rows.first()
    sent_before = known is not None and known.revision > words.revision
    if known is not None and sent_before:
        if all(getattr(known, name) == text for name, text in said.items()):
            return known
        raise PlanChanged(f"{known.by} has changed the plan since.", value=str(known.by))
    if known is None:
        row = SafetyPlan(patient=patient, by=by, received_at=at, **said, **asdict(entered))
        return people.enter(row, operation="safety-plan.write", patients=[patient.pk])
    return people.correct(
        known,
        by=by,
        at=at,
        operation="safety-plan.write",
        patients=[patient.pk],
        reason=words.reason,
        happened_at=at,
        withdrawn=False,
        **said,
    )


def strike_plan(
    *, safety_plan: SafetyPlan, by: Professional, at: datetime, reason: str
) -> SafetyPlan:
    """Written about another, or the patient wants none: it stays, struck through."""
    return people.withdraw(
        safety_plan,
        by=by,
        at=at,
        operation="safety-plan.strike",
        patients=[safety_plan.patient_id],
        reason=reason,
    )


def state_crisis_text(
    *, text_nb: str, text_en: str, by: Professional, at: datetime
) -> CrisisText:
    """What the unit's patients are told; the newest holds."""
    row = CrisisText(
        unit=by.unit,
        text_nb=text_nb,
        text_en=text_en,
        by=by,
        received_at=at,
        **asdict(Entered(happened_at=at, entered_at=at)),
    )
    return people.enter(row, operation="crisis-text.state", patients=[])


def state_deadlines(
    *, within: Mapping[Promptness, timedelta], by: Professional, at: datetime
) -> AnswerDeadlines:
    """For tasks that are opened from now on. Raises DeadlineOutOfRange."""
    for act, time in within.items():
        refuse_deadline(act, time)
    row = AnswerDeadlines(
        unit=by.unit,
        doctor_now=within[Promptness.DOCTOR_NOW] // MINUTE,
        same_day=within[Promptness.SAME_DAY] // MINUTE,
        next_contact=within[Promptness.NEXT_CONTACT] // MINUTE,
        by=by,
        received_at=at,
        **asdict(Entered(happened_at=at, entered_at=at)),
    )
    return people.enter(row, operation="deadlines.state", patients=[])
