"""What is taken beside the treatment: listed, judged, asked about, agreed, tapered."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import get_language, gettext, gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from lysglimt.clinic.design.refusals import sentence
from lysglimt.clinic.people.access import PatientPage, SignedInRequest, allowed, rows, typed
from lysglimt.clinic.people.facts import Entered, Fact
from lysglimt.clinic.people.forms import ReasonForm
from lysglimt.clinic.people.models import Patient
from lysglimt.clinic.people.pages import about
from lysglimt.clinic.people.policy import OPEN
from lysglimt.clinic.people.standing import relation
from lysglimt.clinic.referral.actions import EnteredByDoctor
from lysglimt.clinic.referral.models import Medicine
from lysglimt.clinic.treatment.recorded import known_with
from lysglimt.knowledge.verdict import Standing

from . import actions
from .benefit import Benefit, benefit_of
from .beside import (
    MedicinesOn,
    Taper,
    agreed_of,
    asked_last,
    asks_for_timing,
    before_antiemetics,
    listed_on,
    tapers,
    tapers_of,
    worst_first,
)
from .forms import AskedForm, LookForm, TaperForm, TimingForm
from .models import DoseTiming, MedicinesAsked, TaperLook, TaperPlan

page_and_form = require_http_methods(["GET", "POST"])
KINDS: Mapping[str, tuple[type[Fact], str, Any]] = {
    "asked": (MedicinesAsked, "patient", gettext_lazy("What was asked")),
    "timing": (DoseTiming, "medicine__patient", gettext_lazy("What is agreed of a dose")),
    "taper": (TaperPlan, "medicine__patient", gettext_lazy("The plan of a taper")),
    "look": (TaperLook, "taper__medicine__patient", gettext_lazy("A look at a taper")),
}


@require_GET
@allowed("medicines", of=Patient)
def show(request: SignedInRequest, patient: Patient) -> HttpResponse:
    """In journal mode everything stands there, and nothing is suggested."""
    on, journal = timezone.localdate(), request.user.journal_mode
    listed = listed_on(patient, on=on)
    takes = listed.taken
    return about(
        request,
        patient,
        "medicines/medicines.html",
        today=on,
        journal=journal,
        taken=[(one, agreed_of(one), asks_for_timing(one)) for one in takes],
        tapers=tapers_of(patient),
        asked=asked_last(patient),
        **offered(request),
        **({} if journal else judged(patient, listed)),
    )


def offered(request: SignedInRequest) -> dict[str, object]:
    """What the reader may do from here."""
    return {
        "may_add": request.may("history.add"),
        "may_agree": request.may("medicines.timing"),
        "may_plan": request.may("taper.plan"),
        "may_look": request.may("taper.look"),
        "may_ask": request.may("medicines.ask"),
    }


def judged(patient: Patient, listed: MedicinesOn) -> dict[str, object]:
    """What the rules find; what is known not to matter is told apart."""
    known = known_with(patient, listed.taken, on=listed.on)
    found = worst_first((*known.of_medicines, *listed.findings))
    language = get_language() or "nb"
    return {
        "found": [one for one in found if one.standing is not Standing.MET],
        "met": [one for one in found if one.standing is Standing.MET],
        "antiemetics": before_antiemetics(known, language=language),
    }


@page_and_form
@allowed("medicines.ask", of=Patient)
def ask(request: SignedInRequest, patient: Patient) -> HttpResponse:
    form = AskedForm(typed(request))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        actions.record_asked(
            patient=patient,
            changed=said["changed"] == "yes",
            told=said["told"],
            **entered(request, form),
        )
        return redirect("medicines", pk=patient.pk)
    return asked_page(request, patient, form, heading=gettext("Ask what has changed"))


@page_and_form
@allowed("medicines.timing", of=Patient, beside=["entry"])
def agree(request: SignedInRequest, patient: Patient, entry: UUID) -> HttpResponse:
    medicine = medicine_of(patient, entry)
    form = TimingForm(typed(request), medicine=medicine)
    if request.method == "POST" and form.is_valid():
        actions.agree_timing(
            medicine=medicine, agreed=form.cleaned_data["agreed"], **entered(request, form)
        )
        return redirect("medicines", pk=patient.pk)
    heading = gettext("When the dose is taken")
    return asked_page(request, patient, form, heading=heading, medicine=medicine)


@page_and_form
@allowed("taper.plan", of=Patient, beside=["entry"])
def plan(request: SignedInRequest, patient: Patient, entry: UUID) -> HttpResponse:
    medicine = medicine_of(patient, entry)
    form = TaperForm(typed(request), medicine=medicine)
    if request.method == "POST" and form.is_valid():
        actions.plan_taper(medicine=medicine, planned=form.planned(), **entered(request, form))
        return redirect("medicines", pk=patient.pk)
    journal = request.user.journal_mode
    benefit: Benefit | None = None if journal else benefit_of(patient, on=timezone.localdate())
    heading = gettext("Plan a taper")
    return asked_page(
        request,
        patient,
        form,
        heading=heading,
        medicine=medicine,
        benefit=benefit,
        tapering=True,
    )


@page_and_form
@allowed("taper.correct", of=TaperPlan)
def correct(request: SignedInRequest, taper: TaperPlan) -> HttpResponse:
    [known] = tapers([taper])
    initial = TaperForm.typed(taper, look_on=known.look_on)
    form = TaperForm(typed(request), initial=initial, correcting=True)
    patient = taper.medicine.patient
    if request.method == "POST" and form.is_valid():
        actions.correct_taper(
            taper=taper,
            planned=form.planned(),
            by=request.user,
            at=timezone.now(),
            reason=form.cleaned_data["reason"],
        )
        return redirect("medicines", pk=patient.pk)
    heading = gettext("Correct the plan")
    return asked_page(
        request, patient, form, heading=heading, medicine=taper.medicine, tapering=True
    )


@page_and_form
@allowed("taper.look", of=TaperPlan)
def look(request: SignedInRequest, taper: TaperPlan) -> HttpResponse:
    form = LookForm(typed(request))
    patient = taper.medicine.patient
    if request.method == "POST" and form.is_valid():
        try:
            actions.look_at_taper(taper=taper, looked=form.looked(), **entered(request, form))
        except actions.TaperOver as refusal:
            form.add_error(None, sentence(refusal))
        else:
            return redirect("medicines", pk=patient.pk)
    heading = gettext("How the taper goes")
    return asked_page(
        request, patient, form, heading=heading, medicine=taper.medicine, known=taper
    )


@page_and_form
@allowed("medicines.strike", of=Patient, beside=["kind", "entry"])
def strike(
    request: SignedInRequest, patient: Patient, *, kind: str, entry: UUID
) -> HttpResponse:
    note, title = note_of(patient, kind, entry)
    form, refusal = ReasonForm(typed(request)), actions.doctors_alone(note, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            actions.strike(
                note=note,
                by=request.user,
                at=timezone.now(),
                reason=form.cleaned_data["reason"],
            )
        except EnteredByDoctor as refused:
            form.add_error(None, sentence(refused))
        else:
            messages.success(request, gettext("Struck out. It stays, struck through."))
            return redirect("medicines", pk=patient.pk)
    return about(
        request,
        patient,
        "medicines/strike.html",
        form=form,
        title=title,
        refusal="" if refusal is None else sentence(refusal),
    )


@require_GET
@allowed("tapers")
def tapers_of_unit(request: SignedInRequest) -> HttpResponse:
    """Those under way in the unit, what is to be looked at first; none that is closed to the reader."""
    plans = rows(TaperPlan, request.user, "tapers").in_force().in_unit(request.user.unit_id)
    mine = [
        one
        for one in plans.select_related("by", "medicine__patient")
        if relation(one, request.user) in OPEN
    ]
    under_way = sorted((one for one in tapers(mine) if one.under_way), key=next_look)
    today = timezone.localdate()
    shown = [(one.plan.medicine.patient.card(), one, one.late(today)) for one in under_way]
    seen = dict.fromkeys(card.id for card, *_ in shown)
    return PatientPage(request, "medicines/tapers.html", {"shown": shown}, patients=seen)


def next_look(one: Taper) -> Any:
    return one.look_on, one.plan.pk


def entered(request: SignedInRequest, form: Any) -> dict[str, Any]:
    """Who, when, and under which entry, of a form that is valid."""
    now = timezone.now()
    stamp = Entered(happened_at=now, entered_at=now, entry=form.cleaned_data["entry"])
    return {"entered": stamp, "by": request.user, "at": now}


def asked_page(
    request: SignedInRequest, patient: Patient, form: Any, /, *, heading: str, **more: object
) -> HttpResponse:
    return about(request, patient, "medicines/form.html", form=form, heading=heading, **more)


def medicine_of(patient: Patient, entry: UUID) -> Medicine:
    rows = Medicine.objects.in_force().filter(patient=patient)
    return get_object_or_404(rows, entry=entry)


def note_of(patient: Patient, kind: str, entry: UUID) -> tuple[Any, Any]:
    if kind not in KINDS:
        raise Http404
    model, way, title = KINDS[kind]
    rows: Any = model._default_manager
    note = get_object_or_404(rows.in_force().filter(**{way: patient}), entry=entry)
    return note, title
