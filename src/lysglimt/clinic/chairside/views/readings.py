"""A row of readings as it was sent: asked about, refused, or stored."""

from dataclasses import replace
from datetime import datetime

from django.utils import timezone

from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.chart import observed
from lysglimt.clinic.chairside.forms.vitals import Readings, VitalsForm
from lysglimt.clinic.chairside.models import Session, SessionPhase, VitalSet
from lysglimt.clinic.chairside.sheet import phase_at, sheet_of
from lysglimt.clinic.design.refusals import sentence
from lysglimt.clinic.people.access import SignedInRequest
from lysglimt.clinic.people.facts import Contradicted
from lysglimt.clinic.people.policy import DOCTORS
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.monitoring.limits import Outside
from lysglimt.knowledge.monitoring.vital_signs import questions

from .danger import Sent, named_in, put_danger_right, says_more, store_danger, stored_of_row


def stored_row(
    request: SignedInRequest,
    session: Session,
    form: VitalsForm,
    *,
    now: datetime,
    sent: Sent | None = None,
) -> bool:
    """Whether it is stored; a danger sign in it is, whatever is refused beside it.

    ``sent`` is of what was typed long before, or by another. Raises Contradicted.
    """
    sent = sent or Sent(came=now)
    if form.is_valid() and unusual(form):
        form.foreseen = foreseen(request, session, form, now=sent.came)
    elif form.is_valid():
        try:
            enter(request, session, form, now=now, sent=sent)
        except Contradicted:
            raise
        except ClinicalError as refusal:
            form.add_error(None, sentence(refusal))
        else:
            return True
    store_danger(request, session, form, now=now, sent=sent)
    return False


def enter(
    request: SignedInRequest,
    session: Session,
    form: VitalsForm,
    *,
    now: datetime,
    sent: Sent,
) -> None:
    own, beside = stored_of_row(session, form.cleaned_data["entry"])
    entered = form.sent_with(own, at=sent.came)
    # Sent again, it is of the phase that it was of: the session may have gone on meanwhile.
    phase = SessionPhase(own.phase) if own else None
    phase = phase or phase_at(entered.happened_at, session, now=now)
    said = form.measured(phase)
    told = named_in(beside)
    more = True
    if told:
        said = replace(said, signs=[sign for sign in said.signs if sign not in told])
        more = says_more(form, said)
        alone = None if more else said
        put_danger_right(request, session, form, alone=alone, now=now, sent=sent)
    if more:
        actions.record_vitals(
            session=session,
            measured=said,
            entered=entered,
            by=request.user,
            at=now,
            typed=sent.typed,
        )


def foreseen(
    request: SignedInRequest, session: Session, form: VitalsForm, *, now: datetime
) -> tuple[Outside, ...]:
    """What would lie outside the planned range, told while the set waits for its tick.

    What is ticked as over stands till then, but for a doctor.
    """
    sheet = sheet_of(session, now=now)
    if (
        sheet.started is None
        or session.unit.journal_mode
        or form.errors.keys() != {"confirmed"}
    ):
        return ()
    measured = form.measured(SessionPhase.BEFORE)
    row = VitalSet(
        happened_at=form.happened_at(now),
        signs=measured.signs,
        signs_over=measured.signs_over if request.user.role in DOCTORS else (),
        **stored_columns(measured),
    )
    return sheet.outside_with(observed(row))


def unusual(form: Readings) -> bool:
    """Is there a reading that is to be confirmed? What is impossible is refused by the action."""
    measured = form.measured(SessionPhase.BEFORE)
    row = VitalSet(happened_at=timezone.now(), **stored_columns(measured))
    try:
        return form.ask(questions(observed(row)))
    except ClinicalError as refusal:
        form.add_error(None, sentence(refusal))
        return True


def stored_columns(measured: actions.Measured) -> dict[str, object]:
    scale = measured.sedation_scale
    columns = ("systolic", "diastolic", "pulse", "spo2", "respiration", "sedation")
    said = {name: getattr(measured, name) for name in (*columns, "distress", "nausea")}
    return said | {"sedation_scale": scale.value if scale else ""}
