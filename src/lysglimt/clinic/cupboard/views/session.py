"""The drugs of one session: drawn before two, accounted for before two, or put back."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from lysglimt.clinic.chairside.models import Session
from lysglimt.clinic.chairside.models.devices import DeviceOrder
from lysglimt.clinic.cupboard import actions
from lysglimt.clinic.cupboard.forms import (
    AccountForm,
    CorrectionForm,
    NotGivenForm,
    WithdrawForm,
)
from lysglimt.clinic.cupboard.models import Holding, LedgerEntry
from lysglimt.clinic.cupboard.showing import keeps_its_drug, lines, milligrams
from lysglimt.clinic.people.access import (
    PatientPage,
    SignedInRequest,
    allowed,
    patient_page,
    typed,
)
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.people.policy import DOCTORS
from lysglimt.knowledge.dosing.devices import of_devices
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.ledger.balance import NOTHING
from lysglimt.knowledge.quantities import Milligrams, plain

from .signed import done, page_and_form, witnesses


@require_GET
@allowed("session.drugs", of=Session)
def drugs(request: SignedInRequest, session: Session) -> HttpResponse:
    """What was drawn, by whom, and what is not accounted for yet."""
    rows = list(rows_of(session))
    waiting = actions.in_hand(session)
    return about(
        request,
        session,
        None,
        template="session_drugs",
        lines=list(lines(rows)),
        accounted=accounted(rows),
        in_hand=waiting,
        **({} if waiting else unlike_the_chart(session)),
        may_sign=request.may("ledger.withdraw"),
    )


def rows_of(session: Session) -> QuerySet[LedgerEntry]:
    rows = LedgerEntry.objects.filter(session=session).order_by("pk")
    found: QuerySet[LedgerEntry] = rows.select_related(
        "holding__cabinet", "by", "witness", "prescriber", "corrects"
    )
    return found


def accounted(rows: list[LedgerEntry]) -> list[Holding]:
    """Of which there is an account that is not taken back."""
    gone = {one.corrects_id for one in rows}
    told = (one for one in rows if one.movement in actions.ACCOUNTED and one.pk not in gone)
    return list({one.holding_id: one.holding for one in told}.values())


def unlike_the_chart(session: Session) -> dict[str, Milligrams]:
    """``changed``: another amount was accounted for than is charted by now. ``undrawn``: charted, and no line tells of it."""
    booked = actions.booked_given(session)
    if booked is None and not keeps_its_drug(session):
        return {}
    try:
        charted = actions.charted_given(session, nothing_given=True)
    except ClinicalError:
        return {}
    if charted == (booked or NOTHING):
        return {}
    return {"undrawn" if booked is None else "changed": charted}


@page_and_form
@allowed("ledger.withdraw", of=Session)
def withdraw(request: SignedInRequest, session: Session) -> HttpResponse:
    holdings = Holding.objects.in_unit(session.unit_id).select_related("cabinet").with_balance()
    doctors = Professional.objects.filter(
        unit=session.unit_id, role__in=DOCTORS, is_active=True
    ).order_by("display_name")
    form = WithdrawForm(
        typed(request),
        holdings=[one for one in holdings.order_by("product") if vars(one)["pieces"]],
        doctors=doctors,
        colleagues=witnesses(request.user),
        initial=ordered(session),
    )

    def write(entered: Entered, at: datetime) -> None:
        actions.withdraw(
            session=session,
            holding=form.chosen,
            drawn=form.drawn(),
            entered=entered,
            by=request.user,
            at=at,
        )

    if done(request, form, write):
        return redirect("session.drugs", pk=session.pk)
    heading = gettext("Withdraw for this session")
    return about(request, session, form, heading=heading)


def ordered(session: Session) -> dict[str, object]:
    """By the signed order of the session; of another drug both are typed anew."""
    order = actions.signed_order(session)
    if order is None:
        return {}
    dose = of_devices(order.devices).value if isinstance(order, DeviceOrder) else order.dose_mg
    return {"ordered_mg": Decimal(plain(dose)), "prescriber": str(order.signature.by_id)}


@page_and_form
@allowed("ledger.settle", of=Session, beside=["holding"])
def settle(request: SignedInRequest, session: Session, *, holding: UUID) -> HttpResponse:
    """The chart says what was given; both say what was left in the line and wasted."""
    here = holding_of(session, holding)
    charted = actions.drug_of_session(session, here)
    form = AccountForm(
        typed(request),
        holding=here,
        charted=charted,
        begun=not charted or not actions.nothing_charted(session),
        colleagues=witnesses(request.user),
    )

    def write(entered: Entered, at: datetime) -> None:
        actions.settle(
            session=session,
            holding=here,
            accounted=form.accounted(),
            entered=entered,
            by=request.user,
            at=at,
        )

    told = gettext("All that was drawn is accounted for.")
    if done(request, form, write, told=told):
        return redirect("session.drugs", pk=session.pk)
    return about(
        request,
        session,
        form,
        heading=gettext("Account for %(what)s") % {"what": here},
        **known(session, here, charted=charted),
    )


def known(session: Session, here: Holding, *, charted: bool) -> dict[str, Any]:
    """Drawn by the ledger, and given by the chart. What is left between them is seen, not copied."""
    drawn = next((vars(one)["in_hand"] for one in actions.in_hand(session) if one == here), 0)
    facts = [(gettext("Drawn and not accounted for"), milligrams(Decimal(drawn)))]
    if charted:
        try:
            given = actions.given_here(session, here, nothing_given=True).value
        except ClinicalError:
            words = gettext("The pump is not stopped, or devices are still to be given.")
            return {"facts": facts, "waits": words}
        facts.append((gettext("Given, by the chart"), milligrams(given)))
    return {"facts": facts}


@page_and_form
@allowed("ledger.not-given", of=Session, beside=["holding"])
def not_given(request: SignedInRequest, session: Session, *, holding: UUID) -> HttpResponse:
    here = holding_of(session, holding)
    form = NotGivenForm(typed(request), colleagues=witnesses(request.user))

    def write(entered: Entered, at: datetime) -> None:
        said = form.cleaned_data
        actions.not_given(
            session=session,
            holding=here,
            back=actions.PutBack(pieces=said["pieces"], why=said["why"], witness=form.other),
            entered=entered,
            by=request.user,
            at=at,
        )

    if done(request, form, write):
        return redirect("session.drugs", pk=session.pk)
    heading = gettext("Put back %(what)s") % {"what": here}
    return about(request, session, form, heading=heading)


@page_and_form
@allowed("ledger.anew", of=Session, beside=["holding"])
def account_anew(request: SignedInRequest, session: Session, *, holding: UUID) -> HttpResponse:
    """All lines of the account are taken back at once; then the form of the account is opened."""
    here = holding_of(session, holding)
    form = CorrectionForm(typed(request), colleagues=witnesses(request.user))

    def write(entered: Entered, at: datetime) -> None:
        told = actions.TakenBack(why=form.cleaned_data["why"], witness=form.other)
        actions.account_anew(
            session=session, holding=here, told=told, entered=entered, by=request.user, at=at
        )

    if done(request, form, write, told=gettext("Taken back. Account for it anew.")):
        return redirect("ledger.settle", pk=session.pk, holding=here.pk)
    heading = gettext("Account anew for %(what)s") % {"what": here}
    account = rows_of(session).filter(holding=here, movement__in=actions.ACCOUNTED)
    old = list(lines(account.filter(corrections=None)))
    return about(request, session, form, heading=heading, account=old)


def holding_of(session: Session, key: UUID) -> Holding:
    rows = Holding.objects.in_unit(session.unit_id).select_related("cabinet")
    found: Holding = get_object_or_404(rows, pk=key)
    return found


def about(
    request: SignedInRequest,
    session: Session,
    form: Form | None,
    *,
    template: str = "session_form",
    **more: object,
) -> PatientPage:
    """Under the patient's name; 422 when a form was refused."""
    return patient_page(
        request,
        session.course.patient.card(),
        f"cupboard/{template}.html",
        status=422 if request.method == "POST" else 200,
        session=session,
        form=form,
        **more,
    )
