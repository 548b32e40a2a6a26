"""Asked of a scratch copy: a unit of its own, with a nurse at the keyboard and sessions to chart in."""

import json
import sys
from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.utils import timezone

from .people import charted, staffed
from .signing import cookies

SESSIONS = 40


def main() -> None:
    now = timezone.now()
    nurse, doctor = staffed(f"scratch {uuid4().hex[:8]}", at=now)
    days = [now.date() + timedelta(days=ahead) for ahead in range(SESSIONS)]
    sessions = charted(nurse, doctor, days, at=now)
    said = {
        "unit": nurse.unit.name,
        "sessions": [str(each.pk) for each in sessions],
        "cookies": cookies(nurse),
        "csrf": settings.CSRF_COOKIE_NAME,
    }
    sys.stdout.write(json.dumps(said))
