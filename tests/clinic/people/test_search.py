"""One box: names in any order, a birth date as Norwegians write it, an identity number."""

from datetime import date
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lysglimt.clinic.people import names
from lysglimt.clinic.people.search import sought

TODAY = date(2026, 3, 2)
BORN = date(1979, 3, 14)
NAME = st.text("abcdefghijklmnopqrstuvwxyzæøåéüö", min_size=2, max_size=20)


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        pytest.param("14.03.1979", [BORN], id="with dots"),
        pytest.param("14.3.1979", [BORN], id="without the nought"),
        pytest.param("140379", [BORN], id="six digits: 2079 has not come"),
        pytest.param("14031979", [BORN], id="eight digits"),
        pytest.param("1979-03-14", [BORN], id="as in a file"),
        pytest.param("14/03/1979", [BORN], id="with slashes"),
        pytest.param("140320", [date(1920, 3, 14), date(2020, 3, 14)], id="either century"),
        pytest.param("290200", [date(2000, 2, 29)], id="1900 had no 29 February"),
        pytest.param("14.03.2079", [], id="nobody is born in the future"),
        pytest.param("321379", [], id="no such day"),
    ],
)
def test_a_birth_date_is_read_as_norwegians_write_it(typed: str, days: list[date]) -> None:
    assert list(sought(typed, on=TODAY).births) == days


def test_eleven_digits_are_a_number_with_or_without_a_space() -> None:
    assert sought("140379 12345", on=TODAY).identity_number == "14037912345"
    assert sought("14037912345", on=TODAY).terms == ()


def test_a_name_and_a_birth_date_may_stand_together() -> None:
    asked = sought("Ødegård, kari 140379", on=TODAY)
    assert (asked.terms, asked.births) == (("ødegård", "kari"), (BORN,))
    assert "kari" not in repr(asked)


@pytest.mark.parametrize(
    ("term", "name"),
    [
        pytest.param("øde", "Ødegård", id="by its start"),
        pytest.param("ODE", "Ødegård", id="on a keyboard without ø, in capitals"),
        pytest.param("oede", "Ødegård", id="spelled out"),
        pytest.param("ås", "Aas", id="Ås and Aas are one"),
        pytest.param("aas", "Ås", id="and the other way"),
        pytest.param("marie", "Anne-Marie", id="after the hyphen"),
        pytest.param("rene", "René", id="without the accent"),
        pytest.param("møl", "Möller", id="a neighbour's ö"),
    ],
)
def test_a_name_is_found_as_it_may_be_typed(term: str, name: str) -> None:
    assert names.begins(term, [name])
    assert names.plain(names.words(term)[0])[: names.LONGEST] in names.starts([name])


@given(st.lists(NAME, min_size=1, max_size=4), st.data())
@settings(max_examples=200)
def test_any_start_of_any_word_is_indexed(parts: list[str], data: st.DataObject) -> None:
    word = data.draw(st.sampled_from(parts))
    cut = data.draw(st.integers(2, len(word)))
    term = data.draw(st.sampled_from([word[:cut], word[:cut].upper(), word[:cut].title()]))
    indexed = names.starts([" ".join(parts)])
    assert names.plain(names.words(term)[0])[: names.LONGEST] in indexed


@given(st.lists(NAME, min_size=1, max_size=3))
def test_the_order_of_names_makes_no_difference(parts: list[str]) -> None:
    assert len({names.starts([" ".join(each)]) for each in permutations(parts)}) == 1


def test_the_same_birth_date_and_a_word_in_common_is_alike() -> None:
    assert names.similar(["Kari Anne", "Ødegård"], ["Kari", "Odegard"])
    assert not names.similar(["Kari", "Ødegård"], ["Anne", "Hansen"])
