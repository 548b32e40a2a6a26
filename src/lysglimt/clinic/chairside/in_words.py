"""A row as a reader reads it: every field that says something, by its label."""

from collections.abc import Iterable

from django.utils.translation import get_language, gettext

from lysglimt.knowledge.monitoring.limits import limits

from .forms.vitals import COLUMNS
from .models import ChairEvent, ChairEventKind, VitalSet
from .showing import at_clock
from .wordings import EVENTS


def in_words(row: VitalSet | ChairEvent) -> list[tuple[str, str]]:
    time = (gettext("Time"), at_clock(row.happened_at))
    if isinstance(row, ChairEvent):
        kind = str(EVENTS[ChairEventKind(row.kind)])
        parts = [
            (gettext("What"), kind),
            (gettext("Drug and amount"), row.amount),
            (gettext("Comment"), row.comment),
        ]
        return [time, *((label, said) for label, said in parts if said)]
    read = [(str(COLUMNS[name]), getattr(row, name)) for name in COLUMNS]
    more = [
        (gettext("Seen or told"), named(row.signs)),
        (gettext("Asked about, and over now"), named(row.signs_over)),
        (gettext("On oxygen"), gettext("yes") if row.on_oxygen else ""),
        (gettext("Not measured, because"), next(iter(row.not_measured.values()), "")),
        (gettext("Comment"), row.comment),
    ]
    values = [(label, str(value)) for label, value in read if value is not None]
    return [time, *values, *((label, said) for label, said in more if said)]


def named(signs: Iterable[str]) -> str:
    language, known = get_language() or "nb", limits().signs
    return ", ".join(known[sign].name.in_language(language) for sign in signs)
