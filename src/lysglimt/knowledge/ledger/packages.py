"""What stands on a package, and how many of them hold a dose."""

import re
from decimal import ROUND_CEILING, Decimal

from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.quantities import Milligrams

NUMBER = r"(\d+(?:[.,]\d+)?)"
BY_VOLUME = re.compile(rf"{NUMBER}\s*mg\s*/\s*ml\D*?{NUMBER}\s*ml", re.IGNORECASE)


class UnlikeItsStrength(ClinicalError):
    """The strength and the size on the package make another number of milligrams."""

    code = "ledger.unlike-its-strength"


def content_by(strength: str) -> Milligrams | None:
    """Of "10 mg/ml, 20 ml" it is 200 mg; None where it is written otherwise."""
    found = BY_VOLUME.search(strength)
    if found is None:
        return None
    of_one, size = (Decimal(one.replace(",", ".")) for one in found.groups())
    return Milligrams(of_one * size)


def refuse_unlike_strength(strength: str, piece: Milligrams) -> None:
    """Raises UnlikeItsStrength."""
    content = content_by(strength)
    if content is not None and content != piece:
        raise UnlikeItsStrength(
            f"{strength} is {content.value} mg, not {piece.value} mg",
            field="piece",
            value=content.value,
        )


def fewest(dose: Milligrams, piece: Milligrams) -> int:
    """Whole pieces that hold a dose."""
    return int((dose.value / piece.value).to_integral_value(ROUND_CEILING))
