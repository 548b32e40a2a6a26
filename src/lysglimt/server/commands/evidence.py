"""What the trials found: the table, a pool, a network."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from lysglimt.exchange.files.effects import (
    EffectsTable,
    Numbered,
    Refused,
    contrasts,
    effects_table,
)
from lysglimt.exchange.files.long_table import TableRefused, read_table
from lysglimt.exchange.files.pools_said import (
    EXTRAS,
    certainty_said,
    extras,
    fit_lines,
    fit_said,
    moderated,
    natural_lines,
    network_lines,
    network_said,
    pairs_of,
    pool_lines,
    pool_said,
    shares,
    without_weights,
)
from lysglimt.exchange.files.reported import form_of, measure_of, reported_table
from lysglimt.knowledge.catalogue import parse
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.science.evidence.cautions import cautions
from lysglimt.science.evidence.effect_sizes import Measure
from lysglimt.science.evidence.grade import Certainty
from lysglimt.science.evidence.heterogeneity import Method
from lysglimt.science.evidence.network import Network
from lysglimt.science.evidence.pooling import Test, checked, pool
from lysglimt.science.evidence.pools import Snapshot, difference, pooled, snapshot
from lysglimt.science.evidence.questions import query
from lysglimt.science.evidence.trial_checks import Sheet, problems
from lysglimt.science.evidence.trial_rows import Problem, Row, rows_of, shipped
from lysglimt.server.output import print_json

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
LANGUAGE = click.option(
    "--lang", type=click.Choice(["nb", "en"]), default="nb", help="Of problems and reasons."
)
JSON = click.option("--json", "as_json", is_flag=True, help="As JSON.")
REFUSED, FAILED = 2, 1


@click.group
def command() -> None:
    """Trial evidence: only rows whose every figure was seen in its source."""


@command.command
@click.option("--check", "file", type=FILE, help="Would these rows join the table?")
@LANGUAGE
@JSON
def trials(*, file: Path | None, lang: str, as_json: bool) -> None:
    """The trial table; with --check, what is wrong with FILE, row by row: all of it or nothing.

    Exit code 1 when a row is refused.
    """
    if file is None:
        print_json([row.cells for row in shipped()]) if as_json else listed(shipped())
        return
    rows = rows_of(numbered(file))
    sheet = Sheet(rows, shipped())
    found, new = problems(sheet), sheet.new
    # Of rows whose figures cannot be read nothing more is said.
    careful = () if found else cautions(sheet)
    if as_json:
        print_json(
            {
                "file": file.name,
                "rows": len(rows),
                "new": [row.id for row in new],
                "accepted": not found,
                "problems": found,
                "cautions": careful,
            }
        )
    elif not found:
        click.echo(f"{file.name}: {len(rows)} rows in order, {len(new)} of them new")
        for one in careful:
            click.echo(f"row {one.row}: {one.allowed}: {one.reason.in_language(lang)}")
    told(file, found, lang)
    sys.exit(FAILED if found else 0)


def numbered(file: Path) -> Numbered:
    return [(row.number, row.cells) for row in read_table(file).rows]


def listed(rows: tuple[Row, ...]) -> None:
    """One line a row: who, which arm, when, how many."""
    for row in rows:
        figures = " ".join(
            f"{name} {row.text(name)}"
            for name in ("n_analysed", "responders", "remitters", "relapsers", "change_mean")
            if row.text(name)
        )
        click.echo(
            f"{row.name:18} {row.text('arm_label'):34} {row.text('timepoint'):14} {figures}"
        )
    click.echo(f"{len(rows)} rows of {len({row.trial for row in rows})} trials")


def told(file: Path, found: tuple[Problem, ...], lang: str) -> None:
    for one in found:
        said = one.reason.in_language(lang)
        click.echo(
            f"{file.name}: row {one.row}: {one.column}: {one.value!r}: {said} ({one.allowed})",
            err=True,
        )


def refuse(file: Path, refusal: Refused, lang: str) -> None:
    told(file, refusal.problems, lang)
    sys.exit(REFUSED)


@command.command(name="pool")
@click.option("--effects", type=FILE, help="Columns yi and vi, or what trials reported.")
@click.option(
    "--measure",
    type=click.Choice([one.value for one in Measure]),
    help="Of what trials reported.",
)
@click.option("--query", "asked", metavar="TEXT", help="A question to the trial table.")
@click.option("--join", type=FILE, help="Rows of your own, beside the table, for --query.")
@click.option(
    "--method",
    type=click.Choice([one.value for one in Method]),
    default=Method.REML.value,
    show_default=True,
)
@click.option(
    "--test",
    type=click.Choice([one.value for one in Test]),
    help="Knapp-Hartung (knha) from 3 studies, else z.",
)
@click.option("--with", "more", type=click.Choice(EXTRAS), multiple=True, help="What else.")
@click.option("--moderator", metavar="COL", help="Meta-regression on this column of --effects.")
@click.option("--subgroup", metavar="COL", help="A pool for each value of this column.")
@click.option("--baseline-risk", type=float, help="Of 1: gives the effect per 1,000 people.")
@click.option("--certainty", type=FILE, help="Judgements by a named person, as TOML.")
@click.option("--since", type=FILE, help="The JSON of an earlier pool: what has changed?")
@LANGUAGE
@JSON
def pool_(  # noqa: PLR0913 - click hands over every option by its name
    *,
    effects: Path | None,
    asked: str | None,
    join: Path | None,
    method: str,
    test: str | None,
    more: tuple[str, ...],
    as_json: bool,
    lang: str,
    **given: Any,
) -> None:
    """One estimate from many trials, of effects in a file or of a question to the trial table.

    A question reads: --query "intervention=in_esketamine control=oral_antidepressant
    outcome=response timepoint=4wk measure=RR". Several values are written with |.
    What trials reported, in --effects: events1 n1 events2 n2; mean1 sd1 n1 mean2 sd2 n2, with a
    correlation for a crossover; only1 only2 of its pairs; hr ci_lb ci_ub; events n of one arm.
    """
    if (effects is None) is (asked is None):
        raise click.UsageError("either --effects FILE or --query TEXT")
    how = (Method(method), Test(test) if test else None)
    if effects is not None:
        said, lines = of_effects(effects, how=how, more=more, given=given, lang=lang)
    else:
        said, lines = of_question(str(asked), join, how=how, more=more, given=given, lang=lang)
    if given["certainty"]:
        said["certainty"] = certainty_said(judged(given["certainty"]))
        lines.append(f"certainty {said['certainty']['level']}, {said['certainty']['by']}")
    print_json(said) if as_json else click.echo("\n".join(lines))


How = tuple[Method, Test | None]


def of_effects(
    file: Path, *, how: How, more: tuple[str, ...], given: Mapping[str, Any], lang: str
) -> tuple[dict[str, Any], list[str]]:
    for name in ("since", "baseline_risk"):
        if given[name] is not None:
            raise click.UsageError(f"--{name.replace('_', '-')} belongs to --query")
    table, measure = read_effects(file, lang, given["measure"])
    studies = checked(table.yi, table.vi)
    fit = pool(studies, method=how[0], test=how[1])
    said = fit_said(studies, fit)
    said["studies"] = [
        {"study": study, "yi": yi, "vi": vi}
        for study, yi, vi in zip(table.studies, table.yi, table.vi, strict=True)
    ]
    said |= {"measure": measure, "uninformative": table.uninformative}
    said |= shares(fit, measure, table.people)
    said |= extras(studies, more, method=how[0])
    if "mantel-haenszel" in more:
        said |= without_weights(table.pairs, measure)
    said |= moderated(table, given, method=how[0], test=fit.test)
    return said, [*natural_lines(fit, said, measure), *fit_lines(fit, said)]


def read_effects(
    file: Path, lang: str, asked: str | None
) -> tuple[EffectsTable, Measure | None]:
    """Ready effects, whose measure nobody says; or those of what the trials reported."""
    rows = numbered(file)
    form = form_of(rows)
    measure = measure_of(form, Measure(asked) if asked else None) if form else None
    if asked and form is None:
        raise click.UsageError("--measure belongs to what trials reported, not to yi and vi")
    try:
        if form and measure:
            return reported_table(rows, form, measure), measure
        return effects_table(rows), None
    except Refused as refusal:
        refuse(file, refusal, lang)
        raise


def of_question(
    asked: str,
    join: Path | None,
    *,
    how: How,
    more: tuple[str, ...],
    given: Mapping[str, Any],
    lang: str,
) -> tuple[dict[str, Any], list[str]]:
    for name in ("moderator", "subgroup", "measure"):
        if given[name] is not None:
            raise click.UsageError(f"--{name} belongs to --effects")
    found = pooled(joined(join, lang), query(asked), method=how[0], test=how[1])
    said = pool_said(found, baseline=given["baseline_risk"])
    if found.fit:
        ratio = found.query.measure is Measure.OR
        counted = found.counted if ratio else None
        said |= extras(found.effects, more, method=how[0], counted=counted)
        if "mantel-haenszel" in more:
            said |= without_weights(pairs_of(found), found.query.measure)
    lines = list(pool_lines(found, said, lang))
    if given["since"]:
        changes = difference(earlier(given["since"]), snapshot(found), found.query.measure)
        said["changes"] = changes
        lines += [one.in_language(lang) for one in changes] or ["="]
    return said, lines


def joined(file: Path | None, lang: str) -> tuple[Row, ...]:
    """The shipped rows, and those of a user when every one of them is in order."""
    if file is None:
        return shipped()
    rows = rows_of(numbered(file))
    if found := problems(Sheet(rows, shipped())):
        told(file, found, lang)
        sys.exit(REFUSED)
    return (*shipped(), *Sheet(rows, shipped()).new)


def judged(file: Path) -> Certainty:
    return parse(Certainty, file.read_text(encoding="utf-8"), name=file.name)


def earlier(file: Path) -> Snapshot:
    """What `--json` of an earlier pool holds under ``snapshot``."""
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))["snapshot"]
        return Snapshot(
            kept["query"],
            kept["hash"],
            kept["version"],
            {name: (float(one[0]), float(one[1])) for name, one in kept["effects"].items()},
            tuple(kept["estimate"]) if kept["estimate"] else None,
            kept["tau2"],
        )
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as refusal:
        raise TableRefused(
            f"{file.name}: is not the JSON of an earlier `lysglimt evidence pool --query`",
            field=file.name,
            value="other content",
            allowed="the JSON of a pool",
        ) from refusal


@command.command
@click.option(
    "--contrasts", "file", type=FILE, required=True, help="One row a contrast, or an arm."
)
@click.option(
    "--measure", type=click.Choice(["OR", "RR", "RD"]), default="OR", show_default=True,
    help="Of arms given as events and n.",
)  # fmt: skip
@click.option(
    "--small", type=click.Choice(["good", "bad"]), default="good", show_default=True,
    help="Is a small value good for the patient? P-scores depend on it.",
)  # fmt: skip
@LANGUAGE
@JSON
def network(*, file: Path, measure: str, small: str, lang: str, as_json: bool) -> None:
    """Every treatment against every other, through all trials.

    Columns: study, treat1, treat2, te, se; or an arm a row: study, treat, events, n; or study,
    treat, mean, sd, n.
    """
    try:
        found = Network.of(contrasts(numbered(file), Measure(measure)))
    except Refused as refusal:
        refuse(file, refusal, lang)
        raise
    except ClinicalError as refusal:
        raise TableRefused(f"{file.name}: {refusal}", **refusal.facts) from refusal
    said = network_said(found, small_is_good=small == "good")
    print_json(said) if as_json else click.echo("\n".join(network_lines(found, said)))
