"""The answers as they were given: what was answered, what was not, and what is refused."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from lysglimt.knowledge.errors import ClinicalError

from .instrument import Instrument
from .item import Item

Answer = int | str | None
Answers = Sequence[Answer] | Mapping[str, Answer]

NOT_APPLICABLE = "na"
"""The answer where an item has a 'does not apply': not a zero, and not a missing answer."""


class AnswerOutOfRange(ClinicalError):
    """An answer that its item does not have."""

    code = "instrument.answer-out-of-range"


class TooManyAnswers(ClinicalError):
    code = "instrument.too-many-answers"


class TooFewAnswers(ClinicalError):
    """A list must say of every item that it was answered or that it was not."""

    code = "instrument.too-few-answers"


class UnknownItem(ClinicalError):
    code = "instrument.unknown-item"


class AnswersContradict(ClinicalError):
    """Both of two alternatives are answered above zero."""

    code = "instrument.answers-contradict"


class NothingToScore(ClinicalError):
    """The instrument's items are not in the catalogue; its results are entered elsewhere."""

    code = "instrument.nothing-to-score"


@dataclass(frozen=True, slots=True)
class Reading:
    """Answers by item id, as answered; ``missing`` are unanswered for no stated reason."""

    values: Mapping[str, int]
    not_asked: tuple[str, ...]
    not_applicable: tuple[str, ...]
    not_assessed: tuple[str, ...]
    missing: tuple[str, ...]
    extra: Mapping[str, int]


def reading(instrument: Instrument, answers: Answers) -> Reading:
    """The answers checked against the instrument.

    ``answers`` by item id, or in the order of the items (unscored extra items may follow);
    None is not answered. Raises AnswerOutOfRange, TooManyAnswers, TooFewAnswers, UnknownItem,
    AnswersContradict or NothingToScore.
    """
    if not instrument.items:
        raise NothingToScore(
            f"{instrument.short}: its items are not in the catalogue, nothing is scored here",
            field="instrument",
            value=instrument.id,
            allowed=(),
        )
    given = _by_id(instrument, answers)
    asked = (*instrument.items, *instrument.extra_items)
    answered = {item.id: _answer(item, given.get(item.id)) for item in asked}
    counted = {item.id: _value(item, answered[item.id]) for item in asked}
    values = _numbers(instrument.items, counted)
    _refuse_contradiction(instrument, values)
    not_applicable = _ids(item for item in asked if answered[item.id] == NOT_APPLICABLE)
    not_asked = _ids(item for item in instrument.items if _closed(item, values))
    silent = {*values, *not_asked, *not_applicable}
    return Reading(
        values=values,
        not_asked=not_asked,
        not_applicable=not_applicable,
        not_assessed=_ids(item for item in asked if _is_not_assessed(item, answered[item.id])),
        missing=_ids(item for item in instrument.items if item.id not in silent),
        extra=_numbers(instrument.extra_items, counted),
    )


def _numbers(items: Iterable[Item], counted: Mapping[str, int | None]) -> dict[str, int]:
    return {item.id: value for item in items if (value := counted[item.id]) is not None}


def _ids(items: Iterable[Item]) -> tuple[str, ...]:
    return tuple(item.id for item in items)


def _by_id(instrument: Instrument, answers: Answers) -> Mapping[str, Answer]:
    if isinstance(answers, Mapping):
        known = _ids((*instrument.items, *instrument.extra_items))
        for item_id in answers:
            if item_id not in known:
                nearest = get_close_matches(str(item_id), known, n=1, cutoff=0)[0]
                raise UnknownItem(
                    f"{instrument.short} has no item '{item_id}', the nearest is '{nearest}'",
                    field="item",
                    value=item_id,
                    allowed=known,
                    nearest=nearest,
                )
        return answers
    return _in_order(instrument, answers)


def _in_order(instrument: Instrument, answers: Sequence[Answer]) -> Mapping[str, Answer]:
    items, extra = _ids(instrument.items), _ids(instrument.extra_items)
    given, due = len(answers), len(items)
    if given < due:
        raise TooFewAnswers(
            f"{instrument.short} has {due} items, {given} answers were given; "
            "one that was not answered must be said so",
            field="answers",
            value=given,
            allowed=due,
        )
    if given not in {due, due + len(extra)}:
        raise TooManyAnswers(
            f"{instrument.short} has {due} items, {given} answers were given",
            field="answers",
            value=given,
            allowed=due,
        )
    return dict(zip((*items, *extra), answers, strict=False))


def _answer(item: Item, answer: object) -> int | str | None:
    """As given, once it is one that the item has: a number, "na" or None."""
    if isinstance(answer, str):
        answer = item.codes.get(answer, answer)
    if isinstance(answer, bool) and item.allowed == (0, 1):
        return int(answer)
    if answer is None or (answer == NOT_APPLICABLE and item.not_applicable):
        return None if answer is None else NOT_APPLICABLE
    if type(answer) is int and (answer in item.allowed or _is_not_assessed(item, answer)):
        return answer
    raise AnswerOutOfRange(
        f"Item {item.number} ({item.label.en}): {answer!r} is not allowed; allowed is "
        f"{_allowed(item)}",
        field=item.id,
        number=item.number,
        label=item.label,
        value=answer,
        allowed=_allowed(item),
    )


def _is_not_assessed(item: Item, answer: int | str | None) -> bool:
    return item.not_assessed is not None and answer == item.not_assessed.code


def _allowed(item: Item) -> str:
    codes = f" (also {', '.join(item.codes)})" if item.codes else ""
    no_case = f" (also '{NOT_APPLICABLE}': does not apply)" if item.not_applicable else ""
    unseen = f" ({item.not_assessed.code}: not assessed)" if item.not_assessed else ""
    return item.span + codes + no_case + unseen


def _value(item: Item, answer: int | str | None) -> int | None:
    """What counts: an item that was not assessed counts only where the scale says what for."""
    if not isinstance(answer, int):
        return None
    if item.not_assessed and answer == item.not_assessed.code:
        return item.not_assessed.adds
    return answer


def _closed(item: Item, values: Mapping[str, int]) -> bool:
    """Not asked: its gate was answered no, or the alternative to it was answered."""
    if item.id in values:
        return False
    return values.get(item.ask_if) == 0 or item.excludes in values


def _refuse_contradiction(instrument: Instrument, values: Mapping[str, int]) -> None:
    for item in instrument.items:
        other = item.excludes
        if item.excludes and values.get(item.id) and values.get(other):
            raise AnswersContradict(
                f"Items {item.number} and {instrument.item(other).number} are alternatives; "
                "only one of them can be above zero",
                field=item.id,
                value=values[item.id],
                allowed="0",
                other=other,
            )
