"""100,000 people x 200 times, NumPy alone, at least 150 times deSolve with compiled C.

    python -m benchmarks.kinetics [PEOPLE]

Per processor second, in one run: two compartments, an infusion of 40 minutes, a day in 200 steps.
The error beside each is the largest distance from an integrator at its finest, as a share of the
peak. One block of people is in memory at a time.
"""

import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
from scipy.integrate import solve_ivp  # type: ignore[import-untyped]  # an oracle that the product does not use

from benchmarks.conditions import say, stated
from lysglimt.science.kinetics.curve import Entry, amounts
from lysglimt.science.kinetics.giving import infusion, sprays
from lysglimt.science.kinetics.model import kinetic_model
from lysglimt.science.kinetics.network import Array, Compartment, Flow, Network, Values
from lysglimt.science.kinetics.people import Person
from lysglimt.science.kinetics.simulate import BLOCK, concentration, virtual_people
from tools.machine import advice, missing

TIMES_FASTER = 150
PEOPLE, BESIDE, FINEST, ROUNDS = 100_000, 2_000, 40, 3
TIMES = np.linspace(0, 24, 200)
HERE = Path(__file__).parent
DOSE, HOURS = 35.0, 40 / 60
NETWORK = Network(
    (Compartment("central", "V1"), Compartment("deep", "V2")),
    (Flow("central", clearance="CL"), Flow("central", "deep", clearance="Q", both_ways=True)),
)
TYPICAL = {"CL": 80.0, "V1": 122.7, "Q": 137.0, "V2": 166.6}


@dataclass(frozen=True, slots=True)
class Taken:
    """People in so many processor seconds, and the levels of the first of them."""

    people: int
    seconds: float
    levels: Array

    @property
    def each_second(self) -> float:
        return self.people / self.seconds


def everybody(people: int) -> Values:
    """Each parameter spread by 30 per cent, from one seed."""
    chance = np.random.default_rng(1)
    return {
        name: value * np.exp(0.3 * chance.standard_normal(people))
        for name, value in TYPICAL.items()
    }


def blocks(of: Values, people: int) -> Iterator[Values]:
    for first in range(0, people, BLOCK):
        yield {name: value[first : first + BLOCK] for name, value in of.items()}


def seen(of: Values) -> Array:
    entry = Entry("central", 0.0, HOURS, np.full(len(of["V1"]), DOSE))
    return amounts(NETWORK, of, [entry], seen="central").times(1000 / of["V1"]).at(TIMES)


def ours(of: Values, people: int) -> Taken:
    """Every level of everybody is reckoned; the first block's are kept to be compared."""
    first, areas = np.empty(0), 0.0
    began = time.process_time()
    for block in blocks(of, people):
        levels = seen(block)
        areas += float(levels[-1].sum())
        first = levels if not len(first) else first
    return Taken(people, time.process_time() - began, first)


def finest(of: Values, person: int) -> Array:
    """One person by an integrator at its finest, stopped where the infusion stops."""
    one = {name: float(value[person]) for name, value in of.items()}
    matrix = np.array(
        [
            [-(one["CL"] + one["Q"]) / one["V1"], one["Q"] / one["V2"]],
            [one["Q"] / one["V1"], -one["Q"] / one["V2"]],
        ]
    )
    levels, state = np.zeros(len(TIMES)), np.zeros(2)
    for start, end, rate in ((0.0, HOURS, DOSE / HOURS), (HOURS, 24.0, 0.0)):
        inside = (start <= TIMES) & (end >= TIMES)
        drive = np.array([rate, 0.0])
        solved = solve_ivp(
            lambda _, amount, drive=drive: matrix @ amount + drive,
            (start, end),
            state,
            method="DOP853",
            rtol=1e-13,
            atol=1e-14,
            t_eval=np.append(TIMES[inside], end) if TIMES[inside][-1] < end else TIMES[inside],
        )
        levels[inside], state = solved.y[0][: inside.sum()], solved.y[:, -1]
    exact: Array = 1000 * levels / one["V1"]
    return exact


def by_scipy(of: Values, people: int) -> Taken:
    """Person by person with LSODA from SciPy, as one would in a notebook."""
    began, levels = time.process_time(), []
    for person in range(people):
        cl, v1, q, v2 = (float(of[name][person]) for name in ("CL", "V1", "Q", "V2"))

        def change(
            hour: float,
            held: Array,
            *,
            cl: float = cl,
            v1: float = v1,
            q: float = q,
            v2: float = v2,
        ) -> list[float]:
            infused = DOSE / HOURS if hour < HOURS else 0.0
            return [
                infused - (cl + q) / v1 * held[0] + q / v2 * held[1],
                q / v1 * held[0] - q / v2 * held[1],
            ]

        solved = solve_ivp(
            change, (0, 24), [0.0, 0.0], method="LSODA", rtol=1e-6, atol=1e-6, t_eval=TIMES
        )
        levels.append(1000 * solved.y[0] / v1)
    return Taken(people, time.process_time() - began, np.array(levels).T)


def by_desolve(of: Values, people: int, folder: Path) -> Taken:
    rate = np.full(people, DOSE / HOURS)
    columns = [of[name][:people] for name in ("CL", "V1", "Q", "V2")]
    table = np.column_stack([*columns, rate, np.full(people, HOURS)])
    np.savetxt(
        folder / "people.csv", table, delimiter=",", header="cl,v1,q,v2,rate,until", comments=""
    )
    script = str(HERE / "two_compartments.R")
    told = subprocess.run(
        ["Rscript", "--vanilla", script, str(folder), str(len(TIMES))],
        check=True,
        capture_output=True,
        text=True,
    )
    levels = np.fromfile(folder / "seen.bin").reshape(people, len(TIMES)).T
    return Taken(people, float(told.stdout.split()[-1]), levels)


def compiled(folder: Path) -> None:
    source, target = HERE / "two_compartments.c", folder / "two_compartments.so"
    subprocess.run(
        ["cc", "-O2", "-shared", "-fPIC", "-o", str(target), str(source)], check=True
    )


def error(taken: Taken, exact: Array) -> float:
    """The largest distance from the finest, as a share of each one's peak."""
    count = min(exact.shape[1], taken.levels.shape[1])
    apart = np.abs(taken.levels[:, :count] - exact[:, :count]).max(axis=0)
    return float((apart / exact[:, :count].max(axis=0)).max())


def line(name: str, taken: Taken, exact: Array, *, beside: float) -> str:
    return (
        f"{name:34} {taken.each_second:12,.0f} people/CPU-s  x{taken.each_second / beside:8.1f}"
        f"  error {error(taken, exact):.1e}"
    )


def largest_in_memory(of: Values) -> float:
    """Megabytes at the highest while 20,000 people are reckoned."""
    tracemalloc.start()
    ours(of, 20_000)
    _, highest = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return highest / 1e6


def shipped() -> Iterator[str]:
    """The defaults of the product, which have more compartments; beside no peer."""
    cases = (("racemic-iv", infusion(35, 40)), ("perez-ruixo-2021", sprays(84, 3, 5)))
    for name, given in cases:
        model, people = kinetic_model(name), 20_000
        began = time.process_time()
        for of in virtual_people(model, Person(), people=people, seed=1):
            concentration(model, given, of).at(TIMES)
        taken = people / (time.process_time() - began)
        yield f"{name:34} {taken:12,.0f} people/CPU-s, people drawn included"


def main() -> int:
    """1 when it is slower than promised, or cannot be measured here."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE
    if missing(["desolve"]):
        say(f"NOT MEASURED: {advice('desolve')}")
        return 1
    of = everybody(people)
    with (
        stated(f"{people:,} people x 200 times, {TIMES_FASTER} times deSolve with compiled C"),
        tempfile.TemporaryDirectory() as kept,
    ):
        compiled(Path(kept))
        exact = np.column_stack([finest(of, person) for person in range(FINEST)])
        seen(next(blocks(of, people)))
        rounds = [(ours(of, people), by_desolve(of, BESIDE, Path(kept))) for _ in range(ROUNDS)]
        mine, peer = (
            sorted(each, key=lambda one: one.seconds)[ROUNDS // 2]
            for each in zip(*rounds, strict=True)
        )
        factor = median(one.each_second / other.each_second for one, other in rounds)
        say(line("deSolve lsoda, compiled C", peer, exact, beside=peer.each_second))
        say(
            line(
                "SciPy solve_ivp, LSODA",
                by_scipy(of, FINEST * 5),
                exact,
                beside=peer.each_second,
            )
        )
        say(line("lysglimt, NumPy alone", mine, exact, beside=peer.each_second))
        say(f"in memory at most {largest_in_memory(of):.0f} MB beside the parameters")
        for told in shipped():
            say(told)
    kept_it = factor >= TIMES_FASTER and error(mine, exact) < 1e-6
    say(f"kept: x{factor:.0f}" if kept_it else f"BROKEN: x{factor:.0f}")
    return 0 if kept_it else 1


if __name__ == "__main__":
    sys.exit(main())
