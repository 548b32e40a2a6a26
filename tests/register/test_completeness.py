"""Is what was delivered whole? Counted by variable and by month, of what should be there."""

from datetime import date

from hypothesis import given

from lysglimt.register.completeness import by_month, completeness
from lysglimt.register.proportions import Proportion
from tests.register.made import Made, register, registers

FEBRUARY, MARCH = date(2026, 2, 1), date(2026, 3, 1)


def of(tables: dict[str, list[dict[str, object]]], table: str, variable: str) -> Proportion:
    [one] = [
        one for one in completeness(tables) if (one.table, one.variable) == (table, variable)
    ]
    return one.filled


def test_what_is_expected_and_is_not_there_is_missing() -> None:
    tables = register(Made("a"), Made("b", escorted=None), Made("c", escorted=None))
    assert of(tables, "session", "escorted") == Proportion(6, 18)
    assert of(tables, "person", "birth_year") == Proportion(3, 3)


def test_what_is_asked_of_some_rows_alone_is_missing_in_none_of_the_others() -> None:
    open_course, closed = Made("a"), Made("b", phase="closed")
    assert of(register(open_course, closed), "course", "stopped_on") == Proportion(1, 1)


def test_what_no_fact_can_give_is_not_asked_for() -> None:
    book = {(one.table, one.variable) for one in completeness(register(Made("a", form=True)))}
    assert ("session", "ended_early") in book
    assert not book & {("experience", "answered_on"), ("person", "died_on")}


def test_an_empty_register_lacks_nothing() -> None:
    assert completeness({"course": []}) == ()
    assert by_month({"course": []}) == ()


def test_a_row_is_of_the_month_of_its_day_and_one_without_of_no_month() -> None:
    rows: dict[str, list[dict[str, object]]] = {
        "person": [{"person": "p", "birth_year": 1980, "sex": None}],
        "course": [{"course": "c", "planned_on": date(2026, 2, 27)}],
        "session": [{"course": "c", "session": 1, "given_on": date(2026, 3, 2)}],
        "decision": [{"course": "c", "kind": "stop"}],
    }
    months = {one.first: one for one in by_month(rows)}
    assert list(months) == [FEBRUARY, MARCH, None]
    assert {first: one.rows for first, one in months.items()} == {
        FEBRUARY: 2,
        MARCH: 1,
        None: 1,
    }
    assert months[None].filled == Proportion(2, 3)


@given(registers())
def test_the_months_add_up_to_the_variables(made: list[Made]) -> None:
    tables = register(*made)
    found, months = completeness(tables), by_month(tables)
    assert sum(one.filled.count for one in found) == sum(one.filled.count for one in months)
    assert sum(one.filled.of for one in found) == sum(one.filled.of for one in months)
    assert sum(one.missing for one in found) == sum(
        one.filled.of - one.filled.count for one in months
    )
