"""Checks that are made by hand, and doses that were got in another place."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from lysglimt.clinic.design.refusals import sentence
from lysglimt.clinic.exposure import actions
from lysglimt.clinic.exposure.forms.checks import ChecksForm, ElsewhereForm
from lysglimt.clinic.exposure.models import CheckMade, DoseElsewhere
from lysglimt.clinic.people.access import SignedInRequest, allowed, typed
from lysglimt.clinic.people.forms import ReasonForm
from lysglimt.clinic.people.models import Patient
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.safety.exposure import ExposureCheck, Moment, exposure_grid

from .patients import entered, form_page, said, strike_page, struck

page_and_form = require_http_methods(["GET", "POST"])


def checks_named(asked: str) -> Sequence[ExposureCheck]:
    """All that go with a session, or the one of that name. Raises Http404."""
    by_hand = [one for one in exposure_grid().check if not one.at_the_chair]
    if asked == Moment.SESSION:
        return [one for one in by_hand if one.moment is Moment.SESSION]
    found = [one for one in by_hand if one.id == asked]
    if not found:
        raise Http404
    return found


@page_and_form
@allowed("check.record", of=Patient, beside=["asked"])
def record(request: SignedInRequest, patient: Patient, *, asked: str) -> HttpResponse:
    checks = checks_named(asked)
    form = ChecksForm(typed(request), checks=checks)
    if request.method == "POST" and form.is_valid():
        actions.record_checks(patient=patient, checked=form.checked(), **entered(request, form))
        messages.success(request, gettext("The check is saved."))
        return redirect("patient.over-months", pk=patient.pk)
    heading = gettext("With the session") if len(checks) > 1 else gettext("A check by hand")
    return form_page(request, patient, form, heading=heading)


@page_and_form
@allowed("check.strike", of=CheckMade)
def strike(request: SignedInRequest, check: CheckMade) -> HttpResponse:
    form = ReasonForm(typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.strike_check(check=check, **said(request, form))
        except ClinicalError as refusal:
            form.add_error(None, sentence(refusal))
        else:
            return struck(request, check.patient)
    return strike_page(request, check.patient, form)


@page_and_form
@allowed("elsewhere.record", of=Patient)
def elsewhere(request: SignedInRequest, patient: Patient) -> HttpResponse:
    form = ElsewhereForm(typed(request))
    if request.method == "POST" and form.is_valid():
        actions.record_elsewhere(patient=patient, given=form.given(), **entered(request, form))
        messages.success(request, gettext("It is saved, and counted as told."))
        return redirect("patient.over-months", pk=patient.pk)
    return form_page(request, patient, form, heading=gettext("Given in another place"))


@page_and_form
@allowed("elsewhere.strike", of=DoseElsewhere)
def strike_elsewhere(request: SignedInRequest, dose: DoseElsewhere) -> HttpResponse:
    form = ReasonForm(typed(request))
    if request.method == "POST" and form.is_valid():
        actions.strike_elsewhere(dose=dose, **said(request, form))
        return struck(request, dose.patient)
    return strike_page(request, dose.patient, form)
