"""A whole synthetic register: people, referrals, courses, sessions, ratings, events."""

import os
import sys
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path

import click

from lysglimt.science.course.symptoms import LABEL
from lysglimt.science.virtual.asked import (
    MOST_PEOPLE,
    MOST_UNITS,
    MOST_YEARS,
    UNTIL,
    Asked,
    conditions,
)
from lysglimt.science.virtual.chance import MOST_SEED
from lysglimt.science.virtual.figures import ORIGIN
from lysglimt.server.commands.symptoms import named
from lysglimt.server.output import print_json

MOST_PROCESSES = 64


processes = click.option(
    "--processes",
    type=click.IntRange(1, MOST_PROCESSES),
    default=lambda: min(MOST_PROCESSES, os.cpu_count() or 1),
    show_default="the cores",
)
"""How many work side by side; nothing that is made depends on it."""


@click.command
@click.option("--patients", type=click.IntRange(1, MOST_PEOPLE), required=True, metavar="N")
@click.option("--units", type=click.IntRange(1, MOST_UNITS), default=6, show_default=True)
@click.option("--years", type=click.IntRange(1, MOST_YEARS), default=3, show_default=True)
@click.option("--seed", type=click.IntRange(0, MOST_SEED - 1), default=1, show_default=True)
@click.option("--preset", default="pooled", show_default=True, metavar="ID|FILE.toml")
@click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%d"]),
    default=UNTIL.isoformat(),
    show_default=True,
    help="The last day of which anything is told.",
)
@click.option(
    "--out",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="An empty or a new folder.",
)
@processes
@click.option("--tables-only", is_flag=True, help="Parquet alone, without files to import.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(*, preset: str, until: datetime, folder: Path, as_json: bool, **size: int) -> None:
    """Make N people who are referred, and everything that follows, as Parquet and as CSV to import.

    The same seed gives the same bytes. None of these people exist.
    """
    refuse_without_parquet()
    from lysglimt.exchange.files.synthetic import Making, write  # noqa: PLC0415 - Parquet is an extra

    people, units, years, seed = (size[name] for name in ("patients", "units", "years", "seed"))
    asked = Asked(people, units, years, seed, named(preset), until.date())
    making = Making(processes=size["processes"], clinic=not size["tables_only"])
    with click.progressbar(
        range(asked.people), label="Synthetic patients", file=sys.stderr
    ) as bar:
        found = write(folder, asked, making, done=bar.update)
    if as_json:
        print_json({**conditions(asked), **found})
        return
    click.echo(f"{ORIGIN.en} {asked.preset.name.en}. {LABEL.en}")
    for name, value in found.items():
        click.echo(f"{name:12} {value}")


def refuse_without_parquet() -> None:
    if find_spec("pyarrow") is None:
        raise click.UsageError("Parquet is needed: install lysglimt[science]")
