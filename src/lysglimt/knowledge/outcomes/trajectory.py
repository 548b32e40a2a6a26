"""The course of a score: which rating is the baseline, which the evaluation, and what lies between."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib.resources import files

from lysglimt.knowledge.catalogue import read
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.figures import Figure
from lysglimt.knowledge.text import Text

from .response import NoBaseline, Outcomes, Total, outcomes, worse_when_higher


class MixedInstruments(ClinicalError):
    """Two instruments have no common change."""

    code = "outcome.mixed-instruments"


@dataclass(frozen=True, slots=True)
class RelapseFigures:
    total: Figure[Decimal]
    ratings: Figure[int]
    apart_from: Figure[timedelta]
    apart_to: Figure[timedelta]


@dataclass(frozen=True, slots=True)
class LossFigures:
    total: Figure[Decimal]
    lost: Figure[Decimal]
    within: Figure[timedelta]


@dataclass(frozen=True, slots=True)
class DeteriorationFigures:
    above_baseline: Figure[Decimal]
    cgi_i: Figure[Decimal]


@dataclass(frozen=True, slots=True)
class RatingWindows:
    baseline: Figure[timedelta]
    evaluation_from: Figure[timedelta]
    evaluation_to: Figure[timedelta]
    day_after: Figure[timedelta]
    day_after_slack: Figure[timedelta]


@dataclass(frozen=True, slots=True)
class CourseFigures:
    relapse: RelapseFigures
    loss: LossFigures
    deterioration: DeteriorationFigures
    windows: RatingWindows


@cache
def course_figures() -> CourseFigures:
    return read(
        CourseFigures, files("lysglimt.knowledge.outcomes") / "catalogue" / "course.toml"
    )


def days_between(first: datetime, then: datetime) -> int:
    """Calendar days: a rating a week later at another hour is a week later."""
    return (then.date() - first.date()).days


@dataclass(frozen=True, slots=True)
class Rating:
    """One total, when it was rated, and over which recall window (ISO 8601: ``P7D``)."""

    instrument: str
    at: datetime
    total: Total
    recall: str


@dataclass(frozen=True, slots=True)
class Trajectory:
    """Ratings of one instrument in time order, and when drug was given."""

    ratings: tuple[Rating, ...]
    doses: tuple[datetime, ...] = ()

    @classmethod
    def of(cls, ratings: Iterable[Rating], doses: Collection[datetime] = ()) -> "Trajectory":
        """Sorted by time. Raises MixedInstruments when the ratings are of more than one."""
        series = tuple(sorted(ratings, key=lambda rating: rating.at))
        instruments = sorted({rating.instrument for rating in series})
        if len(instruments) > 1:
            raise MixedInstruments(
                f"instrument: {' and '.join(instruments)} make no common course, allowed is one",
                field="instrument",
                value=instruments,
                allowed="one instrument",
            )
        return cls(series, tuple(sorted(doses)))

    @property
    def baseline(self) -> Rating | None:
        """The last rating in the 7 days before session 1; never one after a dose."""
        if not self.doses:
            return None
        first, within = self.doses[0], course_figures().windows.baseline.value.days
        fitting = [
            one
            for one in self.ratings
            if one.at < first and days_between(one.at, first) <= within
        ]
        return fitting[-1] if fitting else None

    def evaluation(self, sessions: int) -> Rating | None:
        """The first rating 24-96 hours after session number ``sessions``, before the next dose."""
        if len(self.doses) < sessions:
            return None
        windows, given = course_figures().windows, self.doses[sessions - 1]
        begins, ends = (
            given + windows.evaluation_from.value,
            given + windows.evaluation_to.value,
        )
        following = self.doses[sessions] if len(self.doses) > sessions else ends
        return self._first(begins, min(ends, following))

    @property
    def day_after_first(self) -> Rating | None:
        """24 hours, 4 either way, after session 1."""
        if not self.doses:
            return None
        windows = course_figures().windows
        centre, slack = self.doses[0] + windows.day_after.value, windows.day_after_slack.value
        return self._first(centre - slack, centre + slack)

    def outcomes(self, rating: Rating) -> "RatedOutcomes":
        """What a rating says against this baseline. Raises NoBaseline when there is none."""
        before = self.baseline
        if before is None:
            raise NoBaseline(
                "There is no rating in the 7 days before session 1.",
                field="baseline",
                value=None,
                allowed="a rating in the 7 days before session 1",
            )
        said = outcomes(rating.instrument, baseline=before.total, current=rating.total)
        note = mixed_recall(before, rating)
        return RatedOutcomes(before, rating, said, note, deteriorated(before, rating))

    def _first(self, begins: datetime, ends: datetime) -> Rating | None:
        return next((one for one in self.ratings if begins <= one.at <= ends), None)


@dataclass(frozen=True, slots=True)
class RatedOutcomes:
    """``recall_note`` must be shown: it says the two ratings looked back over different times."""

    baseline: Rating
    rating: Rating
    outcomes: Outcomes
    recall_note: Text | None
    deteriorated: bool | None


def mixed_recall(before: Rating, after: Rating) -> Text | None:
    """The note a change across two recall windows carries; None when they agree."""
    if before.recall == after.recall:
        return None
    return Text(
        f"Utgangsverdien ser tilbake {before.recall}, denne skåren {after.recall}: "
        "endringen blander to tidsvinduer",
        f"The baseline looks back {before.recall}, this rating {after.recall}: "
        "the change mixes two recall windows",
    )


def deteriorated(before: Rating, after: Rating) -> bool | None:
    """OUT-DET: 25 % above baseline, or more; None on a scale where more is not worse."""
    if not worse_when_higher(after.instrument):
        return None
    if after.total <= before.total:
        return False
    above = course_figures().deterioration.above_baseline.value
    return Fraction(after.total) * 100 >= Fraction(before.total) * (100 + Fraction(above))


def much_worse(cgi_i: int) -> bool:
    """OUT-DET by global improvement: 6 or 7."""
    return cgi_i >= course_figures().deterioration.cgi_i.value
