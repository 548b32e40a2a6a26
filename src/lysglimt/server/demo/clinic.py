"""The whole made-up clinic: the same for the same number of patients, seed and moment."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, islice, repeat
from random import Random

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from lysglimt.clinic.audit import actions as audit
from lysglimt.clinic.audit.circumstances import Actor
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.server.migrations import bring_up_to_date

from .case import Case, Setting, registered
from .cast import HOSPITAL, PRIVATE, opened
from .cupboard import stocked
from .incidents import happened
from .over_months import seen_over_months
from .registered import stated
from .stories import ORDINARY, STORIES
from .story import Story
from .suicidality import asked_in_time, rota_kept

LONG_AGO = timedelta(days=480)
"""Nobody was registered before; the clinics had opened."""


@dataclass(frozen=True, slots=True)
class Told:
    """A patient of the demonstration, and by which story."""

    story: Story
    case: Case


def begun(*, patients: int, seed: int, now: datetime) -> Iterator[int]:
    """In an empty database: how many patients there are so far; at last the trail is begun."""
    bring_up_to_date()
    for number, _ in enumerate(populated(patients=patients, seed=seed, now=now), start=1):
        yield number
    begin_trail(at=timezone.now())


def begin_trail(*, at: datetime) -> None:
    """Sealed and told outside, as at the end of a first day."""
    audit.seal_rows(at=at)
    if head := audit.seal_day(at=at):
        audit.tell_head(head, settings.AUDIT_ANCHOR, by=Actor(username="demo"), at=at)
        audit.seal_rows(at=at)


def populated(*, patients: int, seed: int, now: datetime) -> Iterator[Told]:
    """Build the clinics, then one patient after the other, each in one transaction."""
    with transaction.atomic():
        clinics = {house: opened(house, now=now) for house in (HOSPITAL, PRIVATE)}
        stocked(clinics[HOSPITAL], now=now)
        rota_kept(clinics[HOSPITAL], now=now)
        for number, clinic in enumerate(clinics.values(), start=1):
            stated(clinic, number=number, now=now)
    setting = Setting(clinics, now)
    for number, story in enumerate(islice(chain(STORIES, repeat(ORDINARY)), patients)):
        chance = Random(f"{seed}/{number}")  # noqa: S311 - the same clinic every time is the point
        yield Told(story, told(setting, chance, story))
    with transaction.atomic():
        happened(clinics[HOSPITAL], now=now)
        seen_over_months(clinics[HOSPITAL], now=now)
        with treatment.postponed():
            asked_in_time(clinics[HOSPITAL], now=now)


def told(setting: Setting, chance: Random, story: Story) -> Case:
    with treatment.postponed():
        case = registered(
            setting, chance, story.house, on=setting.today - LONG_AGO, named=story.named
        )
        story.tell(case)
    return case
