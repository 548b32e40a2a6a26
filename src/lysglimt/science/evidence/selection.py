"""Which rows answer a question, and why the others do not.

A row that is set aside is named with its reason: a pool shows what it left out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lysglimt.knowledge.text import Text

from .definitions import definition
from .questions import RESPONSE_FALL, Outcome, Query
from .traps import traps
from .trial_rows import Row

NON_RANDOMISED = "NON-RANDOMISED"
WITHDRAWAL = "randomised withdrawal"
ENRICHED = "enriched"
ANSWERED_BY_THE_QUERY = (
    "crossover",
    "response is SSI",
    "suicidal-ideation",
    "relapse prevention",
    "overlaps",
)
"""Flags whose matter the query itself settles: design, kind of outcome, overlap."""


@dataclass(frozen=True, slots=True)
class SetAside:
    """``row`` is the id of the row; ``reason`` a stable word; ``because`` for the reader."""

    row: str
    reason: str
    because: Text


@dataclass(frozen=True, slots=True)
class Chosen:
    """The arms of one trial that answer the question."""

    trial: str
    treated: tuple[Row, ...]
    controls: tuple[Row, ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        return (*self.treated, *self.controls)

    @property
    def people(self) -> float:
        return sum(people(row) or 0 for row in self.rows)


def people(row: Row) -> float | None:
    """Whoever was analysed; where that is not said, whoever was randomised."""
    analysed = row.number("n_analysed")
    return row.number("n_randomised") if analysed is None else analysed


def asked(row: Row, question: Query) -> bool:
    """Does the row speak of this comparison at all?"""
    return (
        row.text("intervention") in {*question.intervention, *question.control}
        and (not question.trials or row.trial in question.trials)
        and when(row) in question.timepoint
    )


def when(row: Row) -> str:
    """As a question writes it, where a space would end the word."""
    return row.text("timepoint").replace(" ", "_")


def amiss(row: Row, question: Query) -> SetAside | None:
    """The first reason not to use a row that speaks of the comparison."""
    return next(reasons(row, question), None)


def reasons(row: Row, question: Query) -> Iterator[SetAside]:
    yield from by_design(row, question.outcome, question.correlation)
    yield from by_flag(row)
    yield from by_figures(row, question)
    yield from by_outcome(row, question)
    yield from adding_up(row, question)


def aside(row: Row, reason: str, why: Text) -> SetAside:
    return SetAside(row.id, reason, why)


def by_design(row: Row, outcome: Outcome, correlation: float | None) -> Iterator[SetAside]:
    design = row.text("design")
    if NON_RANDOMISED in design:
        yield aside(row, "not-randomised", Text("Ikke randomisert.", "Not randomised."))
    if design == WITHDRAWAL and outcome is not Outcome.RELAPSE:
        yield aside(
            row, "enriched-withdrawal",
            Text("Bare de som hadde svart på behandlingen, ble randomisert.",
            "Only those who had responded were randomised."),
        )  # fmt: skip
    if ENRICHED in design:
        yield aside(
            row, "enriched", Text("Utvalgt blant dem som svarte.", "Chosen among responders.")
        )
    if design == "crossover" and (outcome.is_counted or correlation is None):
        yield aside(
            row, "crossover",
            Text("Overkrysning: de samme personene i begge armer; krever parrede tall eller oppgitt korrelasjon.",
            "Crossover: the same people in both arms; needs paired figures or a stated correlation."),
        )  # fmt: skip


def by_flag(row: Row) -> Iterator[SetAside]:
    flag = row.text("pool_flag")
    if flag and not flag.startswith(ANSWERED_BY_THE_QUERY):
        yield aside(row, "flagged", Text(f"Merket: {flag}", f"Flagged: {flag}"))


def by_figures(row: Row, question: Query) -> Iterator[SetAside]:
    if question.outcome.is_counted:
        if row.number(question.outcome.column) is None:
            yield unseen(row)
        elif not people(row):
            yield aside(
                row,
                "no-denominator",
                Text("Nevneren er ukjent.", "The denominator is unknown."),
            )
        return
    mean, sd = (row.number(f"{question.outcome.column}_{name}") for name in ("mean", "sd"))
    if mean is None:
        yield unseen(row)
    elif sd is None and row.number("change_se") is not None:
        yield aside(
            row, "least-squares",
            Text("Minste kvadraters gjennomsnitt med standardfeil, ikke armens gjennomsnitt med standardavvik.",
            "A least-squares mean with its standard error, not the arm's mean with its deviation."),
        )  # fmt: skip
    elif sd is None or not people(row):
        yield unseen(row)
    scale = question.scale or "MADRS"
    if question.measure.value == "MD" and row.text("scale") != scale:
        said = row.text("scale") or "?"
        yield aside(row, "other-scale", Text(f"Skalaen er {said}.", f"The scale is {said}."))


def unseen(row: Row) -> SetAside:
    return aside(
        row,
        "no-figures",
        Text("Tallene er ikke sett i noen kilde.", "The figures were not seen in any source."),
    )


def by_outcome(row: Row, question: Query) -> Iterator[SetAside]:
    """Same word, different outcome: what it was on, how far it fell."""
    outcome = question.outcome
    about = traps().construct(row.text("scale"))
    if about is not None and about != outcome.construct:
        yield aside(
            row, "other-construct",
            Text(f"Gjelder {row.text('scale')}, ikke det spørsmålet gjelder.",
            f"Is about {row.text('scale')}, not about what was asked."),
        )  # fmt: skip
    if outcome.rule is None:
        return
    text = row.text(
        f"{'response' if outcome.column == 'responders' else 'remission'}_definition"
    )
    stated = definition(text)
    if stated is None:
        if question.definition != "any":
            yield aside(
                row,
                "undefined",
                Text("Definisjonen er ikke oppgitt.", "The definition is not stated."),
            )
    elif outcome.column == "responders" and stated.amount != RESPONSE_FALL:
        said = stated.said
        yield aside(
            row, "other-threshold", Text(f"Definert som {said.nb}.", f"Defined as {said.en}.")
        )


def adding_up(row: Row, question: Query) -> Iterator[SetAside]:
    """Trap 10: more are in remission than responded, as printed; nobody knows which is wrong."""
    responders, remitters = row.number("responders"), row.number("remitters")
    if question.outcome is not Outcome.REMISSION or responders is None or remitters is None:
        return
    if remitters > responders:
        yield aside(
            row, "more-remission-than-response",
            Text(f"{remitters:g} i remisjon, men bare {responders:g} med respons.",
            f"{remitters:g} in remission, but only {responders:g} with response."),
        )  # fmt: skip


def chosen(
    rows: Sequence[Row], question: Query
) -> tuple[tuple[Chosen, ...], tuple[SetAside, ...]]:
    """Trials with both sides, in the order of their year; and what was left out."""
    speaking = [row for row in compared(rows, question) if asked(row, question)]
    left = [found for row in speaking if (found := amiss(row, question))]
    out = {one.row for one in left}
    usable = [row for row in speaking if row.id not in out]
    trials: list[Chosen] = []
    for trial in dict.fromkeys(row.trial for row in usable):
        at = first_time([row for row in usable if row.trial == trial], question)
        one = Chosen(trial, *sides(at, question))
        if not one.treated or (question.control and not one.controls):
            left += [lonely(row) for row in at]
        else:
            trials.append(one)
    kept, overlapping = without_overlaps(trials)
    kept.sort(key=lambda one: (one.rows[0].text("year"), one.trial))
    return tuple(kept), (*left, *overlapping)


def compared(rows: Sequence[Row], question: Query) -> list[Row]:
    """Without the trials that compared with something else altogether.

    A trial of which only one arm is known stays: what is missing is shown.
    """
    by_trial: dict[str, set[str]] = {}
    for row in rows:
        by_trial.setdefault(row.trial, set()).add(row.text("intervention"))
    treated, controls = set(question.intervention), set(question.control)

    def speaks(found: set[str]) -> bool:
        both = bool(found & treated) and (not controls or bool(found & controls))
        return both or (found <= treated or found <= controls)

    return [row for row in rows if speaks(by_trial[row.trial])]


def first_time(rows: Sequence[Row], question: Query) -> list[Row]:
    """Of the time points asked for, the first that this trial has."""
    first = min(question.timepoint.index(when(row)) for row in rows)
    return [row for row in rows if when(row) == question.timepoint[first]]


def sides(rows: Sequence[Row], question: Query) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    treated = tuple(row for row in rows if row.text("intervention") in question.intervention)
    return treated, tuple(row for row in rows if row.text("intervention") in question.control)


def lonely(row: Row) -> SetAside:
    return aside(
        row, "one-sided",
        Text("Studien har ikke en brukbar arm på den andre siden.",
        "The trial has no usable arm on the other side."),
    )  # fmt: skip


def without_overlaps(trials: Sequence[Chosen]) -> tuple[list[Chosen], list[SetAside]]:
    """Trap 8: of trials that share people, the one with most of them."""
    kept: list[Chosen] = []
    left: list[SetAside] = []
    for one in sorted(trials, key=lambda trial: -trial.people):
        known = traps().overlap(one.trial)
        other = next((k.trial for k in kept if known and k.trial in known.trials), None)
        if known is None or other is None:
            kept.append(one)
            continue
        left += [
            aside(
                row,
                "overlap",
                Text(
                    f"Deler personer med {other}: {known.why.nb}.",
                    f"Shares people with {other}: {known.why.en}.",
                ),
            )
            for row in one.rows
        ]
    return kept, left
