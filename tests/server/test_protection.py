"""What a migration has made append-only is found out when it no longer is."""

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from lysglimt.clinic.audit.append_only import AppendOnly
from lysglimt.clinic.people.facts import Fact
from lysglimt.server.examination import protection
from lysglimt.server.protection import guarded_models, unguarded


def test_every_table_of_facts_refuses_a_change(db: None) -> None:
    facts = {
        (model._meta.app_label, str(model._meta.model_name))
        for model in apps.get_models()
        if issubclass(model, Fact)
    }
    assert facts - guarded_models(connection) == set()
    assert unguarded(connection) == []


@pytest.mark.django_db(transaction=True)
def test_a_guard_that_is_gone_is_missed() -> None:
    state = MigrationExecutor(connection).loader.project_state()
    with connection.schema_editor() as editor:
        AppendOnly("Read").database_backwards("audit", editor, state, state)
    assert unguarded(connection) == ["audit_read"]
    assert (protection().sound, protection().says) == (
        False,
        "rows can be changed in audit_read",
    )
    for _ in range(2):  # set up again over what stands, as after a table was built anew
        with connection.schema_editor() as editor:
            AppendOnly("Read").database_forwards("audit", editor, state, state)
    assert unguarded(connection) == []
    assert protection().sound
