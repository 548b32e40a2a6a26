"""The questions and findings about a candidate as one page tells them, the open ones first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lysglimt.clinic.referral.findings import finding_as_read
from lysglimt.clinic.referral.models import Override
from lysglimt.clinic.treatment.forms.answers import NONE, READING, AnswersForm, worded
from lysglimt.knowledge.eligibility.criterion import criteria
from lysglimt.knowledge.text import Text
from lysglimt.knowledge.verdict import Finding, Standing, Verdict

from .questions import ASKED, PRESSURE
from .recorded import Known, Recorded
from .wordings import CHOICES, LABELS

MEDICINES = Text(nb="Legemidler", en="Medicines")
LISTS = {"RX": ("medicines",), "IN-5": ("trials", "stimulation")}
"""Where it is confirmed that a list is empty."""

CHAPTER = {"IN-1": "patient.particulars", "REG-1": "consent"}
"""The page on which the question of a criterion is answered, where that is not the history."""


@dataclass(frozen=True, slots=True)
class Group:
    """One criterion: what it asks, the fields that answer it, and what the record says already."""

    criterion: str
    title: Text
    questions: tuple[Finding, ...]
    fields: tuple[Any, ...]
    said_by_fields: bool
    recorded: tuple[tuple[Any, str, Recorded], ...]
    chapter: str
    folded: bool
    """Answered already: out of the way of those that are not, until something is refused."""


def groups(form: AnswersForm, known: Known, verdict: Verdict | None) -> tuple[Group, ...]:
    """Those with an open question first; without a verdict, as in journal mode, all as they come."""
    asked: dict[str, list[Finding]] = {}
    for finding in verdict.questions if verdict else ():
        asked.setdefault(finding.criterion, []).append(finding)
    names = dict.fromkeys((*asked, *ASKED))
    return tuple(
        Group(
            criterion=name,
            title=criteria()[name].title if name in criteria() else MEDICINES,
            questions=tuple(asked.get(name, ())),
            fields=tuple(fields(form, name)),
            said_by_fields=said_by_fields(form, name),
            recorded=tuple(recorded(known, name)),
            chapter=CHAPTER.get(name, "history"),
            folded=verdict is not None and name not in asked and not form.errors,
        )
        for name in names
        if name in asked or any(fields(form, name)) or any(recorded(known, name))
    )


def fields(form: AnswersForm, criterion: str) -> Iterator[Any]:
    lists = [f"{NONE}{name}" for name in LISTS.get(criterion, ())]
    reading = READING if criterion == PRESSURE else ()
    for name in (*ASKED.get(criterion, ()), *lists, *reading):
        if name in form.fields:
            yield form[name]


def said_by_fields(form: AnswersForm, criterion: str) -> bool:
    """The fields ask all there is to ask: no question is about a diagnosis."""
    rule = criteria().get(criterion)
    return any(fields(form, criterion)) and rule is not None and not rule.diagnoses


def recorded(known: Known, criterion: str) -> Iterator[tuple[Any, str, Recorded]]:
    for name in ASKED.get(criterion, ()):
        if name in known.recorded:
            fact = known.recorded[name]
            yield LABELS[name], worded(name, fact.value), fact


def registration_word(known: Known) -> Any:
    choice = known.candidate.agreement.registration
    return CHOICES[choice.value] if choice else None


def worst_first(verdict: Verdict) -> tuple[Finding, ...]:
    """What is found, without the open questions and without what is met."""
    found = (f for f in verdict.reasons if f.standing is not Standing.UNKNOWN)
    return tuple(sorted(found, key=lambda finding: -finding.standing))


def met(verdict: Verdict) -> tuple[Finding, ...]:
    return tuple(f for f in verdict.findings if f.standing is Standing.MET)


@dataclass(frozen=True, slots=True)
class SetAside:
    """A criterion that the first doctor set aside: what was found, and why it is set aside."""

    override: Override
    findings: tuple[Finding, ...]


def set_aside(overrides: Sequence[Override]) -> tuple[SetAside, ...]:
    """Of one decision, in the words of the assessment that it rests on."""
    verdict = overrides[0].decision.assessment.verdict if overrides else ()
    found = [finding_as_read(said) for said in verdict]
    return tuple(
        SetAside(
            one,
            tuple(
                finding
                for finding in found
                if finding.criterion == one.criterion and finding.standing > Standing.CAUTION
            ),
        )
        for one in sorted(overrides, key=lambda one: (-one.standing, one.pk))
    )


def against(verdict: Verdict) -> tuple[Finding, ...]:
    """What must be set aside, with a reason, before the patient is accepted."""
    found = (f for f in verdict.findings if f.standing > Standing.CAUTION)
    return tuple(sorted(found, key=lambda finding: -finding.standing))
