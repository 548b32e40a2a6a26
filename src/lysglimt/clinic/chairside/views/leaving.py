"""The infusion is over, the patient is ready, the patient has left."""

from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.after import (
    age_at,
    discharge_verdict,
    in_the_way,
    items_read,
    remainder_mg,
    verdict_now,
)
from lysglimt.clinic.chairside.contradicted import against_going_home
from lysglimt.clinic.chairside.forms.charting import FinishForm
from lysglimt.clinic.chairside.forms.leaving import ITEMS, DischargeForm, LeaveForm
from lysglimt.clinic.chairside.models import Capacity, DischargeRecord, Session
from lysglimt.clinic.chairside.sheet import TENTH, Sheet, is_short, sheet_of, to_a_tenth
from lysglimt.clinic.design.refusals import sentence
from lysglimt.clinic.people.access import SignedInRequest, allowed, typed
from lysglimt.clinic.people.policy import DOCTORS
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.protocols.state import RULE_VERSION
from lysglimt.knowledge.quantities import Milligrams

from .ordering import about, colleagues, doctors_of

page_and_form = require_http_methods(["GET", "POST"])


@page_and_form
@allowed("session.finish", of=Session)
def finish(request: SignedInRequest, session: Session) -> HttpResponse:
    """What was given follows from the pump; it is read, and recorded in the course."""
    sheet = sheet_of(session, now=timezone.now())
    drawn, remainder = remainder_mg(sheet)
    left_over = remainder is not None and remainder >= TENTH
    form = FinishForm(
        typed(request),
        short=is_short(sheet),
        wasted=left_over,
        colleagues=colleagues(request.user),
    )
    sound = request.method == "POST" and form.is_valid()
    if sound and (not left_over or form.is_vouched_for(request)):
        actions.finish_session(
            session=session,
            by=request.user,
            at=timezone.now(),
            ended_early=form.cleaned_data["ended_early"],
            wasted=actions.Wasted(amount=Milligrams(remainder), witness=form.other)
            if left_over and remainder
            else None,
        )
        messages.success(request, gettext("The session is recorded in the course."))
        return redirect("session", pk=session.pk)
    return about(
        request,
        session,
        form,
        template="finish",
        heading=gettext("What was given"),
        sheet=sheet,
        delivered=to_a_tenth(sheet),
        drawn=drawn,
        remainder=remainder,
    )


@page_and_form
@allowed("discharge.record", of=Session)
def record_discharge(request: SignedInRequest, session: Session) -> HttpResponse:
    now = timezone.now()
    sheet = sheet_of(session, now=now)
    if sheet.stopped is None:
        raise actions.NotFinished("The pump has not been stopped.", field="pump")
    known = sheet.discharge
    read = items_read(sheet, journal_mode=session.unit.journal_mode)
    computed = {one.item: one.points for one in read}
    form = DischargeForm(
        typed(request), computed=computed, changes=known is not None, age=age_at(sheet)
    )
    if (
        request.method == "POST"
        and form.is_valid()
        and form.agrees_with(against_going_home(sheet, form.answers(), by=request.user, at=now))
        and recorded(request, sheet, form)
    ):
        return redirect("session", pk=session.pk)
    return about(
        request,
        session,
        form,
        template="discharge",
        compact=True,
        heading=gettext("Checklist for going home"),
        earliest=None if session.unit.journal_mode else sheet.earliest_home,
        computed=[(ITEMS[one.item], one.points, one.at) for one in read],
    )


def recorded(request: SignedInRequest, sheet: Sheet, form: DischargeForm) -> bool:
    said, answers, known = form.cleaned_data, form.answers(), sheet.discharge
    left = actions.Left(
        answers=answers,
        verdict=discharge_verdict(
            # What is said now no doctor has assessed yet.
            replace(sheet, intent_assessed=False),
            answers,
            escort=bool(said["escort_name"]),
            journal_mode=sheet.session.unit.journal_mode,
        ),
        rule_version=RULE_VERSION,
        escort_name=said["escort_name"],
        escort_telephone=said["escort_telephone"],
        deviation=said["deviation"],
    )
    entered = form.entered(DischargeRecord, at=sheet.now)
    try:
        if known is None or known.entry == entered.entry:
            actions.record_discharge(
                session=sheet.session, left=left, entered=entered, by=request.user, at=sheet.now
            )
        else:
            actions.change_discharge(
                record=known, left=left, by=request.user, at=sheet.now, reason=said["reason"]
            )
    except ClinicalError as refusal:
        form.add_error(None, sentence(refusal))
        return False
    return True


@require_POST
@allowed("discharge.sign", of=DischargeRecord)
def sign_discharge(request: SignedInRequest, record: DischargeRecord) -> HttpResponse:
    capacity = Capacity.DOCTOR if request.user.role in DOCTORS else Capacity.NURSE
    actions.sign_discharge(record=record, capacity=capacity, by=request.user, at=timezone.now())
    return redirect("session", pk=record.session_id)


@page_and_form
@allowed("session.leave", of=DischargeRecord)
def leave(request: SignedInRequest, record: DischargeRecord) -> HttpResponse:
    form = LeaveForm(typed(request), doctors=doctors_of(record.session))
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        left_at = form.happened_at(now)
        try:
            actions.record_leaving(
                record=record,
                left_at=left_at,
                by=request.user,
                at=now,
                decided=form.decided(),
            )
        except ClinicalError as refusal:
            field = str(refusal.facts.get("field", ""))
            form.add_error(field if field in form.fields else None, sentence(refusal))
        else:
            return redirect("session", pk=record.session_id)
    sheet = sheet_of(record.session, now=timezone.now())
    return about(
        request,
        record.session,
        form,
        template="leave",
        heading=gettext("The patient has left"),
        unmet=in_the_way(verdict_now(sheet, record)),
        given=sheet.given,
    )
