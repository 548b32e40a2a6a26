"""What can be wrong between rows: of one arm, of one trial, and beside the rows already known."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial

from lysglimt.knowledge.text import Text

from . import row_checks
from .row_checks import countable
from .traps import traps
from .trial_rows import COLUMNS, NUMBERS, Problem, Row

SUSPECT_SPREAD = 0.5
"""A standard deviation below this share of the smallest one seen on its scale is taken for a
standard error. Own value."""
SUSPECT_BASELINE = 3
"""Arms of one trial whose baselines lie further apart than so many of their standard deviations
were not randomised from one sample: a misprint. Own value."""
OF_THE_TRIAL = ("design", "nct")
OF_THE_ARM = ("n_randomised", "baseline_mean", "baseline_sd")
OF_THE_ROW = tuple(name for name in NUMBERS if name not in OF_THE_ARM)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows to be checked, and the verified rows that they would join."""

    rows: tuple[Row, ...]
    known: tuple[Row, ...] = ()

    @property
    def new(self) -> tuple[Row, ...]:
        """Rows that are not known already, figure for figure."""
        have = {row.key for row in self.known}
        return tuple(row for row in self.rows if row.key not in have)


Check = Callable[[Sheet], Iterator[Problem]]


def each(check: Callable[[Row], Iterator[Problem]], sheet: Sheet) -> Iterator[Problem]:
    for row in sheet.rows:
        yield from check(row)


def columns(sheet: Sheet) -> Iterator[Problem]:
    names = sheet.rows[0].cells if sheet.rows else {}
    for name in names:
        if name not in COLUMNS:
            near = get_close_matches(name, COLUMNS, n=1, cutoff=0)[0]
            reason = Text(
                f"Ukjent kolonne; nærmest er «{near}».",
                f"Unknown column; the nearest is «{near}».",
            )
            yield Problem(1, name, name, near, reason)


def twice(sheet: Sheet) -> Iterator[Problem]:
    first: dict[object, int] = {}
    for row in sheet.rows:
        if row.key in first:
            reason = Text(
                f"Står også på rad {first[row.key]}.", f"Stands on row {first[row.key]} too."
            )
            yield Problem(row.line, "trial_id", row.id, "once", reason)
        first.setdefault(row.key, row.line)


def same(one: str, other: str) -> bool:
    try:
        return float(one) == float(other)
    except ValueError:
        return one == other


def differing(row: Row, other: Row, names: tuple[str, ...]) -> Iterator[str]:
    """Where both say something, and not the same."""
    for name in names:
        if row.text(name) and other.text(name) and not same(row.text(name), other.text(name)):
            yield name


def beside_the_known(sheet: Sheet) -> Iterator[Problem]:
    """Traps 2, 11 and 12: a known trial has its design, its registry number and its arms."""
    for row in sheet.rows:
        for known in sheet.known:
            if known.trial != row.trial:
                continue
            names: tuple[str, ...] = OF_THE_TRIAL
            if known.key[:2] == row.key[:2]:
                names += OF_THE_ARM + (OF_THE_ROW if known.key == row.key else ())
            for name in differing(row, known, names):
                yield contradiction(row, known, name, arms=sheet.known)
            if names != OF_THE_TRIAL:
                break


def contradiction(row: Row, known: Row, name: str, *, arms: tuple[Row, ...]) -> Problem:
    """Says so when the figure is the one of another arm."""
    swapped = any(
        arm.trial == row.trial
        and arm.key[1] != known.key[1]
        and same(arm.text(name), row.text(name))
        for arm in arms
        if arm.text(name)
    )
    reason = Text(
        f"Den verifiserte raden sier {known.text(name)}.",
        f"The verified row says {known.text(name)}.",
    )
    if swapped and name not in OF_THE_TRIAL:
        reason = Text(
            f"Tallet hører til en annen arm; her er det {known.text(name)}. Er armene byttet om?",
            f"The figure is another arm's; here it is {known.text(name)}. Are the arms swapped?",
        )
    return Problem(row.line, name, row.text(name), known.text(name), reason)


def within_an_arm(sheet: Sheet) -> Iterator[Problem]:
    """Traps 2 and 12: an arm has one size and one baseline, at whatever time it is looked at."""
    said = Text("Samme arm har {was} på rad {line}.", "The same arm has {was} on row {line}.")
    return unlike_the_first(sheet, lambda row: row.key[:2], OF_THE_ARM, said=said)


def within_a_trial(sheet: Sheet) -> Iterator[Problem]:
    """Design and registry number are the trial's, not the row's."""
    said = Text(
        "Samme studie har {was} på rad {line}.", "The same trial has {was} on row {line}."
    )
    return unlike_the_first(sheet, lambda row: row.trial, OF_THE_TRIAL, said=said)


def unlike_the_first(
    sheet: Sheet, of: Callable[[Row], object], names: tuple[str, ...], *, said: Text
) -> Iterator[Problem]:
    """What a new row says otherwise than the first one of the same."""
    first: dict[object, Row] = {}
    for row in sheet.new:
        before = first.setdefault(of(row), row)
        for name in differing(row, before, names):
            was = before.text(name)
            reason = said.filled(was=was, line=before.line)
            yield Problem(row.line, name, row.text(name), was, reason)


def baselines(sheet: Sheet) -> Iterator[Problem]:
    """Trap 2: 3.1 for 33.1. Arms drawn by lot from one sample begin near each other."""
    for row in filter(countable, sheet.rows):
        mean, sd = row.number("baseline_mean"), row.number("baseline_sd")
        others = [
            one
            for one in sheet.rows
            if one.trial == row.trial and one.key.arm != row.key.arm and countable(one)
        ]
        for other in others:
            at, spread = other.number("baseline_mean"), other.number("baseline_sd")
            if None in {mean, sd, at, spread} or mean is None or at is None:
                continue
            widest = max(sd or 0.0, spread or 0.0)
            if mean < at and at - mean > SUSPECT_BASELINE * widest:
                reason = Text(
                    f"Den andre armen starter på {at:g}; trykkfeil?",
                    f"The other arm begins at {at:g}; a misprint?",
                )
                yield Problem(
                    row.line, "baseline_mean", row.text("baseline_mean"), f"~{at:g}", reason
                )
                break


def spreads(sheet: Sheet) -> Iterator[Problem]:
    """Trap 6: a standard error, or that of a least-squares mean, where an arm's SD belongs."""
    for name in ("baseline_sd", "endpoint_sd", "change_sd"):
        for row in filter(countable, sheet.rows):
            value, scale = row.number(name), row.text("scale")
            seen = [
                spread
                for known in sheet.known
                if known.text("scale") == scale and (spread := known.number(name))
            ]
            if value is not None and scale and seen and value < SUSPECT_SPREAD * min(seen):
                reason = Text(
                    f"For lite til å være et standardavvik på {scale} (minste sett er "
                    f"{min(seen):g}); er det en standardfeil, hører den i change_se.",
                    f"Too small for a standard deviation on {scale} (the smallest seen is "
                    f"{min(seen):g}); a standard error belongs in change_se.",
                )
                yield Problem(
                    row.line,
                    name,
                    row.text(name),
                    f">= {SUSPECT_SPREAD * min(seen):.1f}",
                    reason,
                )


def registry_once(sheet: Sheet) -> Iterator[Problem]:
    """Trap 11: one registry number, one trial; but for families that are known to overlap."""
    owners: dict[str, str] = {}
    for row in (*sheet.known, *sheet.rows):
        number = row.text("nct")
        owner = owners.setdefault(number, row.trial) if number else row.trial
        overlap = traps().overlap(row.trial)
        if owner != row.trial and not (overlap and owner in overlap.trials):
            reason = Text(f"Nummeret tilhører {owner}.", f"The number belongs to {owner}.")
            yield Problem(row.line, "nct", number, row.trial, reason)


def disputed(sheet: Sheet) -> Iterator[Problem]:
    """Trap 12: figures on which sources disagree wait for someone who reads the paper."""
    have = {row.key for row in sheet.known}
    for row in sheet.rows:
        for name in COLUMNS:
            known = traps().dispute(row.trial, name) if row.text(name) else None
            if known and row.key not in have:
                reason = Text(
                    f"Kildene er uenige: {known.why.nb}.",
                    f"The sources disagree: {known.why.en}.",
                )
                yield Problem(row.line, name, row.text(name), "", reason)


CHECKS: Mapping[str, Check] = {
    "columns": columns,
    "needed": partial(each, row_checks.needed),
    "words": partial(each, row_checks.words),
    "numbers": partial(each, row_checks.numbers),
    "twice": twice,
    "denominators": partial(each, row_checks.denominators),
    "percent-count-n": partial(each, row_checks.percent_count_n),
    "outcome-words": partial(each, row_checks.outcome_words),
    "outcome-scale": partial(each, row_checks.outcome_scale),
    "any-time": partial(each, row_checks.any_time),
    "adaptive": partial(each, row_checks.adaptive_se),
    "crossover": partial(each, row_checks.crossed_over),
    "registry-form": partial(each, row_checks.registered),
    "registry-once": registry_once,
    "within-an-arm": within_an_arm,
    "within-a-trial": within_a_trial,
    "beside-the-known": beside_the_known,
    "baselines": baselines,
    "spreads": spreads,
    "disputed": disputed,
}
"""Every check by its name. What is right on its own and wrong in a pool is `pools.set_aside`."""


def problems(sheet: Sheet, checks: Mapping[str, Check] = CHECKS) -> tuple[Problem, ...]:
    """In the order of the rows. Empty when the rows may be used: all of them or none."""
    found = [one for check in checks.values() for one in check(sheet)]
    return tuple(sorted(found, key=lambda one: one.row))
