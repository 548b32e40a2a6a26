"""The models say what their papers say: every published figure there is to compare with."""

import numpy as np
import pytest

from lysglimt.science.kinetics.giving import infusion, sprays
from lysglimt.science.kinetics.model import Ancestry, Route, kinetic_model, models
from lysglimt.science.kinetics.people import Person, values
from lysglimt.science.kinetics.simulate import peak, population, virtual_people

from .reference import FIGURES, INTRANASAL, RACEMIC, TYPICAL, at_minutes, curve, formed

STRATA = [
    pytest.param(stratum, devices, row, id=f"{stratum['name']}, {28 * devices} mg")
    for stratum in FIGURES["table_4"]["strata"]
    for devices, row in enumerate(stratum["rows"], start=1)
]
TIMES = np.arange(0, 24.01, 1 / 12)


@pytest.mark.parametrize(("stratum", "devices", "printed"), STRATA)
def test_the_spray_gives_the_levels_of_table_4(
    stratum: dict[str, object], devices: int, printed: list[float]
) -> None:
    person = Person(
        age_years=float(str(stratum["age"])), ancestry=Ancestry(str(stratum["ancestry"]))
    )
    given = sprays(28 * devices, devices, 5)
    blood = curve(INTRANASAL, given, person)
    found = [
        peak(blood).value,
        float(blood.area(24)[0]),
        peak(formed(INTRANASAL, given, person)).value,
    ]
    assert found == pytest.approx(printed, rel=0.01)


@pytest.mark.parametrize("row", FIGURES["validation"], ids=lambda row: f"{row['dose']} mg")
def test_another_program_finds_the_same_from_the_same_parameters(row: dict[str, float]) -> None:
    given = sprays(row["dose"], int(row["dose"] / 28), 5)
    blood = curve(INTRANASAL, given)
    assert peak(blood).value == pytest.approx(row["cmax_model"], rel=0.001)
    assert blood.area(24)[0] == pytest.approx(row["auc24_model"], rel=0.001)
    assert peak(formed(INTRANASAL, given)).value == pytest.approx(
        row["nk_cmax_model"], rel=0.001
    )


def test_esketamine_is_cleared_and_taken_up_as_derived_from_the_paper() -> None:
    derived = FIGURES["derived"]
    one = {name: float(value[0]) for name, value in values(INTRANASAL, TYPICAL).items()}
    intrinsic = one["Vh"] * (one["kel"] + one["kmet"])
    assert intrinsic / (one["Qh"] + intrinsic) == pytest.approx(derived["E_hepatic"], abs=5e-4)
    assert one["Vc"] + one["Vp1"] + one["Vp2"] == derived["Vss_excl_liver"]
    by_vein = curve(INTRANASAL, infusion(28, 40))
    assert 28_000 / by_vein.area(1e4)[0] == pytest.approx(derived["CL"], rel=0.002)
    for devices, share in enumerate(derived["F_28_56_84"], start=1):
        nasal = curve(INTRANASAL, sprays(28 * devices, devices, 5)).area(1e4)[0]
        assert nasal / (devices * by_vein.area(1e4)[0]) == pytest.approx(share, abs=6e-4)


def test_the_last_of_it_halves_as_slowly_as_the_label_says() -> None:
    late = at_minutes(curve(INTRANASAL, sprays(28, 1, 5)), 60 * 60, 70 * 60)
    half_time = 10 * np.log(2) / np.log(late[0] / late[1])
    assert half_time == pytest.approx(FIGURES["derived"]["t_half_terminal_h"], rel=0.01)
    lowest, highest = FIGURES["observations"]["label"]["t_half_h"]
    assert lowest <= half_time <= highest


@pytest.mark.parametrize("devices", [1, 2, 3])
def test_the_peak_comes_as_long_after_the_last_spray_as_the_label_says(devices: int) -> None:
    top = peak(curve(INTRANASAL, sprays(28 * devices, devices, 5))).hour * 60
    earliest, latest = FIGURES["observations"]["label"]["tmax_min_after_last_spray"]
    assert earliest <= top - 5 * (devices - 1) <= latest
    if devices == 1:
        assert top == pytest.approx(FIGURES["spread"]["tmax_min_28mg"], abs=0.5)


def test_three_devices_bring_in_about_the_half_as_the_label_says() -> None:
    nasal = curve(INTRANASAL, sprays(84, 3, 5)).area(1e4)[0]
    by_vein = curve(INTRANASAL, infusion(84, 40)).area(1e4)[0]
    assert nasal / by_vein == pytest.approx(
        FIGURES["observations"]["label"]["F_84mg"], abs=0.03
    )


@pytest.mark.parametrize("devices", [1, 2, 3])
def test_above_sixty_the_area_is_larger_as_in_the_paper(devices: int) -> None:
    older = Person(age_years=70)
    area = curve(INTRANASAL, sprays(28 * devices, devices, 5), older).area(24)[0]
    printed = FIGURES["observations"]["auc24_above_60_years"][devices - 1]
    assert area == pytest.approx(printed, rel=0.01)


def test_racemic_ketamine_over_forty_minutes_rises_and_falls_as_reckoned() -> None:
    check = FIGURES["racemic"]
    found = at_minutes(curve(RACEMIC, infusion(35, 40)), *check["times_min"])
    assert found == pytest.approx(check["total_ng_ml"], abs=0.51)
    assert 150 <= found[check["times_min"].index(40)] <= 220


@pytest.mark.parametrize("name", FIGURES["at_40_minutes_after_35_mg"])
def test_each_model_has_its_level_at_forty_minutes(name: str) -> None:
    level = at_minutes(curve(kinetic_model(name), infusion(35, 40)), 40)[0]
    assert level == pytest.approx(FIGURES["at_40_minutes_after_35_mg"][name], abs=0.5)


def test_an_arterial_model_agrees_with_the_arterial_level_it_was_made_of() -> None:
    lowest, highest = FIGURES["observations"]["simons_20mg_20min"]["ci95"]
    top = peak(curve(kinetic_model("simons-2022"), infusion(20, 20))).value
    assert lowest <= top <= highest


def test_the_halves_of_ketamine_differ_as_in_their_sources() -> None:
    seen = FIGURES["observations"]["enantiomers"]
    clearance, volumes = (each.factor.reckoned for each in RACEMIC.parts[1].factors)
    assert clearance == pytest.approx(
        seen["CL_R_mL_min_kg"][0] / seen["CL_S_mL_min_kg"][0], abs=5e-4
    )
    assert volumes == pytest.approx(seen["Vss_R_L_kg"][0] / seen["Vss_S_L_kg"][0], abs=6e-4)


def test_volunteers_given_racemic_ketamine_differ_as_reckoned() -> None:
    expected = FIGURES["racemic"]["population_40_min"]
    people = virtual_people(RACEMIC, TYPICAL, people=20_000, seed=7, clinic=False)
    band = population(people, RACEMIC, infusion(35, 40), times=TIMES)
    assert band.cmax.mean == pytest.approx(expected["mean"], rel=0.01)
    assert band.cmax.cv_percent == pytest.approx(expected["cv_percent"], abs=0.6)
    assert [band.low[8], band.high[8]] == pytest.approx(expected["p5_p95"], rel=0.015)


@pytest.mark.parametrize("devices", [1, 2, 3])
def test_people_given_the_spray_differ_as_reckoned(devices: int) -> None:
    people = virtual_people(INTRANASAL, TYPICAL, people=20_000, seed=7)
    given = sprays(28 * devices, devices, 5)
    band = population(people, INTRANASAL, given, times=TIMES)
    for spread, name in (
        (band.cmax, "esketamine_cmax_cv_percent"),
        (band.auc24, "esketamine_auc24_cv_percent"),
    ):
        lowest, highest = FIGURES["spread"][name]
        assert lowest - 1 <= spread.cv_percent <= highest + 1


def test_twice_a_week_nothing_is_left_from_the_time_before() -> None:
    """The label: no accumulation."""
    level = at_minutes(curve(INTRANASAL, sprays(84, 3, 5)), 84 * 60)[0]
    assert level < 0.01 * peak(curve(INTRANASAL, sprays(84, 3, 5))).value


def test_each_route_has_one_default() -> None:
    for route, name in (
        (Route.INTRANASAL, "perez-ruixo-2021"),
        (Route.INTRAVENOUS, "racemic-iv"),
    ):
        assert [one.id for one in models().values() if route in one.default_for] == [name]
