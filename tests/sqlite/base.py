"""Django looks for a backend in a module of this name."""

import shutil
from collections.abc import Iterable
from typing import Any

from lysglimt.server.sqlite import base

KEPT = {"sealing_datakey"}
GUARDS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_refused'"


class Operations(base.DatabaseWrapper.ops_class):  # type: ignore[misc, name-defined]  # bound at run time to the newest SQLite
    def sql_flush(self, style: Any, tables: Iterable[str], **how: Any) -> Any:
        """The data keys stay: the process has them by heart, as a server has."""
        return super().sql_flush(style, sorted(set(tables) - KEPT), **how)

    def execute_sql_flush(self, sql_list: Iterable[str]) -> Any:
        """Tests that commit empty the tables afterwards; the guards step aside for that."""
        guards = self.run(GUARDS)
        for name, _ in guards:
            self.run(f"DROP TRIGGER {name}")
        super().execute_sql_flush(sql_list)
        for _, sql in guards:
            self.run(sql)

    def run(self, sql: str) -> list[Any]:
        with self.connection.cursor() as cursor:
            return list(cursor.execute(sql).fetchall())


class Creation(base.DatabaseWrapper.creation_class):  # type: ignore[misc, name-defined]  # as above
    def _create_test_db(self, *how: Any, **more: Any) -> Any:
        """A copy of the template, where one is named, as PostgreSQL makes it."""
        name = super()._create_test_db(*how, **more)
        if template := self.connection.settings_dict["TEST"].get("TEMPLATE"):
            shutil.copyfile(template, name)
        return name


class DatabaseWrapper(base.DatabaseWrapper):  # type: ignore[misc]  # as above
    ops_class = Operations
    creation_class = Creation
