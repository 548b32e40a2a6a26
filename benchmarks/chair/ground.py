"""Run by `lysglimt.server.started`: eight chairs at which an infusion runs, each with 200 values charted."""

import json
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from uuid import uuid4

from django.utils import timezone

from lysglimt.clinic.chairside import actions as chair
from lysglimt.clinic.chairside.actions import Measured
from lysglimt.clinic.chairside.models import SessionPhase, VitalSet
from lysglimt.server.demo.case import Setting, entered, registered
from lysglimt.server.demo.cast import HOSPITAL, opened
from lysglimt.server.demo.courses import planned
from lysglimt.server.demo.sitting import MINUTE, Run, Sitting, sat
from lysglimt.server.demo.treated import RESPONDS
from lysglimt.server.proving.signing import cookies

CHAIRS = 8
VALUES = 200
SINCE = 31
"""Minutes since the start: the nine columns were read at six of them by the plan."""
BETWEEN = (*range(6, 10), *range(11, 20), *range(21, 24))
LAST = 24
COLUMNS = (
    *("systolic", "diastolic", "pulse", "spo2", "respiration"),
    *("sedation", "dissociation", "distress", "nausea"),
)


def seated(number: int, *, now: datetime) -> Sitting:
    """In a house of their own: one nurse has one patient who is infused."""
    mark = f"-{uuid4().hex[:8]}"
    clinic = opened(replace(HOSPITAL, entity=f"{HOSPITAL.entity}{mark}", mark=mark), now=now)
    setting = Setting({HOSPITAL: clinic}, now)
    case = registered(setting, Random(number), HOSPITAL, on=setting.today - timedelta(days=90))  # noqa: S311 - made-up patients
    course = planned(case, start=setting.today, ill=RESPONDS)
    sitting = sat(case, course, setting.now - SINCE * MINUTE, run=Run(until=SINCE))
    for minute in BETWEEN:
        sitting.measure(minute, SessionPhase.INFUSION)
    whole = sitting.measured(LAST, SessionPhase.INFUSION)
    pressure = Measured(phase=whole.phase, systolic=whole.systolic, diastolic=whole.diastolic)
    chair.record_vitals(
        session=sitting.session,
        measured=pressure,
        entered=entered(sitting.at(LAST)),
        by=case.nurse,
        at=sitting.at(LAST),
    )
    return sitting


def values(sitting: Sitting) -> int:
    rows = VitalSet.objects.filter(session=sitting.session).values_list(*COLUMNS)
    return sum(value is not None for row in rows for value in row)


def main() -> None:
    now = timezone.now()
    sittings = [seated(number, now=now) for number in range(CHAIRS)]
    if wrong := {values(one) for one in sittings} - {VALUES}:
        raise RuntimeError(f"{wrong} values, not {VALUES}")
    said = {
        "sessions": [str(one.session.pk) for one in sittings],
        "cookies": [cookies(one.case.nurse) for one in sittings],
    }
    sys.stdout.write(json.dumps(said))
