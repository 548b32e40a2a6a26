"""What the register gets from the unit: how whole it is, what has changed, and who signs for it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lysglimt.clinic.design.refusals import sentence
from lysglimt.clinic.people.access import SignedInRequest, allowed, typed
from lysglimt.knowledge.errors import ClinicalError

from . import actions
from .forms import StateForm, listed
from .models import Delivery, LegalBasis, RegisteredUnit
from .showing import shown

SHOWN = 12
"""Deliveries that are listed, the newest first."""


@require_GET
@allowed("register")
def show(request: SignedInRequest) -> HttpResponse:
    """As it was when it was prepared last: nothing is reckoned while a page is opened."""
    unit, today = request.user.unit, timezone.localdate()
    basis = LegalBasis.objects.of_unit(unit.pk).select_related("by").first()
    listed_now = list(Delivery.objects.newest_first(unit.pk)[:SHOWN])
    newest = listed_now[0] if listed_now else None
    context = {
        "known_as": RegisteredUnit.objects.of_unit(unit.pk).first(),
        "basis": basis,
        "basis_word": dict(listed("legal-basis")).get(basis.basis) if basis else None,
        "holds": basis is not None and basis.runs(today),
        "deliveries": listed_now,
        "newest": newest,
        "shown": shown(newest) if newest else None,
        **columns(),
        **{name: request.may(asked) for name, asked in MAY.items()},
    }
    return render(request, "delivery/register.html", context)


MAY = {
    "may_state": "register.state",
    "may_prepare": "register.prepare",
    "may_sign": "register.sign",
}


def columns() -> dict[str, list[str]]:
    """The headings of the tables."""
    filled, share = gettext("Filled in"), gettext("Share")
    return {
        "month_columns": [gettext("Month"), gettext("Rows"), filled, share],
        "missing_columns": [gettext("Variable"), gettext("Missing"), filled, share],
        "lag_columns": [
            gettext("What"),
            gettext("Entered"),
            gettext("Median, days"),
            gettext("Longest, days"),
        ],
        "leaving_columns": [
            gettext("Table"),
            gettext("Rows"),
            gettext("New"),
            gettext("Changed"),
            gettext("Gone"),
        ],
    }


@require_POST
@allowed("register.prepare")
def prepare(request: SignedInRequest) -> HttpResponse:
    try:
        actions.prepare(by=request.user, at=timezone.now())
    except ClinicalError as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, gettext("Prepared: read what is missing before you sign."))
    return redirect("register")


@require_POST
@allowed("register.sign", of=Delivery)
def sign(request: SignedInRequest, delivery: Delivery) -> HttpResponse:
    try:
        actions.sign(delivery=delivery, by=request.user, at=timezone.now())
    except ClinicalError as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, gettext("The delivery is signed by you."))
    return redirect("register")


@require_http_methods(["GET", "POST"])
@allowed("register.state")
def state(request: SignedInRequest) -> HttpResponse:
    form = StateForm(typed(request), initial=stated_before(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.state(said=form.stated(), by=request.user, at=timezone.now())
        except ClinicalError as refusal:
            form.add_error("number", sentence(refusal))
        else:
            messages.success(
                request, gettext("Stated. It holds for what is prepared from now.")
            )
            return redirect("register")
    status = 422 if request.method == "POST" else 200
    return render(request, "delivery/state.html", {"form": form}, status=status)


def stated_before(request: SignedInRequest) -> dict[str, object]:
    """Number, region and project, which stay from one decision to the next; the decision never."""
    unit = request.user.unit
    known = RegisteredUnit.objects.of_unit(unit.pk).first()
    basis = LegalBasis.objects.of_unit(unit.pk).first()
    return {
        "number": known.number if known else None,
        "region": known.region if known else None,
        "project": basis.project if basis else None,
    }
