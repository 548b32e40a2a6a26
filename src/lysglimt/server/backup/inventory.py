"""What is in a database: of every table its rows and a digest over them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
}
ROWS = {"sqlite": 'SELECT * FROM "{}"', "postgresql": 'SELECT t::text FROM "{}" t'}
AT_ONCE = 2_000
WIDTH = 2**256


@dataclass(frozen=True, slots=True)
class Contents:
    """``digest`` is hex; it does not depend on the order in which rows are stored."""

    rows: int
    digest: str


Inventory = Mapping[str, Contents]


def inventory(database: Any, vendor: str) -> Inventory:
    """Of a connection as the driver makes it."""
    cursor = database.cursor()
    cursor.execute(TABLES[vendor])
    names = sorted(name for (name,) in cursor.fetchall())
    found = {}
    for name in names:
        cursor.execute(ROWS[vendor].format(name))
        found[name] = contents(iter(lambda: cursor.fetchmany(AT_ONCE), []))
    return found


def contents(batches: Iterable[list[Any]]) -> Contents:
    rows = total = 0
    for batch in batches:
        rows += len(batch)
        total += sum(
            int.from_bytes(sha256(repr(row).encode()).digest(), "big") for row in batch
        )
    return Contents(rows, f"{total % WIDTH:064x}")


def differences(asked: Inventory, found: Inventory) -> list[str]:
    """One sentence for each table that is not as it should be."""
    return [
        f"{name}: {said(asked.get(name))} expected, {said(found.get(name))} found"
        for name in sorted(asked.keys() | found.keys())
        if asked.get(name) != found.get(name)
    ]


def said(contents: Contents | None) -> str:
    return f"{contents.rows} rows ({contents.digest[:12]}…)" if contents else "no such table"
