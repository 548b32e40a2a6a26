"""The whole made-up clinic: the same for the same number of patients, seed and moment."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice, repeat
from random import Random

from django.db import transaction

from .case import Case, Setting, registered
from .cast import HOSPITAL, PRIVATE, opened
from .stories import STORIES, Story
from .treated import whole_course

LONG_AGO = 480
"""Days before which nobody was registered."""


@dataclass(frozen=True, slots=True)
class Told:
    """A patient of the demonstration, and which story it is."""

    story: str
    case: Case


def populated(*, patients: int, seed: int, now: datetime) -> Iterator[Told]:
    """Build the clinics, then one patient after the other, each in one transaction."""
    with transaction.atomic():
        clinics = {house.unit: opened(house, now=now) for house in (HOSPITAL, PRIVATE)}
    setting = Setting(clinics, now)
    for number, (name, story) in enumerate(islice(stories(), patients)):
        chance = Random(f"{seed}/{number}")  # noqa: S311 - the same clinic every time is the point
        yield Told(name, told(setting, chance, story))


def stories() -> Iterator[tuple[str, Story]]:
    yield from STORIES.items()
    yield from repeat(("whole-course", whole_course))


@transaction.atomic
def told(setting: Setting, chance: Random, story: Story) -> Case:
    case = registered(
        setting, chance, house=HOSPITAL.unit, on=setting.today - timedelta(days=LONG_AGO)
    )
    story(case)
    return case
