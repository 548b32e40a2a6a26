"""A judgement comes with its reasons, and the worst finding decides."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lysglimt.knowledge.figures import Basis, Mark
from lysglimt.knowledge.sources.library import library
from lysglimt.knowledge.text import Text
from lysglimt.knowledge.verdict import Finding, Standing, Verdict

PROPOSED = Basis(Mark.OWN, library()["own-proposal"])
standings = st.sampled_from(Standing)


def finding(standing: Standing) -> Finding:
    return Finding("IN-1", standing, Text("alder", "age"), PROPOSED)


def test_a_verdict_that_rests_on_nothing_is_unknown() -> None:
    assert Verdict.of([]).standing is Standing.UNKNOWN


@given(st.lists(standings, min_size=1))
def test_the_worst_finding_decides(found: list[Standing]) -> None:
    assert Verdict.of(map(finding, found)).standing is max(found)


@given(st.lists(standings), standings)
def test_one_more_finding_never_betters_a_verdict(
    found: list[Standing], more: Standing
) -> None:
    before = Verdict.of(map(finding, [*found, Standing.MET])).standing
    assert Verdict.of(map(finding, [*found, Standing.MET, more])).standing >= before


def test_the_reasons_leave_out_what_is_met() -> None:
    verdict = Verdict.of(map(finding, Standing))
    assert [one.standing for one in verdict.reasons] == list(Standing)[1:]


def test_the_questions_are_what_is_unknown() -> None:
    verdict = Verdict.of(map(finding, Standing))
    assert [one.standing for one in verdict.questions] == [Standing.UNKNOWN]


@pytest.mark.parametrize("standing", Standing)
def test_only_what_is_met_is_no_reason(standing: Standing) -> None:
    assert bool(Verdict.of([finding(standing)]).reasons) is (standing is not Standing.MET)
