"""The sentences for what is refused of a monitor and where it stands."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

FROM_MONITORS: dict[str, Promise] = {
    "monitor.chair-taken": gettext_lazy("The chair has a monitor already: %(value)s."),
    "monitor.gateway-shared": gettext_lazy(
        "“%(value)s” is a gateway with several devices behind it: bind the device itself by its own name (OBX-18 or the bed), not the gateway."
    ),
    "monitor.stale": gettext_lazy(
        "What the monitor measured is older than two minutes. Look for a newer value, or type it."
    ),
    "monitors.not-one-unit": gettext_lazy("No unit is called so, or several could be meant."),
}
