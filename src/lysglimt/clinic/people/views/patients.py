"""Find a patient, register one, and those who are near them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from lysglimt.clinic.audit.actions import digest
from lysglimt.clinic.people import actions
from lysglimt.clinic.people.access import (
    PatientPage,
    SignedInRequest,
    allowed,
    patient_page,
    typed,
)
from lysglimt.clinic.people.actions.patients import AlreadyRegistered, PerhapsRegistered
from lysglimt.clinic.people.forms import (
    COMPARED,
    AmendForm,
    PatientForm,
    ReasonForm,
    RegisterForm,
    RelativeForm,
    SearchForm,
)
from lysglimt.clinic.people.models import Particulars, Patient, PatientCard, Relative
from lysglimt.clinic.people.standing import shut_out

SHOWN = 50
"""More than these are not shown: write more of the name."""

page_and_form = require_http_methods(["GET", "POST"])


@page_and_form
@allowed("patients")
def find(request: SignedInRequest) -> HttpResponse:
    """The words travel in the body, never in the address: an address is logged on its way."""
    form = SearchForm(typed(request))
    if not form.is_valid():
        return render(request, "people/find.html", {"form": form})
    rows = Patient.objects.sought(form.cleaned_data["q"], of=request.user)[: SHOWN + 1]
    found, closed = open_and_closed(request, rows.cards())
    found = sorted(found, key=lambda card: card.name.casefold())[:SHOWN]
    context = {
        "form": form,
        "found": found,
        "closed": closed,
        "number": len(found) + len(closed),
        "more": len(rows) > SHOWN,
        "asked": True,
        "may_emergency": request.may("emergency"),
    }
    seen = [card.id for card in found]
    return PatientPage(request, "people/find.html", context, patients=seen)


def open_and_closed(
    request: SignedInRequest, cards: list[PatientCard]
) -> tuple[list[PatientCard], list[UUID]]:
    """Of those who have blocked the reader nothing but the key is handed on."""
    shut = shut_out(request.user, at=timezone.now())
    return [card for card in cards if card.id not in shut], sorted(
        card.id for card in cards if card.id in shut
    )


@page_and_form
@allowed("patient.register")
def register(request: SignedInRequest) -> HttpResponse:
    form = RegisterForm(typed(request))
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "people/register.html", form)
    try:
        patient = actions.register_patient(
            said=form.particulars(),
            by=request.user,
            at=timezone.now(),
            another_person=form.cleaned_data.get(COMPARED, False),
            entry=form.cleaned_data["entry"],
        )
    except (AlreadyRegistered, PerhapsRegistered) as refusal:
        return show_known(request, form, refusal)
    return redirect("patient.particulars", pk=patient.pk)


def show_known(
    request: SignedInRequest, form: RegisterForm, refusal: AlreadyRegistered | PerhapsRegistered
) -> HttpResponse:
    """Beside what was typed, those who are registered already."""
    same = isinstance(refusal, AlreadyRegistered)
    keys = [refusal.patient] if isinstance(refusal, AlreadyRegistered) else refusal.patients
    theirs = Patient.objects.for_professional(request.user).filter(pk__in=keys)
    known, closed = open_and_closed(request, theirs.cards())
    if not same:
        form.ask_to_compare()
    context: dict[str, object] = {
        "form": form,
        "known": known,
        "closed": closed,
        "same": same,
        "may_emergency": request.may("emergency"),
    }
    seen = [card.id for card in known]
    return PatientPage(request, "people/register.html", context, patients=seen, status=409)


@require_GET
@allowed("patient.particulars", of=Patient)
def particulars(request: SignedInRequest, patient: Patient) -> HttpResponse:
    relatives = Relative.objects.in_force().filter(patient=patient)
    return about(
        request,
        patient.card(),
        "people/particulars.html",
        relatives=[relative.card() for relative in relatives],
        may_receive=request.may("referral.receive"),
    )


@page_and_form
@allowed("patient.amend", of=Patient)
def amend(request: SignedInRequest, patient: Patient) -> HttpResponse:
    shown = as_typed(patient.particulars()) | {"read": digest(patient)}
    form = AmendForm(typed(request), initial=shown)
    if request.method == "POST" and form.is_valid():
        try:
            actions.amend_patient(
                patient=patient,
                said=form.particulars(),
                by=request.user,
                at=timezone.now(),
                reason=form.cleaned_data["reason"],
                read=form.cleaned_data["read"],
            )
        except AlreadyRegistered:
            form.add_error("identity_number", gettext("Another patient has this number."))
        else:
            messages.success(request, gettext("The particulars are changed."))
            return redirect("patient.particulars", pk=patient.pk)
    return about(request, patient.card(), "people/amend.html", form=form)


@page_and_form
@allowed("relative.add", of=Patient)
def add_relative(request: SignedInRequest, patient: Patient) -> HttpResponse:
    form = RelativeForm(typed(request))
    if request.method == "POST" and form.is_valid():
        actions.add_relative(
            patient=patient,
            kin=form.kin(),
            by=request.user,
            at=timezone.now(),
            entry=form.cleaned_data["entry"],
        )
        return redirect("patient.particulars", pk=patient.pk)
    return about(request, patient.card(), "people/relative.html", form=form)


@page_and_form
@allowed("relative.withdraw", of=Relative)
def withdraw_relative(request: SignedInRequest, relative: Relative) -> HttpResponse:
    form = ReasonForm(typed(request))
    if request.method == "POST" and form.is_valid():
        actions.withdraw_relative(
            relative=relative,
            by=request.user,
            at=timezone.now(),
            reason=form.cleaned_data["reason"],
        )
        return redirect("patient.particulars", pk=relative.patient_id)
    return about(
        request,
        relative.patient.card(),
        "people/withdraw_relative.html",
        form=form,
        relative=relative.card(),
    )


def about(
    request: SignedInRequest, card: PatientCard, template: str, /, **context: object
) -> PatientPage:
    """A page about one patient; 422 when a form on it was refused."""
    form = context.get("form")
    refused = request.method == "POST" and isinstance(
        form, PatientForm | RelativeForm | ReasonForm
    )
    return patient_page(request, card, template, status=422 if refused else 200, **context)


def form_page(request: HttpRequest, template: str, form: PatientForm) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    return render(request, template, {"form": form}, status=status)


def as_typed(said: Particulars) -> dict[str, str]:
    return {
        "identity_number": said.identity_number,
        "given_name": said.given_name,
        "family_name": said.family_name,
        "birth_date": f"{said.birth_date:%d.%m.%Y}",
        "sex": said.sex,
        "telephone": said.contact.telephone,
        "email": said.contact.email,
        "address": said.contact.address,
    }
