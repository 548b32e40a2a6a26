"""The infusion is over, the patient is ready, the patient has left."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from uuid import uuid4

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
    totals_now,
    verdict_now,
)
from lysglimt.clinic.chairside.checked import late_check
from lysglimt.clinic.chairside.contradicted import against_going_home
from lysglimt.clinic.chairside.device_page import devices_shown
from lysglimt.clinic.chairside.forms.charting import FinishForm, StrikeForm
from lysglimt.clinic.chairside.forms.leaving import (
    DischargeForm,
    LeaveForm,
    Stands,
)
from lysglimt.clinic.chairside.forms.points import ITEMS
from lysglimt.clinic.chairside.forms.timing import days_of
from lysglimt.clinic.chairside.hands import who_checked
from lysglimt.clinic.chairside.models import Capacity, DischargeRecord, Session
from lysglimt.clinic.chairside.sheet import TENTH, Sheet, is_short, sheet_of, to_a_tenth
from lysglimt.clinic.chairside.stands import REST_ANSWERED, intent_anew
from lysglimt.clinic.chairside.watched import unjudged
from lysglimt.clinic.design.refusals import sentence
from lysglimt.clinic.people.access import SignedInRequest, allowed, typed
from lysglimt.clinic.people.policy import DOCTORS
from lysglimt.knowledge.dosing.devices import DeviceAct, of_devices
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.protocols.state import RULE_VERSION
from lysglimt.knowledge.quantities import Milligrams

from .ordering import about, colleagues, doctors_of

page_and_form = require_http_methods(["GET", "POST"])


@page_and_form
@allowed("session.finish", of=Session)
def finish(request: SignedInRequest, session: Session) -> HttpResponse:
    """What was given follows from the pump; it is read, and recorded in the course."""
    now = timezone.now()
    sheet = sheet_of(session, now=now)
    drawn, remainder = left_over_mg(sheet)
    late = late_check(sheet.order, sheet.pump_rows)
    left_over = remainder is not None and remainder >= TENTH
    form = FinishForm(
        typed(request),
        # Recorded already, its reason stands.
        short=is_short(sheet) and not sheet.given,
        wasted=left_over,
        late=late is not None,
        devices=sheet.devices.apart,
        initial={"ended_early": ended_because(sheet)},
        colleagues=colleagues(request.user),
    )
    form.of_session(days_of(session, at=now), at=now)
    sound = request.method == "POST" and form.is_valid()
    if sound and (not left_over or form.is_vouched_for(request)):
        record_dose(request, session, form, left_over=remainder if left_over else None)
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
        order=sheet.order,
        **(devices_shown(sheet, judged=False) if sheet.nasal else {}),
        late_check=late,
        may_check=request.may("order.check"),
        **wasted(session),
        apart=sheet.devices.apart,
        drawn=drawn,
        remainder=remainder,
    )


def wasted(session: Session) -> dict[str, object]:
    """What was, and who saw it."""
    row = session.wasted.in_force().select_related("by", "witness").first()
    return {"waste": row, "wasted_by": who_checked(session, row, row.witness) if row else ""}


def left_over_mg(sheet: Sheet) -> tuple[Decimal | None, Decimal | None]:
    """What was drawn up, and what of it is left; by nose the devices that nobody has seen put away."""
    if not sheet.nasal or sheet.session.wasted.in_force().exists():
        return remainder_mg(sheet)
    return None, of_devices(sheet.devices.apart).value


def ended_because(sheet: Sheet) -> str:
    """Of devices it was written when they were ended."""
    ends = [row for row in sheet.uses if row.act == DeviceAct.ENDED]
    return str(ends[-1].because) if ends else ""


def record_dose(
    request: SignedInRequest, session: Session, form: FinishForm, *, left_over: Decimal | None
) -> None:
    now = timezone.now()
    rest = None
    if left_over:
        rest = actions.Wasted(
            amount=Milligrams(left_over),
            witness=form.other,
            happened_at=form.happened_at(now),
            returned=form.cleaned_data.get("returned"),
        )
    actions.finish_session(
        session=session,
        by=request.user,
        at=now,
        ended_early=form.cleaned_data["ended_early"],
        wasted=rest,
    )


@page_and_form
@allowed("discharge.record", of=Session)
def record_discharge(request: SignedInRequest, session: Session) -> HttpResponse:
    now = timezone.now()
    sheet = sheet_of(session, now=now)
    if sheet.stopped is None and sheet.nasal:
        raise actions.DevicesNotOver("The devices are not over.", field="devices")
    if sheet.stopped is None:
        raise actions.NotFinished("The pump has not been stopped.", field="pump")
    journal_mode = unjudged(session)
    read = items_read(sheet, journal_mode=journal_mode)
    form = DischargeForm(
        typed(request),
        computed={one.item: one.points for one in read},
        before=changed(request, sheet),
        age=age_at(sheet),
        route=sheet.route,
    )
    if (
        request.method == "POST"
        and form.is_valid()
        and form.agrees_with(against_going_home(sheet, form.typed(), by=request.user, at=now))
        and recorded(request, sheet, form)
    ):
        return redirect("session", pk=session.pk)
    if request.method == "POST" and form.says_intent:
        intent_first(request, session, form, at=now)
    return about(
        request,
        session,
        form,
        template="discharge",
        compact=True,
        heading=gettext("Checklist for going home"),
        earliest=None if journal_mode else sheet.earliest_home,
        totals=totals_now(sheet, sheet.discharge) if sheet.discharge else [],
        computed=[(ITEMS[one.item], one.points, one.at) for one in read],
    )


def changed(request: SignedInRequest, sheet: Sheet) -> Stands | None:
    """The checklist that is changed; None of the first, also when it is sent again."""
    known = sheet.discharge
    if known is None or request.POST.get("entry") == str(known.entry):
        return None
    judged = not unjudged(sheet.session)
    return Stands(
        record=known,
        now=sheet.now,
        intent_told=sheet.intent_told,
        seen_to=sheet.intent_assessed or sheet.told is not None,
        judged=judged,
    )


def intent_first(
    request: SignedInRequest, session: Session, form: DischargeForm, *, at: datetime
) -> None:
    """Whatever is refused of the rest, new intent is stored, and a doctor called."""
    told_in = form.cleaned_data.get("entry") or uuid4()
    stored = actions.say_intent(session=session, told_in=told_in, by=request.user, at=at)
    form.intent_stored(stored, now=at)
    messages.warning(
        request,
        gettext(
            "New intent or plan is stored, and a doctor is called now. The rest is not saved yet."
        ),
    )


def recorded(request: SignedInRequest, sheet: Sheet, form: DischargeForm) -> bool:
    now = sheet.now
    entered = form.entered(DischargeRecord, at=now)
    if form.before and form.before.record.left_at:
        # What was and was not met when the patient left.
        sheet = replace(sheet, now=form.before.record.left_at)
    answers, escort = form.answers(at=entered.entered_at), form.escort()
    carried = form.before is not None and not intent_anew(form.before.answers, answers)
    left = actions.Left(
        answers=answers,
        verdict=discharge_verdict(
            # What is said now no doctor has assessed yet.
            replace(sheet, intent_assessed=sheet.intent_assessed and carried),
            answers,
            escort=bool(escort["escort_name"]),
            journal_mode=unjudged(sheet.session),
        ),
        rule_version=RULE_VERSION,
        escort_name=escort["escort_name"],
        escort_telephone=escort["escort_telephone"],
        deviation=escort["deviation"],
    )
    try:
        if form.before is None:
            actions.record_discharge(
                session=sheet.session, left=left, entered=entered, by=request.user, at=now
            )
        else:
            actions.change_discharge(
                record=form.before.record,
                left=left,
                by=request.user,
                at=now,
                reason=form.cleaned_data.get("reason", REST_ANSWERED),
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
    if record.left_at:
        return strike_leaving(request, record)
    form, now = LeaveForm(typed(request), doctors=doctors_of(record.session)), timezone.now()
    form.of_session(days_of(record.session, at=now), at=now)
    if request.method == "POST" and form.is_valid():
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
    sheet = sheet_of(record.session, now=now)
    return about(
        request,
        record.session,
        form,
        template="leave",
        heading=gettext("The patient has left"),
        unmet=in_the_way(verdict_now(sheet, record)),
        given=sheet.given,
    )


def strike_leaving(request: SignedInRequest, record: DischargeRecord) -> HttpResponse:
    """The same address, of one who has left."""
    form = StrikeForm(typed(request))
    if request.method == "POST" and form.is_valid():
        actions.strike_leaving(
            record=record,
            by=request.user,
            at=timezone.now(),
            reason=form.cleaned_data["reason"],
        )
        messages.success(request, gettext("Struck out. It stays, struck through."))
        return redirect("session", pk=record.session_id)
    words = gettext(
        "Strike it out if it was another patient, or if the patient came back: the session goes on "
        "as it stood. A session that is over is not opened again for something that came later."
    )
    heading = gettext("Strike that the patient has left")
    return about(request, record.session, form, template="form", heading=heading, refusal=words)
