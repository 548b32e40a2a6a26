"""`lysglimt kinetics`: curves as data, for a reader and as a picture; refusals name the option."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.science.kinetics.reference import FIGURES

from .commands import Ran, lysglimt

HANDBOOK = Path(__file__).parents[2] / "docs" / "handbook"
DRIP = ("--model", "racemic-iv", "--dose-mg", "35", "--route", "iv")
SPRAY = ("--model", "perez-ruixo-2021", "--dose-mg", "84", "--route", "intranasal")


def simulate(*words: str, folder: Path = Path()) -> Ran:
    return lysglimt("kinetics", "simulate", *words, folder=folder)


def data(*words: str) -> dict[str, Any]:
    ran = simulate(*words, "--json")
    assert (ran.code, ran.err) == (0, "")
    found: dict[str, Any] = json.loads(ran.out)
    return found


def test_the_keys_that_are_promised_are_there() -> None:
    found = data(*DRIP)
    promised = (
        "times_h typical_ng_ml band cmax_ng_ml tmax_h auc24_ng_h_ml metabolite_cmax_ng_ml"
    )
    assert set(promised.split()) <= found.keys()
    assert len(found["times_h"]) == len(found["typical_ng_ml"]) == 289
    assert (found["times_h"][0], found["times_h"][-1]) == (0, 24)
    assert found["band"] is None


@pytest.mark.parametrize("stratum", FIGURES["table_4"]["strata"], ids=lambda one: one["name"])
def test_table_4_comes_out_of_the_command(stratum: dict[str, Any]) -> None:
    for devices, printed in enumerate(stratum["rows"], start=1):
        found = data(
            *("--model", "perez-ruixo-2021", "--route", "intranasal"),
            *("--dose-mg", str(28 * devices), "--age", str(stratum["age"])),
            *("--ancestry", stratum["ancestry"]),
        )
        keys = ("cmax_ng_ml", "auc24_ng_h_ml", "metabolite_cmax_ng_ml")
        assert [found[key] for key in keys] == pytest.approx(printed, rel=0.01)


def test_half_a_milligram_by_kilogram_over_forty_minutes_is_within_what_was_seen() -> None:
    found = data(*DRIP, "--weight-kg", "70", "--minutes", "40")
    at = found["times_h"].index(round(40 / 60, 6))
    assert 150 <= found["typical_ng_ml"][at] <= 220
    assert found["tmax_h"] == pytest.approx(40 / 60)


def test_a_route_has_its_default() -> None:
    assert data("--dose-mg", "35", "--route", "iv")["model"] == "racemic-iv"
    assert data("--dose-mg", "28", "--route", "intranasal")["model"] == "perez-ruixo-2021"


def test_the_band_is_of_the_people_asked_for_and_the_same_from_the_same_seed() -> None:
    first, again, other = (
        data(*SPRAY, "--population", "200", "--seed", seed)["band"] for seed in "445"
    )
    assert first == again != other
    assert (first["people"], first["seed"]) == (200, 4)
    for low, middle, high in zip(first["p5"], first["p50"], first["p95"], strict=True):
        assert low <= middle <= high


def test_no_area_of_noresketamine_is_ever_given() -> None:
    """It cannot be reproduced from the paper's own numbers."""
    found = data(*SPRAY, "--population", "100")
    assert found["metabolite"]["en"] == "noresketamine"
    assert "area" in found["metabolite_caution"]["en"]
    assert not [key for key in found if "metabolite" in key and "auc" in key]
    ran = simulate(*SPRAY)
    assert len(re.findall(r"area over 24 hours", ran.out)) == 1


def test_effects_are_an_illustration_and_say_what_is_not_known() -> None:
    drip = data(*DRIP, "--population", "200")["effects"]
    assert set(drip["curves"]) == {"dissociation", "systolic", "diastolic", "pulse", "nmda"}
    assert max(drip["curves"]["systolic"]["typical"]) == pytest.approx(7.6, abs=0.2)
    assert max(drip["curves"]["systolic"]["p95"]) > 15
    assert max(drip["curves"]["nmda"]["highest"]) < 0.6
    assert "no curve is drawn" in drip["not_known"]["plasticity"]["en"]
    assert "no advice on a dose" in drip["illustration"]["en"]
    worse = data(*DRIP, "--hypertension")["effects"]["curves"]["systolic"]["typical"]
    assert max(worse) == pytest.approx(1.4 * max(drip["curves"]["systolic"]["typical"]))
    assert data(*SPRAY)["effects"]["curves"] is None


def test_a_model_without_metabolite_gives_none_and_says_why_it_is_not_the_default() -> None:
    found = data("--model", "kamp-2020", "--dose-mg", "35", "--route", "iv")
    assert found["metabolite_cmax_ng_ml"] is None
    assert found["metabolite"] is None
    assert "Arterial" in found["not_default"]["en"]
    ran = simulate("--model", "kamp-2020", "--dose-mg", "35", "--route", "iv")
    assert "Not the default: Arterial" in ran.out


def test_people_read_the_main_figures_and_that_it_is_no_advice() -> None:
    ran = simulate(*DRIP, "--population", "200", "--weight-kg", "180")
    assert ran.code == 0
    assert "no advice on a dose for this patient" in ran.out
    assert re.search(r"^highest +\d+\.\d ng/ml at 40 min$", ran.out, re.MULTILINE)
    assert "S-norketamine, highest" in ran.out
    assert "CV" in ran.out
    spray = simulate(*SPRAY, "--age", "95")
    assert "The model was made from people of 18-86 years." in spray.out


def test_the_picture_is_written_where_it_is_asked_for(tmp_path: Path) -> None:
    ran = simulate(*SPRAY, "--plot", "curve.svg", "--language", "nb", folder=tmp_path)
    assert ran.code == 0
    text = (tmp_path / "curve.svg").read_text(encoding="utf-8")
    assert text.startswith("<svg ")
    assert "Esketamin i blodet etter 84 mg i nesen" in text
    assert simulate(*SPRAY, "--plot", "no/folder.svg", folder=tmp_path).code == 2


def test_more_devices_than_needed_hold_less_each() -> None:
    two, three = (
        data(*SPRAY[:2], *("--dose-mg", "56"), *SPRAY[4:], *more)
        for more in ((), ("--devices", "3"))
    )
    assert three["cmax_ng_ml"] < two["cmax_ng_ml"]
    later = data(*SPRAY, "--minutes", "30")
    assert later["tmax_h"] > data(*SPRAY)["tmax_h"] + 0.5


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param((*SPRAY[:2], "--dose-mg", "840", *SPRAY[4:]), "--dose-mg: 840 is refused, allowed is 14-112 mg", id="too many sprays"),
        pytest.param((*DRIP[:2], "--dose-mg", "3500", *DRIP[4:]), "--dose-mg: 3500 is refused, allowed is 1-200 mg", id="a dose in micrograms"),
        pytest.param((*DRIP[:2], "--dose-mg", "35x", *DRIP[4:]), "--dose-mg: 35x is refused", id="no number"),
        pytest.param((*SPRAY, "--devices", "2"), "--devices: 2 is refused, allowed is 3 or more for 84 mg", id="too few devices"),
        pytest.param((*SPRAY, "--devices", "2.5"), "--devices: 2.5 is refused, allowed is 1-4 devices, whole", id="half a device"),
        pytest.param((*SPRAY, "--devices", "9"), "--devices: 9 is refused, allowed is 1-4 devices", id="too many devices"),
        pytest.param((*DRIP, "--devices", "2"), "--devices: 2 is refused, allowed is none with --route iv", id="devices in a vein"),
        pytest.param((*DRIP, "--weight-kg", "700"), "--weight-kg: 700 is refused, allowed is 30-250 kg", id="a weight in pounds"),
        pytest.param((*DRIP, "--age", "12"), "--age: 12 is refused, allowed is 18-100 years", id="a child"),
        pytest.param((*DRIP, "--minutes", "999"), "--minutes: 999 is refused, allowed is 0-240 min", id="a day and night"),
        pytest.param((*SPRAY, "--minutes", "90"), "--minutes: 90 is refused, allowed is 0-60 min", id="devices far apart"),
        pytest.param((*DRIP, "--population", "5"), "--population: 5 is refused, allowed is 100-1000000 people", id="too few for a band"),
        pytest.param((*DRIP, "--seed", "-1"), "--seed: -1 is refused", id="a seed below nought"),
        pytest.param((*DRIP, "--session", "0"), "--session: 0 is refused, allowed is 1-100", id="no session"),
        pytest.param((*DRIP, "--ancestry", "norwegian"), "'norwegian' is not one of", id="an ancestry no model knows"),
        pytest.param(("--model", "racemic", *DRIP[2:]), "--model: 'racemic' is unknown, the nearest is 'racemic-iv'", id="no such model"),
        pytest.param((*DRIP[:4], "--route", "intranasal"), "--route: intranasal is refused, allowed is iv with racemic-iv", id="a model of another route"),
        pytest.param(("--model", "domino-1982", *DRIP[2:], "--population", "500"), "--population: 500 is refused", id="nobody knows how people differ"),
        pytest.param(("--route", "iv"), "--dose-mg", id="no dose"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_by_the_name_of_its_option(
    words: tuple[str, ...], said: str
) -> None:
    ran = simulate(*words)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert "Traceback" not in ran.err


def test_every_model_is_listed_with_its_purpose_and_its_numbers() -> None:
    ran = lysglimt("kinetics", "models")
    assert ran.code == 0
    assert "racemic-iv         venous    default for iv" in ran.out
    assert len(ran.out.splitlines()) == 8
    rows = json.loads(lysglimt("kinetics", "models", "--json").out)
    assert {row["id"] for row in rows} >= {"domino-1982", "clements-1981", "hijazi-2003"}
    for row in rows:
        assert bool(row["default_for"]) is not bool(row["not_default"])
        assert all(one["source"] and one["mark"] for one in row["parameters"].values())


def test_the_handbook_shows_what_the_command_prints() -> None:
    printed = simulate(*DRIP).out.splitlines()
    for page in ("en/concentration-curves.md", "nb/konsentrasjonskurver.md"):
        text = (HANDBOOK / page).read_text(encoding="utf-8")
        for line in printed[2:]:
            assert line in text, line
