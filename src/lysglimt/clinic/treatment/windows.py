"""Which time a rating asked about: ever is not since the last contact, though neither has a length."""

from typing import Protocol

from lysglimt.knowledge.instruments.instrument import instrument
from lysglimt.knowledge.instruments.recall import Window


class Asked(Protocol):
    """A rating, or what is known of one. ``recall`` is a duration, ``window`` a name."""

    @property
    def instrument(self) -> str: ...
    @property
    def recall(self) -> str: ...
    @property
    def window(self) -> str: ...


def asked_about(rating: Asked) -> Window:
    """By its name; of a rating from before that was kept, the first window of the same length."""
    recall = instrument(rating.instrument).recall
    if rating.window:
        return recall.variant(rating.window)
    same = (one for one in recall.windows if (one.duration or "") == rating.recall)
    return next(same, recall.default)
