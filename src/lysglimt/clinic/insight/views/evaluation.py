"""Evaluate a course, and decide what happens next."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Subquery
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_POST

from lysglimt.clinic.chairside.reds import reds
from lysglimt.clinic.insight.next_step import OVER, next_step, own_rating
from lysglimt.clinic.insight.overview import CourseOverview
from lysglimt.clinic.insight.pages import address_of
from lysglimt.clinic.insight.suicide_items import still_open, suicide_items
from lysglimt.clinic.insight.tolerability import borne
from lysglimt.clinic.insight.views.patient import with_pressure
from lysglimt.clinic.people.access import SignedInRequest, allowed, patient_page, typed
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import DecisionSupportStatement
from lysglimt.clinic.referral.listed import listed_medicines, medicines_of
from lysglimt.clinic.treatment import actions
from lysglimt.clinic.treatment.accepted import found_since, grounds_of_acceptance
from lysglimt.clinic.treatment.actions import NoReason
from lysglimt.clinic.treatment.forms.turns import DecisionForm
from lysglimt.clinic.treatment.history import facts_of, protocol_of
from lysglimt.clinic.treatment.models import Course, CourseDecision, SafetyTask
from lysglimt.clinic.treatment.record import records_of
from lysglimt.clinic.treatment.templatetags.treatment import doctor_now
from lysglimt.clinic.treatment.terms import DECISIONS
from lysglimt.knowledge.protocols.course import steps_that_move
from lysglimt.knowledge.protocols.facts import DecisionKind
from lysglimt.knowledge.protocols.state import Step
from lysglimt.knowledge.verdict import Finding


@dataclass(frozen=True, slots=True)
class Assessed:
    """A course as it stands today, and what may be decided about it."""

    overview: CourseOverview
    kinds: tuple[DecisionKind, ...]
    suggesting: bool

    @property
    def proposed(self) -> tuple[DecisionKind, ...]:
        found = self.overview.state.advice.next
        return found.proposed if found and self.suggesting else ()

    @property
    def rule(self) -> str:
        found = self.overview.state.advice.next
        return found.ground.rule if found and self.suggesting else ""

    def choices(self) -> Iterator[tuple[str, str]]:
        """In journal mode the bare decisions; else each with what the rules say of it."""
        steps = {step.decision: step for step in self.overview.state.advice.steps}
        for kind in self.kinds:
            words = str(DECISIONS[kind])
            yield (
                kind.value,
                f"{words}. {self._said_of(steps[kind])}" if self.suggesting else words,
            )

    def _said_of(self, step: Step) -> str:
        reason = step.ground.reason.in_language(get_language() or "nb")
        if step.decision in self.proposed:
            return gettext("Recommended. %(reason)s") % {"reason": reason}
        if self.proposed:
            return gettext("Deviates from what is recommended. %(reason)s") % {"reason": reason}
        return reason


@require_GET
@allowed("evaluation", of=Course)
def evaluation(request: SignedInRequest, course: Course) -> HttpResponse:
    found = assessed(request, course)
    kept = typed(request, action=reverse("course.decide", args=[course.pk]))
    return evaluation_page(request, found, DecisionForm(list(found.choices()), kept))


@require_POST
@allowed("course.decide", of=Course)
def decide(request: SignedInRequest, course: Course) -> HttpResponse:
    """What was recommended is asked of the rules again, never taken from the form."""
    found = assessed(request, course)
    form = DecisionForm(list(found.choices()), request.POST)
    if not form.is_valid() or not signed(request, form, found=found):
        return evaluation_page(request, found, form, status=422)
    messages.success(request, gettext("The decision is signed."))
    return redirect("patient", pk=course.patient_id)


def signed(request: SignedInRequest, form: DecisionForm, *, found: Assessed) -> bool:
    """False when a reason is missing; the form says so. Sent twice it is signed once."""
    now, entry = timezone.now(), form.cleaned_data["entry"]
    if CourseDecision.objects.filter(entry=entry, by=request.user).exists():
        return True
    try:
        actions.decide(
            course=found.overview.record.course,
            decided=form.decided(rule=found.rule, proposed=found.proposed),
            by=request.user,
            at=now,
            entered=Entered(happened_at=now, entered_at=now, entry=entry),
        )
    except NoReason as refusal:
        form.refuse(refusal)
        return False
    return True


def assessed(request: SignedInRequest, course: Course) -> Assessed:
    today = timezone.localdate()
    statement = DecisionSupportStatement.objects.said_in(request.user.unit)
    known = {
        **grounds_of_acceptance(),
        "medicines": listed_medicines(on=today),
        "suggesting": Subquery(statement.values("on")[:1]),
    }
    mine = Course.objects.with_standpoint().annotate(**known).filter(pk=course.pk)
    [record] = records_of([mine.select_related("patient").get()], sessions=with_pressure())
    kinds = steps_that_move(protocol_of(course), facts_of(record), today)
    suggesting = bool(vars(record.course)["suggesting"])
    return Assessed(CourseOverview.of(record, today), kinds, suggesting)


def found_against(found: Assessed) -> tuple[Finding, ...]:
    """What was recorded after the acceptance, the medicines among it."""
    if not found.suggesting or found.overview.state.recorded.phase in OVER:
        return ()
    course = found.overview.record.course
    taken = medicines_of(vars(course)["medicines"])
    return found_since(course, taken, on=timezone.localdate())


def evaluation_page(
    request: SignedInRequest, found: Assessed, form: DecisionForm, *, status: int = 200
) -> HttpResponse:
    overview = found.overview
    decisions = [turn for turn in overview.record.turns if turn.matter == "decision"]
    course, advice = overview.record.course, overview.state.advice
    advised = advice.next if found.suggesting else None
    given = overview.record.sessions_in_force
    patient = course.patient
    red = {row.entry: reds(row, patient=patient) for row in given if found.suggesting}
    waits = advised is not None and not advised.proposed
    asked = list(SafetyTask.objects.with_answers().with_additions().filter(patient=patient))
    tasks = still_open(asked)
    return patient_page(
        request,
        course.patient.card(),
        "insight/evaluation.html",
        status=status,
        course=course,
        overview=overview,
        suggesting=found.suggesting,
        advised=advised,
        todo=next_step(course, advice, may=request.may) if waits else None,
        tasks=tasks,
        suicide_items=suicide_items(overview, asked),
        asked_now=[task for task in tasks if doctor_now(task)],
        now=timezone.now(),
        may_acknowledge=request.may("task.acknowledge"),
        may_read_ratings=request.may("rating"),
        since=found_against(found),
        rating=own_rating(overview, may=request.may),
        eligibility=address_of("eligibility", course.patient_id, may=request.may),
        sessions=list(borne(given, red=red)),
        decisions=decisions,
        form=form,
        may_decide=request.may("course.decide"),
    )
