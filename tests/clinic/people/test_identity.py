from contextlib import suppress
from datetime import date
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.no import fodselsnummer

from lysglimt.clinic.people.identity import (
    Accepts,
    Fault,
    Kind,
    NoIdentityNumber,
    identity_number,
    made_up_numbers,
)

TODAY = date(2026, 3, 2)


def with_check_digits(nine: str) -> str:
    one = fodselsnummer.calc_check_digit1(nine)
    return nine + one + fodselsnummer.calc_check_digit2(nine + one)


REAL = "15108695088"  # the example of python-stdnum's documentation
TENOR = with_check_digits("149079004")
NHN = with_check_digits("147579001")
D_NUMBER = with_check_digits("549079000")
HELP = with_check_digits("144379003")


@pytest.mark.parametrize(
    ("number", "kind", "born"),
    [
        pytest.param(TENOR, Kind.BIRTH, date(1979, 10, 14), id="Tenor adds 80 to the month"),
        pytest.param(NHN, Kind.BIRTH, date(1979, 10, 14), id="Norsk helsenett adds 65"),
        pytest.param(D_NUMBER, Kind.D, date(1979, 10, 14), id="a D number adds 40 to the day"),
    ],
)
def test_made_up_numbers_are_known_by_their_month(number: str, kind: Kind, born: date) -> None:
    assert len(number) == 11
    known = identity_number(number, accepts=Accepts.SYNTHETIC, on=TODAY)
    assert (known.kind, known.birth_date, known.made_up) == (kind, born, True)


def test_a_real_number_is_read_as_typed() -> None:
    known = identity_number("151086 95088", accepts=Accepts.REAL, on=TODAY)
    assert (known.digits, known.sex, known.made_up) == (REAL, "f", False)
    assert known.birth_date == date(1986, 10, 15)
    assert REAL not in repr(known)


def test_a_hospital_s_help_number_adds_40_to_the_month() -> None:
    assert identity_number(HELP, accepts=Accepts.REAL, on=TODAY).kind is Kind.HELP


@pytest.mark.parametrize(
    ("typed", "accepts", "fault"),
    [
        pytest.param("1510869508", Accepts.REAL, Fault.LENGTH, id="a digit too few"),
        pytest.param("1510869508O", Accepts.REAL, Fault.DIGITS, id="the letter O"),
        pytest.param("15108695077", Accepts.REAL, Fault.CHECK, id="two digits swapped"),
        pytest.param(TENOR, Accepts.REAL, Fault.MADE_UP, id="a clinic takes nobody made up"),
        pytest.param(REAL, Accepts.SYNTHETIC, Fault.REAL, id="a demo takes nobody real"),
        pytest.param(HELP, Accepts.SYNTHETIC, Fault.REAL, id="month + 40 may be someone real"),
        pytest.param(
            with_check_digits("310279003"), Accepts.REAL, Fault.DATE, id="31 February"
        ),
        pytest.param(
            next(made_up_numbers(date(2031, 1, 2), sex="f")),
            Accepts.SYNTHETIC,
            Fault.UNBORN,
            id="not born yet",
        ),
    ],
)
def test_a_number_that_is_not_taken_says_why(
    typed: str, accepts: Accepts, fault: Fault
) -> None:
    with pytest.raises(NoIdentityNumber) as refusal:
        identity_number(typed, accepts=accepts, on=TODAY)
    assert refusal.value.fault is fault
    assert typed not in str(refusal.value)


@given(st.dates(date(1940, 1, 1), TODAY), st.sampled_from("fm"))
def test_a_made_up_number_says_what_it_was_made_for(born: date, sex: str) -> None:
    for number in islice(made_up_numbers(born, sex=sex), 5):
        known = identity_number(number, accepts=Accepts.SYNTHETIC, on=TODAY)
        assert (known.birth_date, known.sex) == (born, sex)
        with pytest.raises(NoIdentityNumber):
            identity_number(number, accepts=Accepts.REAL, on=TODAY)


@given(st.text(max_size=14))
def test_only_eleven_digits_are_ever_read(typed: str) -> None:
    with suppress(NoIdentityNumber):
        assert len(identity_number(typed, accepts=Accepts.REAL, on=TODAY).digits) == 11
