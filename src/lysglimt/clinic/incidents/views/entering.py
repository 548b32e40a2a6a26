"""An incident is entered: of a tap at the chair, of what was told on the telephone, or anew."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from lysglimt.clinic.chairside.models import ChairEvent, Session, VitalSet
from lysglimt.clinic.chairside.models.events import ChairEventKind
from lysglimt.clinic.incidents import actions
from lysglimt.clinic.incidents.actions import About
from lysglimt.clinic.incidents.forms.incident import (
    RISES,
    AdverseEventForm,
    IncidentForm,
    MishapForm,
    TermForm,
)
from lysglimt.clinic.incidents.from_elsewhere import ELSEWHERE, TERMS, session_of
from lysglimt.clinic.incidents.models import AfterCheck, Incident
from lysglimt.clinic.incidents.record import newest
from lysglimt.clinic.incidents.showing import heading_of, term_named
from lysglimt.clinic.incidents.wordings import KINDS
from lysglimt.clinic.people.access import SignedInRequest, allowed, typed
from lysglimt.clinic.people.forms import ReasonForm
from lysglimt.clinic.people.models import Patient
from lysglimt.clinic.treatment.history import protocol_of
from lysglimt.knowledge.protocols.protocol import Route
from lysglimt.knowledge.safety.adverse_events import pressure_class, taxonomy
from lysglimt.knowledge.safety.after_session import after_session_rules
from lysglimt.knowledge.safety.reporting import IncidentKind

from .shared import done, page_and_form, shown

SAVED = gettext_lazy("Saved. What is to be reported stands beside it.")
ANOTHER = "-"
"""Asks which term it is, though one is carried over."""
OF_NOBODY = [one for one in IncidentKind if one is not IncidentKind.ADVERSE_EVENT]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a form is about, what is filled in, and where one goes back to."""

    about: About
    initial: Mapping[str, object]
    back: str


@page_and_form
@allowed("incident.report", of=Patient, beside=["kind"])
def report(request: SignedInRequest, patient: Patient, *, kind: str) -> HttpResponse:
    back = reverse("patient.incidents", args=[patient.pk])
    about = About(kind=kind_of(kind), patient=patient)
    return entered(request, Asked(about, {}, back), term=request.GET.get("term", ""))


@page_and_form
@allowed("incident.unit", beside=["kind"])
def of_unit(request: SignedInRequest, *, kind: str) -> HttpResponse:
    """What went wrong and is about nobody."""
    if kind not in OF_NOBODY:
        raise Http404
    return entered(request, Asked(About(kind=kind_of(kind)), {}, reverse("incidents")), term="")


@page_and_form
@allowed("incident.complete", of=ChairEvent)
def complete(request: SignedInRequest, event: ChairEvent) -> HttpResponse:
    """Time and term are carried over from the chair; the grade is not."""
    if event.kind not in TERMS:
        raise Http404
    session = event.session
    about = About(
        kind=IncidentKind.ADVERSE_EVENT,
        patient=session.course.patient,
        session=session,
        from_entry=event.entry,
        from_item=event.kind,
    )
    initial = {
        "began_at": event.happened_at,
        "known_at": max(event.happened_at, event.entered_at),
        "words": event.comment,
    }
    term = request.GET.get("term") or TERMS[ChairEventKind(event.kind)]
    return entered(request, Asked(about, initial, reverse("incidents")), term=term)


@page_and_form
@allowed("incident.telephoned", of=AfterCheck, beside=["item"])
def telephoned(request: SignedInRequest, check: AfterCheck, *, item: str) -> HttpResponse:
    """What was told on the telephone: the term and when the unit knew are carried over."""
    if item not in {*after_session_rules().symptoms, ELSEWHERE}:
        raise Http404
    patient = check.given.course.patient
    about = About(
        kind=IncidentKind.ADVERSE_EVENT,
        patient=patient,
        session=session_of(check),
        from_entry=check.entry,
        from_item=item,
    )
    initial = {"known_at": check.happened_at, "words": check.told}
    back = reverse("patient.incidents", args=[patient.pk])
    term = request.GET.get("term") or item
    return entered(request, Asked(about, initial, back), term=term)


def entered(request: SignedInRequest, asked: Asked, *, term: str) -> HttpResponse:
    about = asked.about
    if about.kind is IncidentKind.ADVERSE_EVENT and term not in taxonomy().terms:
        return which_term(request, about.patient, back=asked.back, chosen=term)
    made: list[Incident] = []
    form = form_of(about.kind, about.patient, session=about.session, term=term)(
        typed(request), initial=asked.initial
    )

    def write(at: datetime) -> None:
        stamp = form.entered(Incident, at=at)
        made.append(
            actions.enter_incident(
                about=about,
                said=form.said(),
                entered=stamp,
                by=request.user,
                at=at,
            )
        )

    if done(request, form, write, told=str(SAVED)):
        return redirect("incident", pk=made[0].pk)
    heading = term_named(term) or str(KINDS[about.kind])
    return form_page(request, asked, form, heading=heading)


def form_of(
    kind: IncidentKind, patient: Patient | None, *, session: Session | None, term: str
) -> Any:
    """The form of a kind. By which way the drug was given is known of a session at the chair."""
    nasal = by_nose(session)
    if kind is IncidentKind.ADVERSE_EVENT:
        return partial(AdverseEventForm, term=taxonomy().terms[term], patient=True, nasal=nasal)
    return partial(MishapForm, patient=patient is not None, nasal=nasal)


def by_nose(session: Session | None) -> str:
    if session is None:
        return ""
    return "yes" if protocol_of(session.course).product.route is Route.INTRANASAL else "no"


def which_term(
    request: SignedInRequest, patient: Patient | None, *, back: str, chosen: str
) -> HttpResponse:
    """Asked before the form, since the grades are the term's own. Nothing is written."""
    form = TermForm({"term": chosen} if chosen not in {"", ANOTHER} else None)
    context = {"form": form, "heading": gettext("Which adverse event?"), "back": back}
    return shown(request, patient, "incidents/term.html", **context)


def form_page(
    request: SignedInRequest, asked: Asked, form: IncidentForm, *, heading: str
) -> HttpResponse:
    adverse = isinstance(form, AdverseEventForm)
    term = form.term if isinstance(form, AdverseEventForm) else None
    return shown(
        request,
        asked.about.patient,
        "incidents/form.html",
        form=form,
        heading=heading,
        back=asked.back,
        adverse=adverse,
        term=term,
        ungraded=adverse and "grade" not in form.fields,
        peak=peak_of(asked.about.session) if term and term.id == RISES else None,
    )


def peak_of(session: Session | None) -> dict[str, int] | None:
    """The highest pressure charted in the session, and its class. Asks one question."""
    if session is None:
        return None
    sets = VitalSet.objects.in_force().filter(
        session=session, systolic__isnull=False, diastolic__isnull=False
    )
    read = sets.values_list("systolic", "diastolic")
    found = [(high, low) for high, low in read if high is not None and low is not None]
    highest = max(found, default=None)
    if highest is None:
        return None
    reached = pressure_class(found)
    return {"systolic": highest[0], "diastolic": highest[1], "reached": reached or 0}


@page_and_form
@allowed("incident.correct", of=Incident)
def correct(request: SignedInRequest, incident: Incident) -> HttpResponse:
    row = incident
    if elsewhere := to_the_newest(request, row):
        return elsewhere
    term = request.GET.get("term") or row.term
    back = reverse("incident", args=[row.pk])
    about = About(kind=IncidentKind(row.kind), patient=row.patient, session=row.session)
    if row.kind == IncidentKind.ADVERSE_EVENT and term not in taxonomy().terms:
        return which_term(request, row.patient, back=back, chosen=term)
    initial = IncidentForm.typed(row)
    if term != row.term:
        del initial["grade"]
    form = form_of(about.kind, row.patient, session=row.session, term=term)(
        typed(request), initial=initial, correcting=True
    )
    made: list[Incident] = []

    def write(at: datetime) -> None:
        made.append(
            actions.correct(
                incident=row,
                said=form.said(),
                happened_at=form.cleaned_data["began_at"],
                by=request.user,
                at=at,
                reason=form.cleaned_data["reason"],
            )
        )

    if done(
        request, form, write, told=gettext("Corrected. What stood before stays beside it.")
    ):
        return redirect("incident", pk=made[0].pk)
    heading = gettext("Correct: %(what)s") % {"what": term_named(term) or heading_of(row)}
    return form_page(request, Asked(about, {}, back), form, heading=heading)


@page_and_form
@allowed("incident.strike", of=Incident)
def strike(request: SignedInRequest, incident: Incident) -> HttpResponse:
    row = incident
    if elsewhere := to_the_newest(request, row):
        return elsewhere
    form = ReasonForm(typed(request))

    def write(at: datetime) -> None:
        reason = form.cleaned_data["reason"]
        actions.strike(incident=row, by=request.user, at=at, reason=reason)

    if done(request, form, write, told=gettext("Struck out. It stays, struck through.")):
        return redirect("incident", pk=newest(row).pk)
    return shown(
        request,
        row.patient,
        "incidents/strike.html",
        form=form,
        heading=gettext("Entered in error: %(what)s") % {"what": heading_of(row)},
        back=reverse("incident", args=[row.pk]),
    )


def to_the_newest(request: SignedInRequest, row: Incident) -> HttpResponse | None:
    """What is corrected is what was read: a form of an older revision is shown to nobody."""
    now = newest(row)
    if request.method != "GET" or now.pk == row.pk:
        return None
    operation = str(request.resolver_match and request.resolver_match.url_name)
    return redirect("incident" if now.withdrawn else operation, pk=now.pk)


def kind_of(kind: str) -> IncidentKind:
    try:
        return IncidentKind(kind)
    except ValueError:
        raise Http404 from None
