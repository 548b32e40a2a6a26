"""Which day it is in Norway: the clinic and its rules count in these days."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")


def on_day(at: datetime) -> date:
    return at.astimezone(OSLO).date()
