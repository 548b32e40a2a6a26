from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from lysglimt.knowledge.errors import Inconsistent
from lysglimt.knowledge.safety.exposure import (
    CourseExposure,
    ExposureFacts,
    due_days,
    exposure_grid,
    exposure_verdict,
)
from lysglimt.knowledge.verdict import Standing

FIRST, EVALUATED, ENDED = date(2026, 1, 5), date(2026, 1, 26), date(2026, 7, 1)
ON = date(2026, 6, 1)
INDUCTION = CourseExposure(FIRST)
MAINTENANCE = CourseExposure(FIRST, evaluated=EVALUATED)
OVER = CourseExposure(FIRST, evaluated=EVALUATED, ended=ENDED)
CHECKS = {check.id: check for check in exposure_grid().check}


def due(check: str, course: CourseExposure, **more: Any) -> tuple[date, ...]:
    return due_days(CHECKS[check], course, on=ON, **more)


@pytest.mark.parametrize(
    ("check", "course", "more", "days"),
    [
        pytest.param("heart-baseline", INDUCTION, {}, (FIRST,), id="before the first session"),
        pytest.param("heart-baseline", INDUCTION, {"last_done": FIRST}, (), id="done"),
        pytest.param("kset-session", INDUCTION, {}, (), id="goes with the session"),
        pytest.param("mania-evaluation", INDUCTION, {}, (), id="not evaluated yet"),
        pytest.param("mania-evaluation", MAINTENANCE, {}, (EVALUATED,), id="at the evaluation"),
        pytest.param(
            "mania-evaluation",
            MAINTENANCE,
            {"last_done": FIRST},
            (EVALUATED,),
            id="the baseline is not the evaluation",
        ),
        pytest.param(
            "mania-evaluation", MAINTENANCE, {"last_done": EVALUATED}, (), id="evaluated"
        ),
        pytest.param("liver-maintenance", INDUCTION, {}, (), id="no maintenance yet"),
        pytest.param("liver-maintenance", MAINTENANCE, {}, (date(2026, 4, 26),), id="3 months"),
        pytest.param(
            "liver-maintenance",
            MAINTENANCE,
            {"last_done": date(2026, 4, 20)},
            (date(2026, 7, 20),),
            id="three months from the last",
        ),
        pytest.param("liver-maintenance", OVER, {}, (), id="over"),
        pytest.param("liver-frequent", MAINTENANCE, {}, (), id="not frequent"),
        pytest.param(
            "liver-frequent",
            replace(MAINTENANCE, frequent=True),
            {},
            (date(2026, 2, 26),),
            id="monthly when frequent",
        ),
        pytest.param(
            "pregnancy-maintenance", MAINTENANCE, {}, (date(2026, 2, 23),), id="28 days"
        ),
        pytest.param(
            "bladder-maintenance",
            MAINTENANCE,
            {"last_done": date(2026, 5, 1), "sessions_since_last": 6},
            (ON,),
            id="the sixth session comes first",
        ),
        pytest.param(
            "bladder-maintenance",
            MAINTENANCE,
            {"last_done": date(2026, 5, 1), "sessions_since_last": 5},
            (date(2026, 8, 1),),
            id="the fifth session does not",
        ),
        pytest.param(
            "function-end",
            OVER,
            {},
            (date(2027, 1, 1), date(2027, 7, 1)),
            id="six and twelve months after the end",
        ),
        pytest.param(
            "function-end",
            OVER,
            {"last_done": date(2027, 1, 5)},
            (date(2027, 7, 1),),
            id="twelve months remain",
        ),
        pytest.param("function-end", MAINTENANCE, {}, (), id="not over"),
        pytest.param("liver-end", OVER, {}, (), id="normal liver"),
        pytest.param(
            "liver-end",
            replace(OVER, liver_abnormal=True),
            {},
            (date(2027, 1, 1), date(2027, 7, 1)),
            id="abnormal liver",
        ),
    ],
)
def test_long_term_checks_are_due_from_the_facts(
    check: str, course: CourseExposure, more: dict[str, Any], days: tuple[date, ...]
) -> None:
    assert due(check, course, **more) == days


def test_what_is_repeated_states_an_interval() -> None:
    with pytest.raises(Inconsistent, match="no interval"):
        replace(CHECKS["liver-maintenance"], every=None)


@pytest.mark.parametrize(
    ("facts", "criteria"),
    [
        pytest.param({}, {"LT"}, id="nothing"),
        pytest.param({"positive_dips": 1}, {"LT"}, id="one positive dip"),
        pytest.param({"positive_dips": 2}, {"LT-dip"}, id="two positive dips"),
        pytest.param({"cystitis_grade": 2}, {"LT-cystitis"}, id="cystitis grade 2"),
        pytest.param({"alt_x_uln": Decimal(3)}, {"LT"}, id="ALT 3"),
        pytest.param({"alt_x_uln": Decimal("3.1")}, {"LT-liver"}, id="ALT 3.1"),
        pytest.param({"moca_before": 28, "moca_now": 25}, {"LT"}, id="MoCA 3 lower"),
        pytest.param({"moca_before": 28, "moca_now": 24}, {"LT-cognition"}, id="MoCA 4 lower"),
        pytest.param({"moca_before": 28}, {"LT"}, id="MoCA not repeated"),
        pytest.param({"misuse_positive": True}, {"LT-misuse"}, id="misuse"),
    ],
)
def test_what_holds_the_treatment(facts: dict[str, Any], criteria: set[str]) -> None:
    verdict = exposure_verdict(ExposureFacts(**facts))
    assert {finding.criterion for finding in verdict.findings} == criteria
    held = criteria != {"LT"}
    assert (verdict.standing is Standing.NEEDS_SPECIALIST) is held


@pytest.mark.parametrize(("alt", "word"), [("5", "7 days"), ("5.1", "Stop")])
def test_a_high_alt_is_repeated_and_a_higher_stops(alt: str, word: str) -> None:
    [finding] = exposure_verdict(ExposureFacts(alt_x_uln=Decimal(alt))).findings
    assert finding.action is not None
    assert word in finding.action.en


@pytest.mark.parametrize("enzyme", ["alt_x_uln", "ast_x_uln"])
@pytest.mark.parametrize(
    ("value", "symptoms", "word"),
    [
        pytest.param("3", True, None, id="not above three"),
        pytest.param("3.1", False, "7 days", id="repeated"),
        pytest.param("3.1", True, "Stop", id="with symptoms it stops"),
        pytest.param("5.1", False, "Stop", id="above five it stops"),
    ],
)
def test_either_liver_enzyme_counts_and_symptoms_stop_sooner(
    enzyme: str, value: str, word: str | None, *, symptoms: bool
) -> None:
    stated: dict[str, Any] = {enzyme: Decimal(value)}
    facts = ExposureFacts(liver_symptoms=symptoms, **stated)
    [finding] = exposure_verdict(facts).findings
    assert (finding.action.en if finding.action else "").startswith(
        {None: "", "7 days": "Hold", "Stop": "Stop"}[word]
    )
    assert (finding.criterion == "LT-liver") is (word is not None)
    if word:
        assert ("ALT" if enzyme == "alt_x_uln" else "AST") in finding.reason.en
