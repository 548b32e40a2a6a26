"""The course-of-symptoms model beside what trials found, and its fit."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import fields
from pathlib import Path

import click

from lysglimt.knowledge.catalogue import read
from lysglimt.knowledge.errors import Implausible
from lysglimt.science.course.symptoms import LABEL, Preset, preset, presets
from lysglimt.science.course.targets import Compared, Targets, compared, fit, load, published
from lysglimt.server.output import print_json

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
PEOPLE = click.IntRange(200, 1_000_000)


@click.group
def command() -> None:
    """The model of how symptoms run after doses: of groups, never of a patient."""


@command.command("targets")
@click.option("--preset", "name", default="pooled", show_default=True, metavar="ID|FILE.toml")
@click.option("--targets", "file", type=FILE, help="Own targets, instead of the published.")
@click.option("--people", type=PEOPLE, default=20_000, show_default=True)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def shown(*, name: str, file: Path | None, people: int, seed: int, as_json: bool) -> None:
    """Print every target beside the model, with how many errors lie between them."""
    chosen = named(name)
    rows = compared(chosen.reckoned, stated(file), people=people, seed=seed)
    if as_json:
        print_json(document(chosen, rows, people=people, seed=seed))
        return
    click.echo(f"{chosen.name.en} (version {chosen.version}). {LABEL.en}")
    for row in rows:
        one = row.target
        beside = "" if one.fitted else "  not fitted"
        click.echo(
            f"{one.id:28} {one.found.value!s:>6} {row.model:7.3f}  z {row.z:5.1f}{beside}"
        )
    click.echo(f"chi2 {chi_square(rows):.1f}")


@command.command("fit")
@click.option("--preset", "name", default="pooled", show_default=True, metavar="ID|FILE.toml")
@click.option("--targets", "file", type=FILE, help="Own targets, instead of the published.")
@click.option("--people", type=PEOPLE, default=5_000, show_default=True)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
@click.option("--steps", type=click.IntRange(1), default=600, show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write a preset.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def fitted(
    *, name: str, file: Path | None, out: Path | None, as_json: bool, **how: int
) -> None:
    """Bring the figures of a preset nearer to the targets; begins where it stands."""
    chosen = named(name)
    done = fit(chosen.reckoned, stated(file), **how)
    if out:
        out.write_text(written(chosen, done.figures), encoding="utf-8")
    if as_json:
        print_json({**done._asdict(), **how})
        return
    click.echo(f"loss {done.loss_before:.2f} before, {done.loss:.2f} after. {LABEL.en}")
    for figure, value in done.figures.items():
        click.echo(f"{figure:30} {value:.5g}")


def written(chosen: Preset, figures: Mapping[str, float]) -> str:
    """A preset as a file, to be named with --preset. What was fitted rests on nobody's paper."""
    lines = [f'id = "{chosen.id}-fitted"', f'version = "{chosen.version}"']
    for key in ("name", "note"):
        text = getattr(chosen, key)
        lines += [f"[{key}]", f"nb = {json.dumps(text.nb)}", f"en = {json.dumps(text.en)}"]
    for group in ("figures", "expectancy", "care"):
        lines.append(f"[{group}]")
        for field in fields(getattr(chosen, group)):
            number = getattr(getattr(chosen, group), field.name)
            name = field.name if group == "figures" else f"{group}.{field.name}"
            lines.append(
                f'{field.name} = {{ value = {figures[name]:.6g}, unit = "{number.unit}", '
                'mark = "own", source = "own-proposal" }'
            )
    return "\n".join(lines) + "\n"


def named(name: str) -> Preset:
    """A preset that is shipped, or one in a file."""
    if name in presets() or not name.endswith(".toml"):
        return preset(name)
    return read(Preset, Path(name))


def stated(file: Path | None) -> Targets:
    found = load(file) if file else published()
    if not found.targets:
        raise Implausible.of("--targets", file, "at least one target")
    return found


def chi_square(rows: Iterable[Compared]) -> float:
    return sum(row.z**2 for row in rows if row.target.fitted)


def document(
    chosen: Preset, rows: list[Compared], *, people: int, seed: int
) -> Mapping[str, object]:
    return {
        "preset": chosen.id,
        "version": chosen.version,
        "label": LABEL,
        "people": people,
        "seed": seed,
        "chi2": round(chi_square(rows), 3),
        "targets": [
            {
                "id": row.target.id,
                "found": row.target.found.value,
                "mark": row.target.found.mark,
                "source": row.target.found.source.key,
                "model": round(row.model, 4),
                "z": round(row.z, 2),
                "fitted": row.target.fitted,
            }
            for row in rows
        ],
    }
