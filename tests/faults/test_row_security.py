"""PostgreSQL keeps houses apart by itself, and what is on record is out of reach for the role that serves."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.apps import apps
from hypothesis import given, settings
from hypothesis import strategies as some
from psycopg import errors, sql
from psycopg.types.json import Json
from pytest_django import DjangoDbBlocker

from lysglimt.clinic.people.policy import Relation, Role
from lysglimt.clinic.people.reach import EVERYTHING, NOBODY, Reach, reaching
from lysglimt.clinic.people.tenancy import Owned
from lysglimt.server import database
from lysglimt.server.backup.engines import Postgresql
from lysglimt.server.backup.inventory import differences
from lysglimt.server.postgresql.base import DatabaseWrapper, said
from lysglimt.server.privileges import LOCKED
from lysglimt.server.proving import access
from lysglimt.server.proving.scratch import Scratch
from lysglimt.server.proving.served import Served
from lysglimt.server.proving.signing import CSRF
from lysglimt.server.proving.writers import Keyboard
from lysglimt.server.row_security import first_step, hook, lacking, policies

from .hospital import hospital

TABLES = sorted(policies())
TRAIL = ("audit_event", "audit_read", "audit_link", "audit_seal")
Figures = dict[str, object]


@dataclass(frozen=True, slots=True)
class Hospital:
    """``here`` and ``elsewhere`` are nurses, by their keys, of two legal entities."""

    scratch: Scratch
    owned: Postgresql
    whole: Postgresql
    ground: dict[str, Any]
    here: int
    elsewhere: int

    @contextmanager
    def serving(self, far: Reach | None) -> Iterator[Any]:
        """What the role that serves sees, when it is told so, or told nothing."""
        at = self.scratch.database
        assert isinstance(at, Postgresql)
        keys = {"HOST": "host", "PORT": "port", "USER": "user"}
        told = {name: at.at[key] for key, name in keys.items() if at.at.get(key)}
        with closing(psycopg.connect(dbname=at.at["NAME"], autocommit=True, **told)) as known:
            if far is not None:
                known.execute(*said(far))
            yield known

    def seen(self, far: Reach | None) -> dict[str, set[Any]]:
        """The keys of each table's rows."""
        with self.serving(far) as known:
            return {table: keys(known, table) for table in TABLES}


def keys(known: Any, table: str) -> set[Any]:
    asked = sql.SQL("SELECT {key} FROM {table}").format(
        key=sql.Identifier(model_of(table)._meta.pk.column), table=sql.Identifier(table)
    )
    return {key for (key,) in known.execute(asked).fetchall()}


@pytest.fixture(scope="module")
def clinic(
    postgresql: Postgresql, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Hospital]:
    with hospital(postgresql, tmp_path_factory.mktemp("hospital")) as (scratch, owned):
        ground = scratch.ask("doors")
        whole = Postgresql(owned.at | {"USER": postgresql.at["USER"]})
        with closing(whole.connected()) as known:
            asked = "SELECT max(p.id) FROM people_professional p JOIN people_unit u ON u.id = p.unit_id GROUP BY u.entity_id, u.kind ORDER BY u.kind"
            here, elsewhere = (key for (key,) in known.execute(asked).fetchall())
            for table in TABLES:
                if not known.execute(f'TABLE "{table}" LIMIT 1').fetchall():
                    put_bare_row(known, table)
        yield Hospital(scratch, owned, whole, ground, here, elsewhere)


BARE = {
    "uuid": "gen_random_uuid()",
    "jsonb": "'[]'",
    "boolean": "false",
    "date": "now()",
    "timestamp with time zone": "now()",
    "bytea": "''",
    "character varying": "''",
    "text": "''",
}
COLUMNS = """
    SELECT column_name, data_type FROM information_schema.columns
    WHERE table_name = %s AND is_nullable = 'NO' AND is_identity = 'NO'
"""
CHECKS = "SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid = %s::regclass"


def put_bare_row(known: Any, table: str) -> None:
    """Where no story has one: nothing in it but whom it hangs on, past every check and guard."""
    name, step = sql.Identifier(table), step_of(model_of(table))
    owner = step.related_model._meta
    [(whose,)] = known.execute(
        sql.SQL("SELECT {key} FROM {owner} ORDER BY {key}::text LIMIT 1").format(
            key=sql.Identifier(owner.pk.column), owner=sql.Identifier(owner.db_table)
        )
    ).fetchall()
    values = {
        column: sql.Literal(whose) if column == step.column else sql.SQL(BARE.get(kind, "0"))
        for column, kind in known.execute(COLUMNS, [table]).fetchall()
    }
    for (check,) in known.execute(CHECKS, [table]).fetchall():
        gone = sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}")
        known.execute(gone.format(name, sql.Identifier(check)))
    known.execute("SET session_replication_role = replica")
    known.execute(
        sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
            name,
            sql.SQL(", ").join(map(sql.Identifier, values)),
            sql.SQL(", ").join(values.values()),
        )
    )
    known.execute("SET session_replication_role = origin")


def model_of(table: str) -> Any:
    return next(model for model in apps.get_models() if model._meta.db_table == table)


def step_of(model: Any) -> Any:
    owned = {one for one in apps.get_models() if one._meta.db_table in TABLES}
    return first_step(model) if issubclass(model, Owned) else hook(model, owned)


def test_a_question_without_a_filter_finds_the_rows_of_one_s_own_house(
    clinic: Hospital,
) -> None:
    here = clinic.seen(Reach(professional=clinic.here))
    elsewhere = clinic.seen(Reach(professional=clinic.elsewhere))
    everything = clinic.seen(EVERYTHING)
    assert len(TABLES) > 60
    for table in TABLES:
        assert everything[table], f"{table}: there is no row to see"
        assert not here[table] & elsewhere[table], table
        assert here[table] | elsewhere[table] == everything[table], table


def test_whoever_is_nobody_sees_nothing(clinic: Hospital) -> None:
    for far in (None, NOBODY, Reach(professional=-1)):
        assert [table for table, rows in clinic.seen(far).items() if rows] == [], far


def test_nobody_adds_a_row_to_another_house(clinic: Hospital) -> None:
    """With the very values that a row of that house has."""
    here, elsewhere = Reach(professional=clinic.here), Reach(professional=clinic.elsewhere)
    with (
        clinic.serving(here) as own,
        clinic.serving(elsewhere) as other,
        clinic.serving(NOBODY) as nobody,
    ):
        for table in TABLES:
            if keys(own, table):
                refuses_a_copy(table, own, (other, nobody))
            else:
                refuses_a_copy(table, other, (own, nobody))


def refuses_a_copy(table: str, own: Any, others: tuple[Any, ...]) -> None:
    name = sql.Identifier(table)
    rows = own.execute(sql.SQL("SELECT * FROM {} LIMIT 1").format(name))
    columns = [column.name for column in rows.description]
    [values] = rows.fetchall()
    values = [Json(value) if isinstance(value, list | dict) else value for value in values]
    added = sql.SQL("INSERT INTO {table} ({columns}) VALUES ({values})").format(
        table=name,
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
        values=sql.SQL(", ").join(sql.Placeholder() * len(columns)),
    )
    for other in others:
        with pytest.raises(errors.InsufficientPrivilege, match=f'row-level.*"{table}"'):
            other.execute(added, values)
    with pytest.raises(errors.UniqueViolation, match=table):
        own.execute(added, values)


def test_nobody_changes_a_row_of_another_house(clinic: Hospital) -> None:
    before = clinic.seen(Reach(professional=clinic.here))
    with clinic.serving(Reach(professional=clinic.elsewhere)) as other:
        for table in TABLES:
            model = model_of(table)
            names = {
                "table": sql.Identifier(table),
                "key": sql.Identifier(model._meta.pk.column),
            }
            mine = keys(other, table)
            for line in ("UPDATE {table} SET {key} = {key}", "DELETE FROM {table}"):
                asked = sql.SQL(f"{line} WHERE NOT {{key}} = ANY(%s)").format(**names)
                try:
                    changed = other.execute(asked, [list(mine)]).rowcount
                except errors.InsufficientPrivilege:
                    changed = 0
                assert changed == 0, table
    assert clinic.seen(Reach(professional=clinic.here)) == before


GUARDED = """
    SELECT DISTINCT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
    WHERE tgname LIKE '%\\_update\\_refused'
"""
ON_RECORD = (
    "UPDATE {table} SET {column} = {column}",
    "DELETE FROM {table}",
    "TRUNCATE {table} CASCADE",
    "DROP TRIGGER {trigger} ON {table}",
    "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
    "DROP TABLE {table} CASCADE",
)


def test_what_is_on_record_is_out_of_reach_for_the_role_that_serves(
    clinic: Hospital, figures: Figures
) -> None:
    with closing(clinic.whole.connected()) as known:
        tables = {table for (table,) in known.execute(GUARDED).fetchall()}
    assert tables >= {*TRAIL, *LOCKED}
    assert len(tables) > 40
    for table in tables:
        refused_each(clinic, table)
    figures |= {"tables": len(tables), "refused": len(tables) * len(ON_RECORD)}


def refused_each(clinic: Hospital, table: str) -> None:
    model = model_of(table)
    column = next(f.column for f in model._meta.concrete_fields if not f.primary_key)
    names = {
        "table": sql.Identifier(table),
        "column": sql.Identifier(column),
        "trigger": sql.Identifier(f"{table}_update_refused"),
    }
    with clinic.serving(EVERYTHING) as known:
        for line in ON_RECORD:
            with pytest.raises(errors.InsufficientPrivilege):
                known.execute(sql.SQL(line).format(**names))
        if table in LOCKED:
            with pytest.raises(errors.IntegrityConstraintViolation, match="append-only"):
                known.execute(sql.SQL("UPDATE {table} SET id = id").format(**names))


def test_the_role_that_serves_makes_nothing_and_takes_no_other_role(clinic: Hospital) -> None:
    owner = sql.Identifier(str(clinic.owned.at["USER"]))
    with clinic.serving(EVERYTHING) as known:
        for line in (
            "CREATE TABLE mine (a int)",
            "CREATE TEMPORARY TABLE mine (a int)",
            "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "SET ROLE {owner}",
            "SET session_replication_role = replica",
            "INSERT INTO django_migrations (app, name, applied) VALUES ('a', 'b', now())",
        ):
            with pytest.raises(errors.InsufficientPrivilege):
                known.execute(sql.SQL(line).format(owner=owner))


# A connection of the pool


def wrapper(clinic: Hospital, name: str) -> DatabaseWrapper:
    """A connection as the server has it, from a pool of one."""
    said = database.databases(clinic.scratch.database.address)["default"]
    defaults: dict[str, Any] = {
        "TIME_ZONE": None,
        "AUTOCOMMIT": True,
        "ATOMIC_REQUESTS": False,
        "TEST": {},
    }
    pool = {"min_size": 1, "max_size": 1, "timeout": 5}
    return DatabaseWrapper(defaults | said | {"OPTIONS": {"pool": pool}}, alias=name)


STEPS = some.lists(
    some.tuples(
        some.sampled_from(["here", "elsewhere", "nobody", "everything"]),
        some.sampled_from(["go on", "roll back", "roll back a part", "hand back"]),
    ),
    max_size=12,
)


@pytest.fixture(scope="module")
def pooled(clinic: Hospital, django_db_blocker: DjangoDbBlocker) -> Iterator[DatabaseWrapper]:
    with django_db_blocker.unblock():
        made = wrapper(clinic, "pooled")
        yield made
        made.close()
        made.close_pool()


@settings(max_examples=60, deadline=None)
@given(steps=STEPS)
def test_a_connection_never_shows_what_it_showed_to_another(
    clinic: Hospital, pooled: DatabaseWrapper, steps: list[tuple[str, str]]
) -> None:
    whose = {
        "here": Reach(professional=clinic.here),
        "elsewhere": Reach(professional=clinic.elsewhere),
        "nobody": NOBODY,
        "everything": EVERYTHING,
    }
    expected = {}
    for who, far in whose.items():
        with clinic.serving(far) as known:
            expected[who] = len(keys(known, "people_patient"))
    for who, then in steps:
        with reaching(whose[who]):
            asked_and(pooled, then, expected[who])


def asked_and(pooled: DatabaseWrapper, then: str, expected: int) -> None:
    if then == "go on":
        assert patients(pooled) == expected
        return
    if then == "hand back":
        assert patients(pooled) == expected
        pooled.close()
        return
    pooled.set_autocommit(autocommit=False)
    if then == "roll back a part":
        pooled._savepoint("part")  # type: ignore[attr-defined]  # a hook of Django's, as the next one
        assert patients(pooled) == expected
        pooled._savepoint_rollback("part")
        assert patients(pooled) == expected
    else:
        assert patients(pooled) == expected
    pooled.rollback()
    pooled.set_autocommit(autocommit=True)
    assert patients(pooled) == expected


def patients(known: DatabaseWrapper) -> int:
    with known.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM people_patient")
        [(number,)] = cursor.fetchall()
    return int(number)


# What is served through that role


def door(clinic: Hospital, operation: str) -> str:
    [address] = [d["address"] for d in clinic.ground["doors"] if d["operation"] == operation]
    return str(address)


def test_pages_are_whole_and_an_emergency_opens_what_is_closed(clinic: Hospital) -> None:
    people = {(one["role"], one["stands"]): one["cookies"] for one in clinic.ground["people"]}
    patient = door(clinic, "patient")
    with Served(clinic.scratch) as served:

        def seated(stands: str) -> Keyboard:
            cookies = people[Role.NURSE, stands]
            return Keyboard(served, {"cookies": cookies, "csrf": clinic.ground["csrf"]})

        own, blocked, other = map(seated, ("own_unit", "blocked", "other_entity"))
        today = own.once("GET", "/today/")
        assert (today.status, own.once("GET", patient).status) == (200, 200)
        assert today.body.count(b'href="/patients/') > 2
        assert other.once("GET", patient).status == 404
        assert blocked.once("GET", patient).status == 403
        why = {"reason": "Pasienten ligger bevisstløs i mottaket."}
        assert blocked.once("POST", f"{patient}emergency/", why).status == 302
        opened = blocked.once("GET", patient)
        assert opened.status == 200
        assert b"/emergencies/" in opened.body


def test_whoever_signs_in_is_found_before_it_is_known_whose_they_are(clinic: Hospital) -> None:
    word = "lang-nok-til-et-passord-9"
    added = lysglimt(
        clinic.scratch,
        *("user", "add", "ny", "--role", "nurse", "--unit", "Ny enhet", "--entity", "Nytt hus"),
        "--password-stdin",
        stdin=word,
    )
    assert added.returncode == 0, added.stderr
    csrf = clinic.ground["csrf"]
    with Served(clinic.scratch) as served:
        outside = Keyboard(served, {"cookies": {csrf: CSRF}, "csrf": csrf})
        wrong = outside.once("POST", "/sign-in/", {"login": "ny", "password": "feil"})
        right = outside.once("POST", "/sign-in/", {"login": "ny", "password": word})
    assert wrong.status == 200
    assert right.status == 302
    assert not right.to.startswith("/sign-in/")


def lysglimt(
    scratch: Scratch, *words: str, stdin: str = ""
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", "from lysglimt.server.cli import main; main()", *words],
        cwd=scratch.folder,
        env=dict(scratch.environment),
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_doctor_says_whether_it_stands_and_migrate_puts_it_back(clinic: Hospital) -> None:
    owning = replace(
        clinic.scratch,
        environment={
            **clinic.scratch.environment,
            "LYSGLIMT_DATABASE_OWNER": clinic.owned.address,
        },
    )
    superuser = {**clinic.scratch.environment, "LYSGLIMT_DATABASE": clinic.whole.address}
    assert f"ok  rows: {len(TABLES)} tables" in lysglimt(clinic.scratch, "doctor").stdout
    assert "BAD rows: the role lysglimt is bound by no policy -> ALTER ROLE" in (
        lysglimt(replace(clinic.scratch, environment=superuser), "doctor").stdout
    )
    with closing(clinic.owned.connected()) as known:
        known.execute("ALTER TABLE people_patient NO FORCE ROW LEVEL SECURITY")
    said = lysglimt(clinic.scratch, "doctor").stdout
    assert "BAD rows: not in force for people_patient -> lysglimt migrate" in said
    assert lysglimt(owning, "migrate").returncode == 0
    assert "ok  rows" in lysglimt(clinic.scratch, "doctor").stdout


OURS = policies()["people_patient"].name
ALWAYS_ALL = "CREATE FUNCTION public.current_setting(text, boolean) RETURNS text LANGUAGE sql AS $$ SELECT 'all' $$"
ASKING_IT = policies()["people_patient"].condition.replace("current", "public.current", 1)


@pytest.mark.parametrize(
    "sabotage",
    [
        pytest.param("ALTER TABLE people_patient DISABLE ROW LEVEL SECURITY", id="off"),
        pytest.param(
            "ALTER TABLE people_patient NO FORCE ROW LEVEL SECURITY", id="not the owner"
        ),
        pytest.param(
            "CREATE POLICY open ON people_patient USING (true)", id="another beside it"
        ),
        pytest.param(f"ALTER POLICY {OURS} ON people_patient USING (true)", id="everything"),
        pytest.param(f"ALTER POLICY {OURS} ON people_patient WITH CHECK (true)", id="writing"),
        pytest.param(f"ALTER POLICY {OURS} ON people_patient TO CURRENT_USER", id="one role"),
        pytest.param(f"DROP POLICY {OURS} ON people_patient", id="none"),
        pytest.param(
            f"{ALWAYS_ALL}; ALTER POLICY {OURS} ON people_patient USING ({ASKING_IT})",
            id="a function of the same name",
        ),
    ],
)
def test_a_policy_that_was_changed_is_not_in_force(clinic: Hospital, sabotage: str) -> None:
    with closing(clinic.owned.connected()) as known, known.transaction(force_rollback=True):
        assert lacking(known) == []
        known.execute(sabotage)
        assert lacking(known) == ["people_patient"]


@pytest.mark.fuzz
def test_an_open_table_is_found_by_the_proof(postgresql: Postgresql, tmp_path: Path) -> None:
    """Through the role that serves; what it backs up has every row of every house."""
    with hospital(postgresql, tmp_path) as (scratch, owned):
        proof = access.knocked(
            scratch, [Role.NURSE], [Relation.OWN_UNIT, Relation.OTHER_ENTITY]
        )
        assert proof.faults == ()
        assert proof.figures["tables with a policy of rows"] == len(TABLES)
        assert int(proof.figures["allowed as the table says"]) > 60
        whole = Postgresql(owned.at | {"USER": postgresql.at["USER"]}).inventory()
        with owned.scratch(tmp_path) as copy:
            scratch.database.dump(tmp_path / "dump")
            copy.load(tmp_path / "dump", replace=False)
            assert differences(whole, copy.inventory()) == []
        with closing(owned.connected()) as known:
            known.execute("ALTER TABLE people_patientdetails DISABLE ROW LEVEL SECURITY")
        assert list(access.faults(scratch.ask("rows_of_houses"))) == [
            "the database shows rows of people_patientdetails to another house, or to nobody"
        ]
