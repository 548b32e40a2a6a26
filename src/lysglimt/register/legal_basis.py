"""On which legal basis a unit delivers, and whose rows may leave under it. [PV-1, PV-3, own-proposal]

What the patient has said decides before all else: who is reserved is nowhere. What nobody has
asked is no consent.
"""

from dataclasses import dataclass
from enum import StrEnum

from lysglimt.knowledge.eligibility.candidate import Registration


class Basis(StrEnum):
    """As the list ``legal-basis`` of the code book."""

    LOCAL_REGISTER = "local-register"
    CONSENT = "consent"
    OPT_OUT = "opt-out"
    STUDY = "study"


class LeftOut(StrEnum):
    """Why the rows of a person stay, in the order in which it is asked."""

    RESERVED = "reserved"
    TAKEN_BACK = "taken-back"
    NOT_CHOSEN = "not-chosen"
    ELSEWHERE = "elsewhere"
    NOT_INFORMED = "not-informed"


@dataclass(frozen=True, slots=True)
class Standpoint:
    """What a person has said. ``choice`` is the newest; None where nobody asked.

    ``informed`` is that they went through what the register is, in writing. ``taken_back`` is
    that the newest consent was withdrawn, and no choice was made after it.
    """

    choice: Registration | None = None
    informed: bool = False
    taken_back: bool = False


ASKED_FOR = {
    Basis.CONSENT: frozenset({Registration.REGISTER, Registration.REGISTER_AND_STUDY}),
    Basis.STUDY: frozenset({Registration.STUDY, Registration.REGISTER_AND_STUDY}),
}
"""The choices that are a consent. Under the other bases it is enough not to be reserved."""


def left_out(basis: Basis, said: Standpoint) -> LeftOut | None:
    """None where the rows may leave."""
    if said.choice is Registration.RESERVED:
        return LeftOut.RESERVED
    if basis in ASKED_FOR:
        return _without_consent(basis, said)
    if said.choice is Registration.STUDY:
        return LeftOut.ELSEWHERE
    told = said.informed or said.choice is not None
    return None if told else LeftOut.NOT_INFORMED


def _without_consent(basis: Basis, said: Standpoint) -> LeftOut | None:
    """Consent to treatment that is taken back takes the other along until it is given anew."""
    if said.choice is None:
        return LeftOut.NOT_CHOSEN
    if said.taken_back:
        return LeftOut.TAKEN_BACK
    return None if said.choice in ASKED_FOR[basis] else LeftOut.ELSEWHERE
