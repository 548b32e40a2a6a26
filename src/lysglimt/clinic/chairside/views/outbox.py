"""What was typed without the network comes in: stored once, shown beside what stands, or refused."""

from datetime import datetime, time
from typing import Any

from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.forms.charting import CheckedForm, EventForm
from lysglimt.clinic.chairside.forms.outbox import VITALS, OutboxForm
from lysglimt.clinic.chairside.forms.vitals import VitalsForm, columns_of
from lysglimt.clinic.chairside.in_words import in_words
from lysglimt.clinic.chairside.models import (
    ChairEvent,
    Session,
    SessionPhase,
    VitalSet,
)
from lysglimt.clinic.chairside.showing import at_clock
from lysglimt.clinic.design.refusals import sentence
from lysglimt.clinic.people.access import SignedInRequest, allowed, typed
from lysglimt.clinic.people.facts import Contradicted, Fact
from lysglimt.clinic.scheduling.calendar import OSLO
from lysglimt.knowledge.errors import ClinicalError

from .charting import left_at
from .ordering import about, colleagues
from .readings import stored_row

CHECK_SIGNED = "check.signed"
"""Why the row was changed: each reads it in their own language."""


@require_POST
@allowed("outbox.send", of=Session)
def send(request: SignedInRequest, session: Session) -> JsonResponse:
    """One entry. 200 stored, now or before; 409 something else stands under its id; 422 refused."""
    refuse_other_units(request, session)
    sent = OutboxForm(request.POST)
    if not sent.is_valid():
        return refused(sent)
    said, now = sent.cleaned_data, timezone.now()
    came, moved = sent.typed(now, since=begun(session))
    if said["do"] == "strike":
        return struck(request, session, reason=said["reason"], at=now)
    form = row_of(request, session, what=said["what"], came=came)
    try:
        if said["do"] == "amend":
            return amended(request, session, form, reason=said["reason"], at=now)
        done = stored(request, session, form, now=now, came=came)
    except Contradicted:
        return beside(session, form, entry=said["entry"], came=came)
    except ClinicalError as refusal:
        form.add_error(None, sentence(refusal))
        done = False
    return JsonResponse({"stored": True, "moved": moved}) if done else refused(form)


def begun(session: Session) -> datetime:
    return datetime.combine(session.planned_on, time(), tzinfo=OSLO)


def refuse_other_units(request: SignedInRequest, session: Session) -> None:
    """What is kept on a tablet is its unit's. Raises PermissionDenied."""
    if session.unit_id != request.user.unit_id:
        raise PermissionDenied


def row_of(
    request: SignedInRequest, session: Session, *, what: str, came: datetime
) -> VitalsForm | EventForm:
    form = (VitalsForm if what == VITALS else EventForm)(request.POST)
    form.came = came
    # Of a patient who has left meanwhile it was typed while they were here.
    left = left_at(session)
    form.ask_clock(left if left and came > left else None)
    return form


def stored(
    request: SignedInRequest,
    session: Session,
    form: VitalsForm | EventForm,
    *,
    now: datetime,
    came: datetime,
) -> bool:
    if isinstance(form, VitalsForm):
        return stored_row(request, session, form, now=now, came=came)
    if not form.is_valid():
        return False
    actions.record_event(
        session=session,
        happened=form.happened(),
        entered=form.entered(ChairEvent, at=came),
        by=request.user,
        at=now,
    )
    return True


def refused(form: Form) -> JsonResponse:
    """What is wrong, as the page says it; ``confirm`` is what a tick would confirm."""
    told = [
        f"{form.fields[name].label}: {words}" if name in form.fields else str(words)
        for name, found in form.errors.items()
        for words in found
    ]
    asked = form.fields.get("confirmed")
    choices = list(getattr(asked, "choices", ()))
    confirm, words = choices[0] if choices else ("", "")
    said = {"refused": told, "confirm": confirm, "asked": str(words)}
    return JsonResponse(said, status=422)


def struck(
    request: SignedInRequest, session: Session, *, reason: str, at: datetime
) -> JsonResponse:
    """It was never stored, and will not be: that somebody threw it away stands in the trail."""
    if not reason.strip():
        return JsonResponse({"refused": [gettext("Write why.")], "confirm": ""}, status=422)
    actions.note_thrown_away(session=session, reason=reason, by=request.user, at=at)
    return JsonResponse({"stored": True, "moved": False})


def beside(
    session: Session, form: VitalsForm | EventForm, *, entry: Any, came: datetime
) -> JsonResponse:
    """Under this id stands something else: both, in words, and by whom."""
    row = standing(session, form, entry)
    said = {
        "theirs": in_words(row) if row else [],
        "mine": in_words(row_typed(form, came)),
        "by": str(row.by) if row else "",
        "at": at_clock(row.received_at) if row else "",
    }
    return JsonResponse(said, status=409)


def standing(session: Session, form: VitalsForm | EventForm, entry: Any) -> Any:
    rows = session.vital_sets if isinstance(form, VitalsForm) else session.chair_events
    return rows.history(entry).select_related("by").last()


def row_typed(form: VitalsForm | EventForm, came: datetime) -> VitalSet | ChairEvent:
    """Not stored; of a form that is valid."""
    model = VitalSet if isinstance(form, VitalsForm) else ChairEvent
    return model(happened_at=form.happened_at(came), **columns_typed(form))


def columns_typed(form: VitalsForm | EventForm) -> dict[str, object]:
    if isinstance(form, VitalsForm):
        return columns_of(form.measured(SessionPhase.BEFORE))
    said = form.happened()
    return {"kind": said.kind.value, "amount": said.amount, "comment": said.comment}


def amended(
    request: SignedInRequest,
    session: Session,
    form: VitalsForm | EventForm,
    *,
    reason: str,
    at: datetime,
) -> JsonResponse:
    """What was typed here becomes the next revision of what stands, with why."""
    if not form.is_valid() or not reason.strip():
        if form.is_valid():
            form.add_error(None, gettext("Write why."))
        return refused(form)
    row: Fact | None = standing(session, form, form.cleaned_data["entry"])
    if row is None or row.withdrawn:
        form.add_error(None, gettext("It was struck out meanwhile."))
        return refused(form)
    actions.correct(fact=row, by=request.user, at=at, reason=reason, **columns_typed(form))
    return JsonResponse({"stored": True, "moved": False})


@require_http_methods(["GET", "POST"])
@allowed("check.sign", of=ChairEvent)
def sign_check(request: SignedInRequest, event: ChairEvent) -> HttpResponse:
    """The network is back: the other person signs what two had checked."""
    form = CheckedForm(typed(request), colleagues=colleagues(request.user))
    if request.method == "POST" and form.is_valid() and form.is_vouched_for(request):
        try:
            actions.sign_check(
                event=event, checked_by=form.other, at=timezone.now(), reason=CHECK_SIGNED
            )
        except ClinicalError as refusal:
            form.add_error("checked_by", sentence(refusal))
        else:
            return redirect("session", pk=event.session_id)
    heading = gettext("Sign what two had checked")
    told = f"{at_clock(event.happened_at)} {event.comment}"
    return about(request, event.session, form, template="form", heading=heading, refusal=told)
