"""The board of the chairs, its lines that wait to be seen, and screens on a wall."""

from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_POST, require_safe

from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.board import Board, board_of
from lysglimt.clinic.chairside.closed import chart_closed
from lysglimt.clinic.chairside.forms.board import ScreenForm
from lysglimt.clinic.chairside.models import Session, WallScreen
from lysglimt.clinic.chairside.screens import hang, on_the_wall
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.access import PatientFile, PatientPage, SignedInRequest, allowed
from lysglimt.clinic.people.signed_out import BACKGROUND
from lysglimt.clinic.scheduling.calendar import OSLO, on_day
from lysglimt.clinic.sealing.values import derived

SEEN = "X-Seen"
"""A page that asks by itself says whom it has shown already."""
CLOCK = "X-Clock"


@require_GET
@allowed("board")
def board(request: SignedInRequest) -> HttpResponse:
    """Opened by somebody, it is a read; asked anew by itself, only when there is somebody new on it."""
    now = timezone.now()
    found = board_of(request.user.unit_id, now, closed=chart_closed(request, at=now))
    seen = shown_to(request, found)
    context = {
        "board": found,
        "cards": found.cards,
        "seen": seen,
        "may_see": request.may("board.seen"),
        "may_hang": request.may("walls"),
        "clock": clock(found),
    }
    if BACKGROUND not in request.headers:
        return PatientPage(request, "chairside/board.html", context, patients=found.patients)
    answer = asked_anew(request, found, render_to_string("chairside/_board.html", context))
    known = answer.status_code == 304 or request.headers.get(SEEN) == seen
    return answer if known else PatientFile(answer, patients=found.patients)


def shown_to(request: SignedInRequest, found: Board) -> str:
    """Follows from who reads, the day and the patients: whoever has it was shown these, and it is logged."""
    whom = (str(request.user.pk), str(on_day(found.now)), *map(str, found.patients))
    return derived("board", *whom).hex()[:32]


def clock(found: Board) -> str:
    return f"{localtime(found.now, OSLO):%H:%M:%S}"


def asked_anew(request: HttpRequest, found: Board, body: str) -> HttpResponse:
    """No body where it says what it said before: the time of the answer alone."""
    tag = f'"{sha256(body.encode()).hexdigest()[:24]}"'
    same = request.headers.get("If-None-Match") == tag
    answer = HttpResponseNotModified() if same else HttpResponse(body)
    answer.headers["ETag"] = tag
    answer.headers[CLOCK] = clock(found)
    return answer


@require_POST
@allowed("board.seen", of=Session)
def say_seen(request: SignedInRequest, session: Session) -> HttpResponse:
    """One line of the board, by the set after which nothing was measured in time."""
    said = request.POST.get("after", "")
    try:
        after = UUID(said) if said else None
    except ValueError:
        return redirect("board")
    row = actions.see_overdue(session=session, after=after, by=request.user, at=timezone.now())
    if row is None:
        messages.info(request, gettext("Nothing is overdue there any more."))
    return redirect("board")


@require_safe
def wall(request: HttpRequest) -> HttpResponse:
    """The same for everybody who passes, whoever is signed in at this browser."""
    shown = on_the_wall(request, at=timezone.now())
    if shown is None:
        return render(request, "chairside/no_wall.html", status=403)
    context = {"wall": True, "cards": shown.cards, "board": shown.board}
    context |= {"clock": clock(shown.board), "unit": shown.screen.unit.name}
    if BACKGROUND not in request.headers:
        return render(request, "chairside/wall.html", context)
    body = render_to_string("chairside/_board.html", context)
    return asked_anew(request, shown.board, body)


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
    """This browser becomes a wall screen, and nobody stays signed in at it."""
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
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )
    hang(answer, screen)
    return answer


@require_POST
@allowed("wall.end", of=WallScreen)
def take_down(request: SignedInRequest, screen: WallScreen) -> HttpResponse:
    theirs = WallScreen.objects.for_professional(request.user)
    hanging = get_object_or_404(theirs.in_force(), pk=screen.pk)
    actions.take_down(screen=hanging, by=request.user, at=timezone.now())
    messages.success(request, gettext("The screen shows nothing any more."))
    return redirect("walls")
