"""The law's time to answer a referral is a figure that nobody has read yet."""

from lysglimt.knowledge.eligibility.deadlines import referral_deadlines
from lysglimt.knowledge.figures import Mark


def test_a_referral_is_assessed_within_ten_working_days() -> None:
    within = referral_deadlines().assess_within
    assert (within.value, within.unit) == (10, "working d")
    assert "§ 2-2" in referral_deadlines().law.nb


def test_the_figure_awaits_approval_until_the_law_is_read() -> None:
    within = referral_deadlines().assess_within
    assert (within.basis.mark, within.awaits_approval) == (Mark.MEMORY, True)
