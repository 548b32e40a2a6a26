"""The sentences for what is refused in a session by nose."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

BY_NOSE: dict[str, Promise] = {
    "devices.counted-meanwhile": gettext_lazy(
        "A device was recorded since this page was read: %(value)s given by now. Read the list. Is this another one?"
    ),
    "order.devices-not-allowed": gettext_lazy(
        "Number of devices that the label allows today: %(allowed)s. Choose it, or write why."
    ),
    "order.devices-begun": gettext_lazy(
        "A device is given, so the order stands. Record that no more are given, and why."
    ),
    "devices.wrong-count": gettext_lazy(
        "%(value)s laid out, %(allowed)s to be given. Count again, both of you."
    ),
    "devices.against": gettext_lazy(
        "This speaks against the device: %(value)s. Wait, or write what happened and why."
    ),
    "devices.nothing-said": gettext_lazy("Write what happened."),
    "dosing.devices-out-of-order": gettext_lazy(
        "This does not fit what is charted of the devices. Read the list, and strike what is wrong first."
    ),
    "session.other-route": gettext_lazy(
        "Nasal devices belong to a session by nose, and a pump to an infusion. Open the page of the session again."
    ),
    "session.devices-not-over": gettext_lazy(
        "The devices are not over: give the rest, or record that no more are given."
    ),
    "monitoring-form.changed": gettext_lazy(
        "Somebody has changed the form meanwhile. Open the page again, read it, and change it."
    ),
    "monitoring-form.written": gettext_lazy(
        "Somebody has begun the form meanwhile. Open the page again and change it."
    ),
}
SAID_WHOLE_BY_NOSE = (
    "devices.nothing-said",
    "dosing.devices-out-of-order",
    "monitoring-form.changed",
    "monitoring-form.written",
    "order.devices-begun",
    "session.devices-not-over",
    "session.other-route",
)
"""The sentence says all that a reader needs."""
FIELDS_BY_NOSE: dict[str, Promise] = {
    "why": gettext_lazy("why it is ordered"),
    "laid_out": gettext_lazy("devices laid out"),
    "because": gettext_lazy("what happened"),
}
