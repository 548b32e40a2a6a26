"""What the things of the chair are called on a screen."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from lysglimt.knowledge.dosing.delivery import PauseReason, PumpAct
from lysglimt.knowledge.dosing.weights import WeightBasis

from .models import ChairEventKind

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
    ChairEventKind.DRUG_GIVEN: gettext_lazy("Drug given"),
    ChairEventKind.OXYGEN: gettext_lazy("Oxygen given"),
    ChairEventKind.OTHER: pgettext_lazy("event at the chair", "Other"),
}

BY_ITSELF: Mapping[str, Promise] = {
    "start.put-back": gettext_lazy("The pump was stopped, so it had been started"),
    "danger.row-put-right": gettext_lazy("The row it was told in was put right"),
    "discharge.signed-anew": gettext_lazy(
        "Signed anew: something red was charted after the signature"
    ),
}
"""Reasons that nobody types."""

BASES: Mapping[WeightBasis, Promise] = {
    WeightBasis.ACTUAL: gettext_lazy("actual weight"),
    WeightBasis.IDEAL: gettext_lazy("ideal weight"),
    WeightBasis.ADJUSTED: gettext_lazy("adjusted weight"),
}
