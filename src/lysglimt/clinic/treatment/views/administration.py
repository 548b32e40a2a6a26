"""What a unit's responsible doctor reads and signs: protocols, conditions, decision support."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from lysglimt.clinic.people.access import SignedInRequest, allowed, typed
from lysglimt.clinic.people.forms import ReasonForm
from lysglimt.clinic.referral import actions as referral
from lysglimt.clinic.referral.models import PolicyConditions
from lysglimt.clinic.treatment import actions
from lysglimt.clinic.treatment.approvals import (
    complaint_route,
    conditions,
    offered,
    shipped_conditions,
)
from lysglimt.clinic.treatment.forms.administration import (
    ApprovalForm,
    ComplaintRouteForm,
    ConditionsCorrectionForm,
    ConditionsForm,
    as_typed,
)
from lysglimt.clinic.treatment.models import ProtocolApproval
from lysglimt.knowledge.protocols.approval import awaiting_approval
from lysglimt.knowledge.protocols.library import protocols
from lysglimt.knowledge.protocols.protocol import Protocol

page_and_form = require_http_methods(["GET", "POST"])


@require_GET
@allowed("administration")
def show(request: SignedInRequest) -> HttpResponse:
    unit = request.user.unit
    context = {
        "unit": unit,
        "journal_mode": unit.journal_mode,
        "protocols": offered(unit),
        "conditions": conditions(unit, on=timezone.localdate()),
        "complaint_route": complaint_route(unit),
        "may_concentration": request.may("unit.concentration"),
    }
    return render(request, "treatment/administration.html", context)


@page_and_form
@allowed("protocol.approve", beside=["protocol", "version"])
def approve(request: SignedInRequest, protocol: str, version: str) -> HttpResponse:
    """One signs what one has read: every figure that was not read in a source is listed."""
    asked = protocol_of(protocol, version)
    form = ApprovalForm(typed(request))
    if request.method == "POST" and form.is_valid():
        actions.approve_protocol(
            unit=request.user.unit,
            protocol=asked,
            by=request.user,
            at=timezone.now(),
            comment=form.cleaned_data["comment"],
        )
        messages.success(request, gettext("The protocol is approved for this unit."))
        return redirect("administration")
    context = {"form": form, "protocol": asked, "stated": awaiting_approval(asked)}
    status = 422 if request.method == "POST" else 200
    return render(request, "treatment/approve.html", context, status=status)


@page_and_form
@allowed("protocol.withdraw", of=ProtocolApproval)
def withdraw(request: SignedInRequest, approval: ProtocolApproval) -> HttpResponse:
    form = ReasonForm(typed(request))
    if request.method == "POST" and form.is_valid():
        actions.withdraw_approval(
            approval=approval,
            by=request.user,
            at=timezone.now(),
            reason=form.cleaned_data["reason"],
        )
        return redirect("administration")
    context = {"form": form, "approval": approval}
    status = 422 if request.method == "POST" else 200
    return render(request, "treatment/withdraw_approval.html", context, status=status)


@page_and_form
@allowed("complaint-route.state")
def state_route(request: SignedInRequest) -> HttpResponse:
    stated = complaint_route(request.user.unit)
    form = ComplaintRouteForm(typed(request), initial={"route": stated})
    if request.method == "POST" and form.is_valid():
        referral.state_complaint_route(
            route=form.cleaned_data["route"], by=request.user, at=timezone.now()
        )
        return redirect("administration")
    status = 422 if request.method == "POST" else 200
    return render(request, "treatment/complaint_route.html", {"form": form}, status=status)


@page_and_form
@allowed("conditions.state")
def state(request: SignedInRequest) -> HttpResponse:
    """Begins with the decision as shipped, for the unit to verify and change."""
    form = ConditionsForm(typed(request), initial=shipped_conditions())
    if request.method == "POST" and form.is_valid():
        referral.state_conditions(
            entity=request.user.unit.entity,
            said=form.said(),
            by=request.user,
            at=timezone.now(),
        )
        return redirect("administration")
    return conditions_page(request, form)


@page_and_form
@allowed("conditions.correct", of=PolicyConditions)
def correct(request: SignedInRequest, stated: PolicyConditions) -> HttpResponse:
    newest = get_object_or_404(PolicyConditions.objects.in_force(), pk=stated.pk)
    form = ConditionsCorrectionForm(typed(request), initial=as_typed(newest))
    if request.method == "POST" and form.is_valid():
        referral.restate_conditions(
            conditions=newest,
            said=form.said(),
            by=request.user,
            at=timezone.now(),
            reason=form.cleaned_data["reason"],
        )
        return redirect("administration")
    return conditions_page(request, form)


def conditions_page(request: SignedInRequest, form: ConditionsForm) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    return render(request, "treatment/conditions.html", {"form": form}, status=status)


def protocol_of(name: str, version: str) -> Protocol:
    known = protocols().get((name, version))
    if known is None:
        raise Http404
    return known
