"""The parser and the published schema of a screening sheet say the same."""

import json
from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lysglimt.knowledge.eligibility.candidate import Candidate, Diagnosis
from lysglimt.knowledge.eligibility.intake import Misfilled, candidate, sheet

from .candidates import EXAMPLES, WELL, stated
from .published import schema

PUBLISHED = json.loads(
    (files("lysglimt.knowledge.eligibility") / "screen.schema.json").read_text(encoding="utf-8")
)


@cache
def validator() -> Any:
    from jsonschema import (  # noqa: PLC0415 - slow, and every process of a run gathers every test
        Draft202012Validator,
        FormatChecker,
    )

    return Draft202012Validator(PUBLISHED, format_checker=FormatChecker())


def valid(document: Any) -> bool:
    """By the schema, as a program that knows no exact decimals reads the document."""
    return bool(validator().is_valid(json.loads(json.dumps(document, default=float))))


def accepted(document: Any) -> bool:
    try:
        sheet(document)
    except Misfilled:
        return False
    return True


def test_the_published_schema_is_drawn_from_what_the_parser_fills() -> None:
    assert schema() == PUBLISHED


def test_the_published_schema_is_a_schema() -> None:
    validator().check_schema(PUBLISHED)


@pytest.mark.parametrize("name", sorted(path.stem for path in EXAMPLES.glob("*.json")))
def test_the_examples_are_valid_by_schema_and_by_parser(name: str) -> None:
    document = stated(name)
    assert valid(document)
    assert accepted(document)


def paths(node: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield at
    if isinstance(node, (dict, list)):
        for key, part in node.items() if isinstance(node, dict) else enumerate(node):
            yield from paths(part, (*at, key))


FULL = stated("override")
FULL["candidate"]["history"]["stimulation"] = [{"kind": "ect", "sessions": 8}]
FULL["candidate"]["history"]["trials"][0] |= {
    "augments": "N06AX11",
    "serum_mmol_l": Decimal("0.7"),
}
FULL["candidate"]["diagnoses"][0] |= {"remission_since": "2020-01-01", "controlled": True}
PLACES = [path for path in paths(FULL) if path]


VALUES: list[Any] = [
    *(None, True, -1, 3, Decimal("2.5"), 10**6),
    *("", "x", "2026-02-30", "F32.2", [], {}, [None], ["x"]),
]
"""One of each shape that a field might be given by mistake."""


@pytest.mark.parametrize("path", PLACES, ids=lambda path: ".".join(map(str, path)))
def test_schema_and_parser_agree_on_every_field(path: tuple[Any, ...]) -> None:
    *parents, last = path
    for value in VALUES:
        document = deepcopy(FULL)
        place = document
        for key in parents:
            place = place[key]
        place[last] = value
        assert valid(document) is accepted(document), value


@pytest.mark.parametrize("path", [(), *PLACES], ids=str)
def test_a_field_nobody_knows_is_refused_by_both(path: tuple[Any, ...]) -> None:
    document = deepcopy(FULL)
    place: Any = document
    for key in path:
        place = place[key]
    if isinstance(place, dict):
        place["madsr"] = 1
        assert not valid(document)
        assert not accepted(document)
    else:
        assert accepted(document)


@given(number=st.decimals(0, 70, places=1), day=st.dates())
def test_schema_and_parser_agree_on_numbers_and_days(number: Decimal, day: date) -> None:
    document = deepcopy(FULL)
    document["candidate"]["ratings"]["madrs"] = number
    document["candidate"]["birth_date"] = day.isoformat()
    assert valid(document) is accepted(document)


def test_an_unknown_field_is_named_with_the_nearest() -> None:
    with pytest.raises(Misfilled, match="'madrs'") as refused:
        sheet({"candidate": {"ratings": {"madsr": 20}}})
    assert refused.value.facts["field"] == "candidate.ratings.madsr"
    assert refused.value.facts["nearest"] == "madrs"


@pytest.mark.parametrize(
    ("document", "field", "said"),
    [
        pytest.param(
            {"candidate": {"ratings": {"madrs": 61}}},
            "candidate.ratings.madrs",
            "0 to 60",
            id="above its range",
        ),
        pytest.param(
            {"candidate": {"ratings": {"madrs": "20"}}},
            "candidate.ratings.madrs",
            "a whole number",
            id="text for a number",
        ),
        pytest.param(
            {"candidate": {"measurements": {"bmi": 26.4}}},
            "candidate.measurements.bmi",
            "a number",
            id="a float is no exact number",
        ),
        pytest.param(
            {"candidate": {"measurements": {"bmi": Decimal("NaN")}}},
            "candidate.measurements.bmi",
            "a number",
            id="not a number",
        ),
        pytest.param(
            {"candidate": {"birth_date": "19810514"}},
            "candidate.birth_date",
            "a day",
            id="a day without hyphens",
        ),
        pytest.param(
            {"candidate": {"sex": "k"}}, "candidate.sex", "one of f, m", id="not a sex"
        ),
        pytest.param(
            {"candidate": {"bodily": {"pregnant": 0}}},
            "candidate.bodily.pregnant",
            "true, false or null",
            id="0 is not false",
        ),
        pytest.param(
            {"candidate": {"diagnoses": {}}}, "candidate.diagnoses", "a list", id="not a list"
        ),
        pytest.param(
            {"candidate": {"diagnoses": [{}]}},
            "candidate.diagnoses[1].code",
            "required",
            id="a diagnosis without its code",
        ),
        pytest.param([], "the sheet", "an object", id="not an object"),
        pytest.param(
            {"candidate": {"diagnoses": [{"code": "F3"}]}}, "code", "F32.2", id="not a code"
        ),
    ],
)
def test_what_is_refused_is_named_with_what_is_allowed(
    document: Any, field: str, said: str
) -> None:
    with pytest.raises(Misfilled, match=said) as refused:
        sheet(document)
    assert refused.value.facts["field"] == field


@pytest.mark.parametrize(
    "document",
    [
        pytest.param({"ratings": {"madrs": Decimal("1e999999999")}}, id="a page of digits"),
        pytest.param({"measurements": {"bmi": Decimal("1e-999999999")}}, id="a page of zeros"),
        pytest.param(
            {"medicines": [{"atc": "N06AB06", "name": "\ud800"}]}, id="half a character"
        ),
    ],
)
def test_what_nobody_writes_is_refused(document: Any) -> None:
    with pytest.raises(Misfilled):
        candidate(document)


def test_a_candidate_can_be_read_alone() -> None:
    assert candidate(stated("eligible")["candidate"]) == WELL
    assert candidate({}) == Candidate()


def test_unknown_is_not_the_same_as_none() -> None:
    assert candidate({"diagnoses": None}).diagnoses is None
    assert candidate({"diagnoses": []}).diagnoses == ()


def test_a_whole_number_may_be_written_with_a_point() -> None:
    read = candidate({"ratings": {"madrs": Decimal("20.0")}})
    assert read.ratings.madrs == 20


def test_an_override_is_read_with_its_signatures() -> None:
    [override, _] = sheet(stated("override")).overrides
    assert len(override.signatures) == 2


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        pytest.param(date(2008, 3, 2), date(2026, 3, 2), 18, id="birthday today"),
        pytest.param(date(2008, 3, 3), date(2026, 3, 2), 17, id="birthday tomorrow"),
        pytest.param(date(2008, 2, 29), date(2026, 2, 28), 17, id="leap day, 28 February"),
        pytest.param(date(2008, 2, 29), date(2026, 3, 1), 18, id="leap day, 1 March"),
        pytest.param(None, date(2026, 3, 2), None, id="not known"),
    ],
)
def test_age_is_in_whole_years(born: date | None, on: date, age: int | None) -> None:
    assert Candidate(birth_date=born).age(on) == age


def test_a_diagnosis_is_kept_as_the_classification_writes_it() -> None:
    assert Diagnosis("f322").code == "F32.2"
