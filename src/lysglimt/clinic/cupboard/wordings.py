"""What the things of the cupboard are called on a screen."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from lysglimt.knowledge.ledger.movements import Movement, Whereabouts

from .models import Form

MOVEMENTS: Mapping[Movement, Promise] = {
    Movement.OPENING: gettext_lazy("Opening"),
    Movement.RECEIPT: gettext_lazy("Receipt"),
    Movement.WITHDRAWAL: gettext_lazy("Withdrawal"),
    Movement.ADMINISTRATION: gettext_lazy("Given"),
    Movement.RESIDUE: gettext_lazy("Left in the line"),
    Movement.WASTE: gettext_lazy("Waste"),
    Movement.NOT_GIVEN: gettext_lazy("Not given, put back"),
    Movement.DIFFERENCE: gettext_lazy("Difference in amount"),
    Movement.RETURN: gettext_lazy("Return to the pharmacy"),
    Movement.TRANSFER_OUT: gettext_lazy("Transfer out"),
    Movement.TRANSFER_IN: gettext_lazy("Transfer in"),
    Movement.COUNT: gettext_lazy("Counting"),
    Movement.CORRECTION: gettext_lazy("Correction"),
    Movement.LOSS: gettext_lazy("Loss"),
}

PLACES: Mapping[Whereabouts, Promise] = {
    Whereabouts.SUPPLY: gettext_lazy("Received"),
    Whereabouts.FOUND: gettext_lazy("Found at a count"),
    Whereabouts.STOCK: gettext_lazy("In stock"),
    Whereabouts.HAND: gettext_lazy("Drawn and not accounted for"),
    Whereabouts.GIVEN: pgettext_lazy("amount", "Given"),
    Whereabouts.LINE: gettext_lazy("Left in the line"),
    Whereabouts.WASTED: gettext_lazy("Wasted"),
    Whereabouts.RETURNED: gettext_lazy("Returned"),
    Whereabouts.AWAY: gettext_lazy("In another cabinet"),
    Whereabouts.LOST: gettext_lazy("Lost"),
}

FORMS: Mapping[Form, Promise] = {
    Form.VIAL: gettext_lazy("a vial or ampoule"),
    Form.DEVICE: gettext_lazy("a nasal device"),
}

REFUSALS: Mapping[str, Promise] = {
    "ledger.wrong-way": gettext_lazy("Nothing moves so in the ledger."),
    "ledger.not-there": gettext_lazy("There is not so much there."),
    "ledger.not-whole": gettext_lazy(
        "Whole vials and devices alone go in and out of a cabinet."
    ),
    "ledger.already-there": gettext_lazy("It is there already: “%(value)s”."),
    "ledger.already-corrected": gettext_lazy(
        "This line cannot be taken back: it was, or it is a correction or a count."
    ),
    "ledger.order-not-signed": gettext_lazy(
        "The order of this session is not signed as it stands. A doctor signs it first; then the drug is drawn."
    ),
    "ledger.transferred": gettext_lazy(
        "A transfer has a line in each cabinet. Transfer it back; one of the two is not taken back."
    ),
    "ledger.of-an-account": gettext_lazy(
        "This is one line of the account of a session. Account anew on the page of the session: all its lines are taken back at once."
    ),
    "ledger.settles-a-count": gettext_lazy(
        "This line settles a count. Count again, and the leader settles that."
    ),
    "ledger.no-reason": gettext_lazy(
        "What was drawn is not what was given, left in the line and wasted. Write why, or put the amounts right."
    ),
    "ledger.one-person": gettext_lazy(
        "Another person signs, too. Two accounts of one are one person."
    ),
    "ledger.not-of-the-unit": gettext_lazy(
        "Who signs, and what is taken, is of the unit whose cabinet it is."
    ),
    "ledger.no-such-movement": gettext_lazy("This is not booked here."),
    "ledger.stopped": gettext_lazy(
        "A count did not agree with the ledger (line %(value)s). Nothing is withdrawn or transferred until it is settled, or a doctor or the leader answers for it by name."
    ),
    "ledger.expired": gettext_lazy("It is expired: it is wasted, and given to nobody."),
    "ledger.charted-as-given": gettext_lazy(
        "The chart says that %(value)s mg were given: what was given is not put back. Account for it, or correct the chart first."
    ),
    "ledger.unknown-batch": gettext_lazy(
        "This did not come into this cabinet so (“%(value)s”). Read the package once more, or write why."
    ),
    "ledger.more-than-the-dose": gettext_lazy(
        "The ordered dose takes %(value)s. Write why more are drawn."
    ),
    "ledger.unlike-its-strength": gettext_lazy(
        "By the strength and the size on the package a piece holds %(value)s mg. Put right what is wrong."
    ),
    "ledger.not-told-apart": gettext_lazy(
        "One of you has a number in the register of health personnel, and the other has none: you may be one person. Have the number entered, or let another sign."
    ),
    "ledger.nothing-in-hand": gettext_lazy(
        "Nothing of it is drawn for this session, or all of it is accounted for."
    ),
    "ledger.not-this-count": gettext_lazy("This count agreed, or it is settled."),
    "ledger.counted-since": gettext_lazy(
        "It was counted again (line %(value)s). The difference is booked by the newest count alone."
    ),
    "ledger.booked-since": gettext_lazy(
        "What was missing is booked since. Count again, and settle this one by that count."
    ),
    "ledger.not-recounted": gettext_lazy(
        "No later count has agreed. Count again first, or book the difference."
    ),
}
