"""A rating as a page shows it: score, band by the set it belongs to, answers, what is missing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext

from lysglimt.clinic.treatment.models import Mode, Rating, Timing
from lysglimt.clinic.treatment.windows import asked_about
from lysglimt.knowledge.figures import Basis
from lysglimt.knowledge.instruments.instrument import Instrument, instrument
from lysglimt.knowledge.instruments.item import Item

from .points import YES_NO, said, yes_or_no
from .wordings import MODES, TIMINGS


@dataclass(frozen=True, slots=True)
class BandShown:
    """``named_by`` is the set: the same total has several names in print."""

    label: str
    named_by: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class AnswerShown:
    number: str
    label: str
    answer: str


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    rating: Rating

    @property
    def scale(self) -> Instrument:
        return instrument(self.rating.instrument)

    @property
    def total(self) -> Decimal | None:
        """Whole where it is whole: 14, not 14.0000."""
        return plain(self.rating.total)

    @property
    def makes_total(self) -> bool:
        return self.scale.scoring.method.makes_total

    @property
    def span(self) -> str:
        scoring = self.scale.scoring
        return f"{plain(scoring.lowest)}–{plain(scoring.highest)}"

    @property
    def timing(self) -> str:
        return str(TIMINGS[Timing(self.rating.timing)])

    @property
    def mode(self) -> str:
        return str(MODES[Mode(self.rating.mode)])

    @property
    def recall(self) -> str:
        return said(asked_about(self.rating).words)

    def bands(self) -> Iterator[BandShown]:
        for band_set in self.scale.bands:
            code = self.rating.bands.get(band_set.id)
            for band in band_set.bands:
                if band.code == code:
                    yield BandShown(said(band.label), set_name(band_set.id), band_set.basis)

    def answers(self) -> Iterator[AnswerShown]:
        given = self.rating.answers
        for item in (*self.scale.items, *self.scale.extra_items):
            if item in self.scale.items or item.id in given:
                yield AnswerShown(
                    item.number, said(item.label), answer_shown(item, given.get(item.id))
                )

    @property
    def missing(self) -> list[str]:
        """Numbers of the scored items that have no answer."""
        given = self.rating.answers
        return [item.number for item in self.scale.items if given.get(item.id) is None]


def plain(number: Decimal | None) -> Decimal | None:
    if number is None:
        return None
    whole = number == number.to_integral_value()
    return number.to_integral_value() if whole else number.normalize()


def set_name(band_set: str) -> str:
    """``snaith1986`` as ``Snaith 1986``."""
    parted = re.sub(r"(?<=[a-z])(?=\d)", " ", band_set).replace("_", " ")
    return parted[0].upper() + parted[1:]


def answer_shown(item: Item, answer: int | str | None) -> str:
    if answer is None:
        return gettext("not answered")
    words = next((said(one.label) for one in item.options if one.value == answer), "")
    if item.allowed == YES_NO and not words:
        words = yes_or_no(int(answer))
    return f"{answer} – {words}" if words and words != str(answer) else str(answer)
