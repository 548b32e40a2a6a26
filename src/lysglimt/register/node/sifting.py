"""Which rows of a delivery can be counted, and which are set aside, each with its reason.

A row that hangs on one that was set aside goes with it: a session without its course, all that is known of a
person without the person. Of someone whose choice of registration cannot be read nothing is counted.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from lysglimt.knowledge.text import Text
from lysglimt.register.code_book import code_book
from lysglimt.register.findings import Fault, Row, RowFinding, shown, validate_all
from lysglimt.register.indicators.shelf import reserved, shelf
from lysglimt.register.refusals import PackageRefused, Reason

Numbered = dict[str, dict[int, object]]
"""By table the rows that are left, with the numbers they were delivered under."""
CHOICES = frozenset({"person", "registration"})
"""What may be delivered of someone who has opted out: that it is so."""
OTHER_UNIT = Text(nb="rader av enhet {unit}", en="rows of unit {unit}")
NOT_OUT = Text(nb="noen som ikke har reservert seg", en="someone who has not opted out")
READABLE = Text(nb="et valg som kan leses", en="a choice that can be read")


@dataclass(frozen=True, slots=True)
class Sifted:
    kept: Mapping[str, list[Row]]
    aside: tuple[RowFinding, ...]


def sifted(
    tables: Mapping[str, list[Row]], *, unit: int, elsewhere: Sequence[Row] = ()
) -> Sifted:
    """``elsewhere`` are choices of registration that other units have delivered.

    Raises PackageRefused for rows of someone who has opted out by what the unit itself says, and
    for a choice of nobody.
    """
    left: Numbered = {name: dict(enumerate(rows, start=1)) for name, rows in tables.items()}
    _refuse_reserved(tables)
    aside = [*_set_aside(left, list(_elsewhere(left, unit)))]
    aside += _set_aside(left, list(_opted_out(tables, elsewhere)))
    aside += _until_sound(left)
    aside += _set_aside(left, list(_unclear(left, tables["registration"], aside)))
    aside += _until_sound(left)
    kept = {
        name: [row for row in rows.values() if isinstance(row, Mapping)]
        for name, rows in left.items()
    }
    return Sifted(kept, tuple(aside))


def _until_sound(left: Numbered) -> Iterator[RowFinding]:
    while found := list(_findings(left)):
        yield from _set_aside(left, found)


def _findings(left: Numbered) -> Iterator[RowFinding]:
    numbers = {name: list(rows) for name, rows in left.items()}
    for one in validate_all({name: list(rows.values()) for name, rows in left.items()}):
        yield replace(one, row=numbers[one.table][one.row - 1])


def _set_aside(left: Numbered, found: list[RowFinding]) -> list[RowFinding]:
    for one in found:
        left[one.table].pop(one.row, None)
    return found


def _elsewhere(left: Numbered, unit: int) -> Iterator[RowFinding]:
    """A unit speaks for itself alone."""
    allowed = OTHER_UNIT.filled(unit=unit)
    for name, rows in left.items():
        for number, row in rows.items() if "unit" in code_book().tables[name].variables else ():
            if isinstance(row, Mapping) and row.get("unit") not in {unit, None}:
                value = shown(row.get("unit"))
                yield RowFinding(name, number, "unit", Fault.OTHER_UNIT, value, allowed)


def _unclear(
    left: Numbered, choices: Sequence[Row], aside: Sequence[RowFinding]
) -> Iterator[RowFinding]:
    """Everybody whose choice was set aside: to count them could be against it."""
    unread = {one.row for one in aside if one.table == "registration"}
    people = set()
    for number, row in enumerate(choices, start=1):
        if number in unread:
            person = row.get("person")
            if not isinstance(person, str) or not person.strip():
                raise PackageRefused(Reason.NAMELESS_CHOICE, found=number)
            people.add(person)
    for number, person_row in left["person"].items():
        if isinstance(person_row, Mapping) and person_row.get("person") in people:
            value = shown(person_row.get("person"))
            yield RowFinding("person", number, "person", Fault.UNCLEAR_CHOICE, value, READABLE)


def _opted_out(
    tables: Mapping[str, list[Row]], elsewhere: Sequence[Row]
) -> Iterator[RowFinding]:
    """Whose last choice, in whatever unit it was made, is to be left out. The unit could not know."""
    here = tables["registration"]
    out = reserved([*here, *elsewhere]) - reserved(here)
    for number, row in enumerate(tables["person"], start=1):
        if row.get("person") in out:
            value = shown(row.get("person"))
            yield RowFinding("person", number, "person", Fault.OPTED_OUT, value, NOT_OUT)


def _refuse_reserved(tables: Mapping[str, list[Row]]) -> None:
    held = shelf(tables)
    gone = {
        name: len(rows) - len(held.rows[name])
        for name, rows in tables.items()
        if name not in CHOICES and len(held.rows[name]) < len(rows)
    }
    if gone:
        raise PackageRefused(
            Reason.RESERVED, found=", ".join(f"{name} {count}" for name, count in gone.items())
        )
