"""Made-up people differ as the sources say, the same ones each time from the same seed."""

import numpy as np
import pytest

from lysglimt.knowledge.errors import Implausible
from lysglimt.science.kinetics.asked import AGE_UNTRIED, untried
from lysglimt.science.kinetics.giving import infusion, sprays
from lysglimt.science.kinetics.model import Ancestry, kinetic_model
from lysglimt.science.kinetics.people import Person, values
from lysglimt.science.kinetics.simulate import concentration, peak, population, virtual_people
from lysglimt.science.kinetics.tally import HIGHEST, LOWEST, Tally

from .reference import INTRANASAL, RACEMIC, TYPICAL, curve

TIMES = np.arange(0, 4.01, 1 / 12)


def everybody(name: str, people: int, *, clinic: bool = True) -> dict[str, np.ndarray]:
    blocks = list(
        virtual_people(kinetic_model(name), TYPICAL, people=people, seed=5, clinic=clinic)
    )
    return {key: np.concatenate([block[key] for block in blocks]) for key in blocks[0]}


def test_the_same_seed_makes_the_same_people_and_another_others() -> None:
    def first(seed: int) -> list[float]:
        block = next(virtual_people(RACEMIC, TYPICAL, people=5, seed=seed))
        return list(block["V1"])

    assert first(4) == first(4)
    assert first(4) != first(5)


def test_people_differ_as_much_as_the_source_says() -> None:
    found = everybody("otto-2021", 40_000, clinic=False)
    logs = np.cov(np.log(found["V1"]), np.log(found["CL"]))
    assert logs[0, 0] == pytest.approx(0.084177, rel=0.03)
    assert logs[1, 1] == pytest.approx(0.026048, rel=0.03)
    assert logs[0, 1] == pytest.approx(0.02261, rel=0.05)
    assert np.ptp(found["Vp1"]) == 0
    assert np.exp(np.log(found["CL"]).mean()) == pytest.approx(95.2, rel=0.01)


def test_for_a_clinic_clearance_is_spread_more_widely() -> None:
    found = everybody("racemic-iv", 40_000)
    assert 100 * found["CL"].std() / found["CL"].mean() == pytest.approx(28, abs=0.6)


def test_a_share_stays_a_share_whoever_is_drawn() -> None:
    japanese = Person(ancestry=Ancestry.JAPANESE)
    blocks = virtual_people(INTRANASAL, japanese, people=20_000, seed=2)
    taken_up = np.concatenate([block["FRn"] for block in blocks])
    assert taken_up.min() > 0
    assert taken_up.max() == 1.0
    assert np.median(taken_up) == pytest.approx(0.54 * 1.34, rel=0.01)
    logit = np.log(everybody("perez-ruixo-2021", 40_000)["FRn"])
    share = np.exp(logit)
    assert np.log(share / (1 - share)).std() == pytest.approx(0.708, rel=0.02)


def test_heavier_people_have_lower_levels_where_the_model_knows_weight() -> None:
    given = infusion(35, 40)
    light, heavy = (peak(curve(RACEMIC, given, Person(weight_kg=kg))).value for kg in (50, 110))
    assert light > 1.3 * heavy
    spray = sprays(56, 2, 5)
    assert peak(curve(INTRANASAL, spray, Person(weight_kg=50))) == peak(
        curve(INTRANASAL, spray, Person(weight_kg=110))
    )


def test_a_dose_by_weight_into_a_volume_by_weight_gives_the_same_level() -> None:
    domino = kinetic_model("domino-1982")
    levels = [
        peak(curve(domino, infusion(kg / 2, 40), Person(weight_kg=kg))).value
        for kg in (50, 100)
    ]
    assert levels[0] == pytest.approx(levels[1], rel=1e-9)


def test_nobody_is_made_up_where_no_source_tells_how_people_differ() -> None:
    with pytest.raises(Implausible, match="kamp-2020: no source tells how people differ"):
        next(virtual_people(kinetic_model("kamp-2020"), TYPICAL, people=10, seed=1))


def test_the_band_is_what_counting_everybody_gives() -> None:
    given = infusion(35, 40)
    blocks = list(virtual_people(RACEMIC, TYPICAL, people=3_000, seed=9))
    band = population(iter(blocks), RACEMIC, given, times=TIMES)
    every = np.concatenate(
        [concentration(RACEMIC, given, of).at(TIMES) for of in blocks], axis=1
    )
    for found, percent in ((band.low, 5), (band.middle, 50), (band.high, 95)):
        expected = np.percentile(every[1:], percent, axis=1)
        assert found[1:] == pytest.approx(expected, rel=0.006)
    assert band.people == 3_000
    assert (band.low[0], band.high[0]) == (0, 0)
    tops = every.max(axis=0)
    assert band.cmax.mean == pytest.approx(tops.mean(), rel=1e-12)
    assert band.cmax.cv_percent == pytest.approx(100 * tops.std() / tops.mean(), rel=1e-9)
    assert (band.low <= band.middle).all()
    assert (band.middle <= band.high).all()


def test_what_is_beyond_the_bins_is_counted_at_their_ends() -> None:
    tally = Tally(2)
    tally.add(np.array([[0.0, 0.0, LOWEST / 3], [HIGHEST * 9, HIGHEST * 9, HIGHEST * 9]]))
    assert tally.percentile(50)[0] == 0
    assert tally.percentile(50)[1] == pytest.approx(HIGHEST, rel=0.01)


def test_age_counts_above_sixty_alone() -> None:
    flow = [
        float(values(INTRANASAL, Person(age_years=years))["Qh"][0]) for years in (30, 60, 70)
    ]
    assert flow == pytest.approx([151, 151, 151 - 21.9])


def test_a_person_unlike_those_studied_is_named() -> None:
    assert untried(INTRANASAL, TYPICAL) == []
    said = untried(INTRANASAL, Person(weight_kg=180, age_years=90))
    assert [one.nb for one in said] == [
        "Modellen er laget av personer på 39-170 kg.",
        "Modellen er laget av personer på 18-86 år.",
    ]
    assert said[1] == AGE_UNTRIED.filled(lowest=18, highest=86)
