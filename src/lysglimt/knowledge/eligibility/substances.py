"""Alcohol and other substances: present, remitted, prescribed. Tobacco is never part of it."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from lysglimt.knowledge.calendar import months_after
from lysglimt.knowledge.text import Text
from lysglimt.knowledge.verdict import Finding, Standing

from .candidate import Candidate, Diagnosis
from .codes import Fit, fit
from .criterion import Criterion
from .illness import applies, doubt

SEDATIVE_DEPENDENCE = ("F13.2",)
"""Dependence on sedatives: what a doctor prescribed is a relative obstacle."""


def present_use(criterion: Criterion, candidate: Candidate, _: date) -> Iterator[Finding]:
    if candidate.diagnoses is None:
        yield criterion.asked()
        return
    [clause] = criterion.diagnoses
    for diagnosis in candidate.diagnoses:
        question = doubt(clause, diagnosis)
        if question is not None:
            yield criterion.asked(question, value=diagnosis.code)
        elif applies(clause, diagnosis):
            yield _dependence(criterion, diagnosis)


def _dependence(criterion: Criterion, diagnosis: Diagnosis) -> Finding:
    code, words = diagnosis.code, criterion.words
    if fit(code, SEDATIVE_DEPENDENCE) is Fit.WITHIN:
        if diagnosis.prescribed is None:
            return criterion.asked(words["prescribed_question"], value=code)
        if diagnosis.prescribed:
            return criterion.found(
                words["prescribed"], standing=Standing.NEEDS_SPECIALIST, value=code
            )
    return criterion.found(value=code)


def screened_use(criterion: Criterion, candidate: Candidate, _: date) -> Iterator[Finding]:
    """A total never excludes by itself: it asks for a clinician's judgement."""
    audit, dudit = candidate.ratings.audit, candidate.ratings.dudit
    peth = candidate.measurements.peth_umol_l
    limits = criterion.amounts
    yield from _total(criterion, "AUDIT", audit, reached=(audit or 0) >= limits["audit"].value)
    yield from _total(criterion, "DUDIT", dudit, reached=(dudit or 0) >= limits["dudit"].value)
    yield from _total(criterion, "PEth", peth, reached=(peth or 0) > limits["peth"].value)


def _total(
    criterion: Criterion, name: str, total: int | Decimal | None, *, reached: bool
) -> Iterator[Finding]:
    words = criterion.words
    if total is None:
        yield criterion.asked(words["screening_question"], value=name)
    elif reached:
        said = Text(nb=f"{name} {{total}}", en=f"{name} {{total}}").filled(total=total)
        yield criterion.found(
            words["screening"],
            standing=Standing.NEEDS_SPECIALIST,
            basis=criterion.amounts[name.lower()].basis,
            action=words["screening_action"],
            value=said,
        )


def earlier_use(criterion: Criterion, candidate: Candidate, on: date) -> Iterator[Finding]:
    """In remission: long enough is a warning; shorter, or under substitution, is relative."""
    if candidate.diagnoses is None:
        yield criterion.asked(criterion.words["any_question"])
        return
    by_code, by_status, substitution = criterion.diagnoses
    for diagnosis in candidate.diagnoses:
        # A code without a status is EX-03's question already.
        question = doubt(by_status, diagnosis) if diagnosis.status else None
        if applies(substitution, diagnosis):
            yield criterion.found(criterion.words["substitution"], value=diagnosis.code)
        elif applies(by_code, diagnosis) or applies(by_status, diagnosis):
            yield _remitted(criterion, diagnosis, on)
        elif question is not None:
            yield criterion.asked(question, value=diagnosis.code)


def _remitted(criterion: Criterion, diagnosis: Diagnosis, on: date) -> Finding:
    since, code = diagnosis.remission_since, diagnosis.code
    if since is None:
        return criterion.asked(value=code)
    if months_after(since, criterion.counts["months"].value) <= on:
        return criterion.found(
            criterion.words["lasting"], standing=Standing.CAUTION, value=code
        )
    return criterion.found(value=code)
