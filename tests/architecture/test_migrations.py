"""The database follows the models, in one line of steps for each app."""

from collections import Counter

import pytest
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

LOADER = MigrationLoader(None)
OURS = {
    app
    for app, step in LOADER.disk_migrations
    if LOADER.disk_migrations[app, step].__module__.startswith("lysglimt.")
}


@pytest.mark.anywhere
@pytest.mark.django_db
def test_no_model_waits_for_a_migration() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
    assert {"audit", "people"} <= OURS


def test_an_app_has_one_newest_step() -> None:
    heads = Counter(name for name, _ in LOADER.graph.leaf_nodes())
    assert {app: heads[app] for app in OURS} == dict.fromkeys(OURS, 1)
