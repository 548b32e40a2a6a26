"""The reckoned concentration beside what is measured: of what was delivered so far, for teaching."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from math import floor

import numpy as np
from django.utils.translation import get_language, gettext

from lysglimt.clinic.design.charts import Scene, SessionPicture
from lysglimt.clinic.design.charts.scene import (
    Box,
    Curve,
    Label,
    Line,
    Scale,
    stacked,
    unbroken,
)
from lysglimt.clinic.design.charts.vitals_trend import LEFT, RIGHT, WIDTH, minutes_across
from lysglimt.clinic.design.numerals import numeral
from lysglimt.clinic.treatment.history import protocol_of
from lysglimt.knowledge.dosing.delivery import Delivery
from lysglimt.knowledge.dosing.devices import of_devices
from lysglimt.science.kinetics.asked import untried
from lysglimt.science.kinetics.giving import Dose, Given
from lysglimt.science.kinetics.model import KineticModel, Route, default_for
from lysglimt.science.kinetics.network import Array
from lysglimt.science.kinetics.people import Person
from lysglimt.science.kinetics.picture import nice_step
from lysglimt.science.kinetics.simulate import Band, population, virtual_people

from .sheet import Sheet

SUBSTANCES = {Route.INTRAVENOUS: "N01AX03", Route.INTRANASAL: "N06AX27"}
"""The model of each route is of this substance: beside another nothing is drawn."""
PEOPLE, SEED = 256, 1
"""Made-up people in the band, always the same ones."""
TOP, FLOOR, HEIGHT = 34, 150, 190
STEPS = (1, 2, 5, 10, 15, 30, 60)
"""Minutes between the points; as few points as draw it well."""
POINTS = 120
ROWS = 12
HOUR = timedelta(hours=1)


def concentration(sheet: Sheet, picture: SessionPicture | None) -> Scene | None:
    """None where nothing was given, or the model is of another substance or of smaller doses."""
    route = Route.INTRANASAL if sheet.nasal else Route.INTRAVENOUS
    product = protocol_of(sheet.session.course).product
    if picture is None or product.atc != SUBSTANCES[route]:
        return None
    model = default_for(route)
    given = Given(route, tuple(sprayed(sheet) if sheet.nasal else infused(sheet)))
    if not given.doses or beyond(model, given):
        return None
    last = picture.last_minute if picture.now is None else max(picture.now, 1)
    minutes, person = grid(last), in_the_chair(sheet)
    blocks = virtual_people(model, person, people=PEOPLE, seed=SEED)
    band = population(blocks, model, given, times=minutes / 60)
    return drawn(picture, given, band, minutes=minutes, notes=tuple(said(model, person)))


def in_the_chair(sheet: Sheet) -> Person:
    """By nose nobody is weighed for the dose, and the model does not ask for it."""
    age = float(sheet.age)
    return Person(float(sheet.order.weight_kg), age) if sheet.order else Person(age_years=age)


def infused(sheet: Sheet) -> Iterator[Dose]:
    if sheet.delivery is not None and sheet.order is not None:
        yield from delivered(sheet.delivery, until=sheet.now)


def sprayed(sheet: Sheet) -> Iterator[Dose]:
    """Each device from when it was in both nostrils; one that was lost went into nobody."""
    start, each = sheet.started, float(of_devices(1).value)
    for number, one in enumerate(sheet.devices.given, start=1):
        if start is not None and one.at <= sheet.now:
            yield Dose((one.at - start) / HOUR, 0.0, each, number)


def beyond(model: KineticModel, given: Given) -> bool:
    """More than the model was ever made of: it has nothing to say of that."""
    return bool(model.devices and given.milligrams > model.devices.highest.reckoned)


def grid(last: int) -> Array:
    step = next((one for one in STEPS if last / one <= POINTS), STEPS[-1])
    return np.append(np.arange(0, last, step, dtype=np.float64), float(last))


def delivered(delivery: Delivery, *, until: datetime) -> Iterator[Dose]:
    """Each stretch at one rate, until the planned volume is out: a pause is a gap between two."""
    strength = float(delivery.plan.order.concentration.value)
    left = float(delivery.plan.volume.value) * strength
    for segment in delivery.segments(until):
        hours = (segment.end - segment.start) / HOUR
        amount = float(segment.rate.value) * hours * strength
        if amount <= 0 or left <= 0:
            continue
        share = min(1.0, left / amount)
        left -= amount * share
        yield Dose((segment.start - delivery.started) / HOUR, hours * share, amount * share)


def said(model: KineticModel, person: Person) -> Iterator[str]:
    """First of all what it is not."""
    language = get_language() or "nb"
    yield gettext("Population model, not a measurement, never a dose.")
    yield gettext("Model: %(name)s.") % {"name": model.name.in_language(language)}
    yield from (one.in_language(language) for one in (*model.notes, *untried(model, person)))
    if model.ancestry:
        yield gettext(
            "Ancestry is not recorded: reckoned as for those whom the paper calls Caucasian. "
            "In Asian people the model gives higher levels."
        )


def drawn(
    picture: SessionPicture,
    given: Given,
    band: Band,
    *,
    minutes: Array,
    notes: tuple[str, ...],
) -> Scene:
    across = minutes_across(picture)
    step = nice_step(float(band.high.max()))
    highest = round(step * (floor(float(band.high.max()) / step) + 1))
    up = Scale(0, highest, FLOOR, TOP)
    ticks = [round(step * n) for n in range(round(highest / step) + 1)]
    return Scene(
        name="concentration",
        width=WIDTH,
        height=HEIGHT,
        title=titled(given.route),
        description=" ".join(notes),
        columns=(
            gettext("Minute"), gettext("Delivered (mg)"), gettext("Middle (ng/ml)"),
            gettext("Nine in ten (ng/ml)"),
        ),
        rows=tuple(rows(given, band, minutes)),
        boxes=tuple(pauses(picture, across)),
        lines=(
            *(Line(LEFT, up(tick), RIGHT, up(tick), "axis") for tick in ticks),
            *now(picture, across),
        ),
        curves=(
            *line(band.low, minutes, "edge-of-band", across=across, up=up),
            *line(band.high, minutes, "edge-of-band", across=across, up=up),
            *line(band.middle, minutes, "curve", across=across, up=up),
        ),
        labels=(
            Label(4, TOP - 14, measured(given.route), "value"),
            *(Label(LEFT - 6, up(tick) + 4, str(tick), anchor="end") for tick in ticks),
            *stacked(clock(picture, across), WIDTH, lanes=1),
        ),
    )  # fmt: skip


def titled(route: Route) -> str:
    if route is Route.INTRANASAL:
        return gettext("Predicted esketamine in the blood, of the devices given so far")
    return gettext("Predicted ketamine in the blood, of what was delivered so far")


def measured(route: Route) -> str:
    if route is Route.INTRANASAL:
        return gettext("Predicted esketamine (ng/ml)")
    return gettext("Predicted ketamine (ng/ml)")


def pauses(picture: SessionPicture, across: Scale) -> Iterator[Box]:
    for start, end in picture.pauses:
        width = max(across(end) - across(start), 2)
        yield Box(across(start), TOP, width, FLOOR - TOP, "pause")


def now(picture: SessionPicture, across: Scale) -> Iterator[Line]:
    if picture.now is not None:
        yield Line(across(picture.now), TOP, across(picture.now), FLOOR, "today")


def line(
    levels: Array, minutes: Array, kind: str, *, across: Scale, up: Scale
) -> tuple[Curve, ...]:
    at = zip(minutes, levels, strict=True)
    return unbroken([(across(float(minute)), up(float(level))) for minute, level in at], kind)


def clock(picture: SessionPicture, across: Scale) -> Iterator[Label]:
    end = picture.last_minute
    step = next(one for one in (5, 10, 15, 30, 60, 120, 1440) if end // one <= 12)
    for minute in range(0, end + 1, step):
        words = f"{minute} min" if minute == 0 else numeral(Decimal(minute))
        yield Label(across(minute), FLOOR + 22, words, "", "middle")


def rows(given: Given, band: Band, minutes: Array) -> Iterator[tuple[str, ...]]:
    """So few that they are read; the last is always there."""
    stride = max(1, len(minutes) // ROWS)
    for place in sorted({*range(0, len(minutes), stride), len(minutes) - 1}):
        low, middle, high = (
            f"{float(part[place]):.0f}" for part in (band.low, band.middle, band.high)
        )
        amount = numeral(Decimal(f"{given.delivered(float(minutes[place]) / 60):.1f}"))
        yield (f"{minutes[place]:.0f}", amount, middle, f"{low}–{high}")
