"""A synthetic register is made in blocks, by one or several processes, and written as they come."""

from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from lysglimt.knowledge.errors import ClinicalError
from lysglimt.science.virtual.asked import Asked
from lysglimt.science.virtual.figures import ORIGIN
from lysglimt.science.virtual.register import block, blocks, unit_rows
from lysglimt.science.virtual.tally import counted, summary

from .synthetic_clinic import ClinicFolders, Sheets, sheets
from .synthetic_tables import ParquetFolder, batch, batches

TABLES, CLINIC, README = "register", "clinic", "SYNTHETIC.txt"
AHEAD = 2
"""Blocks for each process that may wait to be written: so many are in memory at most."""


class FolderTaken(ClinicalError):
    """Something lies where the register is to be written."""

    code = "simulate.folder-taken"


@dataclass(frozen=True, slots=True)
class Made:
    """A block, ready to be written."""

    people: int
    tables: Mapping[str, Any]
    sheets: Sheets
    tally: Counter[str]


@dataclass(frozen=True, slots=True)
class Making:
    """How it is made, which no byte of what is made depends on; ``together`` are blocks at a time."""

    processes: int = 1
    together: int = 1
    clinic: bool = True


def write(
    folder: Path, asked: Asked, making: Making, *, done: Callable[[int], object]
) -> Mapping[str, object]:
    """Everything into an empty or new folder; ``done`` is told how many people each time."""
    if folder.exists() and any(folder.iterdir()):
        raise FolderTaken(
            f"--out: {folder.name} is not empty; allowed is a folder that is empty or new",
            field="out",
            value=folder.name,
            allowed="an empty or a new folder",
        )
    (folder / TABLES).mkdir(parents=True, exist_ok=True)
    (folder / README).write_text(f"{ORIGIN.nb}\n{ORIGIN.en}\n", encoding="utf-8")
    tally: Counter[str] = Counter()
    clinic = ClinicFolders(folder / CLINIC)
    with ParquetFolder(folder / TABLES, asked) as tables:
        tables.take({"units": batch("units", unit_rows(asked))})
        for made in ordered(asked, making):
            tables.take({name: one for name, one in made.tables.items() if name != "units"})
            clinic.take(made.sheets)
            tally.update(made.tally)
            done(made.people)
    return summary(tally)


def ordered(asked: Asked, making: Making) -> Iterator[Made]:
    """Every block in its turn, however many processes make them."""
    firsts = parted(blocks(asked), making.together)
    make = partial(made, asked, clinic=making.clinic)
    if making.processes == 1:
        yield from map(make, firsts)
        return
    with ExitStack() as stack:
        # Anew and not forked: what the parent holds open is its own.
        pool = stack.enter_context(
            ProcessPoolExecutor(making.processes, mp_context=get_context("spawn"))
        )
        waiting: deque[Future[Made]] = deque()
        for some in firsts:
            waiting.append(pool.submit(make, some))
            if len(waiting) > AHEAD * making.processes:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def parted(firsts: Iterator[int], together: int) -> Iterator[tuple[int, ...]]:
    while some := tuple(islice(firsts, together)):
        yield some


def made(asked: Asked, firsts: tuple[int, ...], *, clinic: bool) -> Made:
    """Some blocks as one."""
    found = [block(asked, first) for first in firsts]
    rows = found[0].rows
    listed: Sheets = sheets(asked, found[0]) if clinic else {}
    for other in found[1:]:
        for name, more in other.rows.items():
            rows[name] += more
        for key, more_cells in (sheets(asked, other) if clinic else {}).items():
            listed.setdefault(key, []).extend(more_cells)
    people = sum(len(one.people) for one in found)
    return Made(people, batches(rows), listed, counted(rows))
