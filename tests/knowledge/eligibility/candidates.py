"""The candidate of the published example who meets every criterion, and variations of her."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from lysglimt.knowledge.eligibility.candidate import Candidate, Diagnosis
from lysglimt.knowledge.eligibility.intake import Sheet, sheet
from lysglimt.knowledge.eligibility.screening import screen
from lysglimt.knowledge.verdict import Finding, Standing

EXAMPLES = Path(__file__).resolve().parents[3] / "docs/examples/screen"
ON = date(2026, 3, 2)


def stated(name: str) -> Any:
    text = (EXAMPLES / f"{name}.json").read_text(encoding="utf-8")
    return json.loads(text, parse_float=Decimal)


def example(name: str) -> Sheet:
    return sheet(stated(name))


WELL = example("eligible").candidate


def having(**parts: Any) -> Candidate:
    """WELL with other values: ``ratings={"madrs": 19}``, ``diagnoses=[...]`` are added to hers."""
    changed: dict[str, Any] = {}
    for name, value in parts.items():
        if name == "diagnoses":
            changed[name] = (*(WELL.diagnoses or ()), *value)
        elif isinstance(value, dict):
            changed[name] = replace(getattr(WELL, name), **value)
        else:
            changed[name] = value
    return replace(WELL, **changed)


def ill(code: str, status: Any = None, **more: Any) -> Candidate:
    return having(diagnoses=[Diagnosis(code, status, **more)])


def days_ago(days: int) -> date:
    return ON - timedelta(days=days)


def findings(candidate: Candidate, criterion: str) -> tuple[Finding, ...]:
    return tuple(f for f in screen(candidate, on=ON).findings if f.criterion == criterion)


def standing(candidate: Candidate, criterion: str) -> Standing:
    return max(finding.standing for finding in findings(candidate, criterion))


def others_met(candidate: Candidate, but: Iterable[str]) -> bool:
    return all(
        f.standing is Standing.MET
        for f in screen(candidate, on=ON).findings
        if f.criterion not in set(but)
    )
