"""A call after a session, filled in by whoever telephones."""

from datetime import datetime

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext

from lysglimt.clinic.incidents import actions
from lysglimt.clinic.incidents.forms.calls import CallForm
from lysglimt.clinic.incidents.models import AfterCheck, Answer
from lysglimt.clinic.incidents.record import calls_before
from lysglimt.clinic.people.access import SignedInRequest, allowed, typed
from lysglimt.clinic.people.forms import ReasonForm
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.people.policy import DOCTORS
from lysglimt.clinic.scheduling.rota import receiver_now
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
    rota = receiver_now(given.course.unit_id, at=timezone.now(), doctor=True)

    def write(at: datetime) -> None:
        actions.record_call(
            given=given,
            called=form.called(which),
            entered=form.entered(AfterCheck, at=at),
            by=request.user,
            at=at,
        )

    if done(request, form, write, told=written_down(form, which)):
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
        rota=rota,
        back=reverse("patient.incidents", args=[patient.pk]),
    )


def written_down(form: CallForm, which: str) -> str:
    """Who has a task now; a task rings nobody."""
    asked = form.called(which) if form.is_bound and form.is_valid() else None
    if asked is None or not asked.asks:
        unknown = asked is not None and Answer.UNKNOWN in {asked.palpitations, asked.suicide}
        return (
            gettext(
                "The call is written down. What is not known is asked again: the call stays due."
            )
            if unknown
            else gettext("The call is written down.")
        )
    words = gettext("The call is written down. %(who)s has a task and no message: ring now.")
    return words % {"who": asked.doctor}


@page_and_form
@allowed("after.strike", of=AfterCheck)
def strike(request: SignedInRequest, check: AfterCheck) -> HttpResponse:
    """Without it the call is due again; what it asked a doctor for stays asked."""
    patient, form = check.given.course.patient, ReasonForm(typed(request))
    rule = after_session_rules().checks[check.which]

    def write(at: datetime) -> None:
        reason = form.cleaned_data["reason"]
        actions.strike_call(check=check, by=request.user, at=at, reason=reason)

    if done(request, form, write, told=gettext("Struck out. It stays, struck through.")):
        return redirect("patient.incidents", pk=patient.pk)
    what = rule.name.in_language(get_language() or "nb")
    return shown(
        request,
        patient,
        "incidents/strike.html",
        form=form,
        heading=gettext("Entered in error: %(what)s") % {"what": what},
        back=reverse("patient.incidents", args=[patient.pk]),
    )
