"""A model is a file that a doctor can read; what is misstated in it is refused where it stands."""

from importlib.resources import files

import pytest

from lysglimt.knowledge.catalogue import parse
from lysglimt.knowledge.errors import Inconsistent, Misstated, Unknown
from lysglimt.knowledge.figures import Mark
from lysglimt.science.kinetics.asked import Range, asked_ranges
from lysglimt.science.kinetics.figures import Number, Unit
from lysglimt.science.kinetics.model import (
    KineticModel,
    Route,
    Sampling,
    kinetic_model,
    load,
    models,
)
from lysglimt.science.kinetics.network import Compartment, Flow, Network

SHELF = files("lysglimt.science.kinetics") / "catalogue"
EVERY = [pytest.param(one, id=one.id) for one in models().values()]


def text_of(name: str) -> str:
    return (SHELF / f"{name}.toml").read_text(encoding="utf-8")


def refusal(name: str, old: str, new: str) -> str:
    text = text_of(name)
    assert old in text
    with pytest.raises(Misstated) as misstated:
        parse(KineticModel, text.replace(old, new, 1), name=f"{name}.toml")
    return str(misstated.value)


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        pytest.param(
            "perez-ruixo-2021",
            "substance =",
            "substanse =",
            "perez-ruixo-2021.toml: substanse: 'substanse' is unknown, the nearest is 'substance'",
            id="a misspelt key",
        ),
        pytest.param(
            "otto-2021",
            'CL = { value = 95.2, unit = "l/h"',
            'CL = { value = 95.2, unit = "l/hr"',
            "otto-2021.toml: parameters.CL.unit: 'l/hr' is unknown, the nearest is 'l/h'",
            id="a unit that nobody knows",
        ),
        pytest.param(
            "otto-2021",
            'mark = "seen", source = "fanta-2015"',
            'mark = "own", source = "fanta-2015"',
            "otto-2021.toml: parameters.V1: mark 'own' cannot rest on 'fanta-2015'",
            id="an own number dressed in literature",
        ),
        pytest.param(
            "kamp-2020",
            'source = "kamp-2020"',
            'source = "kamp-2021"',
            "kamp-2020.toml: parameters.V1.source: 'kamp-2021' is unknown, the nearest is 'kamp-2020'",
            id="a source that is not in the library",
        ),
        pytest.param(
            "otto-2021",
            'clearance = "Q1"',
            'clearance = "Q3"',
            "no parameter is called 'Q3', the nearest is 'Q",
            id="a flow without its number",
        ),
        pytest.param(
            "otto-2021",
            'into = "deep"',
            'into = "depp"',
            "a flow names the compartment 'depp', there is none",
            id="a flow to nowhere",
        ),
        pytest.param(
            "perez-ruixo-2021",
            'into = "nose"',
            'into = "nosse"',
            "there is no compartment 'nosse'",
            id="a dose to nowhere",
        ),
        pytest.param(
            "domino-1982",
            'seen = "central"',
            'seen = "deep"',
            "'deep' has no volume, so no concentration",
            id="a concentration without a volume",
        ),
        pytest.param(
            "kamp-2020",
            "not_default = ",
            "# ",
            "it is the default for a route, or says why it is not",
            id="no reason why it is not the default",
        ),
        pytest.param(
            "racemic-iv",
            'default_for = ["iv"]',
            'default_for = ["iv"]\nnot_default = { nb = "x", en = "x" }',
            "it is the default for a route, or says why it is not",
            id="a default with a reason against it",
        ),
        pytest.param(
            "otto-2021",
            'unit = "variance of log"',
            'unit = "l"',
            "a spread is stated as",
            id="a spread in litres",
        ),
        pytest.param(
            "otto-2021",
            'second = "CL"',
            'second = "Q1"',
            "'Q1' has no spread of its own",
            id="a covariance with what does not differ",
        ),
        pytest.param(
            "otto-2021",
            "covariance = { value = 0.02261",
            "covariance = { value = 0.2261",
            "the spreads cannot have these covariances",
            id="more covariance than there is variance",
        ),
    ],
)
def test_what_is_misstated_is_refused(name: str, old: str, new: str, said: str) -> None:
    assert said in refusal(name, old, new)


@pytest.mark.parametrize(
    ("flows", "said"),
    [
        pytest.param([{"out_of": "a"}], "a rate or a clearance", id="no speed"),
        pytest.param(
            [{"out_of": "a", "rate": "k", "clearance": "q"}], "a rate or a", id="two speeds"
        ),
        pytest.param(
            [{"out_of": "a", "into": "b", "rate": "k", "both_ways": True}],
            "cannot run both ways",
            id="one rate for both ways",
        ),
        pytest.param(
            [{"out_of": "a", "rate": "k"}], "'b' never leaves it", id="what comes in stays"
        ),
        pytest.param(
            [{"out_of": "b", "clearance": "q"}], "needs volumes", id="a clearance of no volume"
        ),
    ],
)
def test_a_network_that_cannot_be_is_refused(flows: list[dict[str, object]], said: str) -> None:
    with pytest.raises(Inconsistent, match=said):
        Network(
            (Compartment("a", "v"), Compartment("b")),
            tuple(Flow(**one) for one in flows),  # type: ignore[arg-type]  # as a file may say it
        )


def test_two_compartments_of_one_name_are_refused() -> None:
    with pytest.raises(Inconsistent, match="two compartments"):
        Network((Compartment("a"), Compartment("a")), (Flow("a", rate="k"),))


@pytest.mark.parametrize("model", EVERY)
def test_every_model_is_read_from_its_file_and_carries_its_reason(model: KineticModel) -> None:
    assert load(SHELF / f"{model.id}.toml") == model
    assert model.notes or model.not_default
    if model.sampling is not Sampling.VENOUS:
        assert not model.default_for
    if model.sampling is Sampling.ARTERIAL:
        assert model.not_default is not None
        assert "185" in model.not_default.en or "289" in model.not_default.en


@pytest.mark.parametrize("model", EVERY)
def test_what_was_not_read_in_a_source_shows_none(model: KineticModel) -> None:
    numbers = [
        *model.parameters.values(),
        *model.spread.values(),
        *model.clinic_spread.values(),
    ]
    assert numbers
    for number in numbers:
        assert (number.mark is Mark.SEEN) is not number.source.stands_in
        assert number.basis.source is number.source
        assert str(number).startswith(str(number.value))


def test_what_is_stated_by_the_minute_is_reckoned_by_the_hour() -> None:
    simons, domino = kinetic_model("simons-2022"), kinetic_model("domino-1982")
    assert simons.parameters["CL"].reckoned == pytest.approx(88.8)
    assert domino.parameters["k10"].reckoned == pytest.approx(0.4381 * 60)


def test_a_name_nobody_knows_is_refused_with_the_nearest() -> None:
    with pytest.raises(Unknown, match="the nearest is 'racemic-iv'"):
        kinetic_model("racemic")


def test_the_spray_takes_both_routes_and_the_others_one() -> None:
    assert kinetic_model("perez-ruixo-2021").routes == (Route.INTRANASAL, Route.INTRAVENOUS)
    assert kinetic_model("kamp-2020").routes == (Route.INTRAVENOUS,)


def test_a_range_runs_upwards_in_one_unit() -> None:
    some = asked_ranges().age
    with pytest.raises(Inconsistent):
        Range(some.highest, some.lowest)
    with pytest.raises(Inconsistent):
        Range(some.lowest, asked_ranges().weight_kg.highest)


def test_a_number_in_per_cent_is_a_share() -> None:
    stated = asked_ranges().age.lowest
    assert Number(stated.value, Unit.PERCENT, stated.mark, stated.source).reckoned == 0.18
