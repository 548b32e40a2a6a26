"""An incident in words: its fields as they stand, and as they stood."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext

from lysglimt.clinic.design.templatetags.design import moment
from lysglimt.knowledge.safety.adverse_events import (
    EventGroup,
    EventTerm,
    Grades,
    grades_of,
    taxonomy,
)

from .models import Incident
from .wordings import (
    ANSWERS,
    DONE,
    KINDS,
    LABELS,
    OUTCOMES,
    PROGRESS,
    TRANSIENT,
    UNASSESSED,
    UNGRADED,
)

GROUPS_OF_A_BODY = [one for one in EventGroup if one is not EventGroup.OWN]


def language() -> str:
    return get_language() or "nb"


def term_named(term: str) -> str:
    """In the reader's language; empty of an incident without a term."""
    found = taxonomy().terms.get(term)
    return found.name.in_language(language()) if found else term


def grade_told(term: EventTerm, grade: str) -> str:
    """The number with its words from the table."""
    words = grades_of(term).words.get(grade)
    return f"{grade}: {words.in_language(language())}" if words else str(UNGRADED)


def grades_beside(row: Incident) -> Grades | None:
    term = taxonomy().terms.get(row.term)
    return grades_of(term) if term else None


def heading_of(row: Incident) -> str:
    """The term where there is one, else what kind it is."""
    return term_named(row.term) or str(KINDS[row.kind])


def qualities(kind: str) -> dict[str, str]:
    """``seriousness`` or ``causality``, by their ids, in the reader's words."""
    rows = getattr(taxonomy(), kind)
    return {one.id: one.name.in_language(language()) for one in rows}


def answer(value: str) -> str:
    return str(ANSWERS[value]) if value else ""


def when(at: datetime) -> str:
    """On the clock of the wall: a template says that by itself, code does not."""
    return moment(localtime(at))


def told(row: Incident) -> dict[str, str]:
    """Every field in words; empty where it was not asked."""
    return {
        "kind": str(KINDS[row.kind]),
        "term": term_named(row.term),
        "words": row.words,
        "grade": graded(row),
        "happened_at": when(row.happened_at),
        "course": str(PROGRESS[row.course]) if row.course else "",
        "ended_at": when(row.ended_at) if row.ended_at else "",
        "known_at": when(row.known_at),
        "harmed": answer(row.harmed),
        "serious": answer(row.serious),
        "criteria": ", ".join(qualities("seriousness")[one] for one in row.criteria),
        "unnatural": answer(row.unnatural),
        "in_study": answer(row.in_study),
        "causality": caused(row),
        "expected": answer(row.expected),
        "nasal": answer(row.nasal),
        "done": ", ".join(str(DONE[one]) for one in row.done),
        "outcome": str(OUTCOMES[row.outcome]) if row.outcome else "",
    }


def graded(row: Incident) -> str:
    term = taxonomy().terms.get(row.term)
    if row.transient:
        return str(TRANSIENT)
    return grade_told(term, row.grade) if term and row.grade else ""


def caused(row: Incident) -> str:
    if not row.causality:
        return ""
    return qualities("causality").get(row.causality, str(UNASSESSED))


@dataclass(frozen=True, slots=True)
class Line:
    """One field through all revisions, the newest first; ``changed`` where they differ."""

    label: Promise
    values: tuple[str, ...]

    @property
    def changed(self) -> bool:
        return len({*self.values}) > 1


def lines(revisions: Sequence[Incident]) -> Iterator[Line]:
    """The newest revision first; a field that none of them tells is left out."""
    said = [told(row) for row in revisions]
    for name, label in LABELS.items():
        values = tuple(one[name] for one in said)
        if any(values):
            yield Line(label, tuple(value or gettext("not asked") for value in values))
