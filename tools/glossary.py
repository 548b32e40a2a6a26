"""The glossary's table in order: sorted by name, each row once.

    python -m tools.glossary

Branches that add rows are merged by keeping the rows of both, which leaves some twice.
"""

from pathlib import Path

GLOSSARY = Path(__file__).resolve().parents[1] / "GLOSSARY.md"


def tidy(text: str) -> str:
    """Two rows of one name that differ both stay: only a person knows which is right."""
    lines = text.rstrip("\n").splitlines()
    rows = sorted({line for line in lines if line.startswith("| **")}, key=str.casefold)
    rest = [line for line in lines if not line.startswith("| **")]
    return "\n".join([*rest, *rows]) + "\n"


if __name__ == "__main__":
    GLOSSARY.write_text(tidy(GLOSSARY.read_text(encoding="utf-8")), encoding="utf-8")
