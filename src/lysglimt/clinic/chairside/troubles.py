"""What is not as it should be at a chair, for those who are not beside it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import get_language, gettext

from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.monitoring.limits import Light, Outside, limits
from lysglimt.knowledge.monitoring.start_gate import told_at_once
from lysglimt.knowledge.text import Text
from lysglimt.knowledge.verdict import Standing

from .ribbon import ribbon
from .sheet import Sheet, Stage
from .showing import at_clock, due, stop_due
from .starts import not_let_through

OUT_OF_STEP = {"paused", "broken"}
"""What the ribbon calls a step that did not go as a step goes."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """``late`` asks for somebody now, ``red`` for a doctor; the rest is to be known."""

    words: str
    late: bool = False
    red: bool = False


def troubles(sheet: Sheet, *, judged: bool) -> tuple[Trouble, ...]:
    """By the rules of the session page, what asks for somebody first.

    Unjudged, as in journal mode, no reading is judged and no observation awaited. A chart that
    contradicts itself is said to do so: it must not hide the other chairs.
    """
    try:
        found = tuple(found_amiss(sheet, judged=judged))
    except ClinicalError:
        return (Trouble(gettext("The chart contradicts itself: open the session"), late=True),)
    return tuple(sorted(found, key=lambda one: not one.late))


def found_amiss(sheet: Sheet, *, judged: bool) -> Iterator[Trouble]:
    yield from out_of_step(sheet, judged=judged)
    if not_let_through(sheet.pump) and sheet.stage is not Stage.LEFT:
        yield Trouble(
            gettext("Started, though the start check did not let it through"), late=True
        )
    if judged and sheet.stage is not Stage.LEFT:
        yield from readings(sheet)
        yield from overdue(sheet)


def out_of_step(sheet: Sheet, *, judged: bool) -> Iterator[Trouble]:
    """A pause, a dose or an observation that was broken off, who left before the criteria."""
    for step in ribbon(sheet, judged=judged):
        left_early = sheet.left_early and step["state"] == "now"
        if left_early or step["state"] in OUT_OF_STEP:
            yield Trouble(", ".join(filter(None, (step["label"], step["note"]))), left_early)


def readings(sheet: Sheet) -> Iterator[Trouble]:
    """What of the newest set lies outside, and the danger signs that nobody has said are over."""
    if sheet.stage is Stage.BEFORE:
        yield from before_the_start(sheet)
        return
    for light in (Light.RED, Light.AMBER):
        found = [one for one in sheet.outside_now if one.light is light]
        if found:
            red = light is Light.RED
            yield Trouble(outside_told(sheet, light, found), late=red, red=red)


def before_the_start(sheet: Sheet) -> Iterator[Trouble]:
    for sign in sheet.standing_signs:
        yield Trouble(in_words(limits().signs[sign].name), late=True, red=True)
    for finding in told_at_once(sheet.before, age=sheet.age):
        red = finding.standing is Standing.EXCLUDED
        yield Trouble(in_words(finding.reason), late=red, red=red)


def outside_told(sheet: Sheet, light: Light, found: Iterable[Outside]) -> str:
    word = gettext("Red") if light is Light.RED else gettext("Amber")
    reasons = "; ".join(in_words(one.reason) for one in found)
    return f"{word} {at_clock(sheet.since_start[-1].at)}: {reasons}"


def overdue(sheet: Sheet) -> Iterator[Trouble]:
    """An observation, and a pump that is to be stopped."""
    observation, stop = due(sheet), stop_due(sheet)
    if stop is not None:
        kind, words = stop
        yield Trouble(words, late=kind == "late")
    if observation is not None and observation.kind == "late":
        yield Trouble(observation.headline, late=True)


def in_words(text: Text) -> str:
    return text.in_language(get_language() or "nb")
