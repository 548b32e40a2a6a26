"""A whole file, or nothing of it: every problem with its row, and only then what is stored."""

from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from time import monotonic, sleep
from typing import Any

from django.db import transaction
from django.utils import translation

from lysglimt.clinic.audit import actions as audit
from lysglimt.clinic.audit.circumstances import under
from lysglimt.clinic.design.refusals import sentence
from lysglimt.clinic.people.forms import PatientForm
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.text import Text

from .columns import CellRefused, Column, Kind, Problem, value_of
from .long_table import LongTable, Row
from .storing import (
    STORES,
    Changed,
    Desk,
    NotRegistered,
    NotYet,
    OneAmount,
    OtherCourse,
    Outcome,
    WrongTimes,
)
from .templates import Template

TURN_SECONDS = 0.03
"""Rows are stored for so long, and then others have their turn for as long."""
SHOWN = 6
"""Digits of an identity number that a message may show: the birth date."""
REASONS: Mapping[str, Text] = {
    Changed.code: Text(
        "Raden er lagret før med annet innhold.", "The row is stored with other content."
    ),
    NotRegistered.code: Text(
        "Ingen pasient er registrert med dette nummeret.",
        "No patient is registered with this number.",
    ),
    NotYet.code: Text("Tidspunktet er ikke kommet ennå.", "This time has not come yet."),
    OtherCourse.code: Text(
        "Pasienten har et åpent forløp på en annen protokoll.",
        "The patient has an open course on another protocol.",
    ),
    OneAmount.code: Text(
        "Forskrevet og gitt mengde hører sammen, og forskrevet er over 0.",
        "Prescribed and delivered belong together, and prescribed is above 0.",
    ),
    WrongTimes.code: Text("Stopp er ikke etter start.", "The stop is not after the start."),
    treatment.ReceiverNotADoctor.code: Text(
        "Svarene ber om lege nå, og oppgaven går til den som leser inn filen. Det må være en lege: "
        "les inn på nytt med --by LEGE.",
        "The answers ask for a doctor now, and the task goes to whoever imports the file. That has "
        "to be a doctor: import again with --by DOCTOR.",
    ),
    "patient.perhaps_registered": Text(
        "En pasient med samme fødselsdato og lignende navn er registrert: registrer på siden.",
        "A patient of this birth date and a similar name is registered: register on the page.",
    ),
}


@dataclass(frozen=True, slots=True)
class Imported:
    """How many rows went which way. With a problem, or in a dry run, nothing was stored.

    ``interrupted``: what was in order when it was checked was changed by somebody meanwhile. The
    rows before that one are stored, and known when the file is read again.
    """

    rows: int
    outcomes: Mapping[Outcome, int]
    problems: tuple[Problem, ...]
    dry_run: bool
    interrupted: bool = False

    @property
    def accepted(self) -> bool:
        return not self.problems


def imported(
    table: LongTable, template: Template, desk: Desk, *, dry_run: bool = False
) -> Imported:
    """All rows in one transaction. Problems are collected from the whole file."""
    problems = list(strangers(table, template))
    outcomes: Counter[Outcome] = Counter()
    if not problems:
        with transaction.atomic(), under(origin="import"), treatment.postponed():
            for row in table.rows:
                found = stored(row, template, desk)
                if isinstance(found, Outcome):
                    outcomes[found] += 1
                else:
                    problems += found
            if problems or dry_run:
                transaction.set_rollback(True)
    return Imported(len(table.rows), dict(outcomes), tuple(problems), dry_run)


def imported_in_turns(table: LongTable, template: Template, desk: Desk) -> Imported:
    """A file that was found in order, a few rows at a time, so that nobody waits for the database.

    Where there is one writer at a time, as in SQLite, a transaction over the whole file would hold
    up every page until it is over. Begin and end stand in the trail: an end that is missing says
    that the file is to be read again.
    """
    outcomes: Counter[Outcome] = Counter()
    problems: list[Problem] = []
    rows = deque(table.rows)
    noted(desk, "import.begin", template)
    while rows and not problems:
        with transaction.atomic(), under(origin="import"), treatment.postponed():
            ends = monotonic() + TURN_SECONDS
            over = False
            while not over:
                found = stored(rows.popleft(), template, desk)
                if isinstance(found, Outcome):
                    outcomes[found] += 1
                else:
                    problems += found
                over = not rows or bool(problems) or monotonic() >= ends
        sleep(TURN_SECONDS)
    if not problems:
        noted(desk, "import.end", template)
    return Imported(
        len(table.rows),
        dict(outcomes),
        tuple(problems),
        dry_run=False,
        interrupted=bool(problems),
    )


def noted(desk: Desk, operation: str, template: Template) -> None:
    with under(origin="import"):
        deed = audit.Deed(category="import", reason=f"{template.id}: {desk.file}")
        audit.record(by=desk.by, at=desk.at, operation=operation, deed=deed)


def strangers(table: LongTable, template: Template) -> Iterator[Problem]:
    """Columns that the template does not have, and those that it must have."""
    known = [column.name for column in template.columns]
    for name in table.columns:
        if name not in known:
            near = get_close_matches(name, known, n=1, cutoff=0)[0]
            reason = Text(
                f"Kolonnen er ukjent; nærmest er «{near}».",
                f"The column is unknown; the nearest is «{near}».",
            )
            yield Problem(1, name, name, ", ".join(known), reason)
    for column in template.columns:
        if column.required and column.name not in table.columns:
            yield Problem(1, column.name, "", column.name, MISSING_COLUMN)


MISSING_COLUMN = Text("Kolonnen mangler.", "The column is missing.")
MISSING = Text("Cellen er tom.", "The cell is empty.")


def stored(row: Row, template: Template, desk: Desk) -> Outcome | list[Problem]:
    """One row in its own savepoint, so that what is wrong with the next is found too."""
    said, problems = read(row, template)
    if template.id == "patients" and not problems:
        said, problems = as_particulars(row, said)
    if problems:
        return problems
    try:
        with transaction.atomic():
            return STORES[template.id](desk, said)
    except ClinicalError as refusal:
        return [problem_of(row, refusal)]


def read(row: Row, template: Template) -> tuple[dict[str, Any], list[Problem]]:
    said: dict[str, Any] = {}
    problems = []
    for column in template.columns:
        text = row.cells.get(column.name, "").strip()
        if not text:
            if column.required:
                problems.append(Problem(row.number, column.name, "", "", MISSING))
            continue
        try:
            said[column.name] = value_of(column, text)
        except CellRefused as refusal:
            value = shown(column, text)
            problems.append(
                Problem(row.number, column.name, value, refusal.allowed, refusal.reason)
            )
    return said, problems


def shown(column: Column, text: str) -> str:
    """A message never tells an identity number whole."""
    return f"{text[:SHOWN]} *****" if column.kind is Kind.IDENTITY else text


def as_particulars(row: Row, said: dict[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """Through the form that registers patients, so that nothing else is taken here."""
    day = said.get("birth_date")
    typed = said | ({"birth_date": f"{day:%d.%m.%Y}"} if day else {})
    form = PatientForm(data=typed)
    worded = {language: said_by(PatientForm(data=typed), language) for language in ("nb", "en")}
    if form.is_valid():
        return {"particulars": form.particulars()}, []
    return {}, [
        Problem(
            row.number,
            name,
            "" if name == "identity_number" else str(typed.get(name, "")),
            "",
            Text(worded["nb"][name], worded["en"][name]),
        )
        for name in form.errors
    ]


def said_by(form: PatientForm, language: str) -> dict[str, str]:
    with translation.override(language):
        return {
            name: " ".join(str(each) for each in errors) for name, errors in form.errors.items()
        }


def problem_of(row: Row, refusal: ClinicalError) -> Problem:
    facts = refusal.facts
    column = str(facts.get("field", ""))
    value = "" if column == "identity_number" else str(facts.get("value", ""))
    reason = REASONS.get(refusal.code) or Text(
        in_language("nb", refusal), in_language("en", refusal)
    )
    return Problem(row.number, column, value, str(facts.get("allowed", "")), reason)


def in_language(language: str, refusal: ClinicalError) -> str:
    with translation.override(language):
        return sentence(refusal)
