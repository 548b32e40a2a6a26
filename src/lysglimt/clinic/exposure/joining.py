"""What the record over months tells the apps below: what holds, and how its refusals are worded."""

from django.utils.translation import gettext_lazy

from lysglimt.clinic.design.wordings import WORDINGS
from lysglimt.clinic.treatment.actions.closing import HOLDING

from .beside import holds_by


def join() -> None:
    HOLDING.append(holds_by)
    WORDINGS.update(
        {
            "hold.changed": gettext_lazy(
                "What holds the treatment has changed since you opened the page. Read it again."
            ),
            "hold.takes-two": gettext_lazy(
                "What is to be stopped goes on by two doctors. Another doctor signs, too."
            ),
            "hold.rests-on-it": gettext_lazy(
                "The treatment is held by this. A doctor corrects or strikes it, or lifts the hold."
            ),
            "check.by-result": gettext_lazy(
                "Enter this as a result of the laboratory or as a rating. By hand you write only why it is not done."
            ),
            "safety-stop.over": gettext_lazy("This course is stopped already."),
        }
    )
