"""Every criterion at its boundary: the last value that passes and the first that does not."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from lysglimt.knowledge.dosing.weights import Sex
from lysglimt.knowledge.eligibility.candidate import (
    BloodPressure,
    Candidate,
    Diagnosis,
    DiagnosisStatus,
    Registration,
)
from lysglimt.knowledge.eligibility.criterion import criteria
from lysglimt.knowledge.medicine import Medicine
from lysglimt.knowledge.verdict import Standing

from .candidates import WELL, days_ago, findings, having, ill, others_met, standing

NOW, REMITTED, PAST = DiagnosisStatus
MET, NOTE, CAUTION = Standing.MET, Standing.NOTE, Standing.CAUTION
UNKNOWN, SPECIALIST, EXCLUDED = Standing.UNKNOWN, Standing.NEEDS_SPECIALIST, Standing.EXCLUDED


def only(*diagnoses: Diagnosis) -> Candidate:
    """WELL with these diagnoses and no other."""
    return replace(WELL, diagnoses=diagnoses)


def pressures(*readings: tuple[int, int, int]) -> dict[str, Any]:
    """Readings of so many days ago."""
    return {
        "blood_pressures": tuple(
            BloodPressure(days_ago(d), sys, dia) for d, sys, dia in readings
        )
    }


INCLUSION = [
    pytest.param("IN-1", having(birth_date=date(2008, 3, 2)), MET, id="18 years today"),
    pytest.param("IN-1", having(birth_date=date(2008, 3, 3)), EXCLUDED, id="18 years tomorrow"),
    pytest.param("IN-1", having(birth_date=None), UNKNOWN, id="no birth date"),
    pytest.param("IN-2", only(Diagnosis("F32.1", NOW)), MET, id="moderate episode now"),
    pytest.param("IN-2", only(Diagnosis("F32.0", NOW)), EXCLUDED, id="mild episode"),
    pytest.param("IN-2", only(Diagnosis("F33.2", PAST)), EXCLUDED, id="an earlier episode"),
    pytest.param("IN-2", only(Diagnosis("F33.2")), UNKNOWN, id="no status"),
    pytest.param("IN-2", only(Diagnosis("F33", NOW)), UNKNOWN, id="no decimal"),
    pytest.param("IN-2", only(Diagnosis("F33", PAST)), EXCLUDED, id="no decimal but past"),
    pytest.param("IN-2", having(diagnoses=[Diagnosis("F31", NOW)]), UNKNOWN, id="bare F31"),
    pytest.param("IN-2", ill("F31.3", NOW), UNKNOWN, id="bipolar, stabiliser not known"),
    pytest.param(
        "IN-2",
        having(diagnoses=[Diagnosis("F31.4", NOW)], episode={"mood_stabiliser": True}),
        SPECIALIST,
        id="bipolar with a mood stabiliser",
    ),
    pytest.param(
        "IN-2",
        having(diagnoses=[Diagnosis("F31.3", NOW)], episode={"mood_stabiliser": False}),
        EXCLUDED,
        id="bipolar without, whatever else is coded",
    ),
    pytest.param("IN-2", having(), MET, id="severe recurrent"),
    pytest.param("IN-3", having(ratings={"madrs": 20}), MET, id="MADRS 20"),
    pytest.param("IN-3", having(ratings={"madrs": 19}), EXCLUDED, id="MADRS 19"),
    pytest.param("IN-3", having(ratings={"madrs": None}), UNKNOWN, id="no MADRS"),
    pytest.param("IN-4", having(episode={"started": days_ago(28)}), MET, id="28 days"),
    pytest.param("IN-4", having(episode={"started": days_ago(27)}), EXCLUDED, id="27 days"),
    pytest.param("IN-4", having(episode={"started": None}), UNKNOWN, id="no first day"),
    pytest.param("IN-5", having(history={"trials": None}), UNKNOWN, id="history not taken"),
    pytest.param("IN-5", having(history={"trials": ()}), EXCLUDED, id="nothing tried"),
    pytest.param(
        "IN-6", having(agreement={"specialist_decision": False}), SPECIALIST, id="undecided"
    ),
    pytest.param(
        "IN-6",
        having(agreement={"specialist_decision": None}),
        UNKNOWN,
        id="decision not known",
    ),
    pytest.param(
        "IN-6",
        having(agreement={"alternatives_discussed": False}),
        SPECIALIST,
        id="not discussed",
    ),
    pytest.param("IN-7", having(agreement={"capacity": False}), EXCLUDED, id="no capacity"),
    pytest.param(
        "IN-7", having(agreement={"consent_off_label": False}), EXCLUDED, id="no consent"
    ),
    pytest.param(
        "IN-7", having(agreement={"register_information_given": None}), UNKNOWN, id="not told"
    ),
    pytest.param("IN-8", having(agreement={"follow_up_plan": False}), SPECIALIST, id="no plan"),
    pytest.param(
        "IN-9", having(agreement={"escort_accepted": False}), SPECIALIST, id="no escort"
    ),
    pytest.param(
        "IN-9", having(agreement={"no_driving_accepted": None}), UNKNOWN, id="driving not asked"
    ),
    pytest.param(
        "REG-1",
        having(agreement={"registration": Registration.RESERVED}),
        SPECIALIST,
        id="reserves against register and study",
    ),
    pytest.param("REG-1", having(agreement={"registration": None}), UNKNOWN, id="not asked"),
    pytest.param(
        "REG-1", having(agreement={"registration": Registration.STUDY}), MET, id="in a study"
    ),
    pytest.param("AGE-1", having(birth_date=date(1961, 3, 2)), NOTE, id="65 years today"),
    pytest.param("AGE-1", having(birth_date=date(1961, 3, 3)), MET, id="65 years tomorrow"),
    pytest.param("AGE-1", having(birth_date=None), UNKNOWN, id="age not known"),
]

MIND = [
    pytest.param("EX-01", ill("F20.0", PAST), EXCLUDED, id="schizophrenia earlier"),
    pytest.param("EX-01", ill("F25"), EXCLUDED, id="schizoaffective, status not needed"),
    pytest.param("EX-01", ill("F32.3", PAST), EXCLUDED, id="psychotic depression earlier"),
    pytest.param("EX-01", ill("F32", NOW), UNKNOWN, id="bare F32 may be psychotic"),
    pytest.param(
        "EX-01", having(episode={"psychotic_symptoms": True}), EXCLUDED, id="symptoms, no code"
    ),
    pytest.param(
        "EX-01", having(episode={"psychotic_symptoms": None}), UNKNOWN, id="not asked"
    ),
    pytest.param("EX-02", ill("F30.0", NOW), EXCLUDED, id="hypomania now"),
    pytest.param("EX-02", ill("F30.0", PAST), MET, id="hypomania earlier"),
    pytest.param("EX-02", ill("F31.1"), UNKNOWN, id="mania without a status"),
    pytest.param("EX-02", having(ratings={"ymrs": 5}), MET, id="YMRS 5"),
    pytest.param("EX-02", having(ratings={"ymrs": 6}), EXCLUDED, id="YMRS 6"),
    pytest.param("EX-02", having(ratings={"ymrs": None}), UNKNOWN, id="no YMRS"),
    pytest.param("EX-17", ill("F44.8", NOW), SPECIALIST, id="dissociative disorder"),
    pytest.param("EX-17", ill("F43.1", NOW, severe=False), NOTE, id="PTSD, mild dissociation"),
    pytest.param("EX-17", ill("F43.1", NOW), SPECIALIST, id="PTSD, not said how severe"),
    pytest.param("EX-17", ill("F43.2", NOW), MET, id="adjustment disorder"),
    pytest.param(
        "EX-18", ill("F60.3", NOW, severe=True), SPECIALIST, id="emotionally unstable"
    ),
    pytest.param("EX-18", ill("F60.5", NOW, severe=False), NOTE, id="judged mild"),
    pytest.param("EX-19", ill("F03"), SPECIALIST, id="dementia"),
    pytest.param("EX-19", having(ratings={"moca": 18}), MET, id="MoCA 18"),
    pytest.param("EX-19", having(ratings={"moca": 17}), SPECIALIST, id="MoCA 17"),
    pytest.param("EX-19", having(ratings={"moca": None}), UNKNOWN, id="no MoCA"),
    pytest.param("EX-20", ill("F84.5"), SPECIALIST, id="autism"),
    pytest.param("EX-24", ill("R45.8", NOW), CAUTION, id="suicidality warns, never excludes"),
    pytest.param("EX-24", ill("X78", PAST), CAUTION, id="self-harm earlier"),
    pytest.param("EX-24", having(episode={"needs_admission": True}), CAUTION, id="admission"),
    pytest.param("EX-24", having(episode={"needs_admission": None}), UNKNOWN, id="not judged"),
    pytest.param("ECT-1", ill("F33.3", NOW), SPECIALIST, id="psychotic depression"),
    pytest.param("ECT-1", ill("F33.3", PAST), MET, id="psychotic depression earlier"),
    pytest.param("ECT-1", having(episode={"catatonia": True}), SPECIALIST, id="catatonia"),
    pytest.param(
        "ECT-1", having(episode={"refuses_food_or_drink": True}), SPECIALIST, id="does not eat"
    ),
    pytest.param(
        "ECT-1", having(episode={"immediate_danger_to_life": True}), SPECIALIST, id="danger"
    ),
    pytest.param(
        "ECT-1", having(episode={"catatonia": None}), UNKNOWN, id="catatonia not asked"
    ),
]

SUBSTANCES = [
    pytest.param("EX-03", ill("F10.2", NOW), EXCLUDED, id="dependent on alcohol now"),
    pytest.param("EX-03", ill("F11.1", NOW), EXCLUDED, id="harmful use of opioids"),
    pytest.param("EX-03", ill("F10.24", NOW), EXCLUDED, id="active dependence"),
    pytest.param("EX-03", ill("F17.2", NOW), MET, id="tobacco never excludes"),
    pytest.param("EX-03", ill("F17", NOW), MET, id="tobacco without decimals neither"),
    pytest.param("EX-03", ill("F10"), UNKNOWN, id="bare F10 is a question"),
    pytest.param("EX-03", ill("F10", NOW), UNKNOWN, id="F10 without decimals is a question"),
    pytest.param("EX-03", ill("F10.2"), UNKNOWN, id="no status is a question"),
    pytest.param("EX-03", ill("F12.1", PAST), MET, id="earlier use is EX-23's"),
    pytest.param("EX-03", ill("F10.20", NOW), MET, id="abstinent is EX-23's"),
    pytest.param("EX-03", ill("F10.0", NOW), MET, id="an intoxication is no dependence"),
    pytest.param("EX-03", ill("F13.2", NOW), UNKNOWN, id="sedatives: prescribed?"),
    pytest.param("EX-03", ill("F13.2", NOW, prescribed=True), SPECIALIST, id="prescribed"),
    pytest.param("EX-03", ill("F13.2", NOW, prescribed=False), EXCLUDED, id="not prescribed"),
    pytest.param("EX-03", ill("F11.2", NOW, prescribed=True), EXCLUDED, id="opioids are not"),
    pytest.param("EX-03", having(ratings={"dudit": 24}), MET, id="DUDIT 24"),
    pytest.param(
        "EX-03", having(ratings={"dudit": 25}), SPECIALIST, id="DUDIT 25 asks to judge"
    ),
    pytest.param("EX-03", having(ratings={"audit": 15}), MET, id="AUDIT 15"),
    pytest.param(
        "EX-03", having(ratings={"audit": 16}), SPECIALIST, id="AUDIT 16 asks to judge"
    ),
    pytest.param(
        "EX-03", having(measurements={"peth_umol_l": Decimal("0.30")}), MET, id="PEth 0.30"
    ),
    pytest.param(
        "EX-03",
        having(measurements={"peth_umol_l": Decimal("0.31")}),
        SPECIALIST,
        id="PEth 0.31",
    ),
    pytest.param("EX-03", having(ratings={"audit": None}), UNKNOWN, id="no AUDIT"),
    pytest.param(
        "EX-23",
        ill("F10.2", REMITTED, remission_since=date(2025, 3, 2)),
        CAUTION,
        id="twelve months today",
    ),
    pytest.param(
        "EX-23",
        ill("F10.20", remission_since=date(2025, 3, 3)),
        SPECIALIST,
        id="twelve months tomorrow",
    ),
    pytest.param("EX-23", ill("F10.2", PAST), UNKNOWN, id="since when is asked"),
    pytest.param("EX-23", ill("F10", REMITTED), UNKNOWN, id="bare F10 in remission is asked"),
    pytest.param("EX-23", ill("F19", PAST), UNKNOWN, id="bare F19 of the past is asked"),
    pytest.param("EX-23", ill("F10", NOW), MET, id="bare F10 now is EX-03's question"),
    pytest.param("EX-23", ill("F17", PAST), MET, id="tobacco is never asked about"),
    pytest.param(
        "EX-23",
        ill("F11.22", NOW, remission_since=date(2015, 1, 1)),
        SPECIALIST,
        id="substitution, however long",
    ),
    pytest.param("EX-23", ill("F17.20", NOW), MET, id="tobacco given up"),
]

HEART = [
    pytest.param(
        "EX-04",
        having(measurements=pressures((9, 160, 80), (2, 120, 100))),
        EXCLUDED,
        id="either part on two days",
    ),
    pytest.param(
        "EX-04",
        having(measurements=pressures((9, 159, 99), (2, 159, 99))),
        MET,
        id="just below on two days",
    ),
    pytest.param(
        "EX-04",
        having(measurements=pressures((2, 170, 80), (2, 170, 80))),
        UNKNOWN,
        id="twice on one day asks for another",
    ),
    pytest.param(
        "EX-04",
        having(measurements=pressures((9, 120, 80), (2, 170, 80))),
        NOTE,
        id="high on one of two days",
    ),
    pytest.param(
        "EX-04",
        having(measurements=pressures((31, 180, 120), (60, 180, 120))),
        UNKNOWN,
        id="too old to count",
    ),
    pytest.param(
        "EX-04",
        having(measurements=pressures((30, 180, 120), (29, 180, 120))),
        EXCLUDED,
        id="thirty days old still counts",
    ),
    pytest.param(
        "EX-04", having(measurements={"blood_pressures": None}), UNKNOWN, id="not measured"
    ),
    pytest.param("EX-04", ill("I10", NOW), NOTE, id="known, and controlled by the readings"),
    pytest.param("EX-05", ill("I71.4", PAST), EXCLUDED, id="aneurysm of the aorta"),
    pytest.param("EX-05", ill("Q28.2"), EXCLUDED, id="arteriovenous malformation"),
    pytest.param("EX-05", ill("Q28.8"), MET, id="another malformation"),
    pytest.param("EX-05", ill("I67", PAST), UNKNOWN, id="bare I67 may be an aneurysm"),
    pytest.param("EX-06", ill("I21.4", PAST, on=days_ago(42)), EXCLUDED, id="42 days"),
    pytest.param("EX-06", ill("I21.4", PAST, on=days_ago(43)), SPECIALIST, id="43 days"),
    pytest.param("EX-06", ill("I63.9", on=date(2025, 9, 2)), SPECIALIST, id="six months today"),
    pytest.param("EX-06", ill("I63.9", on=date(2025, 9, 1)), MET, id="six months and a day"),
    pytest.param("EX-06", ill("I21.4", NOW), UNKNOWN, id="on which day is asked"),
    pytest.param("EX-06", ill("I20", NOW, on=days_ago(3)), UNKNOWN, id="bare I20"),
    pytest.param("EX-12", ill("I21.4", on=date(2025, 9, 1)), SPECIALIST, id="old infarction"),
    pytest.param("EX-12", ill("I21.4", on=date(2025, 9, 2)), MET, id="still EX-06's"),
    pytest.param("EX-12", ill("I20.0"), MET, id="unstable angina without a day is EX-06's"),
    pytest.param("EX-12", ill("I20.8"), SPECIALIST, id="angina"),
    pytest.param("EX-12", ill("I48"), SPECIALIST, id="atrial fibrillation"),
    pytest.param("EX-12", having(measurements={"qtc_ms": 500}), MET, id="QTc 500"),
    pytest.param("EX-12", having(measurements={"qtc_ms": 501}), SPECIALIST, id="QTc 501"),
    pytest.param("EX-12", having(measurements={"qtc_ms": None}), UNKNOWN, id="no ECG"),
]

BODY = [
    pytest.param("EX-07", ill("G93.2", NOW), EXCLUDED, id="intracranial hypertension"),
    pytest.param("EX-07", ill("C71", NOW), UNKNOWN, id="tumour: mass effect?"),
    pytest.param("EX-07", ill("C71.1", NOW, severe=True), EXCLUDED, id="mass effect"),
    pytest.param("EX-07", ill("D33.0", NOW, severe=False), NOTE, id="no mass effect"),
    pytest.param("EX-08", ill("O99.3", NOW), EXCLUDED, id="pregnant now"),
    pytest.param("EX-08", ill("O99.3"), UNKNOWN, id="O99 without a status is a question"),
    pytest.param("EX-08", ill("O99.3", PAST), MET, id="an earlier pregnancy"),
    pytest.param("EX-08", having(bodily={"pregnant": True}), EXCLUDED, id="pregnant"),
    pytest.param("EX-08", having(bodily={"breastfeeding": True}), EXCLUDED, id="breastfeeding"),
    pytest.param("EX-08", having(bodily={"pregnant": None}), UNKNOWN, id="not tested"),
    pytest.param("EX-08", having(bodily={"breastfeeding": None}), UNKNOWN, id="not asked"),
    pytest.param(
        "EX-08",
        having(bodily={"pregnant": None, "breastfeeding": None, "pregnancy_possible": False}),
        MET,
        id="not possible",
    ),
    pytest.param(
        "EX-08",
        having(sex=Sex.MALE, bodily={"pregnant": None, "breastfeeding": None}),
        MET,
        id="not asked of men",
    ),
    pytest.param(
        "EX-08", having(sex=None, bodily={"pregnant": None}), UNKNOWN, id="sex not known"
    ),
    pytest.param("EX-09", ill("O14.1", NOW), EXCLUDED, id="pre-eclampsia now"),
    pytest.param("EX-09", ill("O14.1", PAST), MET, id="pre-eclampsia earlier"),
    pytest.param("EX-10", having(bodily={"ketamine_allergy": True}), EXCLUDED, id="allergic"),
    pytest.param("EX-10", having(bodily={"ketamine_allergy": None}), UNKNOWN, id="not asked"),
    pytest.param("EX-10", ill("Z88.4"), MET, id="allergic, but not to ketamine"),
    pytest.param(
        "EX-10",
        having(diagnoses=[Diagnosis("T88.7")], bodily={"ketamine_allergy": None}),
        UNKNOWN,
        id="the code does not name the medicine",
    ),
    pytest.param("EX-11", ill("H40.1"), SPECIALIST, id="glaucoma, not said controlled"),
    pytest.param("EX-11", ill("H40.1", controlled=True), NOTE, id="controlled"),
    pytest.param("EX-11", ill("H40.2", controlled=True), SPECIALIST, id="narrow-angle"),
    pytest.param("EX-13", ill("J44.9", severe=True), SPECIALIST, id="severe COPD"),
    pytest.param("EX-13", ill("J44.9", severe=False), NOTE, id="mild COPD"),
    pytest.param("EX-13", ill("J96.1"), SPECIALIST, id="respiratory failure"),
    pytest.param("EX-13", ill("G47.3"), NOTE, id="sleep apnoea, BMI 26"),
    pytest.param(
        "EX-13",
        having(diagnoses=[Diagnosis("G47.3")], measurements={"bmi": Decimal(35)}),
        SPECIALIST,
        id="sleep apnoea, BMI 35",
    ),
    pytest.param(
        "EX-13",
        having(diagnoses=[Diagnosis("G47.3")], measurements={"bmi": None}),
        UNKNOWN,
        id="sleep apnoea, BMI not known",
    ),
    pytest.param("EX-13", ill("E66.9", NOW), MET, id="obesity alone"),
    pytest.param("EX-14", ill("E05.0", NOW), SPECIALIST, id="hyperthyroidism"),
    pytest.param("EX-14", ill("E05.0", NOW, controlled=True), NOTE, id="treated"),
    pytest.param("EX-15", ill("K74.6"), SPECIALIST, id="cirrhosis"),
    pytest.param("EX-15", ill("K76.0", severe=False), NOTE, id="a fatty liver"),
    pytest.param("EX-15", having(measurements={"alt_x_uln": Decimal(3)}), MET, id="ALT 3"),
    pytest.param(
        "EX-15", having(measurements={"alt_x_uln": Decimal("3.1")}), SPECIALIST, id="ALT 3.1"
    ),
    pytest.param(
        "EX-15", having(measurements={"ast_x_uln": Decimal("3.1")}), SPECIALIST, id="AST 3.1"
    ),
    pytest.param("EX-15", having(measurements={"ast_x_uln": None}), UNKNOWN, id="no AST"),
    pytest.param("EX-16", ill("N30.1", PAST), SPECIALIST, id="interstitial cystitis"),
    pytest.param("EX-16", ill("N30.0", PAST), MET, id="a cystitis that is over"),
    pytest.param("EX-16", ill("R31", NOW), SPECIALIST, id="haematuria"),
    pytest.param("EX-21", ill("G40.9"), SPECIALIST, id="epilepsy, not said controlled"),
    pytest.param("EX-21", ill("G40.9", controlled=True), NOTE, id="epilepsy under control"),
    pytest.param("EX-22", ill("E80.2"), SPECIALIST, id="porphyria"),
    pytest.param("EX-22", ill("D35.0"), SPECIALIST, id="phaeochromocytoma"),
]

PUBLISHED = [
    pytest.param("EX-25", WELL, MET, id="within all of it"),
    pytest.param("EX-25", having(birth_date=date(1945, 3, 2)), NOTE, id="81 years"),
    pytest.param("EX-25", having(birth_date=None), NOTE, id="age not known"),
    pytest.param(
        "EX-25", having(ratings={"hdrs17": 18}), NOTE, id="HDRS-17 of 18 is not above"
    ),
    pytest.param("EX-25", having(ratings={"hdrs_item_3": 3}), NOTE, id="HDRS item 3"),
    pytest.param("EX-25", having(medicines=(Medicine("N06AF04"),)), NOTE, id="MAO inhibitor"),
    pytest.param("EX-25", having(medicines=None), NOTE, id="medicines not known"),
    pytest.param(
        "EX-25", having(medicines=(Medicine("N05BA06", Decimal(2)),)), MET, id="lorazepam 2 mg"
    ),
    pytest.param(
        "EX-25", having(medicines=(Medicine("N05BA06", Decimal(3)),)), NOTE, id="lorazepam 3 mg"
    ),
    pytest.param(
        "EX-25", having(medicines=(Medicine("", name="Valerina"),)), NOTE, id="without a code"
    ),
    pytest.param(
        "EX-25",
        having(medicines=(Medicine("N05BA06"),)),
        NOTE,
        id="lorazepam, amount not known",
    ),
    pytest.param(
        "EX-25", having(medicines=(Medicine("N05BA01", Decimal(1)),)), NOTE, id="not converted"
    ),
]

EVERY = [*INCLUSION, *MIND, *SUBSTANCES, *HEART, *BODY, *PUBLISHED]


@pytest.mark.parametrize(("criterion", "candidate", "expected"), EVERY)
def test_a_criterion_stands_as_its_boundary_says(
    criterion: str, candidate: Candidate, expected: Standing
) -> None:
    assert standing(candidate, criterion) is expected


def test_every_criterion_is_tried_at_its_boundary() -> None:
    tried = {str(case.values[0]) for case in EVERY}
    assert tried == set(criteria())


def test_every_row_of_the_gate_is_a_criterion() -> None:
    rows = {f"IN-{n}" for n in range(1, 10)} | {f"EX-{n:02}" for n in range(1, 26)}
    assert set(criteria()) == rows | {"ECT-1", "REG-1", "AGE-1"}


def test_the_example_meets_every_criterion() -> None:
    assert others_met(WELL, but=())


@pytest.mark.parametrize("criterion", sorted(criteria()))
def test_where_nobody_reviewed_the_diagnoses_each_criterion_of_them_asks(
    criterion: str,
) -> None:
    rule = criteria()[criterion]
    found = findings(having(diagnoses=()), criterion)
    assert found
    asked = findings(replace(WELL, diagnoses=None), criterion)
    if rule.diagnoses and criterion not in {"EX-10", "EX-04"}:
        assert max(f.standing for f in asked) is UNKNOWN


def test_a_prescribed_sedative_is_a_matter_of_interactions() -> None:
    [finding] = findings(ill("F13.2", NOW, prescribed=True), "EX-03")
    assert "RX-1" in finding.reason.nb


def test_figures_of_our_own_never_show_a_literature_source() -> None:
    [finding] = findings(having(measurements={"qtc_ms": 501}), "EX-12")
    assert finding.basis.source.key == "own-proposal"


def test_the_older_are_treated_with_precautions() -> None:
    [finding] = findings(having(birth_date=date(1950, 1, 1)), "AGE-1")
    assert finding.action is not None
    assert "0,5 mg/kg" in finding.action.nb
    assert "0.5 mg/kg" in finding.action.en


def test_the_patient_without_an_escort_is_told_what_else_there_is() -> None:
    [finding] = findings(having(agreement={"escort_accepted": False}), "IN-9")
    assert finding.action is not None


def test_trials_that_nobody_asked_for_are_not_counted_as_none() -> None:
    [finding] = findings(having(history={"trials": None}), "IN-5")
    assert finding.question is not None
    assert "0" not in finding.question.nb
    [none] = findings(having(history={"trials": ()}), "IN-5")
    assert none.standing is Standing.EXCLUDED
