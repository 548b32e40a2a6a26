"""Is this treatment for this person? Findings with reasons and sources."""

import json
import time
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from lysglimt.knowledge.dosing.weights import Sex
from lysglimt.knowledge.eligibility.candidate import Candidate
from lysglimt.knowledge.eligibility.intake import Misfilled, Sheet, sheet
from lysglimt.knowledge.eligibility.overriding import Decision, Override
from lysglimt.knowledge.eligibility.screening import decision, screen
from lysglimt.knowledge.safety.interactions import SessionCircumstances, interactions
from lysglimt.knowledge.text import Text
from lysglimt.knowledge.verdict import Finding, Verdict
from lysglimt.server.output import print_json


@click.command
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--on", "day", metavar="DATE", help="The day of screening, as 2026-03-02.")
@click.option("--lang", type=click.Choice(["nb", "en"]), default="nb", help="For reading.")
@click.option("--json", "as_json", is_flag=True, help="Everything, in both languages, as JSON.")
@click.option("--schema", is_flag=True, help="Print the JSON Schema of FILE.")
def command(
    file: Path | None, day: str | None, lang: str, *, as_json: bool, schema: bool
) -> None:
    """Findings for the candidate in FILE, with reasons and sources."""
    if schema:
        click.echo(_schema(), nl=False)
        return
    if file is None:
        raise click.UsageError("FILE is missing")
    filled = _read(file)
    on = _day(day) or filled.on or _today()
    decided = decision(_verdict(filled.candidate, on), filled.overrides)
    if as_json:
        print_json(_stated(decided, on))
    else:
        click.echo("\n".join(_lines(decided, lang)))


def _schema() -> str:
    file = files("lysglimt.knowledge.eligibility") / "screen.schema.json"
    return file.read_text(encoding="utf-8")


def _read(file: Path) -> Sheet:
    try:
        stated = json.loads(
            file.read_text(encoding="utf-8"),
            parse_float=Decimal,
            parse_constant=_no_number,
            object_pairs_hook=_once,
        )
    except (ValueError, RecursionError) as refusal:
        raise Misfilled(f"{file} is not JSON: {refusal}", field=str(file)) from refusal
    return sheet(stated)


def _no_number(word: str) -> object:
    raise Misfilled(f"{word} is not a number", value=word, allowed="a number")


def _once(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    """JSON would let the last of two equal names win; what came first would be lost."""
    stated: dict[str, object] = {}
    for name, value in pairs:
        if name in stated:
            raise Misfilled(f"{name} is given twice", field=name, value=value, allowed="once")
        stated[name] = value
    return stated


def _day(text: str | None) -> date | None:
    return None if text is None else sheet({"on": text}).on


def _today() -> date:
    return datetime.fromtimestamp(time.time(), ZoneInfo("Europe/Oslo")).date()


def _verdict(candidate: Candidate, on: date) -> Verdict:
    """Eligibility and interactions together: the worst of all decides."""
    circumstances = SessionCircumstances(
        alcohol_same_day=candidate.bodily.alcohol_same_day,
        grapefruit=candidate.bodily.grapefruit,
        qtc_ms=candidate.measurements.qtc_ms,
        male=None if candidate.sex is None else candidate.sex is Sex.MALE,
    )
    found = screen(candidate, on=on).findings
    return Verdict((*found, *interactions(candidate.medicines, circumstances)))


def _stated(decided: Decision, on: date) -> object:
    return {
        "on": on,
        "standing": decided.verdict.standing.name.lower(),
        "decision": decided.standing.name.lower(),
        "findings": [
            _finding(one, decided.override_of(one)) for one in decided.verdict.findings
        ],
        "questions": [
            {"criterion": one.criterion, "question": one.question}
            for one in decided.verdict.questions
        ],
        "overrides": [
            {"criterion": one.finding.criterion, "applied": True, **_signed(one.override)}
            for one in decided.deviations
        ],
        "idle_overrides": [
            {"criterion": one.criterion, **_signed(one)} for one in decided.idle
        ],
    }


def _signed(override: Override) -> dict[str, object]:
    return {"reason": override.reason, "signed_by": override.signed_by}


def _finding(finding: Finding, override: Override | None) -> dict[str, object]:
    return {
        "criterion": finding.criterion,
        "standing": finding.standing.name.lower(),
        "reason": finding.reason,
        "source": finding.basis.source.key,
        "mark": finding.basis.mark,
        "question": finding.question,
        "action": finding.action,
        "overridden": override is not None,
    }


WORDS = {
    "standing": Text(nb="Samlet: {standing}", en="Overall: {standing}"),
    "after": Text(nb="Etter overstyring: {standing}", en="After overrides: {standing}"),
    "question": Text(nb="Spørsmål", en="Question"),
    "action": Text(nb="Tiltak", en="Action"),
    "override": Text(nb="Overstyrt av {names}: {why}", en="Overridden by {names}: {why}"),
}
STANDINGS = {
    "MET": Text(nb="oppfylt", en="met"),
    "NOTE": Text(nb="merknad", en="note"),
    "CAUTION": Text(nb="forsiktighet", en="caution"),
    "UNKNOWN": Text(nb="ikke kjent", en="unknown"),
    "NEEDS_SPECIALIST": Text(nb="krever spesialist", en="needs a specialist"),
    "EXCLUDED": Text(nb="utelukket", en="excluded"),
}


def _lines(decided: Decision, lang: str) -> list[str]:
    def said(text: Text, **facts: object) -> str:
        return text.filled(**facts).in_language(lang)

    lines = [said(WORDS["standing"], standing=STANDINGS[decided.verdict.standing.name])]
    if decided.deviations:
        lines.append(said(WORDS["after"], standing=STANDINGS[decided.standing.name]))
    for finding in sorted(decided.verdict.findings, key=lambda one: -one.standing):
        basis = f"[{finding.basis.source.key}, {finding.basis.mark}]"
        lines.append(
            f"{finding.criterion}  {said(STANDINGS[finding.standing.name])}: "
            f"{finding.reason.in_language(lang)} {basis}"
        )
        for name, text in (("question", finding.question), ("action", finding.action)):
            if text is not None:
                lines.append(f"    {said(WORDS[name])}: {text.in_language(lang)}")
        override = decided.override_of(finding)
        if override is not None:
            names = ", ".join(override.signed_by)
            lines.append(f"    {said(WORDS['override'], names=names, why=override.reason)}")
    return lines
