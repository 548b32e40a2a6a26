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
    ChairEventKind.NEW_INTENT: gettext_lazy("New suicidal intent or plan"),
    ChairEventKind.DRUG_GIVEN: gettext_lazy("Drug given"),
    ChairEventKind.OXYGEN: gettext_lazy("Oxygen given"),
    ChairEventKind.OTHER: pgettext_lazy("event at the chair", "Other"),
}

REASON_SAID = gettext_lazy("the reason is said")
BY_ITSELF: Mapping[str, Promise] = {
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
    "device:red": gettext_lazy("given on a red reading"),
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
