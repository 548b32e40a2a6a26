"""What was red in sessions that were given: readings and danger signs, by their charts."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.utils.translation import get_language, gettext

from lysglimt.clinic.design.numerals import day_written
from lysglimt.clinic.people.models import Patient
from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.clinic.treatment.models import SessionGiven
from lysglimt.knowledge.monitoring.before_start import risen_from
from lysglimt.knowledge.monitoring.limits import Light, Outside, outside
from lysglimt.knowledge.text import Text

from .came_late import CAME_LATE
from .chart import observed
from .charts_beside import chart_beside, sets_beside
from .models import Session, VitalSet
from .watched import told_alone


def reds(row: SessionGiven, *, patient: Patient) -> tuple[Text, ...]:
    """Each sign that was red since its start, as it first was. The row has its chart beside it."""
    age = patient.card().age(on_day(row.started_at))
    return red_in(sets_beside(row), started=row.started_at, age=age)


def red_in(sets: Sequence[VitalSet], *, started: datetime, age: int) -> tuple[Text, ...]:
    """Of one session, its sets in time order; ``age`` in whole years."""
    return tuple(one.reason for one in red_signs_in(sets, started=started, age=age).values())


def red_signs_in(
    sets: Sequence[VitalSet], *, started: datetime, age: int
) -> Mapping[str, Outside]:
    """Each sign that was red since the start, as it first was, by its id."""
    read = [(one, observed(one)) for one in sets]
    before = [one for _, one in read if one.at < started]
    since = [one for _, one in read if one.at >= started]
    known = [one for row, one in read if one.at < started and not vars(row).get(CAME_LATE)]
    usual = risen_from(known, age=age)
    found: dict[str, Outside] = {}
    for number in range(len(since)):
        for one in outside((*told_alone(before), *since[: number + 1]), usual):
            if one.light is Light.RED:
                found.setdefault(one.sign, one)
    return found


def red_before(session: Session, *, at: datetime) -> str:
    """The last session of the course before this one, when it was red; else nothing."""
    rows = SessionGiven.objects.in_force().filter(course=session.course, started_at__lt=at)
    rows = rows.annotate(chart=chart_beside())
    last = rows.exclude(entry=session.pk).order_by("-started_at").first()
    if last is None:
        return ""
    found = reds(last, patient=session.course.patient)
    return red_told(on_day(last.started_at), found)


def red_told(on: date, reasons: Sequence[Text]) -> str:
    """In words, for whoever orders or plans the next session; nothing of one that was not red."""
    if not reasons:
        return ""
    language = get_language() or "nb"
    named = "; ".join(one.in_language(language) for one in reasons)
    return gettext("Red in the last session, %(day)s: %(what)s") % {
        "day": day_written(on),
        "what": named,
    }
