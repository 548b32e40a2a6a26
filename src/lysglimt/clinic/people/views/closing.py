"""What a patient has closed, and the way in all the same when it is an emergency."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lysglimt.clinic.people import actions
from lysglimt.clinic.people.access import (
    PatientPage,
    SignedInRequest,
    allowed,
    patient_page,
    typed,
)
from lysglimt.clinic.people.forms import BlockForm, EmergencyForm, ReasonForm, ReviewForm
from lysglimt.clinic.people.models import Block, EmergencyAccess, Patient, Professional
from lysglimt.clinic.people.policy import Relation
from lysglimt.clinic.people.standing import relation, shut_out

page_and_form = require_http_methods(["GET", "POST"])
WHOLE = "patient"


@page_and_form
@allowed("emergency", of=Patient)
def emergency(request: SignedInRequest, patient: Patient) -> HttpResponse:
    """Says nothing of a patient who has blocked the reader, until the reason is given."""
    form = EmergencyForm(typed(request))
    if request.method == "POST" and form.is_valid():
        actions.open_in_emergency(
            patient=patient,
            by=request.user,
            at=timezone.now(),
            reason=form.cleaned_data["reason"],
        )
        return redirect(WHOLE, pk=patient.pk)
    status = 422 if request.method == "POST" else 200
    if relation(patient, request.user) is Relation.BLOCKED:
        context = {"form": form, "patient": patient.pk}
        return render(request, "people/emergency.html", context, status=status)
    return patient_page(
        request,
        patient.card(),
        "people/emergency.html",
        status=status,
        form=form,
        patient=patient.pk,
    )


@require_POST
@allowed("emergency.end", of=EmergencyAccess)
def end(request: SignedInRequest, access: EmergencyAccess) -> HttpResponse:
    actions.end_emergency(access=access, by=request.user, at=timezone.now())
    messages.success(request, gettext("The emergency access is ended."))
    return redirect("home")


@require_GET
@allowed("emergencies")
def emergencies(request: SignedInRequest) -> HttpResponse:
    return listed(request, ReviewForm())


@page_and_form
@allowed("emergency.acknowledge", of=EmergencyAccess)
def acknowledge(request: SignedInRequest, access: EmergencyAccess) -> HttpResponse:
    """A GET comes from one who changed the language below a refused form."""
    if request.method == "GET":
        return redirect("emergencies")
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return listed(request, form, refused=access.pk)
    actions.acknowledge_emergency(
        access=access, by=request.user, at=timezone.now(), note=form.cleaned_data["note"]
    )
    messages.success(request, gettext("Acknowledged."))
    return redirect("emergencies")


def listed(
    request: SignedInRequest, form: ReviewForm, *, refused: object = None
) -> HttpResponse:
    """Those nobody has looked at, the oldest first; below a refused form, what was typed."""
    by = request.user
    theirs = EmergencyAccess.objects.to_acknowledge(by).order_by("opened_at", "pk")
    waiting = list(theirs.select_related("patient", "by", "unit"))
    closed = shut_out(by, at=timezone.now())
    rows = [
        {
            "access": one,
            "card": None if one.patient_id in closed else one.patient.card(),
            "form": form if one.pk == refused else ReviewForm(auto_id=f"id_{one.pk}_%s"),
        }
        for one in waiting
    ]
    seen = {one.patient_id for one in waiting} - closed
    return PatientPage(
        request,
        "people/emergencies.html",
        {"rows": rows},
        patients=seen,
        status=422 if refused else 200,
    )


@require_GET
@allowed("blocks", of=Patient)
def blocks(request: SignedInRequest, patient: Patient) -> HttpResponse:
    said = Block.objects.filter(patient=patient).select_related("staff", "by").order_by("pk")
    newest = {row.entry: row for row in said}
    return patient_page(
        request,
        patient.card(),
        "people/blocks.html",
        blocks=[row for row in newest.values() if not row.withdrawn],
        lifted=[row for row in newest.values() if row.withdrawn],
    )


@page_and_form
@allowed("block.set", of=Patient)
def set_block(request: SignedInRequest, patient: Patient) -> HttpResponse:
    form = BlockForm(typed(request), staff=colleagues(request))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        actions.block(
            patient=patient,
            staff=said["staff"],
            chapter=said["chapter"],
            by=request.user,
            at=timezone.now(),
            entry=said["entry"],
        )
        messages.success(request, gettext("The block holds from now on."))
        return redirect("blocks", pk=patient.pk)
    status = 422 if request.method == "POST" else 200
    return patient_page(
        request, patient.card(), "people/set_block.html", status=status, form=form
    )


@page_and_form
@allowed("block.lift", of=Block)
def lift_block(request: SignedInRequest, block: Block) -> HttpResponse:
    form = ReasonForm(typed(request))
    if request.method == "POST" and form.is_valid():
        actions.lift(
            block=block, by=request.user, at=timezone.now(), reason=form.cleaned_data["reason"]
        )
        messages.success(request, gettext("The block is lifted."))
        return redirect("blocks", pk=block.patient_id)
    status = 422 if request.method == "POST" else 200
    return patient_page(
        request,
        block.patient.card(),
        "people/lift_block.html",
        status=status,
        form=form,
        wish=block,
    )


def colleagues(request: SignedInRequest) -> QuerySet[Professional]:
    """Everybody of the house who can sign in."""
    house = Professional.objects.filter(unit__entity=request.user.entity_id, is_active=True)
    return house.order_by("display_name", "username")
