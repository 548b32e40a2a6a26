"""A start gate that was passed: does the record still let the patient through it?"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from types import MappingProxyType

from lysglimt.knowledge.text import Text
from lysglimt.knowledge.verdict import Finding, Standing

from .gate_conditions import gate_rules

ALWAYS = frozenset({"consent", "registered", "no_doctor_now", "one_infusion"})
"""They are put right before a start, whatever the gate said of them."""
UNLESS_SEEN = frozenset({"accepted", "may_be_treated"})
"""Another doctor may have answered at the gate for starting without it."""
Seen = tuple[str, int, str]
"""The criterion, how it stood, and the reason in Norwegian, as the gate wrote it down."""


def closing(
    answers: Mapping[str, bool],
    since_decision: Iterable[Finding] = (),
    *,
    seen: Collection[Seen] = (),
    named: Mapping[str, tuple[Text, ...]] = MappingProxyType({}),
) -> tuple[Finding, ...]:
    """What the record says against a start now, and the gate did not answer for.

    ``answers`` are conditions of the gate that the record answers, by id; ``since_decision``
    speak against treatment and have come since the patient was accepted; ``seen`` are the
    findings of the gate. A condition that is left out is not asked. ``named`` says by condition
    who or what it is that is not in place: of another it was not answered for.
    """
    found = [*_conditions(answers, named), *since_decision]
    return tuple(
        one
        for one in found
        if one.criterion.removeprefix("gate:") in ALWAYS
        or (one.criterion, int(one.standing), one.reason.nb) not in seen
    )


def _conditions(
    answers: Mapping[str, bool], named: Mapping[str, tuple[Text, ...]]
) -> Iterator[Finding]:
    for condition in gate_rules().conditions:
        if condition.id in ALWAYS | UNLESS_SEEN and answers.get(condition.id) is False:
            yield Finding(
                f"gate:{condition.id}",
                Standing.EXCLUDED,
                condition.stated(answers[condition.id], lacking=named.get(condition.id, ())),
                condition.basis,
            )
