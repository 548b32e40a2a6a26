"""What is seen over months, as the screens say it."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from lysglimt.knowledge.safety.over_months import CheckStanding

from .models import Said, Sign, Substance, ToldBy

STANDINGS: Mapping[CheckStanding, Promise] = {
    CheckStanding.OVERDUE: gettext_lazy("Overdue"),
    CheckStanding.DUE: pgettext_lazy("check", "Due"),
    CheckStanding.COMING: pgettext_lazy("check", "Coming"),
    CheckStanding.DONE: pgettext_lazy("check", "Done"),
    CheckStanding.NOT_DONE: pgettext_lazy("check", "Not done, with a reason"),
    CheckStanding.LATER: pgettext_lazy("check", "Belongs to another part of the course"),
    CheckStanding.AT_THE_CHAIR: pgettext_lazy("check", "Stands in the chart of each session"),
}
WITH_SESSION = gettext_lazy("To be asked with the session")
SIGNS: Mapping[Sign, Promise] = {
    Sign.NEGATIVE: pgettext_lazy("test", "Negative"),
    Sign.POSITIVE: pgettext_lazy("test", "Positive"),
}
SUBSTANCES: Mapping[Substance, Promise] = {
    Substance.KETAMINE: gettext_lazy("Ketamine"),
    Substance.ESKETAMINE: gettext_lazy("Esketamine"),
    Substance.UNKNOWN: gettext_lazy("Not known which"),
}
TOLD_BY: Mapping[ToldBy, Promise] = {
    ToldBy.PATIENT: gettext_lazy("The patient"),
    ToldBy.LETTER: gettext_lazy("A letter"),
    ToldBy.RECORD: gettext_lazy("Another record"),
}
ANSWERS: Mapping[Said, Promise] = {
    Said.YES: gettext_lazy("Yes"),
    Said.NO: gettext_lazy("No"),
    Said.UNKNOWN: gettext_lazy("Not known"),
}
