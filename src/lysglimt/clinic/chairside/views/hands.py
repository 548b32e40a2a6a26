"""Handing a session over on the spot, and typing in what was charted on paper."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.charted import lines
from lysglimt.clinic.chairside.forms.hands import HandoverForm, PaperForm
from lysglimt.clinic.chairside.hands import handed, on_paper, protocols_used
from lysglimt.clinic.chairside.models import Handover, PaperChart, Session
from lysglimt.clinic.chairside.open_points import points, read_until
from lysglimt.clinic.chairside.ribbon import ribbon
from lysglimt.clinic.chairside.sheet import Sheet, sheet_of
from lysglimt.clinic.chairside.showing import rate_now
from lysglimt.clinic.chairside.watched import unjudged
from lysglimt.clinic.design.refusals import sentence
from lysglimt.clinic.people.access import SignedInRequest, allowed, typed
from lysglimt.clinic.people.facts import Contradicted
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.people.permissions import AT_THE_CHAIR
from lysglimt.knowledge.errors import ClinicalError

from .ordering import about

page_and_form = require_http_methods(["GET", "POST"])


@page_and_form
@allowed("session.hand-over", of=Session)
def hand_over(request: SignedInRequest, session: Session) -> HttpResponse:
    sheet = sheet_of(session, now=timezone.now(), by=request.user)
    form = handover_form(request, sheet)
    if request.method == "POST" and form.is_valid() and given_over(request, sheet, form):
        words = gettext(
            "Handed over to %(who)s. This screen is still signed in as %(you)s: lock it, so that "
            "%(who)s charts in their own name."
        )
        messages.success(request, words % {"who": form.other, "you": request.user})
        return redirect("session", pk=session.pk)
    return about(
        request,
        session,
        form,
        template="hand_over",
        heading=gettext("Hand over"),
        facts=now_told(sheet),
        points=points(sheet),
        last=next(iter(handed(session)), None),
    )


def handover_form(request: SignedInRequest, sheet: Sheet) -> HandoverForm:
    holder = actions.holds_now(sheet.session)
    return HandoverForm(
        typed(request),
        colleagues=takers(sheet.session, request.user),
        read=read_until(sheet),
        holder=None if holder == request.user else holder,
    )


def takers(session: Session, by: Professional) -> list[Professional]:
    """Who charts at the chairs of the unit, but for whoever hands over."""
    found = Professional.objects.filter(
        unit=session.unit_id, role__in=AT_THE_CHAIR, is_active=True
    )
    return list(found.exclude(pk=by.pk).order_by("display_name"))


def now_told(sheet: Sheet) -> list[tuple[str, str]]:
    """How far the session has come, the pump, and what was measured last."""
    judged = not unjudged(sheet.session)
    here = [one for one in ribbon(sheet, judged=judged) if one["state"] in {"now", "paused"}]
    told = [(gettext("Now"), f"{one['label']} {one['note']}".strip()) for one in here]
    if sheet.started and not sheet.stopped and not sheet.nasal:
        told.append((gettext("Pump"), rate_now(sheet)))
    measured = [one for one in lines(sheet, judged=judged) if not one.struck]
    if measured:
        pressure, pulse, oxygen, *_ = (cell.value for cell in measured[0].cells)
        words = gettext("%(at)s: BP %(pressure)s, pulse %(pulse)s, SpO₂ %(oxygen)s")
        read = {"pressure": pressure, "pulse": pulse, "oxygen": oxygen}
        told.append((gettext("Last observation"), words % {"at": measured[0].at, **read}))
    return told


def given_over(request: SignedInRequest, sheet: Sheet, form: HandoverForm) -> bool:
    """The password is asked for last: a guess costs as much here as at the door."""
    if not form.is_vouched_for(request):
        return False
    session, now = sheet.session, timezone.now()
    try:
        actions.hand_over(
            session=session,
            given=form.given(),
            entered=form.entered(Handover, at=now),
            by=request.user,
            at=now,
        )
    except Contradicted:
        raise
    except ClinicalError as refusal:
        form.read_again()
        field = {"taken_by": "checked_by", "words": "words"}.get(
            str(refusal.facts.get("field"))
        )
        form.add_error(field, sentence(refusal))
        return False
    return True


@page_and_form
@allowed("session.from-paper", of=Session)
def from_paper(request: SignedInRequest, session: Session) -> HttpResponse:
    """Said before the paper is typed in, of each time of it; one of them said anew is changed."""
    charts, now = on_paper(session), timezone.now()
    changes = next((one for one in charts if str(one.entry) == request.GET.get("of")), None)
    started = sheet_of(session, now=now).started
    form = PaperForm(typed(request), day=session.planned_on, since=started, changes=changes)
    if request.method == "POST" and form.is_valid():
        try:
            actions.say_paper(
                session=session,
                papered=form.papered(),
                entered=form.entered(PaperChart, at=now),
                by=request.user,
                at=now,
            )
        except Contradicted:
            raise
        except ClinicalError as refusal:
            form.add_error(None, sentence(refusal))
        else:
            return redirect("session", pk=session.pk)
    return about(
        request,
        session,
        form,
        template="from_paper",
        heading=gettext("Type in what was charted on paper"),
        on_paper=charts,
        changes=changes,
    )


@require_GET
@allowed("print.charts")
def paper_charts(request: SignedInRequest) -> HttpResponse:
    """For when the machines are down: printed while they are not."""
    used = protocols_used(request.user.unit)
    return render(request, "chairside/paper_charts.html", {"protocols": used})
