"""A criterion of going home in words: met, unmet, and what to ask."""

from dataclasses import dataclass
from decimal import Decimal

from lysglimt.knowledge.figures import Basis
from lysglimt.knowledge.text import Text
from lysglimt.knowledge.verdict import Finding, Known, Standing

STANDS = {True: Standing.MET, False: Standing.EXCLUDED, None: Standing.UNKNOWN}
"""Not true keeps the patient here; not known is asked."""


@dataclass(frozen=True, slots=True)
class DischargeWording:
    """One criterion in words: that it is met, what is the matter when it is not, what to ask."""

    met: Text
    unmet: Text
    question: Text

    def finding(self, criterion: str, met: Known, basis: Basis) -> Finding:
        return Finding(
            criterion,
            STANDS[met],
            self.unmet if met is False else self.met,
            basis,
            question=self.question if met is None else None,
        )


def of_points(name: Text, value: int | Decimal | None, *, wanted: Text) -> DischargeWording:
    """Points of a scale, beside those that let the patient go."""
    return DischargeWording(
        met=Text(f"{name.nb} {wanted.nb}", f"{name.en} {wanted.en}"),
        unmet=Text(
            f"{name.nb} er {value}, skal være {wanted.nb}",
            f"{name.en} is {value}, has to be {wanted.en}",
        ),
        question=Text(f"Mangler: {name.nb}", f"Missing: {name.en}"),
    )
