"""What the things of the chair are called on a screen."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from lysglimt.knowledge.dosing.delivery import PauseReason, PumpAct
from lysglimt.knowledge.dosing.devices import (
    AFTER_THE_END,
    COUNT,
    EXPIRED,
    INTERVAL,
    ONE_NOSTRIL,
    UNCHECKED,
)
from lysglimt.knowledge.dosing.weights import WeightBasis

from .models import ChairEventKind
from .models.monitor import SetAsideFor
from .stands import INTENT_SAID, REST_ANSWERED

ACTS: Mapping[PumpAct, Promise] = {
    PumpAct.START: gettext_lazy("Started"),
    PumpAct.RATE: gettext_lazy("Rate changed"),
    PumpAct.PAUSE: gettext_lazy("Paused"),
    PumpAct.RESUME: gettext_lazy("Resumed"),
    PumpAct.STOP: gettext_lazy("Stopped"),
}

PAUSES: Mapping[PauseReason, Promise] = {
    PauseReason.TOILET: gettext_lazy("toilet"),
    PauseReason.CANNULA: gettext_lazy("cannula"),
    PauseReason.LINE: gettext_lazy("line"),
    PauseReason.BLOOD_PRESSURE: gettext_lazy("blood pressure"),
    PauseReason.HEART_RATE: gettext_lazy("pulse"),
    PauseReason.OXYGEN: gettext_lazy("oxygen saturation"),
    PauseReason.BREATHING: gettext_lazy("breathing"),
    PauseReason.SEDATION: gettext_lazy("sedation"),
    PauseReason.DISSOCIATION: gettext_lazy("dissociation"),
    PauseReason.DISTRESS: gettext_lazy("distress"),
    PauseReason.NOT_SAID: gettext_lazy("reason not said yet"),
}

EVENTS: Mapping[ChairEventKind, Promise] = {
    ChairEventKind.NAUSEA: gettext_lazy("Nausea"),
    ChairEventKind.VOMITING: gettext_lazy("Vomiting"),
    ChairEventKind.ANXIETY: gettext_lazy("Anxious"),
    ChairEventKind.HEADACHE: gettext_lazy("Headache"),
    ChairEventKind.DIZZINESS: gettext_lazy("Dizziness"),
    ChairEventKind.DISSOCIATION: gettext_lazy("Dissociation"),
    ChairEventKind.REASSURANCE: gettext_lazy("Reassurance"),
    ChairEventKind.DOCTOR_CALLED: gettext_lazy("Doctor called"),
    ChairEventKind.DOCTOR_CAME: gettext_lazy("Doctor at the chair"),
    ChairEventKind.NEW_INTENT: gettext_lazy("New suicidal intent or plan"),
    ChairEventKind.CHECK_PENDING: gettext_lazy(
        "Checked by two without the network, the other person has not signed"
    ),
    ChairEventKind.CHECK_SIGNED: gettext_lazy("Checked by two, signed by the other person"),
    ChairEventKind.DRUG_GIVEN: gettext_lazy("Drug given"),
    ChairEventKind.OXYGEN: gettext_lazy("Oxygen given"),
    ChairEventKind.OTHER: pgettext_lazy("event at the chair", "Other"),
}

REASON_SAID = gettext_lazy("the reason is said")
BY_ITSELF: Mapping[str, Promise] = {
    "check.signed": gettext_lazy("The other person has signed the check"),
    "check.typed": gettext_lazy("Whoever typed the check says so"),
    "start.put-back": gettext_lazy("The pump was stopped, so it had been started"),
    "pause.reason-said": REASON_SAID,
    # As it was stored before, in the language of whoever said it.
    "the reason is said": REASON_SAID,
    "grunnen er oppgitt": REASON_SAID,
    "danger.row-put-right": gettext_lazy("The row it was told in was put right"),
    "discharge.signed-anew": gettext_lazy(
        "Signed anew: something red was charted after the signature"
    ),
    INTENT_SAID: gettext_lazy("New intent or plan was said, and stored before all else"),
    REST_ANSWERED: gettext_lazy("The rest of the checklist was answered"),
}
"""Reasons that nobody types."""

BASES: Mapping[WeightBasis, Promise] = {
    WeightBasis.ACTUAL: gettext_lazy("actual weight"),
    WeightBasis.IDEAL: gettext_lazy("ideal weight"),
    WeightBasis.ADJUSTED: gettext_lazy("adjusted weight"),
}

AGAINST_THE_PUMP: Mapping[str, Promise] = {
    "resume:symptoms": gettext_lazy("Resumed after red readings with symptoms"),
    "resume:green": gettext_lazy("Resumed without two green readings"),
    "resume:count": gettext_lazy("Resumed more often than the rules allow"),
    "resume:time": gettext_lazy("Resumed after the longest time was out"),
    "resume:rate": gettext_lazy("Resumed faster than the rules allow"),
    "delivery:rate": gettext_lazy("The pump set faster than prescribed"),
    "delivery:bolus": gettext_lazy("The pump set to give a bolus"),
}
"""What was done to a pump in spite of a rule, by the rule."""


NOT_LET_THROUGH = "start:closed"
AGAINST_A_DEVICE: Mapping[str, Promise] = {
    NOT_LET_THROUGH: gettext_lazy("the start check had not let it through"),
    INTERVAL: gettext_lazy("less than five minutes after the one before"),
    COUNT: gettext_lazy("one more than ordered"),
    EXPIRED: gettext_lazy("the device had expired"),
    AFTER_THE_END: gettext_lazy("it was charted that no more were given"),
    ONE_NOSTRIL: gettext_lazy("not in both nostrils"),
    UNCHECKED: gettext_lazy("it replaced a lost one, and two had not checked it"),
    "device:red": gettext_lazy("given in spite of a red reading"),
}
"""What spoke against a device that was given, by the rule."""


def rules_said(rules: str) -> str:
    """Of an act of the pump, or of a device, which rules spoke against it."""
    words = {**AGAINST_THE_PUMP, **AGAINST_A_DEVICE}
    return ". ".join(str(words.get(rule, rule)) for rule in rules.split())


CELL_NAMES = (
    gettext_lazy("BP mmHg"),
    gettext_lazy("Pulse /min"),
    gettext_lazy("SpO₂"),
    gettext_lazy("Resp. /min"),
    gettext_lazy("Sed."),
    gettext_lazy("Diss."),
    gettext_lazy("Distr."),
    gettext_lazy("Nausea"),
)
"""What a set is read as: the pressure, then as the table of the chart has its columns."""

SET_ASIDE: Mapping[str, Promise] = {
    SetAsideFor.MALFORMED: gettext_lazy("Cannot be read"),
    SetAsideFor.UNKNOWN_DEVICE: gettext_lazy("Unknown device"),
    SetAsideFor.NO_SESSION: gettext_lazy("No session at the chair"),
    SetAsideFor.CONTRADICTED: gettext_lazy("The same message with other content"),
    SetAsideFor.IMPLAUSIBLE: gettext_lazy("Outside what a patient can have"),
}
"""Why something that a monitor sent was not stored."""


OFF_LINE: Mapping[str, Promise] = {
    "amber": gettext_lazy("amber"),
    "amount": gettext_lazy("Drug and amount"),
    "at_clock": gettext_lazy("At (hh:mm)"),
    "back": gettext_lazy(
        "The network is back. What you have typed on this page is not saved yet: save it."
    ),
    "before": gettext_lazy("Before it was corrected:"),
    "called_at": gettext_lazy("A doctor was asked for at {at}, and nobody has answered it"),
    "cannot": gettext_lazy(
        "The server cannot store it now. It is kept on this tablet, and not stored yet."
    ),
    "clocks": gettext_lazy("{server} by the server's clock. This tablet shows {tablet}."),
    "check_needs": gettext_lazy("Write what was checked, and who the other person was."),
    "closed": gettext_lazy(
        "You may not chart in this session. It is kept on this tablet until somebody who may is signed in."
    ),
    "comment": gettext_lazy("Comment"),
    "correct": gettext_lazy("Correct"),
    "correcting": gettext_lazy("Correcting the observation of {at}"),
    "device_given": gettext_lazy("Device {n} given {at}"),
    "device_next": gettext_lazy("The next device at {at} at the earliest"),
    "devices_given": gettext_lazy("{n} of {of} devices given"),
    "draft_back": gettext_lazy(
        "What was half typed when the page was left stands here again. It is not saved yet."
    ),
    "draft_left": gettext_lazy(
        "Something is half typed in a form that is not here: it waits on the page of the session."
    ),
    "drug_needs": gettext_lazy("Write which drug and how much."),
    "due_in": gettext_lazy("Next observation in {n} min, at {at}"),
    "due_now": gettext_lazy("Observation due now, planned at {at}"),
    "empty": gettext_lazy("Nothing is measured, and no reason is given why."),
    "fetched": gettext_lazy(
        "As it was on the server at {at}. What others charted since is not here."
    ),
    "is_it": gettext_lazy("{code}: session {session}. Is this code on the patient's wrist?"),
    "is_right": gettext_lazy("It is right"),
    "kept": gettext_lazy("Kept on this tablet. Not sent yet."),
    "new_intent": gettext_lazy("New suicidal intent or plan"),
    "no_pump": gettext_lazy(
        "Not recorded: without the network the pump is not charted here. Write on paper what it does and when."
    ),
    "no_such_code": gettext_lazy(
        "No session on this tablet has this code. Read the wristband again."
    ),
    "no_device": gettext_lazy(
        "Not recorded: without the network no nasal device is charted here. Write on paper which, its lot and expiry, when, and in which nostrils. What you typed stays in the fields."
    ),
    "nobody_asked": gettext_lazy(
        "Not sent: there is no network and nobody is called. Telephone the doctor now."
    ),
    "nobody_called": gettext_lazy(
        "Kept on this tablet. Nobody is called by it: telephone the doctor now."
    ),
    "not_kept": gettext_lazy(
        "Not kept: this tablet takes nothing more. Write it on paper now."
    ),
    "not_stored": gettext_lazy("not stored"),
    "not_now": gettext_lazy(
        "Not recorded: there is no network. What you typed stays here. Try again when the network is back, or write it on paper."
    ),
    "other": gettext_lazy(
        "Not stored: under the same entry something else is on record. Compare the two."
    ),
    "other_needs": gettext_lazy("Write what happened."),
    "outside": gettext_lazy("{label}: {typed} is outside {lowest}–{highest}."),
    "overdue": gettext_lazy("Observation overdue by {n} min, planned at {at}"),
    "reason": gettext_lazy("Why?"),
    "red": gettext_lazy("red"),
    "refused": gettext_lazy("refused, not stored"),
    "refused_here": gettext_lazy("Refused, not stored. It stands below, with why."),
    "remove": gettext_lazy("Remove, tapped by mistake"),
    "removed": gettext_lazy("removed:"),
    "saving": gettext_lazy("Saving …"),
    "send_mine": gettext_lazy("Correct what is on record to what was typed here"),
    "shut": gettext_lazy(
        "An entry that can no longer be opened on this tablet. It is not stored."
    ),
    "stands": gettext_lazy("On record, by {by} at {at}"),
    "stands_since": gettext_lazy("{sign} since {at}, nobody has said that it is over"),
    "strike": gettext_lazy("Strike it out, it is not stored"),
    "swapped": gettext_lazy("Are systolic and diastolic swapped?"),
    "take_theirs": gettext_lazy("Leave what is on record, strike out what was typed here"),
    "telephone": gettext_lazy("Telephone the doctor: {whom}"),
    "typed_here": gettext_lazy("Typed here, not stored"),
    "unsent_many": gettext_lazy("{n} entries are not sent"),
    "unsent_one": gettext_lazy("1 entry is not sent"),
    "unusual": gettext_lazy("Unusual. Is it right?"),
    "waiting": gettext_lazy("kept on this tablet, not sent"),
    "what": gettext_lazy("What"),
}
"""What the scripts say; in braces what they fill in."""
JUDGING = frozenset({"amber", "due_in", "due_now", "overdue", "red"})
"""Said of a session whose unit has decision support, and of no other."""


def off_line_words(*, judged: bool = True) -> dict[str, object]:
    """In the reader's language, for a page that has no server to ask."""
    said = {
        name: str(words) for name, words in OFF_LINE.items() if judged or name not in JUDGING
    }
    return {**said, "kinds": {kind.value: str(words) for kind, words in EVENTS.items()}}
