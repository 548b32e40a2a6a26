"""A row of readings as it was sent: asked about, refused, or stored."""

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

from .danger import Sent, beside_danger, store_danger


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
    entered = form.entered(VitalSet, at=sent.came)
    known = session.vital_sets.filter(entry=entered.entry, revision=1).first()
    # Sent again, it is of the phase that it was of: the session may have gone on meanwhile.
    phase = SessionPhase(known.phase) if known else None
    phase = phase or phase_at(entered.happened_at, session, now=now)
    said = beside_danger(request, session, form, phase=phase, now=now, sent=sent)
    if said is not None:
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
