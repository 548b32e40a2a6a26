"""On the page of the day: whom somebody asks today, and what the leader is told."""

from datetime import datetime, timedelta

from django.utils.translation import get_language, gettext

from lysglimt.clinic.design.scales import scale_name
from lysglimt.clinic.scheduling.rota import on_the_wall
from lysglimt.clinic.suicidality.deadlines import Answering, escalated
from lysglimt.clinic.suicidality.schedule import SCREENER, Asking, askings, to_ask_today
from lysglimt.clinic.treatment.models import SafetyTask
from lysglimt.clinic.treatment.terms import MATTERS
from lysglimt.clinic.treatment.waiting_list import WaitingList
from lysglimt.knowledge.instruments.instrument import instrument
from lysglimt.knowledge.protocols.state import Matter
from lysglimt.knowledge.safety.rota import Watch, rota_gaps

from .day import Day
from .owed import Owed
from .pages import May, address_of
from .parts import Part

Parts = dict[Part, list[Owed]]
WEEK = timedelta(days=7)


def parts_with_asking(
    day: Day, parts: Parts, listed: WaitingList | None, *, judged: bool, may: May
) -> Parts:
    """Whom somebody asks today; a rating that is the same asking is told once.

    Of who waits and has no course too, what was agreed after an answer.
    """
    if not may("asking"):
        return parts
    due = to_ask_today(askings(day.to_ask, on=day.on, judged=judged, listed=listed))
    lines = [asking_shown(one, may) for one in due]
    told = {one.card.id for one in lines}
    screen = f"{MATTERS[Matter.RATING]}: {scale_name(instrument(SCREENER))}"
    ratings = [
        one
        for one in parts[Part.RATINGS]
        if one.card.id not in told or one.waits[0][0] != screen
    ]
    return {**parts, Part.RATINGS: ratings, Part.ASKING: lines}


def asking_shown(one: Asking, may: May) -> Owed:
    """Late since, or today."""
    late = one.late_since
    due = one.plan.dues[0]
    what = due.name.in_language(get_language() or "nb")
    return Owed(
        one.card,
        ((what, late, None if late else due.by),),
        address_of("rating.record", one.card.id, SCREENER, may=may),
        gettext("Ask now"),
        address_of("asking.patient", one.card.id, may=may),
    )


def led(
    tasks: list[SafetyTask],
    now: datetime,
    *,
    answering: Answering,
    rota: list[Watch] | None,
    may: May,
) -> dict[str, object]:
    """The leader's name; to who keeps the rota, tasks whose time is up and the holes of the ``rota``."""
    if not may("rota.plan"):
        return {"leader": answering.leader}
    wall = on_the_wall(now)
    gaps = () if rota is None else rota_gaps(rota, since=wall, until=wall + WEEK)
    late = escalated(tasks, answering, now=now)
    return {
        "leader": answering.leader,
        "escalated": [(task, task.patient.card(), since) for task, since in late],
        "rota_gaps": len(gaps),
    }
