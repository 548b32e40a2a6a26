from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lysglimt.knowledge.eligibility.adequacy import FloorTable, adequacy
from lysglimt.knowledge.eligibility.candidate import EpisodeSeverity
from lysglimt.knowledge.eligibility.judgement import judgement
from lysglimt.knowledge.eligibility.resistance import (
    Answer,
    Improvement,
    Stimulation,
    StimulationKind,
    TreatmentTrial,
    maudsley,
    psychotherapy_adequate,
    resistance,
    stimulation_adequate,
)
from lysglimt.knowledge.eligibility.staging import StagingBand, staging
from lysglimt.knowledge.medicine import NotACode

from .candidates import ON, WELL, having

YES, NO, UNKNOWN = Answer
SERTRALINE = TreatmentTrial(
    "N06AB06",
    mg_per_day=Decimal(100),
    weeks=Decimal(6),
    adherence=80,
    improvement=Improvement.BELOW_25,
    current_episode=True,
    intolerant=False,
)
VENLAFAXINE = replace(SERTRALINE, atc="N06AX16", mg_per_day=Decimal(150))
AMITRIPTYLINE = replace(SERTRALINE, atc="N06AA09", mg_per_day=Decimal(75))
NORTRIPTYLINE = replace(SERTRALINE, atc="N06AA10", mg_per_day=Decimal(50))
LITHIUM = replace(SERTRALINE, atc="N05AN01", mg_per_day=None, weeks=Decimal(4))
QUETIAPINE = replace(SERTRALINE, atc="N05AH04", mg_per_day=Decimal(150), weeks=Decimal(4))


@pytest.mark.parametrize(
    ("trial", "changes", "age", "adequate"),
    [
        pytest.param(SERTRALINE, {}, 40, YES, id="dose, weeks and adherence at the floor"),
        pytest.param(SERTRALINE, {"mg_per_day": Decimal(50)}, 40, YES, id="sertraline 50"),
        pytest.param(SERTRALINE, {"mg_per_day": Decimal(49)}, 40, NO, id="sertraline 49"),
        pytest.param(SERTRALINE, {"mg_per_day": None}, 40, UNKNOWN, id="dose not known"),
        pytest.param(SERTRALINE, {"weeks": Decimal("5.9")}, 40, NO, id="just under six weeks"),
        pytest.param(SERTRALINE, {"weeks": None}, 40, UNKNOWN, id="weeks not known"),
        pytest.param(SERTRALINE, {"adherence": 79}, 40, NO, id="adherence 79"),
        pytest.param(SERTRALINE, {"adherence": None}, 40, UNKNOWN, id="adherence not known"),
        pytest.param(VENLAFAXINE, {"mg_per_day": Decimal(75)}, 40, NO, id="venlafaxine 75"),
        pytest.param(AMITRIPTYLINE, {}, 65, YES, id="half a tricyclic suffices at 65"),
        pytest.param(AMITRIPTYLINE, {}, 64, NO, id="half a tricyclic does not at 64"),
        pytest.param(AMITRIPTYLINE, {}, None, UNKNOWN, id="half a tricyclic, age not known"),
        pytest.param(
            AMITRIPTYLINE, {"mg_per_day": Decimal(150)}, None, YES, id="whole, any age"
        ),
        pytest.param(AMITRIPTYLINE, {"mg_per_day": Decimal(74)}, None, NO, id="low at any age"),
        pytest.param(SERTRALINE, {"mg_per_day": Decimal(25)}, 80, NO, id="no half of an SSRI"),
        pytest.param(NORTRIPTYLINE, {}, 40, NO, id="nortriptyline 50 without a level"),
        pytest.param(NORTRIPTYLINE, {"serum_in_range": True}, 40, YES, id="level in range"),
        pytest.param(NORTRIPTYLINE, {"serum_in_range": False}, 40, NO, id="level out of range"),
        pytest.param(
            SERTRALINE,
            {"mg_per_day": Decimal(25), "serum_in_range": True},
            40,
            NO,
            id="a level does not stand in for sertraline",
        ),
        pytest.param(LITHIUM, {"serum_mmol_l": Decimal("0.6")}, 40, YES, id="lithium 0.6"),
        pytest.param(LITHIUM, {"serum_mmol_l": Decimal("0.59")}, 40, NO, id="lithium 0.59"),
        pytest.param(
            LITHIUM, {"serum_mmol_l": Decimal("1.1")}, 40, YES, id="lithium above range"
        ),
        pytest.param(LITHIUM, {}, 40, UNKNOWN, id="lithium without a level"),
        pytest.param(QUETIAPINE, {}, 40, YES, id="augmentation of four weeks"),
        pytest.param(
            QUETIAPINE, {"weeks": Decimal("3.9")}, 40, NO, id="augmentation too short"
        ),
        pytest.param(QUETIAPINE, {"mg_per_day": Decimal(149)}, 40, NO, id="quetiapine 149"),
        pytest.param(QUETIAPINE, {"mg_per_day": None}, 40, UNKNOWN, id="quetiapine, no dose"),
        pytest.param(
            SERTRALINE,
            {"augments": "N06AX11", "weeks": Decimal(4)},
            40,
            YES,
            id="an antidepressant added needs four weeks",
        ),
        pytest.param(SERTRALINE, {"atc": "N06AX99"}, 40, UNKNOWN, id="not in the table"),
        pytest.param(SERTRALINE, {"atc": "C07AB02"}, 40, NO, id="not an antidepressant"),
    ],
)
def test_a_trial_is_adequate_by_dose_time_and_adherence(
    trial: TreatmentTrial, changes: dict[str, Any], age: int | None, adequate: Answer
) -> None:
    judged = judgement(replace(trial, **changes), age=age)
    assert judged.adequate is adequate
    assert judged.reasons


@pytest.mark.parametrize(
    ("floors", "changes", "adequate"),
    [
        pytest.param(
            FloorTable.ATHF, {"weeks": Decimal(4)}, NO, id="ATHF: more than four weeks"
        ),
        pytest.param(
            FloorTable.ATHF, {"weeks": Decimal("4.1")}, YES, id="ATHF: sertraline 100"
        ),
        pytest.param(
            FloorTable.ATHF, {"mg_per_day": Decimal(99)}, NO, id="ATHF: sertraline 99"
        ),
        pytest.param(
            FloorTable.ATRQ, {"mg_per_day": Decimal(50)}, YES, id="ATRQ: sertraline 50"
        ),
        pytest.param(FloorTable.ATRQ, {"atc": "N06AX03"}, UNKNOWN, id="ATRQ: no floor stated"),
    ],
)
def test_other_published_floors_can_be_asked(
    floors: FloorTable, changes: dict[str, Any], adequate: Answer
) -> None:
    assert judgement(replace(SERTRALINE, **changes), age=40, floors=floors).adequate is adequate


@pytest.mark.parametrize(
    ("changes", "counts"),
    [
        pytest.param({"improvement": Improvement.BELOW_50}, YES, id="25 to 49 % is a failure"),
        pytest.param({"improvement": Improvement.HALF_OR_MORE}, NO, id="half is not"),
        pytest.param({"improvement": Improvement.UNKNOWN}, UNKNOWN, id="improvement not known"),
        pytest.param({"intolerant": True}, NO, id="intolerance never counts"),
        pytest.param({"intolerant": None}, UNKNOWN, id="tolerance not known"),
        pytest.param({"weeks": Decimal(2), "intolerant": True}, NO, id="short and intolerant"),
        pytest.param({"augments": "N06AX11"}, NO, id="an addition is no new antidepressant"),
        pytest.param({"atc": "N05AH04"}, NO, id="an augmenter is no antidepressant"),
    ],
)
def test_what_counts_as_a_failure(changes: dict[str, Any], counts: Answer) -> None:
    assert judgement(replace(SERTRALINE, **changes), age=40).counts is counts


def test_sertraline_below_100_is_noted() -> None:
    low = judgement(replace(SERTRALINE, mg_per_day=Decimal(50)), age=40)
    assert any("100 mg" in reason.nb for reason in low.reasons)
    assert not any("100 mg/døgn regnes" in r.nb for r in judgement(SERTRALINE, age=40).reasons)


@pytest.mark.parametrize(
    ("trials", "episode", "lifetime"),
    [
        pytest.param([SERTRALINE, VENLAFAXINE], YES, YES, id="two in this episode"),
        pytest.param([SERTRALINE], NO, NO, id="one"),
        pytest.param([SERTRALINE, SERTRALINE], NO, NO, id="the same medicine twice is one"),
        pytest.param(
            [SERTRALINE, replace(VENLAFAXINE, current_episode=False)], NO, YES, id="one earlier"
        ),
        pytest.param(
            [SERTRALINE, replace(VENLAFAXINE, current_episode=None)],
            UNKNOWN,
            YES,
            id="episode?",
        ),
        pytest.param(
            [SERTRALINE, replace(VENLAFAXINE, weeks=None)], UNKNOWN, UNKNOWN, id="weeks?"
        ),
        pytest.param([], NO, NO, id="nothing tried"),
        pytest.param(None, UNKNOWN, UNKNOWN, id="nobody asked"),
    ],
)
def test_resistance_by_episode_and_by_lifetime(
    trials: list[TreatmentTrial] | None, episode: Answer, lifetime: Answer
) -> None:
    judged = resistance(trials, age=40)
    assert (judged.in_episode, judged.in_lifetime) == (episode, lifetime)


TRIALS = st.builds(
    TreatmentTrial,
    atc=st.sampled_from([*adequacy().antidepressants, "N05AN01", "N06AX99", "C07AB02"]),
    mg_per_day=st.none() | st.decimals(0, 500, places=1),
    weeks=st.none() | st.decimals(0, 60, places=1),
    adherence=st.none() | st.integers(0, 100),
    improvement=st.sampled_from(Improvement),
    current_episode=st.sampled_from([None, True, False]),
    intolerant=st.sampled_from([None, True, False]),
)
ORDER = (NO, UNKNOWN, YES)


@given(trials=st.lists(TRIALS, max_size=6), more=TRIALS, age=st.none() | st.integers(18, 90))
def test_one_more_trial_never_makes_a_depression_less_resistant(
    trials: list[TreatmentTrial], more: TreatmentTrial, age: int | None
) -> None:
    before, after = resistance(trials, age=age), resistance([*trials, more], age=age)
    assert ORDER.index(after.in_episode) >= ORDER.index(before.in_episode)
    assert ORDER.index(after.in_lifetime) >= ORDER.index(before.in_lifetime)


@given(trials=st.lists(TRIALS, max_size=6), age=st.integers(18, 90))
def test_resistant_in_the_episode_is_resistant_in_the_lifetime(
    trials: list[TreatmentTrial], age: int
) -> None:
    judged = resistance(trials, age=age)
    assert judged.in_episode is not YES or judged.in_lifetime is YES
    assert judged.episode_failures <= judged.lifetime_failures_at_most


@pytest.mark.parametrize("field", ["atc", "augments"])
def test_a_trial_is_of_a_whole_atc_code(field: str) -> None:
    changes: dict[str, Any] = {field: "N06AB"}
    with pytest.raises(NotACode) as refused:
        replace(SERTRALINE, **changes)
    assert refused.value.facts["field"] == field


@pytest.mark.parametrize(
    ("kind", "sessions", "floors", "enough"),
    [
        pytest.param(StimulationKind.ECT, 6, FloorTable.DEFAULT, YES, id="six of ECT"),
        pytest.param(StimulationKind.ECT, 5, FloorTable.DEFAULT, NO, id="five of ECT"),
        pytest.param(StimulationKind.ECT, 6, FloorTable.ATHF, NO, id="the ATHF asks for seven"),
        pytest.param(StimulationKind.RTMS, 20, FloorTable.DEFAULT, YES, id="twenty of rTMS"),
        pytest.param(StimulationKind.RTMS, 19, FloorTable.DEFAULT, NO, id="nineteen of rTMS"),
        pytest.param(StimulationKind.RTMS, None, FloorTable.DEFAULT, UNKNOWN, id="not counted"),
    ],
)
def test_stimulation_is_counted_in_sessions(
    kind: StimulationKind, sessions: int | None, floors: FloorTable, enough: Answer
) -> None:
    assert stimulation_adequate(Stimulation(kind, sessions), floors=floors) is enough


@pytest.mark.parametrize(("sessions", "enough"), [(8, YES), (7, NO), (None, UNKNOWN)])
def test_psychotherapy_is_recorded(sessions: int | None, enough: Answer) -> None:
    assert psychotherapy_adequate(sessions) is enough


def staged(**changes: Any) -> Any:
    facts: dict[str, Any] = {
        "started": date(2025, 3, 2),
        "on": ON,
        "severity": EpisodeSeverity.MODERATE,
        "failures": (2, 2),
        "augmented": NO,
        "ect": NO,
    }
    return staging(**(facts | changes))


@pytest.mark.parametrize(
    ("changes", "total", "band"),
    [
        pytest.param({}, 5, StagingBand.MILD, id="exactly twelve months is one point"),
        pytest.param({"started": date(2025, 3, 1)}, 6, StagingBand.MILD, id="twelve and a day"),
        pytest.param(
            {"started": date(2024, 3, 2)}, 6, StagingBand.MILD, id="exactly 24 months"
        ),
        pytest.param({"started": date(2024, 3, 1)}, 7, StagingBand.MODERATE, id="24 and a day"),
        pytest.param({"failures": (3, 3)}, 6, StagingBand.MILD, id="three failures"),
        pytest.param(
            {"failures": (5, 6)}, 7, StagingBand.MODERATE, id="five or six is the same"
        ),
        pytest.param({"failures": (7, 7)}, 8, StagingBand.MODERATE, id="seven failures"),
        pytest.param({"failures": (11, 11)}, 9, StagingBand.MODERATE, id="eleven failures"),
        pytest.param(
            {"augmented": YES, "ect": YES}, 7, StagingBand.MODERATE, id="augmented, ECT"
        ),
        pytest.param(
            {
                "started": date(2020, 1, 1),
                "severity": EpisodeSeverity.SEVERE_WITH_PSYCHOSIS,
                "failures": (12, 12),
                "augmented": YES,
                "ect": YES,
            },
            15,
            StagingBand.SEVERE,
            id="the highest total",
        ),
        pytest.param({"failures": (0, 0)}, None, None, id="no failure is not applicable"),
        pytest.param({"failures": (2, 3)}, None, None, id="points depend on what is not known"),
        pytest.param({"failures": (0, 2)}, None, None, id="perhaps no failure"),
        pytest.param({"failures": None}, None, None, id="history not taken"),
        pytest.param({"severity": None}, None, None, id="severity not known"),
        pytest.param({"started": None}, None, None, id="first day not known"),
        pytest.param({"ect": UNKNOWN}, None, None, id="ECT not known"),
    ],
)
def test_maudsley_staging(
    changes: dict[str, Any], total: int | None, band: StagingBand | None
) -> None:
    stage = staged(**changes)
    assert (stage.total, stage.band) == (total, band)


def test_staging_says_what_is_missing_and_when_it_does_not_apply() -> None:
    assert staged(severity=None, ect=UNKNOWN).missing == ("severity", "ect")
    assert not staged(failures=(0, 0)).applicable


def test_staging_is_taken_from_the_history() -> None:
    stage = maudsley(WELL, on=ON)
    assert stage.points == {
        "duration": 1,
        "severity": 4,
        "failures": 1,
        "augmentation": 0,
        "ect": 0,
    }
    assert stage.total == 6


def test_an_augmentation_and_ect_in_this_episode_are_points() -> None:
    ect = Stimulation(StimulationKind.ECT, 8, current_episode=True)
    trials = (SERTRALINE, VENLAFAXINE, replace(LITHIUM, augments="N06AX16"))
    stage = maudsley(having(history={"trials": trials, "stimulation": (ect,)}), on=ON)
    assert (stage.points["augmentation"], stage.points["ect"]) == (1, 1)


def test_a_history_that_nobody_took_leaves_the_points_open() -> None:
    stage = maudsley(having(history={"trials": None, "stimulation": None}), on=ON)
    assert stage.missing == ("failures", "augmentation", "ect")
