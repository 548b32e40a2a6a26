"""The sentences for what is refused of the rota, the safety plan and the times for an answer."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

IN_TOUCH: dict[str, Promise] = {
    "rota.person-of-another-unit": gettext_lazy(
        "The rota of a unit names people of the same unit."
    ),
    "rota.no-day": gettext_lazy(
        "Choose at least one weekday, and a last day that is not before the first."
    ),
    "safety-plan.empty": gettext_lazy("Fill in at least one part of the plan."),
    "safety-plan.changed": gettext_lazy(
        "%(value)s has changed the plan since you opened it. Open it again, and write your change there."
    ),
    "safety.deadline-out-of-range": gettext_lazy(
        "So long a time is not accepted: a task would be forgotten."
    ),
}
