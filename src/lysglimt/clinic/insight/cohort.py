"""What the unit has achieved in a period: who came, who was treated, and with what effect."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lysglimt.clinic.treatment.history import facts_of, protocol_of
from lysglimt.clinic.treatment.record import CourseRecord
from lysglimt.knowledge.protocols.course import course_state
from lysglimt.knowledge.protocols.induction_effect import InductionEffect, induction_effect
from lysglimt.knowledge.protocols.protocol import Kind
from lysglimt.knowledge.protocols.state import CourseState, Outcome, Phase
from lysglimt.register.proportions import Proportion


class Period(StrEnum):
    """Over which time, counted back from today."""

    YEAR = "12"
    THREE_YEARS = "36"
    FIVE_YEARS = "60"
    ALL = "all"

    def begins(self, today: date) -> date:
        if self is Period.ALL:
            return date.min
        years = int(self.value) // 12
        leap_day = (today.month, today.day) == (2, 29)
        return today.replace(year=today.year - years, day=28 if leap_day else today.day)


@dataclass(frozen=True, slots=True)
class Treated:
    """One course that was started, as it stands today."""

    record: CourseRecord
    state: CourseState
    effect: InductionEffect

    @classmethod
    def of(cls, record: CourseRecord, on: date) -> "Treated":
        protocol, facts = protocol_of(record.course), facts_of(record)
        return cls(
            record, course_state(protocol, facts, on), induction_effect(protocol, facts, on)
        )

    @property
    def under_way(self) -> bool:
        """Still in induction: nothing can be missing yet."""
        return not self.effect.completed and self.state.recorded.phase in {
            Phase.PLANNED,
            Phase.INDUCTION,
        }

    @property
    def awaits_rating(self) -> bool:
        """Induction is over, and the evaluation rating is not yet late."""
        late = any(due.overdue for due in self.state.advice.due)
        evaluating = self.state.recorded.phase is Phase.EVALUATION
        return evaluating and self.effect.rating is None and not late

    @property
    def has_baseline(self) -> bool:
        return self.state.recorded.baseline is not None


@dataclass(frozen=True, slots=True)
class Effect:
    """One outcome two ways: missing counts as not reached, and only those with a rating."""

    all_treated: Proportion
    complete: Proportion


@dataclass(frozen=True, slots=True)
class Cohort:
    """The courses of a unit that were started in a period."""

    treated: tuple[Treated, ...]

    @classmethod
    def of(cls, records: Iterable[CourseRecord], *, since: date, on: date) -> "Cohort":
        begun = (Treated.of(record, on) for record in records if judged(record))
        return cls(tuple(one for one in begun if started(one, since)))

    @property
    def under_way(self) -> int:
        """Not counted in any outcome yet."""
        return sum(one.under_way or one.awaits_rating for one in self.treated)

    @property
    def over(self) -> Sequence[Treated]:
        return [one for one in self.treated if not (one.under_way or one.awaits_rating)]

    @property
    def missing(self) -> int:
        return sum(one.effect.outcome is None for one in self.over)

    @property
    def response(self) -> Effect:
        return self._effect(found.response for found in self._outcomes())

    @property
    def remission(self) -> Effect:
        return self._effect(bool(found.remission) for found in self._outcomes())

    @property
    def baselines(self) -> Proportion:
        return Proportion(sum(one.has_baseline for one in self.treated), len(self.treated))

    @property
    def evaluations(self) -> Proportion:
        """Of those who completed induction and whose rating is not still to come."""
        completed = [one for one in self.over if one.effect.completed]
        rated = sum(one.effect.rating is not None for one in completed)
        return Proportion(rated, len(completed))

    def _outcomes(self) -> Iterator[Outcome]:
        for one in self.over:
            if one.effect.outcome is not None:
                yield one.effect.outcome

    def _effect(self, reached: Iterable[bool]) -> Effect:
        known = list(reached)
        count = sum(known)
        return Effect(Proportion(count, len(self.over)), Proportion(count, len(known)))


def judged(record: CourseRecord) -> bool:
    """By a protocol that treats: comparators and research are told apart."""
    return protocol_of(record.course).kind is Kind.TREATMENT


def started(one: Treated, since: date) -> bool:
    first = one.state.recorded.first_session
    return first is not None and first >= since
