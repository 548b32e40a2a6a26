"""The synthetic register as Parquet: one file for each table, the same bytes from the same seed."""

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

import pyarrow as pa
from pyarrow import parquet

from lysglimt.science.virtual.asked import Asked
from lysglimt.science.virtual.figures import ORIGIN, clinic_figures
from lysglimt.science.virtual.tables import Holds, Row, Rows, tables

GROUP = 65_536
"""Rows that are written together: always so many, whatever they came in."""
SYNTHETIC = "synthetic"
KEPT_AS = {
    Holds.TEXT: pa.string(),
    Holds.COUNT: pa.int32(),
    Holds.AMOUNT: pa.float64(),
    Holds.DAY: pa.date32(),
    Holds.FLAG: pa.bool_(),
    Holds.TEXTS: pa.list_(pa.string()),
    Holds.COUNTS: pa.list_(pa.int16()),
}


def schema(table: str) -> pa.Schema:
    fields = [pa.field(name, KEPT_AS[holds]) for name, holds in tables()[table].items()]
    return pa.schema([*fields, pa.field(SYNTHETIC, pa.bool_(), nullable=False)])


def batch(table: str, rows: list[Row]) -> pa.RecordBatch:
    """The rows as columns, each marked as made up."""
    fields = list(schema(table))
    columns = list(zip(*rows, strict=True)) or [()] * (len(fields) - 1)
    arrays = [
        pa.array(values, type=field.type)
        for values, field in zip(columns, fields[:-1], strict=True)
    ]
    marked = pa.array([True] * len(rows), type=pa.bool_())
    return pa.record_batch([*arrays, marked], schema=schema(table))


def batches(rows: Rows) -> Mapping[str, pa.RecordBatch]:
    return {name: batch(name, listed) for name, listed in rows.items()}


class ParquetFolder:
    """Takes the blocks in their order; holds no more rows than one group of each table."""

    def __init__(self, folder: Path, asked: Asked) -> None:
        said = {
            "lysglimt.origin": f"{ORIGIN.nb} {ORIGIN.en}",
            "lysglimt.virtual-clinic": clinic_figures().version,
            "lysglimt.preset": f"{asked.preset.id} {asked.preset.version}",
            "lysglimt.seed": str(asked.seed),
        }
        self._waiting: dict[str, list[pa.RecordBatch]] = {name: [] for name in tables()}
        self._writers = {
            name: parquet.ParquetWriter(
                folder / f"{SYNTHETIC}-{name}.parquet",
                schema(name).with_metadata(said),
                compression="zstd",
            )
            for name in tables()
        }

    def take(self, found: Mapping[str, pa.RecordBatch]) -> None:
        for name, one in found.items():
            self._waiting[name].append(one)
            while sum(len(each) for each in self._waiting[name]) >= GROUP:
                self._write(name, GROUP)

    def __enter__(self) -> "ParquetFolder":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for name, writer in self._writers.items():
            if self._waiting[name] and kind is None:
                self._write(name, GROUP)
            writer.close()

    def _write(self, name: str, most: int) -> None:
        writer = self._writers[name]
        # One chunk: else the pages would end where the blocks did.
        together = pa.Table.from_batches(self._waiting[name]).combine_chunks()
        writer.write_table(
            together.slice(0, most).replace_schema_metadata(writer.schema.metadata),
            row_group_size=GROUP,
        )
        rest = together.slice(most)
        self._waiting[name] = rest.to_batches() if len(rest) else []
