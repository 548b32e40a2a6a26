"""The one door to ibis, which publishes no types: what the register's questions are written with.

An expression is checked by ibis when it is made, and by the plain engine when it is counted.
"""

from collections.abc import Sequence
from typing import Any, TypeAlias

import ibis

Table: TypeAlias = Any
Column: TypeAlias = Any
Connection: TypeAlias = Any

NOTHING_TEXT: Column = ibis.null("string")
NOTHING_DAY: Column = ibis.null("date")


def either(condition: Column, so: Any, otherwise: Any) -> Column:
    """A condition that is not known counts as not so."""
    return ibis.ifelse(condition, so, otherwise)


def one_if(condition: Column) -> Column:
    """1 or 0: what PostgreSQL does not make of a truth value by itself. Not known is 0."""
    return ibis.ifelse(condition, 1, 0)


def first_known(*columns: Column) -> Column:
    return ibis.coalesce(*columns)


def by_steps(*steps: tuple[Column, Any], otherwise: Any) -> Column:
    return ibis.cases(*steps, else_=otherwise)


def constant(value: Any) -> Column:
    return ibis.literal(value)


def months(number: int) -> Any:
    return ibis.interval(months=number)


def downwards(column: Column) -> Column:
    return ibis.desc(column)


def numbered(within: Sequence[str], order: Sequence[Column]) -> Column:
    """0 for the first row of each group."""
    return ibis.row_number().over(ibis.window(group_by=list(within), order_by=list(order)))


def answered(question: Table) -> list[dict[str, Any]]:
    """The lines of the answer, as plain values. What Spark found does not pass through pandas."""
    engine = question.get_backend()
    if engine.name == "pyspark":
        found = engine.raw_sql(engine.compile(question)).toArrow()
    else:
        found = engine.to_pyarrow(question)
    lines: list[dict[str, Any]] = found.to_pylist()
    return lines


def duckdb(**settings: object) -> Connection:
    return ibis.duckdb.connect(**settings)


def postgresql(connection: Any) -> Connection:
    """Of a connection that psycopg has made: a socket in a folder, too, is an address."""
    return ibis.postgres.from_connection(connection)


def spark(session: Any) -> Connection:
    return ibis.pyspark.connect(session)
