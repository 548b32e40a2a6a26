from datetime import UTC, date, datetime

import pytest

from lysglimt.knowledge.safety.reporting import ReportTrigger, duties, duties_after

FRIDAY = datetime(2026, 3, 6, 14, 0, tzinfo=UTC)
DUTIES = {duty.id: duty for duty in duties()}


def after(*triggers: ReportTrigger, unexpected: bool | None = True) -> list[str]:
    return [duty.id for duty in duties_after(triggers, unexpected=unexpected)]


def test_an_unexpected_death_is_reported_at_once_and_by_the_newer_scheme() -> None:
    assert after(ReportTrigger.DEATH) == ["section-3-3-a", "new-scheme"]


def test_a_death_said_to_be_expected_stays_on_the_list() -> None:
    assert after(ReportTrigger.DEATH, unexpected=False) == ["section-3-3-a", "new-scheme"]
    assert after(ReportTrigger.VERY_SERIOUS_HARM, unexpected=False) == []


def test_a_death_not_yet_judged_is_listed() -> None:
    assert "section-3-3-a" in after(ReportTrigger.DEATH, unexpected=None)


def test_a_serious_reaction_is_reported_whatever_was_expected() -> None:
    assert after(ReportTrigger.SERIOUS_REACTION, unexpected=False) == ["adverse-reaction"]


@pytest.mark.parametrize("trigger", list(ReportTrigger))
def test_everything_that_is_distinguished_has_a_duty(trigger: ReportTrigger) -> None:
    assert after(trigger)


def test_the_newer_scheme_has_no_verified_first_day() -> None:
    assert DUTIES["new-scheme"].in_force is None
    assert DUTIES["section-3-3-a"].in_force is not None


def test_five_working_days_skip_the_weekend_and_holidays() -> None:
    duty = DUTIES["new-scheme"]
    assert duty.latest(FRIDAY) == date(2026, 3, 13)
    assert duty.latest(FRIDAY, holidays={date(2026, 3, 9)}) == date(2026, 3, 16)


def test_hours_end_at_an_hour_and_days_at_a_day() -> None:
    assert DUTIES["study"].latest(FRIDAY) == datetime(2026, 3, 7, 14, 0, tzinfo=UTC)
    assert DUTIES["adverse-reaction"].latest(FRIDAY) == date(2026, 3, 21)
    assert DUTIES["medicine-loss"].latest(FRIDAY) == FRIDAY.date()


def test_without_a_known_deadline_none_is_invented() -> None:
    assert DUTIES["section-3-3-a"].latest(FRIDAY) is None
