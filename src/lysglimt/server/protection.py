"""Do the tables that must never change still refuse to?"""

from typing import Any

from django.db.migrations.loader import MigrationLoader

from lysglimt.clinic.audit.append_only import VERBS, AppendOnly, guard_of, standing


def guarded_models(database: Any) -> frozenset[tuple[str, str]]:
    """App and lower-case name of every model that a migration has made append-only."""
    loader = MigrationLoader(database)
    return frozenset(
        (app, step.model.lower())
        for app, name in loader.applied_migrations
        if (app, name) in loader.disk_migrations
        for step in loader.disk_migrations[app, name].operations
        if isinstance(step, AppendOnly)
    )


def guarded_tables(database: Any) -> frozenset[str]:
    """Those whose rows may never change."""
    state = MigrationLoader(database).project_state().apps
    return frozenset(
        state.get_model(*named)._meta.db_table for named in guarded_models(database)
    )


def unguarded(database: Any) -> list[str]:
    """Tables that should refuse a change and do not, as after a careless migration or restore."""
    up = standing(database)
    return sorted(
        table
        for table in guarded_tables(database)
        if any(guard_of(table, verb) not in up for verb in VERBS[database.vendor])
    )
