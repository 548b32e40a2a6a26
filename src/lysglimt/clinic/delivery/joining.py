"""How the refusals of a delivery are worded."""

from django.utils.translation import gettext_lazy

from lysglimt.clinic.design.wordings import WORDINGS


def join() -> None:
    WORDINGS.update(
        {
            "delivery.no-basis": gettext_lazy(
                "The unit has stated no legal basis that holds today. Nothing leaves without one."
            ),
            "delivery.not-registered": gettext_lazy(
                "The number that the register has given the unit is not stated."
            ),
            "delivery.changed": gettext_lazy(
                "The record has changed since this delivery was prepared. Prepare it anew, and read it."
            ),
            "delivery.signed": gettext_lazy("This delivery is signed already."),
            "delivery.number-taken": gettext_lazy(
                "Another unit of the house has this number in the register."
            ),
        }
    )
