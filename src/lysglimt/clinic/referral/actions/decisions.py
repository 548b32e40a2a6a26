"""Assessing a referral and deciding on it; against a hard exclusion two doctors sign."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from lysglimt.clinic.audit import actions as audit
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.people.signing import refuse_all_but_doctors
from lysglimt.clinic.referral.models import (
    Assessment,
    DecisionKind,
    EligibilityDecision,
    Override,
    Referral,
    SecondSignature,
)
from lysglimt.knowledge.eligibility.criterion import criteria
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.verdict import Finding, Standing, Verdict

DECIDED_ANEW = "decided anew"
AGAINST = {Standing.EXCLUDED, Standing.NEEDS_SPECIALIST, Standing.UNKNOWN}
"""Findings that must be overridden, each with its reason, before a patient is accepted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The answers as JSON, the verdict on them, and the versions of both."""

    candidate: Mapping[str, object]
    candidate_version: str
    verdict: Verdict
    rule_version: str


@transaction.atomic
def assess(
    *,
    referral: Referral,
    judged: Judged,
    by: Professional,
    at: datetime,
    entered: Entered | None = None,
) -> Assessment:
    """Keep the answers and the verdict that the rules gave on them."""
    # Who decides at this moment decides before it, or is told of it.
    Referral.objects.select_for_update().get(pk=referral.pk)
    row = Assessment(
        referral=referral,
        candidate=dict(judged.candidate),
        candidate_version=judged.candidate_version,
        verdict=[finding_as_written(finding) for finding in judged.verdict.findings],
        standing=int(judged.verdict.standing),
        rule_version=judged.rule_version,
        by=by,
        received_at=at,
        **asdict(entered or Entered(happened_at=at, entered_at=at)),
    )
    return people.enter(row, operation="referral.assess", patients=[referral.patient_id])


def finding_as_written(finding: Finding) -> dict[str, object]:
    """A finding as the row keeps it, in both languages and with its source."""
    return {
        "criterion": finding.criterion,
        "standing": int(finding.standing),
        "reason": {"nb": finding.reason.nb, "en": finding.reason.en},
        "mark": finding.basis.mark.value,
        "source": finding.basis.source.key,
        "question": finding.question and {"nb": finding.question.nb, "en": finding.question.en},
        "action": finding.action and {"nb": finding.action.nb, "en": finding.action.en},
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Overridden:
    """A criterion that speaks against treatment, and why the patient is treated all the same."""

    criterion: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What a psychiatrist signs: accept or wait, what is set aside and why, and the grounds."""

    kind: DecisionKind
    overrides: Sequence[Overridden] = ()
    grounds: str = ""
    replaces: int | None = None
    """The decision that waits for a second signature and is taken back by this one."""


class NotOverridden(ClinicalError):
    """A criterion speaks against treatment, and nobody has said why it is set aside."""

    code = "eligibility.not-overridden"


class DecisionPending(ClinicalError):
    """Another acceptance of this referral waits for its second signature."""

    code = "eligibility.decision-pending"


@transaction.atomic
def decide_eligibility(
    *,
    assessment: Assessment,
    kind: DecisionKind,
    by: Professional,
    at: datetime,
    overrides: Sequence[Overridden] = (),
    grounds: str = "",
) -> EligibilityDecision:
    """Accepting against a hard exclusion waits for a second signature.

    To wait or refuse takes back an acceptance that waits for its second signature.
    Raises NotADoctor, NotOverridden, NotNewest when there is a later assessment, and
    DecisionPending when another acceptance waits.
    """
    refuse_all_but_doctors(by)
    Referral.objects.select_for_update().get(pk=assessment.referral_id)
    refuse_older(assessment)
    settle_pending(assessment.referral, kind=kind, by=by, at=at)
    against = speaking_against(assessment) if kind is DecisionKind.ACCEPT else {}
    reasons = reasons_for(against, overrides)
    row = EligibilityDecision(
        referral=assessment.referral,
        assessment=assessment,
        kind=kind.value,
        grounds=grounds,
        needs_second=any(map(may_exclude, against.items())),
        by=by,
        received_at=at,
        **asdict(Entered(happened_at=at, entered_at=at)),
    )
    patients = [assessment.referral.patient_id]
    decision = people.enter(row, operation="referral.decide", patients=patients)
    set_aside(decision, against, reasons)
    return decision


def set_aside(
    decision: EligibilityDecision, against: dict[str, Standing], reasons: Mapping[str, str]
) -> None:
    """Each criterion that speaks against, with the reason why it does not decide."""
    Override.objects.bulk_create(
        Override(
            decision=decision,
            criterion=criterion,
            standing=int(standing),
            reason=reasons[criterion],
        )
        for criterion, standing in sorted(against.items())
    )


def settle_pending(
    referral: Referral, *, kind: DecisionKind, by: Professional, at: datetime
) -> None:
    """One acceptance at a time waits for a second doctor."""
    waits = EligibilityDecision.objects.awaiting_second_signature().filter(referral=referral)
    for pending in waits:
        if kind is DecisionKind.ACCEPT:
            raise DecisionPending("An acceptance waits for its second signature.")
        take_back(pending, by=by, at=at)


def take_back(pending: EligibilityDecision, *, by: Professional, at: datetime) -> None:
    people.withdraw(
        pending,
        by=by,
        at=at,
        operation="eligibilitydecision.correct",
        patients=[pending.referral.patient_id],
        reason=DECIDED_ANEW,
    )


class NotNewest(ClinicalError):
    """The patient was assessed again after this assessment was read."""

    code = "eligibility.not-newest"


def refuse_older(assessment: Assessment) -> None:
    """What excludes may have come to light since."""
    mine = Assessment.objects.in_force().filter(referral=assessment.referral_id)
    newest = mine.newest_first().first()
    if newest is None or newest.pk != assessment.pk:
        raise NotNewest("There is a later assessment of this referral.", field="assessment")


@transaction.atomic
def assess_and_decide(
    *,
    referral: Referral,
    judged: Judged,
    decided: Settled,
    by: Professional,
    at: datetime,
) -> EligibilityDecision:
    """The decision rests on what is known at this moment; both are stored, or none."""
    assessment = assess(referral=referral, judged=judged, by=by, at=at)
    waits = EligibilityDecision.objects.awaiting_second_signature().filter(referral=referral)
    for pending in waits:
        if pending.pk == decided.replaces:
            take_back(pending, by=by, at=at)
    return decide_eligibility(
        assessment=assessment,
        kind=decided.kind,
        overrides=decided.overrides,
        grounds=decided.grounds,
        by=by,
        at=at,
    )


def reasons_for(against: Collection[str], overrides: Iterable[Overridden]) -> Mapping[str, str]:
    """Why each is set aside, by criterion. Raises NotOverridden for those without a reason."""
    fixed = [one for one in against if one in criteria() and not criteria()[one].overridable]
    if fixed:
        raise NotOverridden(
            f"{', '.join(fixed)} cannot be set aside",
            field="overrides",
            value=fixed,
            allowed="",
        )
    reasons = {said.criterion: said.reason.strip() for said in overrides}
    missing = sorted(criterion for criterion in against if not reasons.get(criterion))
    if missing:
        raise NotOverridden(
            f"No reason is given for setting aside {', '.join(missing)}",
            field="overrides",
            value=missing,
            allowed="a reason for each",
        )
    return reasons


def speaking_against(assessment: Assessment) -> dict[str, Standing]:
    """The worst standing of each criterion that must be overridden."""
    worst: dict[str, Standing] = {}
    for finding in assessment.verdict:
        standing = Standing(finding["standing"])
        if standing in AGAINST:
            criterion = finding["criterion"]
            worst[criterion] = max(standing, worst.get(criterion, standing))
    return worst


def may_exclude(finding: tuple[str, Standing]) -> bool:
    """What excludes, and an open question of a criterion whose answer may exclude."""
    criterion, standing = finding
    rule = criteria().get(criterion)
    asked = standing is Standing.UNKNOWN and rule is not None
    return (rule.standing if asked and rule else standing) is Standing.EXCLUDED


class SameSigner(ClinicalError):
    """The second signature is another doctor's."""

    code = "eligibility.same-signer"


class AlreadySigned(ClinicalError):
    """There is nothing to sign: two have signed, or one was enough."""

    code = "eligibility.already-signed"


class DecisionGone(ClinicalError):
    """It was struck after it was read."""

    code = "eligibility.decision-gone"


class FoundSince(ClinicalError):
    """Something speaks against treatment that the first doctor did not answer for."""

    code = "eligibility.found-since"


@transaction.atomic
def sign_second(
    *,
    decision: EligibilityDecision,
    found: Iterable[Finding],
    by: Professional,
    at: datetime,
) -> SecondSignature:
    """Until this, a decision against a hard exclusion does not stand.

    ``found`` is what the rules find at this moment; nothing in journal mode. Raises NotADoctor,
    SameSigner, AlreadySigned, FoundSince, and DecisionGone for one that was struck.
    """
    refuse_all_but_doctors(by)
    # Who assesses at this moment does so before it, or sees the signature.
    Referral.objects.select_for_update().get(pk=decision.referral_id)
    locked = EligibilityDecision.objects.select_for_update().get(pk=decision.pk)
    if not EligibilityDecision.objects.in_force().filter(pk=locked.pk).exists():
        raise DecisionGone("This decision is no longer in force.", field="decision")
    signed = SecondSignature.objects.filter(decision=locked).exists()
    if signed or not locked.needs_second:
        raise AlreadySigned("This decision needs no further signature.")
    if locked.by_id == by.pk:
        raise SameSigner("The second signature is another doctor's.", by=str(by))
    refuse_found_since(locked, found)
    signature = SecondSignature(decision=locked, first_id=locked.by_id, by=by, at=at)
    signature.save(force_insert=True)
    deed = audit.Deed(patients=[locked.referral.patient_id], after=signature)
    audit.record(by=by, at=at, operation="referral.sign_second", deed=deed)
    return signature


def refuse_found_since(decision: EligibilityDecision, found: Iterable[Finding]) -> None:
    """What was set aside as not clarified is not thereby set aside when it is found."""
    new = found_since(decision.overrides.all(), found)
    if new:
        names = sorted({finding.criterion for finding in new})
        raise FoundSince(
            f"Not answered for: {', '.join(names)}", field="overrides", value=names
        )


def found_since(overrides: Iterable[Override], found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those that speak against treatment, and worse than what the first doctor set aside."""
    answered = {one.criterion: one.standing for one in overrides}
    return tuple(
        finding
        for finding in found
        if finding.standing in AGAINST
        and finding.standing > answered.get(finding.criterion, Standing.MET)
    )
