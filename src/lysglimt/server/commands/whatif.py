"""What if the clinic had another chair, another interval, another rule to stop?"""

import sys
from collections.abc import Mapping
from pathlib import Path

import click

from lysglimt.science.course.symptoms import Preset
from lysglimt.science.virtual.chance import MOST_SEED
from lysglimt.science.virtual.planning import WhatIf, load, need, planned_protocol
from lysglimt.science.virtual.runs import CAUTION, Band, Often, compared, document
from lysglimt.server.commands.simulate import processes
from lysglimt.server.commands.symptoms import named
from lysglimt.server.output import print_json


@click.command
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--years", type=click.IntRange(1, 5), default=1, show_default=True)
@click.option("--seed", type=click.IntRange(0, MOST_SEED - 1), default=1, show_default=True)
@click.option("--runs", "count", type=click.IntRange(1, 1000), default=50, show_default=True)
@click.option("--preset", default="pooled", show_default=True, metavar="ID|FILE.toml")
@processes
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(*, file: Path, preset: str, as_json: bool, **how: int) -> None:
    """Run the clinic of FILE and each of its changes over some years, again and again.

    Bands are those of nine runs in ten. Prices are yours; none are ours.
    """
    asked, chosen, often = load(file), named(preset), Often(**how)
    for plan in asked.plans.values():
        planned_protocol(plan)  # refused before anything is run
    with click.progressbar(
        length=len(asked.plans) * often.count, label="Runs", file=sys.stderr
    ) as bar:
        found = compared(asked, chosen, often, done=bar.update)
    if as_json:
        print_json(document(asked, chosen, often, found=found))
        return
    tell(asked, chosen, found)


def tell(asked: WhatIf, preset: Preset, found: Mapping[str, Mapping[str, Band]]) -> None:
    click.echo(f"{CAUTION.en} {preset.name.en}.")
    if asked.population:
        told = need(asked.population)
        weak = ", weakly founded: enter a better one if you have it" if told.weak else ""
        click.echo(
            f"In need in a year: {told.lowest:.0f} to {told.highest:.0f} ({told.source}{weak})"
        )
    for name, one in found.items():
        click.echo(f"\n{name}")
        for key, band in one.items():
            said = "  ".join("-" if value is None else f"{value:10.2f}" for value in band)
            click.echo(f"  {key:24} {said}")
