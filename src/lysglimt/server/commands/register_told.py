"""`lysglimt register`: what the register tells of what the node holds."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click

from lysglimt.register.engines.every import by_duckdb, by_rows
from lysglimt.register.indicators.covered import covered, figures, reference_list
from lysglimt.register.indicators.facts import GROUPS
from lysglimt.register.node.view import pooled
from lysglimt.server.commands.register_deliveries import day, file, node
from lysglimt.server.output import print_json


@click.command
@node
@click.option("--by", type=click.Choice(GROUPS), multiple=True, help="May be given again.")
@click.option("--engine", type=click.Choice(("duckdb", "plain")), default="duckdb")
def indicators(*, node: Path, by: Sequence[str], engine: str) -> None:
    """K2 to K18 under every definition, as JSON: for those who run the register.

    Small numbers stand in it. It is not for publication as it is.
    """
    rows = pooled(node).rows
    print_json(by_duckdb(rows, by) if engine == "duckdb" else by_rows(rows, by))


@click.command
@node
@click.option(
    "--list",
    "listed",
    type=file,
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
        "individuals": figures(found.individuals),
        "courses": figures(found.courses),
        "units": figures(found.units),
        "by_unit": {unit: figures(one) for unit, one in found.by_unit.items()},
    })  # fmt: skip
