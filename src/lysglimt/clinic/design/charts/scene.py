"""What a chart consists of before it is drawn: lines, boxes, dots and words, all within the frame."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

LETTER = 8
"""Estimated width of a letter of a label, in units of the frame; generous for Inter at 13."""
LINE = 15
"""Height of a line of label text."""
MARGIN = 4


@dataclass(frozen=True, slots=True)
class Label:
    """Words at a place. ``anchor`` as in SVG: which end of the text stands at x."""

    x: int
    y: int
    words: str
    kind: str = ""
    anchor: str = "start"

    @property
    def extent(self) -> tuple[int, int]:
        """Estimated left and right end."""
        length = len(self.words) * LETTER
        left = self.x - {"start": 0, "middle": length // 2, "end": length}[self.anchor]
        return left, left + length

    def within(self, width: int) -> "Label":
        """Moved, and if need be shortened, so that no edge cuts it."""
        room = (width - 2 * MARGIN) // LETTER
        words = self.words if len(self.words) <= room else f"{self.words[: room - 1]}…"
        fitted = replace(self, words=words)
        left, right = fitted.extent
        shift = max(MARGIN - left, 0) - max(right - (width - MARGIN), 0)
        return replace(fitted, x=fitted.x + shift)

    def touches(self, other: "Label") -> bool:
        (left, right), (start, end) = self.extent, other.extent
        return abs(self.y - other.y) < LINE - 1 and left < end + 2 and start < right + 2


@dataclass(frozen=True, slots=True)
class Line:
    x1: int
    y1: int
    x2: int
    y2: int
    kind: str


@dataclass(frozen=True, slots=True)
class Box:
    x: int
    y: int
    width: int
    height: int
    kind: str


@dataclass(frozen=True, slots=True)
class Dot:
    x: int
    y: int
    kind: str
    radius: int = 5


@dataclass(frozen=True, slots=True)
class Curve:
    """Straight lines from point to point; ``points`` as SVG writes them."""

    points: str
    kind: str


@dataclass(frozen=True, slots=True)
class Scene:
    """A chart ready to be drawn, with its words for those who do not see it and its table."""

    name: str
    width: int
    height: int
    title: str
    description: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    boxes: tuple[Box, ...] = ()
    lines: tuple[Line, ...] = ()
    curves: tuple[Curve, ...] = ()
    dots: tuple[Dot, ...] = ()
    labels: tuple[Label, ...] = ()


@dataclass(frozen=True, slots=True)
class Scale:
    """From values of the clinic to places in the frame."""

    first: int
    last: int
    start: int
    end: int

    def __call__(self, value: float) -> int:
        share = (value - self.first) / ((self.last - self.first) or 1)
        return round(self.start + share * (self.end - self.start))


def unbroken(points: Iterable[tuple[int, int] | None], kind: str) -> tuple[Curve, ...]:
    """Curves through neighbours. What is missing breaks the curve; nothing is drawn over a gap."""
    runs = [list(run) for there, run in groupby(points, key=lambda p: p is not None) if there]
    return tuple(
        Curve(" ".join(f"{p[0]},{p[1]}" for p in run if p is not None), kind)
        for run in runs
        if len(run) > 1
    )


def stacked(labels: Iterable[Label], width: int, *, lanes: int) -> tuple[Label, ...]:
    """Each in the first lane below its place where it touches none before it.

    What finds no lane is left out of the picture; it stands in the table.
    """
    placed: list[Label] = []
    for label in labels:
        for lane in range(lanes):
            candidate = replace(label, y=label.y + lane * LINE).within(width)
            if not any(candidate.touches(other) for other in placed):
                placed.append(candidate)
                break
    return tuple(placed)


def spread(labels: Sequence[Label], *, lowest_y: int) -> tuple[Label, ...]:
    """Pushed apart from top to bottom, then back up from the floor, so that none covers another."""
    apart: list[Label] = []
    for label in sorted(labels, key=lambda each: each.y):
        y = max(label.y, apart[-1].y + LINE) if apart else label.y
        apart.append(replace(label, y=y))
    floor = lowest_y
    for place in reversed(range(len(apart))):
        apart[place] = replace(apart[place], y=min(apart[place].y, floor))
        floor = apart[place].y - LINE
    return tuple(apart)
