"""Where a course stands on a day, from its protocol and its facts."""

from dataclasses import fields, is_dataclass
from datetime import datetime
from pathlib import Path

import click

from lysglimt.knowledge.figures import Basis
from lysglimt.knowledge.protocols.course import course_state
from lysglimt.knowledge.protocols.facts import CourseFacts
from lysglimt.knowledge.protocols.facts_file import read_facts
from lysglimt.knowledge.protocols.library import latest
from lysglimt.knowledge.protocols.state import CourseState, Due
from lysglimt.server.output import plain, print_json
from lysglimt.server.schema import json_schema


def _schema(context: click.Context, _: click.Parameter, wanted: object) -> None:
    if wanted and not context.resilient_parsing:
        print_json(json_schema(CourseFacts, title="The facts of a course"))
        context.exit()


@click.command
@click.argument("protocol")
@click.argument("facts", type=click.Path(path_type=Path))
@click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    required=True,
    help="The day asked for, in Europe/Oslo. Facts of later days are not counted.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option(
    "--schema",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_schema,
    help="Print the JSON Schema of FACTS and stop.",
)
def command(protocol: str, facts: Path, on: datetime, *, as_json: bool) -> None:
    """Print where the course stands: phase, deviations, what is due, the next decision.

    PROTOCOL is an id that `lysglimt protocols list` prints; FACTS is a JSON file.
    """
    chosen = latest(protocol)
    stated = read_facts(facts.read_text(encoding="utf-8"), name=facts.name)
    state = course_state(chosen, stated, on.date())
    if as_json:
        print_json(cited(state))
    else:
        _print(state)


def cited(value: object) -> object:
    """As plain, with every basis as its mark and the key of its source."""
    if isinstance(value, Basis):
        return {"mark": value.mark.value, "source": value.source.key}
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: cited(getattr(value, field.name)) for field in fields(value)}
    return [cited(one) for one in value] if isinstance(value, tuple) else plain(value)


def _print(state: CourseState) -> None:
    was, advice = state.recorded, state.advice
    click.echo(f"{state.protocol} {state.version}, {state.on}: {was.phase}, since {was.since}")
    target = "unknown" if was.target is None else was.target
    click.echo(f"sessions: {was.sessions} given, {was.counted} of {target} counted")
    for one in was.deviations:
        click.echo(f"departure {one.on}: {one.ground.reason} [{one.ground.rule}]")
    for item in advice.due:
        click.echo(_line(item))
    if advice.next:
        proposed = " or ".join(advice.next.proposed) or "nothing yet"
        ground = advice.next.ground
        click.echo(f"to decide: {proposed}. {ground.reason} [{ground.rule}]")


def _line(item: Due) -> str:
    what = " ".join(filter(None, (item.matter, item.instrument)))
    until = f" to {item.latest}" if item.latest else ""
    late = " (overdue)" if item.overdue else ""
    blocked = "".join(f"; {one.reason}" for one in item.blocked_by)
    return f"{item.status}{late}: {what}, {item.earliest}{until}{blocked}"
