"""Every source the clinical core leans on, once; the entries stand in library.toml."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from .citation import Citation


@cache
def library() -> Mapping[str, Citation]:
    """Every citation by its key."""
    shelf = files("lysglimt.knowledge.sources") / "library.toml"
    stated = tomllib.loads(shelf.read_text(encoding="utf-8"))
    return {key: Citation(key=key, **entry) for key, entry in stated.items()}
