"""Concentration curves of ketamine and esketamine, from published models."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from lysglimt.knowledge.dosing.weights import adult_weight
from lysglimt.knowledge.errors import Implausible, Unknown
from lysglimt.knowledge.quantities import typed_number
from lysglimt.science.kinetics.asked import (
    Asked,
    Simulated,
    asked_ranges,
    infused,
    simulated,
    sprayed,
    within,
)
from lysglimt.science.kinetics.effects import Illustration, Treated, effect_rules
from lysglimt.science.kinetics.giving import Given
from lysglimt.science.kinetics.model import (
    Ancestry,
    KineticModel,
    Route,
    default_for,
    kinetic_model,
    models,
)
from lysglimt.science.kinetics.network import Array
from lysglimt.science.kinetics.people import Person
from lysglimt.science.kinetics.picture import picture
from lysglimt.server.output import print_json


@click.group
def command() -> None:
    """Concentration curves from published models: for teaching, never for dosing a patient."""


@command.command("models")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def listed(*, as_json: bool) -> None:
    """Print every model, what it is for, and why it is not the default."""
    if as_json:
        print_json([described(one) for one in models().values()])
        return
    for one in models().values():
        purpose = one.not_default.en if one.not_default else f"default for {one.default_for[0]}"
        click.echo(f"{one.id:18} {one.sampling or 'unknown':9} {purpose}")


def described(one: KineticModel) -> Mapping[str, object]:
    """Every number of the model, with its mark and the key of its source."""
    return {
        "id": one.id,
        "version": one.version,
        "name": one.name,
        "substance": one.substance,
        "sampling": one.sampling,
        "routes": one.routes,
        "default_for": one.default_for,
        "not_default": one.not_default,
        "studied": one.studied.people,
        "notes": one.notes,
        "parameters": {
            name: {
                "value": stated.value,
                "unit": stated.unit,
                "mark": stated.mark,
                "source": stated.source.key,
            }
            for name, stated in one.parameters.items()
        },
    }


@command.command
@click.option("--model", "model_id", metavar="ID", help="Else the default for the route.")
@click.option("--dose-mg", required=True, metavar="MG", help="The whole dose.")
@click.option("--route", required=True, type=click.Choice([one.value for one in Route]))
@click.option("--weight-kg", default="70", show_default=True, metavar="KG")
@click.option("--age", default="40", show_default=True, metavar="YEARS")
@click.option(
    "--ancestry",
    type=click.Choice([one.value for one in Ancestry]),
    default=Ancestry.CAUCASIAN.value,
    show_default=True,
)
@click.option("--minutes", metavar="MIN", help="Of the infusion; between devices. [40; 5]")
@click.option("--devices", metavar="N", help="Spray devices; else as few as hold the dose.")
@click.option("--hypertension", is_flag=True, help="For the illustration of blood pressure.")
@click.option("--session", default="1", show_default=True, help="For that of dissociation.")
@click.option("--population", metavar="N", help="The band of so many made-up people.")
@click.option("--seed", default="1", show_default=True, metavar="S", help="Of their chance.")
@click.option("--plot", type=click.Path(dir_okay=False, path_type=Path), help="Write SVG.")
@click.option("--language", type=click.Choice(["nb", "en"]), default="en", help="Of the plot.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def simulate(*, plot: Path | None, language: str, as_json: bool, **given: Any) -> None:
    """The curve of a dose over a day: typical person, and band where people are asked for.

    A population model: not a measurement, and no advice on a dose for a patient.
    """
    with options_named():
        found = simulated(asked(given))
    if plot:
        plot.write_text(picture(found, language), encoding="utf-8")
    if as_json:
        print_json(document(found))
    else:
        click.echo("\n".join(lines(found)))


@contextmanager
def options_named() -> Iterator[None]:
    """A refusal names the option as it was typed."""
    try:
        yield
    except Implausible as refusal:
        facts = refusal.facts
        name = str(facts["field"]).replace("_", "-")
        raise Implausible.of(f"--{name}", facts["value"], str(facts["allowed"])) from refusal
    except Unknown as refusal:
        raise Unknown(f"--{refusal}", **refusal.facts) from refusal


def asked(given: Mapping[str, Any]) -> Asked:
    """What the options say, within what may be asked."""
    ranges = asked_ranges()
    route = Route(given["route"])
    name = given["model_id"]
    model = kinetic_model(name) if name else default_for(route)
    person = Person(
        float(adult_weight(given["weight_kg"]).value),
        within("age", number("age", given["age"], str(ranges.age)), ranges.age),
        Ancestry(given["ancestry"]),
    )
    session = whole("session", given["session"], str(ranges.session))
    within("session", session, ranges.session)
    people = given["population"]
    if people is not None:
        people = whole("population", people, str(ranges.population))
        within("population", people, ranges.population)
    return Asked(
        model,
        doses(route, model, given),
        Treated(person, given["hypertension"], session),
        people or 0,
        whole("seed", given["seed"], "0 or more"),
    )


def doses(route: Route, model: KineticModel, given: Mapping[str, Any]) -> Given:
    ranges = asked_ranges()
    minutes = given["minutes"]
    if route is Route.INTRAVENOUS:
        if given["devices"] is not None:
            raise Implausible.of("devices", given["devices"], "none with --route iv")
        allowed = ranges.minutes_iv
        usual = float(ranges.usual_minutes_iv.value)
        over = usual if minutes is None else number("minutes", minutes, str(allowed))
        return infused(number("dose_mg", given["dose_mg"], str(ranges.dose_mg_iv)), over)
    sprayable = model.devices
    holds = (
        f"{sprayable.lowest.value}-{sprayable.highest.value} mg" if sprayable else "a number"
    )
    devices = given["devices"]
    return sprayed(
        model,
        number("dose_mg", given["dose_mg"], holds),
        devices=None if devices is None else whole("devices", devices, str(ranges.devices)),
        apart=None
        if minutes is None
        else number("minutes", minutes, str(ranges.minutes_intranasal)),
    )


def number(name: str, typed: str, allowed: str) -> float:
    value = typed_number(typed)
    if value is None:
        raise Implausible.of(name, typed, allowed)
    return float(value)


def whole(name: str, typed: str, allowed: str) -> int:
    """Without a fraction, and not below nothing."""
    value = typed_number(typed)
    if value is None or value != value.to_integral_value() or value < 0:
        raise Implausible.of(name, typed, f"{allowed}, whole")
    return int(value)


def document(found: Simulated) -> Mapping[str, object]:
    """Concentrations in ng/ml, times in hours."""
    model, metabolite = found.asked.model, found.metabolite_highest
    formed = model.metabolite
    return {
        "model": model.id,
        "version": model.version,
        "label": effect_rules().label,
        "substance": model.substance,
        "sampling": model.sampling,
        "not_default": model.not_default,
        "dose_mg": found.asked.given.milligrams,
        "route": found.asked.given.route,
        "cmax_ng_ml": figure(found.highest.value),
        "tmax_h": figure(found.highest.hour),
        "auc24_ng_h_ml": figure(found.auc24),
        "metabolite": formed.name if formed else None,
        "metabolite_cmax_ng_ml": figure(metabolite.value) if metabolite else None,
        "metabolite_caution": formed.caution if formed else None,
        "times_h": [figure(hour) for hour in found.times.tolist()],
        "typical_ng_ml": column(found.typical),
        "band": band(found),
        "effects": effects(found),
        "outside_studied": found.untried,
        "notes": model.notes,
    }


def band(found: Simulated) -> Mapping[str, object] | None:
    """Where nine in ten lie, and how much they differ; None without people."""
    if found.band is None:
        return None
    return {
        "people": found.band.people,
        "seed": found.asked.seed,
        "p5": column(found.band.low),
        "p50": column(found.band.middle),
        "p95": column(found.band.high),
        "cmax_mean_ng_ml": figure(found.band.cmax.mean),
        "cmax_cv_percent": figure(found.band.cmax.cv_percent),
        "auc24_mean_ng_h_ml": figure(found.band.auc24.mean),
        "auc24_cv_percent": figure(found.band.auc24.cv_percent),
    }


UNITS = {
    "dissociation": "CADSS points",
    "systolic": "mmHg above the start",
    "diastolic": "mmHg above the start",
    "pulse": "/min above the start",
}


def effects(found: Simulated) -> Mapping[str, object]:
    """Illustrations where links were set for the model; what is known and not known, always."""
    rules = effect_rules()
    curves = found.effects or {}
    drawn: dict[str, object] = {name: effect(name, one) for name, one in curves.items()}
    if found.occupied:
        lowest, highest = found.occupied
        drawn["nmda"] = {
            "unit": "share of receptors",
            "lowest": column(lowest),
            "highest": column(highest),
        }
    return {
        "illustration": rules.label,
        "curves": drawn or None,
        "not_known": {
            "dissociation": rules.dissociation.not_known,
            "pressure": rules.pressure.not_known,
            "nmda": rules.nmda.not_known,
            "plasticity": rules.plasticity.not_known,
        },
    }


def effect(name: str, one: Illustration) -> Mapping[str, object]:
    return {
        "unit": UNITS[name],
        "typical": column(one.typical),
        "p5": None if one.low is None else column(one.low),
        "p95": None if one.high is None else column(one.high),
    }


def column(levels: Array) -> list[float]:
    return [figure(one) for one in levels.tolist()]


def figure(value: float) -> float:
    """To six decimals: more would say more than any model knows. Never minus nought."""
    return round(value, 6) + 0.0


def lines(found: Simulated) -> Iterator[str]:
    """For a reader."""
    model = found.asked.model
    yield f"{model.name.en}, {model.sampling or 'unknown'} blood, version {model.version}"
    yield effect_rules().label.en
    if model.not_default:
        yield f"Not the default: {model.not_default.en}"
    yield from (one.en for one in found.untried)
    yield f"{'highest':24} {found.highest.value:8.1f} ng/ml at {found.highest.hour * 60:.0f} min"
    yield f"{'area over 24 hours':24} {found.auc24:8.1f} ng h/ml"
    if model.metabolite and found.metabolite_highest:
        name = f"{model.metabolite.name.en}, highest"
        yield f"{name:24} {found.metabolite_highest.value:8.1f} ng/ml"
    if found.band:
        spread = found.band.cmax
        yield f"{'highest, in made-up people':24} mean {spread.mean:.1f} ng/ml, CV {spread.cv_percent:.0f} %"
