"""The tables of the code book in PostgreSQL: a schema of their own, filled all or not at all."""

from collections.abc import Iterable, Mapping
from typing import Any

import psycopg
from psycopg import sql

from lysglimt.register.code_book import Holds, code_book
from lysglimt.register.findings import Row
from lysglimt.register.parquet import DECIMALS, DIGITS, columns

from . import from_ibis
from .from_ibis import Table

KEPT_AS: Mapping[Holds, str] = {
    Holds.PSEUDONYM: 'text COLLATE "C"',
    Holds.TEXT: 'text COLLATE "C"',
    Holds.CODE: 'text COLLATE "C"',
    Holds.CODES: "text[]",
    Holds.COUNT: "bigint",
    Holds.AMOUNT: f"numeric({DIGITS}, {DECIMALS})",
    Holds.DAY: "date",
    Holds.FLAG: "boolean",
}
"""In PostgreSQL. Text is ordered by its characters, whatever language the database speaks."""


def fill_postgresql(tables: Mapping[str, Iterable[Row]], url: str, schema: str) -> None:
    """Every table of the code book in a schema that is new: all or nothing."""
    with psycopg.connect(url) as database, database.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
        for name, table in code_book().tables.items():
            whole = sql.Identifier(schema, name)
            held = [
                sql.SQL("{} {}").format(sql.Identifier(each), sql.SQL(KEPT_AS[one.holds]))
                for each, one in table.variables.items()
            ]
            cursor.execute(
                sql.SQL("CREATE TABLE {} ({})").format(whole, sql.SQL(", ").join(held))
            )
            kept = columns(name, tables.get(name, ())).to_pylist()
            with cursor.copy(sql.SQL("COPY {} FROM STDIN").format(whole)) as copy:
                for row in kept:
                    copy.write_row(list(row.values()))


def postgresql_tables(connection: psycopg.Connection[Any], schema: str) -> dict[str, Table]:
    """Whoever opened the connection closes it, when all is counted."""
    engine = from_ibis.postgresql(connection)
    return {name: engine.table(name, database=schema) for name in code_book().tables}
