"""The clock on the clinic's wall: it runs as any clock does, and a journey moves it on."""

from datetime import date, datetime, time, timedelta
from time import monotonic

from lysglimt.clinic.scheduling.calendar import OSLO


class WallClock:
    """What the server's ``timezone.now`` is while a journey lasts. It never goes back."""

    def __init__(self, start: datetime) -> None:
        self.set_at, self.began = start, monotonic()

    def __call__(self) -> datetime:
        return self.set_at + timedelta(seconds=monotonic() - self.began)

    def move(self, minutes: float) -> None:
        assert minutes > 0
        self.set_at += timedelta(minutes=minutes)

    def until(self, day: date, clock: time) -> None:
        """On to that time of the clock on that day."""
        on = datetime.combine(day, clock, tzinfo=OSLO)
        self.move((on - self()) / timedelta(minutes=1))
