"""`lysglimt register`: what the register tells of what the node holds."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from lysglimt.register.engines.asked import Asked, reckoned
from lysglimt.register.engines.asked import definitions as engine_definitions
from lysglimt.register.engines.backends import duckdb_tables, lay_out
from lysglimt.register.engines.facts import facts as engine_facts
from lysglimt.register.findings import Row
from lysglimt.register.indicators.coverage import Coverage
from lysglimt.register.indicators.covered import covered, norwegian, reference_list, swedish
from lysglimt.register.indicators.facts import GROUPS, facts
from lysglimt.register.indicators.indicator import indicators as catalogue
from lysglimt.register.indicators.measured import Measured, definitions, measured
from lysglimt.register.node.view import pooled
from lysglimt.server.output import print_json

node = click.option(
    "--node", type=click.Path(exists=True, file_okay=False, path_type=Path), required=True
)
day = click.DateTime(["%Y-%m-%d"])


@click.command
@node
@click.option("--by", type=click.Choice(GROUPS), multiple=True, help="May be given again.")
@click.option("--engine", type=click.Choice(("duckdb", "plain")), default="duckdb")
def indicators(*, node: Path, by: Sequence[str], engine: str) -> None:
    """K2 to K18 under every definition, as JSON: for those who run the register.

    Small numbers stand in it. It is not for publication as it is.
    """
    rows = pooled(node).rows
    found = by_duckdb(rows, by) if engine == "duckdb" else by_rows(rows, by)
    print_json(found)


def by_rows(rows: Mapping[str, list[Row]], by: Sequence[str]) -> list[Measured]:
    told = facts(rows)
    return [
        one
        for each in catalogue().values()
        for name in definitions(each, told)
        for one in measured(each, told, by=by, definition=name)
    ]


def by_duckdb(rows: Mapping[str, list[Row]], by: Sequence[str]) -> list[Measured]:
    with TemporaryDirectory() as folder:
        told = engine_facts(duckdb_tables(lay_out(rows, Path(folder))))
        asked = [
            Asked(each, name)
            for each in catalogue().values()
            for name in engine_definitions(each, told)
        ]
        return [one for each in reckoned(told, asked, by=by).values() for one in each]


@click.command
@node
@click.option(
    "--list",
    "listed",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help="CSV: unit, person, started_on.",
)
@click.option("--since", type=day, required=True, help="The first day of the period.")
@click.option("--until", type=day, required=True, help="The last day of the period.")
def coverage(*, node: Path, listed: Path, since: datetime, until: datetime) -> None:
    """How much of a list from outside the register has, as JSON, with Wilson intervals."""
    found = covered(
        pooled(node).rows, reference_list(listed), since=since.date(), until=until.date()
    )
    print_json({
        "individuals": told(found.individuals),
        "courses": told(found.courses),
        "units": told(found.units),
        "by_unit": {unit: told(one) for unit, one in found.by_unit.items()},
    })  # fmt: skip


def told(one: Coverage) -> Mapping[str, object]:
    interval = one.proportion.interval
    return {
        "both": one.both,
        "only_here": one.only_here,
        "only_outside": one.only_outside,
        "norwegian": norwegian(one).share,
        "swedish": swedish(one).share,
        "of_the_list": one.of_the_list.share,
        "low": interval.low if interval else None,
        "high": interval.high if interval else None,
        "level": one.level,
        "faint": one.faint,
    }
