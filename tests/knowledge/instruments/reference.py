"""The published and boundary scores that every instrument must reproduce."""

import json
from pathlib import Path
from typing import Any

REFERENCE: dict[str, Any] = json.loads(
    (Path(__file__).resolve().parents[2] / "reference" / "instruments.json").read_text("utf-8")
)
VECTORS: list[dict[str, Any]] = REFERENCE["vectors"]


def told(vector: dict[str, Any]) -> dict[str, Any]:
    """What a vector tells beside the answers."""
    beside: dict[str, Any] = {"prorate": vector.get("prorated", False)}
    if "sex" in vector:
        beside["sex"] = vector["sex"][0]
    if "education_le_12" in vector:
        beside["education_years"] = 12 if vector["education_le_12"] else 13
    return beside


def given(vector: dict[str, Any]) -> Any:
    """The answers of a vector; what does not apply is said so."""
    if "answers" in vector:
        return vector["answers"]
    none = {number - 1 for number in vector.get("not_applicable", ())}
    return ["na" if n in none else answer for n, answer in enumerate(vector["items"])]
