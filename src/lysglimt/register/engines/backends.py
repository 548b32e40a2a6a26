"""Tables as Parquet where they lie, and who counts: DuckDB here, Spark on one machine or many."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from lysglimt.register.code_book import code_book
from lysglimt.register.findings import Row
from lysglimt.register.parquet import written

from . import from_ibis
from .from_ibis import Connection, Table


def lay_out(tables: Mapping[str, Iterable[Row]], folder: Path) -> Path:
    """Every table of the code book as NAME.parquet; one that is not given is empty."""
    for name in code_book().tables:
        (folder / f"{name}.parquet").write_bytes(written(name, tables.get(name, ())))
    return folder


def parquet_tables(connection: Connection, folder: Path) -> dict[str, Table]:
    """The files of a folder, read where they lie. DuckDB and Spark know how."""
    return {
        name: connection.read_parquet(str(folder / f"{name}.parquet"), table_name=name)
        for name in code_book().tables
    }


def duckdb_tables(folder: Path) -> dict[str, Table]:
    return parquet_tables(from_ibis.duckdb(), folder)


def spark_tables(folder: Path, session: Any) -> dict[str, Table]:
    """``session`` is local in tests, and ``spark://…`` where a cluster counts."""
    return parquet_tables(from_ibis.spark(session), folder)
