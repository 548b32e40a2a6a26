"""Whose signature counts: what a doctor answers for is signed by a doctor."""

from lysglimt.knowledge.errors import ClinicalError

from .models import Professional
from .policy import DOCTORS

SIGNED = frozenset(
    {
        *(
            "order.sign",
            "order.check",
            "session.override",
            "session.finish",
            "session.hand-over",
            "discharge.sign",
            "course.decide",
        ),
        *("consent.record", "consent.withdraw", "referral.decide", "referral.refuse"),
        *("registration.decide", "protocol.approve", "protocol.withdraw", "unit.statement"),
        *("conditions.state", "conditions.correct", "sign-ins.end", "device.unshare"),
        "device.share",
        *("holding.open", "ledger.book", "ledger.count", "ledger.correct", "ledger.withdraw"),
        *("ledger.settle", "ledger.not-given", "ledger.anew"),
        *("hold.set", "hold.lift", "safety-stop.decide"),
        *("discrepancy.override", "discrepancy.settle"),
        *("register.state", "register.sign"),
    }
)
"""Operations that count as a signature: whoever does them has lately said who they are."""


class NotADoctor(ClinicalError):
    """A doctor's signature is a doctor's."""

    code = "signature.not-a-doctor"


def refuse_all_but_doctors(by: Professional, *, field: str = "by") -> None:
    if by.role not in DOCTORS:
        raise NotADoctor("A doctor signs this.", field=field, value=by.role)
