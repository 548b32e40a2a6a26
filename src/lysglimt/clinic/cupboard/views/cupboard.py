"""The cupboard of the unit: its cabinets, each holding's ledger, and what is booked by hand."""

from datetime import date, datetime, time, timedelta

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from lysglimt.clinic.cupboard import actions
from lysglimt.clinic.cupboard.forms import (
    BookForm,
    CabinetForm,
    CorrectionForm,
    CountForm,
    HoldingForm,
)
from lysglimt.clinic.cupboard.models import Cabinet, Holding, LedgerEntry
from lysglimt.clinic.cupboard.showing import (
    by_patient,
    cabinets_of,
    cards_shown,
    expiring,
    lines,
    moved,
    not_accounted_for,
    open_discrepancies,
    shown,
    unseen_losses,
)
from lysglimt.clinic.cupboard.wordings import MOVEMENTS
from lysglimt.clinic.people.access import PatientPage, SignedInRequest, allowed, typed
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.scheduling.calendar import OSLO, on_day
from lysglimt.knowledge.ledger.movements import Movement, ledger_rules

from .signed import asked, done, missing_duties, page_and_form, to_ledger, witnesses

BY_HAND = (
    Movement.RECEIPT,
    Movement.WASTE,
    Movement.RETURN,
    Movement.TRANSFER_OUT,
    Movement.LOSS,
)
FIRST_YEAR, LAST_YEAR = 2000, 2100
MOST = 200
"""Lines of a ledger on one page, the newest; all of them are printed."""


@require_GET
@allowed("cupboard")
def cupboard(request: SignedInRequest) -> HttpResponse:
    """What lies there, what does not agree, what is lost or not accounted for, what expires. It shows no patient."""
    unit, now = request.user.unit, timezone.now()
    holdings = list(
        Holding.objects.in_unit(unit.pk)
        .select_related("cabinet")
        .with_balance()
        .order_by("cabinet__name", "product", "strength")
    )
    context = {
        "cabinets": cabinets_of(unit),
        "holdings": list(shown(holdings, at=now)),
        "discrepancies": open_discrepancies(unit),
        "losses": unseen_losses(unit),
        "not_accounted_for": not_accounted_for(unit, holdings, on=on_day(now)),
        "expiring": expiring(holdings, at=now),
        "rules": ledger_rules(),
        **{f"may_{name}": request.may(of) for name, of in MAY.items()},
    }
    return render(request, "cupboard/cupboard.html", context)


MAY = {
    "open": "cabinet.open",
    "place": "holding.open",
    "count": "ledger.count",
    "book": "ledger.book",
    "correct": "ledger.correct",
    "override": "discrepancy.override",
    "settle": "discrepancy.settle",
}
"""What a page offers, by the right that it takes."""


@page_and_form
@allowed("cabinet.open")
def open_cabinet(request: SignedInRequest) -> HttpResponse:
    form, heading = CabinetForm(typed(request)), gettext("Open a cabinet")

    def write(_: Entered, at: datetime) -> None:
        actions.open_cabinet(name=form.cleaned_data["name"], by=request.user, at=at)

    if done(request, form, write):
        return redirect("cupboard")
    return asked(request, form, heading=heading, back=reverse("cupboard"))


@page_and_form
@allowed("holding.open", of=Cabinet)
def open_holding(request: SignedInRequest, cabinet: Cabinet) -> HttpResponse:
    form = HoldingForm(typed(request), colleagues=witnesses(request.user))

    def write(entered: Entered, at: datetime) -> None:
        actions.place(
            cabinet=cabinet,
            product=form.product_typed(),
            booked=form.opening(),
            entered=entered,
            by=request.user,
            at=at,
        )

    if done(request, form, write, told=gettext("Its ledger is opened.")):
        return redirect("cupboard")
    heading = gettext("A drug in %(cabinet)s") % {"cabinet": cabinet}
    return asked(request, form, heading=heading, back=reverse("cupboard"))


@require_GET
@allowed("ledger", of=Holding)
def ledger(request: SignedInRequest, holding: Holding) -> HttpResponse:
    """Line by line, the newest first. Of a patient it names the session, and what was written of it."""
    rows = (
        LedgerEntry.objects.for_professional(request.user)
        .of_holding(holding)
        .select_related("by", "witness", "prescriber", "corrects", "session__course", "holding")
    )
    newest = list(rows.reverse()[: MOST + 1])
    whom = {one.session.course.patient_id for one in newest[:MOST] if one.session and one.why}
    cards = cards_shown(whom, request.user, at=timezone.now())
    context: dict[str, object] = {
        "holding": holding,
        "lines": list(lines(newest[:MOST], shown=cards)),
        "more": len(newest) > MOST,
        "last": newest[0] if newest else None,
        "pieces": newest[0].stock_after if newest else 0,
        "mg": (newest[0].stock_after if newest else 0) * holding.piece_mg,
        "movements": [(one.value, MOVEMENTS[one]) for one in BY_HAND],
        **{f"may_{name}": request.may(of) for name, of in MAY.items()},
    }
    return PatientPage(request, "cupboard/ledger.html", context, patients=cards)


@page_and_form
@allowed("ledger.book", of=Holding, beside=["movement"])
def book(request: SignedInRequest, holding: Holding, *, movement: str) -> HttpResponse:
    if movement not in [one.value for one in BY_HAND]:
        raise Http404
    kind = Movement(movement)
    others = Cabinet.objects.in_unit(holding.cabinet.unit_id).exclude(pk=holding.cabinet_id)
    cabinets = {str(one.pk): one for one in others.order_by("name")}
    form = BookForm(
        typed(request),
        movement=kind,
        cabinets=cabinets.values(),
        colleagues=witnesses(request.user),
    )

    def write(entered: Entered, at: datetime) -> None:
        booked, by = form.booked(), request.user
        if kind is Movement.TRANSFER_OUT:
            to = cabinets[form.cleaned_data["to"]]
            actions.transfer(
                holding=holding, to=to, booked=booked, entered=entered, by=by, at=at
            )
        else:
            actions.book(holding=holding, booked=booked, entered=entered, by=by, at=at)

    if done(request, form, write, told=gettext("Booked.")):
        return to_ledger(holding.pk)
    return asked(
        request,
        form,
        heading=f"{MOVEMENTS[kind]}: {holding}",
        back=reverse("ledger", args=[holding.pk]),
        duties=missing_duties() if kind is Movement.LOSS else [],
    )


@page_and_form
@allowed("ledger.count", of=Holding)
def count(request: SignedInRequest, holding: Holding) -> HttpResponse:
    form = CountForm(typed(request), colleagues=witnesses(request.user))

    def write(entered: Entered, at: datetime) -> None:
        actions.count(
            holding=holding,
            counted=form.cleaned_data["counted"],
            witness=form.other,
            entered=entered,
            by=request.user,
            at=at,
        )

    if done(request, form, write):
        return to_ledger(holding.pk)
    heading = gettext("Count %(what)s in %(cabinet)s") % {
        "what": holding,
        "cabinet": holding.cabinet,
    }
    return asked(request, form, heading=heading, back=reverse("ledger", args=[holding.pk]))


@page_and_form
@allowed("ledger.correct", of=Holding, beside=["number"])
def correct(request: SignedInRequest, holding: Holding, *, number: int) -> HttpResponse:
    """The line is taken back whole; what is right is booked anew."""
    rows = LedgerEntry.objects.for_professional(request.user).select_related("holding")
    line = get_object_or_404(rows, holding=holding, number=number)
    form = CorrectionForm(typed(request), colleagues=witnesses(request.user))

    def write(entered: Entered, at: datetime) -> None:
        actions.correct(
            line=line,
            why=form.cleaned_data["why"],
            witness=form.other,
            entered=entered,
            by=request.user,
            at=at,
        )

    told = gettext("Taken back. What is right is booked anew.")
    if done(request, form, write, told=told):
        return to_ledger(holding.pk)
    heading = gettext("Take back line %(number)s") % {"number": number}
    return asked(
        request,
        form,
        heading=heading,
        back=reverse("ledger", args=[holding.pk]),
        line=next(lines([line])),
    )


@require_GET
@allowed("ledger.report")
def report(request: SignedInRequest) -> HttpResponse:
    """A month: what came and where it went, and what each patient was given."""
    unit, now = request.user.unit, timezone.now()
    first = month_asked(request.GET.get("month", "")) or on_day(now).replace(day=1)
    since = datetime.combine(first, time(), tzinfo=OSLO)
    after = (first + timedelta(days=32)).replace(day=1)
    until = datetime.combine(after, time(), tzinfo=OSLO)
    given = by_patient(unit, since=since, until=until)
    cards = cards_shown({row.patient for row in given}, request.user, at=now)
    context = {
        "first": first,
        "before": f"{first - timedelta(days=1):%Y-%m}",
        "after": f"{after:%Y-%m}" if until <= now else "",
        "moved": moved(unit, since=since, until=until),
        "given": [
            {"card": cards[row.patient], "row": row} for row in given if row.patient in cards
        ],
    }
    return PatientPage(request, "cupboard/report.html", context, patients=cards)


def month_asked(typed_month: str) -> date | None:
    try:
        found = date.fromisoformat(f"{typed_month}-01")
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year < LAST_YEAR else None
