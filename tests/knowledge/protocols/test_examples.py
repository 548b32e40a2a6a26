"""The published courses stand where the handbook says they do."""

from datetime import date
from pathlib import Path

import pytest

from lysglimt.knowledge.protocols.course import course_state
from lysglimt.knowledge.protocols.facts_file import read_facts
from lysglimt.knowledge.protocols.library import latest
from lysglimt.knowledge.protocols.state import Matter

from .courses import codes, proposed, step

EXAMPLES = Path(__file__).resolve().parents[3] / "docs" / "examples" / "course"
ON = date(2026, 3, 2)

EXPECTED = [
    # name, phase, counted, proposed, rule, departures, a session is offered
    ("planned", "planned", 0, [], "START", [], False),
    ("mid-induction", "induction", 3, [], "EV-1", [], True),
    ("too-early", "induction", 3, [], "EV-1", ["too-early", "too-many-in-a-week"], False),
    ("part-given", "induction", 1, [], "EV-1", ["not-counted"], True),
    ("broken-induction", "induction", 3, ["count-on", "restart", "stop"], "GAP-MAX", [], False),
    (
        "restart-proposed",
        "induction",
        3,
        ["restart", "count-on", "stop"],
        "GAP-RESTART",
        [],
        False,
    ),
    ("evaluation-due", "evaluation", 6, [], "EV-1", [], False),
    ("partial-after-six", "evaluation", 6, ["extend"], "EV-1", [], False),
    ("no-response", "evaluation", 6, ["stop"], "EV-1", [], False),
    ("remission-at-four", "induction", 4, ["end-induction"], "EV-1", [], False),
    ("futility-flag", "induction", 4, ["stop", "continue"], "EV-3", [], False),
    ("consent-withdrawn", "induction", 2, ["stop"], "EV-5", [], False),
    ("maintenance-lengthened", "maintenance", 6, ["continue", "stop"], "EV-6", [], False),
    ("closed", "closed", 6, [], None, [], False),
]


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda expected: expected[0])
def test_a_published_course_stands_where_it_should(
    expected: tuple[str, str, int, list[str], str | None, list[str], bool],
) -> None:
    name, phase, counted, decisions, rule, departures, offered = expected
    text = (EXAMPLES / f"{name}.json").read_text(encoding="utf-8")
    course = course_state(latest("iv-ketamine-no"), read_facts(text, name=name), ON)
    assert course.recorded.phase == phase
    assert course.recorded.counted == counted
    assert proposed(course) == decisions
    assert (course.advice.next.ground.rule if course.advice.next else None) == rule
    assert codes(course) == departures
    assert step(course) is offered


def test_every_published_course_is_tested() -> None:
    assert {file.stem for file in EXAMPLES.glob("*.json")} == {one[0] for one in EXPECTED}


def test_the_lengthened_interval_sets_the_next_session() -> None:
    text = (EXAMPLES / "maintenance-lengthened.json").read_text(encoding="utf-8")
    course = course_state(latest("iv-ketamine-no"), read_facts(text, name="x"), ON)
    [session] = [one for one in course.advice.due if one.matter is Matter.SESSION]
    assert course.recorded.interval_days == 35
    assert (session.earliest, session.latest) == (date(2026, 3, 24), date(2026, 3, 30))
