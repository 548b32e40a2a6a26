"""K1: of the people, courses and units that a list from outside has, how many does the register have?

The list has a line for each course: unit, person by the pseudonym of the same project, and the day of the
first session. Who has opted out is not in the register; where the list has them they count as missing.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from lysglimt.knowledge.errors import Implausible
from lysglimt.register.proportions import Proportion

from .coverage import Coverage, coverage
from .shelf import Tables, count, day, shelf, text

COLUMNS = ("unit", "person", "started_on")
Course = tuple[int, str, date]


@dataclass(frozen=True, slots=True)
class Covered:
    """Three levels, and individuals by unit in the order of their numbers."""

    individuals: Coverage
    courses: Coverage
    units: Coverage
    by_unit: Mapping[int, Coverage]


def covered(tables: Tables, outside: Iterable[Course], *, since: date, until: date) -> Covered:
    """Of courses begun in the period, both days in it. A course is the same when unit, person and first day are."""
    theirs = [one for one in outside if since <= one[2] <= until]
    ours = [one for one in begun(tables) if since <= one[2] <= until]
    return Covered(
        individuals=coverage(people(ours), people(theirs)),
        courses=coverage([said(one) for one in ours], [said(one) for one in theirs]),
        units=coverage(units(ours), units(theirs)),
        by_unit={
            unit: coverage(people(ours, unit), people(theirs, unit))
            for unit in sorted({one[0] for one in (*ours, *theirs)})
        },
    )


def norwegian(found: Coverage) -> Proportion:
    """In both or only here, of all who are in either."""
    here = found.both + found.only_here
    return Proportion(here, found.both + found.only_here + found.only_outside)


def swedish(found: Coverage) -> Proportion:
    """In the register, of in the register or in the patient register: the same share. [qect]"""
    outside = found.both + found.only_outside
    either = found.only_here + outside
    return Proportion(either - found.only_outside, either)


def begun(tables: Tables) -> Iterator[Course]:
    """The courses that may be counted and have had a session."""
    for row in shelf(tables).rows.get("course", ()):
        unit, person, first = (
            count(row, "unit"),
            text(row, "person"),
            day(row, "first_session_on"),
        )
        if unit is not None and person and first is not None:
            yield unit, person, first


def people(courses: Iterable[Course], unit: int | None = None) -> Sequence[str]:
    return [person for of, person, _ in courses if unit in {None, of}]


def units(courses: Iterable[Course]) -> Sequence[str]:
    return [str(unit) for unit, _, _ in courses]


def said(course: Course) -> str:
    unit, person, first = course
    return f"{unit} {person} {first.isoformat()}"


def reference_list(file: Path) -> list[Course]:
    """The list from outside, CSV. Raises Implausible with the line, the column and what is allowed."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            allowed = ", ".join(COLUMNS)
            raise Implausible.of("columns", ", ".join(reader.fieldnames or ()), allowed)
        return [_course(row, number) for number, row in enumerate(reader, start=2)]


def _course(row: Mapping[str, str | None], line: int) -> Course:
    unit, person, started = ((row[name] or "").strip() for name in COLUMNS)
    if not (unit.isdecimal() and len(unit) < 10 and int(unit) > 0):
        raise Implausible.of(f"line {line}: unit", unit, "a whole number from 1")
    if not person:
        raise Implausible.of(f"line {line}: person", person, "a pseudonym")
    try:
        return int(unit), person, date.fromisoformat(started)
    except ValueError as refusal:
        raise Implausible.of(f"line {line}: started_on", started, "yyyy-mm-dd") from refusal


def figures(one: Coverage) -> Mapping[str, object]:
    """Both definitions, Wilson's interval at 95 per cent, and which goal is attained."""
    interval = one.proportion.interval
    return {
        "both": one.both,
        "only_here": one.only_here,
        "only_outside": one.only_outside,
        "norwegian": norwegian(one).share,
        "swedish": swedish(one).share,
        "of_the_list": one.of_the_list.share,
        "low": interval.low if interval else None,
        "high": interval.high if interval else None,
        "level": one.level,
        "faint": one.faint,
    }
