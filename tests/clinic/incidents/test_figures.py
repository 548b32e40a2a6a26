"""The unit's own figures of safety, with few sessions and with many."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from lysglimt.clinic.incidents import actions
from lysglimt.clinic.incidents.figures import safety_figures
from lysglimt.clinic.incidents.models import DutyState
from lysglimt.clinic.incidents.pictures import g_picture, u_picture
from lysglimt.clinic.people.models import Professional, Unit
from lysglimt.knowledge.safety.reporting import IncidentKind
from lysglimt.science.rates import g_chart
from tests.clinic.conftest import NOON
from tests.clinic.treatment.conftest import Give, approved, course, give, protocol

from .conftest import Enter, page

__all__ = ["approved", "course", "give", "protocol"]

DAY = timedelta(days=1)
Many = Callable[[int], None]


@pytest.fixture
def many(give: Give) -> Many:
    """`many(5)` are five sessions, two a week."""

    def many(number: int) -> None:
        for session in range(number):
            give(session * 3)

    return many


def test_events_are_counted_for_a_thousand_sessions_and_a_rise_by_itself(
    many: Many, enter: Enter, moss: Unit, nurse: Professional
) -> None:
    many(8)
    enter(at=NOON + DAY, grade="3")
    enter(at=NOON + 4 * DAY, serious="yes", criteria=["hospitalisation"])
    enter(at=NOON + 5 * DAY, term="hypertension", transient=True, grade="")
    gone = enter(at=NOON + 6 * DAY)
    actions.strike(incident=gone, by=nurse, at=NOON + 7 * DAY, reason="Ført to ganger")
    miss = enter(IncidentKind.NEAR_MISS, at=NOON + 6 * DAY, term="", grade="", known_at=NOON)
    actions.close(
        incident=closable(miss), words="Etiketten er byttet.", by=nurse, at=NOON + 9 * DAY
    )
    found = safety_figures(moss.pk, now=NOON + 30 * DAY)
    assert (found.sessions, found.few) == (8, True)
    assert {one.what: one.rate.count for one in found.sums} == {
        "all": 2,
        "severe": 1,
        "grade-unknown": 0,
        "serious": 1,
        "serious-unknown": 0,
    }
    assert found.sums[0].rate.per_thousand == 250
    assert [(one.what, one.rate.count) for one in found.terms] == [("vomiting", 2)]
    assert [(one.what, one.rate.count) for one in found.mishaps] == [("near-miss", 1)]
    assert found.transient.count == 1
    assert found.unmeasured == 8
    assert found.serious.gaps == (2,)
    assert found.serious.since == 6
    assert (found.closure.closed, found.closure.longest, found.closure.open) == (1, 9, 3)


def closable(row: Any) -> Any:
    """Every report of it is answered for."""
    from_duties = actions.Answered(
        state=DutyState.NOT_TO_BE_SENT, words="Meldt muntlig", happened_at=NOON + DAY
    )
    for duty in (
        "internal",
        "patient-injury",
        "adverse-reaction",
        "section-3-3-a",
        "new-scheme",
    ):
        actions.answer_duty(
            incident=row, duty=duty, answered=from_duties, by=row.by, at=NOON + DAY
        )
    return row


def test_without_sessions_there_is_no_rate_and_nothing_is_drawn(
    as_nurse: Client, moss: Unit
) -> None:
    found = safety_figures(moss.pk, now=NOON)
    assert found.sums[0].rate.per_thousand is None
    assert g_picture(found.serious) is None
    shown = page(as_nurse, "safety")
    assert "0 økter gitt" in shown
    assert "Ingen er avsluttet" in shown
    assert "<svg" not in shown.partition("Alvorlige hendelser")[2]


def test_the_page_says_how_little_few_sessions_say(
    as_nurse: Client, many: Many, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(3)
    enter(at=NOON + DAY, serious="yes", criteria=["important"])
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON + 20 * DAY)
    shown = page(as_nurse, "safety")
    assert "Få økter" in shown
    assert "333,3" in shown
    assert "8,4–1857,2" in shown.replace("\xa0", "").replace("1 857", "1857")
    assert shown.count("<svg") == 2
    assert "Ødegård" not in shown


def test_a_month_without_sessions_breaks_the_curve_and_one_far_out_is_marked(
    moss: Unit,
) -> None:
    found = safety_figures(moss.pk, now=NOON)
    drawn = u_picture(found.by_month, found.months)
    assert drawn.curves == ()
    assert len(drawn.rows) == 12


def test_limits_are_drawn_once_there_are_five_events() -> None:
    few = g_picture(g_chart(100, [20, 40, 60]))
    assert few is not None
    assert few.lines[2:] == ()
    drawn = g_picture(g_chart(1000, [190, 400, 610, 800, 803, 1000]))
    assert drawn is not None
    assert len(drawn.lines) == 5
    assert [dot.kind for dot in drawn.dots].count("past-limit") == 1
    assert "tidligere enn ved tilfeldighet" in drawn.rows[4][1]


def test_serious_harm_that_is_entered_as_a_mishap_alone_is_told_beside_the_chart(
    as_nurse: Client, many: Many, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(3)
    harm: dict[str, Any] = {"serious": "yes", "criteria": ["important"], "harmed": "yes"}
    enter(IncidentKind.DOSING_ERROR, at=NOON + DAY, term="", grade="", **harm)
    enter(at=NOON + DAY, grade="unknown")
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON + 20 * DAY)
    shown = page(as_nurse, "safety")
    assert "1 alvorlig hendelse er ingen uønsket hendelse og telles ikke her" in shown
    row = shown.partition("Grad ikke kjent")[2][:60]
    assert "1" in re.sub(r"<[^>]+>", " ", row).split()
    assert "Klasse 3: fra 160 eller 100 mmHg" not in shown, "no pressure was charted"
