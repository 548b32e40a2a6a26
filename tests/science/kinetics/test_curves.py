"""Curves of linear networks: doses add up, nothing is lost, and an integrator agrees."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad, solve_ivp  # type: ignore[import-untyped]  # an oracle that the product does not use

from lysglimt.knowledge.errors import Implausible, Inconsistent
from lysglimt.science.kinetics.curve import Curve, Entry, amounts
from lysglimt.science.kinetics.giving import Dose, Given, infusion, sprays
from lysglimt.science.kinetics.model import KineticModel, Route, models
from lysglimt.science.kinetics.modes import modes
from lysglimt.science.kinetics.network import Array, Compartment, Flow, Network
from lysglimt.science.kinetics.people import Person, values
from lysglimt.science.kinetics.simulate import DAY, concentration, virtual_people

from .reference import INTRANASAL, RACEMIC, TYPICAL, curve, formed

TIMES = np.linspace(0, DAY, 145)
EVERY = [pytest.param(one, id=one.id) for one in models().values()]
amounts_mg = st.floats(1, 200)
minutes = st.integers(1, 120)
starts = st.integers(0, 240).map(lambda minute: minute / 60)
doses = st.builds(
    Dose, starts, st.one_of(st.just(0.0), minutes.map(lambda n: n / 60)), amounts_mg
)
by_vein = st.lists(doses, min_size=1, max_size=4).map(
    lambda some: Given(Route.INTRAVENOUS, tuple(some))
)
people = st.builds(Person, st.floats(40, 150), st.floats(18, 90))


def integrated(
    network: Network, matrix: Array, entries: Sequence[Entry], times: Array
) -> Array:
    """Every amount at those times, by a stepwise solver that knows nothing of modes."""
    place = {name: number for number, name in enumerate(network.names)}
    edges = sorted({edge for one in entries for edge in (one.start, one.end)} | {0.0})
    state, found = np.zeros(len(place)), np.zeros((len(times), len(place)))
    for start, end in pairwise([*edges, max(times[-1], edges[-1]) + 1.0]):
        drive = np.zeros(len(place))
        for one in entries:
            if one.hours == 0 and one.start == start:
                state[place[one.compartment]] += one.amount[0]
            elif one.start <= start < one.end:
                drive[place[one.compartment]] += one.amount[0] / one.hours
        inside = (times >= start) & (times < end)
        solved = solve_ivp(
            lambda _, amount, drive=drive: matrix @ amount + drive,
            (start, end),
            state,
            method="LSODA",
            rtol=1e-10,
            atol=1e-12,
            t_eval=np.append(times[inside], end),
        )
        found[inside], state = solved.y.T[:-1], solved.y[:, -1]
    return found


def entries_of(model: KineticModel, given: Given) -> list[Entry]:
    [door] = [door for door in model.doors if door.route is Route.INTRAVENOUS]
    return [
        Entry(door.into, dose.start, dose.hours, np.array([dose.milligrams]))
        for dose in given.doses
    ]


@pytest.mark.parametrize("model", EVERY)
def test_an_integrator_finds_the_same_amounts_everywhere(model: KineticModel) -> None:
    person = Person(weight_kg=82, age_years=66)
    of = values(model, person)
    doses = Given(
        Route.INTRAVENOUS,
        (Dose(0.1, 0.5, 20.0), Dose(0.8, 0.25, 10.0), Dose(1.5, 0.0, 5.0)),
    )
    entries = entries_of(model, doses)
    expected = integrated(model.network, model.network.rates(of, 1)[:, :, 0], entries, TIMES)
    for number, name in enumerate(model.network.names):
        if any(one.compartment in model.network.upstream(name).names for one in entries):
            found = amounts(model.network, of, entries, seen=name).at(TIMES)[:, 0]
            assert found == pytest.approx(expected[:, number], rel=1e-6, abs=1e-8), name


def test_an_integrator_finds_the_same_after_three_devices() -> None:
    of = values(INTRANASAL, TYPICAL)
    given = sprays(84, 3, 5)
    nose = [0.54, 0.54 * 0.62, 0.54 * 0.62]
    entries = [
        entry
        for dose, share in zip(given.doses, nose, strict=True)
        for entry in (
            Entry("nose", dose.start, 0.0, np.array([28 * share])),
            Entry("gut", dose.start, 0.53, np.array([28 * (1 - share) * 0.64])),
        )
    ]
    matrix = INTRANASAL.network.rates(of, 1)[:, :, 0]
    expected = integrated(INTRANASAL.network, matrix, entries, TIMES)
    place = INTRANASAL.network.names.index
    for found, name, volume in (
        (curve(INTRANASAL, given), "central", 192.0),
        (formed(INTRANASAL, given), "noresketamine", 70.0),
    ):
        level = 1000 * expected[:, place(name)] / volume
        assert found.at(TIMES)[:, 0] == pytest.approx(level, rel=1e-6, abs=1e-7)


def test_an_integrator_finds_the_same_behind_the_blood() -> None:
    """An effect site follows the concentration, and takes nothing of it away."""
    of = values(INTRANASAL, TYPICAL)
    given = infusion(28, 40)
    blood = concentration(INTRANASAL, given, of)
    behind = concentration(INTRANASAL, given, of, lagging=8.3)
    solved = solve_ivp(
        lambda hour, level: 8.3 * (blood.at(np.array([hour]))[0] - level),
        (0, 4),
        [0.0],
        max_step=0.02,
        rtol=1e-8,
        t_eval=[0.25, 0.6, 1.0, 4.0],
    )
    assert behind.at(solved.t)[:, 0] == pytest.approx(solved.y[0], rel=1e-4)


@pytest.mark.parametrize("model", EVERY)
@given(by_vein, by_vein)
def test_doses_add_up(model: KineticModel, one: Given, other: Given) -> None:
    both = Given(Route.INTRAVENOUS, one.doses + other.doses)
    apart = curve(model, one).at(TIMES) + curve(model, other).at(TIMES)
    assert curve(model, both).at(TIMES) == pytest.approx(apart, rel=1e-7, abs=1e-7)


@given(by_vein, st.floats(0.1, 10))
def test_so_many_times_the_dose_is_so_many_times_the_level(given: Given, factor: float) -> None:
    more = Given(
        given.route,
        tuple(Dose(one.start, one.hours, one.milligrams * factor) for one in given.doses),
    )
    once, multiplied = curve(RACEMIC, given), curve(RACEMIC, more)
    assert multiplied.at(TIMES) == pytest.approx(factor * once.at(TIMES), rel=1e-9, abs=1e-9)
    assert multiplied.area(DAY) == pytest.approx(factor * once.area(DAY), rel=1e-9)


@pytest.mark.parametrize("model", EVERY)
@given(by_vein, people, st.floats(0.5, 24))
def test_what_was_given_is_in_the_body_or_has_left_it(
    model: KineticModel, given: Given, person: Person, hour: float
) -> None:
    network, of = model.network, values(model, person)
    entries = entries_of(model, given)
    matrix = network.rates(of, 1)[:, :, 0]
    inside = left = 0.0
    for number, name in enumerate(network.names):
        if not any(one.compartment in network.upstream(name).names for one in entries):
            continue
        held = amounts(network, of, entries, seen=name)
        inside += held.at(np.array([hour]))[0, 0]
        left += -matrix[:, number].sum() * held.area(hour)[0]
    assert inside + left == pytest.approx(given.delivered(hour), rel=1e-6, abs=1e-6)


@given(st.floats(1, 100), minutes, st.lists(minutes, max_size=6), st.data())
def test_what_is_delivered_never_falls_and_a_pause_loses_nothing(
    milligrams: float, over: int, lengths: list[int], data: st.DataObject
) -> None:
    pauses, at = [], 0
    for length in lengths:
        at += data.draw(minutes)
        pauses.append((float(at), float(at + length)))
        at += length
    paused = infusion(milligrams, over, pauses)
    whole = infusion(milligrams, over)
    hours = np.arange(0, 24.5, 0.05)
    by_hour = [paused.delivered(hour) for hour in hours]
    assert all(later >= earlier - 1e-9 for earlier, later in pairwise(by_hour))
    assert by_hour[0] == 0
    assert by_hour[-1] == pytest.approx(milligrams) == pytest.approx(paused.milligrams)
    assert all(
        part <= whole.delivered(hour) + 1e-9 for part, hour in zip(by_hour, hours, strict=True)
    )


def test_a_pause_moves_the_rest_later_and_the_level_falls_meanwhile() -> None:
    paused = infusion(40, 40, [(20, 30)])
    assert [(one.start * 60, one.hours * 60, one.milligrams) for one in paused.doses] == [
        (0, 20, 20),
        (30, 20, 20),
    ]
    level = curve(RACEMIC, paused).at(np.array([20, 30, 50]) / 60)[:, 0]
    assert level[1] < level[0] < level[2]
    assert level[2] < curve(RACEMIC, infusion(40, 40)).at(np.array([40 / 60]))[0, 0]


@pytest.mark.parametrize(
    ("pauses", "running"),
    [
        pytest.param([(0, 10)], [(10, 50)], id="before it has begun to run"),
        pytest.param([(40, 50)], [(0, 40)], id="at its end"),
        pytest.param([(30, 40), (10, 20)], [(0, 10), (20, 30), (40, 60)], id="in any order"),
    ],
)
def test_a_pause_may_come_at_any_minute(
    pauses: list[tuple[float, float]], running: list[tuple[float, float]]
) -> None:
    doses = infusion(40, 40, pauses).doses
    assert [
        (round(one.start * 60), round((one.start + one.hours) * 60)) for one in doses
    ] == running


@pytest.mark.parametrize("pauses", [[(20, 10)], [(-5, 10)], [(10, 20), (15, 30)]])
def test_pauses_that_cannot_be_are_refused(pauses: list[tuple[float, float]]) -> None:
    with pytest.raises(Implausible):
        infusion(40, 40, pauses)


def test_a_route_that_the_model_does_not_know_is_refused() -> None:
    with pytest.raises(Implausible, match="allowed is iv with racemic-iv"):
        curve(RACEMIC, sprays(56, 2, 5))


def test_a_negative_dose_is_refused() -> None:
    with pytest.raises(Implausible):
        Dose(0, 1, -5)


@given(by_vein)
def test_the_area_is_that_below_the_curve(given: Given) -> None:
    blood = curve(INTRANASAL, given)
    edges = sorted({0.0, *blood.edges, 6.0})
    below = sum(
        quad(lambda hour: blood.at(np.array([hour]))[0, 0], start, end, limit=200)[0]
        for start, end in pairwise(edges)
        if end <= 6
    )
    assert blood.area(6.0)[0] == pytest.approx(below, rel=1e-6)


@given(by_vein, st.floats(0.01, 0.3), st.integers(20, 200))
def test_an_even_row_of_times_gives_what_each_time_gives(
    given: Given, step: float, count: int
) -> None:
    times: Array = step * np.arange(count, dtype=np.float64)
    blood = curve(RACEMIC, given)
    alone = np.concatenate([blood.at(times[n : n + 1]) for n in range(count)])
    assert blood.at(times) == pytest.approx(alone, rel=1e-9, abs=1e-9)


def test_people_in_a_block_are_reckoned_each_for_himself() -> None:
    [block] = virtual_people(INTRANASAL, TYPICAL, people=7, seed=3)
    given = sprays(56, 2, 5)
    together = concentration(INTRANASAL, given, block).at(TIMES)
    for number in range(7):
        of = {name: value[number : number + 1] for name, value in block.items()}
        alone = concentration(INTRANASAL, given, of).at(TIMES)[:, 0]
        assert together[:, number] == pytest.approx(alone, rel=1e-8, abs=1e-9)


@settings(max_examples=40)
@given(st.integers(1, 6), st.data())
def test_a_chain_of_any_length_agrees_with_an_integrator(
    size: int, data: st.DataObject
) -> None:
    """One after another, and back again from each: more shapes than the models have."""
    names = [f"c{n}" for n in range(size)]
    tenths = data.draw(
        st.lists(st.integers(1, 300), min_size=2 * size, max_size=2 * size, unique=True)
    )
    speeds = [np.array([number / 10]) for number in tenths]
    of = {f"k{n}": speeds[n] for n in range(size)}
    of |= {f"b{n}": speeds[size + n] for n in range(size)}
    flows = [Flow(names[-1], rate="k0")]
    for number in range(size - 1):
        flows.append(Flow(names[number], names[number + 1], rate=f"k{number + 1}"))
        if data.draw(st.booleans()):
            flows.append(Flow(names[number + 1], names[number], rate=f"b{number + 1}"))
    network = Network(tuple(Compartment(name) for name in names), tuple(flows))
    entries = [Entry("c0", 0.0, 1.0, np.array([10.0])), Entry("c0", 2.0, 0.0, np.array([5.0]))]
    times = np.array([0.3, 1.0, 1.7, 2.5, 6.0])
    expected = integrated(network, network.rates(of, 1)[:, :, 0], entries, times)
    found = amounts(network, of, entries, seen=names[-1]).at(times)[:, 0]
    assert found == pytest.approx(expected[:, -1], rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("size", [2, 3, 4])
def test_steps_of_one_speed_are_told_apart_well_enough(size: int) -> None:
    """The modes of equal rates fall together; the answer is t^n e^-kt all the same."""
    names = [f"c{n}" for n in range(size)]
    flows = [Flow(one, other, rate="k") for one, other in pairwise(names)]
    network = Network(
        tuple(Compartment(name) for name in names), (*flows, Flow(names[-1], rate="k"))
    )
    of = {"k": np.array([1.5, 1.5])}
    entry = Entry("c0", 0.0, 0.0, np.array([1.0, 1.0]))
    times = np.array([0.2, 1.0, 3.0])
    found = amounts(network, of, [entry], seen=names[-1]).at(times)
    power = size - 1
    factorial = float(np.prod(np.arange(1, size)))
    expected = (1.5 * times) ** power * np.exp(-1.5 * times) / factorial
    assert np.abs(found[:, 0] - expected).max() < 1e-3 * expected.max()


def test_a_ring_that_swings_is_refused() -> None:
    ring = np.array(
        [[-1.0, 0, 0, 0.9], [1.0, -1.0, 0, 0], [0, 1.0, -1.0, 0], [0, 0, 1.0, -1.0]]
    )[:, :, None]
    with pytest.raises(Inconsistent, match="swing"):
        modes(ring, 0, [0])


def test_before_the_first_dose_there_is_nothing() -> None:
    late = Given(Route.INTRAVENOUS, (Dose(2.0, 0.5, 30.0),))
    seen = curve(RACEMIC, late).at(np.array([0.0, 1.0, 1.999, 2.25]))[:, 0]
    assert seen[:3].tolist() == [0, 0, 0]
    assert seen[3] > 0
    assert curve(RACEMIC, late).area(1.5)[0] == 0
    assert isinstance(curve(RACEMIC, late) + curve(RACEMIC, late), Curve)
