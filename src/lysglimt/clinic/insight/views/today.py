"""Today in the unit: who sits where and when, and what is not in place."""

from collections.abc import Collection, Iterator
from datetime import date, datetime
from itertools import chain
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from lysglimt.clinic.chairside.screener import SCREENER
from lysglimt.clinic.design.scales import scale_name
from lysglimt.clinic.insight.day import Awaited, Lacking, Place, Visit, awaited, places
from lysglimt.clinic.insight.pages import May, address_of
from lysglimt.clinic.insight.wordings import KINDS, LACKING, PROGRESS
from lysglimt.clinic.people.access import PatientPage, SignedInRequest, allowed
from lysglimt.clinic.people.models import EmergencyAccess, Professional
from lysglimt.clinic.people.standing import shut_out
from lysglimt.clinic.scheduling.models import AppointmentKind
from lysglimt.clinic.treatment.models import SafetyTask
from lysglimt.clinic.treatment.templatetags.treatment import doctor_now
from lysglimt.clinic.treatment.terms import MATTERS, PHASES
from lysglimt.clinic.treatment.told import told_last
from lysglimt.knowledge.instruments.instrument import instrument
from lysglimt.knowledge.protocols.state import Matter, Phase

MOST = 10
"""Courses with something overdue that stand open on the page; the others are folded away."""


@require_GET
@allowed("today")
def today(request: SignedInRequest) -> HttpResponse:
    unit, now = request.user.unit, timezone.now()
    day = timezone.localdate(now)
    closed, journal_mode = shut_out(request.user, at=now), unit.journal_mode
    chairs = places(unit.pk, day, judged=not journal_mode)
    waiting = SafetyTask.objects.open().with_additions().with_reports().in_unit(unit.pk)
    tasks = list(waiting.exclude(patient__in=closed))
    mine = list(to_confirm(tasks, request.user))
    late = [] if journal_mode else awaited(unit.pk, day, but=closed)
    context: dict[str, object] = {
        "day": day,
        "places": [place_shown(place, closed, request.may) for place in chairs],
        "expected": sum(len(place.visits) for place in chairs),
        **tasks_shown([one for one in tasks if one not in mine], now),
        "to_confirm": [confirmed_in_one_tap(one) for one in mine],
        "awaited": [awaited_shown(one) for one in late[:MOST]],
        "more_awaited": [awaited_shown(one) for one in late[MOST:]],
        "may_acknowledge": request.may("task.acknowledge"),
        "may_emergency": request.may("emergency"),
    }
    if request.may("emergencies"):
        opened = EmergencyAccess.objects.to_acknowledge(request.user)
        context["emergencies"] = opened.count()
    whom = seen(chairs, tasks, late) - closed
    return PatientPage(request, "insight/today.html", context, patients=whom)


def seen(chairs: list[Place], tasks: list[SafetyTask], late: list[Awaited]) -> set[UUID]:
    visits = chain.from_iterable(place.visits for place in chairs)
    return {
        *(one.card.id for one in visits),
        *(task.patient_id for task in tasks),
        *(one.card.id for one in late),
    }


def tasks_shown(tasks: list[SafetyTask], now: datetime) -> dict[str, object]:
    """A doctor now by itself, above the day; each with its patient, and whether it is late."""
    lines = [(task, task.patient.card(), task.due_at < now) for task in tasks]
    return {
        "at_once": [line for line in lines if doctor_now(line[0])],
        "tasks": [line for line in lines if not doctor_now(line[0])],
    }


def to_confirm(tasks: list[SafetyTask], by: Professional) -> Iterator[SafetyTask]:
    """Of which another has written that one has seen the patient, after the last answer."""
    for task in tasks:
        told = told_last(task)
        if told and told.doctor_id == by.pk and not told.answered_since:
            yield task


def confirmed_in_one_tap(task: SafetyTask) -> dict[str, object]:
    return {"task": task, "card": task.patient.card(), "told": told_last(task)}


def place_shown(place: Place, closed: Collection[UUID], may: May) -> dict[str, object]:
    visits = [visit_shown(one, closed, may) for one in place.visits]
    return {"chair": place.chair, "visits": visits}


def visit_shown(one: Visit, closed: Collection[UUID], may: May) -> dict[str, object]:
    """A chair is taken, whoever may know by whom."""
    if one.card.id in closed:
        when = one.appointment
        return {"closed": one.card.id, "from": when.starts_at, "to": when.ends_at}
    standing = one.standing
    return {
        "visit": one,
        "kind": KINDS[AppointmentKind(one.appointment.kind)],
        "phase": PHASES[Phase(standing.phase)] if standing else "",
        "progress": PROGRESS[one.progress],
        "lacking": [(LACKING[each], put_right(each, one, may)) for each in one.lacking],
    }


def put_right(lacking: Lacking, one: Visit, may: May) -> str:
    """The address where it is put in place; empty where the day has no link of its own for it."""
    match lacking:
        case Lacking.DOCTOR_NOW:
            return address_of("task.acknowledge", one.appointment.doctor_task, may=may)
        case Lacking.SCREENER:
            return address_of("rating.record", one.card.id, SCREENER, may=may)
        case _:
            return ""


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
