"""Is this treatment for this patient? Asked, judged with reasons, decided and signed."""

from dataclasses import replace
from importlib.metadata import version

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from lysglimt.clinic.design.refusals import sentence
from lysglimt.clinic.people.access import SignedInRequest, allowed, typed
from lysglimt.clinic.people.models import Patient
from lysglimt.clinic.people.pages import about
from lysglimt.clinic.referral import actions
from lysglimt.clinic.referral.actions import Judged
from lysglimt.clinic.referral.answers import CANDIDATE_VERSION, answered, as_stated
from lysglimt.clinic.referral.models import EligibilityDecision, Referral, ReferralState
from lysglimt.clinic.treatment.actions import refuse_taken_back
from lysglimt.clinic.treatment.approvals import complaint_route
from lysglimt.clinic.treatment.forms.answers import AnswersForm
from lysglimt.clinic.treatment.forms.decision import DecisionForm, RefusalForm
from lysglimt.clinic.treatment.recorded import Known, known
from lysglimt.clinic.treatment.sheet import (
    against,
    groups,
    met,
    registration_word,
    set_aside,
    worst_first,
)
from lysglimt.knowledge.eligibility.candidate import Candidate
from lysglimt.knowledge.eligibility.criterion import criteria
from lysglimt.knowledge.verdict import Finding, Standing, Verdict

page_and_form = require_http_methods(["GET", "POST"])
RULE_VERSION_LENGTH = 16
NO_VERDICT = "journal"
"""The rules of an assessment in journal mode: none were asked."""

ECT_FIRST = "ECT-1"


@page_and_form
@allowed("eligibility", of=Patient)
def show(request: SignedInRequest, patient: Patient) -> HttpResponse:
    """In journal mode everything is asked and kept, and nothing is judged."""
    on = timezone.localdate()
    now = known(on=on, patient=patient)
    if now.referral is None:
        return about(request, patient, "treatment/no_referral.html")
    journal = request.user.journal_mode
    form = AnswersForm(typed(request), known=now)
    if request.method == "POST" and form.is_valid() and saved(request, form, now):
        messages.success(request, gettext("The answers are saved."))
        return redirect("eligibility", pk=patient.pk)
    verdict = None if journal else now.verdict(on=on)
    asked = groups(form, now, verdict)
    return about(
        request,
        patient,
        "treatment/eligibility.html",
        form=form,
        known=now,
        groups=[one for one in asked if not one.folded],
        answered=[one for one in asked if one.folded],
        registration=registration_word(now),
        **told(verdict),
    )


def saved(request: SignedInRequest, form: AnswersForm, now: Known) -> bool:
    """Once the patient is accepted, what an answer says against treatment a doctor takes back."""
    journal, on = request.user.journal_mode, timezone.localdate()
    candidate = emptied(answered(now.candidate, form.said()), form.none_of())
    said = replace(now, candidate=candidate)
    if not journal and now.referral.state == ReferralState.ACCEPTED:
        try:
            refuse_taken_back(now.verdict(on=on), said.verdict(on=on), by=request.user)
        except actions.SpeaksAgainst as refusal:
            form.add_error(None, sentence(refusal))
            return False
    actions.assess(
        referral=now.referral,
        judged=judged(said, journal=journal),
        by=request.user,
        at=timezone.now(),
    )
    return True


def told(verdict: Verdict | None) -> dict[str, object]:
    """What the page says of a verdict; nothing in journal mode."""
    if verdict is None:
        return {"journal": True}
    return {
        "verdict": verdict,
        "found": worst_first(verdict),
        "met": met(verdict),
        "ect_first": [
            f
            for f in verdict.reasons
            if f.criterion == ECT_FIRST and f.standing > Standing.UNKNOWN
        ],
    }


def emptied(candidate: Candidate, none_of: frozenset[str]) -> Candidate:
    """With an empty list where somebody asked and there is nothing."""
    history = candidate.history
    if "trials" in none_of:
        history = replace(history, trials=())
    if "stimulation" in none_of:
        history = replace(history, stimulation=())
    medicines = () if "medicines" in none_of else candidate.medicines
    return replace(candidate, history=history, medicines=medicines)


def judged(now: Known, *, journal: bool) -> Judged:
    """The answers with the verdict of today; in journal mode with none."""
    verdict = Verdict(()) if journal else now.verdict(on=timezone.localdate())
    rules = NO_VERDICT if journal else version("lysglimt")[:RULE_VERSION_LENGTH]
    return Judged(
        candidate=as_stated(now.candidate),
        candidate_version=CANDIDATE_VERSION,
        verdict=verdict,
        rule_version=rules,
    )


def cannot_be_set_aside(finding: Finding) -> bool:
    rule = criteria().get(finding.criterion)
    return rule is not None and not rule.overridable


@page_and_form
@allowed("referral.decide", of=Referral)
def decide(request: SignedInRequest, referral: Referral) -> HttpResponse:
    on = timezone.localdate()
    now = known(on=on, pk=referral.pk)
    journal = request.user.journal_mode
    opposed = () if journal else against(now.verdict(on=on))
    fixed = [finding for finding in opposed if cannot_be_set_aside(finding)]
    criteria_against = dict.fromkeys(finding.criterion for finding in opposed)
    pending = now.referral.pending
    form = DecisionForm(
        typed(request), against=criteria_against, fixed=bool(fixed), pending=pending
    )
    if request.method == "POST" and form.is_valid():
        actions.assess_and_decide(
            referral=now.referral,
            judged=judged(now, journal=journal),
            decided=form.settled(),
            by=request.user,
            at=timezone.now(),
        )
        messages.success(request, gettext("The decision is signed."))
        return redirect("referrals", pk=referral.patient_id)
    return about(
        request,
        now.referral.patient,
        "treatment/decide.html",
        form=form,
        against=opposed,
        fixed=fixed,
        journal=journal,
        referral=referral,
        pending=pending,
    )


@page_and_form
@allowed("referral.refuse", of=Referral)
def refuse(request: SignedInRequest, referral: Referral) -> HttpResponse:
    """Nobody is refused without grounds, a plan, the way to complain, and a word on what follows."""
    now = known(on=timezone.localdate(), pk=referral.pk)
    route = complaint_route(request.user.unit)
    form = RefusalForm(typed(request), by=request.user, route=route)
    if request.method == "POST" and form.is_valid():
        actions.assess_and_refuse(
            referral=now.referral,
            judged=judged(now, journal=request.user.journal_mode),
            refused=form.refused(),
            by=request.user,
            at=timezone.now(),
        )
        messages.success(request, gettext("The refusal is signed."))
        return redirect("referrals", pk=referral.patient_id)
    return about(request, now.referral.patient, "treatment/refuse.html", form=form)


@page_and_form
@allowed("referral.second", of=EligibilityDecision)
def second(request: SignedInRequest, decision: EligibilityDecision) -> HttpResponse:
    """What another doctor reads before signing that a hard exclusion is set aside."""
    on = timezone.localdate()
    now = known(on=on, pk=decision.referral_id)
    opposed = against(now.verdict(on=on)) if getattr(decision, "supported", False) else ()
    patient = now.referral.patient
    if request.method == "POST":
        actions.sign_second(
            decision=decision, found=opposed, by=request.user, at=timezone.now()
        )
        messages.success(request, gettext("Signed."))
        return redirect("referrals", pk=patient.pk)
    whole = decision.overrides.select_related("decision__by", "decision__assessment")
    overrides = list(whole)
    return about(
        request,
        patient,
        "treatment/second.html",
        decision=overrides[0].decision if overrides else decision,
        set_aside=set_aside(overrides),
        since=actions.found_since(overrides, opposed),
        known=now,
        mine=decision.by_id == request.user.pk,
    )
