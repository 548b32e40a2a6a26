"""Run by `lysglimt.server.started`: look a restored database over, and print what was found as JSON."""

import json
import sys
from typing import Any

from django.db import connection

from lysglimt.clinic.people.models import Patient
from lysglimt.clinic.sealing.values import Unreadable
from lysglimt.server.protection import unguarded


def main() -> None:
    found: dict[str, Any] = {"opened": 0, "shut": 0, "unguarded": unguarded(connection)}
    for patient in Patient.objects.iterator():
        try:
            patient.particulars()
            found["opened"] += 1
        except Unreadable:
            found["shut"] += 1
    sys.stdout.write(json.dumps(found))
