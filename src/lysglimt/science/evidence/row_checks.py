"""What can be wrong with one row of the trial table, seen from the row alone."""

import re
from collections.abc import Iterator
from difflib import get_close_matches

from lysglimt.knowledge.text import Text

from .definitions import Rule, definition
from .traps import traps
from .trial_rows import COUNTS, NEEDED, NUMBERS, SPREADS, Problem, Row

REGISTRY = re.compile(r"NCT\d{8}|(?!NCT)[A-Z]{3,}[\w-]{5,}")
TIMEPOINT = re.compile(r"\d+(h|d|wk)|end_of_course|follow-up .+|any_to_.+")
COUNTED = {"responders": "response", "remitters": "remission"}
NUMBER = re.compile(r"-?\d+(\.\d+)?")


def needed(row: Row) -> Iterator[Problem]:
    for column in NEEDED:
        if not row.text(column):
            yield Problem(
                row.line, column, "", column, Text("Cellen er tom.", "The cell is empty.")
            )
    if row.text("verified") not in {"", "yes"}:
        reason = Text(
            "Raden er ikke verifisert: bare rader der hvert tall er sett i kilden, kan brukes.",
            "The row is not verified: only rows whose every figure was seen in its source are used.",
        )
        yield Problem(row.line, "verified", row.text("verified"), "yes", reason)


def words(row: Row) -> Iterator[Problem]:
    for column, known in (
        ("design", traps().designs),
        ("intervention", traps().interventions),
    ):
        text = row.text(column)
        if text and text not in known:
            near = get_close_matches(text, known, n=1, cutoff=0)[0]
            reason = Text(f"Ukjent; nærmest er «{near}».", f"Unknown; the nearest is «{near}».")
            yield Problem(row.line, column, text, ", ".join(known), reason)
    if (text := row.text("timepoint")) and not TIMEPOINT.fullmatch(text):
        reason = Text("Ikke et tidspunkt.", "Not a time point.")
        allowed = "24h, 3d, 4wk, end_of_course, follow-up 12wk"
        yield Problem(row.line, "timepoint", text, allowed, reason)


def numbers(row: Row) -> Iterator[Problem]:
    for column in NUMBERS:
        text = row.text(column)
        if text and not (NUMBER.fullmatch(text)):
            yield Problem(
                row.line, column, text, "12.5", Text("Ikke et tall.", "Not a number.")
            )
        elif text and column in COUNTS and ("." in text or float(text) < 0):
            reason = Text("Et antall personer er et helt tall.", "A number of people is whole.")
            yield Problem(row.line, column, text, "0, 1, 2 …", reason)
        elif text and column in SPREADS and float(text) <= 0:
            reason = Text("Spredning er over null.", "A spread is above zero.")
            yield Problem(row.line, column, text, "> 0", reason)
    if (text := row.text("year")) and not re.fullmatch(r"(19|20)\d\d", text):
        yield Problem(row.line, "year", text, "1950-2099", Text("Ikke et år.", "Not a year."))


def countable(row: Row) -> bool:
    return not any(numbers(row))


def denominators(row: Row) -> Iterator[Problem]:
    """Trap 5: nobody is counted who was not analysed, nobody analysed who was not randomised."""
    if not countable(row):
        return
    randomised, analysed = row.number("n_randomised"), row.number("n_analysed")
    if analysed is not None and randomised is not None and analysed > randomised:
        reason = Text("Flere analysert enn randomisert.", "More analysed than randomised.")
        yield Problem(
            row.line, "n_analysed", row.text("n_analysed"), f"0-{randomised:g}", reason
        )
    of = randomised if analysed is None else analysed
    for column in ("responders", "remitters", "relapsers"):
        count = row.number(column)
        if count is not None and of is None:
            reason = Text("Antall uten nevner.", "A count without its denominator.")
            yield Problem(row.line, column, row.text(column), "n_analysed", reason)
        elif count is not None and of is not None and count > of:
            reason = Text("Flere enn det var i armen.", "More than there were in the arm.")
            yield Problem(row.line, column, row.text(column), f"0-{of:g}", reason)


def percent_count_n(row: Row) -> Iterator[Problem]:
    """Traps 1 and 5: percentage, count and denominator say the same, as far as they are rounded."""
    if not countable(row):
        return
    of = row.number("n_analysed") or row.number("n_randomised")
    for column, name in COUNTED.items():
        count, percent = row.number(column), row.number(f"{name}_pct")
        if count is None or percent is None or not of:
            continue
        if not says(count, of, row.text(f"{name}_pct")):
            fits = fitting(row, count, f"{name}_pct")
            reason = Text(
                f"{count:g} av {of:g} er {100 * count / of:.1f} %, ikke {percent:g} %. {fits.nb}",
                f"{count:g} of {of:g} is {100 * count / of:.1f} %, not {percent:g} %. {fits.en}",
            )
            yield Problem(
                row.line, column, row.text(column), f"{percent * of / 100:.1f}", reason
            )


def says(count: float, of: float, printed: str) -> bool:
    """Is the share what was printed, at the digits it was printed with?"""
    digits = len(printed.partition(".")[2])
    return bool(abs(100 * count / of - float(printed)) <= 0.5 * 10**-digits + 1e-9)


def fitting(row: Row, count: float, percent: str) -> Text:
    """Which number of people would make the percentage right."""
    printed = row.text(percent)
    fits = [n for n in range(max(1, int(count)), 2001) if says(count, n, printed)]
    if not fits:
        return Text("Ingen nevner gir det.", "No denominator gives that.")
    said = str(fits[0]) if len(fits) == 1 else f"{fits[0]}-{fits[-1]}"
    return Text(f"Nevneren måtte være {said}.", f"The denominator would have to be {said}.")


WANTED = {"responders": Rule.REDUCTION, "remitters": Rule.CUTOFF}


def outcome_words(row: Row) -> Iterator[Problem]:
    """Trap 3: remission reported as response, or the reverse, is another outcome."""
    for column, name in COUNTED.items():
        text = row.text(f"{name}_definition")
        stated = definition(text)
        if text and stated is None:
            reason = Text(
                "Ikke en definisjon som kan leses.", "Not a definition that can be read."
            )
            yield Problem(
                row.line, f"{name}_definition", text, ">=50% MADRS / MADRS<=10", reason
            )
        elif stated and stated.rule is not WANTED[column]:
            reason = Text(
                "Respons er en nedgang i prosent, remisjon en skår på eller under en grense; "
                "dette er den andre av de to.",
                "Response is a fall in per cent, remission a total at or below a limit; "
                "this is the other of the two.",
            )
            yield Problem(row.line, f"{name}_definition", text, WANTED[column].value, reason)


def outcome_scale(row: Row) -> Iterator[Problem]:
    """Trap 4: a count on suicidal ideation is not one on depression, whatever it is called."""
    scale = row.text("scale")
    if scale and traps().construct(scale) is None:
        known = tuple(traps().scales)
        near = get_close_matches(scale, known, n=1, cutoff=0)[0]
        reason = Text(
            f"Ukjent skala; nærmest er «{near}».", f"Unknown scale; the nearest is «{near}»."
        )
        yield Problem(row.line, "scale", scale, ", ".join(known), reason)
    for name in COUNTED.values():
        text = row.text(f"{name}_definition")
        stated = definition(text)
        if stated and scale and stated.construct != traps().construct(scale):
            reason = Text(
                f"Definisjonen gjelder {stated.scale}, raden {scale}.",
                f"The definition is of {stated.scale}, the row of {scale}.",
            )
            yield Problem(row.line, f"{name}_definition", text, scale, reason)


def any_time(row: Row) -> Iterator[Problem]:
    """Trap 7: whoever responded at any time in the trial did not respond at one point of it."""
    for name in COUNTED.values():
        text = row.text(f"{name}_definition")
        if "any time" in text.casefold() and not row.text("timepoint").startswith("any_"):
            reason = Text(
                "Respons når som helst i studien er ikke respons på ett tidspunkt.",
                "Response at any time in the trial is not response at one time.",
            )
            yield Problem(row.line, f"{name}_definition", text, "timepoint any_to_14d", reason)


def adaptive_se(row: Row) -> Iterator[Problem]:
    """Trap 6: the interval of an adaptive design is no standard error."""
    is_adaptive = row.trial in traps().adaptive or "adaptive" in row.text("design")
    if is_adaptive and row.text("change_se"):
        reason = Text(
            "Intervallet fra et adaptivt design kan ikke gjøres om til en standardfeil.",
            "The interval of an adaptive design cannot be turned into a standard error.",
        )
        yield Problem(row.line, "change_se", row.text("change_se"), "change_sd", reason)


def registered(row: Row) -> Iterator[Problem]:
    """Trap 11: a registry number in a form that no registry uses."""
    text = row.text("nct")
    if text and not REGISTRY.fullmatch(text):
        reason = Text("Ikke et registernummer.", "Not a registry number.")
        yield Problem(row.line, "nct", text, "NCT + 8 digits", reason)


def crossed_over(row: Row) -> Iterator[Problem]:
    """Trap 7: a trial known to be a crossover is entered as parallel."""
    if row.trial in traps().crossovers and row.text("design") not in {"", "crossover"}:
        reason = Text(
            "Kjent som overkrysningsstudie: de samme personene er i begge armer.",
            "Known as a crossover: the same people are in both arms.",
        )
        yield Problem(row.line, "design", row.text("design"), "crossover", reason)
