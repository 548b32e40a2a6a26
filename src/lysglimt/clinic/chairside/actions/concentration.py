"""A doctor turns the reckoned concentration on or off for the unit."""

from dataclasses import asdict
from datetime import datetime

from lysglimt.clinic.chairside.models import ConcentrationSetting
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Professional


def set_concentration(*, on: bool, by: Professional, at: datetime) -> ConcentrationSetting:
    row = ConcentrationSetting(
        unit=by.unit,
        on=on,
        by=by,
        received_at=at,
        **asdict(Entered(happened_at=at, entered_at=at)),
    )
    return people.enter(row, operation="unit.concentration")
