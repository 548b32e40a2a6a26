"""What is said of a referral and of what was tried, as the screens say it."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

IMPROVEMENTS: Mapping[str, Promise] = {
    "0-25": gettext_lazy("Less than 25 %"),
    "25-49": gettext_lazy("25 to 49 %"),
    ">=50": gettext_lazy("Half or more"),
    "unknown": gettext_lazy("Not known"),
}
STIMULATIONS: Mapping[str, Promise] = {
    "ect": gettext_lazy("ECT"),
    "rtms": gettext_lazy("rTMS"),
}
STATUSES: Mapping[str, Promise] = {
    "current": pgettext_lazy("diagnosis", "Current"),
    "remission": pgettext_lazy("diagnosis", "In remission"),
    "history": pgettext_lazy("diagnosis", "Of the past"),
}
SENDERS: Mapping[str, Promise] = {
    "gp": gettext_lazy("General practitioner"),
    "psychiatrist": gettext_lazy("Psychiatrist"),
    "other_clinic": gettext_lazy("Another clinic"),
}
TIMES: Mapping[str, Promise] = {
    "morning": gettext_lazy("In the morning"),
    "midday": gettext_lazy("At midday"),
    "evening": gettext_lazy("In the evening"),
    "night": gettext_lazy("At bedtime"),
    "needed": gettext_lazy("As needed, at most a day"),
}
AT_TIMES: Mapping[str, Promise] = {
    "morning": pgettext_lazy("dose", "morning"),
    "midday": pgettext_lazy("dose", "midday"),
    "evening": pgettext_lazy("dose", "evening"),
    "night": pgettext_lazy("dose", "bedtime"),
    "needed": pgettext_lazy("dose", "as needed, at most a day"),
}
DOSE_UNITS: Mapping[str, str | Promise] = {
    "mg": "mg",
    "ug": "µg",
    "g": "g",
    "ml": "ml",
    "tablet": gettext_lazy("tablets"),
    "drop": gettext_lazy("drops"),
    "puff": gettext_lazy("puffs or sprays"),
    "unit": gettext_lazy("units"),
    "mmol": "mmol",
    "patch": gettext_lazy("patches"),
}
MEDICINE_SOURCES: Mapping[str, Promise] = {
    "patient": gettext_lazy("The patient"),
    "record": gettext_lazy("The record"),
    "prescriptions": gettext_lazy("The list of prescriptions"),
}
STATES: Mapping[str, Promise] = {
    "received": pgettext_lazy("referral", "Not decided"),
    "waiting": pgettext_lazy("referral", "Waiting"),
    "accepted": pgettext_lazy("referral", "Accepted"),
    "refused": pgettext_lazy("referral", "Refused"),
}
DECISIONS: Mapping[str, Promise] = {
    "accept": pgettext_lazy("decision", "Accepted"),
    "refuse": pgettext_lazy("decision", "Refused"),
    "wait": pgettext_lazy("decision", "Put on the waiting list"),
}
ANSWERS: Mapping[str, Promise] = {
    "yes": gettext_lazy("Yes"),
    "no": gettext_lazy("No"),
    "unknown": gettext_lazy("Not known"),
}
DIMENSIONS: Mapping[str, Promise] = {
    "duration": gettext_lazy("Duration of the episode"),
    "severity": gettext_lazy("Severity"),
    "failures": gettext_lazy("Failed antidepressants"),
    "augmentation": gettext_lazy("Augmentation"),
    "ect": gettext_lazy("ECT"),
}
BANDS: Mapping[str, Promise] = {
    "mild": pgettext_lazy("resistance", "mild"),
    "moderate": pgettext_lazy("resistance", "moderate"),
    "severe": pgettext_lazy("resistance", "severe"),
}
