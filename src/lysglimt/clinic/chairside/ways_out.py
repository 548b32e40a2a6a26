"""Of what stands in the way of a start: the page on which it is put right."""

from collections.abc import Callable, Iterable
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext

from lysglimt.clinic.treatment.models import SafetyTask
from lysglimt.knowledge.monitoring.gate_conditions import GateCondition, gate_rules
from lysglimt.knowledge.safety.suicidality import Promptness

from .models import Session
from .screener import SCREENER, lacks_screener, screens_of

May = Callable[[str], bool]
UNSCREENED, DOCTOR_AWAITED = "gate:suicidality_rated", "gate:no_doctor_now"


def ways_out(
    session: Session, criteria: Iterable[str], *, may: May, awaited: UUID | None = None
) -> dict[str, tuple[str, str]]:
    """By criterion: the address, and what it is called; none that is closed to the reader.

    ``awaited`` is the task for a doctor now, where it is known already.
    """
    found: dict[str, tuple[str, str]] = {}
    asked, patient = set(criteria), session.course.patient_id
    if UNSCREENED in asked and may("rating.record"):
        address = reverse("rating.record", args=[patient, SCREENER])
        found[UNSCREENED] = address, gettext("Score C-SSRS")
    if DOCTOR_AWAITED in asked and may("task.acknowledge"):
        task = awaited or getattr(awaited_task(session), "pk", None)
        if task is not None:
            address = reverse("task.acknowledge", args=[task])
            found[DOCTOR_AWAITED] = address, gettext("Take the task")
    return found


def gate_condition(criterion: str) -> GateCondition:
    return next(one for one in gate_rules().conditions if f"gate:{one.id}" == criterion)


def awaited_task(session: Session) -> SafetyTask | None:
    """An answer asks for a doctor at once, and nobody has taken it."""
    waiting = SafetyTask.objects.open().with_reports()
    waiting = waiting.filter(patient=session.course.patient_id)
    return waiting.filter(promptness=Promptness.DOCTOR_NOW).first()


def lacking_before(session: Session) -> list[str]:
    """The criteria that the start check will not find met. Asks two questions of the database."""
    course = session.course
    unscreened = not session.unit.journal_mode and lacks_screener(
        course.standing, screens_of(course.patient_id), on=session.planned_on
    )
    awaited = awaited_task(session) is not None
    return [*([UNSCREENED] if unscreened else ()), *([DOCTOR_AWAITED] if awaited else ())]
