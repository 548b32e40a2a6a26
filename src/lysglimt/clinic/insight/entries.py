"""One entry of a record as it was and as it is, side by side, whatever kind of fact it is."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.apps import apps
from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import gettext

from lysglimt.clinic.chairside.wordings import rules_said
from lysglimt.clinic.design.bilingual import in_readers
from lysglimt.clinic.design.numerals import day_written
from lysglimt.clinic.design.refusals import written
from lysglimt.clinic.people.about import way
from lysglimt.clinic.people.facts import Fact
from lysglimt.clinic.people.models import Professional

from .field_words import FIELD_WORDS

CHAPTERS: Mapping[str, str] = {
    "chairside": "session",
    "incidents": "patient.incidents",
    "exposure": "patient.over-months",
    "exposure-safetystop": "safety-stop",
    "medicines": "medicines",
    "people": "patient.particulars",
    "referral": "referrals",
    "referral-treatmenttrial": "history",
    "referral-stimulationseries": "history",
    "referral-diagnosis": "history",
    "referral-medicine": "history",
    "referral-assessment": "eligibility",
    "referral-eligibilitydecision": "eligibility",
    "cupboard": "session.drugs",
    "scheduling": "course",
    "suicidality": "asking.patient",
    "treatment": "course",
    "treatment-consent": "consent",
    "treatment-consentwithdrawal": "consent",
    "treatment-registration": "consent",
    "treatment-workupresult": "work_up",
    "treatment-rating": "rating",
}
"""Which page of the record shows a kind of fact: who may open that may see its corrections."""

SAID_ABOVE = frozenset({"entry", "revision", "reason", "withdrawn", "by"})
"""What the head of a column says already."""


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Lines:
    """One field through all revisions."""

    label: str
    cells: tuple[Cell, ...]

    @property
    def changed(self) -> bool:
        return any(cell.changed for cell in self.cells)


@cache
def kinds() -> Mapping[str, type[Fact]]:
    """Every kind of fact about a patient, by the word that stands in an address."""
    return {
        f"{model._meta.app_label}-{model._meta.model_name}": model
        for model in apps.get_models()
        if issubclass(model, Fact) and way(model)
    }


def chapter_of(kind: str) -> str:
    return CHAPTERS.get(kind) or CHAPTERS[kind.partition("-")[0]]


def side_by_side(revisions: Sequence[Fact]) -> tuple[Lines, ...]:
    """The first revision first. A cell is changed when the one before it says otherwise."""
    said = [dict(flat(values_of(fact))) for fact in revisions]
    names = list(dict.fromkeys(name for one in said for name in one))
    return tuple(line(name, [one.get(name, "") for one in said]) for name in names)


def line(name: str, texts: Sequence[str]) -> Lines:
    cells = [Cell(text, bool(n) and text != texts[n - 1]) for n, text in enumerate(texts)]
    first, _, rest = name.partition(".")
    label = str(FIELD_WORDS.get(first) or first.replace("_", " "))
    return Lines(f"{label}: {rest}" if rest else label, tuple(cells))


def values_of(fact: Fact) -> Iterator[tuple[str, Any]]:
    """What the fact says, people by name; to which row it belongs is no content."""
    content = fact.content()
    for field in fact._meta.concrete_fields:
        if field.name in SAID_ABOVE or field.attname not in content:
            continue
        if field.related_model is Professional:
            yield field.name, getattr(fact, field.name)
        elif field.related_model is None:
            said = content[field.attname]
            yield field.name, rules_said(str(said)) if field.name == "against" else said


def flat(values: Iterator[tuple[str, Any]]) -> Iterator[tuple[str, str]]:
    """A table inside a field becomes lines of its own."""
    for name, value in values:
        if isinstance(value, Mapping):
            yield from flat((f"{name}.{key}", inner) for key, inner in value.items())
        else:
            yield name, worded(value)


def worded(value: object) -> str:
    for kind, word in WORDS:
        if isinstance(value, kind):
            return word(value)
    return written(value) if value not in {None, ""} else "–"


def several(values: Sequence[object]) -> str:
    return (
        ", ".join(
            "; ".join(f"{k} {worded(v)}" for k, v in one.items())
            if isinstance(one, dict)
            else worded(one)
            for one in values
        )
        or "–"
    )


def moment(when: datetime) -> str:
    here = timezone.localtime(when)
    return f"{day_written(here)} {here:%H:%M}"


WORDS: tuple[tuple[type, Callable[[Any], str]], ...] = (
    (datetime, moment),
    (bool, lambda value: gettext("yes") if value else gettext("no")),
    (list, several),
    (tuple, several),
    (float, localize),
    (str, lambda said: in_readers(said) or "–"),
    (Professional, str),
)
"""The first kind that fits words a value."""
