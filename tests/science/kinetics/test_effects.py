"""Effects are illustrations: set so that observed means come out, and saying what is not known."""

import numpy as np
import pytest

from lysglimt.knowledge.catalogue import parse
from lysglimt.knowledge.errors import Implausible, Misstated
from lysglimt.science.kinetics.effects import (
    EffectRules,
    Treated,
    effect_rules,
    illustrated,
    occupancy,
)
from lysglimt.science.kinetics.figures import Number
from lysglimt.science.kinetics.giving import infusion, sprays
from lysglimt.science.kinetics.people import Person
from lysglimt.science.kinetics.simulate import virtual_people

from .reference import FIGURES, INTRANASAL, RACEMIC, TYPICAL

TIMES = np.arange(0, 2.001, 1 / 60)
USUAL = infusion(35, 40)
EXPECTED = FIGURES["effects"]


def highest(name: str, treated: Treated) -> float:
    found = illustrated(RACEMIC, treated, USUAL, times=TIMES)
    assert found is not None
    return float(found[name].typical.max())


def test_the_share_of_receptors_is_that_of_competition() -> None:
    low, high = occupancy(np.array([0.0, 185.0]))
    assert (low[0], high[0]) == (0, 0)
    assert [low[1], high[1]] == pytest.approx(EXPECTED["occupancy_at_185"], abs=0.006)


def test_pressure_rises_at_the_usual_level_by_what_was_set() -> None:
    slopes = effect_rules().pressure.slopes
    at = [169 * one.reckoned for one in (slopes.systolic, slopes.diastolic, slopes.pulse)]
    assert at == pytest.approx(EXPECTED["pressure_at_169"], abs=0.5)
    links = EXPECTED["links"]
    assert [slopes.systolic.reckoned, slopes.diastolic.reckoned, slopes.pulse.reckoned] == [
        links["sbp_mmhg_per_ng_ml"],
        links["dbp_mmhg_per_ng_ml"],
        links["hr_bpm_per_ng_ml"],
    ]
    assert np.log(2) / effect_rules().pressure.half_time.reckoned == pytest.approx(
        links["ke0_per_h"], rel=0.005
    )


def test_the_typical_peaks_are_those_observed_in_741_infusions() -> None:
    treated = Treated(TYPICAL)
    assert highest("systolic", treated) == pytest.approx(7.4, abs=0.4)
    assert highest("diastolic", treated) == pytest.approx(6.0, abs=0.3)
    assert highest("pulse", treated) == pytest.approx(1.9, abs=0.2)


def test_the_peaks_come_at_the_end_of_the_infusion() -> None:
    found = illustrated(RACEMIC, Treated(TYPICAL), USUAL, times=TIMES)
    assert found is not None
    for one in found.values():
        assert 38 <= 60 * TIMES[int(np.argmax(one.typical))] <= 46


def test_pressure_rises_more_with_hypertension_and_from_fifty_years() -> None:
    young = highest("systolic", Treated(Person(age_years=49)))
    links = EXPECTED["links"]
    assert highest("systolic", Treated(Person(age_years=50))) == pytest.approx(
        links["factor_age_50"] * young
    )
    assert highest("systolic", Treated(TYPICAL, hypertension=True)) == pytest.approx(
        links["factor_hypertension"] * young
    )
    assert highest("dissociation", Treated(TYPICAL, hypertension=True)) == highest(
        "dissociation", Treated(TYPICAL)
    )


def test_dissociation_lessens_session_by_session() -> None:
    first, third = (highest("dissociation", Treated(TYPICAL, session=n)) for n in (1, 3))
    assert third == pytest.approx(EXPECTED["cadss_attenuation"] ** 2 * first)
    assert first == pytest.approx(EXPECTED["cadss_median"], rel=0.06)
    with pytest.raises(Implausible):
        Treated(TYPICAL, session=0)


def test_people_differ_far_more_in_effect_than_in_concentration() -> None:
    def band(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        found = illustrated(
            RACEMIC,
            Treated(TYPICAL),
            USUAL,
            times=TIMES,
            blocks=virtual_people(RACEMIC, TYPICAL, people=4_000, seed=seed),
            seed=seed,
        )
        assert found is not None
        one = found["systolic"]
        assert one.low is not None
        assert one.high is not None
        return one.typical, one.low, one.high

    typical, low, high = band(1)
    assert (low <= typical + 1e-9).all()
    assert (typical <= high + 1e-9).all()
    assert 20 < high.max() < 32
    assert low.max() < 3
    assert (band(1)[2] == high).all()
    assert not (band(2)[2] == high).all()


def test_no_effect_is_drawn_where_no_link_was_set() -> None:
    """The links were set for racemic ketamine by vein: for the spray the answer is not known."""
    assert illustrated(INTRANASAL, Treated(TYPICAL), sprays(84, 3, 5), times=TIMES) is None


def test_every_link_is_own_or_remembered_and_says_what_is_not_known() -> None:
    rules = effect_rules()
    parts = (rules.dissociation, rules.pressure, rules.pressure.slopes, rules.nmda)
    numbers = [
        value
        for part in parts
        for value in (getattr(part, name) for name in part.__slots__)
        if isinstance(value, Number)
    ]
    assert len(numbers) == 17
    assert all(number.source.stands_in for number in numbers)
    for part in (rules.dissociation, rules.pressure, rules.nmda, rules.plasticity):
        assert part.not_known.nb
        assert part.not_known.en
        assert part.observed


def test_nothing_says_what_to_give_this_patient() -> None:
    label = effect_rules().label
    assert "no advice on a dose for this patient" in label.en
    assert "ikke et råd om dose til denne pasienten" in label.nb
    assert not hasattr(effect_rules().plasticity, "slopes")


def test_what_was_observed_may_not_borrow_a_paper() -> None:
    from importlib.resources import files  # noqa: PLC0415 - for this test alone

    text = (files("lysglimt.science.kinetics") / "effects.toml").read_text("utf-8")
    altered = text.replace('mark = "seen", source = "emory"', 'mark = "own", source = "emory"')
    with pytest.raises(Misstated, match="cannot rest on 'emory'"):
        parse(EffectRules, altered, name="effects.toml")
