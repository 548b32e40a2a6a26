"""A course in one look: where the score stands, what was given, what is next, what is missing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.clinic.treatment.history import facts_of, protocol_of
from lysglimt.clinic.treatment.models import Rating
from lysglimt.clinic.treatment.record import CourseRecord
from lysglimt.knowledge.instruments.instrument import Instrument, instrument
from lysglimt.knowledge.outcomes.response import Outcomes, outcome_rules, outcomes
from lysglimt.knowledge.protocols.course import course_state
from lysglimt.knowledge.protocols.facts import RatingGiven
from lysglimt.knowledge.protocols.protocol import Protocol
from lysglimt.knowledge.protocols.state import CourseState, Due, Matter, Phase
from lysglimt.knowledge.text import Text

BEFORE_OUTCOME = {Phase.INDUCTION, Phase.EVALUATION}
MISSED = {Matter.RATING, Matter.EVALUATION, Matter.FOLLOW_UP}


@dataclass(frozen=True, slots=True)
class RemissionShown:
    """Remission by one definition; ``note`` says where it is used, if anything does."""

    by: str
    note: Text | None
    at_most: int
    reached: bool


@dataclass(frozen=True, slots=True)
class CourseOverview:
    """``state`` is of the day asked for. Nothing in it is suggested: the page decides what to show."""

    record: CourseRecord
    state: CourseState

    @classmethod
    def of(cls, record: CourseRecord, on: date) -> "CourseOverview":
        return cls(record, course_state(protocol_of(record.course), facts_of(record), on))

    @property
    def protocol(self) -> Protocol:
        return protocol_of(self.record.course)

    @property
    def scale(self) -> Instrument:
        """The instrument of evaluation."""
        return instrument(self.protocol.evaluation.instrument)

    @property
    def ratings(self) -> tuple[Rating, ...]:
        """Of the instrument of evaluation, in order of time."""
        own = (row for row in self.record.ratings_in_force if row.instrument == self.scale.id)
        return tuple(sorted(own, key=lambda row: row.happened_at))

    @property
    def latest(self) -> Rating | None:
        scored = [row for row in self.ratings if row.total is not None]
        return scored[-1] if scored else None

    @property
    def awaited(self) -> Due | None:
        """The evaluation's own rating, while it is missing: no older score stands for it."""
        own = (one for one in self.state.advice.due if one.matter is Matter.EVALUATION)
        return next((one for one in own if one.instrument == self.scale.id), None)

    @property
    def preliminary(self) -> bool:
        """The latest score is not that of the evaluation, and no outcome yet."""
        phase, outcome = self.state.recorded.phase, self.state.advice.outcome
        if self.effect is None or phase not in BEFORE_OUTCOME:
            return False
        if phase is Phase.INDUCTION or outcome is None or self.latest is None:
            return True
        return outcome.current.on != on_day(self.latest.happened_at)

    @property
    def effect(self) -> Outcomes | None:
        """Of the latest score after the first session; None with nothing to compare."""
        latest, first = self.latest, self.state.recorded.first_session
        before = self.state.recorded.baseline
        if latest is None or latest.total is None or first is None:
            return None
        if on_day(latest.happened_at) < first or is_baseline(latest, before):
            return None
        return outcomes(
            self.scale.id, baseline=before.total if before else None, current=latest.total
        )

    @property
    def remissions(self) -> tuple[RemissionShown, ...]:
        """By each definition, the one of the protocol first."""
        if self.effect is None:
            return ()
        reached = self.effect.remission
        rules = sorted(
            outcome_rules(self.scale.id).remission,
            key=lambda rule: (rule.id != self.definition, rule.at_most),
        )
        return tuple(
            RemissionShown(rule.id, rule.note, rule.at_most, reached[rule.id]) for rule in rules
        )

    @property
    def definition(self) -> str:
        """The id of the protocol's remission, or of the instrument's own default."""
        chosen = self.protocol.remission
        if chosen and chosen.instrument == self.scale.id:
            return chosen.definition
        default = outcome_rules(self.scale.id).default_remission
        return default.id if default else ""

    @property
    def remission_at(self) -> int | None:
        """The highest total that is remission by the protocol's definition."""
        rules = outcome_rules(self.scale.id).remission
        return next((rule.at_most for rule in rules if rule.id == self.definition), None)

    @property
    def milligrams(self) -> Decimal:
        """Of the sessions whose amount is recorded: ECT and rTMS have none."""
        amounts = (
            row.delivered_mg
            for row in self.record.sessions_in_force
            if row.delivered_mg is not None
        )
        return sum(amounts, Decimal(0))


def missed(overview: CourseOverview) -> Iterator[Due]:
    """Ratings whose window has closed."""
    for due in overview.state.advice.due:
        if due.overdue and due.latest and due.matter in MISSED:
            yield due


def is_baseline(row: Rating, found: RatingGiven | None) -> bool:
    if found is None or row.total is None:
        return False
    return found.on == on_day(row.happened_at) and found.total == int(row.total)
