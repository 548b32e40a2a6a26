"""The sentences for what is refused when a session changes hands, or is typed in from paper."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from .in_touch import IN_TOUCH

HANDS: dict[str, Promise] = {
    **IN_TOUCH,
    "handover.not-to-them": gettext_lazy(
        "A session is handed over to another than oneself, who charts at the chairs of this unit."
    ),
    "handover.points-changed": gettext_lazy(
        "Something was charted after this list was read. Read it again, both of you, and sign anew."
    ),
    "session.another-order": gettext_lazy(
        "Not started: the order was written anew after this page was opened. The pump is to be set as it stands here now."
    ),
    "handover.others-patient": gettext_lazy(
        "By the record somebody else has the patient. Hand over in their place only if they know of it, and say so below."
    ),
    "handover.patient-left": gettext_lazy(
        "The patient has left: there is nothing to hand over."
    ),
    "handover.hands-full": gettext_lazy(
        "By the record whoever is to take over has somebody else to watch: %(value)s. Choose another colleague, or write who watches which patient."
    ),
    "paper.changed": gettext_lazy(
        "Somebody has changed these times since you opened the page. Go back, and open it again."
    ),
    "paper.ahead": gettext_lazy(
        "The time on paper ends after it began, and not later than now."
    ),
}
SAID_WHOLE_OF_HANDS = (
    *("handover.not-to-them", "handover.points-changed", "handover.patient-left"),
    *("handover.hands-full", "handover.others-patient", "session.another-order"),
    *("paper.ahead", "paper.changed"),
)
"""The sentence says all that a reader needs."""
