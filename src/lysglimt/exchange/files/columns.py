"""What a column of an import template takes, and what is wrong with a cell."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from enum import StrEnum

from lysglimt.knowledge.quantities import typed_number
from lysglimt.knowledge.text import Text

NORWEGIAN_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})(?::00)?")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
EARLIEST = date(1900, 1, 1)
MOST_MG = Decimal(9999)
LONGEST = 500
NOT_ANSWERED = "-"


class Kind(StrEnum):
    WORDS = "words"
    DAY = "day"
    CLOCK = "clock"
    AMOUNT = "amount"
    CHOICE = "choice"
    ANSWERS = "answers"
    IDENTITY = "identity"


@dataclass(frozen=True, slots=True)
class Column:
    """``example`` is clearly made up. ``choices`` by what is written to what it means."""

    name: str
    kind: Kind
    label: Text
    example: str
    required: bool = False
    choices: Mapping[str, Text] = field(default_factory=dict)
    longest: int = LONGEST


@dataclass(frozen=True, slots=True)
class Problem:
    """Which cell, what stands there, what may, and why it is refused."""

    row: int
    column: str
    value: str
    allowed: str
    reason: Text


class CellRefused(Exception):
    """The cell cannot be read; says what may stand there."""

    def __init__(self, allowed: str, reason: Text) -> None:
        super().__init__(str(reason))
        self.allowed, self.reason = allowed, reason


Value = str | date | time | Decimal | tuple[str, ...]


def value_of(column: Column, text: str) -> Value:
    """What the cell says. Raises CellRefused."""
    if CONTROL.search(text):
        raise CellRefused(
            "", Text("Cellen har tegn som ikke kan skrives.", "The cell has unprintable signs.")
        )
    return READ[column.kind](column, text)


def words(column: Column, text: str) -> str:
    if len(text) > column.longest:
        raise CellRefused(
            f"<= {column.longest}",
            Text(
                f"Teksten er {len(text)} tegn lang.",
                f"The text is {len(text)} characters long.",
            ),
        )
    return text


def day(_: Column, text: str) -> date:
    found = NORWEGIAN_DAY.fullmatch(text)
    try:
        said = (
            date(int(found[3]), int(found[2]), int(found[1]))
            if found
            else date.fromisoformat(text)
        )
    except ValueError:
        raise no_day() from None
    if said < EARLIEST:
        raise no_day()
    return said


def no_day() -> CellRefused:
    return CellRefused(
        "2026-03-02, 02.03.2026", Text("Dette er ingen dato.", "This is no date.")
    )


def clock(_: Column, text: str) -> time:
    found = CLOCK.fullmatch(text)
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise CellRefused(
            "00:00-23:59", Text("Dette er ikke noe klokkeslett.", "This is no time of day.")
        )
    return time(int(found[1]), int(found[2]))


def amount(_: Column, text: str) -> Decimal:
    number = typed_number(text)
    if number is None or not 0 <= number <= MOST_MG:
        raise CellRefused(
            f"0-{MOST_MG} mg",
            Text("Dette er ingen mulig mengde.", "This is no possible amount."),
        )
    thousandths = number.quantize(Decimal("0.001"))
    if thousandths != number:
        raise CellRefused("0.001 mg", Text("Høyst tre desimaler.", "Three decimals at most."))
    return thousandths


def choice(column: Column, text: str) -> str:
    """As it is written in the list, or as it is called in either language."""
    for said, meaning in column.choices.items():
        if text.casefold() in {said.casefold(), meaning.nb.casefold(), meaning.en.casefold()}:
            return said
    raise CellRefused(
        ", ".join(column.choices),
        Text("Dette er ikke på listen.", "This is not on the list."),
    )


def answers(_: Column, text: str) -> tuple[str, ...]:
    """In the order of the items; ``-`` is not answered."""
    return tuple(one.strip() for one in re.split(r"[,;]", text))


READ: Mapping[Kind, Callable[[Column, str], Value]] = {
    Kind.WORDS: words,
    Kind.IDENTITY: words,
    Kind.DAY: day,
    Kind.CLOCK: clock,
    Kind.AMOUNT: amount,
    Kind.CHOICE: choice,
    Kind.ANSWERS: answers,
}
