from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lysglimt.knowledge.eligibility.candidate import (
    BloodPressure,
    Candidate,
    Diagnosis,
    DiagnosisStatus,
)
from lysglimt.knowledge.eligibility.criterion import Criterion, by_id, criteria
from lysglimt.knowledge.eligibility.screening import (
    RULES,
    NotOverridden,
    NotYet,
    Override,
    decision,
    screen,
)
from lysglimt.knowledge.errors import Inconsistent
from lysglimt.knowledge.verdict import Finding, Standing, Verdict

from .candidates import ON, WELL, example, having, ill

NOW, PAST = DiagnosisStatus.CURRENT, DiagnosisStatus.HISTORY
EXCLUDING = st.builds(
    Diagnosis,
    code=st.sampled_from(
        [
            "F20.0",
            "F10.2",
            "F10",
            "I21.4",
            "O14",
            "I71",
            "F32.3",
            "F60.3",
            "R45.8",
            "F17.2",
            "H40.1",
            "G47.3",
            "F13.2",
            "F11.22",
            "T88.7",
            "I20",
            "C71",
            "F31.3",
            "D35.0",
            "N30.0",
        ]
    ),
    status=st.sampled_from([None, *DiagnosisStatus]),
    on=st.none() | st.dates(date(2020, 1, 1), ON),
    controlled=st.sampled_from([None, True, False]),
    severe=st.sampled_from([None, True, False]),
    prescribed=st.sampled_from([None, True, False]),
)


@given(diagnoses=st.lists(EXCLUDING, max_size=4), one_more=EXCLUDING)
def test_one_more_illness_never_improves_the_standing(
    diagnoses: list[Diagnosis], one_more: Diagnosis
) -> None:
    before = screen(having(diagnoses=diagnoses), on=ON)
    after = screen(having(diagnoses=[*diagnoses, one_more]), on=ON)
    assert after.standing >= before.standing


@given(diagnoses=st.lists(EXCLUDING, max_size=5), data=st.data())
def test_the_order_of_diagnoses_changes_nothing(
    diagnoses: list[Diagnosis], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(diagnoses))
    told = {*screen(having(diagnoses=diagnoses), on=ON).findings}
    assert told == {*screen(having(diagnoses=shuffled), on=ON).findings}


PARTS = [
    (group, name)
    for group in ("episode", "ratings", "measurements", "history", "bodily", "agreement")
    for name in getattr(WELL, group).__dataclass_fields__
]
ASIDE = {
    "severity",
    "mood_stabiliser",
    "stimulation",
    "psychotherapy_sessions",
    "pregnancy_possible",
    "alcohol_same_day",
    "grapefruit",
    "bmi",
    "peth_umol_l",
}
"""What matters only to a few, or is asked for elsewhere; PEth has a case of its own below."""


@pytest.mark.parametrize(("group", "name"), [part for part in PARTS if part[1] not in ASIDE])
def test_what_is_not_known_is_never_met(group: str, name: str) -> None:
    assert screen(WELL, on=ON).standing is Standing.MET
    assert screen(having(**{group: {name: None}}), on=ON).standing is not Standing.MET


@pytest.mark.parametrize(
    "candidate",
    [
        pytest.param(replace(WELL, birth_date=None), id="birth date"),
        pytest.param(replace(WELL, diagnoses=None), id="diagnoses"),
    ],
)
def test_of_whom_the_essentials_are_not_known_is_not_met(candidate: Candidate) -> None:
    assert screen(candidate, on=ON).standing is Standing.UNKNOWN


def test_no_peth_is_a_question() -> None:
    verdict = screen(having(measurements={"peth_umol_l": None}), on=ON)
    assert [q.question.nb for q in verdict.questions if q.question] == ["Hva er PEth?"]


def test_of_nobody_known_everything_is_asked() -> None:
    verdict = screen(Candidate(), on=ON)
    assert verdict.standing is Standing.UNKNOWN
    asked = {finding.criterion for finding in verdict.questions}
    assert asked == set(criteria()) - {"EX-25"}
    assert all(finding.question for finding in verdict.questions)


@given(diagnoses=st.lists(EXCLUDING, max_size=5))
def test_every_sentence_is_whole_in_both_languages(diagnoses: list[Diagnosis]) -> None:
    for finding in screen(having(diagnoses=diagnoses), on=ON).findings:
        for text in (finding.reason, finding.question, finding.action):
            assert text is None or not {"{", "}"} & {*text.nb, *text.en}
            assert text is None or (text.nb.strip() and text.en.strip())
            assert text is None or "None" not in text.nb


@pytest.mark.parametrize(
    ("candidate", "field"),
    [
        pytest.param(having(birth_date=date(2026, 3, 3)), "birth_date", id="born tomorrow"),
        pytest.param(
            having(episode={"started": date(2026, 3, 3)}), "episode.started", id="episode"
        ),
        pytest.param(
            ill("I21", PAST, on=date(2026, 3, 3)), "diagnoses I21 on", id="infarction"
        ),
        pytest.param(
            ill("F10.2", PAST, remission_since=date(2027, 1, 1)),
            "diagnoses F10.2 remission_since",
            id="remission",
        ),
        pytest.param(
            having(
                measurements={"blood_pressures": (BloodPressure(date(2026, 3, 3), 120, 80),)}
            ),
            "measurements.blood_pressures on",
            id="blood pressure",
        ),
    ],
)
def test_a_fact_of_tomorrow_is_refused_by_name(candidate: Candidate, field: str) -> None:
    with pytest.raises(NotYet) as refused:
        screen(candidate, on=ON)
    assert refused.value.facts["field"] == field


def test_every_rule_belongs_to_a_criterion() -> None:
    assert set(RULES) <= set(criteria())


def test_two_criteria_never_share_an_id() -> None:
    one: Criterion = criteria()["IN-1"]
    with pytest.raises(Inconsistent, match="IN-1"):
        by_id([one, one])


HARD = ill("F20.0", PAST)
SOFT = ill("F84.5")
BOTH = ("Kari Eksempel", "Per Eksempel")


def test_an_override_changes_the_decision_and_not_the_finding() -> None:
    verdict = screen(HARD, on=ON)
    decided = decision(verdict, [Override("EX-01", "Lang stabil periode", BOTH)])
    assert decided.standing is Standing.CAUTION
    assert decided.verdict.standing is Standing.EXCLUDED
    [deviation] = decided.deviations
    assert deviation.finding.standing is Standing.EXCLUDED
    assert decided.override_of(deviation.finding) == deviation.override


def test_without_overrides_the_decision_is_the_verdict() -> None:
    verdict = screen(HARD, on=ON)
    decided = decision(verdict)
    assert decided.standing is verdict.standing
    assert decided.override_of(verdict.findings[0]) is None


def test_a_decision_on_nothing_is_unknown() -> None:
    assert decision(Verdict(())).standing is Standing.UNKNOWN


@pytest.mark.parametrize(
    "signed_by",
    [
        pytest.param(("Kari Eksempel",), id="one"),
        pytest.param(("Kari Eksempel", " kari  eksempel "), id="the same twice"),
        pytest.param(("Kari Eksempel", " "), id="one and a blank"),
    ],
)
def test_what_excludes_needs_two_different_signatures(signed_by: tuple[str, ...]) -> None:
    with pytest.raises(NotOverridden, match="2 different signatures"):
        decision(screen(HARD, on=ON), [Override("EX-01", "Stabil", signed_by)])


def test_what_is_for_a_specialist_needs_one_signature() -> None:
    decided = decision(screen(SOFT, on=ON), [Override("EX-20", "Vurdert", ("Kari",))])
    assert decided.standing is Standing.CAUTION


def test_an_open_question_of_an_excluding_criterion_needs_two() -> None:
    verdict = screen(having(bodily={"ketamine_allergy": None}), on=ON)
    with pytest.raises(NotOverridden):
        decision(verdict, [Override("EX-10", "Kan ikke avklares", ("Kari",))])
    decided = decision(verdict, [Override("EX-10", "Kan ikke avklares", BOTH)])
    assert decided.standing is Standing.CAUTION


def test_an_override_of_one_criterion_leaves_the_others() -> None:
    both = having(diagnoses=[Diagnosis("F20.0", PAST), Diagnosis("I71", PAST)])
    decided = decision(screen(both, on=ON), [Override("EX-01", "Stabil", BOTH)])
    assert decided.standing is Standing.EXCLUDED


def test_consent_is_never_overridden() -> None:
    verdict = screen(having(agreement={"consent_off_label": False}), on=ON)
    with pytest.raises(NotOverridden, match="cannot be overridden"):
        decision(verdict, [Override("IN-7", "Haster", BOTH)])


@pytest.mark.parametrize("decided", [False, None], ids=["not decided", "not known"])
def test_no_signature_stands_in_for_the_psychiatrists_decision(*, decided: bool | None) -> None:
    verdict = screen(having(agreement={"specialist_decision": decided}), on=ON)
    with pytest.raises(NotOverridden, match="cannot be overridden"):
        decision(verdict, [Override("IN-6", "Haster", BOTH)])


@pytest.mark.parametrize(
    ("reason", "signed_by"),
    [
        pytest.param(" ", ("Kari",), id="no reason"),
        pytest.param("Stabil", (), id="nobody signed"),
        pytest.param("Stabil", (" ",), id="a blank signature"),
    ],
)
def test_an_override_has_a_reason_and_a_signature(
    reason: str, signed_by: tuple[str, ...]
) -> None:
    with pytest.raises(NotOverridden):
        Override("EX-01", reason, signed_by)


def test_an_override_of_an_unknown_criterion_names_the_nearest() -> None:
    with pytest.raises(NotOverridden, match="EX-01"):
        decision(screen(HARD, on=ON), [Override("EX01", "Stabil", BOTH)])


def test_a_criterion_is_overridden_once() -> None:
    one = Override("EX-01", "Stabil", BOTH)
    with pytest.raises(NotOverridden, match="twice"):
        decision(screen(HARD, on=ON), [one, one])


def test_an_override_with_nothing_left_to_override_is_idle() -> None:
    idle = Override("EX-01", "Stabil", BOTH)
    decided = decision(screen(WELL, on=ON), [idle])
    assert decided.idle == (idle,)
    assert decided.standing is Standing.MET


def test_a_finding_of_another_storey_is_overridden_by_one() -> None:
    finding = screen(WELL, on=ON).findings[0]
    monoamine = Finding("RX-3", Standing.NEEDS_SPECIALIST, finding.reason, finding.basis)
    decided = decision(Verdict((monoamine,)), [Override("RX-3", "Avklart", ("Kari",))])
    assert decided.standing is Standing.CAUTION


@pytest.mark.parametrize(
    ("name", "found", "decided"),
    [
        pytest.param("eligible", Standing.MET, Standing.MET, id="eligible"),
        pytest.param("excluded", Standing.EXCLUDED, Standing.EXCLUDED, id="excluded"),
        pytest.param("unknown", Standing.UNKNOWN, Standing.UNKNOWN, id="unknown"),
        pytest.param("override", Standing.EXCLUDED, Standing.CAUTION, id="override"),
    ],
)
def test_the_published_examples_come_out_as_named(
    name: str, found: Standing, decided: Standing
) -> None:
    sheet = example(name)
    verdict = screen(sheet.candidate, on=sheet.on or ON)
    assert verdict.standing is found
    assert decision(verdict, sheet.overrides).standing is decided
