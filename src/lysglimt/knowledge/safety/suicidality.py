"""A positive item opens a task for a named clinician. There is no grade of risk here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files

from lysglimt.knowledge.catalogue import read
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.figures import Basis, Figure
from lysglimt.knowledge.text import Text


class Promptness(StrEnum):
    """When a clinician acts on an answer; never how great a risk is."""

    NEXT_CONTACT = "next-contact"
    SAME_DAY = "same-day"
    DOCTOR_NOW = "doctor-now"

    @property
    def order(self) -> int:
        return tuple(Promptness).index(self)


@dataclass(frozen=True, slots=True)
class SafetyAnswer:
    """The answer to one item, as the instrument's data file names it: phq9, i9, 2."""

    instrument: str
    item: str
    value: int


@dataclass(frozen=True, slots=True)
class ActionRule:
    """From which answer on a clinician acts, and when; ``intent`` is intent, plan, behaviour."""

    instrument: str
    item: str
    at_least: int
    act: Promptness
    intent: bool = False

    def speaks_of(self, answer: SafetyAnswer) -> bool:
        same = (self.instrument, self.item) == (answer.instrument, answer.item)
        return same and answer.value >= self.at_least


class Anchor(StrEnum):
    """The event from which an occasion to ask is counted."""

    FIRST_SESSION = "first-session"
    SIXTH_SESSION = "sixth-session"
    LAST_DOSE = "last-dose"
    DROP_OUT_OR_NO_RESPONSE = "drop-out-or-no-response"


@dataclass(frozen=True, slots=True)
class Occasion:
    """When suicidality is asked about. Without an anchor it goes with a visit, not a day."""

    id: str
    name: Text
    basis: Basis
    since: Anchor | None = None
    after: tuple[Figure[timedelta], ...] = ()


@dataclass(frozen=True, slots=True)
class SuicidalityTable:
    """The one action rule, and the occasions."""

    basis: Basis
    ratings: tuple[ActionRule, ...]
    occasion: tuple[Occasion, ...]


@cache
def suicidality_table() -> SuicidalityTable:
    return read(SuicidalityTable, files("lysglimt.knowledge.safety") / "suicidality.toml")


class NoSuchItem(ClinicalError):
    """An item that the action rule does not know; it must not pass as negative."""

    code = "safety.no-such-item"


@dataclass(frozen=True, slots=True)
class SafetyTask:
    """What a named clinician must do, how soon, and the answers that led to it."""

    act: Promptness
    answers: tuple[SafetyAnswer, ...]


@dataclass(frozen=True, slots=True)
class TaskStep:
    """What the answers lead to: a new task, or answers added to the one that is open.

    ``opened`` is False when the answers were added.
    """

    task: SafetyTask
    opened: bool


def promptness(answer: SafetyAnswer) -> Promptness | None:
    """When to act on one answer; None when it is not positive. Raises NoSuchItem."""
    return max(
        (rule.act for rule in _rules(answer) if rule.speaks_of(answer)),
        key=lambda act: act.order,
        default=None,
    )


def task(
    answers: Iterable[SafetyAnswer], *, open_task: SafetyTask | None = None
) -> TaskStep | None:
    """The task that the answers of one occasion lead to; None when none is positive.

    A repeated positive is added to the open task. New intent, plan or behaviour opens a new
    one, and so does an answer that must be acted on sooner than the open task says.
    """
    given = tuple(dict.fromkeys(answers))
    acts = {one: act for one in given if (act := promptness(one)) is not None}
    if not acts:
        return None
    act = max(acts.values(), key=lambda one: one.order)
    if open_task is None or act.order > open_task.act.order or _new_intent(acts, open_task):
        return TaskStep(SafetyTask(act, tuple(acts)), opened=True)
    together = tuple(dict.fromkeys((*open_task.answers, *acts)))
    return TaskStep(SafetyTask(open_task.act, together), opened=False)


def _new_intent(positive: Iterable[SafetyAnswer], open_task: SafetyTask) -> bool:
    new = (one for one in positive if one not in open_task.answers)
    return any(rule.intent and rule.speaks_of(one) for one in new for rule in _rules(one))


def _rules(answer: SafetyAnswer) -> tuple[ActionRule, ...]:
    rules = tuple(
        rule
        for rule in suicidality_table().ratings
        if (rule.instrument, rule.item) == (answer.instrument, answer.item)
    )
    if not rules:
        raise NoSuchItem(
            f"no rule for item {answer.item} of {answer.instrument}",
            field="item",
            value=f"{answer.instrument} {answer.item}",
            allowed=tuple(f"{r.instrument} {r.item}" for r in suicidality_table().ratings),
        )
    return rules


def days_to_ask(anchors: Mapping[Anchor, date]) -> tuple[tuple[date, Occasion], ...]:
    """The days on which to ask, in order, from the events that have happened."""
    due = [
        (day + step.value, occasion)
        for anchor, day in anchors.items()
        for occasion in suicidality_table().occasion
        if occasion.since is anchor
        for step in occasion.after
    ]
    return tuple(sorted(due, key=lambda one: (one[0], one[1].id)))
