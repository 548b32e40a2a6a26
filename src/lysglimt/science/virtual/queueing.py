"""A year of a clinic, minute by minute: who waits for a chair and a nurse, and who is treated."""

from collections.abc import Generator as Steps
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import simpy
from simpy.resources.resource import PriorityRequest

from lysglimt.knowledge.calendar import months_after
from lysglimt.knowledge.protocols.facts import DecisionKind, StopGround
from lysglimt.knowledge.protocols.schedule import session_window
from lysglimt.knowledge.protocols.state import Phase
from lysglimt.science.course.symptoms import HIGHEST_SCORE, Preset

from .asked import Asked, UnitKind, VirtualUnit
from .chance import stream
from .course import NEXT, WITH_SESSIONS, begun, coming, over, sit
from .delivery import Body, bodies
from .figures import reckoned
from .illness import fallen_ill
from .people import MadeUp, made_up
from .planning import DAY_MINUTES, ClinicPlan, planned_protocol
from .referral import ReferralDecision, considered, judged, waited
from .story import Story, decided, rate
from .tables import empty

WARM_UP = timedelta(days=182)
"""The clinic has been open for so long when counting begins, so that it does not start empty."""
NOTICE = 7
RUNNING, KEPT, NEW = 0, 1, 2
"""Who has a chair first: a running induction, then maintenance, then a start."""
FIRST_DAY = date(2024, 1, 1)
"""A Monday. Which year it is changes nothing."""
ARRIVALS, COURSES = 3, 4
"""Purposes of streams."""
DAYS_OF_WEEK = 7
AFTER_ALL_DAYS = 10_000_000
"""More than the number of any day: urgency comes before waiting."""
Process = Steps[simpy.Event, Any, None]
Places = tuple[PriorityRequest, PriorityRequest]
"""A chair and a nurse."""


@dataclass(slots=True)
class Counts:
    """What one run comes to; ``waits`` in days from referral to the first session."""

    referred: int = 0
    accepted: int = 0
    sessions: int = 0
    visits: int = 0
    waits: list[int] = field(default_factory=list)


@dataclass(slots=True)
class House:
    """The clinic while it runs; everything happens in ``env``, whose clock counts minutes."""

    plan: ClinicPlan
    asked: Asked
    env: simpy.Environment
    chairs: simpy.PriorityResource
    nurses: simpy.PriorityResource
    counts: Counts
    stories: list[Story] = field(default_factory=list)

    @property
    def today(self) -> date:
        return FIRST_DAY + timedelta(days=int(self.env.now // DAY_MINUTES))

    @property
    def counting(self) -> bool:
        return self.today >= FIRST_DAY + WARM_UP

    def minute(self, day: date) -> int:
        return (day - FIRST_DAY).days * DAY_MINUTES

    def open_day(self, day: date) -> date:
        while day.weekday() >= self.plan.days_a_week:
            day += timedelta(days=1)
        return day


def opened(plan: ClinicPlan, preset: Preset, *, years: int, seed: int) -> House:
    """Empty, on its first day."""
    env = simpy.Environment()
    days = round(365.25 * years) + WARM_UP.days
    return House(
        plan=plan,
        asked=Asked(
            people=1,
            units=1,
            years=years + 1,
            seed=seed,
            preset=preset,
            until=FIRST_DAY + timedelta(days=days - 1),
        ),
        env=env,
        chairs=simpy.PriorityResource(env, plan.chairs),
        nurses=simpy.PriorityResource(env, plan.nurses),
        counts=Counts(),
    )


def run(plan: ClinicPlan, preset: Preset, *, years: int, seed: int) -> House:
    """The whole time; the same from the same seed."""
    house = opened(plan, preset, years=years, seed=seed)
    arrivals = [*arriving(house)]
    unit = VirtualUnit(1, UnitKind.HOSPITAL, plan.protocol, 1.0, 1.0, 1.0)
    people = [
        moved(made_up(house.asked, number, stream(seed, number)), unit)
        for number in range(1, len(arrivals) + 1)
    ]
    how = bodies(people, seed) if people else []
    for day, person, body in zip(arrivals, people, how, strict=True):
        house.env.process(referred(house, person, body, day=day))
    house.env.run(until=house.minute(house.asked.until + timedelta(days=1)))
    return house


def moved(person: MadeUp, unit: VirtualUnit) -> MadeUp:
    """To this clinic: everything else about the person stays."""
    named = {name: getattr(person, name) for name in MadeUp.__slots__}
    return MadeUp(**{**named, "unit": unit})


def arriving(house: House) -> Steps[date, None, None]:
    """The days on which somebody is referred, as often as the plan says in the mean."""
    chance = stream(house.asked.seed, 1, purpose=ARRIVALS)
    apart = DAYS_OF_WEEK / float(house.plan.referrals_a_week)
    at = chance.exponential(apart)
    days = (house.asked.until - FIRST_DAY).days
    while at <= days:
        yield FIRST_DAY + timedelta(days=int(at))
        at += chance.exponential(apart)


def referred(house: House, person: MadeUp, body: Body, *, day: date) -> Process:
    """From the referral to the decision, and if it is yes, to the end of the course."""
    chance = stream(house.asked.seed, person.number, purpose=COURSES)
    illness = fallen_ill(house.asked, chance)
    yield house.env.timeout(house.minute(day))
    if house.counting:
        house.counts.referred += 1
    yield house.env.timeout(waited(reckoned()["to_decision"], chance) * DAY_MINUTES)
    madrs = min(HIGHEST_SCORE, round(illness.before))
    candidate = considered(person, madrs, house.today, chance=chance)
    decision, _ = judged(candidate, house.today, chance.random())
    if decision is not ReferralDecision.ACCEPTED or chance.random() < reckoned()["withdrawn"]:
        return
    if house.counting:
        house.counts.accepted += 1
    start = house.today + timedelta(days=NOTICE)
    story = begun(
        house.asked, (person, body, illness), start=start, rows=empty(), chance=chance
    )
    story.protocol = planned_protocol(house.plan)
    house.stories.append(story)
    while (yield from advanced(house, story, came=day)):
        pass


URGENCY = {Phase.PLANNED: NEW, Phase.MAINTENANCE: KEPT}


def advanced(house: House, story: Story, *, came: date) -> Steps[simpy.Event, Any, bool]:
    """One step of the course, as the engine allows it and as there is room; False at its end."""
    way = story.way(story.today)
    if way.phase in {Phase.CLOSED, Phase.FOLLOW_UP}:
        return False
    if way.phase not in WITH_SESSIONS:
        before = story.today
        going = NEXT[way.phase](story)
        house.counts.visits += house.counting and story.today > before
        return going
    window = session_window(way, story.today)
    if window is None:
        return over(story, StopGround.OTHER)
    if time_is_up(house.plan, way.given[0].on if way.given else None, story.today):
        decided(story, DecisionKind.STOP, story.today, ground=StopGround.OTHER)
        return True
    new = way.phase is Phase.PLANNED
    wanted = story.start if new else coming(story, way, window)
    places = yield from seated(house, wanted, URGENCY.get(way.phase, RUNNING))
    if new:
        planned(story, house.today)
    sat(house, story, places, came=came)
    return True


def time_is_up(plan: ClinicPlan, first: date | None, today: date) -> bool:
    months = plan.maintenance_months
    return months is not None and first is not None and today >= months_after(first, months)


def seated(house: House, wanted: date, urgency: int) -> Steps[simpy.Event, Any, Places]:
    """A chair and a nurse on that day; if none is free before it is too late, on the next."""
    plan, env = house.plan, house.env
    # Among equals who has waited longest. At the opening a place is taken by who comes first, so
    # that they also come in this order, within minutes.
    turn = urgency * AFTER_ALL_DAYS + wanted.toordinal()
    day = house.open_day(max(wanted, house.today))
    while True:
        opens = house.minute(day) + plan.opening
        latest = opens + plan.open_minutes - plan.session_minutes
        comes = opens + urgency + 1 / (2 + (day - wanted).days)
        if env.now < comes:
            yield env.timeout(comes - env.now)
        if env.now <= latest:
            places = house.chairs.request(turn), house.nurses.request(turn)
            yield env.all_of(places) | env.timeout(latest - env.now)
            if all(place.triggered for place in places):
                return places
            free(house, places)
        day = house.open_day(day + timedelta(days=1))


def free(house: House, places: Places) -> None:
    for resource, place in zip((house.chairs, house.nurses), places, strict=True):
        if place.triggered:
            resource.release(place)
        else:
            place.cancel()


def planned(story: Story, day: date) -> None:
    """The first rating stands on the day before the start, which is known only now."""
    story.start = day
    story.today = day - timedelta(days=1)
    rate(story, story.today, "baseline")


def sat(house: House, story: Story, places: Places, *, came: date) -> None:
    """The session if there is one; the places are held as long as it lasts."""
    before, day = len(story.sessions), max(house.today, story.today)
    sit(story, day)
    if len(story.sessions) == before:
        free(house, places)
        return
    house.env.process(held(house, places))
    if house.counting:
        house.counts.sessions += 1
        if before == 0:
            house.counts.waits.append((day - came).days)


def held(house: House, places: Places) -> Process:
    plan = house.plan
    chair, nurse = places
    yield house.env.timeout(plan.nurse_minutes)
    house.nurses.release(nurse)
    yield house.env.timeout(plan.session_minutes - plan.nurse_minutes)
    house.chairs.release(chair)
