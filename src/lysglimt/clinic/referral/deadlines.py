"""When a referral is to be assessed: working days, and Norwegian public holidays do not count."""

from datetime import date, timedelta
from functools import cache

from lysglimt.knowledge.eligibility.deadlines import referral_deadlines

ASSESSMENT_WORKING_DAYS = referral_deadlines().assess_within.value
SATURDAY = 5

FIXED = ((1, 1), (5, 1), (5, 17), (12, 25), (12, 26))
FROM_EASTER = (-3, -2, 0, 1, 39, 49, 50)
"""Days from Easter Sunday: Thursday and Friday before, both Easter days, Ascension, Whitsun."""


def assessment_due(received_on: date) -> date:
    """The last day for the assessment; the day of receipt itself is not counted."""
    return after_working_days(received_on, ASSESSMENT_WORKING_DAYS)


def after_working_days(day: date, count: int) -> date:
    """The day that is ``count`` working days after another."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def is_working_day(day: date) -> bool:
    return day.weekday() < SATURDAY and day not in public_holidays(day.year)


@cache
def public_holidays(year: int) -> frozenset[date]:
    """The Norwegian public holidays of a year."""
    easter = easter_sunday(year)
    moving = {easter + timedelta(days=days) for days in FROM_EASTER}
    return frozenset(moving | {date(year, month, day) for month, day in FIXED})


def easter_sunday(year: int) -> date:
    """By the Gregorian calendar, as Meeus/Jones/Butcher reckon it."""
    golden, century, rest = year % 19, year // 100, year % 100
    leap_centuries, century_rest = divmod(century, 4)
    moon = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap_centuries - moon + 15) % 30
    leaps, leap_rest = divmod(rest, 4)
    weekday = (32 + 2 * century_rest + 2 * leaps - epact - leap_rest) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)
