"""The one derived row of a course is, at any moment, what its facts say."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import pytest

from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.treatment import actions
from lysglimt.clinic.treatment.actions import Agreed, Away, Decided, Given
from lysglimt.clinic.treatment.actions.standing import derived
from lysglimt.clinic.treatment.history import course_facts, newest_day, protocol_of
from lysglimt.clinic.treatment.models import (
    Consent,
    Course,
    CourseDecision,
    CourseStanding,
    Rating,
    SessionGiven,
)
from lysglimt.knowledge.eligibility.candidate import Registration as Choice
from lysglimt.knowledge.protocols.course import course_state
from lysglimt.knowledge.protocols.facts import DecisionKind, StopGround, TriggerKind
from lysglimt.knowledge.protocols.state import Recorded
from tests.clinic.conftest import NOON

from .conftest import DAY, entered, rated

STEPS_OF_A_COURSE = 25


class Hands:
    """Someone who does anything at all to a course, in an order that chance decides."""

    def __init__(self, course: Course, by: Professional, chance: random.Random) -> None:
        self.course, self.by, self.chance, self.days = course, by, chance, count(1)

    def act(self) -> None:
        acts: list[Callable[[], object]] = [
            self.give,
            self.give,
            self.give,
            self.rate,
            self.rate,
            self.decide,
            self.strike,
            self.correct,
            self.consent,
            self.register,
            self.interrupt,
        ]
        self.chance.choice(acts)()

    def give(self) -> None:
        at = NOON + next(self.days) * self.chance.choice((1, 2, 3)) * DAY
        given = Given(
            started_at=at,
            stopped_at=at + timedelta(minutes=40),
            prescribed_mg=Decimal(40),
            delivered_mg=Decimal(self.chance.choice((10, 30, 40))),
        )
        actions.record_session(
            course=self.course, given=given, entered=entered(at), by=self.by, at=at
        )

    def rate(self) -> None:
        at = NOON + self.chance.randrange(0, 90) * DAY
        actions.record_rating(
            patient=self.course.patient,
            rated=rated(self.chance.randrange(0, 50)),
            entered=entered(at),
            by=self.by,
            at=at,
            course=self.course,
        )

    def decide(self) -> None:
        at = NOON + self.chance.randrange(0, 90) * DAY
        kind = self.chance.choice(list(DecisionKind))
        ground = StopGround.FUTILITY if kind is DecisionKind.STOP else None
        actions.decide(
            course=self.course,
            decided=Decided(kind=kind, ground=ground),
            by=self.by,
            at=at,
        )

    def strike(self) -> None:
        model: Any = self.chance.choice([SessionGiven, CourseDecision])
        row = model.objects.in_force().filter(course=self.course).first()
        if row is not None:
            actions.strike(fact=row, by=self.by, at=NOON, reason="Wrong")

    def correct(self) -> None:
        session = SessionGiven.objects.in_force().filter(course=self.course).last()
        if session is not None:
            actions.correct(
                fact=session, by=self.by, at=NOON, reason="Log", delivered_mg=Decimal(20)
            )
        rating = Rating.objects.in_force().last()
        if rating is not None:
            actions.correct_rating(
                rating=rating, rated=rated(9), by=self.by, at=NOON, reason="Misread"
            )

    def consent(self) -> None:
        given = Consent.objects.given().first()
        if given is not None:
            actions.withdraw_consent(consent=given, entered=entered(), by=self.by, at=NOON)
            return
        agreed = Agreed(version="1", language="nb", items=[], signed_by_patient_on=NOON.date())
        actions.record_consent(
            patient=self.course.patient, agreed=agreed, entered=entered(), by=self.by, at=NOON
        )

    def register(self) -> None:
        actions.register_choice(
            patient=self.course.patient,
            choice=self.chance.choice([Choice.REGISTER, Choice.RESERVED]),
            entered=entered(NOON + self.chance.randrange(9) * DAY),
            by=self.by,
            at=NOON,
        )

    def interrupt(self) -> None:
        first = (NOON + self.chance.randrange(0, 60) * DAY).date()
        away = Away(first_day=first, last_day=first + 9 * DAY, why="Away")
        actions.pause_course(course=self.course, away=away, by=self.by, at=NOON)
        actions.record_trigger(
            course=self.course,
            kind=self.chance.choice(list(TriggerKind)),
            entered=entered(NOON + self.chance.randrange(0, 60) * DAY),
            by=self.by,
            at=NOON,
        )


def stored(course: Course) -> dict[str, object]:
    row = CourseStanding.objects.get(course=course)
    return {name: getattr(row, name) for name in derived(course)}


def shuffled(course: Course, chance: random.Random) -> Recorded:
    """What the rules say of the same facts in another order."""
    facts = course_facts(course)
    mixed = replace(
        facts,
        sessions=tuple(chance.sample(facts.sessions, len(facts.sessions))),
        ratings=tuple(chance.sample(facts.ratings, len(facts.ratings))),
        decisions=tuple(chance.sample(facts.decisions, len(facts.decisions))),
        triggers=tuple(chance.sample(facts.triggers, len(facts.triggers))),
        pauses=tuple(chance.sample(facts.pauses, len(facts.pauses))),
    )
    as_of = newest_day(course, facts)
    return course_state(protocol_of(course), mixed, as_of).recorded


@pytest.mark.parametrize("seed", range(3))
def test_the_standing_is_what_recomputation_gives(
    course: Course, psychiatrist: Professional, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - chance that can be repeated
    hands = Hands(course, psychiatrist, chance)
    for _ in range(STEPS_OF_A_COURSE):
        hands.act()
        assert stored(course) == derived(course)
    recorded = shuffled(course, chance)
    row = CourseStanding.objects.get(course=course)
    assert (row.phase, row.sessions, row.counted) == (
        recorded.phase.value,
        recorded.sessions,
        recorded.counted,
    )


def test_rebuilding_restores_what_was_lost(course: Course, psychiatrist: Professional) -> None:
    before = stored(course)
    CourseStanding.objects.update(phase="maintenance", sessions=9)
    assert stored(course) != before
    assert actions.rebuild_standings() == 1
    assert stored(course) == before
    CourseStanding.objects.all().delete()
    actions.rebuild_standings()
    assert stored(course) == before
