"""The sentences for what is refused of a check that two did without the network."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

WITHOUT_NETWORK: dict[str, Promise] = {
    "check.same-hand": gettext_lazy(
        "Whoever charted the check does not sign as the other person."
    ),
    "check.not-pending": gettext_lazy(
        "There is no check to sign here: it is signed, or struck out, or none of two."
    ),
    "check.typist-unknown": gettext_lazy(
        "Nobody has said who typed the check: whoever did signs in, and says so here."
    ),
    "check.takes-two": gettext_lazy("A check of two is struck out by two."),
    "discharge.check-unsigned": gettext_lazy(
        "Before the checklist is signed, the other person signs what two had checked without the network."
    ),
}
SAID_WHOLE_WITHOUT_NETWORK = tuple(WITHOUT_NETWORK)
"""The sentence says all that a reader needs."""
