"""A danger sign in a row that is refused: charted at once, and once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.forms.vitals import VitalsForm, danger_signs
from lysglimt.clinic.chairside.models import Session, VitalSet
from lysglimt.clinic.chairside.rows import sent_under
from lysglimt.clinic.chairside.sheet import phase_at
from lysglimt.clinic.design.refusals import sentence
from lysglimt.clinic.people.access import SignedInRequest
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.monitoring.limits import limits

ROW_PUT_RIGHT = "danger.row-put-right"


@dataclass(frozen=True, slots=True)
class Sent:
    """When it was typed, and by whom, where that is not now and not the one who sends it."""

    came: datetime
    typed: actions.TypedBy | None = None


def store_danger(
    request: SignedInRequest, session: Session, form: VitalsForm, *, now: datetime, sent: Sent
) -> None:
    """A danger sign is stored whatever is refused of the readings beside it, once.

    At the time that is typed in the row; where that is what is refused, as it was typed. It is
    received now, whenever it was typed: what was signed meanwhile was signed without it.
    """
    row: UUID = form.cleaned_data.get("entry") or uuid4()
    known = named_in(session.vital_sets.filter(entry__in=[row, *entries_beside(row)]))
    signs = [sign for sign in form.danger() if sign not in known]
    if not signs:
        return
    told = form.happened_at(sent.came) if form.timed else sent.came
    if on_day(told) < session.planned_on:
        told = sent.came
    phase = phase_at(told, session, now=now)
    entry = uuid5(row, signs[0])
    try:
        actions.record_vitals(
            session=session,
            measured=actions.Measured(phase=phase, signs=signs),
            entered=Entered(entry=entry, happened_at=told, entered_at=sent.came),
            by=request.user,
            at=now,
            typed=sent.typed,
        )
    except ClinicalError as refusal:
        form.add_error(None, sentence(refusal))


def says_more(form: VitalsForm, rest: actions.Measured) -> bool:
    """A row that came again does, besides the danger signs that are stored of it."""
    return bool(form.readings() or rest.signs or rest.signs_over or rest.not_measured)


def put_danger_right(
    request: SignedInRequest,
    session: Session,
    form: VitalsForm,
    *,
    alone: actions.Measured | None,
    now: datetime,
    sent: Sent,
) -> None:
    """What is stored of the danger signs of a row that came again, as the row now says it.

    ``alone`` is what it says beside them where that is not charted as a set of its own.
    """
    beside = session.vital_sets.filter(entry__in=entries_beside(form.cleaned_data["entry"]))
    for row in beside.in_force():
        changed = put_right(row, alone, form, now=sent.came)
        if changed:
            actions.correct(
                fact=row,
                by=request.user,
                at=now,
                reason=ROW_PUT_RIGHT,
                typed=sent.typed,
                **changed,
            )


def put_right(
    row: VitalSet, rest: actions.Measured | None, form: VitalsForm, *, now: datetime
) -> dict[str, Any]:
    """What the row now says otherwise than the sign that was stored of it."""
    changed: dict[str, Any] = {}
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


def stored_of_row(session: Session, row: UUID) -> tuple[VitalSet | None, list[VitalSet]]:
    """A row as it was first stored, and all that is stored of the danger signs in it."""
    entries = [row, *entries_beside(row)]
    stored = sent_under(len(entries)).rows(session.pk, *entries)
    first = (one for one in stored if one.entry == row and one.revision == 1)
    return next(first, None), [one for one in stored if one.entry != row]


def named_in(sets: Iterable[VitalSet]) -> set[str]:
    """In any revision: a sign that a doctor has struck is not told anew by a row put right."""
    return {sign for one in sets for sign in one.signs}
