"""PostgreSQL's own second look at every row: another legal entity's is not there, whatever is asked."""

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import ForeignKey, Model

from lysglimt.clinic.people.models import Unit
from lysglimt.clinic.people.tenancy import Owned

LEFT_OUT: Mapping[str, str] = {
    "people.Professional": "whoever signs in is found before it is known whose they are",
    "people.LegalEntity": "names a house; every policy ends there",
    "people.Unit": "names a unit; every policy passes there",
    "people.KeptForm": "sealed, and taken down when nobody is signed in any more",
    "sealing.DataKey": "sealed with a key that the database does not hold",
    **dict.fromkeys(
        ("audit.Event", "audit.Read", "audit.Link", "audit.Seal"),
        "one chain for all houses; written also when nobody is signed in; nobody may change it",
    ),
}
"""Our models without a policy, each with its reason."""

OURS = "lysglimt."
ENTITY = "nullif(current_setting('lysglimt.entity', true), '')::uuid"
EVERYTHING = "current_setting('lysglimt.reach', true) = 'all'"

OF_A_UNIT = "{column} IN (SELECT {key} FROM {table} WHERE entity_id = {entity})"
LEANING = "EXISTS (SELECT 1 FROM {table} AS owner WHERE owner.{key} = {column})"

STANDING = """
    SELECT c.relname, array_agg(pg_get_expr(p.polqual, p.polrelid))
    FROM pg_class AS c JOIN pg_policy AS p ON p.polrelid = c.oid
    WHERE c.relnamespace = 'public'::regnamespace
      AND c.relrowsecurity AND c.relforcerowsecurity
    GROUP BY c.oid
    -- For reading and writing alike, for every role, and opening what it names.
    HAVING bool_and(
      p.polcmd = '*' AND p.polroles = '{0}' AND p.polpermissive AND p.polwithcheck IS NULL
    )
"""
CAN_BYPASS = """
    SELECT rolname, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user
"""


@dataclass(frozen=True, slots=True)
class Policy:
    """``condition`` is SQL: whether a row of the table is of the house of the one who asks."""

    table: str
    condition: str

    @property
    def name(self) -> str:
        return f"lysglimt_{sha256(self.condition.encode()).hexdigest()[:12]}"


def of_our_own() -> Iterator[type[Model]]:
    return (model for model in apps.get_models() if model.__module__.startswith(OURS))


@cache
def policies() -> Mapping[str, Policy]:
    """By table: of every model that leads to a legal entity, and of what hangs on one of these."""
    ours = [model for model in of_our_own() if model._meta.label not in LEFT_OUT]
    steps: dict[Any, Any] = {
        model: first_step(model) for model in ours if issubclass(model, Owned)
    }
    steps |= {
        model: hung for model in ours if model not in steps and (hung := hook(model, steps))
    }
    return {
        model._meta.db_table: Policy(model._meta.db_table, f"{EVERYTHING} OR {condition(step)}")
        for model, step in steps.items()
    }


def first_step(model: type[Owned]) -> "ForeignKey[Any, Any]":
    """The column by which a row leads to its house."""
    return model._meta.get_field(model.to_entity.partition("__")[0])  # type: ignore[return-value]  # a path begins with a foreign key


def hook(model: type[Model], owned: Container[Any]) -> "ForeignKey[Any, Any] | None":
    """The first foreign key to a model that has an owner: an addition to a task, the end of an access."""
    keys = (field for field in model._meta.fields if isinstance(field, ForeignKey))
    return next((key for key in keys if not key.null and key.related_model in owned), None)


def condition(step: "ForeignKey[Any, Any]") -> str:
    """Whatever is further than a unit leans on the policy of the table that it hangs on."""
    column = f'"{step.model._meta.db_table}"."{step.column}"'
    if step.name == "entity":
        return f"{column} = {ENTITY}"
    owner = step.related_model._meta
    how = OF_A_UNIT if step.related_model is Unit else LEANING
    return how.format(
        column=column, table=f'"{owner.db_table}"', key=f'"{owner.pk.column}"', entity=ENTITY
    )


def lacking(database: Any) -> list[str]:
    """Tables whose rows anyone could see: no policy, another or a changed one, or not enforced."""
    with database.cursor() as cursor:
        cursor.execute(STANDING)
        found = {table: [[*words(one)] for one in said] for table, said in cursor.fetchall()}
    return sorted(
        table
        for table, policy in policies().items()
        if found.get(table) != [[*words(policy.condition)]]
    )


def words(condition: str) -> Iterator[str]:
    """What a condition says, however PostgreSQL prints it: with more brackets, casts and names.

    Brackets may go unread since none of ours has both AND and OR, and the name of a table
    before its column; another schema may not: what is asked there is not what we ask.
    """
    ours = {"", "owner", Unit._meta.db_table, *policies()}
    bare = condition.lower().replace("::text", "").replace('"', "")
    for word in re.findall(r"'[^']*'|[\w.]+|[^\s\w()]+", bare):
        of, _, column = word.rpartition(".")
        if word != "as":
            yield column if of in ours and not word.startswith("'") else word


def enforce(database: Any) -> list[str]:
    """Give every table that lacks it its policy. Answers which those were."""
    found = lacking(database)
    with transaction.atomic(using=database.alias), database.cursor() as cursor:
        for table in found:
            cursor.execute("SELECT policyname FROM pg_policies WHERE tablename = %s", [table])
            for (name,) in cursor.fetchall():
                cursor.execute(f'DROP POLICY "{name}" ON "{table}"')
            policy = policies()[table]
            cursor.execute(
                f'CREATE POLICY "{policy.name}" ON "{table}" USING ({policy.condition})'
            )
            cursor.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
            cursor.execute(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')
    return found


def owning(database: Any) -> bool:
    """Is the role that is connected one that could take the policies down?"""
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = 'public' "
            "AND pg_has_role(tableowner, 'MEMBER'))"
        )
        [(owns,)] = cursor.fetchall()
    return bool(owns)


def bypassing(database: Any) -> str:
    """The role that is connected, if no policy binds it; else nothing."""
    with database.cursor() as cursor:
        cursor.execute(CAN_BYPASS)
        [(role, can)] = cursor.fetchall()
    return str(role) if can else ""
