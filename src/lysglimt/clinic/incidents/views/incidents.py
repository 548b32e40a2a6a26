"""The incidents of the unit and of a patient, and one of them whole."""

from datetime import datetime

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from lysglimt.clinic.chairside.models import ChairEvent
from lysglimt.clinic.incidents import actions
from lysglimt.clinic.incidents.calls import calls, sessions_asked_about
from lysglimt.clinic.incidents.duties import OPEN, duties_shown, open_in
from lysglimt.clinic.incidents.forms.reports import AnswerDutyForm, ClosingForm
from lysglimt.clinic.incidents.from_elsewhere import (
    since,
    tapped,
    to_complete,
    told_to_enter,
)
from lysglimt.clinic.incidents.models import DutyAnswer, Incident
from lysglimt.clinic.incidents.record import calls_made, closing_of, newest, revisions_of
from lysglimt.clinic.incidents.showing import grades_beside, heading_of, lines
from lysglimt.clinic.incidents.wordings import KINDS
from lysglimt.clinic.people.access import PatientPage, SignedInRequest, allowed, rows, typed
from lysglimt.clinic.people.models import Patient
from lysglimt.clinic.people.policy import OPEN as OPEN_TO
from lysglimt.clinic.people.standing import relation
from lysglimt.clinic.treatment.models import SessionGiven
from lysglimt.knowledge.safety.reporting import IncidentKind

from .entering import OF_NOBODY
from .shared import done, page_and_form, rights, shown

MOST = 60
"""Incidents on the page of the unit, the newest."""
OFFERS = {
    "report": "incident.report",
    "report_unit": "incident.unit",
    "complete": "incident.complete",
    "telephone": "incident.telephoned",
    "correct": "incident.correct",
    "strike": "incident.strike",
    "answer": "duty.answer",
    "close": "incident.close",
    "print": "print.duty",
    "call": "after.check",
    "strike_call": "after.strike",
    "safety": "safety",
    "duties": "duties",
}


@require_GET
@allowed("incidents")
def incidents(request: SignedInRequest) -> HttpResponse:
    """What waits first: taps to be completed, and reports to be sent. None that is closed to the reader."""
    now, unit = timezone.now(), request.user.unit_id
    events = rows(ChairEvent, request.user, "incidents").in_unit(unit)
    waiting = [one for one in to_complete(events) if relation(one, request.user) in OPEN_TO]
    recent = [one for one in waiting if one.happened_at >= since(now)]
    entered = rows(Incident, request.user, "incidents").in_unit(unit)
    every = [*entered.unclosed().select_related("patient", "by")]
    mine = [one for one in every if relation(one, request.user) in OPEN_TO]
    waits, here = open_in(every, unit=unit), {one.entry for one in mine}
    duties = [one for one in waits if one.incident.entry in here]
    taps = tapped(recent)
    newest_first = sorted(mine, key=lambda one: (one.happened_at, one.pk), reverse=True)
    whom = {
        *(one.first.session.course.patient_id for one in taps),
        *(one.patient_id for one in mine if one.patient_id),
    }
    context = {
        "taps": [(one, one.first.session.course.patient.card()) for one in taps],
        "older": len(waiting) - len(recent),
        "duties_look": "late" if duties else "",
        "duties": [(one, card_of(one.incident), one.late(now)) for one in duties],
        "closed": len(waits) - len(duties),
        "incidents": [(one, card_of(one)) for one in newest_first[:MOST]],
        "more": max(len(newest_first) - MOST, 0),
        "kinds": [(one.value, KINDS[one]) for one in OF_NOBODY],
        **rights(request, OFFERS),
    }
    return PatientPage(request, "incidents/incidents.html", context, patients=whom)


def card_of(row: Incident) -> object:
    return row.patient.card() if row.patient else None


@require_GET
@allowed("patient.incidents", of=Patient)
def of_patient(request: SignedInRequest, patient: Patient) -> HttpResponse:
    """All of a patient's, what waits to be entered, and who telephoned after which session."""
    now = timezone.now()
    mine = Incident.objects.in_force().filter(patient=patient).select_related("by")
    taps = to_complete(ChairEvent.objects.filter(session__course__patient=patient))
    checks = calls_made(patient)
    given = SessionGiven.objects.filter(course__patient=patient)
    return shown(
        request,
        patient,
        "incidents/patient.html",
        incidents=mine.order_by("-happened_at", "-pk"),
        taps=tapped(taps),
        told=list(told_to_enter(checks)),
        checks=checks,
        calls=calls(sessions_asked_about(given, now=now), now=now),
        kinds=[(one.value, KINDS[one]) for one in IncidentKind],
        now=now,
        **rights(request, OFFERS),
    )


@require_GET
@allowed("incident", of=Incident)
def incident(request: SignedInRequest, incident: Incident) -> HttpResponse:
    """Old and new side by side, and what is to be reported to whom."""
    revisions = revisions_of(incident.entry)
    row, now = revisions[0], timezone.now()
    duties = duties_shown([row], unit=row.unit_id)[row.entry]
    return shown(
        request,
        row.patient,
        "incidents/incident.html",
        row=row,
        heading=heading_of(row),
        revisions=revisions,
        lines=list(lines(revisions)),
        grades=grades_beside(row) if row.grade.isdigit() else None,
        duties=[(one, one.late(now)) for one in duties],
        waits=any(one.state == OPEN for one in duties),
        closing=closing_of(row),
        **rights(request, OFFERS),
    )


@page_and_form
@allowed("duty.answer", of=Incident, beside=["duty"])
def answer_duty(request: SignedInRequest, incident: Incident, *, duty: str) -> HttpResponse:
    """What a person has done about it: nothing is sent from here."""
    row = newest(incident)
    found = duties_shown([row], unit=row.unit_id)[row.entry]
    asked = next((one for one in found if one.duty.id == duty), None)
    if asked is None:
        raise Http404
    form = AnswerDutyForm(typed(request), initial=typed_before(asked.answer))

    def write(at: datetime) -> None:
        actions.answer_duty(
            incident=row,
            duty=duty,
            answered=form.answered(),
            by=request.user,
            at=at,
        )

    if done(request, form, write, told=gettext("Saved.")):
        return redirect("incident", pk=row.pk)
    return shown(
        request,
        row.patient,
        "incidents/answer.html",
        form=form,
        one=asked,
        late=asked.late(timezone.now()),
        what=heading_of(row),
        heading=gettext("What was done about the report"),
        back=reverse("incident", args=[row.pk]),
    )


def typed_before(standing: DutyAnswer | None) -> dict[str, object]:
    if standing is None:
        return {}
    return {
        "revision": standing.revision,
        "state": standing.state,
        "done_at": standing.happened_at,
        "words": standing.words,
    }


@page_and_form
@allowed("incident.close", of=Incident)
def close(request: SignedInRequest, incident: Incident) -> HttpResponse:
    row = newest(incident)
    form = ClosingForm(typed(request))

    def write(at: datetime) -> None:
        words = form.cleaned_data["words"]
        actions.close(incident=row, words=words, by=request.user, at=at)

    if done(request, form, write, told=gettext("Closed.")):
        return redirect("incident", pk=row.pk)
    return shown(
        request,
        row.patient,
        "incidents/answer.html",
        form=form,
        heading=gettext("Close: %(what)s") % {"what": heading_of(row)},
        back=reverse("incident", args=[row.pk]),
    )
