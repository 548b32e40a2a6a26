"""Score one set of answers on one instrument."""

import json
import re
from collections.abc import Mapping
from typing import Any

import click

from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.instruments.answers import Answer, Answers
from lysglimt.knowledge.instruments.instrument import Instrument, instrument
from lysglimt.knowledge.instruments.scoring import SEXES, Score, score
from lysglimt.server.output import print_json

NOT_ANSWERED = "-"


class Unreadable(ClinicalError):
    """An answers file that is no table of answers."""

    code = "score.unreadable"


WHOLE = re.compile(r"[-+]?[0-9]{1,9}")
"""No answer has more digits; Python refuses to read thousands."""


# Answers may begin with a minus: `lysglimt score rass -2`, or `-,1,2` for one not answered.
@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("instrument_id", metavar="INSTRUMENT")
@click.argument("answers", required=False, metavar="[ANSWERS]")
@click.option(
    "--answers",
    "file",
    type=click.File(encoding="utf-8"),
    help="JSON: {item id: answer}, null for one not answered.",
)
@click.option("--sex", type=click.Choice(SEXES), help="For cuts that differ by sex.")
@click.option("--education-years", type=int, help="Years of schooling, for MoCA.")
@click.option("--prorate", is_flag=True, help="Use the instrument's rule for missing answers.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(**given: Any) -> None:
    """Score ANSWERS, in the order of the items and separated by commas.

    "-" is not answered, "na" does not apply. Branching scales take --answers FILE.
    """
    scale = instrument(given["instrument_id"])
    scored = score(
        scale,
        _answers(given["answers"], given["file"]),
        sex=given["sex"],
        education_years=given["education_years"],
        prorate=given["prorate"],
    )
    if given["as_json"]:
        print_json(scored)
    else:
        click.echo("\n".join(_lines(scale, scored)))


def _answers(line: str | None, file: Any) -> Answers:
    if (line is None) is (file is None):
        raise click.UsageError("Give the answers either in a line or with --answers FILE.")
    return (
        [_answer(one.strip()) for one in line.split(",")] if line is not None else _read(file)
    )


def _answer(word: str) -> Answer:
    """A number, nothing for "-", else the word itself: the instrument knows whether it has it."""
    if word == NOT_ANSWERED:
        return None
    return int(word) if WHOLE.fullmatch(word) else word


def _read(file: Any) -> Mapping[str, Answer]:
    try:
        answers = json.load(file, object_pairs_hook=_each_once)
    except (ValueError, RecursionError) as refusal:
        raise Unreadable(f"{file.name}: {refusal}", field="file", value=file.name) from refusal
    if not isinstance(answers, dict):
        raise Unreadable(
            f"{file.name}: a table of item ids and answers belongs here",
            field="file",
            value=file.name,
            allowed="{item id: answer}",
        )
    return answers


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """JSON lets a key stand twice and keeps the last; an answer may not vanish so."""
    table = dict(pairs)
    if len(table) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise Unreadable(
            f"'{twice}' is answered twice", field=twice, value=twice, allowed="once"
        )
    return table


def _lines(scale: Instrument, scored: Score) -> list[str]:
    """The score for a reader: total, what it is called, and what needs attention."""
    lines = [f"{scale.short} (version {scored.version}): {_total(scale, scored)}"]
    if not scale.validated:
        lines.append("  an own checklist, not validated")
    for set_id, code in scored.bands.items():
        band_set = next(one for one in scale.bands if one.id == set_id)
        label = next(band.label for band in band_set.bands if band.code == code)
        lines.append(f"  {set_id}: {label.en} ({_mark(band_set.basis)})")
    lines += [f"  {name}: {_said(value)}" for name, value in scored.derived.items()]
    for item_id, attention in scored.safety.items():
        item = scale.item(item_id)
        said = attention.value.replace("_", " ")
        lines.append(f"  item {item.number} ({item.label.en}): {said}")
    if scored.missing:
        numbers = ", ".join(scale.item(item_id).number for item_id in scored.missing)
        lines.append(f"  not answered: item {numbers}")
    return lines


def _total(scale: Instrument, scored: Score) -> str:
    if scored.total is None:
        return "no total"
    prorated = ", prorated" if scored.prorated else ""
    return f"{scored.total} of {scale.scoring.lowest} to {scale.scoring.highest}{prorated}"


def _mark(basis: Any) -> str:
    return f"{basis.mark}, {basis.source.key}"


def _said(value: object) -> str:
    words: Mapping[object, str] = {None: "not decided", True: "yes", False: "no"}
    if value is None or isinstance(value, bool):
        return words[value]
    if isinstance(value, tuple):
        return ", ".join(value)
    return str(value)
