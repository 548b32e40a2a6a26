"""The next observation of a session, and by how long it is late."""

from datetime import datetime, timedelta

from lysglimt.knowledge.monitoring.limits import Light, light
from lysglimt.knowledge.monitoring.observation import (
    NextObservation,
    PlannedObservation,
    Punctuality,
    next_due,
    planned_observations,
)
from lysglimt.knowledge.monitoring.vital_signs import VitalSet as Observed
from lysglimt.knowledge.monitoring.vital_signs import VitalSign

from .ending import will_end
from .watched import Watched

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def schedule(sheet: Watched, *, at: datetime) -> tuple[PlannedObservation, ...]:
    """All that is planned from the start, of somebody who may still be here ``at`` that time."""
    if sheet.started is None:
        return ()
    return planned_until(sheet, sheet.started, at=at)


def observed_at(sheet: Watched) -> list[datetime]:
    return [one.at for one in sheet.since_start if counts(one)]


def tightened(sheet: Watched) -> bool:
    """Something is outside the planned range: the tighter interval holds."""
    return light(sheet.outside_now) is not Light.GREEN


def next_observation(sheet: Watched, *, at: datetime) -> NextObservation | None:
    """By the plan from the start; None before it."""
    if sheet.started is None:
        return None
    return next_due(schedule(sheet, at=at), observed_at(sheet), at, amber=tightened(sheet))


def planned_until(
    sheet: Watched, started: datetime, *, at: datetime, left: datetime | None = None
) -> tuple[PlannedObservation, ...]:
    """By the plan from the start; to when the patient ``left``, or well past the time asked for."""
    # Of devices the plan counts from the first one.
    stop = started if sheet.nasal else will_end(sheet)
    # Somebody who is here much longer is still observed.
    leaves = left or max(stop + 3 * HOUR, at + HOUR)
    return planned_observations(
        sheet.route, start=started, stop=stop, leaves=min(leaves, stop + DAY)
    )


def counts(one: Observed) -> bool:
    """It has a pressure, or says why not: a danger sign tapped, or a pulse alone, is no observation."""
    return one.value(VitalSign.SYSTOLIC) is not None or VitalSign.SYSTOLIC in one.not_measured


def without_pressure(sheet: Watched) -> datetime | None:
    """When something was measured last and the pressure was not, since the last observation."""
    last = next((one for one in reversed(sheet.since_start) if one.values), None)
    return last.at if last is not None and not counts(last) else None


def overdue(following: NextObservation | None) -> bool:
    """The next observation was to be taken a good while ago."""
    late = {Punctuality.OVERDUE, Punctuality.LEAD}
    return following is not None and following.punctuality in late


def overdue_by(sheet: Watched) -> timedelta | None:
    """By how long, when it is overdue: now, or when the patient left."""
    left = sheet.discharge.left_at if sheet.discharge else None
    at = left or sheet.now
    following = next_observation(sheet, at=at)
    return at - following.at if following and overdue(following) else None
