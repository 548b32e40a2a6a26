"""Who is made up, who is accepted, and what they answer."""

import json
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lysglimt.knowledge.errors import Implausible
from lysglimt.knowledge.instruments.instrument import instrument
from lysglimt.knowledge.instruments.scoring import score
from lysglimt.science.course.symptoms import Treatment, pool, preset, waiting
from lysglimt.science.virtual import figures as virtual_figures
from lysglimt.science.virtual import register as made_in_blocks
from lysglimt.science.virtual.answers import FILLED_IN, filled, summing
from lysglimt.science.virtual.asked import Asked
from lysglimt.science.virtual.chance import stream
from lysglimt.science.virtual.figures import clinic_figures, reckoned
from lysglimt.science.virtual.illness import fallen_ill
from lysglimt.science.virtual.people import birthday, made_up
from lysglimt.science.virtual.register import block, unit_rows
from lysglimt.science.virtual.tables import Rows
from lysglimt.science.virtual.tally import column, counted, summary

from .lives import PEOPLE, asked, register


def as_text(rows: Rows) -> str:
    return json.dumps(rows, default=str)


def test_the_same_people_come_however_many_there_are_beside(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(made_in_blocks, "BLOCK", 60)
    few, many = block(asked(40), 1), block(asked(5_000), 1)
    assert (len(few.people), len(many.people)) == (40, 60)
    assert few.people == many.people[:40]
    ids = {one.id for one in few.people}
    for table, listed in few.rows.items():
        assert listed == [row for row in many.rows[table] if row[0] in ids], table


def test_the_same_seed_makes_the_same_and_another_makes_others() -> None:
    again, other = block(asked(40), 1).rows, block(asked(40, seed=2), 1).rows
    assert as_text(again) == as_text(block(asked(40), 1).rows)
    assert as_text(again) != as_text(other)


@given(seed=st.integers(0, 2**32 - 1), first=st.integers(1, 2_900_000))
@settings(max_examples=20, deadline=None)
def test_no_two_share_both_birth_date_and_serial(seed: int, first: int) -> None:
    wanted = asked(3_000_000, seed=seed)
    found = Counter(birthday(wanted, number) for number in range(first, first + 2_000))
    assert max(found.values()) == 1
    assert max(serial for _, serial in found) < 200


def test_everybody_is_of_age_when_referred() -> None:
    wanted = asked()
    people = [made_up(wanted, number, stream(1, number)) for number in range(1, 500)]
    assert min(person.age(wanted.start) for person in people) >= 18
    assert max(person.age(wanted.until) for person in people) <= 84
    women = sum(person.sex == "f" for person in people) / len(people)
    assert women == pytest.approx(0.61, abs=0.07)


@pytest.mark.parametrize(
    ("field", "value"), [("people", 0), ("units", 501), ("years", 21), ("seed", -1)]
)
def test_what_cannot_be_made_is_refused_with_what_can(field: str, value: int) -> None:
    with pytest.raises(Implausible, match=field):
        replace(asked(), **{field: value})  # type: ignore[arg-type]  # one named field


def test_a_clinic_open_for_longer_than_its_patients_live_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        "lysglimt.science.virtual.people.reckoned", lambda: {"oldest": 20.0, "youngest": 18.0}
    )
    with pytest.raises(Implausible, match="years"):
        birthday(asked(), 1)


def test_who_is_refused_is_refused_for_a_criterion_and_who_is_treated_is_not() -> None:
    rows = register()
    decisions = Counter(column(rows, "referrals", "decision"))
    assert {*decisions} == {"accepted", "refused", "withdrawn", "pending"}
    for row in rows["referrals"]:
        decision, reasons = row[5], row[6]
        assert bool(reasons) or decision != "refused"
        assert not reasons or decision != "pending"
    named = {one for row in rows["referrals"] for one in row[6]}  # type: ignore[attr-defined]  # a list of ids
    assert {"IN-3", "IN-5", "EX-01", "EX-03", "EX-04"} <= named
    courses, accepted = {*column(rows, "courses", "person")}, decisions["accepted"]
    assert len(courses) == accepted


def test_waiting_differs_between_units_and_nobody_begins_before_the_decision() -> None:
    rows = register()
    decided = {row[0]: row[4] for row in rows["referrals"]}
    for person, consented in zip(
        column(rows, "courses", "person"), column(rows, "courses", "consented_on"), strict=True
    ):
        on = decided[person]
        assert isinstance(on, date)
        assert isinstance(consented, date)
        assert on <= consented
    assert len({unit.slower for unit in asked().all_units}) == 6
    assert [row[1] for row in unit_rows(asked())].count("private") == 2


@given(total=st.integers(0, 60), seed=st.integers(0, 10_000))
@settings(max_examples=60, deadline=None)
def test_the_answers_make_the_total(total: int, seed: int) -> None:
    answers = summing("madrs", total, np.random.default_rng(seed))
    assert score(instrument("madrs"), answers).total == total


@pytest.mark.parametrize("name", sorted(FILLED_IN - {"madrs"}))
@given(level=st.floats(0, 60), seed=st.integers(0, 10_000))
@settings(max_examples=30, deadline=None)
def test_every_form_is_one_that_the_instrument_takes(
    name: str, level: float, seed: int
) -> None:
    found = filled(name, level, np.random.default_rng(seed))
    said = score(instrument(name), found.answers)
    total = None if said.total is None else float(said.total)
    assert total == (None if found.total is None else pytest.approx(found.total))


def test_the_other_scales_follow_the_depression() -> None:
    rows = register()
    totals = {}  # type: dict[tuple[object, object, object], float]
    for row in rows["ratings"]:
        if isinstance(row[5], (int, float)):
            totals[row[0], row[3], row[2]] = float(row[5])
    pairs = [
        (value, totals[person, on, "phq9"])
        for (person, on, name), value in totals.items()
        if name == "madrs" and (person, on, "phq9") in totals
    ]
    assert np.corrcoef(np.array(pairs).T)[0, 1] > 0.75


def test_something_is_missing_now_and_then() -> None:
    rows = register()
    share = len(rows["missed"]) / (len(rows["missed"]) + len(rows["ratings"]))
    assert 0.03 < share < 0.2
    forms = [row for row in rows["ratings"] if row[2] == "phq9"]
    lacking = [row for row in forms if row[5] is None]
    assert lacking
    assert all(None in row[6] for row in lacking)  # type: ignore[operator]  # a list of answers


def test_one_person_runs_as_the_model_of_symptoms_says() -> None:
    wanted = asked()
    f = wanted.course
    for number in range(1, 20):
        ill = fallen_ill(wanted, stream(1, number))
        ill.given = [(100 + day, 1.0) for day in (0, 3, 7, 10, 14, 17)]
        treatment = Treatment([day for day, _ in ill.given], 1.0, 0.16, 1.0)
        at = np.array([118.0, 121.0, 150.0])
        relief = pool(at, treatment, rise=f["on_fast"], fall=np.array([ill.relief.fall]))
        slow = pool(at, treatment, rise=f["on_slow"], fall=np.array([ill.lasting.fall]))
        moved = (ill.strength * (relief + f["care.clinic"] * f["w_slow"] * slow)) ** f["hill"]
        hoped = ill.hoped * waiting(f, treatment, at)[:, None]
        expected = ill.before * (1 - hoped) / (1 + moved)
        assert [ill.level(int(day)) for day in at] == pytest.approx(expected[:, 0].tolist())


def test_before_the_first_dose_nothing_has_moved() -> None:
    ill = fallen_ill(asked(), stream(1, 1))
    assert ill.level(100) == ill.before


def test_a_register_is_summed_up() -> None:
    found = summary(counted(register()))
    assert found["rows"]["people"] == PEOPLE  # type: ignore[index]  # a table of counts
    assert 0.4 < found["response"] < 0.8  # type: ignore[operator]  # a share
    empty_one = summary(Counter({"rows.sessions": 0}))
    assert (empty_one["response"], empty_one["dissociated"]) == (None, None)


def test_every_figure_says_where_it_is_from() -> None:
    stated = clinic_figures()
    seen = [
        number.source.key
        for group in stated.figures.values()
        for number in group.values()
        if not number.basis.awaits_approval
    ]
    assert seen == ["qect18", "synapse", "synapse"]


def test_no_figure_lies_there_unused() -> None:
    folder = Path(virtual_figures.__file__).parent
    code = " ".join(place.read_text(encoding="utf-8") for place in folder.glob("*.py"))
    unused = [name for name in reckoned() if f'"{name}"' not in code]
    assert unused == []


def test_a_preset_of_ones_own_is_taken() -> None:
    own = replace(preset("pooled"), id="own")
    assert Asked(1, 1, 1, 1, own).course["baseline"] == 31.0
