"""One patient over months: what is due, what holds the treatment, and how much was given."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_http_methods

from lysglimt.clinic.design.refusals import sentence
from lysglimt.clinic.exposure import actions
from lysglimt.clinic.exposure.beside import OverMonths, over_months_of
from lysglimt.clinic.exposure.forms.results import CorrectionForm, ResultsForm
from lysglimt.clinic.exposure.ledger import exposure_ledger, not_entered
from lysglimt.clinic.exposure.models import (
    CheckMade,
    DoseElsewhere,
    HoldLifted,
    LabResult,
    SafetyStop,
)
from lysglimt.clinic.exposure.trend import trends
from lysglimt.clinic.people.access import SignedInRequest, allowed, typed
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.forms import ReasonForm
from lysglimt.clinic.people.models import Patient
from lysglimt.clinic.people.pages import about
from lysglimt.clinic.people.revisions import entries, in_force
from lysglimt.clinic.treatment.models import Course
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.safety.analytes import panel_of, panels
from lysglimt.knowledge.safety.cumulative import span_lengths
from lysglimt.knowledge.safety.over_months import CheckStanding

page_and_form = require_http_methods(["GET", "POST"])
SHOWN = 10
"""Answers that stand open; the older ones are folded away."""
PRESSING = frozenset({CheckStanding.OVERDUE, CheckStanding.DUE})


@require_GET
@allowed("patient.over-months", of=Patient)
def show(request: SignedInRequest, patient: Patient) -> HttpResponse:
    """In journal mode all that was recorded stands there, and nothing is asked for or held."""
    on, journal = timezone.localdate(), request.user.unit.journal_mode
    results = entries(LabResult.objects.filter(patient=patient).select_related("by"))
    listed = sorted(results, key=lambda one: one.newest.taken_on, reverse=True)
    told = DoseElsewhere.objects.in_force().filter(patient=patient).select_related("by")
    elsewhere, found = list(told), over_months_of(patient)
    outside = not_entered(found.readings, elsewhere)
    return about(
        request,
        patient,
        "exposure/patient.html",
        on=on,
        journal=journal,
        panels=panels().values(),
        results=listed[:SHOWN],
        older=listed[SHOWN:],
        scenes=list(trends(in_force(results))),
        ledger=exposure_ledger(patient, elsewhere, on=on, outside=outside),
        outside=outside,
        spans=[length.days for length in span_lengths()],
        elsewhere=elsewhere,
        checks=newest(CheckMade, patient),
        lifted=newest(HoldLifted, patient, "second"),
        stops=list(stops_of(patient)),
        course=Course.objects.open().filter(patient=patient).first(),
        **offered(request),
        **({} if journal else judged(found)),
    )


def newest(model: Any, patient: Patient, *beside: str) -> list[Any]:
    rows = model.objects.in_force().filter(patient=patient).select_related("by", *beside)
    return list(rows.order_by("-happened_at", "-pk"))


def stops_of(patient: Patient) -> Any:
    rows = SafetyStop.objects.in_force().filter(course__patient=patient)
    return rows.select_related("by", "course").order_by("-happened_at")


def offered(request: SignedInRequest) -> dict[str, object]:
    asked = {
        "may_enter": "lab.enter",
        "may_check": "check.record",
        "may_lift": "hold.lift",
        "may_hold": "hold.set",
        "may_tell": "elsewhere.record",
        "may_stop": "safety-stop.decide",
    }
    return {name: request.may(operation) for name, operation in asked.items()}


def judged(found: OverMonths) -> dict[str, object]:
    """What the rules say: what is pressing stands first, the others are folded away."""
    dues = found.due(timezone.localdate())
    return {
        "holds": found.holds,
        "questions": found.questions,
        "dues": [one for one in dues if one.standing in PRESSING],
        "others": [one for one in dues if one.standing not in PRESSING],
        "planned": found.course is not None,
    }


@page_and_form
@allowed("lab.enter", of=Patient, beside=["panel"])
def enter(request: SignedInRequest, patient: Patient, *, panel: str) -> HttpResponse:
    if panel not in panels():
        raise Http404
    asked = panels()[panel]
    form = ResultsForm(typed(request), panel=asked)
    if request.method == "POST" and form.is_valid():
        actions.enter_results(
            patient=patient,
            taken=form.taken(),
            answers=form.answers(),
            **entered(request, form),
        )
        messages.success(request, gettext("The results are saved."))
        return redirect("patient.over-months", pk=patient.pk)
    heading = asked.name.in_language(get_language() or "nb")
    return form_page(request, patient, form, heading=heading, lab=True)


@page_and_form
@allowed("lab.correct", of=LabResult)
def correct(request: SignedInRequest, result: LabResult) -> HttpResponse:
    panel = panel_of(result.analyte)
    form = CorrectionForm(typed(request), result=result, panel=panel)
    if request.method == "POST" and form.is_valid():
        try:
            [answer] = form.answers()
            actions.correct_result(
                result=result,
                answer=answer,
                taken=form.taken(),
                by=request.user,
                at=timezone.now(),
                reason=form.cleaned_data["reason"],
            )
        except ClinicalError as refusal:
            form.add_error(None, sentence(refusal))
        else:
            messages.success(request, gettext("The results are saved."))
            return redirect("patient.over-months", pk=result.patient_id)
    heading = gettext("Correct a result")
    return form_page(request, result.patient, form, heading=heading, lab=True)


@page_and_form
@allowed("lab.strike", of=LabResult)
def strike(request: SignedInRequest, result: LabResult) -> HttpResponse:
    form = ReasonForm(typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.strike_result(result=result, **said(request, form))
        except ClinicalError as refusal:
            form.add_error(None, sentence(refusal))
        else:
            return struck(request, result.patient)
    return strike_page(request, result.patient, form)


def said(request: SignedInRequest, form: ReasonForm) -> dict[str, Any]:
    return {
        "by": request.user,
        "at": timezone.now(),
        "reason": form.cleaned_data["reason"],
    }


def struck(request: SignedInRequest, patient: Patient) -> HttpResponse:
    messages.success(request, gettext("Struck out. It stays, struck through."))
    return redirect("patient.over-months", pk=patient.pk)


def strike_page(request: SignedInRequest, patient: Patient, form: ReasonForm) -> HttpResponse:
    return about(request, patient, "exposure/strike.html", form=form)


def form_page(
    request: SignedInRequest, patient: Patient, form: Any, /, *, heading: str, **more: object
) -> HttpResponse:
    return about(request, patient, "exposure/form.html", form=form, heading=heading, **more)


def entered(request: SignedInRequest, form: Any) -> dict[str, Any]:
    """Who, when, and under which entry, of a form that is valid."""
    now = timezone.now()
    stamp = Entered(happened_at=now, entered_at=now, entry=form.cleaned_data["entry"])
    return {"entered": stamp, "by": request.user, "at": now}
