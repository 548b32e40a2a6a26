"""What is written about a rule holds: its sources exist, decisions are short, changes are named."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

from lysglimt.knowledge.sources.library import library
from tests.architecture.evidence import ROOT
from tests.architecture.modules import EVERY, SOURCE, nodes, place

KINDS = [t["directory"] for t in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["towncrier"]["type"]]  # fmt: skip
CITED = re.compile(r"(?<![\w`\])])\[([a-z][a-z0-9]*(?:-[a-z0-9]+)*)\](?!\()")
CITING = [p for storey in ("knowledge", "science", "register") for p in (SOURCE / storey).rglob("*.py")]  # fmt: skip
DECISIONS = sorted((ROOT / "docs/decisions").glob("*.md"))
FRAGMENTS = sorted(p for p in (ROOT / "changelog.d").glob("*") if p.name != ".gitignore")


def docstrings(module: Path) -> list[tuple[int, str]]:
    """Of modules, classes, functions, and of the constants they stand below, with their lines."""
    return [
        (node.lineno, words)
        for node in nodes(module)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if isinstance(words := node.value.value, str)
    ]


def cited(words: str) -> list[str]:
    return CITED.findall(words)


def test_a_docstring_cites_what_stands_in_the_library() -> None:
    said = [
        (f"{place(module)}:{line} cites {key}", key)
        for module in CITING
        for line, words in docstrings(module)
        for key in cited(words)
    ]
    unknown = [where for where, key in said if key not in library()]
    assert said
    assert not unknown, "\n".join(unknown)


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


def test_a_decision_says_why_what_and_what_follows_in_few_words() -> None:
    for record in DECISIONS:
        words = record.read_text(encoding="utf-8")
        assert re.match(r"\d{4}-[a-z0-9-]+$", record.stem), record.name
        headings = re.findall(r"^## (.+)$", words, re.MULTILINE)
        assert headings == ["Context", "Decision", "Consequences"], record.name
        assert len(words.split()) < 300, record.name


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = [int(record.stem[:4]) for record in DECISIONS]
    assert numbers == list(range(1, len(DECISIONS) + 1))
    assert numbers


def wrong_with(fragment: Path) -> str | None:
    named = re.fullmatch(r"\+?[a-z0-9-]+\.([a-z]+)(\.\d+)?\.md", fragment.name)
    if not named:
        return "is not named like +course.added.md or +ceilings.clinical.md"
    if named[1] not in KINDS:
        return f"is of no kind there is: {named[1]}"
    words = fragment.read_text(encoding="utf-8")
    if not words.strip():
        return "says nothing"
    keys = cited(words)
    if named[1] == "clinical" and not (keys and set(keys) <= library().keys()):
        return f"cites {keys or 'nothing'}"
    return None


def test_a_change_is_named_by_its_kind_and_a_clinical_one_by_its_source() -> None:
    wrong = [f"{one.name} {said}" for one in FRAGMENTS if (said := wrong_with(one))]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Course.added.md", "A course."),
        ("+course.invented.md", "A course."),
        ("+course.added.md", " "),
        ("+ceiling.clinical.md", "A ceiling without a source."),
        ("+ceiling.clinical.md", "A ceiling. [nobody-wrote-this]"),
    ],
)
def test_a_change_that_is_named_wrongly_is_seen(tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / name).write_text(words, encoding="utf-8")
    assert wrong_with(tmp_path / name)


def test_nothing_prints_past_the_command_line() -> None:
    printing = [
        f"{place(module)}:{node.lineno}"
        for module in EVERY
        for node in nodes(module)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "print"
    ]
    assert not printing, "\n".join(printing)
