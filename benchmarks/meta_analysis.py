"""REML and leave-one-out of 50 trials at least twenty times as quick as R metafor, in one run.

The same effects go to both; the answers must agree before their times are compared. R is asked in
one process that has loaded metafor already, so that only the fits are timed.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from benchmarks.conditions import say, stated
from lysglimt.science.evidence.heterogeneity import Method, Studies
from lysglimt.science.evidence.pooling import Test, pool
from lysglimt.science.evidence.sensitivity import leave_one_out
from tools.machine import PARTS, advice, has_apt, install

TRIALS, TIMES = 50, 20
NEAR = 1e-6
"""metafor stops at 1e-5 of the variance by itself; here it is told 1e-13."""
ROUNDS = 30
SCRIPT = """
suppressPackageStartupMessages(library(metafor))
there <- commandArgs(trailingOnly = TRUE)[1]
d <- read.csv(there)
tight <- list(threshold = 1e-13, maxiter = 1000)
once <- function() rma(yi, vi, data = d, method = "REML", test = "knha", control = tight)
usual <- function() rma(yi, vi, data = d, method = "REML", test = "knha")
ms <- function(f, n) { f(); median(sapply(1:n, function(i) {
  start <- Sys.time(); f(); as.numeric(Sys.time() - start, units = "secs") * 1000 })) }
fit <- once(); out <- leave1out(fit); loose <- usual()
said <- c(fit$beta, fit$se, fit$tau2, out$estimate, ms(usual, 30), ms(function() leave1out(loose), 5))
cat(paste(sprintf("%.17g", said), collapse = "\\n"), as.character(packageVersion("metafor")), sep = "\\n")
"""


def made(seed: int = 6) -> Studies:
    """Made-up trials that differ by more than chance."""
    rng = np.random.default_rng(seed)
    v = rng.uniform(0.01, 0.25, TRIALS)
    return Studies(rng.normal(-0.4, np.sqrt(v + 0.08)), v)


def milliseconds(work: Callable[[], object], rounds: int) -> float:
    work()
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) * 1000)
    return median(taken)


def metafor(studies: Studies) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        there, script = Path(folder) / "effects.csv", Path(folder) / "time.R"
        pairs = zip(studies.y.tolist(), studies.v.tolist(), strict=True)
        there.write_text("yi,vi\n" + "".join(f"{y!r},{v!r}\n" for y, v in pairs), "utf-8")
        script.write_text(SCRIPT, encoding="utf-8")
        command = ["Rscript", "--vanilla", str(script), str(there)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    *numbers, version = done.stdout.split()
    said = [float(number) for number in numbers]
    return {
        "version": version,
        "answers": said[: 3 + TRIALS],
        "fit": said[3 + TRIALS],
        "left out": said[4 + TRIALS],
    }


def ours(studies: Studies) -> dict[str, Any]:
    fit = pool(studies, method=Method.REML, test=Test.KNHA)
    out = leave_one_out(studies)
    return {
        "answers": [fit.estimate, fit.se, fit.tau2, *out.estimate.tolist()],
        "fit": milliseconds(
            lambda: pool(studies, method=Method.REML, test=Test.KNHA), ROUNDS * 10
        ),
        "left out": milliseconds(lambda: leave_one_out(studies), ROUNDS),
    }


def main() -> int:
    """1 when one of the two is not quick enough or not the same, or metafor is not there."""
    if not PARTS["r"].found() and has_apt():
        install(["r"])
    if not PARTS["r"].found():
        say(f"NOT MEASURED: {advice('r')}")
        return 1
    studies = made()
    with stated(f"REML and leave-one-out of {TRIALS} trials >= {TIMES} x metafor"):
        theirs, mine = metafor(studies), ours(studies)
        off = max(
            abs(one - other) / max(abs(other), 1e-3)
            for one, other in zip(mine["answers"], theirs["answers"], strict=True)
        )
        say(f"metafor {theirs['version']}, largest relative difference {off:.1e}")
        ratios = {}
        for what in ("fit", "left out"):
            ratios[what] = theirs[what] / mine[what]
            say(
                f"{what:8}  metafor {theirs[what]:8.2f} ms, ours {mine[what]:7.3f} ms: {ratios[what]:.0f} x"
            )
    say(json.dumps({"difference": off} | ratios))
    kept = off <= NEAR and min(ratios.values()) >= TIMES
    say("kept" if kept else "BROKEN: not the same, or not quick enough")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
