"""Django looks for a backend in a module of this name."""

from collections.abc import Iterable
from typing import Any

from django.db.backends.postgresql import operations

from lysglimt.server.postgresql import base

KEPT = {"sealing_datakey"}
GUARDS_STEP_ASIDE = "SET LOCAL session_replication_role = replica"


class DatabaseOperations(operations.DatabaseOperations):
    def sql_flush(self, style: Any, tables: Iterable[str], **how: Any) -> Any:
        """The data keys stay: the process has them by heart, as a server has."""
        return super().sql_flush(style, sorted(set(tables) - KEPT), **how)

    def execute_sql_flush(self, sql_list: Iterable[str]) -> None:
        """Tests that commit empty the tables afterwards, in one transaction."""
        super().execute_sql_flush([GUARDS_STEP_ASIDE, *sql_list])


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations
