"""Which time a rating asked about: ever is not since the last contact, though neither has a length."""

from lysglimt.knowledge.instruments.instrument import instrument
from lysglimt.knowledge.instruments.recall import Window

from .models import Rating


def asked_about(rating: Rating) -> Window:
    """By its name; of a rating from before that was kept, the first window of the same length."""
    recall = instrument(rating.instrument).recall
    if rating.window:
        return recall.variant(rating.window)
    same = (one for one in recall.windows if (one.duration or "") == rating.recall)
    return next(same, recall.default)
