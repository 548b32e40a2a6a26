"""A made-up course from the first rating to the end, step by step as the course engine allows."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from numpy.random import Generator

from lysglimt.knowledge.errors import Inconsistent
from lysglimt.knowledge.outcomes.relapse import RelapseDefinition, relapse
from lysglimt.knowledge.outcomes.trajectory import Rating, course_figures
from lysglimt.knowledge.protocols.facts import (
    DecisionKind,
    StopGround,
    Trigger,
    TriggerKind,
)
from lysglimt.knowledge.protocols.induction_effect import InductionEffect, induction_effect
from lysglimt.knowledge.protocols.protocol import When, days
from lysglimt.knowledge.protocols.schedule import Span, session_window, visits
from lysglimt.knowledge.protocols.state import RULE_VERSION, Phase
from lysglimt.knowledge.protocols.steps import session_step
from lysglimt.knowledge.protocols.trend import evaluation_rating
from lysglimt.knowledge.protocols.way import Way

from .asked import Asked, UnitKind
from .chance import happens
from .delivery import Body
from .figures import reckoned
from .illness import Illness
from .people import MadeUp
from .session import give
from .story import MADRS, Story, asked_protocol, decide, decided, entered, rate
from .tables import Rows

SATURDAY = 5
TWICE_A_WEEK = ((0, 3), (1, 4))
"""Mondays and Thursdays, or Tuesdays and Fridays."""
MOST_STEPS = 400
CONSENTED_BEFORE = 7
UNTREATED = InductionEffect(completed=False)
WITH_SESSIONS = {Phase.PLANNED, Phase.INDUCTION, Phase.MAINTENANCE}
MOSS_DAYS = 3
"""Days from the sixth session to the evaluation, as the targets take it."""


Whom = tuple[MadeUp, Body, Illness]


def begun(asked: Asked, whom: Whom, *, start: date, rows: Rows, chance: Generator) -> Story:
    """Planned for the first day from ``start`` on which the person comes."""
    person, body, illness = whom
    return Story(
        asked=asked,
        person=person,
        body=body,
        illness=illness,
        protocol=asked_protocol(person.unit.protocol),
        chance=chance,
        rows=rows,
        start=attended(start, TWICE_A_WEEK[person.number % 2]),
        today=start,
        tendency=float(chance.standard_normal()),
        consented=start - timedelta(days=CONSENTED_BEFORE),
    )


def treated(asked: Asked, whom: Whom, *, start: date, rows: Rows, chance: Generator) -> Story:
    """The whole course, up to the last day of the clinic; its rows are added."""
    story = begun(asked, whom, start=start, rows=rows, chance=chance)
    story.today = story.start - timedelta(days=int(chance.integers(1, 5)))
    if story.today <= asked.until:
        rate(story, story.today, "baseline")
    for _ in range(MOST_STEPS):
        phase = story.way(story.today).phase
        if phase is Phase.CLOSED or not NEXT[phase](story):
            return story
    raise Inconsistent(f"{story.person.id}: the course came to no end")


def attended(day: date, weekdays: tuple[int, int]) -> date:
    """The first day on which the person comes, from that one on."""
    while day.weekday() not in weekdays:
        day += timedelta(days=1)
    return day


def attend(story: Story) -> bool:
    """To the next session; False where it lies beyond the last day of the clinic."""
    way = story.way(story.today)
    window = session_window(way, story.today)
    if window is None:
        return over(story, StopGround.OTHER)
    day = coming(story, way, window)
    if day > story.asked.until:
        return False
    sit(story, day)
    return True


def sit(story: Story, day: date) -> None:
    """The session, unless the patient, what is decided that day, or the course engine is against it."""
    story.today = day
    if left(story, story.way(day).phase):
        return
    rate(story, day, "before_dose")
    decide(story, day)
    way = story.way(day)
    if way.phase not in WITH_SESSIONS:
        return
    if not session_step(way, day).allowed:
        window = session_window(way, day)
        # A longer interval, decided this day, sends the patient home until the new window.
        if window is None or window.earliest <= day:
            over(story, StopGround.OTHER)
        return
    give(story, day, Phase.INDUCTION if way.phase is Phase.PLANNED else way.phase)
    afterwards(story, day)


def coming(story: Story, way: Way, window: Span) -> date:
    """On which day of the window; some put it off."""
    f, chance = reckoned(), story.chance
    late = story.chances(f["postponed"])
    if way.phase is Phase.MAINTENANCE:
        room = (window.latest - window.earliest).days if window.latest else 0
        day = weekday(window.earliest + timedelta(days=int(chance.integers(room + 1))))
        return day + timedelta(days=7 * late)
    earliest = max(window.earliest, story.today)
    if way.phase is Phase.INDUCTION and story.person.unit.kind is UnitKind.PRIVATE and way.last:
        apart = round(f["private_interval"]) + int(chance.integers(-3, 4))
        return max(earliest, weekday(way.last + timedelta(days=apart + 5 * late)))
    weekdays = TWICE_A_WEEK[story.person.number % 2]
    day = attended(earliest, weekdays)
    return attended(day + timedelta(days=1), weekdays) if late else day


def weekday(day: date) -> date:
    """The day itself, or the Monday after."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= SATURDAY else 0)


def left(story: Story, phase: Phase) -> bool:
    """Does the patient stay away for good, or withdraw the consent?"""
    f, on = reckoned(), story.today
    if phase is not Phase.PLANNED and story.chances(f["withdraws_consent"]):
        story.triggers.append(Trigger(TriggerKind.CONSENT_WITHDRAWN, on))
        decided(story, DecisionKind.STOP, on, ground=StopGround.CONSENT)
        return True
    share = "leaves_in_maintenance" if phase is Phase.MAINTENANCE else "leaves_in_run"
    gone = story.chances(f[share])
    if gone:
        kind = DecisionKind.CLOSE if phase is Phase.PLANNED else DecisionKind.STOP
        decided(story, kind, on, ground=StopGround.PATIENT)
    return gone


def over(story: Story, ground: StopGround) -> bool:
    """What the engine proposes; else the course is stopped, so that it does not stand still."""
    before = story.way(story.today).phase
    decide(story, story.today)
    if story.way(story.today).phase is before:
        kind = DecisionKind.CLOSE if before is Phase.PLANNED else DecisionKind.STOP
        decided(story, kind, story.today, ground=ground)
    return True


def afterwards(story: Story, day: date) -> None:
    """The day after some sessions, and a second look where the depression seems to be back."""
    number = len(story.sessions)
    planned = {
        session
        for plan in story.protocol.ratings
        if plan.when is When.AFTER_SESSION
        for session in plan.sessions
    }
    next_day = day + timedelta(days=1)
    if number in planned and next_day <= story.asked.until:
        story.today = next_day
        rate(story, next_day, "next_day")
        if story.way(next_day).phase is Phase.INDUCTION:
            decide(story, next_day)
    if story.way(story.today).phase is Phase.MAINTENANCE:
        confirm(story, day)


def confirm(story: Story, day: date) -> None:
    """A total as high as a relapse is rated again within days, if the patient comes."""
    high = course_figures().relapse.total.value
    seen = [one for one in story.ratings if one.on == day and one.instrument == MADRS]
    again = day + timedelta(days=int(story.chance.integers(7, 11)))
    if not seen or seen[-1].total < high or again > story.asked.until:
        return
    if happens(story.chance, reckoned()["confirmed"]):
        story.today = again
        entered(story, {MADRS: again}, again, timing="other")
        if story.way(again).phase is Phase.MAINTENANCE:
            decide(story, again)


def evaluate(story: Story) -> bool:
    """Within the window of the protocol; a rating that is missed is tried once more."""
    way = story.way(story.today)
    # Never on the day of the decision to end: the rating that it rests on would not stand alone.
    day = max(story.today + timedelta(days=1), evaluation_day(story, way))
    if evaluation_rating(way, until=story.today) or rated_by(story, day):
        return over(story, StopGround.OTHER)
    return tried_again(story, day + timedelta(days=int(story.chance.integers(4, 8))))


def tried_again(story: Story, day: date) -> bool:
    """A few days later, for those who come then; the others are lost."""
    comes = happens(story.chance, reckoned()["evaluation_again"])
    if comes and rated_by(story, day):
        return over(story, StopGround.OTHER)
    if day > story.asked.until:
        return False
    story.today = day
    decided(story, DecisionKind.STOP, day, ground=StopGround.PATIENT)
    return True


def rated_by(story: Story, day: date) -> bool:
    """Is there a rating to evaluate by, also one of the same day that was asked for otherwise?"""
    if day > story.asked.until:
        return False
    story.today = day
    rate(story, day, "evaluation")
    return evaluation_rating(story.way(day), until=day) is not None


def evaluation_day(story: Story, way: Way) -> date:
    last = way.last or story.today
    rule = way.protocol.evaluation
    if not story.usual:
        return last + timedelta(days=MOSS_DAYS)
    open_days = [
        last + timedelta(days=after)
        for after in range(days(rule.earliest) + 1, days(rule.latest) + 1)
    ]
    working = [day for day in open_days if day.weekday() < SATURDAY] or open_days
    return working[int(story.chance.integers(len(working)))]


def follow_up(story: Story) -> bool:
    """Soon after the stop, at the visits, and closed when nothing is to come."""
    way = story.way(story.today)
    since = way.since or story.today
    ahead = visits(way)
    contacts = [since + timedelta(days=2)]
    contacts += [
        visit.window.earliest + timedelta(days=int(story.chance.integers(8, 21)))
        for visit in ahead
    ]
    for day in contacts:
        if day > story.asked.until:
            return False
        if day < story.today or story.chances(reckoned()["follow_up_missed"]):
            continue
        story.today = day
        if rate(story, day, "follow_up"):
            confirm(story, day)
    last = max((visit.window.latest for visit in ahead if visit.window.latest), default=since)
    story.today = max(story.today, last + timedelta(days=1))
    if story.today > story.asked.until:
        story.today = story.asked.until
        return False
    decided(story, DecisionKind.CLOSE, story.today)
    return True


NEXT: Mapping[Phase, Callable[[Story], bool]] = {
    Phase.PLANNED: attend,
    Phase.INDUCTION: attend,
    Phase.EVALUATION: evaluate,
    Phase.MAINTENANCE: attend,
    Phase.FOLLOW_UP: follow_up,
}


def summed_up(story: Story) -> tuple[object, ...]:
    """The row of the course, by the rules of the clinic on the last day."""
    on = story.asked.until
    way = story.way(on)
    unasked = replace(story.protocol, ratings=())
    effect = induction_effect(unasked, story.facts, on) if way.given else UNTREATED
    judged = effect.outcome
    stops = [one for one in story.decisions if one.kind is DecisionKind.STOP]
    helped = judged is not None and (judged.response or bool(judged.remission))
    return (
        *(*story.named, story.protocol.id, story.protocol.version, RULE_VERSION),
        *(story.consented, way.given[0].on if way.given else None, way.last, on),
        *(way.phase.value, len(way.given), len(way.maintenance), effect.completed),
        judged.baseline.total if judged else None,
        judged.current.total if judged else None,
        judged.response if judged else None,
        judged.remission if judged else None,
        stops[-1].on if stops else None,
        stops[-1].ground.value if stops and stops[-1].ground else None,
        relapsed_on(story, effect) if helped else None,
        sorted({one.code for one in way.departures}),
    )


def relapsed_on(story: Story, effect: InductionEffect) -> date | None:
    """By the definition of the clinic, after the evaluation that showed the response."""
    if effect.outcome is None or effect.rating is None:
        return None
    after = effect.rating.on
    later = sorted((one.on, one.total) for one in story.ratings if one.on > after)
    found = relapse(
        RelapseDefinition.LYSGLIMT,
        baseline=effect.outcome.baseline.total,
        follow_up=[
            Rating(MADRS, datetime.combine(on, time(), tzinfo=UTC), total, recall="")
            for on, total in later
        ],
    )
    return found.at.date() if found else None
