"""The board of the chairs, its lines that wait to be seen, and screens on a wall."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_POST, require_safe

from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.board import board_of
from lysglimt.clinic.chairside.closed import chart_closed
from lysglimt.clinic.chairside.forms.board import ScreenForm, SeenForm
from lysglimt.clinic.chairside.models import Session, WallScreen
from lysglimt.clinic.chairside.screens import hang, on_the_wall
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.access import PatientFile, PatientPage, SignedInRequest, allowed

from .polled import SEEN, asked_anew, by_itself, clock, shown_to


@require_GET
@allowed("board")
def board(request: SignedInRequest) -> HttpResponse:
    """Opened by somebody, it is a read; asked anew by itself, only when there is somebody new on it."""
    now = timezone.now()
    found = board_of(request.user.unit_id, now, closed=chart_closed(request, at=now))
    seen = shown_to(request, "board", *found.patients, at=now)
    context = {
        "board": found,
        "cards": found.cards,
        "seen": seen,
        "may_see": request.may("board.seen"),
        "may_hang": request.may("walls"),
        "clock": clock(now),
    }
    if not by_itself(request):
        return PatientPage(request, "chairside/board.html", context, patients=found.patients)
    answer = asked_anew(request, render_to_string("chairside/_board.html", context), at=now)
    known = answer.status_code == 304 or request.headers.get(SEEN) == seen
    return answer if known else PatientFile(answer, patients=found.patients)


@require_POST
@allowed("board.seen", of=Session)
def say_seen(request: SignedInRequest, session: Session) -> HttpResponse:
    """One line of the board, by the set after which nothing was measured in time."""
    form = SeenForm(request.POST)
    if not form.is_valid():
        return redirect("board")
    rows = actions.see_line(
        session=session,
        after=form.cleaned_data["after"],
        by=request.user,
        at=timezone.now(),
    )
    if not rows:
        messages.info(request, gettext("Nothing is overdue there any more."))
    return redirect("board")


@require_safe
def wall(request: HttpRequest) -> HttpResponse:
    """The same for everybody who passes, whoever is signed in at this browser."""
    now = timezone.now()
    shown = on_the_wall(request, at=now)
    if shown is None:
        return render(request, "chairside/no_wall.html", status=403)
    context = {"wall": True, "cards": shown.cards, "board": shown.board}
    context |= {"clock": clock(now), "unit": shown.screen.unit.name}
    if not by_itself(request):
        return render(request, "chairside/wall.html", context)
    return asked_anew(request, render_to_string("chairside/_board.html", context), at=now)


@require_GET
@allowed("walls")
def walls(request: SignedInRequest) -> HttpResponse:
    return walls_page(request, ScreenForm())


def walls_page(request: SignedInRequest, form: ScreenForm) -> HttpResponse:
    screens = WallScreen.objects.in_unit(request.user.unit_id).in_force().select_related("by")
    context = {"screens": screens, "form": form}
    status = 422 if form.errors else 200
    return render(request, "chairside/walls.html", context, status=status)


@require_POST
@allowed("wall.hang")
def hang_here(request: SignedInRequest) -> HttpResponse:
    """The browser becomes a wall screen, and nobody stays signed in at it."""
    form = ScreenForm(request.POST)
    if not form.is_valid():
        return walls_page(request, form)
    at, language = timezone.now(), get_language() or settings.LANGUAGE_CODE
    screen = actions.hang_screen(hung=form.hung(), by=request.user, at=at)
    people.note_sign_out(by=request.user, at=at)
    logout(request)
    answer = redirect("wall")
    answer.delete_cookie(settings.PRESENCE_COOKIE_NAME)
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
    hang(answer, screen)
    return answer


@require_POST
@allowed("wall.end", of=WallScreen)
def take_down(request: SignedInRequest, screen: WallScreen) -> HttpResponse:
    """One that somebody else has taken down meanwhile stays so, and that is said."""
    theirs = WallScreen.objects.for_professional(request.user)
    hanging = theirs.in_force().filter(pk=screen.pk).first()
    if hanging is None:
        messages.warning(request, gettext("Somebody has taken the screen down meanwhile."))
    else:
        actions.take_down(screen=hanging, by=request.user, at=timezone.now())
        messages.success(request, gettext("The screen shows nothing any more."))
    return redirect("walls")
