"""The monitors of a unit: where they stand, what was set aside, and what a nurse takes over."""

from django.contrib import messages
from django.db.models import Max
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.forms.monitors import MonitorForm, TakeOverForm
from lysglimt.clinic.chairside.models import MonitorDevice, MonitorReading, Session, SetAside
from lysglimt.clinic.chairside.wordings import SET_ASIDE
from lysglimt.clinic.design.refusals import sentence
from lysglimt.clinic.people.access import SignedInRequest, allowed
from lysglimt.clinic.people.facts import Contradicted
from lysglimt.knowledge.errors import ClinicalError

from .readings import unusual
from .session import chair_page

NEWEST = 50
"""So many of what was set aside are listed."""


@require_POST
@allowed("vitals.take-over", of=Session)
def take_over(request: SignedInRequest, session: Session) -> HttpResponse:
    """What was on the page when it was tapped: nothing that came since, and nothing less."""
    sent, now = request.POST.get("reading", ""), timezone.now()
    of_session = MonitorReading.objects.filter(session=session)
    reading = of_session.filter(pk=sent if sent.isdecimal() else 0).first()
    if reading is None:
        return chair_page(request, session, status=422)
    form = TakeOverForm(reading, request.POST, now=now)
    if form.is_valid() and not unusual(form):
        try:
            actions.take_over(session=session, reading=reading, by=request.user, at=now)
        except Contradicted:
            raise
        except ClinicalError as refusal:
            form.add_error(None, sentence(refusal))
        else:
            return redirect("session", pk=session.pk)
    return chair_page(request, session, status=422, monitor=form)


@require_GET
@allowed("monitors")
def monitors(request: SignedInRequest) -> HttpResponse:
    """The unit's devices, and the newest of what was set aside. No patient is on this page.

    ``?row=`` is one set aside whose device is to be bound.
    """
    row = request.GET.get("row", "")
    known = SetAside.objects.in_unit(request.user.unit_id)
    found = known.filter(pk=row if row.isdecimal() else 0).values("sender", "device").first()
    return monitors_page(request, MonitorForm(request.user.unit, initial=found))


@require_POST
@allowed("monitor.bind")
def bind(request: SignedInRequest) -> HttpResponse:
    form = MonitorForm(request.user.unit, request.POST)
    if form.is_valid():
        try:
            actions.bind_monitor(bound=form.bound(), by=request.user, at=timezone.now())
        except ClinicalError as refusal:
            form.add_error("chair", sentence(refusal))
        else:
            messages.success(request, gettext("The monitor stands at the chair."))
            return redirect("monitors")
    return monitors_page(request, form)


@require_POST
@allowed("monitor.release", of=MonitorDevice)
def release(request: SignedInRequest, device: MonitorDevice) -> HttpResponse:
    """One that somebody else has moved or released meanwhile stays as it is, and that is said."""
    theirs = MonitorDevice.objects.for_professional(request.user)
    newest = theirs.in_force().filter(pk=device.pk).first()
    if newest is None:
        moved = gettext(
            "Somebody has moved or released the monitor meanwhile: see where it is."
        )
        messages.warning(request, moved)
    else:
        actions.release_monitor(device=newest, by=request.user, at=timezone.now())
        messages.success(request, gettext("The monitor stands at no chair any more."))
    return redirect("monitors")


def monitors_page(request: SignedInRequest, form: MonitorForm) -> HttpResponse:
    unit = request.user.unit_id
    devices = MonitorDevice.objects.in_unit(unit).in_force().select_related("chair")
    heard = MonitorReading.objects.in_unit(unit).order_by().values_list("device__entry")
    last = dict(heard.annotate(last=Max("received_at")))
    aside = SetAside.objects.in_unit(unit).order_by("-pk")[:NEWEST]
    context = {
        "form": form,
        "may_bind": request.may("monitor.bind"),
        "devices": [(device, last.get(device.entry)) for device in devices],
        "set_aside": [(row, SET_ASIDE[row.reason]) for row in aside],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "chairside/monitors.html", context, status=status)
