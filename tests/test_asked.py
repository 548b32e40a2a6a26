"""Of tests that ask the same of the database one is run on the second; no statement goes missing."""

from hypothesis import given
from hypothesis import strategies as st

from tests.asked import NOTED, form, note, spared

SENT = st.dictionaries(
    st.text(max_size=3), st.frozensets(st.integers(0, 9).map(str)), max_size=12
)


@given(sent=SENT)
def test_without_those_that_are_left_out_every_statement_is_still_sent(
    sent: dict[str, frozenset[str]],
) -> None:
    without = spared(sent)
    left = {test: said for test, said in sent.items() if test not in without}
    assert set().union(*left.values()) == set().union(*sent.values())


def test_of_two_tests_that_ask_the_same_one_is_left_out() -> None:
    sent = {
        "a": {"SELECT 1"},
        "b": {"SELECT 1"},
        "c": {"SELECT 1", "SELECT 2"},
        "d": {"SELECT 3"},
    }
    assert spared(sent) == {"a", "b"}


def test_how_many_values_a_list_has_is_no_other_question() -> None:
    assert form("a IN (%s, %s, %s) AND b = %s") == form("a IN (%s) AND b = %s")
    assert form("VALUES (%s, %s), (%s, %s)") == form("VALUES (%s, %s)")
    assert form("a IN (%s)") != form("b IN (%s)")


def test_where_a_savepoint_lies_is_nothing_that_is_asked() -> None:
    try:
        note("here", ["SAVEPOINT s1", "ROLLBACK TO SAVEPOINT s1", "SELECT %s"])
        assert NOTED["here"] == {"SELECT %s"}
    finally:
        del NOTED["here"]
