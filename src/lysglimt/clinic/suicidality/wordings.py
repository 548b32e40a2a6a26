"""What is said of asking, of a safety plan and of the rota, as the screens say it."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from lysglimt.knowledge.safety.asking import AskingEnd
from lysglimt.knowledge.safety.rota import WatchKind
from lysglimt.knowledge.safety.suicidality import Promptness

from .models import NoteKind

ENDS: Mapping[AskingEnd, Promise] = {
    AskingEnd.FOLLOWED: gettext_lazy("Asked to the end of the schedule after the last dose"),
    AskingEnd.SAID: gettext_lazy("A clinician has written why nobody asks any more"),
    AskingEnd.NO_CONTACT: gettext_lazy("The refusal says why nobody is in touch"),
    AskingEnd.PASSED: gettext_lazy(
        "Half a year has passed since the last dose or since the patient left; nobody is reminded any more"
    ),
}
NOTES: Mapping[NoteKind, Promise] = {
    NoteKind.NOT_REACHED: gettext_lazy("Tried, and did not reach the patient"),
    NoteKind.ENDED: gettext_lazy("Nobody asks any more"),
}
WATCHES: Mapping[WatchKind, Promise] = {
    WatchKind.DAY: pgettext_lazy("watch", "Day"),
    WatchKind.EVENING: pgettext_lazy("watch", "Evening"),
    WatchKind.NIGHT: pgettext_lazy("watch", "Night"),
    WatchKind.WEEKEND: pgettext_lazy("watch", "Weekend"),
}
WEEKDAYS: tuple[Promise, ...] = (
    gettext_lazy("Monday"),
    gettext_lazy("Tuesday"),
    gettext_lazy("Wednesday"),
    gettext_lazy("Thursday"),
    gettext_lazy("Friday"),
    gettext_lazy("Saturday"),
    gettext_lazy("Sunday"),
)
ACTS: Mapping[Promptness, Promise] = {
    Promptness.DOCTOR_NOW: gettext_lazy("Doctor now"),
    Promptness.SAME_DAY: gettext_lazy("A doctor the same day"),
    Promptness.NEXT_CONTACT: gettext_lazy("At the next contact"),
}
PLAN_PARTS: Mapping[str, tuple[Any, Any]] = {
    "signs": (
        gettext_lazy("How I notice that it is getting worse"),
        gettext_lazy("Thoughts, moods, situations, what others see."),
    ),
    "alone": (
        gettext_lazy("What I can do by myself"),
        gettext_lazy("What has helped before, without anybody else."),
    ),
    "company": (
        gettext_lazy("People and places that give me something else to think of"),
        gettext_lazy("Without having to tell how I feel."),
    ),
    "helpers": (
        gettext_lazy("People I can tell, and ask for help"),
        gettext_lazy("Names and telephone numbers that the patient gives."),
    ),
    "services": (
        gettext_lazy("Professionals and services I can call"),
        gettext_lazy("Beside what the unit tells every patient."),
    ),
    "surroundings": (
        gettext_lazy("How we make it safer around me"),
        gettext_lazy("What is locked away or handed over, who does it, and when."),
    ),
}
"""The label of each part, and what belongs there."""
