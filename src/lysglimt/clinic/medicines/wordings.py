"""What is said of a taper, as the screens say it."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

STATES: Mapping[str, Promise] = {
    "goes_on": pgettext_lazy("taper", "Goes on"),
    "paused": pgettext_lazy("taper", "Paused"),
    "reached": pgettext_lazy("taper", "Reached what was planned"),
    "given_up": pgettext_lazy("taper", "Given up"),
}
CHANGED = (
    ("no", gettext_lazy("Nothing has changed since last time")),
    ("yes", gettext_lazy("Something has changed, and is entered on this page")),
)
