"""How far the database is behind this version, or ahead of it."""

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from lysglimt.knowledge.errors import ClinicalError

from . import privileges, row_security


class Ahead(ClinicalError):
    """A newer Lysglimt has used this database."""

    code = "server.database_ahead"

    def __init__(self, unknown: list[str]) -> None:
        super().__init__(
            "The database was made by a newer Lysglimt "
            f"(unknown here: {', '.join(unknown)}). Install that version."
        )


def bring_up_to_date() -> None:
    """Every table of the models, and the one that failed attempts are counted in."""
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    draw_second_line()


def draw_second_line() -> None:
    """On PostgreSQL: the policies of the rows, and what the role that serves may do."""
    if connection.vendor != "postgresql":
        return
    row_security.enforce(connection)
    if settings.SERVING_ROLE not in {"", settings.OWNED_DATABASE["USER"]}:
        privileges.grant(connection, settings.SERVING_ROLE)


def waiting() -> list[str]:
    """The steps to do, in order, as ``people.0001_initial``."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{step.app_label}.{step.name}" for step, _ in plan]


def ahead() -> list[str]:
    """Steps of our own apps that were done and that this version does not know."""
    loader = MigrationExecutor(connection).loader
    known = set(loader.disk_migrations)
    ours = {app for app, _ in known}
    done = loader.applied_migrations
    return sorted(
        f"{app}.{name}" for app, name in done if app in ours and (app, name) not in known
    )
