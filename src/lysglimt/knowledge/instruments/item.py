"""One question of an instrument: what it is called, and which answers it takes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from lysglimt.knowledge.errors import Inconsistent
from lysglimt.knowledge.figures import Basis
from lysglimt.knowledge.text import Text


class Attention(StrEnum):
    """What an answer on suicidality asks of the clinician. Never a grade of risk."""

    NONE = "none"
    REVIEW = "review"
    URGENT = "urgent"
    NOT_ASKED = "not_asked"


class LabelStatus(StrEnum):
    """How far a neutral label is known to fit the item it stands for."""

    NEUTRAL = "neutral"
    SEEN = "seen"
    MEMORY = "memory"
    UNVERIFIED = "unverified"
    NOT_SHOWN = "not_shown"


@dataclass(frozen=True, slots=True)
class AttentionRule:
    """From which answer a clinician reviews, and from which at once, whatever the total."""

    review_at: int
    review_basis: Basis
    urgent_at: int | None = None
    urgent_basis: Basis | None = None
    note: Text | None = None

    def __post_init__(self) -> None:
        if (self.urgent_at is None) is not (self.urgent_basis is None):
            raise Inconsistent("urgent_at and urgent_basis belong together")
        if self.urgent_at is not None and self.urgent_at <= self.review_at:
            raise Inconsistent(f"urgent_at {self.urgent_at} is not above {self.review_at}")

    def attention(self, answer: int | None) -> Attention:
        """None is an item that was not asked or not answered: that is not a no."""
        if answer is None:
            return Attention.NOT_ASKED
        if self.urgent_at is not None and answer >= self.urgent_at:
            return Attention.URGENT
        return Attention.REVIEW if answer >= self.review_at else Attention.NONE


@dataclass(frozen=True, slots=True)
class Option:
    """One answer and its neutral label."""

    value: int
    label: Text


@dataclass(frozen=True, slots=True)
class NotAssessed:
    """A code that says the item was not assessed. With ``adds`` it is no gap in the total."""

    code: int
    adds: int | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """``number`` is as printed ("6b").

    Answers run from ``lowest`` to ``highest`` unless ``values`` lists them. ``codes`` are printed
    answers that score as a number ("1a").

    ``ask_if`` names an item: this one is asked only when that answer is above zero.
    ``excludes`` names the item that this one is the alternative to.
    """

    id: str
    number: str
    label: Text
    lowest: int
    highest: int
    values: tuple[int, ...] = ()
    label_status: LabelStatus = LabelStatus.NEUTRAL
    options: tuple[Option, ...] = ()
    codes: Mapping[str, int] = field(default_factory=dict)
    reverse: bool = False
    observed: bool = False
    unsuited_24h: bool = False
    ask_if: str = ""
    excludes: str = ""
    not_assessed: NotAssessed | None = None
    not_applicable: Text | None = None
    fixed: int | None = None
    guide: Text | None = None
    guide_basis: Basis | None = None
    safety: AttentionRule | None = None
    parent: str = ""
    number_in_parent: int | None = None
    dimension: str = ""
    versions: tuple[Text, ...] = ()
    loinc: str = ""
    loinc_basis: Basis | None = None
    asked_when_total_above: int | None = None

    def __post_init__(self) -> None:
        if self.lowest >= self.highest:
            raise Inconsistent(f"{self.id}: {self.lowest} is not below {self.highest}")
        if self.values and (self.values[0], self.values[-1]) != (self.lowest, self.highest):
            raise Inconsistent(f"{self.id}: values leave the range {self.span}")
        if list(self.values) != sorted(set(self.values)):
            raise Inconsistent(f"{self.id}: values are not in rising order")
        self._check_answers()
        if (self.guide is None) is not (self.guide_basis is None):
            raise Inconsistent(f"{self.id}: guide and guide_basis belong together")

    def _check_answers(self) -> None:
        stated = {option.value for option in self.options}
        if self.options and stated != set(self.allowed):
            raise Inconsistent(f"{self.id}: options do not cover the answers {self.span}")
        if not set(self.codes.values()) <= set(self.allowed):
            raise Inconsistent(f"{self.id}: a code scores outside {self.span}")
        if self.fixed is not None and self.fixed not in self.allowed:
            raise Inconsistent(f"{self.id}: {self.fixed} is outside {self.span}")
        if self.not_assessed is not None and self.not_assessed.code in self.allowed:
            raise Inconsistent(f"{self.id}: 'not assessed' is also an answer")
        self._check_safety()

    def _check_safety(self) -> None:
        if self.safety is None:
            return
        for at in (self.safety.review_at, self.safety.urgent_at):
            if at is not None and not self.lowest < at <= self.highest:
                raise Inconsistent(f"{self.id}: a safety rule at {at} is outside {self.span}")

    @property
    def allowed(self) -> tuple[int, ...]:
        """Every answer that scores, in rising order."""
        return self.values or tuple(range(self.lowest, self.highest + 1))

    @property
    def span(self) -> str:
        """The allowed answers as a reader writes them: ``0-3``, ``0, 2, 4``."""
        if self.values:
            return ", ".join(str(value) for value in self.values)
        return f"{self.lowest}-{self.highest}" if self.lowest >= 0 else self._signed_span

    @property
    def _signed_span(self) -> str:
        return f"{self.lowest} to {self.highest:+d}"

    def scored(self, answer: int) -> int:
        """What the answer adds: a reversed item counts from its other end."""
        return self.lowest + self.highest - answer if self.reverse else answer
