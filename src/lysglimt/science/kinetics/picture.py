"""The curve of a simulation as a picture that stands alone: SVG with its words and units."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import floor, log10
from xml.sax.saxutils import escape, quoteattr

from lysglimt.knowledge.text import Text

from .asked import Simulated
from .effects import effect_rules
from .model import Route
from .network import Array

WIDTH, HEIGHT = 760, 460
LEFT, RIGHT, TOP, FLOOR = 70, 736, 84, 356
HOURS = 4.0
INK, QUIET, LINE, ACCENT, PALE = "#1b2733", "#51606e", "#dbe2e8", "#0062ba", "#cfe2f5"

WORDS: Mapping[str, Text] = {
    "title": Text(
        nb="{substance} i blodet etter {dose} mg {route}",
        en="{substance} in the blood after {dose} mg {route}",
    ),
    "iv": Text(nb="i blodåre", en="by vein"),
    "intranasal": Text(nb="i nesen", en="into the nose"),
    "model": Text(nb="Modell: {name}, {sampling}", en="Model: {name}, {sampling}"),
    "venous": Text(nb="blod fra vene", en="venous blood"),
    "arterial": Text(nb="blod fra arterie", en="arterial blood"),
    "unknown": Text(
        nb="ukjent om fra vene eller arterie", en="not known if venous or arterial"
    ),
    "peak": Text(
        nb="typisk person: høyest {cmax} ng/ml etter {minutes} min",
        en="typical person: highest {cmax} ng/ml at {minutes} min",
    ),
    "band": Text(
        nb="bånd: 5 til 95 prosent av {people} tenkte personer",
        en="band: 5 to 95 per cent of {people} made-up people",
    ),
    "alone": Text(
        nb="uten bånd: bare den typiske personen", en="no band: the typical person alone"
    ),
    "hours": Text(nb="timer fra start", en="hours from the start"),
    "given": Text(nb="gitt", en="given"),
}


@dataclass(frozen=True, slots=True)
class Frame:
    """From hours and concentrations to places in the picture."""

    highest: float

    def x(self, hour: float) -> float:
        return LEFT + (RIGHT - LEFT) * hour / HOURS

    def y(self, level: float) -> float:
        return FLOOR - (FLOOR - TOP) * level / self.highest

    def points(self, times: Array, levels: Array) -> list[str]:
        return [
            f"{self.x(float(hour)):.1f},{self.y(float(level)):.1f}"
            for hour, level in zip(times, levels, strict=True)
        ]


def picture(simulated: Simulated, language: str) -> str:
    """A document of its own. Whoever does not see it is told the same by title and description."""
    step = nice_step(_highest(simulated))
    frame = Frame(step * (floor(_highest(simulated) / step) + 1))
    title = said("title", language, **_given(simulated, language))
    lines = tuple(_lines(simulated, language))
    label = effect_rules().label.in_language(language)
    body = [
        _opening(language),
        f'<title id="title">{escape(title)}</title>',
        f'<desc id="description">{escape(". ".join((*lines, label)))}</desc>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        text(LEFT, 26, title, size=17, colour=INK),
        *(text(LEFT, 46 + 17 * n, line) for n, line in enumerate(lines[:2])),
        *_axes(frame, step, language),
        *_curves(simulated, frame),
        *_doses(simulated, frame, language),
        *(text(LEFT, 422 + 16 * n, line) for n, line in enumerate(_folded(label))),
        text(RIGHT, 63, lines[2], anchor="end"),
        "</svg>",
    ]
    return "\n".join(body) + "\n"


def _opening(language: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'lang={quoteattr(language)} aria-labelledby="title description" '
        'font-family="Inter, system-ui, sans-serif" font-size="13">'
    )


def said(words: str, language: str, **facts: object) -> str:
    return WORDS[words].filled(**facts).in_language(language)


def nice_step(highest: float) -> float:
    """Of the ticks: 1, 2 or 5 times a power of ten, so that there are four to nine."""
    rough = highest / 4
    power: float = 10 ** floor(log10(rough))
    return max(factor * power for factor in (1, 2, 5) if factor * power <= rough)


def _highest(simulated: Simulated) -> float:
    top = simulated.highest.value
    return max(top, float(simulated.band.high.max())) if simulated.band else top


def _given(simulated: Simulated, language: str) -> Mapping[str, str]:
    asked = simulated.asked
    substance = asked.model.substance.in_language(language)
    return {
        "substance": substance[0].upper() + substance[1:],
        "dose": f"{asked.given.milligrams:g}",
        "route": said(asked.given.route.value, language),
    }


def _lines(simulated: Simulated, language: str) -> Iterator[str]:
    model = simulated.asked.model
    name = model.name.in_language(language)
    blood = said(model.sampling.value if model.sampling else "unknown", language)
    yield said("model", language, name=name, sampling=blood)
    cmax, minutes = simulated.highest.value, simulated.highest.hour * 60
    yield said("peak", language, cmax=f"{cmax:.0f}", minutes=f"{minutes:.0f}")
    people = simulated.band.people if simulated.band else None
    yield said("band", language, people=people) if people else said("alone", language)


def text(
    x: float,
    y: float,
    words: str,
    *,
    size: int = 13,
    colour: str = QUIET,
    anchor: str = "start",
) -> str:
    return (
        f'<text x="{x:.0f}" y="{y:.0f}" font-size="{size}" fill="{colour}" '
        f'text-anchor="{anchor}">{escape(words)}</text>'
    )


def _line(ends: Sequence[float], colour: str, width: float) -> str:
    x1, y1, x2, y2 = (f"{end:.1f}" for end in ends)
    return f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{colour}" stroke-width="{width}"/>'


def _axes(frame: Frame, step: float, language: str) -> Iterator[str]:
    """Levels with their unit, and hours."""
    for number in range(round(frame.highest / step) + 1):
        y = frame.y(number * step)
        yield _line((LEFT, y, RIGHT, y), LINE, 1)
        yield text(LEFT - 8, y + 4, _tick(number * step, language), anchor="end")
    yield text(LEFT - 8, TOP - 12, "ng/ml", anchor="end")
    for number in range(int(HOURS * 2) + 1):
        x = frame.x(number / 2)
        yield _line((x, FLOOR, x, FLOOR + 5), QUIET, 1)
        yield text(x, FLOOR + 20, _tick(number / 2, language), anchor="middle")
    yield text(RIGHT, FLOOR + 38, said("hours", language), anchor="end")


def _tick(number: float, language: str) -> str:
    written = f"{number:g}"
    return written.replace(".", ",") if language == "nb" else written


def _curves(simulated: Simulated, frame: Frame) -> Iterator[str]:
    """The band below, the typical person above it."""
    shown = simulated.times <= HOURS
    times = simulated.times[shown]
    if band := simulated.band:
        there = frame.points(times, band.high[shown])
        back = frame.points(times, band.low[shown])[::-1]
        yield f'<polygon points="{" ".join(there + back)}" fill="{PALE}"/>'
    points = " ".join(frame.points(times, simulated.typical[shown]))
    yield f'<polyline points="{points}" fill="none" stroke="{ACCENT}" stroke-width="2.5"/>'


def _doses(simulated: Simulated, frame: Frame, language: str) -> Iterator[str]:
    """A bar while the pump ran, a short mark for each device."""
    given = simulated.asked.given
    for dose in (one for one in given.doses if one.start < HOURS):
        start, end = frame.x(dose.start), frame.x(min(dose.start + dose.hours, HOURS))
        width = max(end - start, 3 if given.route is Route.INTRANASAL else 2)
        yield (
            f'<rect x="{start:.1f}" y="{FLOOR + 26}" width="{width:.1f}" height="8" fill="{INK}"/>'
        )
    yield text(LEFT - 8, FLOOR + 34, said("given", language), anchor="end")


def _folded(words: str, longest: int = 100) -> Iterator[str]:
    """In lines that fit the picture."""
    line = ""
    for word in words.split():
        if line and len(line) + len(word) >= longest:
            yield line
            line = ""
        line = f"{line} {word}".strip()
    yield line
