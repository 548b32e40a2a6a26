"""The card of the devices on the session page."""

from collections.abc import Mapping

from django.forms import Form
from django.urls import reverse

from lysglimt.clinic.chairside.device_page import devices_shown
from lysglimt.clinic.chairside.forms.devices import DeviceForm
from lysglimt.clinic.chairside.sheet import Sheet
from lysglimt.clinic.people.access import SignedInRequest, typed


def of_devices(
    request: SignedInRequest, sheet: Sheet, refused: Mapping[str, Form], *, judged: bool
) -> Mapping[str, object]:
    """The form of the next device: as refused now, as kept when the sign-in ran out, or empty."""
    address = reverse("devices.record", args=[sheet.session.pk])
    kept = None if request.method == "POST" else typed(request, action=address)
    form = refused.get("device") or DeviceForm(kept, auto_id="device_%s")
    if isinstance(form, DeviceForm):
        form.ask_clock(sheet.discharge.left_at if sheet.discharge else None)
    return {**devices_shown(sheet, judged=judged), "device": form}
