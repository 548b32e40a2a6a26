"""What was answered about suicide, beside the total, and who has seen to it."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from lysglimt.clinic.insight.overview import CourseOverview, is_baseline
from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.clinic.treatment.models import Rating, SafetyTask, TaskAcknowledgement, Timing
from lysglimt.clinic.treatment.windows import asked_about
from lysglimt.knowledge.instruments.instrument import instrument, instruments
from lysglimt.knowledge.instruments.item import Item
from lysglimt.knowledge.safety.suicidality import SafetyAnswer, promptness


@dataclass(frozen=True, slots=True)
class SuicideItem:
    """One item of the newest rating of its instrument; ``before`` is its answer at the baseline.

    None is not answered, or not asked. ``tasks`` are those that the rating opened or was added to.
    """

    instrument: str
    item: Item
    on: date
    now: int | None
    before: int | None
    before_on: date | None
    tasks: tuple[SafetyTask, ...]

    @property
    def change(self) -> int | None:
        if self.now is None or self.before is None:
            return None
        return self.now - self.before


def suicide_items(
    overview: CourseOverview, tasks: Sequence[SafetyTask]
) -> tuple[SuicideItem, ...]:
    """Of the instrument of evaluation always; of the others what is positive now.

    ``tasks`` are the patient's, `with_answers`.
    """
    own = overview.scale.id
    others = (scale for scale in instruments() if scale != own)
    return tuple(
        one
        for scale in (own, *others)
        for one in _of(overview, scale, tasks)
        if scale == own or _positive(one, overview)
    )


def _of(
    overview: CourseOverview, scale: str, tasks: Sequence[SafetyTask]
) -> Iterator[SuicideItem]:
    newest = newest_of(overview, scale)
    if newest is None:
        return
    first = baseline_of(overview, scale)
    before = first if first and first.entry != newest.entry else None
    about = tuple(task for task in tasks if newest.entry in entries_of(task))
    for item in instrument(scale).safety_items:
        yield SuicideItem(
            scale,
            item,
            on=on_day(newest.happened_at),
            now=answered(newest, item),
            before=answered(before, item) if before else None,
            before_on=on_day(before.happened_at) if before else None,
            tasks=about,
        )


def newest_of(overview: CourseOverview, scale: str) -> Rating | None:
    rows = [row for row in overview.record.ratings_in_force if row.instrument == scale]
    return max(rows, key=lambda row: (row.happened_at, row.pk), default=None)


def baseline_of(overview: CourseOverview, scale: str) -> Rating | None:
    """The one that the total is compared with; of another instrument the last before the first dose."""
    rows = [row for row in overview.record.ratings_in_force if row.instrument == scale]
    recorded = overview.state.recorded
    if scale == overview.scale.id:
        same = (row for row in rows if is_baseline(row, recorded.baseline))
        return next(same, None)
    first = recorded.first_session
    early = [
        row
        for row in rows
        if first and on_day(row.happened_at) <= first and row.timing != Timing.AFTER_DOSE
    ]
    return max(early, key=lambda row: row.happened_at, default=None)


def answered(row: Rating, item: Item) -> int | None:
    said = row.answers.get(item.id)
    return None if said is None else int(said)


def _positive(one: SuicideItem, overview: CourseOverview) -> bool:
    row = newest_of(overview, one.instrument)
    if one.now is None or row is None:
        return False
    window = asked_about(row).id
    recall = "" if window == instrument(one.instrument).recall.default.id else window
    return promptness(SafetyAnswer(one.instrument, one.item.id, one.now, recall)) is not None


def entries_of(task: SafetyTask) -> set[UUID]:
    """The ratings that opened a task, or were added to it."""
    added: Any = vars(task).get("of_ratings")
    # SQLite lists a list as text.
    listed = json.loads(added) if isinstance(added, str) else added
    opened = [task.rating.entry] if task.rating else []
    return {*opened, *(UUID(str(one)) for one in listed or ())}


def answer_to(task: SafetyTask) -> TaskAcknowledgement | None:
    return getattr(task, "acknowledgement", None)


def still_open(tasks: Iterable[SafetyTask]) -> list[SafetyTask]:
    return [task for task in tasks if answer_to(task) is None]
