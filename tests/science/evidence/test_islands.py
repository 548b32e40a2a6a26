"""The network of a question: what the trials link, and what they leave apart."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lysglimt.knowledge.errors import Implausible
from lysglimt.science.evidence.arms import Counted
from lysglimt.science.evidence.effect_sizes import odds_ratio
from lysglimt.science.evidence.islands import (
    Archipelago,
    Arms,
    archipelago,
    disagreement,
    island,
    islands,
    of_everything,
)
from lysglimt.science.evidence.network import Contrast, consistency
from lysglimt.science.evidence.questions import Outcome
from lysglimt.science.evidence.splitting import split
from lysglimt.science.evidence.trial_rows import Row, shipped

WEEKS = ("end_of_course", "4wk", "6wk", "8wk")


def found(outcome: Outcome = Outcome.REMISSION) -> Archipelago:
    asked = of_everything(outcome=outcome, timepoint=WEEKS, definition="any")
    return archipelago(shipped(), asked)


def trial(name: str, **arms: tuple[float, float]) -> Arms:
    return Arms(name, name, (), {arm: Counted(*said) for arm, said in arms.items()})


def row(trial: str, treatment: str, reached: int | None, n: int = 20, **more: str) -> Row:
    cells = {
        "trial_id": trial, "first_author": trial, "year": "2020", "arm_label": treatment,
        "intervention": treatment, "design": "parallel", "timepoint": "4wk", "scale": "MADRS",
        "n_analysed": str(n), "remitters": "" if reached is None else str(reached), **more,
    }  # fmt: skip
    return Row(1, cells)


def test_spray_and_infusion_were_never_linked_by_a_trial() -> None:
    spray, drip = found().islands
    assert spray.treatments == ("in_esketamine", "oral_antidepressant", "quetiapine")
    assert drip.treatments == ("iv_racemic_ketamine", "midazolam", "saline")
    assert [(one.treatment, one.trials, one.people) for one in spray.nodes] == [
        ("in_esketamine", 4, 709),
        ("oral_antidepressant", 3, 268),
        ("quetiapine", 1, 340),
    ]


def test_a_link_has_its_trials_and_how_far_they_disagree() -> None:
    spray, _ = found().islands
    of = {one.pair: one for one in spray.links}
    with_tablet = of["in_esketamine", "oral_antidepressant"]
    assert len(with_tablet.studies) == 3
    assert pytest.approx(34.2, abs=0.1) == with_tablet.I2
    assert of["in_esketamine", "quetiapine"].I2 is None
    assert not spray.quarrels


def test_two_treatments_are_compared_through_the_third() -> None:
    spray, _ = found().islands
    by = {one.comparison: one for one in split(spray.network, spray.network.tau2)}
    detour = by["oral_antidepressant:quetiapine"]
    assert detour.direct is None
    assert detour.indirect == pytest.approx(
        (by["in_esketamine:quetiapine"].direct or 0)
        - (by["in_esketamine:oral_antidepressant"].direct or 0)
    )
    assert consistency(spray.network).df_inconsistency == 0


def test_what_is_left_out_is_named_with_its_reason() -> None:
    reasons = {one.reason for one in found().set_aside}
    assert {"no-figures", "not-randomised"} <= reasons
    used = set(found().row_ids)
    assert not used & {one.row for one in found().set_aside}


def test_the_fingerprint_follows_the_figures() -> None:
    other = [
        Row(one.line, {**one.cells, "remitters": "54"})
        if one.trial == "popova2019_transform2" and one.text("remitters") == "53"
        else one
        for one in shipped()
    ]
    asked = found().query
    assert archipelago(other, asked).hash != found().hash == archipelago(shipped(), asked).hash


def test_one_arm_is_no_comparison_and_nobody_in_any_arm_tells_nothing() -> None:
    rows = [
        row("a", "saline", 3),
        row("a", "midazolam", None),
        row("b", "saline", 0),
        row("b", "midazolam", 0),
    ]
    asked = of_everything(outcome=Outcome.REMISSION, timepoint=WEEKS, definition="any")
    said = archipelago(rows, asked)
    assert not said.islands
    assert sorted(one.reason for one in said.set_aside) == [
        "no-figures",
        "one-sided",
        "uninformative",
        "uninformative",
    ]


def test_of_means_there_is_no_network_of_odds() -> None:
    with pytest.raises(Implausible, match="measure"):
        of_everything(outcome=Outcome.CHANGE, timepoint=WEEKS, definition="any")


def test_trials_that_contradict_each_other_are_seen() -> None:
    here = trial("a", ect=(70, 100), iv_racemic_ketamine=(30, 100))
    there = trial("b", ect=(30, 100), iv_racemic_ketamine=(70, 100))
    [quarrel] = island([here, there]).quarrels
    assert quarrel.I2 is not None
    assert quarrel.I2 > 90
    again = trial("c", ect=(70, 100), iv_racemic_ketamine=(30, 100))
    assert not island([here, again]).quarrels


def test_disagreement_is_none_where_trials_say_the_same() -> None:
    one = Contrast("a", "x", "y", 0.5, 0.2)
    assert disagreement([one]) is None
    assert disagreement([one, Contrast("b", "x", "y", 0.5, 0.4)]) == 0.0


counts = st.tuples(st.integers(1, 19), st.just(20)).map(lambda said: Counted(*map(float, said)))


@given(counts, counts)
def test_of_two_arms_a_contrast_is_the_odds_ratio(one: Counted, other: Counted) -> None:
    [said] = Arms("t", "t", (), {"a": one, "b": other}).contrasts
    expected = odds_ratio(one, other)
    assert said.te == pytest.approx(expected.yi)
    assert said.se**2 == pytest.approx(expected.vi)


with_empty = st.integers(0, 20).map(lambda events: Counted(float(events), 20.0))


@given(st.dictionaries(st.sampled_from("abcd"), with_empty, min_size=3, max_size=4))
def test_the_contrasts_of_a_trial_add_up_also_where_a_cell_is_empty(
    arms: Mapping[str, Counted],
) -> None:
    one = Arms("t", "t", (), arms)
    if one.silent:
        return
    te = {(each.treat1, each.treat2): each.te for each in one.contrasts}
    first, second, third = sorted(arms)[:3]
    assert te[first, second] + te[second, third] == pytest.approx(te[first, third])
    assert island([one]).network.pairs == len(te)


names = st.sampled_from(("saline", "midazolam", "ect", "tms", "quetiapine", "lanicemine"))
pairs = st.lists(st.sets(names, min_size=2, max_size=3), min_size=1, max_size=8)


@given(pairs)
def test_no_treatment_stands_on_two_islands_and_none_is_lost(drawn: list[set[str]]) -> None:
    trials = [
        trial(str(number), **dict.fromkeys(arms, (5.0, 20.0)))
        for number, arms in enumerate(drawn)
    ]
    apart = [set(one.treatments) for one in islands(trials)]
    assert set().union(*apart) == set().union(*drawn)
    assert sum(map(len, apart)) == len(set().union(*apart))
    assert all(any(arms <= one for one in apart) for arms in drawn)
