"""The repository as a stranger finds it: it says what is there, and nothing of where it was made."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "lysglimt"
NOT_OURS = {".git", ".venv", ".tools", "__pycache__", "build", "node_modules", ".hypothesis"}
NOT_TEXT = {".woff2", ".ttf", ".png", ".mo", ".ico", ".xlsx", ".sqlite3", ".gz"}
MODULES = [p for p in SOURCE.rglob("*.py") if "migrations" not in p.parts]
LINES = {
    "knowledge": 17_500,
    "clinic": 64_000,
    "server": 11_500,
    "exchange": 6_000,
    "register": 6_000,
    "science": 9_000,
}
"""What a storey may grow to. Whoever asks for more says in a record what was taken out first."""
VENDORED = re.compile(r"/static/[^/]+/[^/]+/|\.min\.js$")
"""A folder within an app's static folder comes from elsewhere, with its licence beside it."""

# Taken apart, so that this file does not name them either.
REGISTRIES = ["".join(p) for p in (("pypi", ".org"), ("python", "hosted"), ("npm", "js."), ("jsdel", "ivr"), ("unp", "kg."))]  # fmt: skip
MACHINE = re.compile(r"(?<![\w.\-])/(?:work|root|home|Users)/\w|\.\./" + "shared")
FORBIDDEN_NAMES = {
    "utils", "util", "common", "helpers", "helper", "base", "core", "data", "info",
    "manager", "managers", "service", "services", "handler", "handlers", "misc", "processor",
}  # fmt: skip


def ours(folder: Path = ROOT) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name in NOT_OURS or path.name.endswith("_cache"):
            continue
        if path.is_dir():
            yield from ours(path)
        elif path.is_file() and path.suffix not in NOT_TEXT and ".coverage" not in path.name:
            yield path


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


FILES = sorted(
    path for path in ours() if not path.name.endswith((".sqlite3-wal", ".sqlite3-shm"))
)
PAGES = [p for p in FILES if p.suffix == ".html" and p.is_relative_to(SOURCE)]
SCRIPTS = [p for p in FILES if p.suffix == ".js" and not VENDORED.search(p.as_posix())]
NAMED = re.compile(r"`([\w.*{}<>/-]+/)`")


def test_no_file_names_a_package_registry() -> None:
    named = [place(p) for p in FILES if any(host in text(p).lower() for host in REGISTRIES)]
    assert not named


def test_no_file_names_the_machine_it_was_written_on() -> None:
    named = [place(p) for p in FILES if place(p) != ".ci/run" and MACHINE.search(text(p))]
    assert not named


def test_a_file_is_named_after_something_of_the_clinic() -> None:
    named = [place(p) for p in MODULES if p.stem in FORBIDDEN_NAMES]
    assert sorted(named) == [  # the name Django looks for
        f"src/lysglimt/server/{kind}/base.py" for kind in ("postgresql", "sqlite")
    ]


@pytest.mark.parametrize(("storey", "limit"), LINES.items())
def test_a_storey_stays_small_enough_for_one_person_to_hold(storey: str, limit: int) -> None:
    modules = [module for module in MODULES if module.is_relative_to(SOURCE / storey)]
    assert sum(len(text(module).splitlines()) for module in modules) <= limit


def test_every_storey_has_a_limit_and_the_house_holds_no_more_files_than_are_known() -> None:
    holding_code = [module for module in MODULES if text(module).strip()]
    assert {module.relative_to(SOURCE).parts[0] for module in holding_code} <= LINES.keys()
    assert len(holding_code) <= 950


def test_our_own_javascript_stays_small() -> None:
    assert sum(len(text(script).splitlines()) for script in SCRIPTS) <= 2_050


def test_a_template_fits_on_a_few_screens() -> None:
    lines = {place(page): len(text(page).splitlines()) for page in PAGES}
    long = [f"{name} has {count} lines" for name, count in lines.items() if count > 120]
    assert len(lines) > 200
    assert not long, "\n".join(long)


def test_a_template_carries_no_style_or_script_of_its_own() -> None:
    """The strict content policy would block them, in silence."""
    own = re.compile(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\bsrc=)[^>]*>")
    inline = [
        f"{place(page)}:{text(page).count(chr(10), 0, tag.start()) + 1} {tag[0].strip()}"
        for page in PAGES
        for tag in own.finditer(text(page))
        if "application/json" not in tag[0]
    ]
    assert not inline, "\n".join(inline)


@pytest.mark.parametrize("document", ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_a_folder_that_a_document_names_is_there(document: str) -> None:
    named = [
        name for name in NAMED.findall(text(ROOT / document)) if not set(name) & set("<{*")
    ]
    bases = (ROOT, SOURCE, SOURCE / "clinic", SOURCE / "knowledge")
    assert named
    assert not [name for name in named if not any((base / name).is_dir() for base in bases)]


def test_ci_runs_the_command_that_the_readme_gives() -> None:
    [block] = re.findall(r"```sh\n(.*?)```", text(ROOT / "README.md"), re.DOTALL)
    commands = [line.partition("#")[0].strip() for line in block.splitlines()]
    assert commands == ["make demo", "make test"]
    assert any(line.startswith("make test ") for line in text(ROOT / ".ci/run").splitlines())


def test_the_licence_is_apache_2() -> None:
    licence = text(ROOT / "LICENSE")
    assert "Apache License" in licence
    assert "Version 2.0, January 2004" in licence
    assert len(licence.splitlines()) == 202
