"""Every number that netmeta gave for the network of Senn and others (2013)."""

import numpy as np
import pytest

from lysglimt.science.evidence.network import (
    Comparisons,
    Contrast,
    Network,
    consistency,
    p_scores,
)
from lysglimt.science.evidence.splitting import split

from .known import far, netmeta


@pytest.fixture(scope="module")
def network() -> Network:
    found = netmeta()["data"]
    columns = (found[key] for key in ("studlab", "treat1", "treat2", "TE", "seTE"))
    return Network.of([Contrast(*row) for row in zip(*columns, strict=True)])


def compared(network: Network, kind: str) -> Comparisons:
    return network.compared(network.tau2 if kind == "random" else 0.0)


def test_the_network_is_the_one_that_was_calculated(network: Network) -> None:
    said = netmeta()
    assert list(network.treatments) == said["trts"]
    assert (len(network.trials), network.pairs, len(network.treatments), network.designs) == (
        said["k"], said["m"], said["n"], said["d"],
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["common", "random"])
def test_every_comparison_agrees(network: Network, kind: str) -> None:
    found = compared(network, kind)
    for ours, key in ((found.te, f"TE_{kind}"), (found.se, f"seTE_{kind}")):
        pairs = zip(ours.ravel(), np.asarray(netmeta()[key]).ravel(), strict=True)
        assert not [one for one in pairs if far(*one)]


@pytest.mark.parametrize("kind", ["common", "random"])
def test_the_ranking_agrees(network: Network, kind: str) -> None:
    scores = p_scores(network, compared(network, kind), small_is_good=True)
    said = netmeta()[f"P_{kind}"]
    assert scores.keys() == said.keys()
    assert not [name for name in scores if far(scores[name], said[name])]


def test_what_differs_within_and_between_designs_agrees(network: Network) -> None:
    found, said = consistency(network), netmeta()
    within, at_random = said["decomp"]["within_designs"], said["decomp"]["inc_random"]
    i2 = (found.Q - found.df) / found.Q
    pairs = (
        (network.tau2, said["tau2"]),
        (i2, said["I2"]),
        (found.Q, said["Q"]),
        (found.df, said["df_Q"]),
        (found.pval, said["pval_Q"]),
        (found.Q_heterogeneity, said["Q_heterogeneity"]),
        (found.df_heterogeneity, said["df_Q_het"]),
        (found.Q_inconsistency, said["Q_inconsistency"]),
        (found.df_inconsistency, said["df_Q_inc"]),
        (found.Q_random, at_random["Q"][0]),
        (found.df_inconsistency, at_random["df"][0]),
        (found.p_random, at_random["pval"][0]),
        (found.tau_within, at_random["tau.within"][0]),
        *zip((found.Q, found.Q_heterogeneity, found.Q_inconsistency), within["Q"], strict=True),
        *zip((found.df, found.df_heterogeneity, found.df_inconsistency), within["df"], strict=True),
        *zip((found.pval, found.pval_heterogeneity, found.pval_inconsistency), within["pval"], strict=True),
    )  # fmt: skip
    assert not [pair for pair in pairs if far(*pair)]


def test_the_share_of_direct_evidence_agrees(network: Network) -> None:
    said = netmeta()["prop_direct_random"]
    found = {one.comparison: one.proportion for one in split(network, network.tau2)}
    assert found.keys() == said.keys()
    assert not [name for name in found if far(found[name], said[name])]


def test_direct_against_indirect_agrees(network: Network) -> None:
    said = netmeta()["netsplit_random"]
    found = {one.comparison: one for one in split(network, network.tau2)}
    assert len(said["comparison"]) == len(found) == 45
    for number, name in enumerate(said["comparison"]):
        other = ":".join(reversed(name.split(":")))
        one, sign = (found[name], 1) if name in found else (found[other], -1)
        ends = (one.lower, one.upper) if sign > 0 else (one.upper, one.lower)
        ours = (one.difference, one.se_difference, *ends, one.z, one.p)
        signs = (sign, 1, sign, sign, sign, 1)
        for key, value, turn in zip(
            ("TE", "seTE", "lower", "upper", "z", "p"), ours, signs, strict=True
        ):
            mine = None if value is None else turn * value
            assert not far(mine, said[key][number]), (name, key)
