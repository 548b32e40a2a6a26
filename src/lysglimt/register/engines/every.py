"""Every indicator under every definition, by an engine or row by row."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from lysglimt.register.findings import Row
from lysglimt.register.indicators.facts import facts
from lysglimt.register.indicators.indicator import indicators
from lysglimt.register.indicators.measured import Measured, definitions, measured

from .asked import Asked, reckoned
from .asked import definitions as engine_definitions
from .backends import duckdb_tables, lay_out
from .facts import facts as engine_facts


def by_rows(rows: Mapping[str, list[Row]], by: Sequence[str]) -> list[Measured]:
    told = facts(rows)
    return [
        one
        for each in indicators().values()
        for name in definitions(each, told)
        for one in measured(each, told, by=by, definition=name)
    ]


def by_duckdb(rows: Mapping[str, list[Row]], by: Sequence[str]) -> list[Measured]:
    with TemporaryDirectory() as folder:
        told = engine_facts(duckdb_tables(lay_out(rows, Path(folder))))
        asked = [
            Asked(each, name)
            for each in indicators().values()
            for name in engine_definitions(each, told)
        ]
        return [one for each in reckoned(told, asked, by=by).values() for one in each]
