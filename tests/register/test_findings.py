"""What is delivered is looked at row by row: nothing wrong passes, nothing odd stops the look."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lysglimt.knowledge.errors import Unknown
from lysglimt.register.code_book import Holds, Need, Variable, code_book
from lysglimt.register.findings import Fault, absent, validate, validate_all

BOOK = code_book()
PERSON = {"person": "a1", "birth_year": 1980, "sex": "f"}
EVENT: dict[str, object] = {
    "event": "e1",
    "unit": 1,
    "person": "a1",
    "kind": "adverse-event",
    "term": "nausea",
    "onset_on": "2026-03-02",
    "known_on": date(2026, 3, 2),
    "serious": "no",
}


def found(table: str, *rows: object) -> list[tuple[int, str, Fault]]:
    return [(one.row, one.variable, one.fault) for one in validate(table, rows)]


def test_rows_that_agree_have_no_findings() -> None:
    assert not found("person", PERSON, PERSON | {"person": "a2", "died_on": date(2026, 1, 1)})
    assert not found("event", EVENT, EVENT | {"event": "e2", "criteria": []})


@pytest.mark.parametrize(
    ("table", "row", "changed", "variable", "fault"),
    [
        ("person", PERSON, {"birth_year": None}, "birth_year", Fault.MISSING),
        ("person", PERSON, {"person": " "}, "person", Fault.MISSING),
        ("person", PERSON, {"birth_year": 1899}, "birth_year", Fault.RANGE),
        ("person", PERSON, {"birth_year": "1980"}, "birth_year", Fault.KIND),
        ("person", PERSON, {"birth_year": True}, "birth_year", Fault.KIND),
        ("person", PERSON, {"sex": "F"}, "sex", Fault.LIST),
        ("person", PERSON, {"name": "Kari"}, "name", Fault.UNKNOWN_VARIABLE),
        ("person", PERSON, {"died_on": "2026-02-30"}, "died_on", Fault.KIND),
        ("person", PERSON, {"died_on": "20260228"}, "died_on", Fault.KIND),
        ("person", PERSON, {"died_on": datetime(2026, 1, 1, tzinfo=UTC)}, "died_on", Fault.KIND),
        ("event", EVENT, {"term": None}, "term", Fault.MISSING),
        ("event", EVENT, {"criteria": "death"}, "criteria", Fault.KIND),
        ("event", EVENT, {"criteria": ["deth"]}, "criteria", Fault.LIST),
        ("event", EVENT, {"grade": 6}, "grade", Fault.RANGE),
        ("event", EVENT, {"transient": 1}, "transient", Fault.KIND),
    ],
)  # fmt: skip
def test_one_wrong_value_is_one_finding_where_it_stands(
    table: str, row: dict[str, object], changed: dict[str, object], variable: str, fault: Fault
) -> None:
    assert found(table, row | changed) == [(1, variable, fault)]


def test_what_is_needed_only_with_another_value_may_otherwise_be_empty() -> None:
    near_miss = EVENT | {"kind": "near-miss", "term": None, "person": None}
    assert not found("event", near_miss)


def test_a_finding_says_what_was_delivered_and_what_is_allowed_in_both_languages() -> None:
    [one] = validate("session", [SESSION | {"delivered_mg": Decimal("1000.5")}])
    assert (one.value, one.variable) == ("1000.5", "delivered_mg")
    assert one.allowed.en == "a number, 0..1000 mg"
    assert one.allowed.nb == "et tall, 0..1000 mg"
    [other] = validate("rating", [RATING | {"instrument": "madrsss"}])
    assert other.allowed.en.startswith("one of ")
    assert other.allowed.en.endswith(" ...")


SESSION = {
    "course": "c1",
    "session": 1,
    "given_on": "2026-03-02",
    "delivered_mg": 35.0,
    "ended_early": False,
}
RATING = {
    "rating": "r1",
    "person": "a1",
    "instrument": "madrs",
    "instrument_version": "1979",
    "timing": "baseline",
    "rated_on": "2026-03-01",
    "total": 34,
}


def test_a_row_that_comes_twice_is_found_with_the_row_it_repeats() -> None:
    [again] = validate("session", [SESSION, SESSION | {"session": 2}, SESSION])
    assert (again.row, again.variable, again.fault) == (3, "course, session", Fault.TWICE)
    assert again.allowed.en == "once; row 1 has it"
    assert again.value == "c1, 1"


def test_the_same_day_written_in_two_ways_is_the_same_key() -> None:
    held = {"course": "c1", "held_on": "2026-03-02"}
    assert found("therapy", held, held | {"held_on": date(2026, 3, 2)}) == [
        (2, "course, held_on", Fault.TWICE)
    ]


def test_a_key_that_no_row_has_is_found_where_its_table_was_delivered() -> None:
    course = {"course": "c1"}
    tables = {"person": [PERSON], "rating": [RATING, RATING | {"rating": "r2", "person": "b9"}]}
    assert [(one.row, one.variable, one.fault) for one in validate_all(tables)] == [
        (2, "person", Fault.DANGLING)
    ]
    assert not list(validate_all({"rating": [RATING | course]}))


def test_a_table_that_nobody_knows_is_refused_before_a_row_is_read() -> None:
    with pytest.raises(Unknown, match="'patients' is unknown, there are unit, person"):
        validate("patients", iter(()))


def whatever() -> st.SearchStrategy[Any]:
    scalars = st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=80),
        st.dates(), st.datetimes(), st.decimals(allow_nan=True), st.binary(max_size=3),
    )  # fmt: skip
    return st.one_of(scalars, st.lists(scalars, max_size=3), st.dictionaries(st.one_of(st.none(), st.integers(), st.text(max_size=9)), scalars, max_size=2))  # fmt: skip


@given(st.data())
def test_bad_data_never_stops_the_look(data: st.DataObject) -> None:
    table = data.draw(st.sampled_from(sorted(BOOK.tables)))
    names = st.sampled_from([*BOOK.tables[table].variables, "no-such"])
    row = st.one_of(whatever(), st.dictionaries(names, whatever(), max_size=8))
    rows = data.draw(st.lists(row, max_size=4))
    numbers = [one.row for one in validate_all({table: rows})]
    assert all(1 <= number <= len(rows) for number in numbers)


TEXT = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=20)


def fitting(variable: Variable) -> st.SearchStrategy[Any]:
    low = 0 if variable.lowest is None else variable.lowest
    high = 10_000 if variable.highest is None else variable.highest
    codes = sorted(BOOK.values(variable)) if variable.values else ["none"]
    fits: dict[Holds, st.SearchStrategy[Any]] = {
        Holds.CODE: st.sampled_from(codes),
        Holds.CODES: st.lists(st.sampled_from(codes), max_size=3),
        Holds.COUNT: st.integers(int(low), int(high)),
        Holds.AMOUNT: st.decimals(low, high, places=2),
        Holds.DAY: st.dates(),
        Holds.FLAG: st.booleans(),
    }
    return fits.get(variable.holds, TEXT)


def told_when(variable: Variable, row: Mapping[str, object]) -> bool:
    """Some are needed after one answer and not after another."""
    when = variable.when
    return when is None or row[when.variable] in when.has


@given(st.data())
def test_what_the_book_allows_passes_and_what_it_needs_is_missed(data: st.DataObject) -> None:
    table = data.draw(st.sampled_from(sorted(BOOK.tables)))
    variables = BOOK.tables[table].variables
    row = {name: data.draw(fitting(one), label=name) for name, one in variables.items()}
    assert not found(table, row)
    gone = data.draw(st.sampled_from(sorted(variables)))
    needed = variables[gone].need is Need.ALWAYS and told_when(variables[gone], row)
    missed = [one for one in found(table, row | {gone: None}) if one[1] == gone]
    assert missed == ([(1, gone, Fault.MISSING)] if needed else [])


@pytest.mark.parametrize(("value", "said"), [(None, True), ("", True), ([], False), (0, False), (False, False)])  # fmt: skip
def test_nothing_is_not_the_same_as_zero_no_or_none_of_them(value: object, said: bool) -> None:  # noqa: FBT001 - a case
    assert absent(value) is said


def test_a_long_value_is_shortened_and_a_strange_one_is_named() -> None:
    shown = [one.value for one in validate("person", [PERSON | {"sex": "x" * 100}, 10**5000])]
    assert shown == ["x" * 60 + "…", "int"]
