"""What incidents tell the apps below: how their tasks and refusals are worded, and grades of cystitis."""

from django.utils.translation import gettext_lazy

from lysglimt.clinic.design.wordings import WORDINGS
from lysglimt.clinic.exposure.beside import ABOVE
from lysglimt.clinic.treatment.templatetags.treatment import RULES

from .graded import GRADED, TOLD
from .rules import WORDS


def join() -> None:
    ABOVE.extend((GRADED, TOLD))
    RULES.update(WORDS)
    WORDINGS["incident.duties-open"] = gettext_lazy(
        "A report waits: write whether it was sent, or why it is not to be."
    )
    WORDINGS["incident.entered-already"] = gettext_lazy(
        "%(value)s has entered it already. Look at the incidents of the patient."
    )
