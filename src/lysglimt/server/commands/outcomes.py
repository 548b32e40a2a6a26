"""Response and remission in any long table of scores."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import click

from lysglimt.exchange.files.long_table import (
    Columns,
    LongTable,
    joined,
    only,
    rated,
    read_table,
    split,
)
from lysglimt.knowledge.outcomes.response import total_range
from lysglimt.knowledge.outcomes.table import VisitSummary, by_visit
from lysglimt.knowledge.quantities import half_up
from lysglimt.server.output import print_json

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
ByVisit = Mapping[str, VisitSummary]


@click.command
@click.argument("file", type=FILE)
@click.option("--patient", required=True, metavar="COL", help="Column of the patient's id.")
@click.option("--visit", required=True, metavar="COL", help="Column of the visit.")
@click.option("--score", required=True, metavar="COL", help="Column of the total.")
@click.option("--baseline", required=True, metavar="VISIT", help="The visit compared with.")
@click.option("--instrument", required=True, metavar="ID", help="As `madrs`, `hamd17`, `phq9`.")
@click.option("--join", type=FILE, help="A table with one row a patient, joined on --patient.")
@click.option("--group", multiple=True, metavar="COL=VALUE", help="Only these rows.")
@click.option("--by", metavar="COL", help="One summary for each value of this column.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def command(  # noqa: PLR0913 - click hands over every option by its name
    *,
    file: Path,
    patient: str,
    visit: str,
    score: str,
    baseline: str,
    instrument: str,
    join: Path | None,
    group: tuple[str, ...],
    by: str | None,
    as_json: bool,
) -> None:
    """Response, partial response and remission by visit, from one row a patient and visit.

    CSV or TSV in UTF-8. An empty cell and n/a are missing. A patient without a baseline is in no
    count of change, response or remission.
    """
    lowest, highest = total_range(instrument)
    table = read_table(file)
    if join:
        table = joined(table, read_table(join), patient)
    for one in group:
        column, _, value = one.partition("=")
        table = only(table, column, value)
    parts = split(table, by) if by else {"": table}
    columns = Columns(patient, visit, score)

    def summary(part: LongTable) -> ByVisit:
        rows = rated(part, columns, lowest=lowest, highest=highest)
        return by_visit(rows, baseline=baseline, instrument=instrument)

    summaries = {value: summary(part) for value, part in parts.items()}
    if as_json:
        print_json(summaries if by else summaries[""])
    else:
        for value, by_visits in summaries.items():
            click.echo("\n".join(lines(by_visits, title=f"{by}={value}" if by else "")))


def lines(summary: ByVisit, *, title: str) -> Iterator[str]:
    """A table for people: one line a visit."""
    if title:
        yield title
    width = max(len("visit"), *(len(visit) for visit in summary))
    yield f"{'visit':{width}}  n  missing   mean     sd  change  response  partial  remission"
    for visit, one in summary.items():
        remissions = "  ".join(f"{name} {count}" for name, count in one.remission.items())
        yield (
            f"{visit:{width}} {one.n:2} {one.missing:8} {number(one.mean):>6} {number(one.sd):>6}"
            f" {number(one.change.mean):>7} {share(one.response, one.compared):>9}"
            f" {share(one.partial, one.compared):>8}  {remissions} of {one.compared}"
        )


def number(value: Fraction | Decimal | None) -> str:
    if value is None:
        return "-"
    if isinstance(value, Fraction):
        value = Decimal(value.numerator) / Decimal(value.denominator)
    return str(half_up(value, Decimal("0.1")))


def share(count: int | None, of: int) -> str:
    return "-" if count is None else f"{count} of {of}"
