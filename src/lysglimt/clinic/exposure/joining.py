"""What the record over months tells the app of the look: how its refusals are worded."""

from django.utils.translation import gettext_lazy

from lysglimt.clinic.design.wordings import WORDINGS


def join() -> None:
    WORDINGS.update(
        {
            "hold.changed": gettext_lazy(
                "What holds the treatment has changed since you opened the page. Read it again."
            ),
            "hold.rests-on-it": gettext_lazy(
                "The treatment is held by this. A doctor corrects or strikes it, or lifts the hold."
            ),
            "safety-stop.over": gettext_lazy("This course is stopped already."),
        }
    )
