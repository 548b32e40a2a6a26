"""At the end of a session: is what was drawn what was given, left in the line and wasted?"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from lysglimt.knowledge.dosing.delivery import Account
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.quantities import Milligrams

from .balance import NOTHING, Posting
from .movements import FOUND, GIVEN, HAND, LINE, LOST, WASTED, Movement


class NoReasonForDifference(ClinicalError):
    """More is missing or left over than the tolerance, and nobody has said why."""

    code = "ledger.no-reason"


@dataclass(frozen=True, slots=True)
class Settlement:
    """What became of what is in hand, in milligrams. ``drawn`` is what was taken and not put back."""

    drawn: Milligrams
    given: Milligrams
    residue: Milligrams = NOTHING
    wasted: Milligrams = NOTHING

    def __post_init__(self) -> None:
        for name in ("given", "residue", "wasted"):
            amount: Milligrams = getattr(self, name)
            if amount < NOTHING:
                raise NoReasonForDifference(
                    f"{name}: {amount.value} mg", field=name, value=amount.value
                )

    @property
    def account(self) -> Account:
        return Account(self.drawn, self.given, self.residue, self.wasted)

    @property
    def missing(self) -> Milligrams:
        """Below nothing when more is told of than was drawn."""
        return self.account.unaccounted

    def postings(self, session: object, *, reason: str = "") -> Iterator[Posting]:
        """So that nothing is left in hand. Raises NoReasonForDifference."""
        if not self.account.balances and not reason.strip():
            raise NoReasonForDifference(
                f"{self.missing.value} mg of {self.drawn.value} mg are not accounted for",
                field="reason",
                value=self.missing.value,
            )
        over = -self.missing.value
        if over > 0:
            yield Posting(Movement.DIFFERENCE, (FOUND, HAND), Milligrams(over), session=session)
        told = (
            (Movement.ADMINISTRATION, GIVEN, self.given.value),
            (Movement.RESIDUE, LINE, self.residue.value),
            (Movement.WASTE, WASTED, self.wasted.value),
            (Movement.DIFFERENCE, LOST, max(self.missing.value, Decimal(0))),
        )
        for movement, target, amount in told:
            if amount:
                yield Posting(movement, (HAND, target), Milligrams(amount), session=session)
