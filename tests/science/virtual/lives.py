"""Made-up lives for the tests: whole blocks, and single courses without the referral."""

import os
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

from lysglimt.science.course.symptoms import preset
from lysglimt.science.virtual.asked import Asked, Practice
from lysglimt.science.virtual.chance import stream
from lysglimt.science.virtual.course import summed_up, treated
from lysglimt.science.virtual.delivery import bodies
from lysglimt.science.virtual.illness import fallen_ill
from lysglimt.science.virtual.people import made_up
from lysglimt.science.virtual.register import BLOCK, block
from lysglimt.science.virtual.story import Story
from lysglimt.science.virtual.tables import Rows, empty

INDUCTION = timedelta(days=26)
"""From the first day on which one may begin to the evaluation after six sessions."""


PEOPLE = 600 if os.environ.get("LYSGLIMT_LONG") == "true" else 300


def asked(
    people: int = PEOPLE, *, seed: int = 1, name: str = "pooled", **more: object
) -> Asked:
    return Asked(people, 6, 3, seed, preset(name), **more)  # type: ignore[arg-type]  # named fields of Asked, passed on


@cache
def register(seed: int = 1, name: str = "pooled") -> Rows:
    """Everything of some hundreds of people."""
    wanted = asked(seed=seed, name=name)
    rows = empty()
    for first in range(1, wanted.people + 1, BLOCK):
        for table, listed in block(wanted, first).rows.items():
            rows[table] += listed
    return rows


def course(wanted: Asked, number: int) -> tuple[Story, Rows]:
    """One person who is accepted and begins at once."""
    rows = empty()
    person = made_up(wanted, number, stream(wanted.seed, number))
    chance = stream(wanted.seed, number, purpose=2)
    illness, (body,) = fallen_ill(wanted, chance), bodies([person], wanted.seed)
    whom = (person, body, illness)
    story = treated(wanted, whom, start=wanted.start, rows=rows, chance=chance)
    rows["courses"].append(summed_up(story))
    return story, rows


def inductions(name: str, people: int) -> Iterator[Rows]:
    """Inductions alone, where everybody gets all six, as in Moss."""
    wanted = asked(people, name=name, practice=Practice.SIX)
    short = Asked(people, 1, 1, 1, wanted.preset, until=wanted.until, practice=Practice.SIX)
    late = short.until - INDUCTION
    for first in range(1, people + 1, BLOCK):
        yield _block(short, range(first, min(first + BLOCK, people + 1)), late)


def _block(wanted: Asked, numbers: range, start: date) -> Rows:
    rows = empty()
    everybody = [made_up(wanted, number, stream(wanted.seed, number)) for number in numbers]
    for person, body in zip(everybody, bodies(everybody, wanted.seed), strict=True):
        chance = stream(wanted.seed, person.number, purpose=2)
        whom = (person, body, fallen_ill(wanted, chance))
        story = treated(wanted, whom, start=start, rows=rows, chance=chance)
        rows["courses"].append(summed_up(story))
    return rows
