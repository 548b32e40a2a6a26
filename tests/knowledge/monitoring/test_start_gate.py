"""What must be in place before a dose, and what is asked when it is not known."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from lysglimt.knowledge.dosing.weights import Weighing, weight_findings
from lysglimt.knowledge.errors import Implausible
from lysglimt.knowledge.monitoring.gate_conditions import gate_rules
from lysglimt.knowledge.monitoring.observation import SessionRoute
from lysglimt.knowledge.monitoring.start_gate import (
    GateFacts,
    Pregnancy,
    start_gate,
    too_old,
)
from lysglimt.knowledge.quantities import Kilograms
from lysglimt.knowledge.text import Text
from lysglimt.knowledge.verdict import Standing

from .readings import NINE, at, reading, readings

READY = GateFacts(
    route=SessionRoute.IV,
    at=NINE,
    on=date(2026, 3, 2),
    age=44,
    before=(reading(-30), reading(-25)),
    answers={condition.id: True for condition in gate_rules().conditions},
    last_solids=at(-240),
    last_fluids=at(-60),
    pregnancy=Pregnancy.NEGATIVE,
    tested_on=date(2026, 2, 23),
    first_session=True,
    weight=(),
)


def stands(criterion: str, **changes: Any) -> Standing:
    verdict = start_gate(replace(READY, **changes))
    [finding] = [one for one in verdict.findings if one.criterion == f"gate:{criterion}"]
    assert (finding.question is not None) is (finding.standing is Standing.UNKNOWN)
    return finding.standing


def answers(**changes: bool | None) -> dict[str, bool | None]:
    return {**READY.answers, **changes}


def test_when_all_is_in_place_the_gate_is_open() -> None:
    assert start_gate(READY).standing is Standing.MET


@pytest.mark.parametrize(
    ("before", "standing"),
    [
        pytest.param((-60, -30), Standing.MET, id="an hour old still speaks"),
        pytest.param((-61, -30), Standing.UNKNOWN, id="one of the two is too old"),
        pytest.param((-420, -410), Standing.UNKNOWN, id="measured in the morning"),
        pytest.param((-420, -410, -20, -10), Standing.MET, id="and measured again"),
    ],
)
def test_readings_of_the_morning_do_not_speak_for_a_start_in_the_afternoon(
    before: tuple[int, ...], standing: Standing
) -> None:
    verdict = start_gate(replace(READY, before=tuple(reading(one) for one in before)))
    assert verdict.standing is standing
    asked = [one.reason.en for one in verdict.findings if one.criterion == "gate:readings"]
    assert bool(asked) is (standing is Standing.UNKNOWN)
    assert all("last 60 minutes" in one for one in asked)


@pytest.mark.parametrize(
    ("newest", "closed"),
    [pytest.param(-60, False, id="an hour old"), pytest.param(-61, True, id="older")],
)
def test_a_gate_that_was_passed_lasts_as_long_as_its_readings(
    newest: int, *, closed: bool
) -> None:
    found = too_old(at(newest), at=NINE)
    assert [one.criterion for one in found] == ["gate:readings"] * closed
    assert too_old(None, at=NINE) == ()


@pytest.mark.parametrize("condition", gate_rules().conditions, ids=lambda one: one.id)
def test_every_condition_closes_the_gate_when_not_met_and_asks_when_unknown(
    condition: Any,
) -> None:
    route = condition.routes[0] if condition.routes else SessionRoute.IV
    age = max(condition.from_age, 18)
    for answer, standing in (
        (True, Standing.MET),
        (False, condition.otherwise.standing),
        (None, Standing.UNKNOWN),
    ):
        changed = answers(**{condition.id: answer})
        assert stands(condition.id, answers=changed, route=route, age=age) is standing
    only_told = condition.id == "wristband"
    assert (condition.otherwise.standing >= Standing.NEEDS_SPECIALIST) is not only_told


@pytest.mark.parametrize("condition", gate_rules().conditions, ids=lambda one: one.id)
def test_a_condition_that_is_not_met_says_so(condition: Any) -> None:
    said = condition.stated(answer=False)
    assert said == condition.unmet
    assert said not in (condition.name, condition.question)
    assert condition.stated(answer=True) == condition.name


def test_what_is_lacking_is_named() -> None:
    ecg = Text("EKG", "ECG")
    facts = replace(READY, answers=answers(workup=False), lacking={"workup": (ecg,)})
    [found] = [one for one in start_gate(facts).findings if one.criterion == "gate:workup"]
    assert found.reason.nb == "Utredningen før første økt mangler noe: EKG"


def test_the_work_up_is_asked_for_before_the_first_session_alone() -> None:
    later = {one.criterion for one in start_gate(replace(READY, first_session=False)).findings}
    assert "gate:accepted" in later
    assert not later & {"gate:workup", "gate:baseline"}


def test_what_the_protocol_does_not_plan_is_not_asked() -> None:
    unasked = replace(READY, answers=answers(suicidality_rated=None))
    assert start_gate(unasked).standing is Standing.UNKNOWN
    verdict = start_gate(replace(unasked, not_planned=frozenset({"suicidality_rated"})))
    assert verdict.standing is Standing.MET
    assert "gate:suicidality_rated" not in {one.criterion for one in verdict.findings}


def test_what_came_after_the_decision_decides_with_the_rest() -> None:
    [found, *_] = start_gate(replace(READY, answers=answers(escort=False))).reasons
    assert start_gate(replace(READY, since_decision=(found,))).standing is Standing.EXCLUDED


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param({"last_solids": at(-90)}, "Inntok mat for 90 min siden", id="has eaten"),
        pytest.param(
            {"pregnancy": Pregnancy.POSITIVE}, "Graviditetstesten er positiv", id="pregnant"
        ),
        pytest.param({"others_not_green": 1}, "Sykepleieren har andre pasienter", id="staff"),
    ],
)
def test_what_stands_against_a_start_is_told_as_it_is(
    changes: dict[str, Any], words: str
) -> None:
    [found] = start_gate(replace(READY, **changes)).reasons
    assert found.reason.nb.startswith(words)


def test_an_answer_left_out_is_a_question() -> None:
    assert start_gate(replace(READY, answers={})).standing is Standing.UNKNOWN


def test_an_answer_to_a_question_nobody_asks_is_refused() -> None:
    with pytest.raises(Implausible, match="answer: escrot"):
        start_gate(replace(READY, answers=answers(escrot=True)))


@pytest.mark.parametrize(
    ("age", "asked"),
    [
        pytest.param(64, False, id="an ECG is not asked for at 64"),
        pytest.param(65, True, id="always at 65"),
    ],
)
def test_from_65_years_more_is_asked(age: int, *, asked: bool) -> None:
    found = {one.criterion for one in start_gate(replace(READY, age=age)).findings}
    assert ("gate:ecg" in found) is asked


def test_by_nose_the_nose_is_asked_about_and_no_vein() -> None:
    found = {
        one.criterion for one in start_gate(replace(READY, route=SessionRoute.NASAL)).findings
    }
    assert "gate:nose_free" in found
    assert "gate:access" not in found


@pytest.mark.parametrize(
    ("condition", "asked"),
    [
        pytest.param("no_other_drugs", "Har pasienten holdt seg unna", id="drugs"),
        pytest.param("nothing_new", "Er sykdommer og legemidler uendret", id="nothing new"),
        pytest.param("nose_free", "Har pasienten latt være", id="nasal spray"),
        pytest.param("suicidality_asked", "og er svaret uten nye funn?", id="nothing new said"),
    ],
)
def test_yes_to_a_question_is_always_the_safe_answer(condition: str, asked: str) -> None:
    [one] = [each for each in gate_rules().conditions if each.id == condition]
    assert asked in one.question.nb


def both(*pressures: tuple[int, int]) -> tuple[Any, ...]:
    return tuple(
        reading(-60 + 15 * n, systolic=high, diastolic=low)
        for n, (high, low) in enumerate(pressures)
    )


def test_either_part_of_a_pressure_counts_as_a_recheck() -> None:
    before = both((165, 95), (150, 105), (165, 95))
    assert stands("systolic", before=before) is Standing.EXCLUDED


def test_a_recheck_without_rest_is_none() -> None:
    hurried = tuple(reading(-30 + 5 * n, systolic=165) for n in range(4))
    assert stands("systolic", before=hurried) is Standing.UNKNOWN


def test_one_pressure_is_not_two_because_the_pulse_was_taken_twice() -> None:
    before = (reading(-30, systolic=None, diastolic=None), reading(-25))
    assert stands("readings", before=before) is Standing.UNKNOWN


def test_fasting_is_told_in_hours() -> None:
    said = {one.criterion: one.reason.nb for one in start_gate(READY).findings}
    assert said["gate:solids"] == "Ingen mat siste 4 t"
    nasal = start_gate(replace(READY, route=SessionRoute.NASAL)).findings
    assert "Ingen drikke siste 30 min" in {one.reason.nb for one in nasal}


@pytest.mark.parametrize(
    ("before", "standing"),
    [
        pytest.param(
            [reading(-30), reading(-20, systolic=178, spo2=90), reading(-2)],
            Standing.UNKNOWN,
            id="the good ones from before the bad one count no more",
        ),
        pytest.param(
            [reading(-40, systolic=178), reading(-30), reading(-20), reading(-18)],
            Standing.UNKNOWN,
            id="one was taken before the rest was over",
        ),
        pytest.param(
            [reading(-40, systolic=178), reading(-25), reading(-20)],
            None,
            id="two after the rest",
        ),
        pytest.param(
            [reading(-40, spo2=89), reading(-38), reading(-33)],
            None,
            id="a saturation takes no rest, but two new sets",
        ),
        pytest.param([reading(-40, spo2=89), reading(-33)], Standing.UNKNOWN, id="one new set"),
    ],
)
def test_one_good_reading_does_not_undo_a_bad_one(
    before: list[Any], standing: Standing | None
) -> None:
    found = start_gate(replace(READY, before=tuple(before))).findings
    [*missing] = [one for one in found if one.criterion == "gate:readings"]
    assert [one.standing for one in missing] == ([standing] if standing else [])
    for one in missing:
        assert "Målt før dette" in one.reason.nb


def pressure(*systolic: int) -> tuple[Any, ...]:
    return tuple(reading(-45 + 15 * n, systolic=one) for n, one in enumerate(systolic))


@pytest.mark.parametrize(
    ("before", "standing"),
    [
        pytest.param(pressure(130, 139), Standing.MET, id="139"),
        pytest.param(
            pressure(130, 140), Standing.NEEDS_SPECIALIST, id="140: the doctor decides"
        ),
        pytest.param(
            pressure(170, 150, 140), Standing.NEEDS_SPECIALIST, id="it came down, twice"
        ),
        pytest.param(pressure(130, 160), Standing.UNKNOWN, id="160 once: rest and recheck"),
        pytest.param(pressure(165, 160), Standing.UNKNOWN, id="one recheck"),
        pytest.param(
            pressure(165, 165, 160), Standing.EXCLUDED, id="two rechecks: do not start"
        ),
        pytest.param(
            pressure(165, 150, 165), Standing.UNKNOWN, id="it had come down in between"
        ),
        pytest.param(
            (
                reading(-45, systolic=165),
                reading(-35, systolic=None),
                reading(-25, systolic=165),
            ),
            Standing.UNKNOWN,
            id="a set without a pressure is no recheck",
        ),
    ],
)
def test_a_high_pressure_is_rechecked_before_it_closes_the_gate(
    before: tuple[Any, ...], standing: Standing
) -> None:
    assert stands("systolic", before=before) is standing


@pytest.mark.parametrize(
    ("sign", "value", "chronic_lung", "standing"),
    [
        ("heart_rate", 100, False, Standing.MET),
        ("heart_rate", 101, False, Standing.NEEDS_SPECIALIST),
        ("heart_rate", 111, False, Standing.EXCLUDED),
        ("heart_rate", 44, False, Standing.EXCLUDED),
        ("spo2", 94, False, Standing.NEEDS_SPECIALIST),
        ("spo2", 91, False, Standing.EXCLUDED),
        pytest.param("spo2", 91, True, Standing.NEEDS_SPECIALIST, id="chronic lung disease"),
        pytest.param("diastolic", None, False, Standing.UNKNOWN, id="not measured"),
    ],
)
def test_pulse_and_saturation_close_the_gate_at_once(
    sign: str, value: int | None, *, chronic_lung: bool, standing: Standing
) -> None:
    before = (reading(-35), reading(-30), readings(-25, {sign: value}))
    assert stands(sign, before=before, chronic_lung=chronic_lung) is standing


@pytest.mark.parametrize(
    "before",
    [
        pytest.param((), id="none"),
        pytest.param((reading(-25),), id="one"),
        pytest.param((reading(-25), reading(-21)), id="four minutes apart"),
    ],
)
def test_two_readings_five_minutes_apart_come_first(before: tuple[Any, ...]) -> None:
    assert stands("readings", before=before) is Standing.UNKNOWN


@pytest.mark.parametrize(
    ("criterion", "changes", "standing"),
    [
        ("solids", {"last_solids": at(-239)}, Standing.NEEDS_SPECIALIST),
        ("solids", {"last_solids": None}, Standing.UNKNOWN),
        ("fluids", {"last_fluids": at(-59)}, Standing.NEEDS_SPECIALIST),
        pytest.param(
            "fluids",
            {"last_fluids": at(-30), "route": SessionRoute.NASAL},
            Standing.MET,
            id="by nose half an hour without drink",
        ),
        pytest.param(
            "solids",
            {"last_solids": at(-120), "route": SessionRoute.NASAL},
            Standing.MET,
            id="by nose two hours without food",
        ),
    ],
)
def test_fasting_by_route(criterion: str, changes: dict[str, Any], standing: Standing) -> None:
    assert stands(criterion, **changes) is standing


@pytest.mark.parametrize(
    ("pregnancy", "tested", "first", "standing"),
    [
        (Pregnancy.IMPOSSIBLE, None, True, Standing.MET),
        (Pregnancy.POSITIVE, date(2026, 3, 2), True, Standing.EXCLUDED),
        (Pregnancy.UNKNOWN, None, True, Standing.UNKNOWN),
        pytest.param(Pregnancy.NEGATIVE, None, True, Standing.UNKNOWN, id="negative, but when"),
        pytest.param(Pregnancy.NEGATIVE, date(2026, 2, 23), True, Standing.MET, id="7 days"),
        pytest.param(
            Pregnancy.NEGATIVE, date(2026, 2, 22), True, Standing.UNKNOWN, id="8 days"
        ),
        pytest.param(
            Pregnancy.NEGATIVE, date(2026, 2, 2), False, Standing.MET, id="28 days later"
        ),
        pytest.param(
            Pregnancy.NEGATIVE, date(2026, 2, 1), False, Standing.UNKNOWN, id="29 days"
        ),
        pytest.param(
            Pregnancy.NEGATIVE, date(2026, 3, 3), True, Standing.UNKNOWN, id="tomorrow"
        ),
    ],
)
def test_a_pregnancy_test_has_its_window(
    pregnancy: Pregnancy, tested: date | None, *, first: bool, standing: Standing
) -> None:
    changes = {"pregnancy": pregnancy, "tested_on": tested, "first_session": first}
    assert stands("pregnancy", **changes) is standing


def test_after_midnight_a_pregnancy_test_of_today_is_of_today() -> None:
    night = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
    today = date(2026, 3, 3)
    changes = {"at": night, "on": today, "tested_on": today}
    assert stands("pregnancy", **changes) is Standing.MET


@pytest.mark.parametrize(
    ("recovering", "not_green", "standing"),
    [
        (0, 0, Standing.MET),
        pytest.param(1, 0, Standing.MET, id="one other, in green recovery"),
        pytest.param(2, 0, Standing.NEEDS_SPECIALIST, id="two others"),
        pytest.param(0, 1, Standing.NEEDS_SPECIALIST, id="another infusing or not green"),
    ],
)
def test_one_nurse_to_one_infusing_patient(
    recovering: int, not_green: int, standing: Standing
) -> None:
    assert (
        stands("staffing", others_recovering=recovering, others_not_green=not_green) is standing
    )


def test_an_old_weight_closes_the_gate() -> None:
    weight = weight_findings(
        Weighing(Kilograms(Decimal(80)), date(2026, 2, 1)),
        ordered=Kilograms(Decimal(80)),
        session_on=date(2026, 3, 2),
        maintenance=False,
    )
    assert start_gate(replace(READY, weight=weight)).standing is Standing.UNKNOWN
