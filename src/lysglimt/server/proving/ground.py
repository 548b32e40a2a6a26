"""Run as a module on a scratch copy: a unit of its own, with a nurse at the keyboard and sessions to chart in."""

import json
import sys
from datetime import timedelta
from uuid import uuid4

from lysglimt.server.starting import start

SESSIONS = 40


def main() -> None:
    start()
    from django.conf import settings  # noqa: PLC0415 - after Django has started
    from django.utils import timezone  # noqa: PLC0415 - likewise

    from .people import charted, staffed  # noqa: PLC0415 - likewise
    from .signing import cookies  # noqa: PLC0415 - likewise

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


if __name__ == "__main__":
    main()
