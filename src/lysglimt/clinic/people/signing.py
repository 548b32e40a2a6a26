"""Whose signature counts: what a doctor answers for is signed by a doctor."""

from lysglimt.knowledge.errors import ClinicalError

from .models import Professional
from .policy import DOCTORS


class NotADoctor(ClinicalError):
    """A doctor's signature is a doctor's."""

    code = "signature.not-a-doctor"


def refuse_all_but_doctors(by: Professional, *, field: str = "by") -> None:
    if by.role not in DOCTORS:
        raise NotADoctor("A doctor signs this.", field=field, value=by.role)
