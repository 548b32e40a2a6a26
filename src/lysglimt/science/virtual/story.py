"""One made-up course at hand: its facts so far, who rates and decides, and the rows they leave."""

from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache

from numpy.random import Generator

from lysglimt.knowledge.protocols.advice import next_decision
from lysglimt.knowledge.protocols.facts import (
    Answered,
    CourseFacts,
    DecisionKind,
    DecisionMade,
    RatingGiven,
    RegisteredIn,
    SessionGiven,
    StopGround,
    Timing,
    Trigger,
)
from lysglimt.knowledge.protocols.journey import journey
from lysglimt.knowledge.protocols.library import latest
from lysglimt.knowledge.protocols.protocol import Protocol
from lysglimt.knowledge.protocols.ratings_due import ratings_due
from lysglimt.knowledge.protocols.state import DueStatus, Phase
from lysglimt.knowledge.protocols.way import Way

from .answers import FILLED_IN, Filled, filled, summing
from .asked import Asked, Practice
from .chance import happens
from .delivery import Body
from .figures import reckoned
from .illness import Illness
from .people import MadeUp
from .tables import Rows

MADRS = "madrs"
BY = "synthetic"
OPEN = {DueStatus.DUE, DueStatus.OVERDUE}
FUTILITY_RULE = "EV-3"
MOST_IN_A_DAY = 4
"""Decisions, so that one who goes on and on is not asked for ever."""


@dataclass(slots=True)
class Story:
    """``today`` is as far as it has been told; ``tendency`` to adverse events is the person's own."""

    asked: Asked
    person: MadeUp
    body: Body
    illness: Illness
    protocol: Protocol
    chance: Generator
    rows: Rows
    start: date
    today: date
    tendency: float
    consented: date
    sessions: list[SessionGiven] = field(default_factory=list)
    ratings: list[RatingGiven] = field(default_factory=list)
    answered: list[Answered] = field(default_factory=list)
    decisions: list[DecisionMade] = field(default_factory=list)
    triggers: list[Trigger] = field(default_factory=list)
    last_way: tuple[tuple[int, ...], Way] | None = None

    @property
    def facts(self) -> CourseFacts:
        return CourseFacts(
            consented=self.consented,
            registration=RegisteredIn.REGISTER,
            planned_start=self.start,
            sessions=tuple(self.sessions),
            ratings=tuple(self.ratings),
            decisions=tuple(self.decisions),
            triggers=tuple(self.triggers),
            answered=tuple(self.answered),
        )

    @property
    def usual(self) -> bool:
        return self.asked.practice is Practice.USUAL

    @property
    def named(self) -> tuple[str, int]:
        """What every row of the course begins with."""
        return self.person.id, self.person.unit.number

    def way(self, on: date) -> Way:
        """Where the course engine of the clinic says that the course is."""
        # Facts are only ever added, so that their counts tell whether anything is new.
        asked = (
            *(on.toordinal(), len(self.sessions), len(self.ratings), len(self.answered)),
            *(len(self.decisions), len(self.triggers)),
        )
        if self.last_way is None or self.last_way[0] != asked:
            self.last_way = asked, journey(self.protocol, self.facts, on)
        return self.last_way[1]

    def chances(self, share: float) -> bool:
        """Of what goes wrong in the usual practice and never where everybody gets all."""
        return happens(self.chance, share) and self.usual


@cache
def asked_protocol(name: str) -> Protocol:
    """The protocol, with those of its ratings that the virtual clinic fills in."""
    known = latest(name)
    plans = (one for one in known.ratings if one.instrument in FILLED_IN and not one.optional)
    return replace(known, ratings=tuple(plans))


def rate(story: Story, on: date, timing: str) -> bool:
    """Fill in what is due that day; is the MADRS among what was rated?"""
    due = {
        one.instrument: one.earliest
        for one in ratings_due(story.way(on), on)
        if one.instrument and one.status in OPEN
    }
    return bool(due) and entered(story, due, on, timing=timing)


def entered(story: Story, due: dict[str, date], on: date, *, timing: str) -> bool:
    total, level = story.illness.score(on.toordinal(), story.chance)
    rated = False
    for name, since in due.items():
        if missed(story, name, timing):
            story.rows["missed"].append((*story.named, name, since))
            continue
        if name == MADRS:
            answers = Filled(summing(MADRS, total, story.chance), total)
            before = Timing.BEFORE if timing == "before_dose" else None
            story.ratings.append(RatingGiven(MADRS, total, on, before))
            rated = True
        else:
            answers = filled(name, level, story.chance)
            story.answered.append(Answered(name, on))
        story.rows["ratings"].append(
            (*story.named, name, on, timing, answers.total, list(answers.answers))
        )
    return rated


def missed(story: Story, name: str, timing: str) -> bool:
    """Without a MADRS at the start nobody is treated, so that one is there."""
    f = reckoned()
    if name == MADRS:
        share = f["rating_missed"] * story.person.unit.missing
        return timing != "baseline" and story.chances(share)
    return story.chances(f["form_missed"] * story.person.unit.missing)


def decide(story: Story, on: date) -> None:
    """What the course engine proposes, as the doctors of the practice follow it."""
    proposed_before: set[DecisionKind] = set()
    for _ in range(MOST_IN_A_DAY):
        way = story.way(on)
        advice = next_decision(way, on)
        if not advice or not advice.proposed or advice.proposed[0] in proposed_before:
            return
        proposed_before.add(advice.proposed[0])
        kind = chosen(story, way.phase, advice.proposed)
        if kind is None:
            return
        ground = stop_ground(way, advice.ground.rule) if kind is DecisionKind.STOP else None
        decided(story, kind, on, ground=ground, rule=advice.ground.rule)


def chosen(
    story: Story, phase: Phase, proposed: tuple[DecisionKind, ...]
) -> DecisionKind | None:
    if proposed == (DecisionKind.END_INDUCTION,):
        return proposed[0] if story.chances(reckoned()["ends_early"]) else None
    if phase is Phase.INDUCTION and not story.usual:
        return next(
            (one for one in proposed if one is not DecisionKind.STOP), DecisionKind.CONTINUE
        )
    if phase is Phase.MAINTENANCE and proposed[0] is DecisionKind.STOP and len(proposed) > 1:
        gives_up = happens(story.chance, reckoned()["gives_up"])
        return proposed[0] if gives_up else proposed[-1]
    if len(proposed) == 1 or happens(story.chance, reckoned()["first_proposal"]):
        return proposed[0]
    return proposed[1 + int(story.chance.integers(len(proposed) - 1))]


def stop_ground(way: Way, rule: str) -> StopGround:
    if way.stop_events(before=date.max):
        return StopGround.CONSENT
    return StopGround.FUTILITY if rule == FUTILITY_RULE else StopGround.OTHER


def decided(
    story: Story,
    kind: DecisionKind,
    on: date,
    *,
    ground: StopGround | None = None,
    rule: str = "",
) -> None:
    why = f"{BY}: {rule or ground or kind}"
    story.decisions.append(DecisionMade(kind, on, reason=why, by=BY, ground=ground))
    story.rows["decisions"].append(
        (*story.named, on, kind.value, ground.value if ground else None, rule)
    )
