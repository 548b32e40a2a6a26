"""The model of symptoms: what it says of groups, beside what trials found and another program made."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lysglimt.knowledge.catalogue import parse
from lysglimt.knowledge.errors import Misstated, Unknown
from lysglimt.knowledge.figures import Mark
from lysglimt.science.course.symptoms import (
    LABEL,
    Preset,
    Scores,
    Treatment,
    pool,
    preset,
    presets,
    scores,
    waiting,
)
from lysglimt.science.course.targets import (
    FITTED,
    Compared,
    Measure,
    Targets,
    compared,
    fit,
    published,
)

KNOWN: Any = json.loads(
    (Path(__file__).parents[2] / "reference" / "symptoms.json").read_text("utf-8")
)
POOLED = preset("pooled").reckoned
TWICE_WEEKLY = (0, 3, 7, 10, 14, 17)
CLINIC = Treatment(TWICE_WEEKLY, 1.0, 0.16, 1.0)


def beside(name: str, people: int = 20_000) -> Mapping[str, Compared]:
    rows = compared(preset(name).reckoned, published(), people=people, seed=1)
    return {row.target.id: row for row in rows}


@pytest.fixture(scope="module")
def pooled() -> Mapping[str, Compared]:
    return beside("pooled")


@pytest.fixture(scope="module")
def sceptical() -> Mapping[str, Compared]:
    return beside("sceptical")


def rated(treatment: Treatment, *days: float, people: int = 8_000, seed: int = 3) -> Scores:
    chance = np.random.default_rng(seed)
    return scores(POOLED, treatment, days, baseline=31, people=people, chance=chance)


@pytest.mark.parametrize("name", KNOWN["targets"])
def test_each_target_is_as_published_and_as_another_program_made_it(
    name: str, pooled: Mapping[str, Compared]
) -> None:
    row, known = pooled[name], KNOWN["targets"][name]
    assert row.target.found.reckoned == pytest.approx(known["found"])
    within = {Measure.FALL: 0.6, Measure.RELAPSE_MEDIAN: 7.0}.get(row.target.measure, 0.03)
    assert row.model == pytest.approx(known["model"], abs=within)


def test_after_six_sessions_in_moss_as_many_respond_and_remit_as_there(
    pooled: Mapping[str, Compared],
) -> None:
    assert pooled["moss-response-six"].model == pytest.approx(0.58, abs=0.03)
    assert pooled["moss-remission-six"].model == pytest.approx(0.43, abs=0.04)


def test_all_targets_together_lie_as_near_as_the_fit_left_them(
    pooled: Mapping[str, Compared],
) -> None:
    fitted = [row for row in pooled.values() if row.target.fitted]
    assert len(fitted) == 18
    assert 13 < sum(row.z**2 for row in fitted) < 20


def test_the_presets_stand_on_either_side_of_the_largest_double_blind_trial(
    pooled: Mapping[str, Compared], sceptical: Mapping[str, Compared]
) -> None:
    known = KNOWN["karmadep2_difference"]
    far, near = (each["karmadep2-difference"] for each in (pooled, sceptical))
    assert far.model == pytest.approx(known["pooled"], abs=0.8)
    assert near.model == pytest.approx(known["sceptical"], abs=0.8)
    assert not far.target.fitted
    assert abs(near.z) < 1.5
    assert abs(far.z) > 3
    assert sceptical["moss-response-six"].model == pytest.approx(
        KNOWN["sceptical_moss_response"], abs=0.03
    )


def test_the_sceptical_preset_responds_as_the_double_blind_trial_did() -> None:
    found = scores(
        preset("sceptical").reckoned,
        Treatment((0, 3, 7, 10, 14, 17, 21, 24), 1.0, 0.33, 1.0),
        [25],
        baseline=32,
        people=20_000,
        chance=np.random.default_rng(1),
    )
    share = float((found.after[0] <= found.before / 2).mean())
    assert share == pytest.approx(KNOWN["sceptical_karmadep2_response"], abs=0.03)


def test_the_clinic_runs_as_another_program_made_it() -> None:
    days = [int(day) for day in KNOWN["clinic_percentiles"]]
    after = rated(CLINIC, *days, people=20_000).after
    for day, row in zip(days, after, strict=True):
        found = np.percentile(row, [10, 25, 50, 75, 90])
        assert found == pytest.approx(KNOWN["clinic_percentiles"][str(day)], abs=2)


@given(st.floats(0.01, 1.0), st.floats(1.5, 300.0))
def test_one_dose_is_at_its_highest_the_size_of_the_dose(rise: float, fall: float) -> None:
    at = np.linspace(0, 12 * rise + 3 * fall, 40_001)
    one = Treatment((0,), 0.7, 0, 0)
    held = pool(at, one, rise=rise, fall=np.array([fall]))
    assert held.max() == pytest.approx(0.7, rel=1e-3)
    assert held.min() >= 0
    assert held[0] == 0


@given(st.lists(st.integers(0, 60), min_size=1, max_size=8), st.floats(0, 2))
def test_pools_of_sessions_add_up(days: list[int], dose: float) -> None:
    at, fall = np.linspace(0, 90, 31), np.array([5.0, 80.0])
    together = pool(at, Treatment(days, dose, 0, 0), rise=0.1, fall=fall)
    apart = sum(pool(at, Treatment((day,), dose, 0, 0), rise=0.1, fall=fall) for day in days)
    assert together == pytest.approx(apart, abs=1e-9)


@settings(max_examples=25)
@given(
    st.lists(st.integers(0, 40), min_size=1, max_size=6, unique=True).map(sorted),
    st.floats(0, 1.5),
    st.integers(0, 1_000),
)
def test_a_score_is_always_one_that_can_be_rated(
    sessions: list[int], dose: float, seed: int
) -> None:
    treatment = Treatment(sessions, dose, 0.2, 1.0)
    found = rated(treatment, 0, 1, 30, 400, people=300, seed=seed)
    assert found.before.min() >= 20
    assert found.after.min() >= 0
    assert found.after.max() <= 60
    assert (found.after == np.round(found.after)).all()


def test_more_of_the_drug_means_lower_scores_and_placebo_keeps_what_is_hoped_for() -> None:
    means = [rated(CLINIC._replace(dose=dose), 18).after.mean() for dose in (0.0, 0.5, 1.0)]
    assert means[0] > means[1] > means[2]
    hopeless = CLINIC._replace(dose=0.0, expectancy=0.001)
    found = rated(hopeless, 18)
    assert found.after.mean() == pytest.approx(found.before.mean(), abs=0.3)


def test_without_care_little_lasts() -> None:
    late = 17 + 60
    kept, lost = (rated(CLINIC._replace(care=care), late).after.mean() for care in (1.0, 0.0))
    assert lost > kept + 2


def test_more_maintenance_holds_more_of_the_responders() -> None:
    """A prediction without a trial behind it, but for the order."""
    held = []
    for every in (28, 14, 7):
        sessions = (*TWICE_WEEKLY, *range(17 + every, 17 + 85, every))
        found = rated(CLINIC._replace(sessions=sessions), 18, 17 + 84)
        well = found.after[0] <= found.before / 2
        held.append(float((found.after[1] <= found.before / 2)[well].mean()))
    assert held == sorted(held)
    assert held[2] > 0.6


def test_what_is_hoped_for_comes_with_the_first_session_and_fades_after_the_last() -> None:
    there = waiting(POOLED, CLINIC, np.array([0.0, 1.0, 17.0, 57.0]))
    assert there[0] == 0
    assert there[2] > there[1] > 0.9
    assert there[3] == pytest.approx(np.exp(-1), rel=0.01)


def test_the_same_seed_makes_the_same_people() -> None:
    assert (rated(CLINIC, 1, 9).after == rated(CLINIC, 1, 9).after).all()
    assert not (rated(CLINIC, 1, 9).after == rated(CLINIC, 1, 9, seed=4).after).all()


def test_bad_and_good_weeks_are_alike_when_near_in_time() -> None:
    still = Treatment((0,), 0.0, 0.001, 0.0)
    found = rated(still, 10, 11, 40, people=20_000)
    off = found.after - found.before
    near, far = (np.corrcoef(off[0], off[n])[0, 1] for n in (1, 2))
    assert near > 0.5
    assert far < 0.15


def test_a_fit_brings_the_model_nearer_and_moves_nothing_else() -> None:
    start = {**POOLED, "sens": 0.25, "w_slow": 0.05}
    done = fit(start, published(), people=800, seed=2, steps=40)
    assert done.loss < 0.9 * done.loss_before
    again = fit(start, published(), people=800, seed=2, steps=40)
    assert again == done
    held = {name for name in start if done.figures[name] == start[name]}
    assert set(start) - held == set(FITTED)
    assert len(FITTED) == 15
    assert 0 < done.figures["sens"] < 1


def test_no_figure_of_a_preset_borrows_a_paper() -> None:
    for one in presets().values():
        assert set(one.reckoned) == set(POOLED)
        for group in (one.figures, one.expectancy, one.care):
            for name in group.__slots__:
                assert getattr(group, name).mark is Mark.OWN
    changed = {
        name for name, value in preset("sceptical").reckoned.items() if value != POOLED[name]
    }
    assert changed == {"sens", "a_low"}


def test_every_published_target_was_read_in_its_source() -> None:
    for one in published().targets:
        assert one.found.mark is Mark.SEEN
        assert not one.found.source.stands_in


def test_the_label_says_groups_and_never_a_patient() -> None:
    assert "never the prospects of a patient" in LABEL.en
    assert "aldri utsiktene til en pasient" in LABEL.nb


TARGET = """
[designs.one]
setting = "clinic"
baseline = { value = 31, unit = "points", mark = "own", source = "own-proposal" }
sessions = [0]
[[targets]]
id = "own"
designs = ["one"]
measure = "response"
active = true
day = 1
found = { value = 0.5, unit = "ratio", mark = "own", source = "own-proposal" }
people = 40
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        pytest.param('["one"]', '["two"]', "own: there is no design 'two'", id="no design"),
        pytest.param("people = 40", "", "either people or an error", id="no error"),
        pytest.param('["one"]', "[]", "a design, and either", id="of nothing"),
        pytest.param(
            '"response"', '"respons"', "the nearest is 'response'", id="a misspelt word"
        ),
    ],
)
def test_targets_that_cannot_be_compared_are_refused(old: str, new: str, said: str) -> None:
    assert parse(Targets, TARGET, name="own.toml").targets[0].standard_error == pytest.approx(
        np.sqrt(0.25 / 40)
    )
    with pytest.raises(Misstated, match=said):
        parse(Targets, TARGET.replace(old, new), name="own.toml")


def test_a_preset_nobody_knows_is_refused_with_the_nearest() -> None:
    with pytest.raises(Unknown, match="the nearest is 'pooled'"):
        preset("poled")
    with pytest.raises(Misstated):
        parse(Preset, 'id = "x"', name="x.toml")
