"""Pages of docs/drawn and lists beside them, made from the code: what is drawn cannot drift.

python tools/draw.py            # write them
python tools/draw.py --check    # fail where one differs from the code
"""

import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import timedelta
from pathlib import Path

from lysglimt.clinic.people.permissions import SECTIONS
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.people.table import LETTERS, cell
from lysglimt.knowledge.figures import Figure
from lysglimt.knowledge.instruments.instrument import Instrument, instruments
from lysglimt.knowledge.protocols.decided import STEPS
from lysglimt.knowledge.protocols.library import protocols
from lysglimt.knowledge.protocols.protocol import Protocol
from lysglimt.knowledge.sources.library import library
from lysglimt.science.course.symptoms import LABEL, presets
from lysglimt.science.course.targets import compared, published
from lysglimt.science.kinetics.effects import effect_rules
from lysglimt.science.kinetics.figures import Number
from lysglimt.science.kinetics.model import KineticModel, models
from tools import asvs, packages

ROOT = Path(__file__).resolve().parents[1]
DRAWN = ROOT / "docs" / "drawn"


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A Markdown table; a bar inside a cell is escaped."""
    head = list(head)
    lines = [head, ["---"] * len(head), *rows]
    cells = (
        [str(cell).replace("|", "\\|").replace("\n", " ") for cell in row] for row in lines
    )
    return "\n".join(f"| {' | '.join(row)} |" for row in cells) + "\n"


def sources() -> str:
    """Every citation, by its key."""
    rows = [
        (f"`{c.key}`", c.authors, c.year or "", c.title, c.address)
        for c in sorted(library().values(), key=lambda c: c.key)
    ]
    return "# Sources\n\n" + table(("key", "authors", "year", "title", "where"), rows)


def course() -> str:
    """Which decisions each phase of a course is open to."""
    rows = [
        (
            f"**{phase.value}**",
            ", ".join(sorted(kind.value for kind in kinds)) or "none: it is closed",
        )
        for phase, kinds in STEPS.items()
    ]
    return "# The phases of a course\n\n" + table(("phase", "decisions it is open to"), rows)


def instrument_row(one: Instrument) -> tuple[object, ...]:
    total = (
        f"{one.scoring.lowest}-{one.scoring.highest}" if one.scoring.lowest is not None else "-"
    )
    return (
        f"`{one.id}`",
        one.name,
        one.version,
        one.rater.value,
        len(one.items),
        total,
        one.scoring.method.value,
        one.licence.holder,
        one.licence.ship_verbatim.value,
    )


def instrument_page() -> str:
    """Every instrument in one row."""
    head = (
        "id", "name", "version", "rater", "items", "total", "method", "licence", "wording shipped"
    )  # fmt: skip
    rows = [instrument_row(one) for _, one in sorted(instruments().items())]
    return "# Instruments\n\n" + table(head, rows)


def figures(value: object, at: str = "") -> Iterator[tuple[str, "Figure[object]"]]:
    """Every figure within a value, with the path of keys that leads to it."""
    match value:
        case Figure():
            yield at, value
        case tuple():
            for number, one in enumerate(value, start=1):
                yield from figures(one, f"{at} {number}")
        case Mapping():
            for key, one in value.items():
                yield from figures(one, f"{at}.{key}")
        case _ if is_dataclass(value):
            for field in fields(value):
                yield from figures(getattr(value, field.name), f"{at}.{field.name}".lstrip("."))
        case _:
            pass


def amount(figure: "Figure[object]") -> str:
    """The value as it is written in its file: `0.5 mg/kg`, `40 min`."""
    value = figure.value
    if isinstance(value, timedelta):
        lengths = {"min": 60, "h": 3_600, "d": 86_400, "wk": 604_800}
        value = f"{value.total_seconds() / lengths[figure.unit]:g}"
    return f"{getattr(value, 'value', value)} {figure.unit}"


def protocol_section(one: Protocol) -> str:
    rows = [
        (at, amount(figure), figure.basis.mark.value, f"`{figure.basis.source.key}`")
        for at, figure in figures(one)
    ]
    head = f"## {one.name.en} (`{one.id}` {one.version})\n\n{one.summary.en}\n\n"
    return head + table(("figure", "value", "mark", "source"), rows)


def protocol_page() -> str:
    """Every figure of every protocol, with mark and source."""
    sections = [protocol_section(one) for _, one in sorted(protocols().items())]
    return "# Protocols\n\n" + "\n".join(sections)


def kinetic_section(one: KineticModel) -> str:
    purpose = (
        one.not_default.en if one.not_default else f"Default for {one.default_for[0].value}."
    )
    rows = [
        (at, stated.value, stated.unit.value, stated.mark.value, f"`{stated.source.key}`")
        for at, stated in numbers(one)
    ]
    notes = "".join(f"- {note.en}\n" for note in one.notes)
    head = f"## {one.name.en} (`{one.id}` {one.version})\n\n"
    said = f"{purpose} Blood: {one.sampling.value if one.sampling else 'unknown'}. Made in: {one.studied.people.en}.\n\n"
    return head + said + (f"{notes}\n" if notes else "") + table(NUMBER_HEAD, rows)


NUMBER_HEAD = ("number", "value", "unit", "mark", "source")


def numbers(value: object, at: str = "") -> Iterator[tuple[str, Number]]:
    """Every number within a model, with the path of keys that leads to it."""
    match value:
        case Number():
            yield at, value
        case tuple():
            for number, one in enumerate(value, start=1):
                yield from numbers(one, f"{at} {number}")
        case Mapping():
            for key, one in value.items():
                yield from numbers(one, f"{at}.{key}")
        case _ if is_dataclass(value):
            for field in fields(value):
                yield from numbers(getattr(value, field.name), f"{at}.{field.name}".lstrip("."))
        case _:
            pass


def kinetics() -> str:
    """Every number of every kinetic model and of the illustrated effects."""
    sections = [kinetic_section(one) for one in models().values()]
    rows = [
        (at, stated.value, stated.unit.value, stated.mark.value, f"`{stated.source.key}`")
        for at, stated in numbers(effect_rules())
    ]
    effects = f"## Effects\n\n{effect_rules().label.en}\n\n" + table(NUMBER_HEAD, rows)
    return "# Kinetics\n\n" + "\n".join([*sections, effects])


def symptoms() -> str:
    """What trials found beside the model of symptoms, in both presets, always the same people."""
    presets_there = list(presets().values())
    columns = [
        compared(one.reckoned, published(), people=20_000, seed=1) for one in presets_there
    ]
    rows = [
        (
            f"`{each[0].target.id}`",
            each[0].target.found,
            each[0].target.found.mark.value,
            f"`{each[0].target.found.source.key}`",
            *(f"{one.model:.2f} (z {one.z:.1f})" for one in each),
            "" if each[0].target.fitted else "not fitted",
        )
        for each in zip(*columns, strict=True)
    ]
    head = ("target", "found", "mark", "source", *(one.name.en for one in presets_there), "")
    notes = "".join(f"- **{one.name.en}**: {one.note.en}\n" for one in presets_there)
    return f"# The model of symptoms\n\n{LABEL.en}\n\n{notes}\n" + table(head, rows)


def policy() -> str:
    """Who may what, to whom: a letter for each relation in which a role may."""
    letters = table(("letter", "relation"), [(f"`{v}`", k.value) for k, v in LETTERS.items()])
    head = ("operation", *(role.value.replace("_", " ") for role in Role))
    sections = (
        f"## {name.capitalize()}\n\n"
        + table(
            head,
            [(f"`{each}`", *(cell(each, role) for role in Role)) for each in operations],
        )
        for name, operations in SECTIONS.items()
    )
    return "# Who may what\n\n" + letters + "\n" + "\n".join(sections)


def addresses() -> str:
    """Every address of the server, as ``lysglimt openapi`` prints it, of no version."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django  # noqa: PLC0415 - the other pages do without

    django.setup()
    from lysglimt.server.openapi.document import document  # noqa: PLC0415 - after Django has started

    return json.dumps(document("as installed"), indent=1, ensure_ascii=False) + "\n"


def readme() -> str:
    """The README, with what the ASVS table says today."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    start, end = "<!-- drawn: asvs -->\n", "\n<!-- end -->"
    region = re.compile(f"(?<={start}).*(?={end})", re.DOTALL)
    return region.sub(asvs.counted(), text)


PAGES: Mapping[str, Callable[[], str]] = {
    "course.md": course,
    "instruments.md": instrument_page,
    "kinetics.md": kinetics,
    "policy.md": policy,
    "protocols.md": protocol_page,
    "sources.md": sources,
    "symptoms.md": symptoms,
}
BESIDE: Mapping[Path, Callable[[], str]] = {
    DRAWN / "openapi.json": addresses,
    ROOT / "docs/security/sbom.json": packages.bill_of_materials,
    ROOT / "docs/security/soup.md": packages.soup,
    ROOT / "README.md": readme,
}
NOTE = "<!-- Drawn from the code by `make draw`; edit the code, not this page. -->\n"


def main(arguments: list[str]) -> int:
    drawn = {DRAWN / name: NOTE + page() for name, page in PAGES.items()}
    drawn |= {place: page() for place, page in BESIDE.items()}
    if arguments != ["--check"]:
        DRAWN.mkdir(parents=True, exist_ok=True)
        for place, text in drawn.items():
            place.write_text(text, encoding="utf-8")
    there = {page for page in (*DRAWN.glob("*"), *drawn) if page.is_file()}
    drifted = [
        place
        for place in drawn.keys() | there
        if place not in there or place.read_text(encoding="utf-8") != drawn.get(place)
    ]
    for place in sorted(drifted):
        sys.stderr.write(f"{place.relative_to(ROOT)} differs from the code: run `make draw`\n")
    return 1 if drifted else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
