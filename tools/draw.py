"""Pages of docs/drawn, made from the code: what is drawn cannot drift.

python tools/draw.py            # write them
python tools/draw.py --check    # fail where one differs from the code
"""

import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from lysglimt.knowledge.sources.library import library

DRAWN = Path(__file__).resolve().parents[1] / "docs" / "drawn"


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


PAGES: Mapping[str, Callable[[], str]] = {"sources.md": sources}
NOTE = "<!-- Drawn from the code by `make draw`; edit the code, not this page. -->\n"


def main(arguments: list[str]) -> int:
    drawn = {name: NOTE + page() for name, page in PAGES.items()}
    if arguments != ["--check"]:
        DRAWN.mkdir(parents=True, exist_ok=True)
        for name, text in drawn.items():
            (DRAWN / name).write_text(text, encoding="utf-8")
    there = {page.name: page.read_text(encoding="utf-8") for page in DRAWN.glob("*.md")}
    drifted = [
        name for name in drawn.keys() | there.keys() if drawn.get(name) != there.get(name)
    ]
    for name in sorted(drifted):
        sys.stderr.write(f"docs/drawn/{name} differs from the code: run `make draw`\n")
    return 1 if drifted else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
