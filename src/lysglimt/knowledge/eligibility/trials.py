"""What was tried against the depression before, as it was told and as the record shows."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from lysglimt.knowledge.medicine import WRITTEN, Between, NotACode
from lysglimt.knowledge.verdict import Known


class Answer(StrEnum):
    """Yes, no, or not known: never a bare boolean."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"

    @classmethod
    def of(cls, known: Known) -> "Answer":
        return cls.UNKNOWN if known is None else (cls.YES if known else cls.NO)

    @classmethod
    def all(cls, *answers: "Answer") -> "Answer":
        """One no decides, then one unknown."""
        return next((a for a in (cls.NO, cls.UNKNOWN) if a in answers), cls.YES)

    @classmethod
    def any(cls, *answers: "Answer") -> "Answer":
        """One yes decides, then one unknown."""
        return next((a for a in (cls.YES, cls.UNKNOWN) if a in answers), cls.NO)

    @property
    def opposite(self) -> "Answer":
        return {Answer.YES: Answer.NO, Answer.NO: Answer.YES}.get(self, self)


class Improvement(StrEnum):
    """At the end of a trial, in per cent of the symptoms before it."""

    BELOW_25 = "0-25"
    BELOW_50 = "25-49"
    HALF_OR_MORE = ">=50"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class TreatmentTrial:
    """One medicine, taken once.

    ``mg_per_day`` is the highest dose held (µg for liothyronine), ``weeks`` the time at it,
    ``adherence`` in per cent. ``augments`` is the ATC code of the antidepressant to which it
    was added. ``intolerant`` is that it was stopped or kept low because it was not tolerated.
    ``serum_in_range`` is against the laboratory's range, ``serum_mmol_l`` is for lithium.
    Raises NotACode.
    """

    atc: str
    mg_per_day: Annotated[Decimal | None, Between(0, 10000)] = None
    weeks: Annotated[Decimal | None, Between(0, 2600)] = None
    adherence: Annotated[int | None, Between(0, 100)] = None
    improvement: Improvement = Improvement.UNKNOWN
    current_episode: bool | None = None
    intolerant: bool | None = None
    augments: str | None = None
    serum_in_range: bool | None = None
    serum_mmol_l: Annotated[Decimal | None, Between(0, 5)] = None

    def __post_init__(self) -> None:
        for name, code in (("atc", self.atc), ("augments", self.augments)):
            if code is not None and not WRITTEN.fullmatch(code):
                raise NotACode(
                    f"'{code}' is not an ATC code of seven characters, such as N06AB06",
                    field=name,
                    value=code,
                    allowed="one letter, two digits, two letters, two digits",
                )


class StimulationKind(StrEnum):
    """Treatments counted in sessions, not in weeks."""

    ECT = "ect"
    RTMS = "rtms"


@dataclass(frozen=True, slots=True)
class Stimulation:
    """One series of ECT or rTMS."""

    kind: StimulationKind
    sessions: Annotated[int | None, Between(0, 1000)] = None
    improvement: Improvement = Improvement.UNKNOWN
    current_episode: bool | None = None
