"""How what was tried is worded on a page."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext

from lysglimt.clinic.design.numerals import numeral, without_zeros
from lysglimt.clinic.people.revisions import Entry
from lysglimt.clinic.referral.models import AT, Medicine
from lysglimt.clinic.referral.wordings import (
    ANSWERS,
    AT_TIMES,
    DOSE_UNITS,
    IMPROVEMENTS,
    MEDICINE_SOURCES,
    STATUSES,
    STIMULATIONS,
)
from lysglimt.knowledge.eligibility.trials import Answer
from lysglimt.knowledge.verdict import Known

register = template.Library()

IN_MICROGRAMS = frozenset({"H03AA02"})
"""Liothyronine is told in µg, as its trial says."""


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision of an entry; it ``holds`` when it is the newest and not withdrawn."""

    row: Any
    holds: bool

    @property
    def atc(self) -> str:
        return str(self.row.atc)


@register.filter
def said_so_far(entry: Entry[Any]) -> list[Revision]:
    """What holds, then what it replaced. A withdrawal repeats what it withdraws: shown once."""
    newest = entry.newest
    earlier = entry.earlier[1:] if newest.withdrawn else entry.earlier
    return [
        Revision(newest, holds=not newest.withdrawn),
        *(Revision(row, holds=False) for row in earlier),
    ]


@register.filter
def of(table: Mapping[Any, Any] | None, key: object) -> Any:
    """What a table says of a key, or nothing."""
    return table.get(key) if table else None


@register.filter
def plain(number: Decimal) -> str:
    return numeral(without_zeros(number))


@register.filter
def doses_written(row: Medicine) -> str:
    """When in the day how much is taken: ``15 mg bedtime``; empty where it was not said."""
    unit = DOSE_UNITS.get(row.dose_unit, "")
    said = ((plain(amount), at) for at in AT if (amount := getattr(row, at)) is not None)
    return ", ".join(f"{amount} {unit} {AT_TIMES[at]}" for amount, at in said)


@register.filter
def medicine_named(row: Medicine) -> str:
    """The name with its code; of what has no code the name alone."""
    if row.name and row.atc:
        return f"{row.name} ({row.atc})"
    return row.atc or str(row.name)


@register.filter
def medicine_source(source: str) -> Promise:
    return MEDICINE_SOURCES[source]


@register.filter
def amount_unit(atc: str) -> str:
    return "µg" if atc in IN_MICROGRAMS else "mg"


@register.filter
def answer_word(answer: Answer | Known) -> Promise:
    said = answer if isinstance(answer, Answer) else Answer.of(answer)
    return ANSWERS[said]


@register.filter
def improvement_word(band: str) -> Promise:
    return IMPROVEMENTS[band]


@register.filter
def stimulation_word(kind: str) -> Promise:
    return STIMULATIONS[kind]


@register.filter
def status_word(status: str) -> str:
    return str(STATUSES[status]) if status else gettext("not known whether it holds now")
