"""When the disk is full or the database is away: said in plain words, and nothing is half stored."""

import errno
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from .room import reserve_is_left

FULL = ("disk is full", "no space left on device")
NO_MORE_ROOM, AWAY, FAULT = 507, 503, 500
PAGES = {NO_MORE_ROOM: "507.html", AWAY: "503.html", FAULT: "500.html"}


@dataclass(frozen=True, slots=True)
class Reserve:
    """Nothing new is stored in the last of the room: it is left for the log of who reads.

    So records can be read for as long as possible while someone frees the disk.
    """

    answer: Callable[[HttpRequest], HttpResponse]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_view(self, request: HttpRequest, view: Any, *_: object) -> HttpResponse | None:
        # What has a row in the policy stores clinical facts; signing in and out goes on.
        stores = request.method == "POST" and hasattr(view, "operation")
        return said(request, NO_MORE_ROOM) if stores and not reserve_is_left() else None


def fault(request: HttpRequest) -> HttpResponse:
    """Django calls it while it handles whatever nobody else has handled."""
    return said(request, status_of(sys.exc_info()[1]))


def said(request: HttpRequest, status: int) -> HttpResponse:
    try:
        page = render(request, PAGES[status], status=status)
    except DatabaseError:
        # Who is signed in cannot be looked up either.
        page = HttpResponse(f"{status}\n", status=status, content_type="text/plain")
    if status == AWAY:
        page.headers["Retry-After"] = "10"
    return page


def status_of(cause: BaseException | None) -> int:
    causes = list(chain_of(cause))
    words = " ".join(str(each).lower() for each in causes)
    if any(full in words for full in FULL) or any(
        isinstance(each, OSError) and each.errno == errno.ENOSPC for each in causes
    ):
        return NO_MORE_ROOM
    away = any(isinstance(each, OperationalError | InterfaceError) for each in causes)
    return AWAY if away else FAULT


def chain_of(cause: BaseException | None) -> Iterator[BaseException]:
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__
