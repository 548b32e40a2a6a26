"""A call after a session, filled in by whoever telephones."""

from datetime import datetime

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext

from lysglimt.clinic.incidents import actions
from lysglimt.clinic.incidents.forms.calls import CallForm
from lysglimt.clinic.incidents.models import AfterCheck
from lysglimt.clinic.incidents.record import calls_before
from lysglimt.clinic.people.access import SignedInRequest, allowed, typed
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.people.policy import DOCTORS
from lysglimt.clinic.treatment.models import SessionGiven
from lysglimt.knowledge.safety.after_session import after_session_rules

from .shared import done, page_and_form, shown


@page_and_form
@allowed("after.check", of=SessionGiven, beside=["which"])
def call(request: SignedInRequest, given: SessionGiven, *, which: str) -> HttpResponse:
    rule = after_session_rules().checks.get(which)
    if rule is None:
        raise Http404
    patient = given.course.patient
    doctors = Professional.objects.filter(
        unit=given.course.unit_id, role__in=DOCTORS, is_active=True
    )
    form = CallForm(typed(request), doctors=[*doctors.order_by("display_name", "username")])

    def write(at: datetime) -> None:
        actions.record_call(
            given=given,
            called=form.called(which),
            entered=form.entered(AfterCheck, at=at),
            by=request.user,
            at=at,
        )

    if done(request, form, write, told=gettext("The call is written down.")):
        return redirect("patient.incidents", pk=patient.pk)
    return shown(
        request,
        patient,
        "incidents/call.html",
        form=form,
        heading=rule.name.in_language(get_language() or "nb"),
        given=given,
        before=calls_before(given, which),
        ecg=after_session_rules().ecg,
        telephone=patient.particulars().contact.telephone,
        back=reverse("patient.incidents", args=[patient.pk]),
    )
