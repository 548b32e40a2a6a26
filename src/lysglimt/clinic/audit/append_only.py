"""A table whose rows the database itself refuses to change or remove."""

from typing import Any

from django.db.migrations.operations.base import Operation

VERBS = {"sqlite": ("UPDATE", "DELETE"), "postgresql": ("UPDATE", "DELETE", "TRUNCATE")}
REFUSALS = {
    "sqlite": """
        CREATE TRIGGER {guard} BEFORE {verb} ON {table}
        BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
    """,
    "postgresql": """
        CREATE TRIGGER {guard} BEFORE {verb} ON {table}
        FOR EACH {each} EXECUTE FUNCTION lysglimt_append_only()
    """,
}
POSTGRESQL_SAYS = """
    CREATE OR REPLACE FUNCTION lysglimt_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN
      RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
      USING ERRCODE = 'integrity_constraint_violation';
    END $$
"""


class AppendOnly(Operation):
    """Migration step for a model by name: from here on a row can only be added.

    SQLite changes a table by building it anew, and its guards are lost: a migration that changes
    a guarded model ends with this step again.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(self, model: str) -> None:
        self.model = model

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models stay as they are."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, *states: Any, **__: Any
    ) -> None:
        _, to_state = states
        table = to_state.apps.get_model(app_label, self.model)._meta.db_table
        take_down(table, schema_editor)
        put_up(table, schema_editor)

    def database_backwards(
        self, app_label: str, schema_editor: Any, *states: Any, **__: Any
    ) -> None:
        from_state, _ = states
        take_down(
            from_state.apps.get_model(app_label, self.model)._meta.db_table, schema_editor
        )

    def describe(self) -> str:
        return f"Let the database refuse to change rows of {self.model}"


STANDING = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'",
}


def standing(database: Any) -> frozenset[str]:
    """The names of the guards that the database keeps up."""
    with database.cursor() as cursor:
        cursor.execute(STANDING[database.vendor])
        return frozenset(name for (name,) in cursor.fetchall())


def guard_of(table: str, verb: str) -> str:
    return f"{table}_{verb}_refused".lower()


def refusal(vendor: str, table: str, verb: str) -> str:
    # TRUNCATE knows no rows.
    each = "STATEMENT" if verb == "TRUNCATE" else "ROW"
    guard = guard_of(table, verb)
    return REFUSALS[vendor].format(table=table, verb=verb, guard=guard, each=each)


def put_up(table: str, schema_editor: Any) -> None:
    vendor = schema_editor.connection.vendor
    if vendor == "postgresql":
        schema_editor.execute(POSTGRESQL_SAYS, params=None)
    for verb in VERBS[vendor]:
        schema_editor.execute(refusal(vendor, table, verb), params=None)


def take_down(table: str, schema_editor: Any) -> None:
    vendor = schema_editor.connection.vendor
    on = f" ON {table}" if vendor == "postgresql" else ""
    for verb in VERBS[vendor]:
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {guard_of(table, verb)}{on}")
