"""What the pages of insight call the states of a day and of a course."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from lysglimt.clinic.chairside.wordings import BY_ITSELF as AT_THE_CHAIR
from lysglimt.clinic.scheduling.models import AppointmentKind

from .day import Lacking, Progress
from .oddity import Reason

LACKING: Mapping[Lacking, Promise] = {
    Lacking.SECOND: gettext_lazy("a second doctor's signature on the decision to treat"),
    Lacking.CONSENT: gettext_lazy("consent"),
    Lacking.REGISTRATION: gettext_lazy("register or study"),
    Lacking.DOCTOR_NOW: gettext_lazy("a doctor now: an open task nobody has taken"),
    Lacking.NOT_TODAY: gettext_lazy(
        "a doctor's yes: answered today that nothing is given today"
    ),
    Lacking.SCREENER: gettext_lazy("C-SSRS since last contact, of today"),
    Lacking.RATING: gettext_lazy("questionnaire or rating"),
    Lacking.ORDER: gettext_lazy("the order, with the weight of today"),
    Lacking.SIGNATURE: gettext_lazy("signature on the order"),
    Lacking.PREPARATION: gettext_lazy("two-person check"),
    Lacking.GATE: gettext_lazy("start check (escort, fasting, pregnancy)"),
    Lacking.GATE_OPEN: gettext_lazy("an answer to what the start check found"),
}

PROGRESS: Mapping[Progress, Promise] = {
    Progress.EXPECTED: gettext_lazy("Expected"),
    Progress.ARRIVED: gettext_lazy("At the chair"),
    Progress.INFUSING: gettext_lazy("Infusion"),
    Progress.DEVICES: gettext_lazy("Nasal devices"),
    Progress.OBSERVED: gettext_lazy("Observation"),
    Progress.LEFT: pgettext_lazy("phase of the session", "Left"),
}

KINDS: Mapping[AppointmentKind, Promise] = {
    AppointmentKind.ASSESSMENT: gettext_lazy("Assessment"),
    AppointmentKind.SESSION: gettext_lazy("Session"),
    AppointmentKind.EVALUATION: gettext_lazy("Evaluation"),
    AppointmentKind.THERAPY: gettext_lazy("Therapy"),
    AppointmentKind.FOLLOW_UP: gettext_lazy("Follow-up"),
}

ODD: Mapping[Reason, Promise] = {
    Reason.NO_RELATION: gettext_lazy(
        "the unit had nothing to do with the patient: no referral, course, appointment or task"
    ),
    Reason.OTHER_UNIT: gettext_lazy("the patient was in the care of another unit"),
    Reason.SAME_NAME: gettext_lazy("same family name as the patient"),
    Reason.MANY: gettext_lazy("more than 25 records opened one by one within an hour"),
    Reason.AT_NIGHT: gettext_lazy("between 22 and 6, and the patient was not there"),
    Reason.EMERGENCY: gettext_lazy("emergency access"),
    Reason.REFUSED: gettext_lazy("refused three times or more"),
    Reason.OWN_TIE: gettext_lazy(
        "only a referral or booking by the reader joins the unit to the patient"
    ),
    Reason.LIFTED: gettext_lazy("lifted what the patient had closed"),
    Reason.NAMED_ONESELF: gettext_lazy(
        "became the contact of a patient who has closed a part of the record"
    ),
}

BY_ITSELF: Mapping[str, Promise] = {
    **AT_THE_CHAIR,
    "left": gettext_lazy("The patient left"),
    "decided": gettext_lazy("The reservation was decided on"),
    "decided anew": gettext_lazy("It was decided anew"),
    "refused": gettext_lazy("The referral was refused"),
    "contacted": gettext_lazy("The patient was contacted"),
    "pump.start": gettext_lazy("The pump was started"),
    "pump.rate": gettext_lazy("The rate of the pump was changed"),
    "pump.pause": gettext_lazy("The pump was paused"),
    "pump.resume": gettext_lazy("The pump was resumed"),
    "pump.stop": gettext_lazy("The pump was stopped"),
}
"""Reasons that nobody types: a revision that follows from something else that was done."""


def reason_said(reason: str) -> str:
    """As it was typed, or in words where the revision came by itself."""
    return str(BY_ITSELF.get(reason, reason))
