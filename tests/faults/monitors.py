"""Run by `lysglimt.server.started`: `begin` makes chairs with a session and a monitor each, `found` says what is kept."""

import json
import sys
from dataclasses import replace
from datetime import date

from django.utils import timezone

from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.models import MonitorReading, SetAside
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.scheduling import actions as scheduling
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.knowledge.protocols.library import latest
from lysglimt.server.proving.people import MADE_UP, staffed

CHAIRS = 4
CUT = CHAIRS
"""The monitor of one chair more, whose line is cut: its messages are not among the others."""


def begin(chairs: int = CHAIRS + 1) -> dict[str, object]:
    now, protocol = timezone.now(), latest("iv-ketamine-no")
    nurse, doctor = staffed("Monitors", at=now)
    treatment.approve_protocol(unit=doctor.unit, protocol=protocol, by=doctor, at=now)
    for number in range(chairs):
        chair = scheduling.add_chair(unit=nurse.unit, name=f"Stol {number}", by=nurse, at=now)
        said = replace(MADE_UP, birth_date=date(1980 + number, 1, 2))
        patient = people.register_patient(said=said, by=nurse, at=now)
        course = treatment.plan_course(patient=patient, protocol=protocol, by=doctor, at=now)
        actions.open_session(
            course=course, planned_on=timezone.localdate(), chair=chair, by=nurse, at=now
        )
        bound = actions.Bound(
            sender="GW", device=f"M{number}", name=f"Monitor {number}", chair=chair
        )
        actions.bind_monitor(bound=bound, by=nurse, at=now)
    return {"unit": nurse.unit.name, "now": now.timestamp()}


def found() -> dict[str, object]:
    rows = MonitorReading.objects.order_by("pk")
    return {
        "kept": [
            f"{device} {said}"
            for device, said in rows.values_list("device__device", "control_id")
        ],
        "set_aside": SetAside.objects.count(),
    }


def main() -> None:
    what, *chairs = sys.argv[1:]
    said = begin(*map(int, chairs)) if what == "begin" else found()
    sys.stdout.write(json.dumps(said))
