"""A gate that was passed: what the record says afterwards closes the start."""

import pytest

from lysglimt.knowledge.monitoring.gate_conditions import gate_rules
from lysglimt.knowledge.monitoring.still_open import ALWAYS, UNLESS_SEEN, closing
from lysglimt.knowledge.text import Text
from lysglimt.knowledge.verdict import Finding, Standing

IN_PLACE = dict.fromkeys(ALWAYS | UNLESS_SEEN, True)
BASIS = gate_rules().conditions[0].basis
ILLNESS = Finding("EX-05", Standing.EXCLUDED, Text("Aneurisme", "Aneurysm"), BASIS)


def seen(finding: Finding) -> tuple[str, int, str]:
    return finding.criterion, int(finding.standing), finding.reason.nb


def test_what_is_asked_again_is_asked_at_the_gate() -> None:
    assert {one.id for one in gate_rules().conditions} >= ALWAYS | UNLESS_SEEN


def test_a_record_that_is_in_place_closes_nothing() -> None:
    assert closing(IN_PLACE) == ()
    assert closing({}) == ()


@pytest.mark.parametrize("condition", sorted(ALWAYS))
def test_what_must_be_put_right_closes_the_start_whatever_the_gate_saw(condition: str) -> None:
    [found] = closing(IN_PLACE | {condition: False})
    assert (found.criterion, found.standing) == (f"gate:{condition}", Standing.EXCLUDED)
    assert closing(IN_PLACE | {condition: False}, seen=[seen(found)]) == (found,)


def test_what_the_gate_saw_is_answered_for_there() -> None:
    [found] = closing(IN_PLACE | {"accepted": False})
    assert closing(IN_PLACE | {"accepted": False}, seen=[seen(found)]) == ()


def test_another_illness_than_the_gate_saw_closes_the_start() -> None:
    other = Finding("EX-05", Standing.EXCLUDED, Text("Hjerneslag", "Stroke"), BASIS)
    assert closing(IN_PLACE, [ILLNESS, other], seen=[seen(ILLNESS)]) == (other,)
