"""The modules of the product, read and parsed once, however many rules look at them."""

import ast
from functools import cache
from pathlib import Path

from tests.architecture.evidence import ROOT

SOURCE = ROOT / "src" / "lysglimt"
EVERY = sorted(SOURCE.rglob("*.py"))
MODULES = [p for p in EVERY if "migrations" not in p.parts]


def place(module: Path) -> str:
    return module.relative_to(SOURCE).as_posix()


@cache
def nodes(module: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(module.read_text(encoding="utf-8"))))
