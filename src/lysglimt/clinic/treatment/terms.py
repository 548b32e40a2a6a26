"""What phases, decisions, grounds and events of a course are called on a screen."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from lysglimt.knowledge.protocols.facts import DecisionKind, StopGround, TriggerKind
from lysglimt.knowledge.protocols.state import Matter, Phase

PHASES: Mapping[Phase, Promise] = {
    Phase.PLANNED: pgettext_lazy("phase of a course", "Planned"),
    Phase.INDUCTION: pgettext_lazy("phase of a course", "Induction"),
    Phase.EVALUATION: pgettext_lazy("phase of a course", "Evaluation"),
    Phase.MAINTENANCE: pgettext_lazy("phase of a course", "Maintenance"),
    Phase.FOLLOW_UP: pgettext_lazy("phase of a course", "Follow-up"),
    Phase.CLOSED: pgettext_lazy("phase of a course", "Closed"),
}

DECISIONS: Mapping[DecisionKind, Promise] = {
    DecisionKind.END_INDUCTION: gettext_lazy("End induction early and evaluate"),
    DecisionKind.RESTART: gettext_lazy("Begin induction anew"),
    DecisionKind.COUNT_ON: gettext_lazy("Count on after the break"),
    DecisionKind.EXTEND: gettext_lazy("Extend induction"),
    DecisionKind.MAINTENANCE: gettext_lazy("Go on to maintenance"),
    DecisionKind.CONTINUE: gettext_lazy("Continue as planned"),
    DecisionKind.LENGTHEN: gettext_lazy("Lengthen the interval"),
    DecisionKind.SHORTEN: gettext_lazy("Shorten the interval"),
    DecisionKind.STOP: gettext_lazy("Stop the treatment, follow up"),
    DecisionKind.CLOSE: gettext_lazy("Close the course"),
}

STOP_GROUNDS: Mapping[StopGround, Promise] = {
    StopGround.FUTILITY: gettext_lazy("No effect"),
    StopGround.HARM: gettext_lazy("Adverse effects or risk"),
    StopGround.CONSENT: gettext_lazy("The patient withdraws consent"),
    StopGround.PATIENT: gettext_lazy("The patient wishes to stop"),
    StopGround.REMISSION: gettext_lazy("Remission"),
    StopGround.OTHER: gettext_lazy("Another reason"),
}

TRIGGERS: Mapping[TriggerKind, Promise] = {
    TriggerKind.RED_THRESHOLD: gettext_lazy("Value past the stop limit without a cause found"),
    TriggerKind.PSYCHOSIS_OR_MANIA: gettext_lazy("New psychosis or mania"),
    TriggerKind.PREGNANCY: gettext_lazy("Pregnancy"),
    TriggerKind.MISUSE: gettext_lazy("Misuse of substances"),
    TriggerKind.LIVER: gettext_lazy("Liver values past the stop limit"),
    TriggerKind.CYSTITIS: gettext_lazy("Cystitis"),
    TriggerKind.CONSENT_WITHDRAWN: gettext_lazy("Consent withdrawn"),
}

MATTERS: Mapping[Matter, Promise] = {
    Matter.CONSENT: gettext_lazy("Consent"),
    Matter.REGISTRATION: gettext_lazy("Registration in register or study"),
    Matter.SESSION: gettext_lazy("Session"),
    Matter.RATING: gettext_lazy("Rating"),
    Matter.EVALUATION: gettext_lazy("Evaluation rating"),
    Matter.REVIEW: gettext_lazy("Review of maintenance"),
    Matter.FOLLOW_UP: gettext_lazy("Follow-up"),
}
