"""Where one is signed in, and ending it: one's own, and as a lead or administrator all of a person's."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.sessions.models import Session
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from lysglimt.clinic.people import actions, sign_ins
from lysglimt.clinic.people.access import SignedInRequest, allowed
from lysglimt.clinic.people.adapters import remember_second_factor
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.people.sign_ins import STORED, SessionStore
from lysglimt.clinic.people.wordings import ROLES


@require_GET
@allowed("sign-ins")
def mine(request: SignedInRequest) -> HttpResponse:
    context = {
        "listed": standing(request, request.user),
        "shared": sign_ins.is_shared(request),
        "may_unshare": request.may("device.unshare"),
        "may_staff": request.may("staff"),
    }
    return render(request, "people/sign_ins.html", context)


@require_POST
@allowed("sign-ins.end-own")
def end_own(request: SignedInRequest) -> HttpResponse:
    """One of them, or all but this one."""
    by, at = request.user, timezone.now()
    asked = request.POST.get("one", "")
    if asked and not asked.isdecimal():
        raise Http404
    if asked:
        ended = [get_object_or_404(UserSession, pk=asked, user=by)]
    else:
        ended = [one.row for one in standing(request, by) if not one.here]
    actions.end_sign_ins(ended=ended, of=by, by=by, at=at)
    messages.success(request, gettext("Signed out there."))
    return redirect("sign-ins")


@require_GET
@allowed("staff")
def staff(request: SignedInRequest) -> HttpResponse:
    """Who works in the unit, and whether they are signed in somewhere."""
    colleagues = Professional.objects.filter(unit=request.user.unit_id, is_active=True)
    signed_in = UserSession.objects.filter(
        user__unit=request.user.unit_id, session_key__in=Session.objects.values("pk")
    )
    places = Counter(signed_in.values_list("user", flat=True))
    people = [
        (person, ROLES[Role(person.role)], places[person.pk])
        for person in colleagues.order_by("display_name", "username")
    ]
    return render(request, "people/staff.html", {"people": people})


@require_POST
@allowed("sign-ins.end", beside=("pk",))
def end_all(request: SignedInRequest, pk: int) -> HttpResponse:
    """Of somebody in one's own unit."""
    person = get_object_or_404(Professional, pk=pk, unit=request.user.unit_id)
    ended = list(UserSession.objects.filter(user=person))
    actions.end_sign_ins(ended=ended, of=person, by=request.user, at=timezone.now())
    messages.success(request, gettext("Signed out everywhere."))
    return redirect("staff")


@require_POST
@allowed("device.share")
def share(request: SignedInRequest) -> HttpResponse:
    """From now on this device locks soon, whoever uses it."""
    actions.note(by=request.user, at=timezone.now(), what="device.share")
    request.session[sign_ins.SHARED] = True
    answer = redirect("sign-ins")
    answer.set_signed_cookie(
        settings.SHARED_COOKIE_NAME,
        "1",
        salt=sign_ins.SHARED_SALT,
        max_age=sign_ins.SHARED_FOR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    remember_second_factor(request, request.user, answer)
    return answer


@require_POST
@allowed("device.unshare")
def unshare(request: SignedInRequest) -> HttpResponse:
    """It has become the device of one person."""
    actions.note(by=request.user, at=timezone.now(), what="device.unshare")
    request.session[sign_ins.SHARED] = False
    answer = redirect("sign-ins")
    for name in (settings.SHARED_COOKIE_NAME, settings.MFA_TRUST_COOKIE_NAME):
        answer.delete_cookie(name)
    return answer


@dataclass(frozen=True, slots=True)
class Standing:
    """A sign-in that has not ended, as its owner knows it."""

    row: UserSession
    last_seen: datetime
    here: bool


def standing(request: SignedInRequest, person: Professional) -> list[Standing]:
    """The newest first."""
    rows = UserSession.objects.filter(user=person).order_by("-created_at")
    kept = [(row, SessionStore(row.session_key).load()) for row in rows]
    here = request.session.session_key
    return [
        Standing(row, datetime.fromisoformat(said[STORED]), here=row.session_key == here)
        for row, said in kept
        if STORED in said
    ]
