"""Reference figures, and simulations in few words."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from lysglimt.science.kinetics.curve import Curve
from lysglimt.science.kinetics.giving import Given
from lysglimt.science.kinetics.model import KineticModel, kinetic_model
from lysglimt.science.kinetics.network import Array
from lysglimt.science.kinetics.people import Person, values
from lysglimt.science.kinetics.simulate import concentration, metabolite

FIGURES: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "reference" / "kinetics.json").read_text(encoding="utf-8")
)
TYPICAL = Person()
INTRANASAL: KineticModel = kinetic_model("perez-ruixo-2021")
RACEMIC: KineticModel = kinetic_model("racemic-iv")


def curve(model: KineticModel, given: Given, person: Person = TYPICAL) -> Curve:
    return concentration(model, given, values(model, person))


def formed(model: KineticModel, given: Given, person: Person = TYPICAL) -> Curve:
    found = metabolite(model, given, values(model, person))
    assert found is not None
    return found


def at_minutes(seen: Curve, *minutes: float) -> Array:
    return seen.at(np.array(minutes) / 60)[:, 0]
