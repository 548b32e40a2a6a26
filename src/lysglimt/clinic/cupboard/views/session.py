"""The drugs of one session: drawn before two, accounted for before two, or put back."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from lysglimt.clinic.chairside.models import Session, SessionOrder
from lysglimt.clinic.chairside.models.devices import DeviceOrder
from lysglimt.clinic.chairside.sprayed import by_nose
from lysglimt.clinic.cupboard import actions
from lysglimt.clinic.cupboard.forms import AccountForm, NotGivenForm, WithdrawForm
from lysglimt.clinic.cupboard.models import Holding, LedgerEntry
from lysglimt.clinic.cupboard.showing import lines, milligrams
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
from lysglimt.knowledge.quantities import Milligrams, plain

from .signed import done, page_and_form, witnesses


@require_GET
@allowed("session.drugs", of=Session)
def drugs(request: SignedInRequest, session: Session) -> HttpResponse:
    """What was drawn, by whom, and what is not accounted for yet."""
    rows = LedgerEntry.objects.filter(session=session).select_related(
        "holding__cabinet", "by", "witness", "prescriber", "corrects"
    )
    waiting = actions.in_hand(session)
    return about(
        request,
        session,
        None,
        template="session_drugs",
        lines=list(lines(rows.order_by("pk"))),
        in_hand=waiting,
        changed=charted_since(session) if not waiting else None,
        may_sign=request.may("ledger.withdraw"),
    )


def charted_since(session: Session) -> Milligrams | None:
    """What the chart says by now, where another amount was accounted for."""
    booked = actions.booked_given(session)
    if booked is None:
        return None
    try:
        charted = actions.charted_given(session)
    except ClinicalError:
        return None
    return charted if charted != booked else None


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
    kind: Any = DeviceOrder if by_nose(session) else SessionOrder
    signed = kind.objects.signed().filter(session=session)
    order = signed.select_related("signature").first()
    if order is None:
        return {}
    nasal = isinstance(order, DeviceOrder)
    dose = of_devices(order.devices).value if nasal else order.dose_mg
    return {"ordered_mg": Decimal(plain(dose)), "prescriber": str(order.signature.by_id)}


@page_and_form
@allowed("ledger.settle", of=Session, beside=["holding"])
def settle(request: SignedInRequest, session: Session, *, holding: UUID) -> HttpResponse:
    """The chart says what was given; both say what was left in the line and wasted."""
    here = holding_of(session, holding)
    charted = actions.drug_of_session(session, here)
    form = AccountForm(
        typed(request), holding=here, charted=charted, colleagues=witnesses(request.user)
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
    """Drawn by the ledger, given by the chart, and what is left between them."""
    drawn = next((vars(one)["in_hand"] for one in actions.in_hand(session) if one == here), 0)
    facts = [(gettext("Drawn and not accounted for"), milligrams(Decimal(drawn)))]
    if charted:
        try:
            given = actions.given_here(session, here).value
        except ClinicalError:
            words = gettext("The pump is not stopped, or devices are still to be given.")
            return {"facts": facts, "waits": words}
        facts.append((gettext("Given, by the chart"), milligrams(given)))
        facts.append((gettext("Left between them"), milligrams(Decimal(drawn) - given)))
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
