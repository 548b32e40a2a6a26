"""The curve of a course, from its overview."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext

from lysglimt.clinic.design.charts import CoursePicture, Happening, Reading, Scene, course_curve
from lysglimt.clinic.design.scales import scale_name
from lysglimt.clinic.scheduling.calendar import on_day

from .overview import CourseOverview, missed
from .story import turn_named


def curve(overview: CourseOverview, *, today: date, suggesting: bool) -> Scene | None:
    """None for an instrument without a total. ``suggesting`` draws the levels and what was missed."""
    scale = overview.scale
    if scale.scoring.highest is None:
        return None
    baseline = overview.state.recorded.baseline if suggesting else None
    picture = CoursePicture(
        instrument=scale_name(scale),
        highest=int(scale.scoring.highest),
        today=today,
        readings=tuple(readings(overview, suggesting=suggesting)),
        baseline=baseline.total if baseline else None,
        remission_at=overview.remission_at if suggesting else None,
        remission_by=gettext("by the protocol") if suggesting else "",
        sessions=tuple(on_day(row.started_at) for row in overview.record.sessions_in_force),
        events=tuple(
            Happening(on_day(turn.at), turn_named(turn)) for turn in overview.record.turns
        ),
    )
    return course_curve(picture)


def readings(overview: CourseOverview, *, suggesting: bool) -> Iterator[Reading]:
    """What was rated, and where suggestions are shown also what was due and is missing."""
    for row in overview.ratings:
        score = (
            int(row.total) if row.total is not None and row.total == int(row.total) else None
        )
        yield Reading(on_day(row.happened_at), score)
    if not suggesting:
        return
    for due in missed(overview):
        if due.instrument == overview.scale.id and due.latest:
            yield Reading(due.latest, None)
