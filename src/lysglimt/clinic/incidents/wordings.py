"""What is said of incidents, as the screens say it."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

KINDS: Mapping[str, Promise] = {
    "adverse-event": gettext_lazy("Adverse event"),
    "near-miss": gettext_lazy("Near miss"),
    "dosing-error": gettext_lazy("Dosing error"),
    "diversion": gettext_lazy("Drug missing or diverted"),
    "device-fault": gettext_lazy("Fault of a device or pump"),
    "protocol-deviation": gettext_lazy("Deviation from the protocol"),
}
ANSWERS: Mapping[str, Promise] = {
    "yes": gettext_lazy("Yes"),
    "no": gettext_lazy("No"),
    "unknown": gettext_lazy("Not known"),
}
PROGRESS: Mapping[str, Promise] = {
    "ongoing": gettext_lazy("Goes on"),
    "ended": gettext_lazy("Is over"),
    "unknown": gettext_lazy("Not known"),
}
UNGRADED = gettext_lazy("Grade not known")
TRANSIENT = gettext_lazy("Expected rise that went by itself: counted by itself, no grade")
UNASSESSED = gettext_lazy("Not known, not assessed yet")
DONE: Mapping[str, Promise] = {
    "nothing": gettext_lazy("Nothing was done"),
    "reassurance": gettext_lazy("Reassurance"),
    "slowed": gettext_lazy("Rate lowered or infusion paused"),
    "stopped": gettext_lazy("Infusion or spray stopped"),
    "drug": gettext_lazy("A drug was given"),
    "doctor": gettext_lazy("A doctor saw the patient"),
    "admitted": gettext_lazy("Admitted, or kept longer"),
    "other": pgettext_lazy("what was done", "Other, told in words"),
    "unknown": gettext_lazy("Not known"),
}
OUTCOMES: Mapping[str, Promise] = {
    "recovered": gettext_lazy("Recovered"),
    "recovering": gettext_lazy("Getting better"),
    "not-recovered": gettext_lazy("Not recovered"),
    "sequelae": gettext_lazy("Recovered with lasting harm"),
    "died": gettext_lazy("Died"),
    "unknown": gettext_lazy("Not known"),
}
STATES: Mapping[str, Promise] = {
    "open": gettext_lazy("Not sent"),
    "sent": gettext_lazy("Sent"),
    "not_to_be_sent": gettext_lazy("Not to be sent"),
    "lapsed": gettext_lazy("No longer asked for"),
}
REACH: Mapping[str, Promise] = {
    "reached": gettext_lazy("Reached and asked"),
    "not_reached": gettext_lazy("Not reached, to be tried again"),
    "given_up": gettext_lazy("Not reached, not to be tried again"),
}
MEASURES: Mapping[str, Promise] = {
    "hours": gettext_lazy("hours"),
    "days": gettext_lazy("days"),
    "working-days": gettext_lazy("working days"),
}
LABELS: Mapping[str, Promise] = {
    "kind": gettext_lazy("What it is"),
    "term": gettext_lazy("Term"),
    "words": gettext_lazy("What happened"),
    "grade": gettext_lazy("Grade"),
    "happened_at": gettext_lazy("Began"),
    "course": gettext_lazy("Course of it"),
    "ended_at": gettext_lazy("Was over"),
    "known_at": gettext_lazy("Known to the unit"),
    "harmed": gettext_lazy("Was the patient harmed?"),
    "serious": gettext_lazy("Serious"),
    "criteria": gettext_lazy("Serious because"),
    "unnatural": gettext_lazy("May the death be unnatural?"),
    "in_study": gettext_lazy("Is the patient in a trial of a drug?"),
    "causality": gettext_lazy("Caused by the treatment"),
    "expected": gettext_lazy("To be expected of the treatment"),
    "nasal": gettext_lazy("Esketamine by nose"),
    "done": gettext_lazy("What was done"),
    "outcome": gettext_lazy("How it ended"),
}
"""Of every field of an incident, in the order in which a page tells them."""
