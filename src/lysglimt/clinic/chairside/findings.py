"""Findings as rows keep them, given back as the rules gave them."""

from collections.abc import Iterable, Mapping

from lysglimt.knowledge.figures import Basis, Mark
from lysglimt.knowledge.monitoring.discharge import discharge_rules
from lysglimt.knowledge.sources.library import library
from lysglimt.knowledge.text import Text
from lysglimt.knowledge.verdict import Finding, Standing

TIME = "DC-1"
"""The wait after the dose: told by the clock, whenever it is asked."""
HANDS = frozenset({"nurse_signed", "doctor_signed"})


def finding_as_read(said: Mapping[str, object]) -> Finding:
    """A finding as a row keeps it, as the rules gave it."""
    return Finding(
        str(said["criterion"]),
        Standing(int(str(said["standing"]))),
        _text(said["reason"]) or Text("–", "–"),
        Basis(Mark(str(said["mark"])), library()[str(said["source"])]),
        question=_text(said["question"]),
        action=_text(said["action"]),
    )


def _text(said: object) -> Text | None:
    return Text(**said) if isinstance(said, dict) else None


def unmet(found: Iterable[Finding]) -> list[Finding]:
    """Of the criteria for going home those not met; time and signatures are told elsewhere."""
    signed = {one.name for one in discharge_rules().conditions if one.id in HANDS}
    return [
        one
        for one in found
        if one.standing > Standing.CAUTION
        and one.criterion != TIME
        and one.reason not in signed
    ]
