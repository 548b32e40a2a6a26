"""Where, who, and what was before treatment: unit to registration."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from uuid import UUID

from lysglimt.clinic.delivery.scope import Row, Scope
from lysglimt.clinic.people.models import Sex
from lysglimt.clinic.referral.answers import candidate_of
from lysglimt.clinic.referral.models import (
    Diagnosis,
    EligibilityDecision,
    Override,
    ReferralLetter,
    StimulationSeries,
    TreatmentTrial,
)
from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.clinic.treatment.models import (
    Consent,
    ConsentWithdrawal,
    Registration,
    WeightBasis,
)
from lysglimt.knowledge.eligibility.candidate import DiagnosisStatus
from lysglimt.knowledge.eligibility.resistance import maudsley, resistance
from lysglimt.register.disclosure_control import disclosure_rules
from lysglimt.register.legal_basis import LeftOut

from .rows import code, day, newest, standing, whole

OFF_LABEL = "off-label"
"""The point of the consent form about use outside the approval."""
LIOTHYRONINE, MICROGRAMS = "H03AA02", 1000
"""A trial of it is entered in µg a day; the register holds mg."""
BIPOLAR, DEPRESSIONS, MENTAL = "F31", ("F32", "F33", "F31"), "F"
"""Where the codes of ICD-10 begin. The first of the depressions that is there is the diagnosis."""


def unit(scope: Scope) -> Iterator[Row]:
    yield {
        "unit": scope.known_as.number,
        "name": scope.unit.name,
        "kind": scope.unit.kind,
        "organisation_number": code(scope.unit.entity.organisation_number),
        "region": scope.known_as.region,
        "legal_basis": scope.basis.basis,
        "reserved": reserved(scope),
    }


def reserved(scope: Scope) -> int | None:
    """How many, where the decision lets it be told, and they are none or not so few as to be known."""
    number = scope.left_out.get(LeftOut.RESERVED, 0)
    few = 0 < number <= disclosure_rules().few.value
    return number if scope.basis.counts_reserved and not few else None


def person(scope: Scope) -> Iterator[Row]:
    """The year alone of the birth date. The sex of the order stands in where the number gives none."""
    bodies = WeightBasis.objects.in_force().filter(course__patient__in=scope.people)
    told = dict(bodies.exclude(sex="").values_list("course__patient", "sex"))
    for patient, said in scope.particulars.items():
        known = said.sex if said.sex != Sex.UNKNOWN else told.get(patient)
        yield {
            "person": scope.person(patient),
            "birth_year": said.birth_date.year,
            "sex": known,
        }


def referral(scope: Scope) -> Iterator[Row]:
    letters = ReferralLetter.objects.in_force().filter(referral__in=scope.referrals)
    by_referral = newest((row.referral_id, row) for row in letters.defer("question"))
    for one in scope.referrals:
        letter, decided = by_referral.get(one.pk), scope.decisions.get(one.pk)
        if letter is None:
            continue
        yield {
            **of_referral(scope, one.pk, one.patient_id),
            "unit": scope.known_as.number,
            "received_on": letter.received_on,
            "sender": letter.sender_kind,
            "assessment_due": letter.assessment_due,
            "start_due": letter.start_due,
            "decision": decided.kind if decided else None,
            "decided_on": day(stood_from(decided)),
        }


def stood_from(decided: EligibilityDecision | None) -> datetime | None:
    """Where it takes two, when the second signed."""
    if decided is None:
        return None
    signed = getattr(decided, "second_signature", None)
    return signed.at if signed else decided.happened_at


def of_referral(scope: Scope, referral: UUID, patient: UUID) -> Row:
    return {
        "referral": scope.names.name("referral", referral),
        "person": scope.person(patient),
    }


def episode(scope: Scope) -> Iterator[Row]:
    """Of each referral that was assessed; the diagnoses are those in force."""
    current: dict[UUID, list[str]] = defaultdict(list)
    ever: dict[UUID, list[str]] = defaultdict(list)
    held = Diagnosis.objects.in_force().filter(patient__in=scope.people)
    for patient, icd, status in held.values_list("patient_id", "code", "status"):
        ever[patient].append(icd)
        if status == DiagnosisStatus.CURRENT:
            current[patient].append(icd)
    for one in scope.referrals:
        assessed = scope.assessments.get(one.pk)
        if assessed is None:
            continue
        said = candidate_of(assessed.candidate)
        now, codes = current[one.patient_id], ever[one.patient_id]
        main = next(
            (icd for start in DEPRESSIONS for icd in now if icd.startswith(start)), None
        )
        asked = bool(codes) or None
        yield {
            **of_referral(scope, one.pk, one.patient_id),
            "started_on": said.episode.started,
            "severity": said.episode.severity.value if said.episode.severity else None,
            "diagnosis": main,
            "bipolar": asked and any(icd.startswith(BIPOLAR) for icd in codes),
            "comorbidity": asked
            and any(icd.startswith(MENTAL) and not icd.startswith(DEPRESSIONS) for icd in now),
        }


def resistance_history(scope: Scope) -> Iterator[Row]:
    """Medicines before series, each in the order in which they were entered."""
    number: dict[UUID, int] = defaultdict(int)
    theirs = {"patient__in": scope.people}
    for trial in TreatmentTrial.objects.in_force().filter(**theirs):
        number[trial.patient_id] += 1
        yield {
            "person": scope.person(trial.patient_id),
            "trial": number[trial.patient_id],
            "kind": "medicine",
            **of_medicine(trial),
            "improvement": trial.improvement,
            "current_episode": trial.current_episode,
        }
    for series in StimulationSeries.objects.in_force().filter(**theirs):
        number[series.patient_id] += 1
        yield {
            "person": scope.person(series.patient_id),
            "trial": number[series.patient_id],
            "kind": series.kind,
            "sessions": series.sessions,
            "improvement": series.improvement,
            "current_episode": series.current_episode,
        }


def of_medicine(trial: TreatmentTrial) -> Row:
    amount = trial.mg_per_day
    if amount is not None and trial.atc == LIOTHYRONINE:
        amount /= MICROGRAMS
    return {
        "atc": trial.atc,
        "mg_per_day": amount,
        "weeks": whole(trial.weeks),
        "adherence": trial.adherence,
        "intolerant": trial.intolerant,
        "augments": bool(trial.augments),
    }


def eligibility(scope: Scope) -> Iterator[Row]:
    """By the rules as they are now, of the answers as they were on the day they were given."""
    for one in scope.referrals:
        assessed = scope.assessments.get(one.pk)
        if assessed is None:
            continue
        said, on = candidate_of(assessed.candidate), on_day(assessed.happened_at)
        tried = resistance(said.history.trials, age=said.age(on))
        staged, asked = maudsley(said, on=on), said.history.trials is not None
        yield {
            **of_referral(scope, one.pk, one.patient_id),
            "assessed_on": on,
            "standing": standing(assessed.standing),
            "rule_version": assessed.rule_version,
            "failed_in_episode": tried.episode_failures if asked else None,
            "failed_lifetime": tried.lifetime_failures if asked else None,
            "staging": staged.total,
            "staging_band": staged.band.value if staged.band else None,
        }


def override(scope: Scope) -> Iterator[Row]:
    """Of the decisions that stand."""
    by_decision = {row.pk: row for row in scope.decisions.values()}
    for one in Override.objects.filter(decision__in=by_decision).order_by("pk"):
        decided = by_decision[one.decision_id]
        signed = getattr(decided, "second_signature", None)
        yield {
            "referral": scope.names.name("referral", decided.referral_id),
            "criterion": one.criterion,
            "standing": standing(one.standing),
            "second_signed_on": day(signed.at if signed else None),
        }


def consent(scope: Scope) -> Iterator[Row]:
    """Of several of one version and day, the newest."""
    theirs = Consent.objects.in_force().filter(patient__in=scope.people)
    withdrawn = ConsentWithdrawal.objects.in_force().filter(consent__patient__in=scope.people)
    taken_back = dict(withdrawn.values_list("consent__entry", "happened_at"))
    rows = newest(
        ((row.patient_id, row.version, row.signed_by_patient_on), row)
        for row in theirs.order_by("happened_at", "pk")
    )
    for (patient, version, signed_on), row in rows.items():
        yield {
            "person": scope.person(patient),
            "version": version,
            "signed_on": signed_on,
            "off_label": OFF_LABEL in row.items,
            "withdrawn_on": day(taken_back.get(row.entry)),
        }


def registration(scope: Scope) -> Iterator[Row]:
    """Of several on one day, the newest."""
    theirs = Registration.objects.newest_first().filter(patient__in=scope.people).reverse()
    said = theirs.values_list("patient_id", "choice", "happened_at")
    chosen: Mapping[tuple[UUID, object], str] = newest(
        ((patient, day(at)), choice) for patient, choice, at in said
    )
    for (patient, on), choice in chosen.items():
        yield {"person": scope.person(patient), "choice": choice, "chosen_on": on}
