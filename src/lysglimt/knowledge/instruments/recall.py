"""Which stretch of time an instrument asks about; it is part of the score."""

import re
from dataclasses import dataclass
from datetime import timedelta

from lysglimt.knowledge.errors import Inconsistent, Unknown
from lysglimt.knowledge.figures import Basis
from lysglimt.knowledge.text import Text

DURATION = re.compile(r"P(?:(?P<months>\d+)M|(?P<days>\d+)D|T(?P<hours>\d+)H)")


@dataclass(frozen=True, slots=True)
class Window:
    """A recall window, for one variant of a form.

    ``duration`` is ISO 8601 (``P3D``, ``PT24H``, ``P12M``) or "unknown" where the window is no
    stretch of time (now, the session, since last contact).
    """

    id: str
    duration: str | None
    words: Text
    basis: Basis

    def __post_init__(self) -> None:
        if self.duration is not None and not DURATION.fullmatch(self.duration):
            raise Inconsistent(f"'{self.duration}' is no duration such as P3D, PT24H or P12M")

    @property
    def length(self) -> timedelta | None:
        """None where any gap is allowed. A month counts 30 days, twelve count 365."""
        parts = DURATION.fullmatch(self.duration or "")
        if parts is None:
            return None
        months, days, hours = (int(number or 0) for number in parts.groups())
        return timedelta(days=365 * months // 12 + days, hours=hours)


@dataclass(frozen=True, slots=True)
class Recall:
    """The window that holds unless the rating names another, and the others there are."""

    default: Window
    variants: tuple[Window, ...] = ()

    def __post_init__(self) -> None:
        ids = [window.id for window in self.windows]
        if len(ids) != len(set(ids)):
            raise Inconsistent("two recall windows share an id")

    @property
    def windows(self) -> tuple[Window, ...]:
        return (self.default, *self.variants)

    @property
    def window(self) -> timedelta | None:
        """Not rated more often than this; None where any gap is allowed."""
        return self.default.length

    def variant(self, window_id: str) -> Window:
        """The window of that id. Raises Unknown, naming those there are."""
        for window in self.windows:
            if window.id == window_id:
                return window
        known = ", ".join(window.id for window in self.windows)
        raise Unknown(
            f"No recall window '{window_id}'; there are: {known}",
            value=window_id,
            allowed=known,
        )
