"""What stands on a package, against what is said of it."""

from decimal import Decimal

import pytest

from lysglimt.knowledge.ledger.packages import (
    UnlikeItsStrength,
    content_by,
    fewest,
    refuse_unlike_strength,
)
from lysglimt.knowledge.quantities import Milligrams


@pytest.mark.parametrize(
    ("strength", "content"),
    [
        ("10 mg/ml, 20 ml", 200),
        ("10mg/ml 20ml", 200),
        ("2,5 mg/ml, 2 ml", 5),
        ("0.5 MG/ML x 10 ML", 5),
        ("28 mg", None),
        ("25 mg/ml", None),
    ],
)
def test_the_strength_and_the_size_make_milligrams(strength: str, content: int | None) -> None:
    found = content_by(strength)
    assert (None if found is None else found.value) == content


def test_a_piece_ten_times_too_small_is_refused() -> None:
    refuse_unlike_strength("10 mg/ml, 20 ml", Milligrams(Decimal(200)))
    refuse_unlike_strength("28 mg", Milligrams(Decimal(28)))
    with pytest.raises(UnlikeItsStrength) as refused:
        refuse_unlike_strength("10 mg/ml, 20 ml", Milligrams(Decimal(20)))
    assert refused.value.facts["value"] == 200


@pytest.mark.parametrize(("dose", "pieces"), [("0.001", 1), (200, 1), (201, 2), (0, 0)])
def test_whole_pieces_hold_a_dose(dose: object, pieces: int) -> None:
    assert fewest(Milligrams(Decimal(str(dose))), Milligrams(Decimal(200))) == pieces
