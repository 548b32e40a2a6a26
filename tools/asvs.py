"""How much of the ASVS is shown by a test: the lines that stand in the README."""

import csv
from pathlib import Path

TABLE = Path(__file__).resolve().parents[1] / "docs" / "security" / "asvs.csv"
LEVELS = ("L1", "L2", "L3")


def counted() -> str:
    """For each level: covered, that is it applies and names a test; of those that apply at all."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    lines = ["| OWASP ASVS 5.0.0 | covered by a test | apply | of all |", "|---|---|---|---|"]
    for level in LEVELS:
        of_level = [row for row in rows if row["level"] == level]
        apply = [row for row in of_level if row["applies"] != "no"]
        covered = sum(bool(row["tests"]) for row in apply)
        lines.append(f"| {level} | {covered} | {len(apply)} | {len(of_level)} |")
    return "\n".join(lines)
