"""The plan of a course: which protocol, by which weight, on which days."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from lysglimt.clinic.design.refusals import sentence
from lysglimt.clinic.people.access import (
    PatientPage,
    SignedInRequest,
    allowed,
    open_to,
    patient_page,
    typed,
)
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Patient
from lysglimt.clinic.referral.models import Medicine
from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.clinic.scheduling.models import Appointment, AppointmentKind
from lysglimt.clinic.treatment import actions
from lysglimt.clinic.treatment.forms.courses import (
    BASES,
    BasisForm,
    BodyForm,
    NasalForm,
    PlanForm,
    at_oslo,
    recorded_form,
)
from lysglimt.clinic.treatment.forms.planned import Planned, written_window
from lysglimt.clinic.treatment.history import facts_of, protocol_of
from lysglimt.clinic.treatment.models import (
    Course,
    ProtocolApproval,
    SessionGiven,
    WeightBasis,
)
from lysglimt.clinic.treatment.record import CourseRecord, records_of
from lysglimt.clinic.treatment.recorded import known_with
from lysglimt.clinic.treatment.unsigned import (
    unsigned_beside,
    unsigned_in,
    unsigned_of,
    unsigned_shown,
)
from lysglimt.knowledge.dosing.infusion import rounded_dose
from lysglimt.knowledge.dosing.weights import WeightBasis as Basis
from lysglimt.knowledge.dosing.weights import Weights
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.protocols.course import course_state
from lysglimt.knowledge.protocols.library import protocols
from lysglimt.knowledge.protocols.protocol import Kind, Protocol, Route
from lysglimt.knowledge.protocols.schedule import Span
from lysglimt.knowledge.protocols.state import Advice, CourseState, Ground, Phase
from lysglimt.knowledge.quantities import plain
from lysglimt.knowledge.verdict import Finding, Standing

page_and_form = require_http_methods(["GET", "POST"])


@page_and_form
@allowed("course.plan", of=Patient)
def plan(request: SignedInRequest, patient: Patient) -> HttpResponse:
    rows = ProtocolApproval.objects.in_force().in_unit(request.user.unit_id)
    keys = {(row.protocol, row.protocol_version) for row in rows}
    offered = protocols()
    accepted = actions.accepted(patient)
    form = PlanForm(
        typed(request),
        approved=[one for key, one in offered.items() if key in keys],
        accepted=accepted,
    )
    if request.method == "POST" and form.is_valid():
        try:
            course = actions.plan_treatment(
                patient=patient,
                protocol=form.protocol_chosen(),
                by=request.user,
                at=timezone.now(),
                planned_start=form.cleaned_data["planned_start"],
                deviation=form.cleaned_data.get("deviation", ""),
            )
        except actions.OutsideAge as refusal:
            form.refuse_age(refusal)
        except actions.NotAccepted as refusal:
            form.refuse_unaccepted(refusal)
        except ClinicalError as refusal:
            form.add_error(None, sentence(refusal))
        else:
            return redirect("course", pk=course.pk)
    unapproved = [one for key, one in offered.items() if key not in keys]
    return about(
        request,
        patient,
        "plan",
        form=form,
        unapproved=unapproved,
        accepted=accepted,
        beside=medicines_beside(request, patient),
        **unsigned_shown(unsigned_of(patient), request),
    )


def medicines_beside(request: SignedInRequest, patient: Patient) -> tuple[Finding, ...]:
    """What the rules find of the other medicines; nothing in journal mode, nor where it is closed."""
    if request.user.journal_mode or not open_to(request.user, patient, "eligibility"):
        return ()
    today = timezone.localdate()
    takes = Medicine.objects.taken_on(today).filter(patient=patient)
    found = known_with(patient, list(takes), on=today).of_medicines
    told = (one for one in found if one.standing is not Standing.MET)
    return tuple(sorted(told, key=lambda one: -one.standing))


@require_GET
@allowed("course", of=Course)
def course(request: SignedInRequest, course: Course) -> HttpResponse:
    supported = not course.unit.journal_mode
    protocol = protocol_of(course)
    beside = unsigned_beside("patient")
    [known] = records_of(
        [Course.objects.with_standpoint().with_basis().annotate(**beside).get(pk=course.pk)]
    )
    said = vars(known.course)
    state = course_state(protocol, facts_of(known), timezone.localdate())
    return about(
        request,
        known.course.patient,
        "course",
        course=course,
        protocol=protocol,
        comparator=protocol.kind is Kind.COMPARATOR,
        infused=protocol.product.route is Route.INTRAVENOUS,
        basis=BASES[Basis(said["basis"])] if said["basis"] else "",
        basis_by=said["basis_by"],
        may_choose_basis=request.may("course.weight-basis"),
        booked=list(booked_told(request, known, state)),
        given=known.sessions_in_force,
        advice=state.advice if supported else None,
        in_the_way=in_the_way(state.advice),
        **unsigned_shown(unsigned_in(known.course), request),
    )


def booked_told(
    request: SignedInRequest, known: CourseRecord, state: CourseState
) -> Iterator[tuple[Appointment, bool, str]]:
    """Each with whether it is over, and the planned window where it is outside of it."""
    rows = booked_sessions(known.course)
    days = [on_day(one.starts_at) for one in rows]
    windows: dict[date, Span] = {}
    if state.recorded.phase is Phase.MAINTENANCE and not known.course.unit.journal_mode:
        protocol, facts = protocol_of(known.course), facts_of(known)
        planned = Planned(protocol, facts, days, timezone.localdate(), request.user)
        windows = planned.outside(days)
    for one, day in zip(rows, days, strict=True):
        past = over(one, known.sessions_in_force)
        told = written_window(windows[day]) if day in windows and not past else ""
        yield one, past, told


def over(appointment: Appointment, given: Iterable[SessionGiven]) -> bool:
    """It has begun by the clock, or the session of its day is given: it is not moved any more."""
    days = {on_day(one.started_at) for one in given}
    return appointment.starts_at < timezone.now() or on_day(appointment.starts_at) in days


def in_the_way(advice: Advice) -> list[tuple[Ground, int]]:
    """Each obstacle once, with how many of what is due it stands before."""
    return list(Counter(why for due in advice.due for why in due.blocked_by).items())


def booked_sessions(course: Course) -> list[Appointment]:
    rows = Appointment.objects.in_force().expected().of_course(course.pk)
    kept = rows.filter(kind=AppointmentKind.SESSION).select_related("chair")
    return list(kept.order_by("starts_at"))


@page_and_form
@allowed("course.weight-basis", of=Course)
def weight_basis(request: SignedInRequest, course: Course) -> HttpResponse:
    """First the three weights and their doses, then the choice, signed once; or corrected."""
    signed = WeightBasis.objects.in_force().filter(course=course).first()
    supported = not course.unit.journal_mode
    sent = typed(request)
    sex = course.patient.particulars().sex
    body = BodyForm(sent, initial={"sex": sex}) if supported else None
    shown = body.weights() if body is not None and sent and body.is_valid() else None
    chosen = BasisForm(sent if sent and "sign" in sent else None, corrects=signed is not None)
    ready = shown is not None or body is None
    if request.method == "POST" and ready and chosen.is_bound and chosen.is_valid():
        sign_basis(request, course, chosen, grounds=chosen.on(body), signed=signed)
        messages.success(request, gettext("The weight basis is signed for the whole course."))
        return redirect("course", pk=course.pk)
    refused = chosen if chosen.errors else body
    return about(
        request,
        course.patient,
        "weight_basis",
        form=refused,
        course=course,
        body=body,
        chosen=chosen if ready else None,
        signed=signed,
        doses=doses(protocol_of(course), shown) if shown else [],
    )


def sign_basis(
    request: SignedInRequest,
    course: Course,
    chosen: BasisForm,
    *,
    grounds: actions.BasisGrounds,
    signed: WeightBasis | None,
) -> None:
    by, at, basis = request.user, timezone.now(), chosen.basis_chosen()
    if signed is None:
        actions.sign_weight_basis(course=course, basis=basis, grounds=grounds, by=by, at=at)
        return
    reason = chosen.cleaned_data["reason"]
    actions.correct_weight_basis(
        signed=signed, basis=basis, grounds=grounds, by=by, at=at, reason=reason
    )


def doses(protocol: Protocol, shown: Weights) -> list[tuple[str, str, str]]:
    """Each weight, and what the protocol's first dose comes to on it."""
    dose = protocol.dose.per_kilogram if protocol.dose else None
    return [
        (
            str(BASES[basis]),
            plain(shown.on(basis).value),
            plain(rounded_dose(dose.value, shown, basis).value) if dose else "",
        )
        for basis in Basis
    ]


@page_and_form
@allowed("course.record", of=Course)
def record(request: SignedInRequest, course: Course) -> HttpResponse:
    """A session that is not an infusion at the chair: ECT, TMS, a nasal spray."""
    form = recorded_form(protocol_of(course), typed(request))
    if request.method == "POST" and form.is_valid():
        said, now = form.cleaned_data, timezone.now()
        started = at_oslo(said["day"], said["starts"])
        entered = Entered(entry=said["entry"], happened_at=started, entered_at=now)
        actions.record_session(
            course=course,
            given=actions.Given(
                started_at=started,
                stopped_at=started + timedelta(minutes=said["minutes"]),
                prescribed_mg=form.prescribed_mg if isinstance(form, NasalForm) else None,
                delivered_mg=form.delivered_mg if isinstance(form, NasalForm) else None,
            ),
            entered=entered,
            by=request.user,
            at=now,
        )
        return redirect("course", pk=course.pk)
    return about(request, course.patient, "record", form=form, course=course)


def about(
    request: SignedInRequest, patient: Patient, template: str, /, **context: object
) -> PatientPage:
    """A page about one patient's course; 422 when a form on it was refused."""
    form = context.get("form")
    refused = request.method == "POST" and isinstance(form, Form) and bool(form.errors)
    return patient_page(
        request,
        patient.card(),
        f"treatment/{template}.html",
        status=422 if refused else 200,
        **context,
    )


def days_given(course: Course) -> list[date]:
    given = SessionGiven.objects.in_force().filter(course=course)
    return [on_day(started) for started in given.values_list("started_at", flat=True)]
