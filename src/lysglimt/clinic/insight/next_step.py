"""What is next for a course: one step, why, and the page that does it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language, gettext

from lysglimt.clinic.chairside.reds import red_told, reds
from lysglimt.clinic.design.numerals import day_written
from lysglimt.clinic.people.models import Patient
from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.clinic.treatment.examined import lacking_parts
from lysglimt.clinic.treatment.models import Course, SafetyTask
from lysglimt.clinic.treatment.record import CourseRecord
from lysglimt.clinic.treatment.templatetags.treatment import (
    doctor_now,
    due_named,
    task_signs,
    task_when,
)
from lysglimt.clinic.treatment.terms import DECISIONS
from lysglimt.knowledge.protocols.state import Advice, Due, DueStatus, Ground, Matter, Phase

from .overview import CourseOverview
from .pages import May, address_of


@dataclass(frozen=True, slots=True)
class NextStep:
    """``address`` is the page that does it; empty where there is none for this reader."""

    heading: str
    ground: Ground
    when: str = ""
    address: str = ""
    decision: bool = False
    open: bool = True


def next_step(course: Course, advice: Advice, *, may: May) -> NextStep | None:
    """A decision that is proposed comes first, then what is due, then what lies ahead."""
    proposed = advice.next
    if proposed and proposed.proposed:
        words = [str(DECISIONS[kind]) for kind in proposed.proposed]
        heading = gettext(" or ").join([words[0], *(word.lower() for word in words[1:])])
        address = address_of("evaluation", course.pk, may=may)
        return NextStep(heading, proposed.ground, address=address, decision=True)
    due = most_pressing(advice)
    if due is not None:
        return NextStep(
            due_named(due),
            due.ground,
            window_written(due),
            page_of(course, due, may=may),
            open=due.status is not DueStatus.UPCOMING,
        )
    return NextStep(gettext("Nothing is due"), proposed.ground) if proposed else None


def most_pressing(advice: Advice) -> Due | None:
    """What is open now before what is to come; what something stands in the way of comes last.

    Of what is to come the session is told, not the ratings that go with it.
    """
    ranks = (DueStatus.OVERDUE, DueStatus.DUE, DueStatus.UPCOMING, DueStatus.BLOCKED)

    def pressing(due: Due) -> tuple[int, bool, date, date]:
        ahead = due.status is DueStatus.UPCOMING and due.matter is not Matter.SESSION
        return ranks.index(due.status), ahead, due.latest or date.max, due.earliest

    return min(advice.due, key=pressing, default=None)


def page_of(course: Course, due: Due, *, may: May) -> str:
    """The address of the page where the due matter is done."""
    match due.matter:
        case Matter.RATING | Matter.EVALUATION | Matter.FOLLOW_UP if due.instrument:
            return address_of("rating.record", course.patient_id, due.instrument, may=may)
        case Matter.CONSENT | Matter.REGISTRATION:
            return address_of("consent", course.patient_id, may=may)
        case Matter.REVIEW:
            return address_of("evaluation", course.pk, may=may)
        case _:
            return address_of("course", course.pk, may=may)


def own_rating(overview: CourseOverview, *, may: May) -> str:
    """The address of the rating that the evaluation waits for; empty when it is there."""
    awaited = overview.awaited
    return page_of(overview.record.course, awaited, may=may) if awaited else ""


def window_written(due: Due) -> str:
    if due.overdue and due.latest:
        return gettext("overdue since %(day)s") % {"day": day_written(due.latest)}
    if due.latest is None:
        return gettext("from %(day)s") % {"day": day_written(due.earliest)}
    if due.latest == due.earliest:
        return day_written(due.earliest)
    return f"{day_written(due.earliest)} – {day_written(due.latest)}"


OVER = frozenset({Phase.FOLLOW_UP.value, Phase.CLOSED.value})
"""No dose is to come: nothing is asked of the decision any more."""


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that is not in place, and the page that puts it there."""

    what: str
    when: str = ""
    address: str = ""


def urgent(tasks: Iterable[SafetyTask], *, may: May) -> Iterator[Missing]:
    """What asks for a doctor now comes before all that is due; its answers, for who may read them."""
    for task in tasks:
        if doctor_now(task):
            told = gettext("Doctor now: %(signs)s") % {"signs": task_signs(task)}
            what = told if may("rating") else f"{task_when(task)}: {task.receiver}"
            yield Missing(what, address=address_of("task.acknowledge", task.pk, may=may))


NAMED = 4
"""Parts of the work-up that are named; of the rest the number."""


def red_last(record: CourseRecord, *, may: May) -> Iterator[Missing]:
    """Whoever plans the next session knows what was red in the last."""
    course, given = record.course, record.sessions_in_force
    if not given or course.standing.phase in OVER:
        return
    last = given[-1]
    reasons = reds(last, patient=course.patient)
    if told := red_told(on_day(last.started_at), reasons):
        yield Missing(told, address=address_of("session", last.entry, may=may))


def unexamined(
    patient: Patient, record: CourseRecord, *, today: date, may: May
) -> Iterator[Missing]:
    """What of the work-up stands in the way of the first session."""
    course = record.course
    if course.standing.phase in OVER:
        return
    parts = lacking_parts(
        patient,
        record.ratings_in_force,
        start=max(today, course.planned_start or today),
        answers=vars(course)["answers"],
    )
    if parts:
        language = get_language() or "nb"
        names = ", ".join(part.name.in_language(language) for part in parts[:NAMED])
        what = gettext("Work-up: %(parts)s") % {"parts": names}
        if (more := len(parts) - NAMED) > 0:
            what = gettext("%(what)s and %(n)s more") % {"what": what, "n": more}
        yield Missing(what, address=address_of("work_up", patient.pk, may=may))


def missing(course: Course, advice: Advice, *, may: May) -> Iterator[Missing]:
    """All that is due now, and what stands in the way of the next session.

    ``course`` says whether its patient is ``accepted``.
    """
    if course.standing.phase not in OVER and not vars(course).get("accepted", True):
        yield Missing(
            gettext("No decision in force accepts the patient for treatment"),
            address=address_of("eligibility", course.patient_id, may=may),
        )
    for due in advice.due:
        if due.matter is not Matter.SESSION and due.status is not DueStatus.UPCOMING:
            yield Missing(due_named(due), window_written(due), page_of(course, due, may=may))
