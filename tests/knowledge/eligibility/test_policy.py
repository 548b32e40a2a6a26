from datetime import date

from lysglimt.knowledge.eligibility.policy import policy
from lysglimt.knowledge.figures import Mark


def test_the_decision_is_of_august_2025_and_its_day_is_our_inference() -> None:
    assert policy().decided_on == date(2025, 8, 25)
    assert policy().decided_basis.mark is Mark.OWN
    assert policy().month_basis.mark is Mark.SEEN


def test_the_number_of_the_method_is_not_known() -> None:
    assert policy().method_id is None


def test_the_decision_is_reviewed_by_the_end_of_2028() -> None:
    assert not policy().review_is_due(date(2028, 12, 31))
    assert policy().review_is_due(date(2029, 1, 1))


def test_the_conditions_are_separate_records() -> None:
    assert {one.id for one in policy().condition} == {
        "register-or-study",
        "off-label-information",
        "reassessment",
        "psychotherapy",
        "specialist-care",
    }
