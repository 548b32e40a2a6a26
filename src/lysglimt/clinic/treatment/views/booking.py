"""The sessions of a course in the chairs: booked, moved, cancelled."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from lysglimt.clinic.design.refusals import sentence
from lysglimt.clinic.people.access import SignedInRequest, allowed, typed
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.scheduling import actions as scheduling
from lysglimt.clinic.scheduling.models import (
    Appointment,
    AppointmentKind,
    Chair,
    off_plan_words,
)
from lysglimt.clinic.treatment import actions
from lysglimt.clinic.treatment.forms.courses import (
    BookingForm,
    CancelForm,
    MoveForm,
    days_taken,
)
from lysglimt.clinic.treatment.forms.planned import Planned
from lysglimt.clinic.treatment.history import course_facts, protocol_of
from lysglimt.clinic.treatment.models import Course
from lysglimt.clinic.treatment.unsigned import asked_beside, unsigned_in, unsigned_shown
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.protocols.planned_days import proposed_days, too_close
from lysglimt.knowledge.protocols.state import Phase

from .courses import about, booked_sessions, days_given

page_and_form = require_http_methods(["GET", "POST"])


def chairs_of(by: Professional) -> list[Chair]:
    return list(Chair.objects.in_unit(by.unit_id).order_by("name"))


@page_and_form
@allowed("course.book", of=Course)
def book(request: SignedInRequest, course: Course) -> HttpResponse:
    if request.method == "POST" and sent_before(request.POST.get("entry", ""), course):
        return redirect("course", pk=course.pk)
    form = booking_form(request, course)
    if request.method == "POST" and form.is_valid() and booked(request, course, form):
        return redirect("course", pk=course.pk)
    course.patient = asked_beside(course.patient_id)
    return about(
        request,
        course.patient,
        "book",
        form=form,
        course=course,
        **unsigned_shown(unsigned_in(course.patient), request),
    )


def sent_before(entry: str, course: Course) -> bool:
    """The same booking again, as when a button is pressed twice: its days are no clash."""
    try:
        key = UUID(entry)
    except ValueError:
        return False
    return (
        Appointment.objects.of_course(course.pk)
        .filter(entry__in=actions.entries_of(key, 1))
        .exists()
    )


def booking_form(request: SignedInRequest, course: Course) -> BookingForm:
    """With the days proposed that the protocol allows; in journal mode with empty ones."""
    protocol, standing = protocol_of(course), course.standing
    journal_mode = course.unit.journal_mode
    taken = days_taken(booked_sessions(course), days_given(course))
    wanted = (standing.target or 1) - len(taken)
    today = timezone.localdate()
    first = max(course.planned_start or today, today)
    proposed = proposed_days(protocol, first=first, taken=taken, count=max(1, wanted))
    planned = planned_maintenance(request, course, taken=taken)
    if planned and (days := planned.proposed()):
        proposed = days
    return BookingForm(
        typed(request),
        protocol=protocol,
        chairs=chairs_of(request.user),
        taken=taken,
        proposed=() if journal_mode else proposed,
        free=journal_mode,
        planned=planned,
    )


def planned_maintenance(
    request: SignedInRequest, course: Course, *, taken: Sequence[date]
) -> Planned | None:
    """None outside maintenance; in journal mode nobody is told of a window."""
    if course.standing.phase != Phase.MAINTENANCE or course.unit.journal_mode:
        return None
    return Planned(
        protocol_of(course), course_facts(course), taken, timezone.localdate(), request.user
    )


def booked(request: SignedInRequest, course: Course, form: BookingForm) -> bool:
    try:
        actions.book_run(
            course=course,
            run=form.run(),
            entry=form.cleaned_data["entry"],
            by=request.user,
            at=timezone.now(),
        )
    except ClinicalError as refusal:
        form.add_error("chair", sentence(refusal))
        return False
    return True


def course_of(request: SignedInRequest, appointment: Appointment) -> Course:
    """Not found for an appointment of no course, as an assessment is."""
    theirs = Course.objects.for_professional(request.user).select_related("patient")
    return get_object_or_404(theirs, pk=appointment.course)


@page_and_form
@allowed("appointment.move", of=Appointment)
def move(request: SignedInRequest, appointment: Appointment) -> HttpResponse:
    course = course_of(request, appointment)
    form = MoveForm(
        typed(request),
        initial=MoveForm.as_booked(appointment),
        chairs=chairs_of(request.user),
        planned=planned_maintenance(request, course, taken=taken_but(appointment, course)),
    )
    if (
        request.method == "POST"
        and form.is_valid()
        and moved(request, appointment, form, course=course)
    ):
        return redirect("course", pk=course.pk)
    return about(
        request, course.patient, "move", form=form, course=course, appointment=appointment
    )


def moved(
    request: SignedInRequest, appointment: Appointment, form: MoveForm, *, course: Course
) -> bool:
    day = form.cleaned_data["day"]
    stays = off_plan_words(appointment) if day == form.initial["day"] else ""
    try:
        actions.refuse_given(course, appointment)
        if not course.unit.journal_mode:
            refuse_too_close(form, appointment, course)
        if form.errors:
            return False
        actions.move_session(
            course=course,
            appointment=appointment,
            booking=scheduling.Booking(
                kind=AppointmentKind.SESSION,
                starts_at=form.starts_at(),
                ends_at=form.ends_at(),
                chair=form.chairs[form.cleaned_data["chair"]],
                course=course.pk,
                off_plan=form.why_off_plan([day]).get(day, stays),
            ),
            by=request.user,
            at=timezone.now(),
            reason=form.cleaned_data["reason"],
        )
    except (actions.AlreadyGiven, actions.BookedAnew) as refusal:
        form.add_error(None, sentence(refusal))
    except ClinicalError as refusal:
        form.add_error("chair", sentence(refusal))
    return not form.errors


def taken_but(appointment: Appointment, course: Course) -> list[date]:
    """The other days of the course that are booked or have been used."""
    others = [one for one in booked_sessions(course) if one.entry != appointment.entry]
    return days_taken(others, days_given(course))


def refuse_too_close(form: MoveForm, appointment: Appointment, course: Course) -> None:
    day = form.cleaned_data["day"]
    found = too_close(protocol_of(course), [*taken_but(appointment, course), day])
    for close in found.values():
        form.add_error("day", close.reason.in_language(get_language() or "nb"))


@page_and_form
@allowed("appointment.cancel", of=Appointment)
def cancel(request: SignedInRequest, appointment: Appointment) -> HttpResponse:
    course = course_of(request, appointment)
    form: Form = CancelForm(typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.call_off_session(
                course=course,
                appointment=appointment,
                stayed_away=form.cleaned_data["stayed_away"],
                by=request.user,
                at=timezone.now(),
                reason=form.cleaned_data["reason"],
            )
        except ClinicalError as refusal:
            form.add_error(None, sentence(refusal))
        else:
            return redirect("course", pk=course.pk)
    return about(
        request, course.patient, "cancel", form=form, course=course, appointment=appointment
    )
