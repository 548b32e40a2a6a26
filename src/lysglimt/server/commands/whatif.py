"""What if the clinic had another chair, another interval, another rule to stop?"""

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import click

from lysglimt.science.course.symptoms import LABEL, Preset
from lysglimt.science.virtual.chance import MOST_SEED
from lysglimt.science.virtual.planning import WhatIf, load, need, planned_protocol
from lysglimt.science.virtual.runs import CAUTION, Band, Bands, Often, compared
from lysglimt.server.commands.simulate import processes
from lysglimt.server.commands.symptoms import named
from lysglimt.server.output import print_json


@click.command
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--years", type=click.IntRange(1, 5), default=1, show_default=True)
@click.option("--seed", type=click.IntRange(0, MOST_SEED - 1), default=1, show_default=True)
@click.option("--runs", "count", type=click.IntRange(1, 1000), default=50, show_default=True)
@click.option(
    "--preset",
    "presets",
    multiple=True,
    default=["pooled"],
    show_default=True,
    metavar="ID|FILE.toml",
    help="Said twice, both stand side by side: the difference is the honest uncertainty.",
)
@processes
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(*, file: Path, presets: Sequence[str], as_json: bool, **how: int) -> None:
    """Run the clinic of FILE and each of its changes over some years, again and again.

    Bands are those of nine runs in ten. Prices are yours; none are ours.
    """
    asked, chosen, often = load(file), each_once(map(named, presets)), Often(**how)
    for plan in asked.plans.values():
        planned_protocol(plan)  # refused before anything is run
    with click.progressbar(
        length=len(chosen) * len(asked.plans) * often.count, label="Runs", file=sys.stderr
    ) as bar:
        found = [(one, compared(asked, one, often, done=bar.update)) for one in chosen]
    if as_json:
        print_json(beside(asked, often, found))
        return
    tell(asked, found)


def each_once(presets: Iterable[Preset]) -> list[Preset]:
    """Raises UsageError for the same one twice: it would be taken for agreement."""
    found = list(presets)
    if len({one.id for one in found}) < len(found):
        raise click.UsageError("--preset: each one once, the two are pooled and sceptical")
    return found


class Span(NamedTuple):
    """From the lowest end of any preset to the highest: what is honestly not known."""

    low: float | None
    high: float | None


def spanned(by_preset: Sequence[Bands]) -> Mapping[str, Mapping[str, Span]]:
    """Of plans that every preset was asked about."""
    return {
        plan: {name: span([one[plan][name] for one in by_preset]) for name in figures}
        for plan, figures in by_preset[0].items()
    }


def span(bands: Sequence[Band]) -> Span:
    lows = [one.low for one in bands if one.low is not None]
    highs = [one.high for one in bands if one.high is not None]
    return Span(min(lows, default=None), max(highs, default=None))


def beside(
    asked: WhatIf, often: Often, found: Sequence[tuple[Preset, Bands]]
) -> Mapping[str, object]:
    """One preset as it is; more of them each as it is, and what they span together."""
    each = [document(asked, preset, often, found=bands) for preset, bands in found]
    if len(each) == 1:
        return each[0]
    together = spanned([bands for _, bands in found])
    return {
        "label": LABEL,
        "caution": CAUTION,
        "presets": each,
        "span": {
            plan: {name: one._asdict() for name, one in figures.items()}
            for plan, figures in together.items()
        },
    }


def document(
    asked: WhatIf, preset: Preset, often: Often, *, found: Bands
) -> Mapping[str, object]:
    return {
        "label": LABEL,
        "caution": CAUTION,
        "preset": preset.id,
        "preset_version": preset.version,
        "years": often.years,
        "seed": often.seed,
        "runs": often.count,
        "currency": asked.prices.currency if asked.prices else None,
        "need": need(asked.population)._asdict() if asked.population else None,
        "plans": {
            name: {
                "plan": plan,
                "bands": {key: band._asdict() for key, band in found[name].items()},
            }
            for name, plan in asked.plans.items()
        },
    }


Found = Sequence[tuple[Preset, Bands]]


def tell(asked: WhatIf, found: Found) -> None:
    click.echo(f"{CAUTION.en} {', '.join(preset.name.en for preset, _ in found)}.")
    if asked.population:
        told = need(asked.population)
        weak = ", weakly founded: enter a better one if you have it" if told.weak else ""
        click.echo(
            f"In need in a year: {told.lowest:.0f} to {told.highest:.0f} ({told.source}{weak})"
        )
    for plan in asked.plans:
        click.echo(f"\n{plan}")
        if len(found) > 1:
            heads = "  ".join(f"{preset.id:^34}" for preset, _ in found)
            click.echo(f"  {'':24} {heads}")
        for key in found[0][1][plan]:
            click.echo(
                f"  {key:24} {'  '.join(written(bands[plan][key]) for _, bands in found)}"
            )


def written(band: Band) -> str:
    """Low, middle, high; as wide as the head of its preset."""
    return "  ".join(f"{'-':>10}" if value is None else f"{value:10.2f}" for value in band)
