"""Which of the person's diagnoses does a criterion speak of, and do they hold now?"""

from collections.abc import Iterable, Iterator
from datetime import date

from lysglimt.knowledge.text import Text
from lysglimt.knowledge.verdict import Finding, Standing

from .candidate import Candidate, Diagnosis, DiagnosisStatus
from .codes import Fit, fit
from .criterion import Criterion, CriterionLevel, DiagnosisClause, Unless

INEXACT = Text(
    nb="Koden {value} er ikke nøyaktig nok. Hvilken desimal gjelder?",
    en="The code {value} is not exact enough. Which decimal holds?",
)
NO_STATUS = Text(
    nb="Gjelder {value} nå, er den i remisjon, eller hører den til tidligere?",
    en="Does {value} hold now, is it in remission, or is it of the past?",
)
HOW_SEVERE = Text(
    nb="Er {value} alvorlig, eller for en svulst: er det masseeffekt?",
    en="Is {value} severe, or for a tumour: is there mass effect?",
)
EASED = Text(
    nb="{value}: vurdert som mild eller kontrollert.",
    en="{value}: judged mild or controlled.",
)


def illness(criterion: Criterion, candidate: Candidate, _: date) -> Iterator[Finding]:
    """A finding or a question for every diagnosis that the criterion's clauses speak of."""
    if candidate.diagnoses is None:
        yield criterion.asked()
        return
    for clause in criterion.diagnoses:
        yield from in_clause(criterion, clause, candidate.diagnoses)


def in_clause(
    criterion: Criterion, clause: DiagnosisClause, diagnoses: Iterable[Diagnosis]
) -> Iterator[Finding]:
    for diagnosis in diagnoses:
        question = doubt(clause, diagnosis)
        if question is not None:
            yield criterion.asked(question, value=diagnosis.code)
        elif applies(clause, diagnosis):
            yield _weighed(criterion, clause, diagnosis)


def doubt(clause: DiagnosisClause, diagnosis: Diagnosis) -> Text | None:
    """What must be asked before it is known whether the clause applies."""
    match _fit(clause, diagnosis):
        case Fit.PERHAPS if _may_hold(clause, diagnosis.status):
            return INEXACT
        case Fit.WITHIN if diagnosis.status is None and not _holds_always(clause):
            return NO_STATUS
        case _:
            return None


def applies(clause: DiagnosisClause, diagnosis: Diagnosis) -> bool:
    """The code falls under the clause and its status is one of the clause's."""
    known = _holds_always(clause) or diagnosis.status in clause.status
    return _fit(clause, diagnosis) is Fit.WITHIN and known


def _fit(clause: DiagnosisClause, diagnosis: Diagnosis) -> Fit:
    if fit(diagnosis.code, clause.but_not) is Fit.WITHIN:
        return Fit.OUTSIDE
    return fit(diagnosis.code, clause.codes)


def _holds_always(clause: DiagnosisClause) -> bool:
    return set(clause.status) == set(DiagnosisStatus)


def _may_hold(clause: DiagnosisClause, status: DiagnosisStatus | None) -> bool:
    return status is None or status in clause.status


def _weighed(criterion: Criterion, clause: DiagnosisClause, diagnosis: Diagnosis) -> Finding:
    """As the clinician judged it: mild or controlled is a note, where the clause says so."""
    value = diagnosis.code
    if clause.unless is Unless.CONTROLLED and diagnosis.controlled:
        return criterion.found(EASED, standing=Standing.NOTE, value=value)
    if clause.unless is Unless.NOT_SEVERE:
        if diagnosis.severe is False:
            return criterion.found(EASED, standing=Standing.NOTE, value=value)
        if diagnosis.severe is None and criterion.level is CriterionLevel.EXCLUSION:
            return criterion.asked(HOW_SEVERE, value=value)
    return criterion.found(value=value)
