"""Findings as rows keep them, given back as the rules gave them."""

from collections.abc import Mapping

from lysglimt.knowledge.figures import Basis, Mark
from lysglimt.knowledge.sources.library import library
from lysglimt.knowledge.text import Text
from lysglimt.knowledge.verdict import Finding, Standing


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
