"""Who receives, by which hour; what patients are told; how soon the unit answers."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from lysglimt.clinic.design.refusals import sentence
from lysglimt.clinic.people.access import SignedInRequest, allowed, typed
from lysglimt.clinic.people.forms import ReasonForm
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.people.policy import CLINICIANS, Role
from lysglimt.clinic.scheduling import actions as scheduling
from lysglimt.clinic.scheduling.models import RotaWatch
from lysglimt.clinic.scheduling.rota import may_receive, on_the_wall, rota_of
from lysglimt.clinic.suicidality import actions
from lysglimt.clinic.suicidality.deadlines import answering_of
from lysglimt.clinic.suicidality.forms import CrisisTextForm, DeadlinesForm, WatchForm
from lysglimt.clinic.suicidality.models import CrisisText
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.safety.rota import on_watch, rota_gaps

from .patients import entered

AHEAD = timedelta(days=14)
page_and_form = require_http_methods(["GET", "POST"])
RECEIVERS = (*CLINICIANS, Role.UNIT_LEAD)


@require_GET
@allowed("rota")
def rota(request: SignedInRequest) -> HttpResponse:
    unit, now = request.user.unit, timezone.now()
    rows, wall = rota_of(unit.pk), on_the_wall(now)
    people = {row.person_id: row.person for row in rows}
    by_all, by_doctors = may_receive(rows, doctor=False), may_receive(rows, doctor=True)
    answering = answering_of(unit.pk)
    context = {
        "unit": unit,
        "kept": bool(rows),
        "watches": sorted(
            (row for row in rows if row.last_day >= wall.date()),
            key=lambda row: (row.first_day, row.begins, row.pk),
        ),
        "past": sum(row.last_day < wall.date() for row in rows),
        "receives": [people[one.person] for one in on_watch(by_all, wall)[:1]],
        "doctor": [people[one.person] for one in on_watch(by_doctors, wall)[:1]],
        "gaps": rota_gaps(by_doctors, since=wall, until=wall + AHEAD),
        "leader": answering.leader,
        "within": list(answering.within(now).items()),
        "chosen": answering.chosen[:1],
        "crisis": CrisisText.objects.in_unit(unit.pk).newest_first().first(),
        "may_rota": request.may("rota.plan"),
        "may_text": request.may("crisis-text.state"),
        "may_deadlines": request.may("deadlines.state"),
    }
    return render(request, "suicidality/rota.html", context)


@page_and_form
@allowed("rota.plan")
def plan_watch(request: SignedInRequest) -> HttpResponse:
    staff = Professional.objects.filter(
        unit=request.user.unit, is_active=True, role__in=RECEIVERS
    )
    form = WatchForm(typed(request), people=staff.order_by("display_name", "username"))
    if request.method == "POST" and form.is_valid():
        try:
            scheduling.plan_watch(planned=form.planned(), **entered(request, form))
        except ClinicalError as refusal:
            form.add_error(None, sentence(refusal))
        else:
            return redirect("rota")
    return unit_form(request, form, heading=gettext("Put a person on the rota"))


@page_and_form
@allowed("rota.strike", of=RotaWatch)
def strike_watch(request: SignedInRequest, watch: RotaWatch) -> HttpResponse:
    form = ReasonForm(typed(request))
    if request.method == "POST" and form.is_valid():
        scheduling.strike_watch(
            watch=watch,
            by=request.user,
            at=timezone.now(),
            reason=form.cleaned_data["reason"],
        )
        messages.success(request, gettext("Struck out. It stays, struck through."))
        return redirect("rota")
    heading = gettext("Take off the rota")
    return unit_form(request, form, heading=heading, title=str(watch.person))


@page_and_form
@allowed("crisis-text.state")
def crisis_text(request: SignedInRequest) -> HttpResponse:
    known = CrisisText.objects.in_unit(request.user.unit_id).newest_first().first()
    initial = (
        {"read": known.pk, "text_nb": known.text_nb, "text_en": known.text_en} if known else {}
    )
    form = CrisisTextForm(typed(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        read, said = form.cleaned_data.pop("read"), form.cleaned_data
        if known is None or known.pk == read:
            actions.state_crisis_text(**said, by=request.user, at=timezone.now())
            return redirect("rota")
        if (known.text_nb, known.text_en) == (said["text_nb"], said["text_en"]):
            return redirect("rota")
        words = gettext(
            "%(who)s has written another text since you opened this. Open the page again and compare."
        )
        form.add_error(None, words % {"who": known.by})
    return unit_form(request, form, heading=gettext("What patients are told in a crisis"))


@page_and_form
@allowed("deadlines.state")
def deadlines(request: SignedInRequest) -> HttpResponse:
    form = DeadlinesForm(typed(request))
    if request.method == "POST" and form.is_valid():
        actions.state_deadlines(within=form.within(), by=request.user, at=timezone.now())
        return redirect("rota")
    return unit_form(request, form, heading=gettext("How soon the unit answers"))


def unit_form(
    request: SignedInRequest, form: Any, /, *, heading: str, title: str = ""
) -> HttpResponse:
    """422 when what was typed is refused."""
    context = {"form": form, "heading": heading, "title": title}
    status = 422 if request.method == "POST" else 200
    return render(request, "suicidality/unit_form.html", context, status=status)
