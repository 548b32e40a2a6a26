"""K1 to K18 reckoned beside what was reckoned by hand; who is reserved is in none of them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lysglimt.knowledge.errors import Inconsistent, Misstated, Unknown
from lysglimt.knowledge.figures import Mark
from lysglimt.register.findings import validate_all
from lysglimt.register.indicators.coverage import Coverage, coverage
from lysglimt.register.indicators.durability import Curve, Step, curve
from lysglimt.register.indicators.facts import GROUPS, age_band, facts
from lysglimt.register.indicators.indicator import (
    Counted,
    IndicatorKind,
    indicators,
    load,
)
from lysglimt.register.indicators.measured import (
    Frequency,
    Level,
    Measured,
    Middle,
    Share,
    definitions,
    measured,
    middle_of,
)
from lysglimt.register.proportions import Proportion

from .made import START, Made, Rows, register, registers

ALL = indicators()
TEN = register(
    Made("a", after=10),                                    # remission
    Made("b", after=17),                                    # exactly half: response
    Made("c", after=18),                                    # 47 %: not yet
    Made("d", after=None),                                  # never evaluated
    Made("e", before=None, after=9),                        # no baseline, in remission
    Made("f", unit=2, after=11, sex="m"),                   # response; remission only at 12 and 11
    Made("g", unit=2, after=30, failed=1, off_label=False),
    Made("h", unit=2, sessions=3, phase="closed", after=8), # ended at 3, evaluated after the last
    Made("i", unit=2, sessions=2, phase="induction", after=None),  # begun long ago, never evaluated
    Made("j", choice="reserved", after=5, serious=3, early=6),     # is nowhere
)  # fmt: skip


def one(name: str, rows: Rows, **asked: str) -> Measured:
    [found] = measured(ALL[name], facts(rows), **asked)
    return found


def share(name: str, rows: Rows, **asked: str) -> Share:
    found = one(name, rows, **asked).found
    assert isinstance(found, Share)
    return found


def test_the_rows_of_these_tests_are_rows_of_the_code_book() -> None:
    assert not list(validate_all(TEN))


def test_all_eighteen_are_there_each_named_in_both_languages() -> None:
    told = {name.rstrip("ab") for name in ALL} | {"K1"}
    assert told == {f"K{number}" for number in range(1, 19)}
    assert all(each.name.nb and each.name.en for each in ALL.values())


def test_a_target_is_ours_until_the_council_sets_it_and_a_reference_is_read() -> None:
    targets = [each.targets for each in ALL.values() if each.targets]
    assert len(targets) == 8
    assert {each.green.basis.mark for each in targets} == {Mark.OWN}
    references = [each for one in ALL.values() for each in one.references]
    assert [int(each.value) for each in references] == [58, 45, 43, 30]
    assert {each.basis.mark for each in references} == {Mark.SEEN}


def test_response_counts_what_is_missing_as_none_and_the_complete_beside_it() -> None:
    # Begun: a b c d e f g h i. Response: a b f h. No change can be told of d, e and i.
    assert share("K6", TEN) == Share(Proportion(4, 9), Proportion(4, 6), 3)


@pytest.mark.parametrize(
    ("days", "of"),
    [
        pytest.param(90, 1, id="still in induction, as it may be"),
        pytest.param(91, 2, id="nobody came to evaluate it"),
    ],
)
def test_who_stays_in_induction_is_not_left_out_for_ever(days: int, of: int) -> None:
    begun = START + timedelta(days=400 - days)
    rows = register(
        Made("a", after=10),
        Made("b", sessions=2, phase="induction", after=None, start=begun, followed=5),
    )
    for name in ("K5", "K6", "K7", "K15"):
        assert share(name, rows).proportion.of == of


@pytest.mark.parametrize(
    ("definition", "count"),
    [
        ("remission:madrs:le10", 3),           # a e h
        ("remission:madrs:biok", 2),           # e h
        ("remission:madrs:le12", 4),           # a e f h
        ("remission:madrs:bandelow2006", 4),   # f has eleven
        ("remission:madrs:riedel2010", 0),
        ("remission:phq9:lt5", 0),             # nobody was asked
    ],
)  # fmt: skip
def test_remission_is_told_under_each_definition(definition: str, count: int) -> None:
    found = share("K7", TEN, definition=definition)
    assert found.proportion == Proportion(count, 9)
    missing = 9 if "phq9" in definition else 2
    assert (found.complete.of, found.missing) == (9 - missing, missing)


def test_each_definition_of_the_core_is_offered() -> None:
    told = facts(TEN)
    assert definitions(ALL["K6"], told) == [
        "response:madrs",
        "response:phq9",
        "response:qids_sr16",
    ]
    assert "remission:madrs:le10" in definitions(ALL["K7"], told)
    assert definitions(ALL["K2"], told) == [""]
    assert one("K7", TEN).definition == "remission:madrs:le10"


@pytest.mark.parametrize(
    ("name", "count", "of", "missing"),
    [
        ("K2", 8, 9, 0),     # not g
        ("K3", 8, 9, 0),     # not g
        ("K4", 9, 9, 0),
        ("K5", 6, 9, 0),     # not d, not e, not i
        ("K14b", 9, 9, 0),
        ("K15", 9, 9, 0),
        ("K16", 47, 47, 0),
        ("K17", 9, 18, 0),   # month 3, not month 6; month 1 is not asked for
    ],
)  # fmt: skip
def test_process_and_quality_of_data(name: str, count: int, of: int, missing: int) -> None:
    found = share(name, TEN)
    assert (found.proportion, found.missing) == (Proportion(count, of), missing)


def test_less_suicidal_is_lower_by_two_or_gone_of_those_who_were() -> None:
    rows = register(
        Made("a", item=(5, 3)), Made("b", item=(3, 2)), Made("c", item=(2, 1)),
        Made("d", item=(1, 0)), Made("e", item=(4, 4), after=None), Made("f"),
    )  # fmt: skip
    # a by two; b by one and still there; c gone; d never was; e was not asked again; f never asked.
    assert share("K8", rows) == Share(Proportion(2, 4), Proportion(2, 3), 1)


def test_a_response_lasts_when_it_is_one_after_half_a_year() -> None:
    rows = register(
        Made("a", later=17), Made("b", later=18), Made("c"), Made("d", later=5, followed=150),
        Made("e", after=30, later=5),
    )  # fmt: skip
    # d was not followed so long, e had no response to keep.
    assert share("K9", rows) == Share(Proportion(1, 3), Proportion(1, 2), 1)


def test_relapse_is_counted_in_days_of_those_still_followed() -> None:
    rows = register(
        Made("a", relapsed=30), Made("b", relapsed=60, followed=40), Made("c", relapsed=90),
        Made("d"), Made("e", relapsed=200),
    )  # fmt: skip
    found = one("K10", rows).found
    assert isinstance(found, Curve)
    # b leaves after 21 days; 1 of 4 has it on day 30, 1 of 3 on day 90: half are left.
    assert [(each.day, each.at_risk) for each in found.steps] == [(30, 4), (90, 3)]
    assert found.had == Fraction(1, 2)


def test_rates_are_for_a_thousand_sessions_with_exact_bounds() -> None:
    rows = register(*(Made(f"{n}", serious=int(n < 3), early=int(n < 2)) for n in range(20)))
    found = one("K11", rows).found
    assert isinstance(found, Frequency)
    assert found.count == 3
    assert found.of == 120
    assert found.rate == 25
    assert found.bounds
    # Of 3 events 0.6187 and 8.7673 are the exact limits: Garwood's table.
    assert (round(found.bounds.low, 2), round(found.bounds.high, 2)) == (5.16, 73.06)
    early = one("K12a", rows).found
    assert isinstance(early, Frequency)
    assert early.rate == Fraction(2 * 1000, 120)


def test_events_of_bladder_and_liver_are_for_a_hundred_years() -> None:
    rows = register(Made("a", followed=731), Made("b", followed=730))
    person, course = {"person": "p-a"}, {"course": "c-a"}
    event = {**person, **course, "unit": 1, "kind": "adverse-event", "term": "cystitis"}
    days = {"onset_on": START, "known_on": START}
    rows["event"] += [
        {**event, **days, "event": str(grade), "grade": grade} for grade in (1, 2, 3)
    ]
    for value, after in ((90, 5), (91, 6), (500, -3)):
        taken = START + timedelta(days=after)
        rows["lab"].append({**person, "analyte": "alt", "value": value, "upper_limit": 30, "taken_on": taken})  # fmt: skip
    cystitis, liver = one("K13a", rows).found, one("K13b", rows).found
    assert isinstance(cystitis, Frequency)
    assert isinstance(liver, Frequency)
    # Grade 1 is not counted; three times the limit is not above it; what was before is not ours.
    assert (cystitis.count, liver.count) == (2, 1)
    assert round(float(cystitis.rate or 0)) == 50


def test_waiting_is_the_middle_one() -> None:
    rows = register(Made("a", waited=10), Made("b", waited=50), Made("c", waited=12))
    assert one("K14a", rows).found == Middle(12.0, 3, 0)
    assert share("K14b", rows).proportion == Proportion(2, 3)
    assert one("K14a", register()).found == Middle(None, 0, 0)


def test_what_is_not_recorded_is_told_apart_from_what_was_not_done() -> None:
    rows = register(Made("a", off_label=None), Made("b", failed=None), Made("c", therapy=()))
    assert share("K3", rows) == Share(Proportion(2, 3), Proportion(2, 2), 1)
    assert share("K2", rows) == Share(Proportion(2, 3), Proportion(2, 2), 1)
    assert share("K15", rows) == Share(Proportion(2, 3), Proportion(2, 2), 1)
    late = register(Made("a", worked_up=False))
    assert share("K4", late) == Share(Proportion(0, 1), Proportion(0, 1), 0)


def test_forms_and_escorts() -> None:
    rows = register(Made("a", form=True), Made("b", form=False, escorted=None), Made("c"))
    assert share("K18", rows).proportion == Proportion(1, 2)
    assert share("K16", rows) == Share(Proportion(12, 18), Proportion(12, 12), 6)


def test_a_rating_after_the_first_dose_is_no_baseline_nor_one_too_old() -> None:
    rows = register(Made("a", before=None), Made("b", before=None), Made("c", before=None))
    for name, timing, days in (
        ("a", "after_dose", 0),
        ("b", "baseline", -8),
        ("c", "before_dose", 0),
    ):
        rating = {
            "rating": f"x{name}",
            "person": f"p-{name}",
            "course": f"c-{name}",
            "instrument": "madrs",
        }
        rated = {"timing": timing, "rated_on": START + timedelta(days=days), "total": 30}
        rows["rating"].append({**rating, **rated})
    assert share("K5", rows).proportion == Proportion(1, 3)


def test_a_level_needs_a_target_and_enough_people() -> None:
    assert one("K2", TEN).few
    assert one("K2", TEN).level is None
    for failed, level in (
        (20, Level.HIGH),
        (19, Level.HIGH),
        (18, Level.MODERATE),
        (16, Level.LOW),
    ):
        rows = register(*(Made(f"{n}", failed=2 if n < failed else 1) for n in range(20)))
        assert one("K2", rows).level is level
        assert one("K6", rows).level is None


def test_groups_are_told_in_order_of_their_names_and_never_of_their_results() -> None:
    found = measured(ALL["K6"], facts(TEN), by=("unit", "sex"))
    assert [each.group for each in found] == [(1, "f"), (2, "f"), (2, "m")]
    also = measured(ALL["K6"], facts(TEN), by=("quarter", "age_band", "region"))
    assert [each.group for each in also] == [
        ("2026Q1", "45-59", "north"),
        ("2026Q1", "45-59", "south-east"),
    ]


def test_a_group_that_there_is_none_of_is_refused() -> None:
    with pytest.raises(Unknown, match="'ward' is unknown, there are unit, region"):
        measured(ALL["K6"], facts(TEN), by=("ward",))


@pytest.mark.parametrize(
    ("age", "band"), [(17, "<18"), (18, "18-29"), (29, "18-29"), (59, "45-59"), (60, "60+")]
)
def test_bands_of_age(age: int, band: str) -> None:
    assert age_band(age) == band


def test_the_last_choice_decides_who_is_reserved_and_a_day_may_be_text() -> None:
    rows = register(Made("a"), Made("b"))
    later = {"chosen_on": (START + timedelta(days=3)).isoformat()}
    rows["registration"] += [
        {"person": "p-a", "choice": "reserved", **later},
        {"person": "p-b", "choice": "reserved", "chosen_on": "2020-01-01"},
    ]
    assert share("K2", rows).proportion.of == 1


def shuffled(rows: Rows, seed: int) -> Rows:
    """Tables, rows and columns in another order."""
    chance = Random(seed)  # noqa: S311 - an order, no secret
    turned: Rows = {}
    for name in chance.sample(sorted(rows), len(rows)):
        mixed = chance.sample(rows[name], len(rows[name]))
        turned[name] = [dict(chance.sample(sorted(row.items()), len(row))) for row in mixed]
    return turned


def everything(rows: Rows, by: Sequence[str] = ()) -> Mapping[str, list[Measured]]:
    told = facts(rows)
    return {name: measured(each, told, by=by) for name, each in ALL.items()}


@given(registers(), st.integers(0, 9))
def test_the_order_of_the_rows_changes_nothing(made: Sequence[Made], seed: int) -> None:
    rows = register(*made)
    assert everything(shuffled(rows, seed)) == everything(rows)
    assert everything(shuffled(rows, seed), ["unit"]) == everything(rows, ["unit"])


@given(registers(), st.sampled_from(GROUPS))
def test_the_groups_add_up_to_the_whole(made: Sequence[Made], by: str) -> None:
    told = facts(register(*made))
    for each in ALL.values():
        [whole] = measured(each, told)
        parts = [one.found for one in measured(each, told, by=[by])]
        match whole.found:
            case Share() as found:
                shares = [one for one in parts if isinstance(one, Share)]
                assert sum(one.proportion.count for one in shares) == found.proportion.count
                assert sum(one.proportion.of for one in shares) == found.proportion.of
                assert sum(one.missing for one in shares) == found.missing
            case Frequency() as found:
                rates = [one for one in parts if isinstance(one, Frequency)]
                assert sum(one.count for one in rates) == found.count
                assert sum(one.of for one in rates) == found.of
            case Middle(n=n) | Curve(n=n):
                assert sum(one.n for one in parts if isinstance(one, (Middle, Curve))) == n


@given(registers())
def test_who_is_reserved_is_nowhere(made: Sequence[Made]) -> None:
    kept = [one for one in made if one.choice != "reserved"]
    gone = {
        f"{letter}-{one.name}" for one in made if one.choice == "reserved" for letter in "pcr"
    }
    told = facts(register(*made))
    assert told[Counted.COURSE] == facts(register(*kept))[Counted.COURSE] or not kept
    assert everything(register(*made)) == everything(register(*kept))
    assert not [
        row for rows in told.values() for row in rows if gone & set(map(str, row.values()))
    ]


@given(registers())
def test_missing_never_makes_a_unit_better(made: Sequence[Made]) -> None:
    for found in everything(register(*made)).values():
        for each in found:
            if isinstance(each.found, Share):
                whole, complete = each.found.proportion, each.found.complete
                assert whole.count == complete.count
                assert whole.of == complete.of + each.found.missing
                assert (whole.share or 0) <= (complete.share or 0)


def test_a_curve_by_hand() -> None:
    # Freireich's remission times of the 6-mercaptopurine arm, weeks: a well-known example.
    had = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    left = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    found = curve([*((one, True) for one in had), *((one, False) for one in left)], until=23)
    assert found.steps[0] == Step(6, 21, 3, Fraction(6, 7))
    assert [float(round(each.free, 4)) for each in found.steps] == [
        0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482,
    ]  # fmt: skip
    assert found.bounds
    assert (round(1 - found.bounds.high, 3), round(1 - found.bounds.low, 3)) == (0.188, 0.680)


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), max_size=30))
def test_who_leaves_on_the_day_of_an_event_could_still_have_had_it(
    followed: list[tuple[int, bool]],
) -> None:
    for step in curve(followed, until=7).steps:
        assert step.at_risk == sum(days >= step.day for days, _ in followed)
        assert step.events == followed.count((step.day, True)) > 0


@given(st.lists(st.integers(0, 400), min_size=1))
def test_the_middle_of_how_many_have_each_is_the_median(values: list[int]) -> None:
    counted: dict[int | Decimal, int] = {one: values.count(one) for one in values}
    found = middle_of(counted, of=len(values) + 3)
    assert found == Middle(float(median(values)), len(values), 3)


@pytest.mark.parametrize(
    ("pairs", "had"),
    [
        ([], None),
        ([(10, False)], None),
        ([(200, False)], Fraction(0)),
        ([(10, True)], Fraction(1)),
        ([(10, True), (20, False)], None),
        ([(10, True), (183, False)], Fraction(1, 2)),
    ],
)  # fmt: skip
def test_nobody_followed_so_long_is_no_answer(
    pairs: list[tuple[int, bool]], had: Fraction | None
) -> None:
    assert curve(pairs, until=183).had == had


def test_coverage_is_of_all_who_are_in_either_list() -> None:
    found = coverage(["a", "b", "c", "c"], ["b", "c", "d", "e"])
    assert found == Coverage(2, 1, 2)
    assert found.proportion == Proportion(3, 5)
    assert found.of_the_list == Proportion(2, 4)
    assert found.level is Level.LOW
    assert not found.faint


@pytest.mark.parametrize(
    ("here", "level", "faint"),
    [(90, Level.HIGH, False), (89, Level.MODERATE, False), (79, Level.LOW, False), (59, Level.LOW, True)],
)  # fmt: skip
def test_coverage_has_levels(here: int, level: Level, *, faint: bool) -> None:
    found = Coverage(here, 0, 100 - here)
    assert (found.level, found.faint) == (level, faint)


def test_of_nobody_there_is_no_coverage() -> None:
    assert (Coverage(0, 0, 0).level, Coverage(0, 0, 0).faint) == (None, True)


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"counts": ()}, "counts: belong to a proportion"),
        ({"exposure": "sessions"}, "event, exposure"),
        ({"kind": IndicatorKind.MEDIAN}, "counts: belong to a proportion"),
        ({"kind": IndicatorKind.RATE, "counts": (), "exposure": "x"}, "event, exposure"),
        ({"direction": "lower"}, "targets: green is better"),
    ],
)  # fmt: skip
def test_an_indicator_that_contradicts_itself_is_refused(
    changed: dict[str, Any], refusal: str
) -> None:
    with pytest.raises(Inconsistent, match=refusal):
        replace(ALL["K2"], **changed)


def test_a_condition_asks_one_thing_and_a_name_stands_once(tmp_path: Path) -> None:
    file = Path(__file__).parents[2] / "src/lysglimt/register/indicators/catalogue.toml"
    text = file.read_text(encoding="utf-8")
    wrong = tmp_path / "catalogue.toml"
    wrong.write_text(text.replace("at_least = 2 }", "at_least = 2, known = true }"), "utf-8")
    with pytest.raises(Misstated, match="one of has, at_least and known"):
        load(wrong)
    wrong.write_text(text.replace('id = "K3"', 'id = "K2"'), encoding="utf-8")
    with pytest.raises(Inconsistent, match="K2 stands twice"):
        load(wrong)


def test_every_variable_of_a_condition_is_a_fact() -> None:
    told = facts(register(Made("a", form=True)))
    for each in ALL.values():
        [fact, *_] = told[each.rows]
        asked = {one.variable for one in (*each.among, *each.counts)}
        assert (asked | {each.event, each.exposure}) - {""} <= fact.keys(), each.id


def test_a_course_without_a_start_or_a_table_is_counted_in_none() -> None:
    assert share("K2", {"course": [{"course": "c"}]}) == Share(
        Proportion(0, 0), Proportion(0, 0), 0
    )
    assert share("K6", {}).proportion == Proportion(0, 0)
    assert date.max > START
