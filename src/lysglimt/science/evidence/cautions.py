"""What is right on its own and cannot go into a plain pool: told when a row comes, not only then."""

from collections.abc import Iterator

from lysglimt.knowledge.text import Text

from .definitions import definition
from .questions import Outcome
from .selection import by_design, by_flag
from .traps import traps
from .trial_checks import Sheet
from .trial_rows import Problem, Row


def cautions(sheet: Sheet) -> tuple[Problem, ...]:
    """Of rows that are in order. A pool sets them aside for the same reasons (`selection`)."""
    trials = {row.trial for row in (*sheet.known, *sheet.rows)}
    return tuple(one for row in sheet.rows for one in of_row(row, trials))


def of_row(row: Row, trials: set[str]) -> Iterator[Problem]:
    for aside in (*by_design(row, Outcome.RESPONSE, None), *by_flag(row)):
        yield Problem(row.line, "design", row.text("design"), aside.reason, aside.because)
    known = traps().overlap(row.trial)
    others = sorted({*known.trials} & trials - {row.trial}) if known else []
    if known and others:
        said = ", ".join(others)
        reason = Text(
            f"Deler personer med {said}: {known.why.nb}.",
            f"Shares people with {said}: {known.why.en}.",
        )
        yield Problem(row.line, "trial_id", row.trial, "overlap", reason)
    for column, name in (("responders", "response"), ("remitters", "remission")):
        stated = definition(row.text(f"{name}_definition"))
        if row.text(column) and stated is None:
            reason = Text("Definisjonen er ikke oppgitt.", "The definition is not stated.")
            yield Problem(row.line, f"{name}_definition", "", "undefined", reason)
        elif row.text(column) and stated and stated.construct != "depression":
            reason = Text("Gjelder ikke depresjon.", "Is not about depression.")
            yield Problem(row.line, column, row.text(column), "other-construct", reason)
    yield from odd(row)


def odd(row: Row) -> Iterator[Problem]:
    responders, remitters = row.number("responders"), row.number("remitters")
    if responders is not None and remitters is not None and remitters > responders:
        reason = Text(
            "Flere i remisjon enn med respons.", "More in remission than with response."
        )
        yield Problem(
            row.line, "remitters", row.text("remitters"), "more-remission-than-response", reason
        )
    if row.text("change_se") and not row.text("change_sd"):
        reason = Text(
            "Standardfeil uten standardavvik: trolig minste kvadraters gjennomsnitt.",
            "A standard error without a deviation: probably a least-squares mean.",
        )
        yield Problem(row.line, "change_se", row.text("change_se"), "least-squares", reason)
