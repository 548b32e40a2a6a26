"""The order, its signature, the two-person check and the gate before the start."""

from datetime import datetime
from uuid import uuid4

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.before import gate_verdict
from lysglimt.clinic.chairside.chart import plan_of
from lysglimt.clinic.chairside.checked import told_afterwards
from lysglimt.clinic.chairside.contradicted import against_presence, contradicted
from lysglimt.clinic.chairside.findings import finding_as_read
from lysglimt.clinic.chairside.forms.gate import ANSWERED, SUICIDALITY, GateForm, OverrideForm
from lysglimt.clinic.chairside.forms.ordering import OrderForm, PreparationForm
from lysglimt.clinic.chairside.forms.timing import days_of
from lysglimt.clinic.chairside.models import (
    PreparationCheck,
    Session,
    SessionOrder,
    StartGateRecord,
)
from lysglimt.clinic.chairside.no_today import against_doctor
from lysglimt.clinic.chairside.rated_today import heard
from lysglimt.clinic.chairside.reds import red_before
from lysglimt.clinic.chairside.showing import (
    at_clock,
    dose_facts,
    overridden,
    recipes,
    speaking,
    stated,
    weighed,
)
from lysglimt.clinic.chairside.so_far import not_offered
from lysglimt.clinic.chairside.sprayed import by_nose
from lysglimt.clinic.chairside.untold import as_told, closed_to, in_both_languages
from lysglimt.clinic.chairside.ways_out import gate_condition, lacking_before
from lysglimt.clinic.design.refusals import sentence
from lysglimt.clinic.medicines.beside import before_the_dose
from lysglimt.clinic.people.access import (
    PatientPage,
    SignedInRequest,
    allowed,
    patient_page,
    typed,
)
from lysglimt.clinic.people.facts import Contradicted
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.people.policy import DOCTORS, Role
from lysglimt.clinic.treatment.history import protocol_of
from lysglimt.clinic.treatment.models import WeightBasis
from lysglimt.clinic.treatment.told import no_of, said_no, told_last
from lysglimt.knowledge.dosing.ceilings import AboveCeiling
from lysglimt.knowledge.dosing.delivery import PumpAct
from lysglimt.knowledge.dosing.escalation import NotOffered
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.monitoring.observation import SessionRoute
from lysglimt.knowledge.protocols.state import RULE_VERSION
from lysglimt.knowledge.verdict import Finding

page_and_form = require_http_methods(["GET", "POST"])
CHECKERS = (*DOCTORS, Role.NURSE, Role.PHARMACIST)


@page_and_form
@allowed("order.write", of=Session)
def write_order(request: SignedInRequest, session: Session) -> HttpResponse:
    if by_nose(session):
        return redirect("devices.order", pk=session.pk)
    known = SessionOrder.objects.in_force().filter(session=session).first()
    signed = WeightBasis.objects.in_force().filter(course=session.course).first()
    form = OrderForm(
        typed(request),
        initial={"sex": session.course.patient.particulars().sex},
        protocol=protocol_of(session.course),
        journal_mode=session.unit.journal_mode,
        changes=known is not None,
        session_on=session.planned_on,
        signed=signed,
        last=actions.last_weighing(session, signed) if signed else None,
        doctors=doctors_of(session),
    )
    if (
        request.method == "POST"
        and form.is_valid()
        and ordered(request, session, form, known=known)
    ):
        return redirect("session", pk=session.pk)
    heading = gettext("Change the order") if known else gettext("Order for this session")
    return about(
        request,
        session,
        form,
        template="order",
        heading=heading,
        known=known,
        against=speaking(form.against),
        overridden=overridden(known) if known else (),
        red_before="" if form.journal_mode else red_before(session, at=timezone.now()),
        beside=[] if form.journal_mode else medicines_before(request, session),
    )


def medicines_before(request: SignedInRequest, session: Session) -> list[Finding]:
    """What is found of the other medicines."""
    found = before_the_dose(session.course.patient, on=session.planned_on)
    return as_told(found, by=request.user, session=session)


def ordered(
    request: SignedInRequest, session: Session, form: OrderForm, *, known: SessionOrder | None
) -> bool:
    now, said = timezone.now(), form.ordered(by=request.user)
    entered = form.entered(SessionOrder, at=now)
    try:
        if known is None or known.entry == entered.entry:
            actions.order(
                session=session, ordered=said, entered=entered, by=request.user, at=now
            )
        else:
            actions.change_order(
                order=known,
                ordered=said,
                by=request.user,
                at=now,
                reason=form.cleaned_data["reason"],
            )
    except AboveCeiling as refusal:
        form.refuse(refusal, sentence(refusal))
        if said.decided is None:
            ask_for_a_doctor(session, form, said, at=now)
        return False
    except NotOffered as refusal:
        form.refuse_step(refusal, sentence(refusal))
        return False
    except actions.WeightChanged as refusal:
        form.refuse_weight(sentence(refusal))
        return False
    except Contradicted:
        raise
    except ClinicalError as refusal:
        field = str(refusal.facts.get("field", ""))
        form.add_error(field if field in form.fields else None, sentence(refusal))
        return False
    return True


def ask_for_a_doctor(
    session: Session, form: OrderForm, said: actions.Ordered, *, at: datetime
) -> None:
    """What else speaks against a dose above its ceiling is refused in the same breath."""
    against = not_offered(session, said.dose_by_weight, at=at)
    if against:
        refusal = NotOffered(said.dose_by_weight, against)
        form.refuse_step(refusal, sentence(refusal))


@require_POST
@allowed("order.sign", of=SessionOrder)
def sign_order(request: SignedInRequest, order: SessionOrder) -> HttpResponse:
    actions.sign_order(order=order, by=request.user, at=timezone.now())
    messages.success(request, gettext("The order is signed."))
    return redirect("session", pk=order.session_id)


@page_and_form
@allowed("order.check", of=SessionOrder)
def check_preparation(request: SignedInRequest, order: SessionOrder) -> HttpResponse:
    journal_mode, late = order.session.unit.journal_mode, told_afterwards(order)
    form = PreparationForm(
        typed(request),
        colleagues=colleagues(request.user),
        plan=None if journal_mode else plan_of(order),
        late=late,
    )
    now = timezone.now()
    form.of_session(days_of(order.session, at=now), at=now)
    if request.method == "POST" and form.is_valid() and form.is_vouched_for(request):
        actions.check_preparation(
            order=order,
            prepared=form.prepared(),
            checked_by=form.other,
            by=request.user,
            at=now,
            entered=form.entered(PreparationCheck, at=now),
        )
        # What is left over is known now: it is wasted and witnessed on that page.
        onwards = late and request.may("session.finish") and stopped(order.session)
        return redirect("session.finish" if onwards else "session", pk=order.session_id)
    heading = (
        gettext("Two-person check, entered afterwards") if late else gettext("Two-person check")
    )
    return about(
        request,
        order.session,
        form,
        template="preparation",
        heading=heading,
        known=order,
        facts=dose_facts(order, session_on=order.session.planned_on),
        overridden=overridden(order),
        recipes=[] if journal_mode else recipes(order),
    )


def stopped(session: Session) -> bool:
    return session.pump_events.in_force().filter(act=PumpAct.STOP.value).exists()


def colleagues(by: Professional) -> list[Professional]:
    """Of the unit, who can be the second person."""
    found = Professional.objects.filter(unit=by.unit, role__in=CHECKERS, is_active=True)
    return list(found.exclude(pk=by.pk).order_by("display_name"))


@page_and_form
@allowed("session.gate", of=Session)
def gate(request: SignedInRequest, session: Session) -> HttpResponse:
    form = gate_form(request, session)
    if request.method == "POST" and form.is_valid() and gone_through(request, session, form):
        return redirect("session", pk=session.pk)
    if request.method == "POST" and form.says_new:
        new_first(request, session, form)
    order = SessionOrder.objects.in_force().filter(session=session).first()
    lacking = lacking_before(session, awaited=form.heard.doctor_now)
    ways = lacking.ways(session, may=request.may)
    return about(
        request,
        session,
        form,
        template="gate",
        heading=gettext("Start check"),
        compact=True,
        weighed=weighed(order, session_on=session.planned_on) if order else "",
        told=told_last(lacking.awaited) if lacking.awaited else None,
        lacking=[(gate_condition(one).unmet, ways.get(one)) for one in lacking.criteria],
    )


def gone_through(request: SignedInRequest, session: Session, form: GateForm) -> bool:
    """Nothing is charted in the session between the verdict and the record of it."""
    with actions.in_turn(session):
        now, by = timezone.now(), request.user
        against = contradicted(session, form.answers(), by=by, at=now)
        others = form.cleaned_data["others"]
        against |= against_presence(session, others, by=by, at=now)
        against |= against_doctor(session, form.named_doctor, by=by, at=now)
        if not form.agrees_with(against):
            return False
        then = form.happened_at(now)
        verdict = gate_verdict(session, form, at=then, journal_mode=session.unit.journal_mode)
        actions.record_gate(
            session=session,
            gated=actions.Gated(
                verdict=verdict,
                rule_version=RULE_VERSION,
                answers=form.as_typed(),
                doctor=form.named_doctor,
            ),
            entered=form.entered(StartGateRecord, at=now),
            by=by,
            at=now,
        )
        if form.cleaned_data[SUICIDALITY] == ANSWERED:
            tell_who_answered(request, session, at=now)
    return True


def new_first(request: SignedInRequest, session: Session, form: GateForm) -> None:
    """Whatever is refused of the rest, something new of suicide is stored, and a doctor called."""
    now, told_in = timezone.now(), form.cleaned_data.get("entry") or uuid4()
    actions.say_new(
        session=session, told_in=told_in, doctor=form.named_doctor, by=request.user, at=now
    )
    by_now = heard(session, at=now)
    form.new_stored(by_now, at=now)
    called = gettext(
        "What is new about suicide is stored, and a doctor is called. The rest is not saved yet."
    )
    stored = gettext("What is new about suicide is stored. The rest is not saved yet.")
    messages.warning(request, called if by_now.awaited else stored)


def tell_who_answered(request: SignedInRequest, session: Session, *, at: datetime) -> None:
    """Nobody was called anew."""
    answered = heard(session, at=at).answered
    if answered is not None:
        words = gettext(
            "What was said of suicide today was answered by %(who)s at %(at)s: no doctor is called "
            "anew. Has the patient said more since? Say so in the start check, and a doctor is called."
        )
        messages.info(request, words % {"who": answered.by, "at": at_clock(answered.at)})


def gate_form(request: SignedInRequest, session: Session) -> GateForm:
    before, now = StartGateRecord.objects.in_force().filter(session=session), timezone.now()
    form = GateForm(
        typed(request),
        age=session.course.patient.card().age(timezone.localdate()),
        doctors=doctors_of(session),
        heard=heard(session, at=now),
        route=SessionRoute.NASAL if by_nose(session) else SessionRoute.IV,
        before=before.order_by("-happened_at", "-pk").first(),
    )
    form.of_session(days_of(session, at=now), at=now)
    return form


def doctors_of(session: Session) -> list[Professional]:
    """Of the unit, who can answer by name."""
    found = Professional.objects.filter(unit=session.unit_id, role__in=DOCTORS, is_active=True)
    return list(found.order_by("display_name"))


@page_and_form
@allowed("session.override", of=StartGateRecord)
def override(request: SignedInRequest, record: StartGateRecord) -> HttpResponse:
    form = OverrideForm(typed(request))
    if request.method == "POST" and form.is_valid():
        actions.override_gate(
            record=record,
            by=request.user,
            at=timezone.now(),
            reason=form.cleaned_data["reason"],
        )
        return redirect("session", pk=record.session_id)
    heading = gettext("Start in spite of the start check")
    patient, on = record.session.course.patient_id, timezone.localdate()
    return about(
        request,
        record.session,
        form,
        template="override",
        heading=heading,
        record=record,
        findings=stopping(record, by=request.user),
        no_today=no_of(patient, on=on),
        may_read_plan=request.may("rating") and not closed_to(request.user, record.session),
        named_said_no=said_no(record.doctor, patient, on=on),
        untold=in_both_languages(),
    )


def stopping(record: StartGateRecord, *, by: Professional) -> list[tuple[Finding, str]]:
    found = [finding_as_read(one) for one in record.findings]
    stops = [one for one in found if one.standing > actions.OPEN_UP_TO]
    return stated(as_told(stops, by=by, session=record.session))


def about(
    request: SignedInRequest, session: Session, form: Form, /, *, template: str, **more: object
) -> PatientPage:
    """A form of one session, under the patient's name; 422 when it was refused."""
    return patient_page(
        request,
        session.course.patient.card(),
        f"chairside/{template}.html",
        status=422 if request.method == "POST" else 200,
        session=session,
        form=form,
        **more,
    )
