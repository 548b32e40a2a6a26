"""What is written about a rule holds: its sources exist, decisions are short, changes are named."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from lysglimt.knowledge.sources.library import library

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "lysglimt"
KINDS = [t["directory"] for t in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["towncrier"]["type"]]  # fmt: skip
CITED = re.compile(r"(?<![\w`\])])\[([a-z][a-z0-9]*(?:-[a-z0-9]+)*)\](?!\()")
MODULES = [p for storey in ("knowledge", "science", "register") for p in (SOURCE / storey).rglob("*.py")]  # fmt: skip
DECISIONS = sorted((ROOT / "docs/decisions").glob("*.md"))
FRAGMENTS = sorted(p for p in (ROOT / "changelog.d").glob("*") if p.name != ".gitignore")


def docstrings(module: Path) -> Iterator[str]:
    """Of modules, classes, functions, and of the constants they stand below."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        match node:
            case ast.Expr(value=ast.Constant(value=str(words))):
                yield words
            case _:
                pass


def cited(words: str) -> list[str]:
    return CITED.findall(words)


@pytest.mark.parametrize("module", MODULES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_a_docstring_cites_what_stands_in_the_library(module: Path) -> None:
    keys = {key for words in docstrings(module) for key in cited(words)}
    assert keys <= library().keys()


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ("Half or less counts. [ketect]", ["ketect"]),
        ("Read in [elektd-t2] and [fava].", ["elektd-t2", "fava"]),
        ("A tuple[str] and a `[x]` cite nothing; nor does [a link](there).", []),
    ],
)
def test_a_key_in_brackets_is_a_citation(words: str, keys: list[str]) -> None:
    assert cited(words) == keys


@pytest.mark.parametrize("record", DECISIONS, ids=lambda p: p.stem)
def test_a_decision_says_why_what_and_what_follows_in_few_words(record: Path) -> None:
    words = record.read_text(encoding="utf-8")
    assert re.match(r"\d{4}-[a-z0-9-]+$", record.stem)
    assert re.findall(r"^## (.+)$", words, re.MULTILINE) == [
        "Context",
        "Decision",
        "Consequences",
    ]
    assert len(words.split()) < 300


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = [int(record.stem[:4]) for record in DECISIONS]
    assert numbers == list(range(1, len(DECISIONS) + 1))
    assert numbers


@pytest.mark.parametrize("fragment", FRAGMENTS, ids=lambda p: p.name)
def test_a_change_is_named_by_its_kind_and_a_clinical_one_by_its_source(fragment: Path) -> None:
    named = re.fullmatch(r"\+?[a-z0-9-]+\.([a-z]+)(\.\d+)?\.md", fragment.name)
    assert named, "like +course.added.md or +ceilings.clinical.md"
    assert named[1] in KINDS
    words = fragment.read_text(encoding="utf-8")
    assert words.strip()
    if named[1] == "clinical":
        keys = cited(words)
        assert keys
        assert set(keys) <= library().keys()


@pytest.mark.parametrize(
    "module", sorted(SOURCE.rglob("*.py")), ids=lambda p: str(p.relative_to(SOURCE))
)
def test_nothing_prints_past_the_command_line(module: Path) -> None:
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(func=ast.Name(id="print")):
                pytest.fail(f"line {node.lineno} prints")
            case _:
                pass
