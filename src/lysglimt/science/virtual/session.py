"""One session of a made-up course: the dose, what it does, and what goes wrong."""

from datetime import date
from decimal import Decimal
from functools import cache

import numpy as np

from lysglimt.knowledge.errors import Inconsistent
from lysglimt.knowledge.protocols.facts import SessionGiven, Trigger, TriggerKind
from lysglimt.knowledge.protocols.protocol import Route
from lysglimt.knowledge.protocols.state import Phase
from lysglimt.knowledge.quantities import Kilograms
from lysglimt.knowledge.safety.adverse_events import pressure_class

from .chance import happens
from .delivery import Reaction, Taken, reaction
from .figures import clinic_figures, reckoned
from .story import Story

STEP = Decimal("0.5")
"""Milligrams to which a dose is rounded."""
LEAST_GIVEN, MOST_GIVEN = 0.4, 0.95
DISSOCIATED = (20, 40, 70)
"""CADSS points from which an event of dissociation has grade 1, 2, 3."""
GRADE_TWO, SERIOUS = 0.2, 0.02
EARLY = {True: "blood pressure", False: "dissociation"}


def prescribed(story: Story) -> Decimal:
    """By the actual weight, to half a milligram, within the cap of the protocol."""
    dose = story.protocol.dose
    if dose is None or dose.per_kilogram is None:
        raise Inconsistent(f"{story.protocol.id}: states no dose for each kilogram")
    wished = dose.per_kilogram.value * Kilograms(Decimal(str(story.person.weight_kg)))
    rounded = wished.rounded(STEP)
    return min(rounded, dose.cap.value).value if dose.cap else rounded.value


def give(story: Story, on: date, phase: Phase) -> None:
    """The session, its readings and its adverse events."""
    f, number = reckoned(), len(story.sessions) + 1
    ordered = prescribed(story)
    felt = reaction(
        story.body,
        story.person,
        Taken(float(ordered), number, story.person.age(on)),
        chance=story.chance,
    )
    highest = story.person.systolic + felt.systolic
    too_high = highest >= f["stopped_at_systolic"]
    too_much = too_high or felt.dissociation >= f["stopped_at_dissociation"]
    early = too_much and story.chances(f["stopped"])
    given = ordered
    if early:
        share = Decimal(str(round(story.chance.uniform(LEAST_GIVEN, MOST_GIVEN), 2)))
        given = (ordered * share).quantize(STEP)
        story.triggers.append(Trigger(TriggerKind.RED_THRESHOLD, on, reversible=True))
    story.sessions.append(SessionGiven(on, ordered, given, Route.INTRAVENOUS))
    story.illness.given.append((on.toordinal(), float(given / ordered)))
    why = EARLY[too_high] if early else ""
    story.rows["sessions"].append(
        (
            *(*story.named, number, phase.value, on, float(ordered), float(given), why),
            *readings(story, felt),
        )
    )
    happened(story, on, felt)


def readings(story: Story, felt: Reaction) -> tuple[object, ...]:
    """Before the dose, and the highest; a mean rise is reckoned from both."""
    one, wobble = story.person, story.chance.normal(0, reckoned()["reading_spread"], 3)
    before = [
        int(value + round(moved))
        for value, moved in zip((one.systolic, one.diastolic, one.pulse), wobble, strict=True)
    ]
    rises = (felt.systolic, felt.diastolic, felt.pulse)
    highest = [value + rise for value, rise in zip(before, rises, strict=True)]
    return (
        *before,
        *highest,
        story.body.peak_minute,
        pressure_class([(highest[0], highest[1])]),
        felt.dissociation,
        felt.moaas,
    )


def happened(story: Story, on: date, felt: Reaction) -> None:
    """Some have much of this and others little: the tendency is the person's own."""
    spread = reckoned()["event_spread"]
    tendency = float(np.exp(spread * story.tendency - spread * spread / 2))
    luck, number = story.chance.random(len(clinic_figures().events)), len(story.sessions)
    rows = story.rows["events"]
    grade = sum(felt.dissociation >= limit for limit in DISSOCIATED)
    if grade:
        rows.append((*story.named, number, on, "dissociation", grade, False))
    for one, drawn in zip(shares(), luck, strict=True):
        term, share = one
        if drawn < share * tendency:
            bad = 1 + happens(story.chance, GRADE_TWO)
            rows.append(
                (
                    *story.named,
                    number,
                    on,
                    term,
                    bad,
                    happens(story.chance, SERIOUS * (bad - 1)),
                )
            )


@cache
def shares() -> list[tuple[str, float]]:
    return [(one.term, one.in_session.reckoned) for one in clinic_figures().events]
