"""Who deviates from a finding, why, and what the verdict then comes to."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.verdict import Finding, Standing, Verdict

from .criterion import criteria

AFTER = Standing.CAUTION
"""How an overridden finding counts in the decision: treatment may start, with care."""


class NotOverridden(ClinicalError):
    """An override that lacks what it needs: a reason, a signature, a criterion that allows it."""

    code = "eligibility.not-overridden"


@dataclass(frozen=True, slots=True)
class Override:
    """A deviation from one criterion, with its reason and the names of those who signed it.

    Raises NotOverridden without a reason or a signature.
    """

    criterion: str
    reason: str
    signed_by: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise NotOverridden(
                f"the override of {self.criterion} gives no reason",
                field="reason",
                value=self.reason,
                allowed="a reason in words",
            )
        if not self.signatures:
            raise NotOverridden(
                f"nobody signed the override of {self.criterion}",
                field="signed_by",
                value=self.signed_by,
                allowed="at least one name",
            )

    @property
    def signatures(self) -> frozenset[str]:
        """Different signers: the same name twice is one signature."""
        names = (" ".join(name.split()).casefold() for name in self.signed_by)
        return frozenset(name for name in names if name)


@dataclass(frozen=True, slots=True)
class Deviation:
    """A finding that was overridden, with the override: what the register sees."""

    finding: Finding
    override: Override


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict as it was found, what was overridden, and how it stands after that.

    ``idle`` are overrides of criteria in which there is nothing, or no longer, to override.
    """

    verdict: Verdict
    deviations: tuple[Deviation, ...]
    idle: tuple[Override, ...]
    standing: Standing

    def override_of(self, finding: Finding) -> Override | None:
        """The override of this finding, to be shown beside it."""
        return next((d.override for d in self.deviations if d.finding == finding), None)


def decision(verdict: Verdict, overrides: Iterable[Override] = ()) -> Decision:
    """What the verdict comes to when the overrides are applied; the findings stay as found.

    What excludes needs two different signatures, and so does an unanswered question of a
    criterion that may exclude; anything else needs one. Raises NotOverridden.
    """
    given = tuple(overrides)
    _refuse_doubles(given)
    deviations = tuple(d for override in given for d in _deviations(verdict, override))
    overridden = {deviation.finding for deviation in deviations}
    used = {deviation.override.criterion for deviation in deviations}
    left = (
        AFTER if finding in overridden else finding.standing for finding in verdict.findings
    )
    idle = tuple(override for override in given if override.criterion not in used)
    return Decision(verdict, deviations, idle, max(left, default=Standing.UNKNOWN))


def _refuse_doubles(overrides: Iterable[Override]) -> None:
    seen: set[str] = set()
    for override in overrides:
        if override.criterion in seen:
            raise NotOverridden(
                f"{override.criterion} is overridden twice",
                field="criterion",
                value=override.criterion,
                allowed="each criterion once",
            )
        seen.add(override.criterion)


def _deviations(verdict: Verdict, override: Override) -> Iterator[Deviation]:
    known = {finding.criterion: None for finding in verdict.findings}
    if override.criterion not in known:
        nearest = get_close_matches(override.criterion, known, n=1, cutoff=0)
        raise NotOverridden(
            f"no criterion is called '{override.criterion}', the nearest is '{''.join(nearest)}'",
            field="criterion",
            value=override.criterion,
            allowed=tuple(known),
        )
    for finding in verdict.findings:
        if finding.criterion == override.criterion and finding.standing > AFTER:
            _refuse_unsigned(finding, override)
            yield Deviation(finding, override)


def _refuse_unsigned(finding: Finding, override: Override) -> None:
    rule = criteria().get(finding.criterion)
    if rule is not None and not rule.overridable:
        raise NotOverridden(
            f"{finding.criterion} cannot be overridden: {rule.title.en}",
            field="criterion",
            value=finding.criterion,
            allowed="any other criterion",
        )
    asked = finding.standing is Standing.UNKNOWN and rule is not None
    worst = rule.standing if asked and rule is not None else finding.standing
    needed = 2 if worst is Standing.EXCLUDED else 1
    if len(override.signatures) < needed:
        raise NotOverridden(
            f"{finding.criterion} needs {needed} different signatures",
            field="signed_by",
            value=override.signed_by,
            allowed=f"at least {needed} different names",
        )
