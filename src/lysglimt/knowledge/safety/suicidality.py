"""A positive item opens a task for a named clinician. There is no grade of risk here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
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
    """The answer to one item, as the instrument's data file names it: phq9, i9, 2.

    ``recall`` is the variant of the recall window that was asked about; "" is the usual one.
    """

    instrument: str
    item: str
    value: int
    recall: str = ""


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
class PastBehaviour:
    """The item about behaviour ever, and the one about the last months that may place it before.

    Then it is of the ``window``, whichever was asked about.
    """

    instrument: str
    item: str
    unless: str
    window: str


@dataclass(frozen=True, slots=True)
class AnswerDeadline:
    """How soon somebody answers for a task of that promptness, where a unit has not said otherwise."""

    act: Promptness
    within: Figure[timedelta]


@dataclass(frozen=True, slots=True)
class SuicidalityTable:
    """The one action rule, and the occasions.

    Intent, plan or behaviour is always new in a recall window of ``since_last``, and is acted
    on now in one of ``recent``. What is as prompt as ``doctor_from`` is a doctor's to answer.
    """

    basis: Basis
    doctor_from: Promptness
    since_last: tuple[str, ...]
    recent: tuple[str, ...]
    deadlines: tuple[AnswerDeadline, ...]
    baseline_within: Figure[timedelta]
    reminded_for: Figure[timedelta]
    past: PastBehaviour
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
    """What the answers lead to: a new task, or answers added to one that is open.

    ``added_to`` is the open task as it was given; None when the task is new.
    """

    task: SafetyTask
    added_to: SafetyTask | None = None

    @property
    def opened(self) -> bool:
        return self.added_to is None


def in_their_time(answers: Iterable[SafetyAnswer]) -> tuple[SafetyAnswer, ...]:
    """The answers of one rating; behaviour ever, and not in the last months, as long ago."""
    given, past = tuple(answers), suicidality_table().past
    return tuple(
        replace(one, recall=past.window) if long_ago(one, given) else one for one in given
    )


def long_ago(answer: SafetyAnswer, given: Iterable[SafetyAnswer]) -> bool:
    """Behaviour ever, where the same rating says that there was none in the last months."""
    past = suicidality_table().past
    if (answer.instrument, answer.item) != (past.instrument, past.item) or not answer.value:
        return False
    return any(
        (one.instrument, one.item, one.value) == (past.instrument, past.unless, 0)
        for one in given
    )


def promptness(answer: SafetyAnswer) -> Promptness | None:
    """When to act on one answer; None when it is not positive. Raises NoSuchItem."""
    speaking = [rule for rule in _rules(answer) if rule.speaks_of(answer)]
    if answer.recall in suicidality_table().recent and any(rule.intent for rule in speaking):
        return Promptness.DOCTOR_NOW
    return max((rule.act for rule in speaking), key=lambda act: act.order, default=None)


def answered_by_a_doctor(act: Promptness) -> bool:
    """Whether no one but a doctor answers what is to be acted on so soon. [own-proposal]"""
    return act.order >= suicidality_table().doctor_from.order


def can_ask_for_a_doctor(instrument: str) -> bool:
    """Whether an answer of the instrument, in any window, is one for a doctor."""
    rules = [rule for rule in suicidality_table().ratings if rule.instrument == instrument]
    return any(rule.intent or answered_by_a_doctor(rule.act) for rule in rules)


def task(
    answers: Iterable[SafetyAnswer],
    *,
    open_tasks: Iterable[SafetyTask] = (),
    corrected: Iterable[SafetyAnswer] = (),
) -> TaskStep | None:
    """The task that the answers of one occasion lead to; None when none is positive.

    A repeated positive is added to an open task that is as urgent: the one that says the same,
    or else the most urgent, the first given among equals. New intent, plan or behaviour opens
    a new one, and so does an answer that must be acted on sooner than every open task says.
    ``corrected`` are the answers before a correction: those it leaves alone are nothing new.
    """
    given, known = tuple(dict.fromkeys(answers)), tuple(open_tasks)
    acts = {one: act for one in given if (act := promptness(one)) is not None}
    if not acts:
        return None
    act = max(acts.values(), key=lambda one: one.order)
    fitting = [one for one in known if one.act.order >= act.order]
    if not fitting or _new_intent(acts.keys() - {*corrected}, known):
        return TaskStep(SafetyTask(act, tuple(acts)))
    nearest = max(fitting, key=lambda one: (len(acts.keys() & {*one.answers}), one.act.order))
    together = tuple(dict.fromkeys((*nearest.answers, *acts)))
    return TaskStep(SafetyTask(nearest.act, together), added_to=nearest)


def _new_intent(positive: Iterable[SafetyAnswer], known: Iterable[SafetyTask]) -> bool:
    """Since the last contact is since the open tasks: the same answer is another event."""
    said = {answer for one in known for answer in one.answers}
    since_last = suicidality_table().since_last
    new = (one for one in positive if one.recall in since_last or one not in said)
    return any(rule.intent and rule.speaks_of(one) for one in new for rule in _rules(one))


def news(
    answers: Iterable[SafetyAnswer], *, before: Iterable[SafetyAnswer]
) -> tuple[SafetyAnswer, ...]:
    """The positive answers that say something new since those before.

    The same answer again is nothing new, but intent, plan or behaviour since the last contact.
    Behaviour from before the last months is no news, whenever it is told.
    """
    known, given = tuple(before), tuple(answers)
    return tuple(
        one
        for one in dict.fromkeys(given)
        if promptness(one) is not None
        and not long_ago(one, given)
        and (_of_intent_since_last(one) or not any(_as_much(other, one) for other in known))
    )


def _of_intent_since_last(answer: SafetyAnswer) -> bool:
    since_last = answer.recall in suicidality_table().since_last
    return since_last and any(rule.intent and rule.speaks_of(answer) for rule in _rules(answer))


def _as_much(earlier: SafetyAnswer, answer: SafetyAnswer) -> bool:
    same = (earlier.instrument, earlier.item) == (answer.instrument, answer.item)
    return same and earlier.value >= answer.value


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
