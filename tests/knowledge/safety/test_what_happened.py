"""Which duties an incident brings, and what is not known is not taken for no."""

from datetime import UTC, date, datetime
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lysglimt.knowledge.errors import Implausible
from lysglimt.knowledge.figures import Mark
from lysglimt.knowledge.safety.adverse_events import grades_of, taxonomy
from lysglimt.knowledge.safety.reporting import (
    Deadline,
    IncidentKind,
    Measure,
    Seriousness,
    WhatHappened,
    duties,
    duties_of,
    triggers_of,
)

FRIDAY = datetime(2026, 3, 6, 14, 0, tzinfo=UTC)
NONE: frozenset[Seriousness] = frozenset()
PLAIN: dict[str, Any] = {
    "serious": NONE,
    "causality": "probable",
    "expected": True,
    "nasal": False,
    "in_study": False,
    "unnatural": False,
    "harmed": False,
}


def asked(kind: IncidentKind = IncidentKind.ADVERSE_EVENT, **said: Any) -> set[str]:
    return {duty.id for duty in duties_of(WhatHappened(kind=kind, **(PLAIN | said)))}


def serious(*criteria: Seriousness) -> frozenset[Seriousness]:
    return frozenset(criteria)


DEATH, LIFE = serious(Seriousness.DEATH), serious(Seriousness.LIFE_THREATENING)
ADMITTED = serious(Seriousness.HOSPITALISATION)


@pytest.mark.parametrize(
    ("said", "duties"),
    [
        pytest.param({}, set(), id="nausea, expected and not serious"),
        pytest.param({"expected": False}, {"adverse-reaction"}, id="unexpected"),
        pytest.param({"expected": None}, {"adverse-reaction"}, id="not known whether expected"),
        pytest.param(
            {"expected": False, "causality": "unlikely"}, set(), id="unlikely the drug"
        ),
        pytest.param(
            {"serious": ADMITTED}, {"adverse-reaction", "patient-injury"}, id="admitted"
        ),
        pytest.param(
            {"serious": ADMITTED, "causality": "unlikely"}, {"patient-injury"}, id="unrelated"
        ),
        pytest.param(
            {"serious": LIFE}, {"adverse-reaction", "patient-injury"}, id="expected harm"
        ),
        pytest.param(
            {"serious": LIFE, "expected": False},
            {"section-3-3-a", "new-scheme", "adverse-reaction", "patient-injury"},
            id="very serious and unexpected",
        ),
        pytest.param(
            {"serious": DEATH, "expected": None, "unnatural": None},
            {
                *("section-3-3-a", "new-scheme", "adverse-reaction", "unnatural-death"),
                "patient-injury",
            },
            id="a death not yet judged",
        ),
        pytest.param(
            {"serious": DEATH},
            {"section-3-3-a", "new-scheme", "adverse-reaction", "patient-injury"},
            id="of an expected death a person says why no alert is sent",
        ),
        pytest.param(
            {"serious": None, "expected": False, "in_study": None},
            {
                *("section-3-3-a", "new-scheme", "adverse-reaction", "patient-injury"),
                "study",
            },
            id="nobody knows yet",
        ),
        pytest.param({"nasal": True}, {"esketamine"}, id="by nose"),
        pytest.param({"nasal": None}, {"esketamine"}, id="by which way is not known"),
        pytest.param({"misuse": True, "nasal": True}, {"esketamine"}, id="misuse by nose"),
        pytest.param({"transient": True, "expected": None}, set(), id="a rise that went by"),
        pytest.param(
            {"transient": True, "serious": ADMITTED},
            {"adverse-reaction", "patient-injury"},
            id="a rise that led to admission",
        ),
    ],
)
def test_an_adverse_event_brings_its_duties(said: dict[str, Any], duties: set[str]) -> None:
    assert asked(**said) == duties


@pytest.mark.parametrize(
    ("kind", "duties"),
    [
        (IncidentKind.NEAR_MISS, {"internal"}),
        (IncidentKind.DOSING_ERROR, {"internal"}),
        (IncidentKind.DEVIATION, {"internal"}),
        (IncidentKind.DIVERSION, {"internal", "medicine-loss"}),
        (IncidentKind.DEVICE_FAULT, {"internal", "device"}),
    ],
)
def test_what_harmed_nobody_brings_what_its_kind_asks(
    kind: IncidentKind, duties: set[str]
) -> None:
    assert asked(kind) == duties
    assert asked(kind, harmed=None) == duties | {"patient-injury"}


def test_misuse_alone_reaches_the_programme_of_the_nasal_spray() -> None:
    assert asked(IncidentKind.DIVERSION, misuse=True, nasal=True) >= {"esketamine"}
    assert "esketamine" not in asked(IncidentKind.DIVERSION, misuse=True)


@given(
    st.builds(
        WhatHappened,
        kind=st.sampled_from(IncidentKind),
        harmed=st.none() | st.booleans(),
        serious=st.none() | st.frozensets(st.sampled_from(Seriousness)),
        causality=st.sampled_from(["", "certain", "unlikely"]),
        expected=st.none() | st.booleans(),
        transient=st.booleans(),
        nasal=st.none() | st.booleans(),
        misuse=st.booleans(),
        unnatural=st.none() | st.booleans(),
        in_study=st.none() | st.booleans(),
    )
)
def test_what_is_not_known_never_brings_fewer_duties(what: WhatHappened) -> None:
    answers = {
        name: [False, True] if getattr(what, name) is None else [getattr(what, name)]
        for name in ("expected", "nasal", "in_study", "harmed", "unnatural")
    }
    for said in product(*answers.values()):
        known = WhatHappened(
            kind=what.kind,
            serious=what.serious,
            causality=what.causality,
            transient=what.transient,
            misuse=what.misuse,
            **dict(zip(answers, said, strict=True)),
        )
        assert triggers_of(known) <= triggers_of(what)
        assert set(duties_of(known)) <= set(duties_of(what))


@pytest.mark.parametrize(
    ("deadline", "latest"),
    [
        (Deadline(24, Measure.HOURS), datetime(2026, 3, 7, 14, 0, tzinfo=UTC)),
        (Deadline(0, Measure.DAYS), date(2026, 3, 6)),
        (Deadline(5, Measure.WORKING_DAYS), date(2026, 3, 13)),
    ],
)
def test_a_deadline_of_the_unit_is_counted_as_the_file_counts(
    deadline: Deadline, latest: object
) -> None:
    assert deadline.latest(FRIDAY) == latest


def test_a_deadline_before_the_event_is_none() -> None:
    with pytest.raises(Implausible):
        Deadline(-1, Measure.DAYS)


@pytest.mark.parametrize("duty", duties(), ids=lambda duty: duty.id)
def test_the_deadline_of_the_file_falls_where_the_duty_says(duty: Any) -> None:
    stated = duty.deadline
    assert (stated.latest(FRIDAY) if stated else None) == duty.latest(FRIDAY)
    assert duty.deadline_basis.mark in Mark
    if duty.id == "adverse-reaction":
        assert (duty.basis.mark, duty.deadline_basis.mark) == (Mark.SEEN, Mark.MEMORY)


def test_every_criterion_of_the_list_is_known_to_the_duties() -> None:
    assert [one.id for one in taxonomy().seriousness] == list(Seriousness)


def test_a_grade_has_words_and_what_is_said_of_suicide_has_none() -> None:
    terms = taxonomy().terms
    assert grades_of(terms["nausea"]).words == terms["nausea"].grades
    assert grades_of(terms["dissociation"]).basis.mark is Mark.OWN
    assert grades_of(terms["headache"]).basis.mark is Mark.MEMORY
    assert sorted(grades_of(terms["headache"]).words) == ["1", "2", "3", "4"]
    for name in ("suicidal-ideation", "suicide-attempt", "dosing-error", "escort-failure"):
        assert not grades_of(terms[name]).words
