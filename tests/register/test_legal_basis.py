"""Whose rows may leave: what the patient has said decides, and what nobody asked is no consent."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lysglimt.knowledge.eligibility.candidate import Registration as Choice
from lysglimt.register.code_book import code_book
from lysglimt.register.legal_basis import Basis, LeftOut, Standpoint, left_out

standpoints = st.builds(
    Standpoint,
    choice=st.one_of(st.none(), st.sampled_from(Choice)),
    informed=st.booleans(),
    taken_back=st.booleans(),
)


def test_the_bases_are_those_of_the_code_book() -> None:
    assert list(code_book().lists["legal-basis"]) == [one.value for one in Basis]


@given(st.sampled_from(Basis), standpoints)
def test_who_is_reserved_is_in_nothing_on_whatever_basis(
    basis: Basis, said: Standpoint
) -> None:
    assert left_out(basis, replace(said, choice=Choice.RESERVED)) is LeftOut.RESERVED


@given(st.sampled_from([Basis.CONSENT, Basis.STUDY]), standpoints)
def test_without_a_choice_there_is_no_consent(basis: Basis, said: Standpoint) -> None:
    assert left_out(basis, replace(said, choice=None)) is LeftOut.NOT_CHOSEN


@given(st.sampled_from(Basis), standpoints)
def test_to_take_a_consent_back_lets_nobody_in(basis: Basis, said: Standpoint) -> None:
    if left_out(basis, replace(said, taken_back=True)) is None:
        assert left_out(basis, replace(said, taken_back=False)) is None


@pytest.mark.parametrize(
    ("basis", "said", "why"),
    [
        pytest.param("consent", Standpoint(Choice.REGISTER), None, id="chose the register"),
        pytest.param("consent", Standpoint(Choice.REGISTER_AND_STUDY), None, id="chose both"),
        pytest.param("consent", Standpoint(Choice.STUDY), "elsewhere", id="the study alone"),
        pytest.param("study", Standpoint(Choice.STUDY), None, id="chose the study"),
        pytest.param("study", Standpoint(Choice.REGISTER), "elsewhere", id="the register alone"),
        pytest.param(
            "consent", Standpoint(Choice.REGISTER, taken_back=True), "taken-back",
            id="the form was taken back after the choice",
        ),
        pytest.param(
            "opt-out", Standpoint(Choice.REGISTER, taken_back=True), None,
            id="consent to treatment is none to the register where none is needed",
        ),
        pytest.param("opt-out", Standpoint(informed=True), None, id="told, and not reserved"),
        pytest.param("opt-out", Standpoint(), "not-informed", id="never told"),
        pytest.param("opt-out", Standpoint(Choice.STUDY), "elsewhere", id="not the register"),
        pytest.param("local-register", Standpoint(informed=True), None, id="told, here too"),
        pytest.param("local-register", Standpoint(), "not-informed", id="never told, here too"),
    ],
)  # fmt: skip
def test_each_basis_asks_for_its_own(basis: str, said: Standpoint, why: str | None) -> None:
    assert left_out(Basis(basis), said) == (LeftOut(why) if why else None)
