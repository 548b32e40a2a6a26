"""The patient: the course as a picture, what is next, and what is not in place."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Subquery
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from lysglimt.clinic.chairside.charts_beside import chart_beside
from lysglimt.clinic.chairside.models import VitalSet
from lysglimt.clinic.chairside.models.session import OPENED_IN_COURSE
from lysglimt.clinic.chairside.no_today import opened_all_the_same
from lysglimt.clinic.exposure.beside import BESIDE, over_months_in
from lysglimt.clinic.incidents.calls import calls_in, with_calls
from lysglimt.clinic.insight.before_course import referral_step
from lysglimt.clinic.insight.next_step import (
    OVER,
    missing,
    next_step,
    own_rating,
    red_last,
    unexamined,
    urgent,
)
from lysglimt.clinic.insight.overview import CourseOverview
from lysglimt.clinic.insight.pages import address_of, chosen, patient_links
from lysglimt.clinic.insight.picture import curve
from lysglimt.clinic.insight.story import story
from lysglimt.clinic.insight.suicide_items import still_open, suicide_items
from lysglimt.clinic.people.access import SignedInRequest, allowed, patient_page
from lysglimt.clinic.people.models import DecisionSupportStatement, Patient
from lysglimt.clinic.referral.models import Medicine
from lysglimt.clinic.treatment.accepted import found_since, grounds_of_acceptance
from lysglimt.clinic.treatment.models import Course, SafetyTask, SessionGiven
from lysglimt.clinic.treatment.record import records_of
from lysglimt.clinic.treatment.told import no_in, no_on

SHOWN = 40
"""Lines of the story on the page; the rest on asking."""


ACTS = {
    "call": "after.check",
    "acknowledge": "task.acknowledge",
    "read_ratings": "rating",
    "read_plan": "rating",
    "ask": "asking.patient",
}
"""What the page asks of the reader's rights, by what it offers."""


@require_GET
@allowed("patient", of=Patient)
def patient(request: SignedInRequest, patient: Patient) -> HttpResponse:
    today = timezone.localdate()
    statement = DecisionSupportStatement.objects.said_in(request.user.unit)
    courses = list(
        Course.objects.of_patient(patient.pk)
        .with_standpoint()
        .annotate(
            suggesting=Subquery(statement.values("on")[:1]),
            begun=Exists(SessionGiven.objects.in_force().filter(course=OuterRef("pk"))),
            doctor_no=no_on(today, patient="patient"),
            start_opened=OPENED_IN_COURSE.about("pk"),
            **grounds_of_acceptance(),
            **BESIDE.about("patient_id"),
        )
    )
    no = next(map(no_in, courses), None)
    course = chosen(courses, request)
    asked = tasks_of(patient)
    context: dict[str, Any] = {
        "courses": courses,
        "course": course,
        "no_today": no,
        "no_answered": next(
            filter(None, (opened_all_the_same(no, one) for one in courses)), None
        ),
        "tasks": still_open(asked),
        "medicines": list(Medicine.objects.taken_on(today).filter(patient=patient)),
        "now": timezone.now(),
        **{f"may_{act}": request.may(operation) for act, operation in ACTS.items()},
        "links": patient_links(patient, course, may=request.may),
    }
    if course is not None:
        course.patient = patient
        context |= of_course(course, request, asked=asked)
        context |= over_months(course, request)
        context |= decided_anew(course, request, medicines=context["medicines"])
    else:
        context["step"] = referral_step(patient, by=request.user, on=today, may=request.may)
    return patient_page(request, patient.card(), "insight/patient.html", **context)


def over_months(course: Course, request: SignedInRequest) -> dict[str, Any]:
    """What holds the treatment and how much is overdue; nothing in journal mode."""
    address = address_of("patient.over-months", course.patient_id, may=request.may)
    if not address or not vars(course)["suggesting"]:
        return {}
    on = timezone.localdate()
    found = over_months_in(course, card=course.patient.card(), on=on)
    return {
        "over_months": address,
        "holds": found.holds,
        "hold_questions": found.questions,
        "overdue_checks": found.overdue(on),
    }


def tasks_of(patient: Patient) -> list[SafetyTask]:
    """With what was added and told, and how they were answered."""
    asked = SafetyTask.objects.with_answers().filter(patient=patient)
    return list(asked.with_additions().with_reports())


def decided_anew(
    course: Course, request: SignedInRequest, *, medicines: Sequence[Medicine]
) -> dict[str, Any]:
    """What has spoken against treatment since the patient was accepted, and where it is decided."""
    if not vars(course)["suggesting"] or course.standing.phase in OVER:
        return {}
    since = found_since(course, medicines, on=timezone.localdate())
    address = address_of("eligibility", course.patient_id, may=request.may)
    return {"since": since, "eligibility": address}


def of_course(
    course: Course, request: SignedInRequest, *, asked: Sequence[SafetyTask]
) -> dict[str, Any]:
    """What there is to say of one course. Nothing is suggested in journal mode."""
    today = timezone.localdate()
    begun = vars(course)["begun"]
    given = with_pressure() if begun else SessionGiven.objects.none()
    [record] = records_of([course], sessions=given)
    overview = CourseOverview.of(record, today)
    suggesting = bool(vars(course)["suggesting"])
    events = story(record, may=request.may)
    more = len(events) - SHOWN if "all" not in request.GET else 0
    said: dict[str, Any] = {
        "overview": overview,
        "suggesting": suggesting,
        "rating": own_rating(overview, may=request.may),
        "course_asked": f"course={course.pk}",
        "scene": curve(overview, today=today, suggesting=suggesting),
        "events": events[:SHOWN] if more > 0 else events,
        "more": max(more, 0),
        "suicide_items": suicide_items(overview, asked),
        "calls": calls_in(course, record.sessions_in_force, now=timezone.now())
        if begun and request.may("after.check")
        else (),
    }
    if suggesting:
        advice = overview.state.advice
        said["next"] = next_step(course, advice, may=request.may)
        said["missing"] = [
            *urgent(still_open(asked), may=request.may),
            *red_last(record, may=request.may),
            *missing(course, advice, may=request.may),
            *(
                []
                if begun
                else unexamined(course.patient, record, today=today, may=request.may)
            ),
        ]
    return said


def with_pressure() -> Any:
    """Each with the calls after it, its chart, the highest systolic pressure of it, and the diastolic beside it."""
    sets = VitalSet.objects.in_force().filter(session=OuterRef("entry"), systolic__isnull=False)
    highest: Any = sets.order_by("-systolic", "-diastolic")
    rows = SessionGiven.objects.annotate(
        highest_systolic=Subquery(highest.values("systolic")[:1]),
        its_diastolic=Subquery(highest.values("diastolic")[:1]),
        chart=chart_beside(),
    )
    return with_calls(rows)
