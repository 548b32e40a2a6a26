"""The unit's figures of safety, and the duties to report with their deadlines."""

from datetime import datetime

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext, gettext_lazy
from django.views.decorators.http import require_GET

from lysglimt.clinic.incidents import actions
from lysglimt.clinic.incidents.calls import CallsMade
from lysglimt.clinic.incidents.duties import DUTIES, deadline_of, stated_of
from lysglimt.clinic.incidents.figures import Counted, safety_figures
from lysglimt.clinic.incidents.forms.reports import DeadlineForm, deadline_written
from lysglimt.clinic.incidents.models import DutyDeadline
from lysglimt.clinic.incidents.pictures import g_picture, one_place, u_picture
from lysglimt.clinic.incidents.showing import term_named
from lysglimt.clinic.incidents.wordings import KINDS
from lysglimt.clinic.people.access import SignedInRequest, allowed, typed
from lysglimt.knowledge.safety.adverse_events import taxonomy
from lysglimt.science.rates import Bounds, Rate, Share

from .shared import done, page_and_form, shown

SUMS = {
    "all": gettext_lazy("All adverse events"),
    "severe": gettext_lazy("Grade 3 or 4"),
    "grade-unknown": gettext_lazy("Grade not known"),
    "serious": gettext_lazy("Serious"),
    "serious-unknown": gettext_lazy("Not known whether serious"),
}


@require_GET
@allowed("safety")
def safety(request: SignedInRequest) -> HttpResponse:
    """Numbers alone: it shows no patient."""
    found = safety_figures(request.user.unit_id, now=timezone.now())
    context = {
        "found": found,
        "sums": [(SUMS[one.what], *told(one.rate)) for one in found.sums],
        "terms": [(term_named(one.what), *told(one.rate)) for one in found.terms],
        "mishaps": [mishap(one) for one in found.mishaps],
        "transient": [(gettext("Expected rises that went by"), *told(found.transient))],
        "pressure": [
            (
                pressure_written(one.reached),
                f"{one.share.count} / {one.share.of}",
                percents(one.share.interval),
            )
            for one in found.pressure
        ],
        "limits": taxonomy().limits.systolic[0],
        "calls": [called(one) for one in found.calls],
        **columns(),
        "monthly": u_picture(found.by_month, found.months) if found.sessions else None,
        "seldom": g_picture(found.serious),
        "middle": None if found.closure.middle is None else one_place(found.closure.middle),
    }
    return render(request, "incidents/safety.html", context)


def columns() -> dict[str, list[str]]:
    """The headings of the tables."""
    return {
        "call_columns": [
            gettext("Call"),
            gettext("Hours are over"),
            gettext("Reached"),
            gettext("95 % interval of the share"),
            gettext("Given up, with a reason"),
            gettext("Nobody was reached"),
        ],
        "columns": [
            gettext("What"),
            gettext("Events"),
            gettext("For 1,000 sessions"),
            gettext("95 % interval"),
        ],
        "pressure_columns": [
            gettext("Highest pressure"),
            gettext("Sessions"),
            gettext("95 % interval of the share"),
        ],
    }


def pressure_written(reached: int) -> str:
    """The class with where it begins."""
    limits = taxonomy().limits
    if not reached:
        high, low = limits.systolic[0].value, limits.diastolic[0].value
        words = gettext("Class 0: below %(s)s and %(d)s mmHg")
    else:
        high, low = limits.systolic[reached - 1].value, limits.diastolic[reached - 1].value
        words = gettext("Class %(n)s: from %(s)s or %(d)s mmHg")
    return words % {"n": reached, "s": high, "d": low}


def called(one: CallsMade) -> tuple[object, ...]:
    share = Share(one.reached, one.due)
    return (
        one.rule.name.in_language(get_language() or "nb"),
        one.due,
        one.reached,
        percents(share.interval),
        one.given_up,
        one.never,
    )


def mishap(one: Counted) -> tuple[object, ...]:
    return (KINDS[one.what], *told(one.rate))


def told(rate: Rate) -> tuple[str, str, str]:
    """The count, the rate, and between what it lies."""
    value, bounds = rate.per_thousand, rate.interval
    return (
        str(rate.count),
        "–" if value is None else one_place(value),
        "–" if bounds is None else f"{one_place(bounds.low)}–{one_place(bounds.high)}",
    )


def percents(bounds: Bounds | None) -> str:
    if bounds is None:
        return "–"
    return f"{one_place(bounds.low * 100)}–{one_place(bounds.high * 100)} %"


@require_GET
@allowed("duties")
def duties(request: SignedInRequest) -> HttpResponse:
    """Each with its receiver, its deadline and on what both rest; what the unit says stands beside."""
    stated = stated_of(request.user.unit_id)
    context = {
        "duties": [
            (
                duty,
                stated.get(duty.id),
                deadline_written(deadline_of(duty, stated.get(duty.id))),
                deadline_written(duty.deadline),
            )
            for duty in DUTIES.values()
        ],
        "may_state": request.may("duty.deadline"),
    }
    return render(request, "incidents/duties.html", context)


@page_and_form
@allowed("duty.deadline", beside=["duty"])
def state_deadline(request: SignedInRequest, *, duty: str) -> HttpResponse:
    if duty not in DUTIES:
        raise Http404
    form = DeadlineForm(typed(request))

    def write(at: datetime) -> None:
        actions.state_deadline(
            stated=form.stated(duty),
            entered=form.entered(DutyDeadline, at=at),
            by=request.user,
            at=at,
        )

    if done(request, form, write, told=gettext("The deadline of the unit is saved.")):
        return redirect("duties")
    return shown(
        request,
        None,
        "incidents/deadline.html",
        form=form,
        duty=DUTIES[duty],
        stated=stated_of(request.user.unit_id).get(duty),
        file=deadline_written(DUTIES[duty].deadline),
        heading=gettext("Deadline of the unit"),
        back=reverse("duties"),
    )
