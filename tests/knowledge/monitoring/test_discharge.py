"""When the patient may go home."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lysglimt.knowledge.errors import Implausible
from lysglimt.knowledge.figures import Mark
from lysglimt.knowledge.monitoring.discharge import (
    DischargeFacts,
    answered,
    discharge,
    discharge_rules,
    earliest_discharge,
)
from lysglimt.knowledge.monitoring.observation import SessionRoute
from lysglimt.knowledge.monitoring.recovery import recovery_items
from lysglimt.knowledge.monitoring.vital_signs import VitalSet, VitalSign, baseline
from lysglimt.knowledge.verdict import Standing

from .readings import NINE, at, reading

READY = DischargeFacts(
    route=SessionRoute.IV,
    dose_ended=at(40),
    before=baseline([reading(-10), reading(-5)]),
    latest=reading(100),
    answers={condition.id: True for condition in discharge_rules().conditions},
    aldrete=9,
    padss=7,
    age=44,
)


def standing(minute: int = 100, **changes: Any) -> Standing:
    return discharge(replace(READY, **changes), at(minute)).verdict.standing


def test_when_all_is_true_the_patient_may_go_home() -> None:
    found = discharge(READY, at(100))
    assert (found.earliest, found.verdict.standing) == (at(100), Standing.MET)
    assert {one.criterion for one in found.verdict.findings} == {
        f"DC-{n}" for n in range(1, 10)
    }


@pytest.mark.parametrize(
    ("route", "ended", "ready"),
    [
        pytest.param(SessionRoute.IV, 40, 100, id="60 min after the infusion stopped"),
        pytest.param(SessionRoute.NASAL, 0, 120, id="120 min after the first device"),
    ],
)
def test_nobody_leaves_before_the_earliest_time(
    route: SessionRoute, ended: int, ready: int
) -> None:
    changes = {"route": route, "dose_ended": at(ended)}
    assert standing(ready - 1, **changes) is Standing.EXCLUDED
    assert standing(ready, **changes) is Standing.MET


@given(stop=st.integers(1, 180), more=st.integers(60, 300))
def test_the_earliest_time_is_never_within_the_hour(stop: int, more: int) -> None:
    waits = timedelta(minutes=more)
    earliest = earliest_discharge(SessionRoute.IV, at(stop), unit_waits=waits)
    assert earliest - at(stop) == waits
    assert earliest_discharge(SessionRoute.IV, at(stop)) - at(stop) >= timedelta(minutes=60)


def test_a_unit_may_wait_longer_and_never_shorter() -> None:
    assert standing(159, unit_waits=timedelta(minutes=120)) is Standing.EXCLUDED
    with pytest.raises(Implausible, match="unit_waits: 59 min is refused"):
        earliest_discharge(SessionRoute.IV, NINE, unit_waits=timedelta(minutes=59))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({"aldrete": 8}, Standing.EXCLUDED, id="Aldrete 8"),
        pytest.param({"aldrete": None}, Standing.UNKNOWN, id="Aldrete not scored"),
        pytest.param({"padss": 6}, Standing.EXCLUDED, id="PADSS 6 of 8"),
        pytest.param({"padss": 8, "padss_bleeding": True}, Standing.EXCLUDED, id="8 of 10"),
        pytest.param({"padss": 9, "padss_bleeding": True}, Standing.MET, id="9 of 10"),
        pytest.param({"padss": None}, Standing.UNKNOWN, id="PADSS not scored"),
        pytest.param({"latest": reading(95, moaas=4)}, Standing.EXCLUDED, id="drowsy"),
        pytest.param(
            {"latest": reading(95, moaas=None)}, Standing.UNKNOWN, id="sedation unread"
        ),
        pytest.param({"latest": reading(95, rass=1)}, Standing.EXCLUDED, id="restless"),
        pytest.param({"latest": reading(95, rass=None)}, Standing.UNKNOWN, id="RASS unread"),
        pytest.param({"latest": reading(95, distress=3)}, Standing.MET, id="distress 3"),
        pytest.param({"latest": reading(95, distress=4)}, Standing.EXCLUDED, id="distress 4"),
        pytest.param({"latest": reading(95, distress=None)}, Standing.UNKNOWN, id="not asked"),
        pytest.param({"latest": reading(95, systolic=148)}, Standing.MET, id="19 % up"),
        pytest.param(
            {"latest": reading(95, systolic=149)}, Standing.EXCLUDED, id="over 20 % up"
        ),
        pytest.param(
            {"latest": reading(95, systolic=99)}, Standing.EXCLUDED, id="over 20 % down"
        ),
        pytest.param(
            {"latest": reading(95, diastolic=94)}, Standing.EXCLUDED, id="diastolic up"
        ),
        pytest.param(
            {"latest": reading(95, systolic=None)}, Standing.UNKNOWN, id="no pressure"
        ),
        pytest.param({"latest": reading(95, heart_rate=50)}, Standing.MET, id="pulse 50"),
        pytest.param({"latest": reading(95, heart_rate=49)}, Standing.EXCLUDED, id="pulse 49"),
        pytest.param(
            {"latest": reading(95, heart_rate=111)}, Standing.EXCLUDED, id="pulse 111"
        ),
        pytest.param({"latest": reading(95, heart_rate=None)}, Standing.UNKNOWN, id="no pulse"),
        pytest.param({"latest": reading(95, spo2=94)}, Standing.MET, id="94 %"),
        pytest.param({"latest": reading(95, spo2=93)}, Standing.EXCLUDED, id="93 %, usual 98"),
        pytest.param({"latest": reading(95, spo2=None)}, Standing.UNKNOWN, id="no saturation"),
        pytest.param({"before": {}}, Standing.UNKNOWN, id="no baseline to be near"),
        pytest.param({"answers": {}}, Standing.UNKNOWN, id="nothing answered"),
        pytest.param(
            {"answers": {**READY.answers, "escort": False}}, Standing.EXCLUDED, id="no escort"
        ),
    ],
)
def test_every_criterion_keeps_the_patient_here(
    changes: dict[str, Any], expected: Standing
) -> None:
    assert standing(**changes) is expected


def matter(**changes: Any) -> list[tuple[str, str]]:
    """What keeps the patient here, in both languages."""
    found = discharge(replace(READY, **changes), at(100)).verdict.reasons
    return [(one.reason.nb, one.reason.en) for one in found]


@pytest.mark.parametrize(
    ("changes", "nb", "en"),
    [
        pytest.param(
            {"answers": {**READY.answers, "no_new_intent": False}},
            "Ny selvmordsintensjon eller plan",
            "New suicidal intent or plan",
            id="not the name with a not before it",
        ),
        pytest.param(
            {"aldrete": 7},
            "Aldrete er 7, skal være minst 9",
            "Aldrete is 7, has to be at least 9",
            id="the points beside the limit",
        ),
        pytest.param(
            {"latest": reading(95, rass=2)},
            "RASS er 2, skal være 0",
            "RASS is 2, has to be 0",
            id="one value alone is right",
        ),
        pytest.param(
            {"latest": reading(95, spo2=91)},
            "Oksygenmetning 91 %, skal være minst 94 % eller innen 2 poeng av utgangsverdien",
            "Oxygen saturation 91 %, has to be at least 94 % or within 2 points of baseline",
            id="the reading with its unit",
        ),
        pytest.param(
            {"latest": reading(95, heart_rate=None), "earlier": reading(39, heart_rate=130)},
            "Puls 130 /min, skal være 50–110 /min; ikke målt etter stopp",
            "Heart rate 130 /min, has to be 50–110 /min; not measured since the stop",
            id="a reading from before the stop says so",
        ),
        pytest.param(
            {
                "latest": reading(95, heart_rate=None),
                "earlier": reading(39, heart_rate=130),
                "charted_as_gone": True,
            },
            "Puls 130 /min, skal være 50–110 /min; "
            "ikke målt etter at pasienten ble ført som reist",
            "Heart rate 130 /min, has to be 50–110 /min; "
            "not measured since the patient was charted as having left",
            id="one from before the patient left and came back says so",
        ),
        pytest.param(
            {"overdue": timedelta(minutes=12)},
            "En måling er forsinket med 12 min",
            "An observation is overdue by 12 min",
            id="what was read last says too little of now",
        ),
    ],
)
def test_what_keeps_the_patient_is_said_as_it_is(
    changes: dict[str, Any], nb: str, en: str
) -> None:
    assert matter(**changes) == [(nb, en)]


def test_no_condition_is_worded_alike_met_and_unmet() -> None:
    for one in discharge_rules().conditions:
        worded = {one.name.nb, one.unmet.nb, one.question.nb}
        assert len(worded) == len({one.name.en, one.unmet.en, one.question.en}) == 3
        assert one.question.nb.endswith("?")
        assert one.question.en.endswith("?")


@pytest.mark.parametrize(
    ("changes", "asked"),
    [
        pytest.param({"aldrete": None}, "Mangler: Aldrete", id="a score"),
        pytest.param(
            {"latest": reading(95, heart_rate=None)}, "Mål på nytt: Puls", id="a sign"
        ),
        pytest.param(
            {"before": {**READY.before, VitalSign.DIASTOLIC: Fraction(0)}},
            "Utgangsverdi mangler: Diastolisk blodtrykk",
            id="no baseline to be near",
        ),
    ],
)
def test_what_is_not_known_is_asked(changes: dict[str, Any], asked: str) -> None:
    found = discharge(replace(READY, **changes), at(100)).verdict.questions
    assert [one.question.nb for one in found if one.question] == [asked]


def test_a_high_pressure_keeps_the_patient_even_near_a_high_baseline() -> None:
    before = baseline([reading(-10, systolic=155), reading(-5, systolic=155)])
    assert standing(before=before, latest=reading(95, systolic=160)) is Standing.EXCLUDED
    assert standing(before=before, latest=reading(95, systolic=159)) is Standing.MET


def test_a_low_saturation_is_judged_against_the_patients_own() -> None:
    lung = baseline([reading(-10, spo2=92), reading(-5, spo2=92)])
    assert standing(before=lung, latest=reading(95, spo2=90)) is Standing.MET
    assert standing(before=lung, latest=reading(95, spo2=89)) is Standing.EXCLUDED
    assert standing(before={}, latest=reading(95, spo2=93)) is Standing.EXCLUDED


def test_by_nose_there_is_no_cannula_to_take_out() -> None:
    without = {name: yes for name, yes in READY.answers.items() if name != "cannula_out"}
    nasal = {"route": SessionRoute.NASAL, "dose_ended": NINE, "answers": without}
    assert standing(120, **nasal) is Standing.MET
    assert standing(answers=without) is Standing.UNKNOWN


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        pytest.param(64, Standing.MET, id="not asked for at 64"),
        pytest.param(65, Standing.UNKNOWN, id="asked for from 65"),
        pytest.param(None, Standing.UNKNOWN, id="asked for when the age is not known"),
    ],
)
def test_from_65_years_falls_are_thought_of_before_leaving(
    age: int | None, expected: Standing
) -> None:
    without = {name: yes for name, yes in READY.answers.items() if name != "orthostatic"}
    assert standing(answers=without, age=age) is expected
    assert standing(answers={**without, "orthostatic": True}, age=age) is Standing.MET


@pytest.mark.parametrize(
    ("changes", "allowed"),
    [
        pytest.param({"aldrete": 11}, "aldrete: 11 .* 0-10", id="Aldrete has ten"),
        pytest.param({"aldrete": -1}, "aldrete: -1 .* 0-10", id="below nought"),
        pytest.param({"padss": 9}, "padss: 9 .* 0-8", id="without bleeding eight"),
        pytest.param(
            {"padss": 11, "padss_bleeding": True}, "padss: 11 .* 0-10", id="with it ten"
        ),
    ],
)
def test_a_total_that_the_score_cannot_have_is_refused(
    changes: dict[str, Any], allowed: str
) -> None:
    with pytest.raises(Implausible, match=allowed):
        replace(READY, **changes)


def test_what_is_answered_is_told_apart_by_its_condition_not_by_its_words() -> None:
    unsigned = replace(READY, answers={**READY.answers, "nurse_signed": False}, age=40)
    found = answered(unsigned)
    assert "orthostatic" not in found
    assert [name for name, one in found.items() if one.standing is not Standing.MET] == [
        "nurse_signed"
    ]
    assert set(found.values()) < set(discharge(unsigned, at(100)).verdict.findings)


def test_an_answer_nobody_asks_for_is_refused() -> None:
    with pytest.raises(Implausible, match="answer: escrot"):
        discharge(replace(READY, answers={"escrot": True}), at(100))


@pytest.mark.parametrize(
    ("latest", "items"),
    [
        pytest.param(reading(95), (2, 2, 2, 2, 2), id="as before the dose"),
        pytest.param(
            reading(95, systolic=155, nausea=4, moaas=3, spo2=91),
            (1, 1, 1, 1, 1),
            id="on the way",
        ),
        pytest.param(
            reading(95, systolic=180, nausea=7, moaas=2, spo2=89),
            (1, 0, 0, 0, 0),
            id="not ready",
        ),
        pytest.param(
            reading(95, systolic=190, spo2=96, on_oxygen=True),
            (0, 0, 2, 2, 1),
            id="needs oxygen",
        ),
        pytest.param(
            reading(95, systolic=None, nausea=None, moaas=None, spo2=None),
            (None,) * 5,
            id="nothing is guessed",
        ),
    ],
)
def test_the_readings_answer_what_they_can_of_the_scores(
    latest: Any, items: tuple[int | None, ...]
) -> None:
    found = recovery_items(replace(READY, latest=latest))
    names = (
        "aldrete.circulation",
        "padss.vitals",
        "padss.nausea",
        "aldrete.consciousness",
        "aldrete.oxygen",
    )
    assert tuple(found.get(name) for name in names) == items


def test_new_intent_that_a_doctor_has_assessed_lets_the_patient_go_and_is_still_told() -> None:
    answers = {**READY.answers, "no_new_intent": False}
    kept = discharge(replace(READY, answers=answers), at(105)).verdict
    assert "DC-7" in {one.criterion for one in kept.findings if one.standing > Standing.CAUTION}
    seen = discharge(replace(READY, answers=answers, intent_assessed=True), at(105)).verdict
    told = [one for one in seen.findings if one.criterion == "DC-7"]
    assert {one.standing for one in told} == {Standing.MET, Standing.NOTE}
    assert "som lege har vurdert i dag" in told[0].reason.nb


def test_an_open_task_for_a_doctor_keeps_the_patient_whatever_is_answered() -> None:
    answers = {**READY.answers, "no_doctor_now": False}
    facts = replace(READY, answers=answers, intent_assessed=True)
    kept = [
        one.reason.nb
        for one in discharge(facts, at(105)).verdict.findings
        if one.standing > Standing.CAUTION
    ]
    assert kept == ["En oppgave ber om lege nå, og ingen lege har svart på den"]


@pytest.mark.parametrize(
    ("latest", "earlier", "kept_by"),
    [
        pytest.param(reading(100), None, [], id="calm"),
        pytest.param(reading(100, signs="chest_pain"), None, ["Brystsmerter"], id="chest pain"),
        pytest.param(
            reading(100, respiratory_rate=6),
            None,
            ["Respirasjonsfrekvens 6 /min (≤ 7)"],
            id="breathes slowly, which no criterion names",
        ),
        pytest.param(
            reading(100, respiratory_rate=None),
            reading(39, respiratory_rate=6),
            ["Respirasjonsfrekvens 6 /min (≤ 7), ikke målt på nytt"],
            id="red during the infusion and not measured since",
        ),
        pytest.param(reading(100, signs="vomiting"), None, [], id="amber keeps nobody"),
    ],
)
def test_what_is_red_and_named_by_no_criterion_keeps_the_patient(
    latest: VitalSet, earlier: VitalSet | None, kept_by: list[str]
) -> None:
    found = discharge(replace(READY, latest=latest, earlier=earlier), at(100)).verdict.findings
    assert [one.reason.nb for one in found if one.standing is Standing.EXCLUDED] == kept_by


@pytest.mark.parametrize(
    ("latest", "earlier", "said"),
    [
        pytest.param(None, None, [], id="nobody asked: the tick alone speaks"),
        pytest.param(3, None, [], id="mild"),
        pytest.param(
            9, None, ["Dissosiasjon er 9, skal være høyst 3 av 10"], id="far more than mild"
        ),
        pytest.param(
            None,
            9,
            ["Dissosiasjon er 9, skal være høyst 3 av 10; ikke spurt om etter stopp"],
            id="strong during the infusion, and not asked about since",
        ),
        pytest.param(2, 9, [], id="it has faded"),
        pytest.param(None, 2, [], id="never strong"),
    ],
)
def test_charted_dissociation_keeps_the_patient_whatever_was_ticked(
    latest: int | None, earlier: int | None, said: list[str]
) -> None:
    before = reading(30, dissociation=earlier)
    facts = replace(READY, latest=reading(100, dissociation=latest), earlier=before)
    kept = [
        one for one in discharge(facts, at(105)).verdict.findings if one.standing > Standing.MET
    ]
    assert [one.reason.nb for one in kept] == said
    assert {(one.criterion, one.basis.mark) for one in kept} <= {("DC-4", Mark.OWN)}
