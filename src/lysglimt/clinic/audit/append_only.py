"""A table whose rows the database itself refuses to change or remove."""

from typing import Any

from django.db.migrations.operations.base import Operation

REFUSALS = {
    "sqlite": """
        CREATE TRIGGER {table}_{verb}_refused BEFORE {verb} ON {table}
        BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
    """,
    "postgresql": """
        CREATE TRIGGER {table}_{verb}_refused BEFORE {verb} ON {table}
        FOR EACH ROW EXECUTE FUNCTION lysglimt_append_only()
    """,
}
POSTGRESQL_SAYS = """
    CREATE OR REPLACE FUNCTION lysglimt_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$
"""
VERBS = ("UPDATE", "DELETE")


class AppendOnly(Operation):
    """Migration step for a model by name: from here on a row can only be added.

    Say it again after a step that alters the table: SQLite makes the table anew, without guards.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(self, model: str) -> None:
        self.model = model

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models stay as they are."""

    def database_forwards(  # noqa: PLR0917 - as Django calls it
        self,
        app_label: str,
        schema_editor: Any,
        from_state: Any,  # noqa: ARG002 - as Django calls it
        to_state: Any,
    ) -> None:
        table = to_state.apps.get_model(app_label, self.model)._meta.db_table
        vendor = schema_editor.connection.vendor
        if vendor == "postgresql":
            schema_editor.execute(POSTGRESQL_SAYS, params=None)
        on = f" ON {table}" if vendor == "postgresql" else ""
        for verb in VERBS:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_{verb}_refused{on}")
            schema_editor.execute(REFUSALS[vendor].format(table=table, verb=verb), params=None)

    def database_backwards(  # noqa: PLR0917 - as Django calls it
        self,
        app_label: str,
        schema_editor: Any,
        from_state: Any,
        to_state: Any,  # noqa: ARG002 - as Django calls it
    ) -> None:
        table = from_state.apps.get_model(app_label, self.model)._meta.db_table
        on = f" ON {table}" if schema_editor.connection.vendor == "postgresql" else ""
        for verb in VERBS:
            schema_editor.execute(f"DROP TRIGGER {table}_{verb}_refused{on}")

    def describe(self) -> str:
        return f"Let the database refuse to change rows of {self.model}"
