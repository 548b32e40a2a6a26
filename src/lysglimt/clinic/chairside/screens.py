"""A screen on a wall: whose unit it shows, and that it shows nobody."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.people.reach import Reach, reaching

from .board import Board, board_of
from .cards import Card
from .closed import closed_to_some
from .models import WallScreen

SALT = "chairside.wall-screen"
HANGS_FOR = 400 * 24 * 60 * 60
"""Seconds that the mark of a screen lasts at most; it is taken down before, on the list."""


@dataclass(frozen=True, slots=True)
class OnTheWall:
    """The unit's chairs, and what is overdue there, without a name or what leads to one."""

    screen: WallScreen
    board: Board

    @property
    def cards(self) -> tuple[Card, ...]:
        return tuple(
            card.bare(numbers=self.screen.numbers, at=self.board.now)
            for card in self.board.cards
        )


def hang(answer: HttpResponse, screen: WallScreen) -> None:
    """Marks the browser that gets this answer. It opens nothing but the wall's own page."""
    answer.set_signed_cookie(
        settings.WALL_COOKIE_NAME,
        f"{screen.entry} {screen.unit_id}",
        salt=SALT,
        max_age=HANGS_FOR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def on_the_wall(request: HttpRequest, *, at: datetime) -> OnTheWall | None:
    """None of a browser that nobody has hung, or whose screen was taken down.

    Whoever is signed in there counts for nothing: it reaches as far as anybody of its unit does.
    """
    name = settings.WALL_COOKIE_NAME
    said = request.get_signed_cookie(name, "", salt=SALT, max_age=HANGS_FOR)
    if not said:
        return None
    entry, unit = map(UUID, said.split())
    staff = Professional.objects.filter(unit=unit, is_active=True).order_by("pk")
    with reaching(Reach(professional=staff.values_list("pk", flat=True).first())):
        hanging = WallScreen.objects.in_unit(unit).in_force().select_related("unit")
        screen = hanging.filter(entry=entry).first()
        return (
            None
            if screen is None
            else OnTheWall(screen, board_of(unit, at, closed=closed_to_some()))
        )
