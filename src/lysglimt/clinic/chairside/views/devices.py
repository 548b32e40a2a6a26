"""Nasal devices: the order, what two lay out, each device, and the form for monitoring."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.beside_form import in_chart
from lysglimt.clinic.chairside.device_card import (
    CardOfDay,
    card_facts,
    card_of,
    card_written,
    milligrams_said,
    order_facts,
)
from lysglimt.clinic.chairside.device_rules import devices_in
from lysglimt.clinic.chairside.forms.charting import StrikeForm
from lysglimt.clinic.chairside.forms.devices import (
    DeviceCheckForm,
    DeviceForm,
    DeviceOrderForm,
)
from lysglimt.clinic.chairside.forms.monitoring import MonitoringAnswers
from lysglimt.clinic.chairside.forms.monitoring_anew import take_in
from lysglimt.clinic.chairside.forms.timing import days_of
from lysglimt.clinic.chairside.models import (
    DeviceCheck,
    DeviceOrder,
    DeviceUse,
    MonitoringForm,
    Session,
    StartGateRecord,
)
from lysglimt.clinic.chairside.monitoring_answers import answers_shown
from lysglimt.clinic.chairside.sheet import sheet_of
from lysglimt.clinic.chairside.sprayed import by_nose
from lysglimt.clinic.chairside.watched import unjudged
from lysglimt.clinic.design.refusals import sentence
from lysglimt.clinic.people.access import SignedInRequest, allowed, typed
from lysglimt.clinic.people.facts import Contradicted
from lysglimt.knowledge.dosing.nasal import nasal_rules
from lysglimt.knowledge.errors import ClinicalError

from .charting import asked_when
from .ordering import about, colleagues
from .session import chair_page

page_and_form = require_http_methods(["GET", "POST"])


@page_and_form
@allowed("devices.order", of=Session)
def write_order(request: SignedInRequest, session: Session) -> HttpResponse:
    """The card is read before a number is chosen; none stands beforehand."""
    if not by_nose(session):
        return redirect("order.write", pk=session.pk)
    now = timezone.now()
    said = card_of(session, at=now)
    known = DeviceOrder.objects.in_force().filter(session=session).first()
    form = DeviceOrderForm(
        typed(request),
        card=said.card,
        changes=known is not None,
        judged=not session.unit.journal_mode,
    )
    if (
        request.method == "POST"
        and form.is_valid()
        and ordered(request, session, form, known=known)
    ):
        return redirect("session", pk=session.pk)
    return about(
        request,
        session,
        form,
        template="device_order",
        heading=gettext("Change the order") if known else gettext("Order for this session"),
        known=known,
        facts=card_read(said),
        label_basis=said.card.basis,
        silent=said.card.findings,
        unrecorded=said.unrecorded,
    )


def card_read(said: CardOfDay) -> list[tuple[str, str]]:
    previous = said.card.previous.value if said.card.previous else None
    return card_facts(card_written(said.card, ()), age=said.age, previous=previous)


def ordered(
    request: SignedInRequest,
    session: Session,
    form: DeviceOrderForm,
    *,
    known: DeviceOrder | None,
) -> bool:
    now = timezone.now()
    entered = form.entered(DeviceOrder, at=now)
    by = request.user
    try:
        if known is None or known.entry == entered.entry:
            actions.order_devices(
                session=session, ordered=form.ordered(), entered=entered, by=by, at=now
            )
        else:
            reason = form.cleaned_data["reason"]
            actions.change_device_order(
                order=known, ordered=form.ordered(), by=by, at=now, reason=reason
            )
    except Contradicted:
        raise
    except ClinicalError as refusal:
        field = str(refusal.facts.get("field", ""))
        form.add_error(field if field in form.fields else None, sentence(refusal))
        return False
    return True


@require_POST
@allowed("devices.sign", of=DeviceOrder)
def sign_order(request: SignedInRequest, order: DeviceOrder) -> HttpResponse:
    actions.sign_device_order(order=order, by=request.user, at=timezone.now())
    messages.success(request, gettext("The order is signed."))
    return redirect("session", pk=order.session_id)


@page_and_form
@allowed("devices.check", of=DeviceOrder)
def check(request: SignedInRequest, order: DeviceOrder) -> HttpResponse:
    form = DeviceCheckForm(typed(request), colleagues=colleagues(request.user))
    left, now = devices_in(order.session), timezone.now()
    form.of_session(days_of(order.session, at=now), at=now)
    if request.method == "POST" and form.is_valid() and checked(request, order, form):
        return redirect("session", pk=order.session_id)
    return about(
        request,
        order.session,
        form,
        template="device_check",
        heading=gettext("Two-person check"),
        said=milligrams_said(order.devices),
        anew=left.to_lay_out if left.lost else None,
        facts=order_facts(order),
        label_basis=nasal_rules().older_from.age.basis,
        why=order.why,
    )


def checked(request: SignedInRequest, order: DeviceOrder, form: DeviceCheckForm) -> bool:
    """The second person's password is asked last, of what would be stored."""
    laid = form.laid()
    to_lay_out = devices_in(order.session).to_lay_out
    if laid.devices != to_lay_out:
        words = gettext("%(laid)s laid out, %(left)s to be given. Count again, both of you.")
        form.add_error("laid_out", words % {"laid": laid.devices, "left": to_lay_out})
        return False
    if not form.is_vouched_for(request):
        return False
    now = timezone.now()
    try:
        actions.check_devices(
            order=order,
            laid_out=laid,
            checked_by=form.other,
            entered=form.entered(DeviceCheck, at=now),
            by=request.user,
            at=now,
        )
    except actions.Unchecked as refusal:
        form.add_error("lines", sentence(refusal))
        return False
    return True


@require_POST
@allowed("devices.record", of=Session)
def record(request: SignedInRequest, session: Session) -> HttpResponse:
    form, now = DeviceForm(request.POST, auto_id="device_%s"), timezone.now()
    asked_when(form, session, at=now)
    if form.is_valid() and recorded(request, session, form, now=now):
        return redirect("session", pk=session.pk)
    return chair_page(request, session, status=422, device=form)


def recorded(
    request: SignedInRequest, session: Session, form: DeviceForm, *, now: datetime
) -> bool:
    entered = form.entered(DeviceUse, at=now)
    used = form.used(at=entered.happened_at)
    again = DeviceUse.objects.filter(session=session, entry=entered.entry).exists()
    try:
        if not again:
            against = actions.foreseen_against(session, used, given=entered.happened_at, at=now)
            if form.ask_what_happened(against):
                return False
        actions.record_device(
            session=session, used=used, entered=entered, by=request.user, at=now
        )
    except Contradicted:
        raise
    except ClinicalError as refusal:
        form.add_error(None, sentence(refusal))
        return False
    return True


@page_and_form
@allowed("devices.strike", of=DeviceUse)
def strike(request: SignedInRequest, used: DeviceUse) -> HttpResponse:
    """Recorded by mistake: it stays, struck through, and counts no more."""
    form = StrikeForm(typed(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            actions.strike_device(used=used, by=request.user, at=timezone.now(), reason=reason)
        except ClinicalError as refusal:
            form.add_error(None, sentence(refusal))
        else:
            messages.success(request, gettext("Struck out. It stays, struck through."))
            return redirect("session", pk=used.session_id)
    words = gettext(
        "Strike it out if it was recorded by mistake. A device that was sprayed counts, whatever "
        "the patient sneezed out."
    )
    heading = gettext("Strike out")
    return about(request, used.session, form, template="form", heading=heading, refusal=words)


@page_and_form
@allowed("monitoring.form", of=Session)
def monitoring_form(request: SignedInRequest, session: Session) -> HttpResponse:
    if not by_nose(session):
        return redirect("session", pk=session.pk)
    sheet = sheet_of(session, now=timezone.now())
    known = MonitoringForm.objects.in_force().filter(session=session).first()
    form = MonitoringAnswers(
        typed(request), stands=known, chart={} if unjudged(session) else in_chart(sheet)
    )
    if (
        request.method == "POST"
        and agreed(form, known)
        and answered(request, session, form, known=known)
    ):
        return redirect("session", pk=session.pk)
    gates = StartGateRecord.objects.in_force().filter(session=session)
    gate = gates.select_related("doctor").order_by("-happened_at", "-pk").first()
    shown = answers_shown(sheet, gate=gate, typed=known.answers if known else {})
    return about(
        request,
        session,
        form,
        template="monitoring_form",
        heading=gettext("Form for monitoring"),
        shown=shown,
        lacking=[one.name for one in shown if not one.said],
        compact=True,
    )


def agreed(form: MonitoringAnswers, known: MonitoringForm | None) -> bool:
    """It is valid, and nobody has changed meanwhile what it was opened with."""
    valid = form.is_valid()
    if known and form.stale:
        seen = form.cleaned_data.get("seen") or 0
        opened = MonitoringForm.objects.filter(session=known.session_id, revision=seen).first()
        take_in(form, known, opened_with=opened.answers if opened else {})
        return False
    return valid


def answered(
    request: SignedInRequest,
    session: Session,
    form: MonitoringAnswers,
    *,
    known: MonitoringForm | None,
) -> bool:
    now, by = timezone.now(), request.user
    entered = form.entered(MonitoringForm, at=now)
    said = actions.FormAnswered(answers=form.answers(), seen=form.cleaned_data["seen"] or 0)
    try:
        if known is None or known.entry == entered.entry:
            actions.record_monitoring_form(
                session=session, said=said, entered=entered, by=by, at=now
            )
        else:
            reason = form.cleaned_data["reason"]
            actions.change_monitoring_form(form=known, said=said, by=by, at=now, reason=reason)
    except Contradicted:
        raise
    except ClinicalError as refusal:
        form.add_error(None, sentence(refusal))
        return False
    return True
