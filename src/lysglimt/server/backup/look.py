"""Run as a module: look a restored database over, and print what was found as JSON."""

import json
import sys
from typing import Any

from lysglimt.server.starting import start


def main() -> None:
    start()
    from django.db import connection  # noqa: PLC0415 - after Django has started

    from lysglimt.clinic.people.models import Patient  # noqa: PLC0415 - likewise
    from lysglimt.clinic.sealing.values import Unreadable  # noqa: PLC0415 - likewise
    from lysglimt.server.protection import unguarded  # noqa: PLC0415 - likewise

    found: dict[str, Any] = {"opened": 0, "shut": 0, "unguarded": unguarded(connection)}
    for patient in Patient.objects.iterator():
        try:
            patient.particulars()
            found["opened"] += 1
        except Unreadable:
            found["shut"] += 1
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
