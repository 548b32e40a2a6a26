"""What the patient agreed to, and how the treatment is followed."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from lysglimt.clinic.people.access import SignedInRequest, allowed, typed
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Patient
from lysglimt.clinic.people.pages import about
from lysglimt.clinic.referral.models import ReferralLetter
from lysglimt.clinic.treatment import actions
from lysglimt.clinic.treatment.agreements import consents, registrations
from lysglimt.clinic.treatment.forms.consent import (
    ConsentForm,
    RegistrationForm,
    ReservedForm,
    WithdrawalForm,
)
from lysglimt.clinic.treatment.models import Consent, Registration, ReservedDecision
from lysglimt.knowledge.eligibility.candidate import Registration as Choice
from lysglimt.knowledge.eligibility.consent import consent_list

page_and_form = require_http_methods(["GET", "POST"])


@require_GET
@allowed("consent", of=Patient)
def show(request: SignedInRequest, patient: Patient) -> HttpResponse:
    return about(
        request,
        patient,
        "treatment/consent.html",
        consents=consents(patient),
        registrations=registrations(patient),
        version=consent_list().version,
    )


@page_and_form
@allowed("consent.record", of=Patient)
def record(request: SignedInRequest, patient: Patient) -> HttpResponse:
    form = ConsentForm(typed(request), referred_on=referred_on(patient))
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        entered = Entered(happened_at=now, entered_at=now, entry=form.cleaned_data["entry"])
        actions.record_consent(
            patient=patient, agreed=form.agreed(), entered=entered, by=request.user, at=now
        )
        messages.success(request, gettext("The consent is signed."))
        return redirect("consent", pk=patient.pk)
    return about(
        request,
        patient,
        "treatment/record_consent.html",
        form=form,
        version=consent_list().version,
        basis=consent_list().basis,
    )


def referred_on(patient: Patient) -> date | None:
    letters = ReferralLetter.objects.in_force().filter(referral__patient=patient)
    return letters.order_by("-received_on").values_list("received_on", flat=True).first()


@page_and_form
@allowed("consent.withdraw", of=Consent)
def withdraw(request: SignedInRequest, consent: Consent) -> HttpResponse:
    form = WithdrawalForm(typed(request))
    patient = consent.patient
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        actions.withdraw_consent(
            consent=consent,
            entered=Entered(happened_at=now, entered_at=now),
            by=request.user,
            at=now,
            note=form.cleaned_data["note"],
        )
        messages.success(request, gettext("The consent is withdrawn."))
        return redirect("consent", pk=patient.pk)
    return about(
        request, patient, "treatment/withdraw_consent.html", form=form, consent=consent
    )


@page_and_form
@allowed("registration.choose", of=Patient)
def choose(request: SignedInRequest, patient: Patient) -> HttpResponse:
    form = RegistrationForm(typed(request))
    if request.method == "POST" and form.is_valid():
        said, now = form.cleaned_data, timezone.now()
        actions.register_choice(
            patient=patient,
            choice=Choice(said["choice"]),
            study=said["study"],
            entered=Entered(happened_at=now, entered_at=now, entry=said["entry"]),
            by=request.user,
            at=now,
        )
        return redirect("consent", pk=patient.pk)
    return about(request, patient, "treatment/registration.html", form=form)


@page_and_form
@allowed("registration.decide", of=Registration)
def decide(request: SignedInRequest, registration: Registration) -> HttpResponse:
    """Nobody who reserves against both starts silently: somebody decides by name."""
    form = ReservedForm(typed(request))
    patient = registration.patient
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        actions.decide_on_reserved(
            registration=registration,
            decision=ReservedDecision(said["decision"]),
            grounds=said["grounds"],
            by=request.user,
            at=timezone.now(),
        )
        return redirect("consent", pk=patient.pk)
    return about(request, patient, "treatment/reserved.html", form=form)
