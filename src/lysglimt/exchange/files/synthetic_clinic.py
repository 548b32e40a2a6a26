"""The synthetic register as a clinic would import it: the four templates, unit by unit."""

import csv
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import Any

from lysglimt.clinic.people.identity import made_up_numbers
from lysglimt.science.virtual.asked import Asked
from lysglimt.science.virtual.figures import ORIGIN
from lysglimt.science.virtual.people import MadeUp
from lysglimt.science.virtual.register import Block
from lysglimt.science.virtual.tables import tables

from .columns import NOT_ANSWERED
from .sheet import MOST_ROWS
from .templates import TEMPLATES

SYLLABLES = [f"{first}{then}" for first in "bdfgklmnprstv" for then in "aeiou"]
CLOCKS = {"next_day": "10:00", "follow_up": "13:00"}
BEFORE_NOON, STARTED, MINUTES = "08:45", 10 * 60, 40
Cells = list[str]
Sheets = dict[tuple[int, str], list[Cells]]
"""By unit and template."""


def word(number: int) -> str:
    """A word of its own for each number, so that no two of a birth date are taken for one person."""
    said = ""
    while number:
        number, place = divmod(number, len(SYLLABLES))
        said = SYLLABLES[place] + said
    return said


def identity(person: MadeUp) -> str:
    """A test number, the month + 80, that no other of these people has."""
    return next(islice(made_up_numbers(person.born, sex=person.sex.value), person.serial, None))


def sheets(asked: Asked, block: Block) -> Sheets:
    """The rows of the block in the columns of the templates."""
    protocols = {unit.number: unit.protocol for unit in asked.all_units}
    numbers = {person.id: identity(person) for person in block.people}
    found: Sheets = {}
    for person in block.people:
        cells = patient(person, numbers[person.id])
        found.setdefault((person.unit.number, "patients"), []).append(cells)
    for template, cells_of in CELLS.items():
        names = list(tables()[template])
        for row in block.rows[template]:
            said: dict[str, Any] = dict(zip(names, row, strict=True))
            said["protocol"] = protocols[said["unit"]]
            cells = [numbers[said["person"]], *cells_of(said)]
            found.setdefault((said["unit"], template), []).append(cells)
    return found


def patient(person: MadeUp, number: str) -> Cells:
    own = word(person.number)
    return [
        *(number, f"Syntetisk{own}", f"Oppdiktet{own}", person.born.isoformat()),
        *(person.sex.value, "", "", ""),
    ]


Said = Mapping[str, Any]


def letter(said: Said) -> Iterator[str]:
    yield from (said["received_on"].isoformat(), said["sender_kind"], "Syntetisk henviser", "")
    yield ORIGIN.nb


def given(said: Said) -> Iterator[str]:
    ran = max(1, round(MINUTES * said["delivered_mg"] / said["prescribed_mg"]))
    yield from (said["protocol"], said["given_on"].isoformat())
    yield from (clock(STARTED), clock(STARTED + ran))
    yield from (f"{said['prescribed_mg']:g}", f"{said['delivered_mg']:g}")
    yield f"Syntetisk: {said['ended_early']}" if said["ended_early"] else ""


def clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def rating(said: Said) -> Iterator[str]:
    yield from (said["instrument"], said["rated_on"].isoformat())
    yield from (CLOCKS.get(said["timing"], BEFORE_NOON), said["timing"])
    yield ",".join(NOT_ANSWERED if one is None else str(one) for one in said["answers"])


CELLS: Mapping[str, Callable[[Said], Iterator[str]]] = {
    "referrals": letter,
    "sessions": given,
    "ratings": rating,
}


class ClinicFolders:
    """A folder for each unit, whose files hold no more rows than an import takes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._rows: Counter[tuple[int, str]] = Counter()

    def take(self, found: Sheets) -> None:
        for (unit, template), listed in found.items():
            for cells in self._parted(unit, template, listed):
                self._append(unit, template, cells)

    def _parted(self, unit: int, template: str, listed: list[Cells]) -> Iterator[list[Cells]]:
        """As many as the file that is being written has room for, then the next one's."""
        while listed:
            room = MOST_ROWS - self._rows[unit, template] % MOST_ROWS
            yield listed[:room]
            listed = listed[room:]

    def _append(self, unit: int, template: str, listed: list[Cells]) -> None:
        part, begun = divmod(self._rows[unit, template], MOST_ROWS)
        place = self._folder / f"unit-{unit:03d}" / f"synthetic-{template}-{part + 1:03d}.csv"
        text = StringIO()
        rows = csv.writer(text, delimiter=";")
        if not begun:
            place.parent.mkdir(parents=True, exist_ok=True)
            rows.writerow([column.name for column in TEMPLATES[template].columns])
        rows.writerows(listed)
        with place.open("a", encoding="utf-8", newline="") as file:
            file.write(text.getvalue())
        self._rows[unit, template] += len(listed)
