"""Django looks for a backend in a module of this name. Ours is Django's, on a newer SQLite."""

import importlib
import sys

BACKEND = "django.db.backends.sqlite3.base"


def on_newest_sqlite() -> type:
    """Django's DatabaseWrapper, bound to pysqlite3 if it is installed, else to the system's."""
    try:
        newest = importlib.import_module("pysqlite3")
    except ImportError:
        return importlib.import_module(BACKEND).DatabaseWrapper  # type: ignore[no-any-return]  # a module looked up by name has no type
    system = {name: sys.modules.get(name) for name in ("sqlite3", "sqlite3.dbapi2")}
    sys.modules |= {"sqlite3": newest, "sqlite3.dbapi2": newest.dbapi2}
    try:
        sys.modules.pop(BACKEND, None)
        backend = importlib.import_module(BACKEND)
    finally:
        # Only the backend takes the newer one: others keep what they have imported.
        sys.modules |= {name: module for name, module in system.items() if module}
    wrapper: type = backend.DatabaseWrapper
    return wrapper


DatabaseWrapper = on_newest_sqlite()
