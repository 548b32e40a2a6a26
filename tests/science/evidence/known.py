"""The reference numbers, and how near is near enough."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from lysglimt.science.evidence.arms import Counted, Measured
from lysglimt.science.evidence.heterogeneity import Studies
from lysglimt.science.evidence.pooling import checked

REFERENCE = Path(__file__).parents[2] / "reference"
EXACT = 1e-8

BCG = """4 119 11 128;6 300 29 274;3 228 11 209;62 13536 248 12619;33 5036 47 5761
180 1361 372 1079;8 2537 10 619;505 87886 499 87892;29 7470 45 7232;17 1699 65 1600
186 50448 141 27197;5 2493 3 2338;27 16886 29 17825"""
"""Vaccinated with and without tuberculosis, controls with and without: Colditz and others, 1994."""
LATITUDE = (44, 55, 42, 52, 13, 44, 19, 13, 27, 42, 18, 33, 33)
ALLOCATION = (*["random"] * 4, *["alternate"] * 2, *["random"] * 3, *["systematic"] * 4)
STAY = """155 55 47 156 75 64;31 27 7 32 29 4;75 64 17 71 119 29;18 66 20 18 137 48
8 14 8 13 18 11;57 19 7 52 18 4;34 52 45 33 41 34;110 21 16 183 31 27;60 30 27 52 23 20"""
"""Days in hospital, n mean SD of specialist and of routine care: Normand, 1999."""


def rows(text: str) -> list[list[float]]:
    return [[float(n) for n in row.split()] for row in text.replace("\n", ";").split(";")]


def vaccinated() -> list[tuple[Counted, Counted]]:
    return [(Counted(a, a + b), Counted(c, c + d)) for a, b, c, d in rows(BCG)]


def stays() -> list[tuple[Measured, Measured]]:
    return [(Measured(b, c, a), Measured(e, f, d)) for a, b, c, d, e, f in rows(STAY)]


@cache
def metafor() -> dict[str, Any]:
    return dict(json.loads((REFERENCE / "metafor.json").read_text("utf-8"))["results"])


@cache
def tight() -> dict[str, Any]:
    """What metafor.json has by the package's usual stopping rule, made with a tight one."""
    return dict(json.loads((REFERENCE / "metafor_tight.json").read_text("utf-8")))


@cache
def netmeta() -> dict[str, Any]:
    found = json.loads((REFERENCE / "netmeta.json").read_text("utf-8"))["results"]
    return dict(found["Senn2013_MD"])


def studies(name: str) -> Studies:
    found = metafor()[name]
    return checked(found["yi"], found["vi"])


POOLED = sorted(name for name, found in metafor().items() if "models" in found)


def far(ours: object, theirs: object, within: float = EXACT, floor: float = 1e-16) -> bool:
    """Further apart than allowed: relative, but for the ``floor`` near zero; None only beside None."""
    if theirs is None or ours is None:
        return ours is not theirs
    one, other = float(str(ours)), float(str(theirs))
    return not abs(one - other) <= max(within * abs(other), floor)
