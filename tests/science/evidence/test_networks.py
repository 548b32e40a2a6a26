"""Networks that cannot be, and tables that are read row by row."""

from collections.abc import Mapping
from math import log

import pytest

from lysglimt.exchange.files.effects import Refused, contrasts, effects_table
from lysglimt.knowledge.errors import Implausible
from lysglimt.science.evidence.effect_sizes import Measure
from lysglimt.science.evidence.network import Contrast, Network, consistency
from lysglimt.science.evidence.splitting import split

Table = list[tuple[int, Mapping[str, str]]]


def table(text: str) -> Table:
    head, *rows = [line.split() for line in text.strip().splitlines()]
    return [(n, dict(zip(head, row, strict=True))) for n, row in enumerate(rows, start=2)]


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        pytest.param([], "1 or more", id="nothing"),
        pytest.param([("s", "a", "a", 1, 1)], "another than treat1", id="with itself"),
        pytest.param([("s", "a", "b", 1, 0)], "se above 0", id="no error"),
        pytest.param([("s", "a", "b", float("nan"), 1)], "numbers", id="no number"),
        pytest.param([("s", "a", "b", 1, 1), ("s", "b", "a", -1, 1)], "each pair once", id="twice"),
        pytest.param([("s", "a", "b", 1, 1), ("s", "a", "c", 1, 1)], "every pair", id="a pair short"),
        pytest.param([("s", "a", "b", 1, 1), ("t", "c", "d", 1, 1)], "one network", id="two networks"),
        pytest.param(
            [("s", "a", "b", 1, 1), ("s", "a", "c", 1, 1), ("s", "b", "c", 1, 1)],
            "add up", id="a loop that does not close",
        ),
        pytest.param(
            [("s", "a", "b", 1, 0.1), ("s", "a", "c", 1, 0.1), ("s", "b", "c", 0, 5)],
            "can be together", id="variances that cannot be",
        ),
    ],
)  # fmt: skip
def test_a_network_that_cannot_be_is_refused(
    rows: list[tuple[str, str, str, float, float]], why: str
) -> None:
    with pytest.raises(Implausible) as refusal:
        Network.of([Contrast(*row) for row in rows])
    assert why in str(refusal.value)


def test_one_trial_is_a_network_that_nothing_contradicts() -> None:
    network = Network.of([Contrast("s", "a", "b", 1, 0.5)])
    found = consistency(network)
    assert (network.tau2, found.Q, found.df, found.pval, found.p_random) == (0, 0, 0, 1, 1)
    [one] = split(network, 0.0)
    assert (one.proportion, one.direct, one.indirect) == (1.0, 1.0, None)


def test_what_was_never_compared_is_indirect() -> None:
    network = Network.of([Contrast("s", "a", "b", 1, 0.5), Contrast("t", "b", "c", 1, 0.5)])
    [one] = [each for each in split(network, 0.0) if each.comparison == "a:c"]
    assert (one.direct, one.p) == (None, None)
    assert one.indirect == pytest.approx(2)


ARMS = """
study treat events n
one   x     1      10
one   y     3      10
two   x     0      10
two   y     2      11
two   z     5      12
three y     0      9
three z     0      9
"""


def test_arms_become_contrasts_that_add_up() -> None:
    found = {(one.study, one.treat1, one.treat2): one for one in contrasts(table(ARMS))}
    assert {study for study, *_ in found} == {"one", "two"}
    assert found["one", "x", "y"].te == pytest.approx(log((1 * 7) / (9 * 3)))
    # An empty arm gives half a person to each arm of its trial, so that the loop closes.
    around = found["two", "x", "y"].te + found["two", "y", "z"].te - found["two", "x", "z"].te
    assert around == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("measure", [Measure.RR, Measure.RD])
def test_arms_on_another_measure(measure: Measure) -> None:
    found = contrasts(table(ARMS), measure)
    assert ("three" in {one.study for one in found}) is (measure is Measure.RD)
    one = next(each for each in found if each.study == "one")
    assert one.te == pytest.approx(log(1 / 3) if measure is Measure.RR else -0.2)


def test_a_measure_of_means_is_none_of_counts() -> None:
    with pytest.raises(Implausible, match="OR, RR, RD"):
        contrasts(table(ARMS), Measure.MD)


def test_means_become_differences() -> None:
    [one] = contrasts(table("study treat mean sd n\na x -15 10 25\na y -7 10 25"))
    assert one.te == -8
    assert one.se == pytest.approx((100 / 25 * 2) ** 0.5)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        pytest.param("study treat events n\na x 1 10\na x 2 10", [3], id="an arm twice"),
        pytest.param(
            "study treat events n\na x 11 10\na y 0 0", [2, 3], id="more than all; of nobody"
        ),
        pytest.param(
            "study treat mean sd n\na x 1 1 9\na x 1 1 9\na z 1 1 1", [3, 4], id="means"
        ),
        pytest.param(
            "study treat1 treat2 te se\na x y one 1\nb x y 1 -1", [2, 3], id="contrasts"
        ),
        pytest.param("study treat1 te se\na x 1 1", [1], id="no such column"),
    ],
)
def test_every_bad_row_is_named(text: str, rows: list[int]) -> None:
    with pytest.raises(Refused) as refusal:
        contrasts(table(text))
    assert [one.row for one in refusal.value.problems] == rows


def test_a_name_that_is_missing_is_missed() -> None:
    with pytest.raises(Refused) as refusal:
        contrasts([(2, {"study": " ", "treat1": "x", "treat2": "y", "te": "1", "se": "1"})])
    assert refusal.value.problems[0].column == "study"


def test_effects_are_read_with_or_without_names() -> None:
    found = effects_table(table("yi vi study\n0,5 0.1 Berg\n1e-3 0.2 Dahl"))
    assert (found.studies, found.yi, found.vi) == (("Berg", "Dahl"), (0.5, 0.001), (0.1, 0.2))
    assert effects_table(table("yi vi\n1 1")).studies == ("1",)


@pytest.mark.parametrize(
    ("rows", "named"),
    [
        pytest.param([], [1], id="nothing"),
        pytest.param(table("yi vi\nx 1\n1 -1\ninf 1"), [2, 3, 4], id="three rows"),
        pytest.param(table("yi var\n1 1"), [1], id="a column"),
    ],
)
def test_effects_are_taken_whole_or_not_at_all(rows: Table, named: list[int]) -> None:
    with pytest.raises(Refused) as refusal:
        effects_table(rows)
    assert [one.row for one in refusal.value.problems] == named
    assert "row " in str(refusal.value)
