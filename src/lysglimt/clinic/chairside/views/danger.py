"""A danger sign in a row that is refused: charted at once, and once."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4, uuid5

from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.forms.vitals import VitalsForm, danger_signs
from lysglimt.clinic.chairside.models import Session, SessionPhase, VitalSet
from lysglimt.clinic.chairside.sheet import sheet_of
from lysglimt.clinic.design.refusals import sentence
from lysglimt.clinic.people.access import SignedInRequest
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.monitoring.limits import limits

ROW_PUT_RIGHT = "danger.row-put-right"


def store_danger(
    request: SignedInRequest, session: Session, form: VitalsForm, *, now: datetime
) -> None:
    """A danger sign is stored whatever is refused of the readings beside it, once.

    At the time that is typed in the row; where that is what is refused, as it came.
    """
    row: UUID = form.cleaned_data.get("entry") or uuid4()
    known = named_in(session.vital_sets.filter(entry__in=[row, *entries_beside(row)]))
    signs = [sign for sign in form.danger() if sign not in known]
    if not signs:
        return
    told = form.happened_at(now) if form.timed else now
    if on_day(told) < session.planned_on:
        told = now
    phase = sheet_of(session, now=now).phase(told)
    try:
        actions.record_vitals(
            session=session,
            measured=actions.Measured(phase=phase, signs=signs),
            entered=Entered(entry=uuid5(row, signs[0]), happened_at=told, entered_at=now),
            by=request.user,
            at=now,
        )
    except ClinicalError as refusal:
        form.add_error(None, sentence(refusal))


def beside_danger(
    request: SignedInRequest,
    session: Session,
    form: VitalsForm,
    *,
    phase: SessionPhase,
    now: datetime,
) -> actions.Measured | None:
    """The row that came again, put right, without the danger signs that are stored of it.

    None when it says nothing more than they. Their time is that of the row, when it is typed.
    """
    measured = form.measured(phase)
    beside = session.vital_sets.filter(entry__in=entries_beside(form.cleaned_data["entry"]))
    told = named_in(beside)
    if not told:
        return measured
    rest = replace(measured, signs=[sign for sign in measured.signs if sign not in told])
    alone = not (form.readings() or rest.signs or rest.signs_over or rest.not_measured)
    for row in beside.in_force():
        changed = put_right(row, rest if alone else None, form, now=now)
        if changed:
            actions.correct(fact=row, by=request.user, at=now, reason=ROW_PUT_RIGHT, **changed)
    return None if alone else rest


def put_right(
    row: VitalSet, rest: actions.Measured | None, form: VitalsForm, *, now: datetime
) -> dict[str, object]:
    """What the row now says otherwise than the sign that was stored of it."""
    changed: dict[str, object] = {}
    if form.cleaned_data["clock"] and not same_minute(row.happened_at, form.happened_at(now)):
        changed["happened_at"] = form.happened_at(now)
    if rest and (rest.comment, rest.on_oxygen) != (row.comment, row.on_oxygen):
        changed |= {"comment": rest.comment, "on_oxygen": rest.on_oxygen}
    return changed


def same_minute(one: datetime, other: datetime) -> bool:
    return one.replace(second=0, microsecond=0) == other.replace(second=0, microsecond=0)


def entries_beside(row: UUID) -> list[UUID]:
    """Under which the danger signs of a refused row are stored, each by the first of its signs."""
    return [uuid5(row, sign) for sign, _ in danger_signs(limits().signs)]


def named_in(sets: Iterable[VitalSet]) -> set[str]:
    """In any revision: a sign that a doctor has struck is not told anew by a row put right."""
    return {sign for one in sets for sign in one.signs}
