"""What is claimed about security is shown by something, and the code keeps to it."""

import ast
import re
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path

from lysglimt.server.configuration import Configuration
from tests.architecture.evidence import ROOT, is_there, named_in, requirements, sentences_in
from tests.architecture.modules import MODULES, SOURCE, nodes, place
from tools import asvs

SCRIPTS = [
    p for p in SOURCE.rglob("*.js") if not re.search(r"/static/[^/]+/[^/]+/", p.as_posix())
]
DOCUMENTS = sorted([*(ROOT / "docs/security").glob("*.md"), *(ROOT / "docs/clinical-safety").glob("*.md")])  # fmt: skip
CHAPTERS = (30, 13, 31, 16, 13, 47, 19, 13, 7, 36, 24, 12, 21, 13, 21, 17, 12)
"""How many requirements each chapter of ASVS 5.0.0 has."""
LEVELS = {"L1": 70, "L2": 183, "L3": 92}

SQL = {
    "clinic/audit/actions/sealing.py",
    "clinic/audit/append_only.py",
    "register/engines/into_postgresql.py",
    "server/backup/chest.py",
    "server/backup/inventory.py",
    "server/postgresql/base.py",
    "server/privileges.py",
    "server/proving/rows_of_houses.py",
    "server/row_security.py",
}
"""Asks which guards and policies stand, of the database itself, and puts them there."""
CALLING = {
    "clinic/audit/anchoring.py",
    "clinic/people/helseid.py",
    "clinic/people/views/helseid.py",
    "clinic/people/views/way_in.py",
    "server/commands/demo.py",
    "server/examination.py",
    "server/proving/served.py",
    "server/proving/writers.py",
}
"""Tries whether a port of this machine is free."""
FILLING = {
    "knowledge/text.py",
    *("server/privileges.py", "server/row_security.py", "server/proving/doors.py"),
}
"""Fills the places of a text that stands in a catalogue or in the code."""
KEEPING = {"lock.js", "off-line-store.js", "service-worker.js"}
"""Moments, a lock that is owed; what is typed without the network, sealed; the shell. Nothing else."""
SORTING = {"re", "sorted", "len"}
"""What a list of constants is put in order with."""
CHANCE = re.compile(r"server/demo/|server/proving/houses\.py")
"""Made-up patients come from a seed, so that they are the same each time."""


@cache
def imported(module: Path) -> set[str]:
    names: set[str] = set()
    for node in nodes(module):
        match node:
            case ast.Import(names=aliases):
                names |= {alias.name for alias in aliases}
            case ast.ImportFrom(module=str(name), level=0, names=aliases):
                names |= {name, *(f"{name}.{alias.name}" for alias in aliases)}
            case _:
                pass
    return names


def importing(*packages: str) -> set[str]:
    return {
        place(module)
        for module in MODULES
        if any(
            name == package or name.startswith(f"{package}.")
            for name in imported(module)
            for package in packages
        )
    }


@cache
def called(module: Path) -> set[str]:
    """The last parts of the names of what it calls."""
    found = set()
    for node in nodes(module):
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
                found.add(name)
            case _:
                pass
    return found


def calling(*names: str) -> set[str]:
    """Modules with a call of one of these, by the last part of its name."""
    return {place(module) for module in MODULES if called(module) & {*names}}


def saying(pattern: str, files: list[Path]) -> list[str]:
    return [file.name for file in files if re.search(pattern, file.read_text(encoding="utf-8"))]


def test_every_requirement_stands_in_the_table_once() -> None:
    rows = requirements()
    assert not [one for one, times in Counter(row.id for row in rows).items() if times > 1]
    counted = Counter(row.chapter for row in rows)
    assert tuple(counted[f"V{n}"] for n in range(1, 18)) == CHAPTERS
    assert Counter(row.level for row in rows) == LEVELS
    assert all(row.chapter == f"V{row.id.partition('.')[0]}" for row in rows)


def test_every_row_says_whether_it_applies_and_how_it_is_met() -> None:
    for row in requirements():
        assert row.applies in {"yes", "no", "later"}, row.id
        assert row.how, row.id
        assert row.applies == "yes" or not row.tests, f"{row.id}: shown, and does not apply?"


def test_every_test_that_the_table_names_is_there() -> None:
    named = {test for row in requirements() for test in row.tests.split()}
    assert len(named) > 100
    assert not sorted(test for test in named if not is_there(test))


def test_every_test_that_a_document_names_is_there() -> None:
    gone = [
        f"{document.name} names {test}"
        for document in DOCUMENTS
        for test in named_in(document)
        if not is_there(test)
    ]
    assert not gone, "\n".join(gone)


def test_a_test_that_is_not_there_would_be_missed() -> None:
    assert not is_there("tests/architecture/test_security.py::test_of_nothing")
    assert not is_there("tests/nowhere.py::test_of_nothing")
    assert "test_a_test_that_is_not_there_would_be_missed" in sentences_in(
        "tests/architecture/test_security.py"
    )


def test_every_hazard_has_a_rule_a_grade_and_a_test() -> None:
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in (ROOT / "docs/clinical-safety/hazards.md").read_text("utf-8").splitlines()
        if re.match(r"\| H\d+ ", line)
    ]
    assert [row[0] for row in rows] == [f"H{n}" for n in range(1, len(rows) + 1)]
    for number, hazard, cause, rule, severity, probability, shown in rows:
        assert hazard, number
        assert cause, number
        assert rule, number
        assert severity in {"1", "2", "3"}, number
        assert probability in {"A", "B", "C"}, number
        assert (severity, probability) != ("3", "C"), f"{number} is not to be released"
        assert "`tests/" in shown, number


def test_every_asset_of_the_threat_model_has_a_control() -> None:
    text = (ROOT / "docs/security/threats.md").read_text(encoding="utf-8")
    assets = re.findall(r"^\| (A\d) \| (.+) \| (.+) \|$", text, re.MULTILINE)
    assert [name for name, _, _ in assets] == [f"A{n}" for n in range(1, 10)]
    threats = re.findall(
        r"^\| [^|]+ \| [^|]+ \| (`tests/[^|]+`|not yet) \|$", text, re.MULTILINE
    )
    assert len(threats) >= 20


def test_the_readme_counts_what_is_covered() -> None:
    assert asvs.counted() in (ROOT / "README.md").read_text(encoding="utf-8")


def test_no_template_or_view_switches_escaping_off() -> None:
    templates = list(SOURCE.rglob("*.html"))
    assert templates
    assert not saying(r"\|\s*safe\b|\|\s*safeseq\b|autoescape off", templates)
    assert not calling("mark_safe", "SafeString")


def test_sql_is_written_in_named_places_alone() -> None:
    assert calling("cursor", "raw", "RawSQL", "extra", "executescript") == SQL


def test_no_command_goes_through_a_shell() -> None:
    assert not calling("system", "popen")
    assert not saying(r"shell\s*=\s*True", MODULES)


def test_nothing_is_evaluated() -> None:
    """``re.compile`` is no compiling of code."""
    evaluated = [
        (place(module), node.lineno)
        for module in MODULES
        for node in nodes(module)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"eval", "exec", "compile", "__import__"}
    ]
    assert not evaluated
    assert not importing("pickle", "marshal", "shelve", "yaml", "django.template.Template")


def test_a_pattern_is_never_made_of_what_was_typed() -> None:
    """A pattern is a literal, or made of constants in capitals."""
    made = []
    for module in MODULES:
        for node in nodes(module):
            match node:
                case ast.Call(
                    func=ast.Attribute(
                        value=ast.Name(id="re"),
                        attr="compile"
                        | "match"
                        | "search"
                        | "fullmatch"
                        | "sub"
                        | "split"
                        | "findall",
                    ),
                    args=[pattern, *_],
                ):
                    parts = [n for n in ast.walk(pattern) if isinstance(n, ast.Name)]
                    made += [
                        place(module)
                        for n in parts
                        if not n.id.isupper() and n.id not in SORTING
                    ]
                case _:
                    pass
    assert not made


def test_the_server_calls_nobody_but_in_named_places() -> None:
    packages = (
        "socket",
        "urllib.request",
        "http.client",
        "requests",
        "httpx",
        "smtplib",
        "ftplib",
    )
    assert importing(*packages, "django.core.mail") == CALLING


def test_no_view_opens_a_file() -> None:
    views = [m for m in MODULES if "views" in m.parts or m.name == "views.py"]
    assert len(views) > 15
    assert not [
        place(m) for m in views if {"pathlib", "io", "shutil", "tempfile"} & imported(m)
    ]
    assert not calling("open") & {place(m) for m in views} - calling_managers()


def calling_managers() -> set[str]:
    """``Course.objects.open()`` asks for open courses."""
    return {
        place(m) for m in MODULES if re.search(r"\.objects\.open\(\)", m.read_text("utf-8"))
    }


def test_a_script_of_ours_writes_text_never_markup() -> None:
    assert SCRIPTS
    assert not saying(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", SCRIPTS
    )


def test_a_script_of_ours_keeps_nothing_in_the_browser() -> None:
    assert set(saying(r"localStorage|sessionStorage|indexedDB|caches\.", SCRIPTS)) == KEEPING


def test_every_use_of_cryptography_is_in_the_inventory() -> None:
    text = (ROOT / "docs/security/cryptography.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `([\w/]+\.py)`", text, re.MULTILINE))
    used = importing("cryptography", "hashlib", "hmac", "secrets", "argon2", "joserfc")
    assert listed == used


def test_every_secret_of_the_configuration_is_in_the_inventory() -> None:
    text = (ROOT / "docs/security/cryptography.md").read_text(encoding="utf-8")
    secret = {
        name
        for name, field in Configuration.model_fields.items()
        if "Secret" in str(field.annotation)
    }
    assert len(secret) >= 3
    assert not [name for name in secret if f"| `{name}` |" not in text]


def test_what_never_changes_is_said_to_never_change_in_the_inventory() -> None:
    text = (ROOT / "docs/security/cryptography.md").read_text(encoding="utf-8")
    fields = Configuration.model_fields.items()
    fixed = {name for name, field in fields if "it never changes" in str(field.description)}
    advised = re.findall(r"^\| `(\w+)` \|[^|]+\| never\b", text, re.MULTILINE)
    assert fixed == set(advised) == {"index_key", "audit_key", "register_key"}


def test_a_weak_digest_is_used_for_lists_that_others_made_alone() -> None:
    assert calling("md5", "sha1", "MD5", "SHA1") == {"clinic/people/breached.py"}


def test_chance_is_the_system_s_where_it_guards_something() -> None:
    assert not [name for name in importing("random") if not CHANCE.match(name)]


def test_the_policy_says_how_soon_a_weak_component_goes() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert re.search(r"within \*\*\d+ days\*\*", text)


def test_a_format_is_never_made_of_what_was_typed() -> None:
    """What stands before ``.format`` is a literal, or a constant in capitals."""
    made = []
    for module in MODULES:
        for node in nodes(module):
            match node:
                case ast.Call(func=ast.Attribute(value=said, attr="format" | "format_map")):
                    made += [] if is_ours(said) else [place(module)]
                case _:
                    pass
    assert set(made) == FILLING


def is_ours(said: ast.expr) -> bool:
    match said:
        case ast.Constant():
            return True
        case ast.Call(func=ast.Attribute(value=ast.Name(id="sql"), attr="SQL"), args=[one]):
            return is_ours(one)
        case _:
            return ast.unparse(said).partition("[")[0].isupper()


def test_a_script_of_ours_fills_no_object_with_names_that_arrived() -> None:
    """And none reads what an element of the page may have been named: both are asked for by id."""
    assert not saying(
        r"__proto__|\.prototype\b|Object\.assign|\w\[[^\]\"']+\]\s*=[^=]", SCRIPTS
    )
    assert not saying(r"\bwindow\.\w+\s*=|document\.(forms|images|links|all)\b", SCRIPTS)


def test_every_value_has_a_kind_that_a_tool_checks() -> None:
    """mypy, strict, over product and tests; what is compared has to be of one kind."""
    said = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mypy"]
    assert said["strict"] is True
    assert said.get("strict_equality", True)
    assert {"lysglimt", "tests"} <= set(said["packages"])
    gates = re.findall(r"^gates: (.+)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert "types" in gates[0].split()
