"""When somebody proved to a provider who they are: after we asked, or it does not count."""

import time

CLOCKS_DIFFER_BY = 30
"""Seconds, between a provider's clock and ours."""


def proved_at(said: object, *, asked: float) -> float | None:
    """The moment that a provider states as ``auth_time``, if it is one that counts.

    A provider may answer from a sign-in of its own, hours old and of whoever held the device
    then: to ask it for a new one can be left out by the browser that carries the question, so
    what it answers is looked at. Both in seconds since 1970. [OpenID Connect Core 1.0, 3.1.2.1]
    """
    if isinstance(said, bool) or not isinstance(said, int | float):
        return None
    now = time.time()
    counts = asked - CLOCKS_DIFFER_BY <= said <= now + CLOCKS_DIFFER_BY
    return min(float(said), now) if counts else None
