"""A reason is words, for the one who reads it later."""

import pytest
from django.core.exceptions import ValidationError

from lysglimt.clinic.design.reasons import ReasonField


@pytest.mark.parametrize("reason", ["x", "ok", "..........", "1234567890", "a b c d e f"])
def test_a_letter_or_a_row_of_dots_is_no_reason(reason: str) -> None:
    with pytest.raises(ValidationError):
        ReasonField().clean(reason)


@pytest.mark.parametrize("reason", ["Kjent herfra", "Følget kommer kl. 13"])
def test_two_words_are_a_reason(reason: str) -> None:
    assert ReasonField().clean(reason) == reason


def test_where_none_is_needed_none_is_asked_for() -> None:
    assert ReasonField(required=False).clean("") == ""
