"""Today in the unit: who sits where and when, and what is not in place."""

from datetime import date
from itertools import chain
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from lysglimt.clinic.design.scales import scale_name
from lysglimt.clinic.insight.day import Awaited, Place, Visit, awaited, places
from lysglimt.clinic.insight.wordings import KINDS, LACKING, PROGRESS
from lysglimt.clinic.people.access import PatientPage, SignedInRequest, allowed
from lysglimt.clinic.scheduling.models import AppointmentKind
from lysglimt.clinic.treatment.models import SafetyTask
from lysglimt.clinic.treatment.terms import MATTERS, PHASES
from lysglimt.knowledge.instruments.instrument import instrument
from lysglimt.knowledge.protocols.state import Matter, Phase

MOST = 10
"""Courses with something overdue that stand open on the page; the others are folded away."""


@require_GET
@allowed("today")
def today(request: SignedInRequest) -> HttpResponse:
    unit, now = request.user.unit, timezone.now()
    day = timezone.localdate(now)
    chairs = places(unit.pk, day)
    tasks = list(SafetyTask.objects.open().in_unit(unit.pk))
    late = [] if unit.journal_mode else awaited(unit.pk, day)
    context: dict[str, object] = {
        "day": day,
        "places": [place_shown(place) for place in chairs],
        "expected": sum(len(place.visits) for place in chairs),
        "tasks": [(task, task.patient.card(), task.due_at < now) for task in tasks],
        "awaited": [awaited_shown(one) for one in late[:MOST]],
        "more_awaited": [awaited_shown(one) for one in late[MOST:]],
    }
    return PatientPage(
        request, "insight/today.html", context, patients=seen(chairs, tasks, late)
    )


def seen(chairs: list[Place], tasks: list[SafetyTask], late: list[Awaited]) -> set[UUID]:
    visits = chain.from_iterable(place.visits for place in chairs)
    return {
        *(one.card.id for one in visits),
        *(task.patient_id for task in tasks),
        *(one.card.id for one in late),
    }


def place_shown(place: Place) -> dict[str, object]:
    return {"chair": place.chair, "visits": [visit_shown(one) for one in place.visits]}


def visit_shown(one: Visit) -> dict[str, object]:
    standing = one.standing
    return {
        "visit": one,
        "kind": KINDS[AppointmentKind(one.appointment.kind)],
        "phase": PHASES[Phase(standing.phase)] if standing else "",
        "progress": PROGRESS[one.progress],
        "lacking": [LACKING[each] for each in one.lacking],
    }


def awaited_shown(one: Awaited) -> dict[str, object]:
    """``waits`` says of each thing what it is, and since when it is late; not late: by when."""
    next_due, late = one.standing.next_due, one.next_late_since
    waits: list[tuple[str, date | None, date | None]] = []
    if one.evaluation:
        waits.append((gettext("The evaluation waits"), late, None if late else next_due))
    elif late:
        waits.append((str(MATTERS[Matter(one.standing.next_kind)]), late, None))
    if one.rating_late_since:
        rating = f"{MATTERS[Matter.RATING]}: {scale_name(instrument(one.standing.rating_instrument))}"
        waits.append((rating, one.rating_late_since, None))
    return {"awaited": one, "phase": PHASES[Phase(one.standing.phase)], "waits": waits}
