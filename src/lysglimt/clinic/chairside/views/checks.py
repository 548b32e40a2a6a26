"""What two had checked without the network: the other signs it, or both strike it out."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.forms.charting import CheckedForm, StruckCheckForm
from lysglimt.clinic.chairside.models import ChairEvent
from lysglimt.clinic.chairside.showing import at_clock
from lysglimt.clinic.design.refusals import sentence
from lysglimt.clinic.people.access import SignedInRequest, allowed, typed
from lysglimt.knowledge.errors import ClinicalError

from .ordering import about, colleagues


@require_http_methods(["GET", "POST"])
@allowed("check.sign", of=ChairEvent)
def sign_check(request: SignedInRequest, event: ChairEvent) -> HttpResponse:
    """The network is back: the other person signs what two had checked."""
    known = actions.typist_of(event) is not None
    form = CheckedForm(
        typed(request),
        colleagues=colleagues(request.user),
        typist="" if known else str(request.user),
    )
    if request.method == "POST" and form.is_valid() and form.is_vouched_for(request):
        try:
            actions.sign_check(
                event=event,
                checked_by=form.other,
                at=timezone.now(),
                typed_it=None if known else request.user,
            )
        except ClinicalError as refusal:
            form.add_error("checked_by", sentence(refusal))
        else:
            return redirect("session", pk=event.session_id)
    return asked(request, event, form, heading=gettext("Sign what two had checked"))


def strike_check(request: SignedInRequest, event: ChairEvent) -> HttpResponse:
    """It was never checked, or is checked otherwise: both say so."""
    form = StruckCheckForm(typed(request), colleagues=colleagues(request.user))
    if request.method == "POST" and form.is_valid() and form.is_vouched_for(request):
        try:
            actions.strike_check(
                event=event,
                by=request.user,
                other=form.other,
                at=timezone.now(),
                reason=form.cleaned_data["reason"],
            )
        except ClinicalError as refusal:
            form.add_error("checked_by", sentence(refusal))
        else:
            messages.success(request, gettext("Struck out. It stays, struck through."))
            return redirect("session", pk=event.session_id)
    return asked(request, event, form, heading=gettext("Strike out a check of two"))


def asked(
    request: SignedInRequest,
    event: ChairEvent,
    form: CheckedForm | StruckCheckForm,
    *,
    heading: str,
) -> HttpResponse:
    told = f"{at_clock(event.happened_at)} {event.comment}"
    return about(request, event.session, form, template="form", heading=heading, refusal=told)
