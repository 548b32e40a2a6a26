"""Is this treatment for this person? Every criterion answers; the worst finding decides."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date

from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.verdict import Finding, Verdict

from . import bodily, inclusion, mental, substances
from .candidate import Candidate
from .criterion import Criterion, criteria
from .illness import illness
from .overriding import Decision, Deviation, NotOverridden, Override, decision
from .published import dutch_gate

__all__ = [
    "RULES",
    "Decision",
    "Deviation",
    "NotOverridden",
    "NotYet",
    "Override",
    "decision",
    "screen",
]

Rule = Callable[[Criterion, Candidate, date], Iterator[Finding]]
"""What asks one thing about a candidate: it yields nothing where nothing is amiss."""

RULES: Mapping[str, tuple[Rule, ...]] = {
    "IN-1": (inclusion.of_age,),
    "IN-2": (inclusion.depressed,),
    "IN-3": (inclusion.severe_enough,),
    "IN-4": (inclusion.long_enough,),
    "IN-5": (inclusion.resistant,),
    "IN-6": (inclusion.decided,),
    "IN-7": (inclusion.consented,),
    "IN-8": (inclusion.followed_up,),
    "IN-9": (inclusion.taken_home,),
    "EX-01": (illness, mental.psychotic),
    "EX-02": (illness, mental.manic),
    "EX-03": (substances.present_use, substances.screened_use),
    "EX-04": (bodily.blood_pressure,),
    "EX-06": (bodily.recent_event,),
    "EX-08": (illness, bodily.pregnancy),
    "EX-10": (bodily.allergy,),
    "EX-12": (illness, bodily.old_event, bodily.long_qtc),
    "EX-13": (illness, bodily.apnoea),
    "EX-15": (illness, bodily.high_enzymes),
    "EX-19": (illness, mental.impaired),
    "EX-23": (substances.earlier_use,),
    "EX-24": (illness, mental.admission),
    "EX-25": (dutch_gate,),
    "ECT-1": (illness, mental.ect_first),
    "REG-1": (inclusion.registered,),
    "AGE-1": (mental.older,),
}
"""Which rules answer for a criterion; one that is not here is about its diagnoses alone."""


class NotYet(ClinicalError):
    """A fact is dated after the day on which the candidate is screened."""

    code = "eligibility.not-yet"


def screen(candidate: Candidate, *, on: date) -> Verdict:
    """Every criterion's findings on the day ``on``; what is not known is a question.

    Raises NotYet when a fact lies after that day.
    """
    for field, day in _dated(candidate):
        if day > on:
            raise NotYet(
                f"{field} is {day.isoformat()}, after the day of screening {on.isoformat()}",
                field=field,
                value=day.isoformat(),
                allowed=f"no later than {on.isoformat()}",
            )
    return Verdict.of(
        finding
        for criterion in criteria().values()
        for finding in _findings(criterion, candidate, on)
    )


def _dated(candidate: Candidate) -> Iterator[tuple[str, date]]:
    named: list[tuple[str, date | None]] = [
        ("birth_date", candidate.birth_date),
        ("episode.started", candidate.episode.started),
    ]
    for diagnosis in candidate.diagnoses or ():
        named.append((f"diagnoses {diagnosis.code} on", diagnosis.on))
        named.append((f"diagnoses {diagnosis.code} remission_since", diagnosis.remission_since))
    named += [
        ("measurements.blood_pressures on", reading.on)
        for reading in candidate.measurements.blood_pressures or ()
    ]
    yield from ((field, day) for field, day in named if day is not None)


def _findings(criterion: Criterion, candidate: Candidate, on: date) -> tuple[Finding, ...]:
    rules = RULES.get(criterion.id, (illness,))
    said = tuple(dict.fromkeys(f for rule in rules for f in rule(criterion, candidate, on)))
    return said or (criterion.well(**_quoted(candidate)),)


def _quoted(candidate: Candidate) -> Mapping[str, object]:
    """What the words of a met criterion may quote."""
    return {
        "ymrs": candidate.ratings.ymrs,
        "moca": candidate.ratings.moca,
        "qtc": candidate.measurements.qtc_ms,
        "alt": candidate.measurements.alt_x_uln,
        "ast": candidate.measurements.ast_x_uln,
    }
