"""Figures for those who watch the server: how many requests, how quick; nobody's health."""

import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, Gauge, Histogram, generate_latest

from .backup import keeping
from .health import CHECKS
from .room import room_left

ANSWERS = Histogram(
    "lysglimt_answer_seconds",
    "Time to an answer, by the name of the route; addresses are not kept.",
    ("route", "method", "status"),
    buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
READY = Gauge("lysglimt_ready", "1 when the check is met, as /readyz has it.", ("check",))
FREE = Gauge("lysglimt_disk_free_bytes", "Room left where the data are.")
BACKUP = Gauge("lysglimt_backup_age_seconds", "Since the newest backup; -1 when there is none.")


@dataclass(frozen=True, slots=True)
class Measured:
    answer: Callable[[HttpRequest], HttpResponse]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.answer(request)
        match = request.resolver_match
        route = (match.url_name or "unnamed") if match else "none"
        status = f"{response.status_code // 100}xx"
        method = request.method if request.method in {"GET", "POST", "HEAD"} else "other"
        ANSWERS.labels(route, method, status).observe(time.perf_counter() - began)
        return response


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For whoever brings the token of the configuration; without one there is no such page."""
    token: str = settings.METRICS_TOKEN
    brought = request.headers.get("Authorization", "")
    if not token or not hmac.compare_digest(brought.encode(), f"Bearer {token}".encode()):
        raise Http404
    for name, check in CHECKS.items():
        READY.labels(name).set(check())
    FREE.set(room_left()[0])
    age = keeping.newest_age(keeping.folder(), at=timezone.now())
    BACKUP.set(age.total_seconds() if age is not None else -1)
    return HttpResponse(generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST)
