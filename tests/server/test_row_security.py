"""Every model leads to the house that it is of, or there is a reason why it does not."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection

from lysglimt.clinic.people.tenancy import Owned
from lysglimt.server import examination
from lysglimt.server.privileges import LOCKED, beyond
from lysglimt.server.protection import guarded_tables
from lysglimt.server.row_security import LEFT_OUT, of_our_own, policies

SOURCE = Path(__file__).resolve().parents[2] / "src" / "lysglimt"


def test_a_model_has_a_policy_or_a_reason() -> None:
    models = {model._meta.label: model._meta.db_table for model in of_our_own()}
    wrong = [one for one in models if (models[one] in policies()) == (one in LEFT_OUT)]
    assert len(models) > 60
    assert not wrong, "\n".join(wrong)


def test_what_has_an_owner_is_left_out_for_signing_in_alone() -> None:
    owned = {m._meta.label for m in apps.get_models() if issubclass(m, Owned)}
    assert owned & LEFT_OUT.keys() == {"people.Professional"}
    assert LEFT_OUT.keys() <= {m._meta.label for m in apps.get_models()}
    assert len(policies()) >= 54


def test_a_policy_leans_on_tables_that_have_one() -> None:
    for table, policy in policies().items():
        leant_on = set(re.findall(r'FROM "(\w+)"', policy.condition)) - {"people_unit"}
        assert leant_on <= policies().keys() - {table}
        assert policy.condition.startswith(
            "current_setting('lysglimt.reach', true) = 'all' OR "
        )


def locked_in(source: str) -> set[str]:
    """Models whose rows a module locks: `X.objects.select_for_update()`."""
    return {
        node.func.value.value.id
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "select_for_update"
        and isinstance(node.func.value, ast.Attribute)
        and isinstance(node.func.value.value, ast.Name)
    }


@pytest.mark.django_db
def test_whatever_is_locked_may_be_locked_by_the_role_that_serves() -> None:
    modules = (p for p in SOURCE.rglob("*.py") if "migrations" not in p.parts)
    names = set().union(*(locked_in(module.read_text("utf-8")) for module in modules))
    tables = {m._meta.db_table for m in of_our_own() if m.__name__ in names}
    assert len(tables) >= 8
    assert tables & guarded_tables(connection) == LOCKED


def test_only_what_is_no_record_may_be_changed() -> None:
    on_record = frozenset({"audit_event", *LOCKED})
    assert beyond("audit_event", on_record) == ""
    assert beyond("treatment_course", on_record) == "GRANT UPDATE (id)"
    assert beyond("django_migrations", on_record) == "REVOKE INSERT"
    assert beyond("people_patient", on_record) == "GRANT UPDATE, DELETE"


@pytest.mark.django_db
def test_the_doctor_says_what_keeps_houses_apart() -> None:
    found = examination.rows()
    if connection.vendor == "sqlite":
        assert found.sound
        assert "the program alone" in found.says
    else:
        assert found.says == "the role lysglimt is bound by no policy"
        assert not found.sound
