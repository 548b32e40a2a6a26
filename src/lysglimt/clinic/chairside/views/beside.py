"""What a session page has beside the chart: the card of the devices, and what a tablet takes along."""

from collections.abc import Mapping
from typing import Any

from django.forms import Form
from django.urls import reverse

from lysglimt.clinic.chairside.device_page import devices_shown
from lysglimt.clinic.chairside.forms.devices import DeviceForm
from lysglimt.clinic.chairside.forms.timing import ask_when, days_of
from lysglimt.clinic.chairside.hands import handed, on_paper
from lysglimt.clinic.chairside.models import ChairEventKind
from lysglimt.clinic.chairside.off_line import taken_along
from lysglimt.clinic.chairside.sheet import Sheet
from lysglimt.clinic.chairside.shown_facts import cards_shown, dose_shown, order_shown
from lysglimt.clinic.chairside.wordings import off_line_words
from lysglimt.clinic.chairside.written import in_force
from lysglimt.clinic.people.access import SignedInRequest, typed
from lysglimt.clinic.scheduling.calendar import on_day


def of_devices(
    request: SignedInRequest, sheet: Sheet, refused: Mapping[str, Form], *, judged: bool
) -> Mapping[str, object]:
    """The form of the next device: as refused now, as kept when the sign-in ran out, or empty."""
    address = reverse("devices.record", args=[sheet.session.pk])
    kept = None if request.method == "POST" else typed(request, action=address)
    form = refused.get("device") or DeviceForm(kept, auto_id="device_%s")
    if isinstance(form, DeviceForm):
        left = sheet.discharge.left_at if sheet.discharge else None
        ask_when([form], days=days_of(sheet.session, at=sheet.now), at=sheet.now, left=left)
    return {**devices_shown(sheet, judged=judged), "device": form}


def without_the_network(
    request: SignedInRequest, sheet: Sheet, *, judged: bool
) -> Mapping[str, object]:
    """Whoever charts in a session of their own unit does so without the network, too."""
    if not request.may("session.off-line") or sheet.session.unit_id != request.user.unit_id:
        return {}
    words = off_line_words(judged=judged)
    return {"taken_along": taken_along(sheet), "off_line_words": words}


def as_shown(sheet: Sheet, context: Mapping[str, Any]) -> Mapping[str, object]:
    """By which an open page knows that its cards are no longer so, and a start that it is by them."""
    against = (one.criterion for one, _ in context.get("gate_against", ()))
    closed = str(context.get("gate_closed") or "")
    return {
        "cards": cards_shown(sheet),
        "dose_shown": dose_shown(sheet, (*context.get("missing", ()), closed, *against)),
        "order_shown": order_shown(sheet.order),
    }


def beside_what_happened(request: SignedInRequest, sheet: Sheet) -> Mapping[str, object]:
    """Whose hands the session is in, what was on paper, and which check the other has not signed."""
    pending, paper = ChairEventKind.CHECK_PENDING, on_paper(sheet.session)
    return {
        "may_chart": request.may("session.hand-over"),
        "may_see_drugs": keeps_ledger(sheet) and request.may("session.drugs"),
        "in_hands": next(iter(handed(sheet.session)), None),
        "on_paper": paper,
        "of_another_day": on_day(sheet.now) > sheet.session.planned_on,
        "unsigned_checks": [row for row in in_force(sheet.event_rows) if row.kind == pending],
    }


def keeps_ledger(sheet: Sheet) -> bool:
    """Asked with the session by the app that keeps it; off until the unit has opened a cabinet."""
    return bool(vars(sheet.session).get("keeps_ledger"))
