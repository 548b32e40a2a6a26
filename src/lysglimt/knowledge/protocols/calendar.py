"""Days and months of a course. Every date is a calendar day in Europe/Oslo."""

from calendar import monthrange
from datetime import date, timedelta

from .protocol import WEEK


def months_after(start: date, months: int) -> date:
    """The same day so many months later, or the last day of a shorter month."""
    month = start.month - 1 + months
    year, month = start.year + month // 12, month % 12 + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))


def days_after(start: date, days: int) -> date:
    return start + timedelta(days=days)


def within_a_week(days: list[date], *, ending: date) -> int:
    """How many of the days lie in the seven that end with ``ending``."""
    return sum(0 <= (ending - day).days < WEEK for day in days)
