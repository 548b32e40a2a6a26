import pytest
from hypothesis import given
from hypothesis import strategies as st

from lysglimt.knowledge.eligibility.codes import Fit, fit, written
from lysglimt.knowledge.medicine import NotACode

CODES = st.from_regex(r"[A-Z][0-9]{2}(\.[0-9]{1,2})?", fullmatch=True)


@pytest.mark.parametrize(
    ("code", "stated", "expected"),
    [
        pytest.param("F20", "F20-F29", Fit.WITHIN, id="the first category of a span"),
        pytest.param("F29", "F20-F29", Fit.WITHIN, id="the last category of a span"),
        pytest.param("F25.1", "F20-F29", Fit.WITHIN, id="a subdivision of a category inside"),
        pytest.param("F30", "F20-F29", Fit.OUTSIDE, id="the category after the span"),
        pytest.param("F19.5", "F20-F29", Fit.OUTSIDE, id="the category before the span"),
        pytest.param("F32.3", "F32.3", Fit.WITHIN, id="the code itself"),
        pytest.param("F32.30", "F32.3", Fit.WITHIN, id="a subdivision of the code"),
        pytest.param("F32", "F32.3", Fit.PERHAPS, id="without its decimal it may be"),
        pytest.param("F3", "F32.3", Fit.PERHAPS, id="half a category may be"),
        pytest.param("F32.2", "F32.3", Fit.OUTSIDE, id="another decimal is another illness"),
        pytest.param("I20.0", "I20.1-I20.9", Fit.OUTSIDE, id="before a span of decimals"),
        pytest.param("I20.9", "I20.1-I20.9", Fit.WITHIN, id="the last decimal of a span"),
        pytest.param("I20", "I20.1-I20.9", Fit.PERHAPS, id="no decimal against a span"),
        pytest.param("F10.2", "F10.20-F10.23", Fit.PERHAPS, id="one decimal against two"),
        pytest.param("F10.24", "F10.20-F10.23", Fit.OUTSIDE, id="active use is not remission"),
        pytest.param("O00", "O00-O99", Fit.WITHIN, id="the chapter of pregnancy begins"),
        pytest.param("O99.8", "O00-O99", Fit.WITHIN, id="the chapter of pregnancy ends"),
        pytest.param("P00", "O00-O99", Fit.OUTSIDE, id="the chapter of the newborn"),
    ],
)
def test_a_code_falls_under_a_span_by_its_category(
    code: str, stated: str, expected: Fit
) -> None:
    assert fit(code, [stated]) is expected


def test_nothing_falls_under_no_codes() -> None:
    assert fit("F32.2", []) is Fit.OUTSIDE


@given(code=CODES)
def test_a_code_falls_under_itself_and_its_category(code: str) -> None:
    assert fit(code, [code]) is Fit.WITHIN
    assert fit(code, [code[:3]]) is Fit.WITHIN


@given(code=CODES, decimal=st.sampled_from("0123456789"))
def test_leaving_the_decimals_out_never_makes_a_match(code: str, decimal: str) -> None:
    exact = f"{code[:3]}.{decimal}"
    assert fit(code[:3], [exact]) is Fit.PERHAPS


@pytest.mark.parametrize(
    ("typed", "code"),
    [("f322", "F32.2"), ("F32.2", "F32.2"), ("f1020", "F10.20"), ("I21", "I21")],
)
def test_a_code_may_be_typed_without_its_point(typed: str, code: str) -> None:
    assert written(typed) == code


@pytest.mark.parametrize("typed", ["", "F3", "F32.", "32.2", "F32.234", "F32.2 ", "depresjon"])
def test_what_is_no_code_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(NotACode, match=r"F32\.2") as refused:
        written(typed)
    assert refused.value.facts["value"] == typed
