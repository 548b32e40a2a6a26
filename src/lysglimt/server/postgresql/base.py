"""Django looks for a backend in a module of this name. Ours says to each connection how far it reaches."""

from collections.abc import Callable
from typing import Any

from django.db.backends.postgresql import base

from lysglimt.clinic.people.reach import NOBODY, Reach, reach

SAY = "SELECT set_config('lysglimt.reach', %s, false), set_config('lysglimt.entity', '', false)"
SAY_WHOSE = """
    SELECT set_config('lysglimt.reach', '', false), set_config('lysglimt.entity', coalesce((
      SELECT unit.entity_id::text FROM people_professional AS person
      JOIN people_unit AS unit ON unit.id = person.unit_id
      WHERE person.id = %s AND person.is_active), ''), false)
"""
OF_A_TRANSACTION = ("SAVEPOINT ", "RELEASE SAVEPOINT ", "ROLLBACK TO SAVEPOINT ")
"""These see no rows, and the last one must get through when nothing else does."""


def said(far: Reach) -> tuple[str, tuple[object]]:
    if far.professional is not None and not far.everything:
        return SAY_WHOSE, (far.professional,)
    return SAY, ("all" if far.everything else "",)


class DatabaseWrapper(base.DatabaseWrapper):
    """``told`` is what this connection was last told; None when a rollback took that back."""

    told: Reach | None

    def __init__(self, *known: Any, **named: Any) -> None:
        super().__init__(*known, **named)
        self.told = NOBODY
        self.execute_wrappers.append(self.tell_first)

    def tell_first(
        self,
        execute: Callable[..., Any],
        sql: Any,
        *how: Any,
    ) -> Any:
        """One round trip, and only where the reach has changed since the last statement."""
        far = reach()
        if far != self.told and not str(sql).startswith(OF_A_TRANSACTION):
            with self.wrap_database_errors, self.connection.cursor() as cursor:
                cursor.execute(*said(far))
            self.told = far
        return execute(sql, *how)

    def get_new_connection(self, conn_params: Any) -> Any:
        connection = super().get_new_connection(conn_params)
        self.told = NOBODY  # one from the pool went back there as it came
        return connection

    def _rollback(self) -> None:
        super()._rollback()  # type: ignore[misc]  # a hook of Django's that its stubs leave out
        self.told = None

    def _savepoint_rollback(self, sid: str) -> None:
        super()._savepoint_rollback(sid)  # type: ignore[misc]  # a hook of Django's that its stubs leave out
        self.told = None

    def _close(self) -> None:
        if self.connection is not None and self.pool and self.told != NOBODY:
            self.forget()
        super()._close()  # type: ignore[misc]  # a hook of Django's that its stubs leave out

    def forget(self) -> None:
        """Before it goes back to the pool; one that cannot be told is thrown away there."""
        try:
            self.connection.rollback()
            self.connection.execute(*said(NOBODY))
            self.connection.commit()
        except self.Database.Error:
            self.connection.close()
