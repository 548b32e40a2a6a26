"""A referral comes in, and somebody keeps in touch with the one who waits."""

from dataclasses import asdict

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from lysglimt.clinic.people.access import SignedInRequest, allowed, typed
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.forms import ReasonForm
from lysglimt.clinic.people.models import Patient
from lysglimt.clinic.people.pages import about
from lysglimt.clinic.referral import actions
from lysglimt.clinic.referral.deadlines import ASSESSMENT_WORKING_DAYS
from lysglimt.clinic.referral.forms.letters import (
    ContactedForm,
    ContactForm,
    LetterCorrectionForm,
    LetterForm,
)
from lysglimt.clinic.referral.models import (
    Referral,
    ReferralLetter,
    WaitingContact,
)
from lysglimt.clinic.referral.way import ways

page_and_form = require_http_methods(["GET", "POST"])


@require_GET
@allowed("referrals", of=Patient)
def referrals(request: SignedInRequest, patient: Patient) -> HttpResponse:
    return about(
        request,
        patient,
        "referral/referrals.html",
        ways=ways(patient),
        today=timezone.localdate(),
        working_days=ASSESSMENT_WORKING_DAYS,
        may_assess=request.may("eligibility"),
    )


@page_and_form
@allowed("referral.receive", of=Patient)
def receive(request: SignedInRequest, patient: Patient) -> HttpResponse:
    form = LetterForm(typed(request))
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        entered = Entered(happened_at=now, entered_at=now, entry=form.cleaned_data["entry"])
        actions.receive_referral(
            patient=patient, letter=form.letter(), by=request.user, at=now, entered=entered
        )
        messages.success(request, gettext("The referral is received."))
        return redirect("referrals", pk=patient.pk)
    return about(request, patient, "referral/receive.html", form=form)


@page_and_form
@allowed("referral.correct", of=Referral)
def correct(request: SignedInRequest, referral: Referral) -> HttpResponse:
    letter = ReferralLetter.objects.in_force().get(referral=referral)
    form = LetterCorrectionForm(typed(request), initial=letter.content())
    if request.method == "POST" and form.is_valid():
        said = asdict(form.letter()) | {"sender_kind": form.cleaned_data["sender_kind"]}
        actions.correct(
            fact=letter,
            by=request.user,
            at=timezone.now(),
            reason=form.cleaned_data["reason"],
            **said,
        )
        return redirect("referrals", pk=referral.patient_id)
    return about(request, referral.patient, "referral/correct.html", form=form)


@page_and_form
@allowed("waiting.name", of=Referral)
def name_contact(request: SignedInRequest, referral: Referral) -> HttpResponse:
    form = ContactForm(typed(request), by=request.user)
    if request.method == "POST" and form.is_valid():
        actions.name_contact(
            referral=referral, **form.cleaned_data, by=request.user, at=timezone.now()
        )
        return redirect("referrals", pk=referral.patient_id)
    return about(request, referral.patient, "referral/name_contact.html", form=form)


@page_and_form
@allowed("waiting.contacted", of=Referral)
def contacted(request: SignedInRequest, referral: Referral) -> HttpResponse:
    form = ContactedForm(typed(request))
    if request.method == "POST" and form.is_valid():
        said, now = form.cleaned_data, timezone.now()
        actions.record_contact(
            referral=referral,
            reached=said["reached"] == "yes",
            note=said["note"],
            entered=Entered(happened_at=now, entered_at=now, entry=said["entry"]),
            by=request.user,
            at=now,
        )
        return redirect("referrals", pk=referral.patient_id)
    return about(request, referral.patient, "referral/contacted.html", form=form)


@page_and_form
@allowed("waiting.end", of=WaitingContact)
def end_contact(request: SignedInRequest, contact: WaitingContact) -> HttpResponse:
    """Somebody says why nobody keeps in touch any more."""
    form = ReasonForm(typed(request))
    patient = contact.referral.patient
    if request.method == "POST" and form.is_valid():
        actions.strike(
            fact=contact,
            by=request.user,
            at=timezone.now(),
            reason=form.cleaned_data["reason"],
        )
        return redirect("referrals", pk=patient.pk)
    return about(request, patient, "referral/end_contact.html", form=form, contact=contact)
