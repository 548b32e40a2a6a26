"""In PostgreSQL the role that serves reads and adds, and changes only what is no record; another one owns the tables."""

from typing import Any

from django.conf import settings
from django.db import connections, transaction
from psycopg import sql

from lysglimt.knowledge.errors import ClinicalError

from .protection import guarded_tables

LOCKED = frozenset(
    {
        *("treatment_course", "treatment_safetytask", "chairside_session"),
        *("referral_referral", "referral_eligibilitydecision", "cupboard_holding"),
    }
)
"""Append-only, and locked while something is added to what hangs on them. PostgreSQL lets a row be
locked only by whom it lets change a column: the key, which the trigger then refuses to change."""
KEPT_BY_THE_OWNER = frozenset({"django_migrations"})
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
FIRST = (
    "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
    "REVOKE CREATE, TEMPORARY ON DATABASE {database} FROM PUBLIC, {role}",
    "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {role}",
    "GRANT USAGE ON SCHEMA public TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
    "GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO {role}",
)


class NoSuchRole(ClinicalError):
    """`database` names a role that PostgreSQL does not know."""

    code = "server.no_such_role"


def become_owner() -> bool:
    """From here on this process connects as the owner of the tables, where one is named.

    False, and nothing is done, when the two are named of two databases.
    """
    owned, serving = settings.OWNED_DATABASE, connections.settings["default"]
    if owned["NAME"] != serving["NAME"]:
        return False
    if owned["USER"] != settings.SERVING_ROLE:
        connections["default"].close()
        serving |= owned
        del connections["default"]
    return True


def grant(database: Any, role: str) -> None:
    """In one step: what this version allows, and nothing that an earlier one did."""
    append_only = guarded_tables(database)
    with transaction.atomic(using=database.alias), database.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        if not cursor.fetchall():
            raise NoSuchRole(f"PostgreSQL has no role {role!r}, which `database` names.")
        whom = sql.Identifier(role)
        here = sql.Identifier(database.settings_dict["NAME"])
        for line in FIRST:
            cursor.execute(sql.SQL(line).format(database=here, role=whom))
        cursor.execute(TABLES)
        for (table,) in cursor.fetchall():
            if right := beyond(table, append_only):
                line = f"{right} ON {{table}} {'FROM' if right[0] == 'R' else 'TO'} {{role}}"
                cursor.execute(sql.SQL(line).format(table=sql.Identifier(table), role=whom))


def beyond(table: str, append_only: frozenset[str]) -> str:
    """What is given of one table besides reading and adding."""
    if table in KEPT_BY_THE_OWNER:
        return "REVOKE INSERT"
    if table in LOCKED:
        return "GRANT UPDATE (id)"
    return "" if table in append_only else "GRANT UPDATE, DELETE"
