"""Which lines and branches of the product the tests go over, and whether they are enough.

pytest -p tests.counting …  # each process of the run writes down what it went over
python -m tools.covered     # all of it together; fails below the limits
python -m tools.covered knowledge  # that part alone

A line is watched until it has been seen, so that watching costs next to nothing. What a test has
other processes do is not counted, neither are migrations.
"""

import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from slipcover import Slipcover, merge_coverage, print_coverage
from slipcover.importer import ImportManager
from slipcover.slipcover import add_summaries

ROOT = Path(__file__).resolve().parents[1]
PRODUCT = ROOT / "src" / "lysglimt"
FOUND = ROOT / ".coverage"
"""One file for each process of a run."""
KNOWLEDGE, REST = 100.0, 95.0
"""Per cent of lines and branches: of `knowledge`, and of all the rest."""
NOT_ASKED = [r"assert_never\(", "def __str__", "if TYPE_CHECKING:"]
MIGRATIONS = "migrations"

Coverage = dict[str, Any]
"""As SlipCover writes it: `files`, each with executed and missing lines and branches, and `summary`."""


class Ours:
    """The modules of the product, wherever they are imported from."""

    def matches(self, name: str | None) -> bool:
        path = Path(name or "")
        return path.is_relative_to(PRODUCT) and MIGRATIONS not in path.parts


def watched() -> Slipcover:
    """From now on every module of the product is watched as it is imported."""
    if early := [name for name in sys.modules if name.partition(".")[0] == "lysglimt"]:
        raise ImportError(f"{early[0]} was imported before it could be watched")
    counting = Slipcover(immediate=True, branch=True, exclude_also=NOT_ASKED)
    ImportManager(counting, Ours()).__enter__()
    return counting


def forget() -> None:
    shutil.rmtree(FOUND, ignore_errors=True)


def write_down(counting: Slipcover, process: str) -> None:
    FOUND.mkdir(exist_ok=True)
    (FOUND / f"{process}.json").write_text(json.dumps(counting.get_coverage()))


def together() -> Coverage:
    """What all processes went over; a module that none imported is missing whole."""
    all_of_it = Slipcover(branch=True, source=[str(PRODUCT)], exclude_also=NOT_ASKED)
    found: Coverage = all_of_it.get_coverage()
    for file in sorted(FOUND.glob("*.json")):
        merge_coverage(found, json.loads(file.read_text()))
    return found


def part(everything: Coverage, *, within: Path, but: Path | None = None) -> Coverage:
    """Only the files in a folder, and not those in another."""
    files = {
        name: told
        for name, told in everything["files"].items()
        if (path := ROOT / name).is_relative_to(within)
        and not (but and path.is_relative_to(but))
        and MIGRATIONS not in path.parts
    }
    found: Coverage = {"meta": everything["meta"], "files": files}
    add_summaries(found)
    return found


def main(asked: Sequence[str]) -> int:
    if not any(FOUND.glob("*.json")):
        sys.stderr.write(f"{FOUND} holds nothing: run the tests with -p tests.counting\n")
        return 2
    everything, knowledge = together(), PRODUCT / "knowledge"
    parts = {
        "knowledge": (part(everything, within=knowledge), KNOWLEDGE),
        "the rest": (part(everything, within=PRODUCT, but=knowledge), REST),
    }
    if unknown := set(asked) - {*parts}:
        sys.stderr.write(f"{', '.join(unknown)}: there is {' and '.join(parts)}\n")
        return 2
    parts = {name: parts[name] for name in asked or parts}
    for found, _ in parts.values():
        print_coverage(found, skip_covered=True, missing_width=60)
    low = False
    for name, (found, least) in parts.items():
        reached = found["summary"]["percent_covered"]
        low |= reached < least
        sys.stdout.write(f"{name}: {reached:.2f} % gone over, {least:g} % asked for\n")
    return int(low)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
