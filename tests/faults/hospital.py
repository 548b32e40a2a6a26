"""PostgreSQL as a hospital has it: one role owns the tables, another one serves."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import uuid4

from psycopg import sql

from lysglimt.server.backup.engines import Postgresql
from lysglimt.server.proving.scratch import Scratch, environment

from .conftest import migrated

ROLES = ("CREATE ROLE {owner} LOGIN CREATEDB", "CREATE ROLE {serving} LOGIN")
MADE = "CREATE DATABASE {name} OWNER {owner} ENCODING 'UTF8' TEMPLATE template0"
GONE = (
    "DROP DATABASE {name} WITH (FORCE)",
    "DROP ROLE {owner}",
    "DROP ROLE {serving}",
)


@contextmanager
def hospital(server: Postgresql, folder: Path) -> Iterator[tuple[Scratch, Postgresql]]:
    """A clinic that is served by the role without rights, and its database as the owner has it."""
    mark = uuid4().hex[:8]
    named = {each: f"{each}_{mark}" for each in ("owner", "serving", "name")}
    names = {each: sql.Identifier(said) for each, said in named.items()}
    owned = Postgresql(server.at | {"NAME": named["name"], "USER": named["owner"]})
    serving = Postgresql(owned.at | {"USER": named["serving"]})
    with closing(server.connected()) as known:
        for line in (*ROLES, MADE):
            known.execute(sql.SQL(line).format(**names))
        try:
            said = environment(folder, serving)
            owning = said | {"LYSGLIMT_DATABASE_OWNER": owned.address}
            migrated(Scratch(folder, owned, owning))
            yield Scratch(folder, serving, said), owned
        finally:
            for line in GONE:
                known.execute(sql.SQL(line).format(**names))
