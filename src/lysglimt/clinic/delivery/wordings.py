"""What a delivery says on a screen."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from lysglimt.register.findings import Fault
from lysglimt.register.legal_basis import LeftOut

LEFT_OUT: Mapping[str, Promise] = {
    LeftOut.RESERVED: gettext_lazy("Reserved"),
    LeftOut.TAKEN_BACK: gettext_lazy("Consent taken back, and not chosen anew since"),
    LeftOut.NOT_CHOSEN: gettext_lazy("No choice recorded"),
    LeftOut.ELSEWHERE: gettext_lazy("Chose otherwise: register or study alone"),
    LeftOut.NOT_INFORMED: gettext_lazy("Not recorded as informed of the register"),
}
FAULTS: Mapping[str, Promise] = {
    Fault.NOT_A_ROW: gettext_lazy("is no row"),
    Fault.UNKNOWN_VARIABLE: gettext_lazy("is not in the code book"),
    Fault.MISSING: gettext_lazy("is missing"),
    Fault.KIND: gettext_lazy("is of another kind"),
    Fault.LIST: gettext_lazy("is no value of its list"),
    Fault.RANGE: gettext_lazy("is outside its range"),
    Fault.TWICE: gettext_lazy("is there twice"),
    Fault.DANGLING: gettext_lazy("belongs to a row that is not there"),
}
