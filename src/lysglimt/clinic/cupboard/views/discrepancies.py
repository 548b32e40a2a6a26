"""A count that did not agree, and what was lost: answered for by name, settled and seen by the leader."""

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext

from lysglimt.clinic.cupboard import actions
from lysglimt.clinic.cupboard.forms import OverrideForm, SeenForm, SettleForm
from lysglimt.clinic.cupboard.models import Holding, LedgerEntry
from lysglimt.clinic.cupboard.showing import lines
from lysglimt.clinic.people.access import SignedInRequest, allowed, typed
from lysglimt.clinic.people.facts import Entered

from .signed import asked, done, missing_duties, page_and_form, to_ledger, witnesses


def disagreed(request: SignedInRequest, holding: Holding, number: int) -> LedgerEntry:
    """While it is open; what is sent of a settled one is refused in words, so that nothing typed is lost."""
    known = LedgerEntry.objects.for_professional(request.user)
    rows = known.disagreed() if request.method == "GET" else known.unlike_the_ledger()
    found: LedgerEntry = get_object_or_404(
        rows.select_related("holding"), holding=holding, number=number
    )
    return found


@page_and_form
@allowed("discrepancy.override", of=Holding, beside=["number"])
def override(request: SignedInRequest, holding: Holding, *, number: int) -> HttpResponse:
    count = disagreed(request, holding, number)
    form = OverrideForm(typed(request))

    def write(entered: Entered, at: datetime) -> None:
        words = form.cleaned_data["words"]
        actions.override(count=count, words=words, entered=entered, by=request.user, at=at)

    if done(request, form, write):
        return to_ledger(holding.pk)
    return asked(
        request,
        form,
        heading=gettext("Let withdrawals go on"),
        back=reverse("ledger", args=[holding.pk]),
        line=next(lines([count])),
    )


@page_and_form
@allowed("discrepancy.settle", of=Holding, beside=["number"])
def settle(request: SignedInRequest, holding: Holding, *, number: int) -> HttpResponse:
    known = LedgerEntry.objects.for_professional(request.user)
    lost = known.unseen_losses() if request.method == "GET" else known.losses()
    line = lost.filter(holding=holding, number=number).select_related("holding").first()
    if line is not None:
        return seen(request, line)
    count = disagreed(request, holding, number)
    form = SettleForm(typed(request), colleagues=witnesses(request.user))

    def write(entered: Entered, at: datetime) -> None:
        actions.settle_discrepancy(
            count=count,
            words=form.cleaned_data["words"],
            witness=form.other if form.booking else None,
            entered=entered,
            by=request.user,
            at=at,
        )

    if done(request, form, write, told=gettext("Settled.")):
        return to_ledger(holding.pk)
    return asked(
        request,
        form,
        heading=gettext("Settle the count"),
        back=reverse("ledger", args=[holding.pk]),
        line=next(lines([count])),
        duties=missing_duties(),
    )


def seen(request: SignedInRequest, line: LedgerEntry) -> HttpResponse:
    """What two booked as lost: the leader has seen it, and says what was done."""
    form = SeenForm(typed(request))

    def write(entered: Entered, at: datetime) -> None:
        words = form.cleaned_data["words"]
        actions.see_loss(line=line, words=words, entered=entered, by=request.user, at=at)

    if done(request, form, write, told=gettext("Seen.")):
        return redirect("cupboard")
    return asked(
        request,
        form,
        heading=gettext("Lost: see it, and say what is done"),
        back=reverse("cupboard"),
        line=next(lines([line])),
        duties=missing_duties(),
    )
