"""The proof of the policy holds on a served clinic, and fails when what it rests on is taken away."""

from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from socket import socketpair
from typing import cast

import pytest

from lysglimt.clinic.people.policy import Relation, Role
from lysglimt.server.backup.engines import Sqlite
from lysglimt.server.proving.access import (
    LET_IN,
    NOT_FOUND,
    REFUSED,
    TO_SIGN_IN,
    Cell,
    faults,
    knocked,
)
from lysglimt.server.proving.scratch import NotTried, Scratch, environment
from lysglimt.server.proving.served import Served
from lysglimt.server.proving.writers import Keyboard

from .conftest import LONG
from .test_secrecy import run

Figures = dict[str, object]
THIEF = (
    "DROP TRIGGER people_block_delete_refused",
    """CREATE TRIGGER thief AFTER INSERT ON people_block
    WHEN (SELECT count(*) FROM people_block WHERE patient_id = NEW.patient_id) > 1
    BEGIN DELETE FROM people_block WHERE id = NEW.id; END""",
)


@pytest.mark.parametrize(
    ("role", "stands", "expected"),
    [
        ("nurse", Relation.OWN_UNIT, LET_IN),
        ("nurse", Relation.EMERGENCY, LET_IN),
        ("nurse", Relation.BLOCKED, REFUSED),
        ("nurse", Relation.OTHER_ENTITY, NOT_FOUND),
        ("statistician", Relation.OWN_UNIT, REFUSED),
        ("", "signed out", TO_SIGN_IN),
    ],
)
def test_what_is_expected_at_a_door_stands_in_the_table(
    role: str, stands: str, expected: str
) -> None:
    assert Cell("patient", ("GET", "/"), role, stands, {}).expected == expected


@pytest.mark.fuzz
def test_the_doors_are_as_the_table_says_until_what_a_patient_closes_is_lost(
    tmp_path: Path, emptied: Callable[[Scratch], Scratch], figures: Figures
) -> None:
    database = Sqlite({"NAME": tmp_path / "clinic.sqlite3"})
    scratch = emptied(Scratch(tmp_path, database, environment(tmp_path, database)))
    proof = knocked(scratch, tuple(Role) if LONG else [Role.NURSE])
    figures |= proof.figures
    assert proof.faults == ()
    assert proof.figures["wrong"] == 0
    assert int(proof.figures["asked"]) > 400
    for line in THIEF:
        run(scratch, line)
    sabotaged = knocked(scratch, [Role.NURSE], [Relation.BLOCKED])
    assert not sabotaged.holds
    assert int(sabotaged.figures["wrong"]) > 10
    assert any(fault.endswith("blocked: let in, not refused") for fault in sabotaged.faults)


def test_a_database_that_keeps_no_houses_apart_is_a_fault() -> None:
    found = {"bypassed by": "root", "open": ["people_patient"], "hidden": ["treatment_course"]}
    assert list(faults(found)) == [
        "the role root is bound by no policy of rows",
        "the database shows rows of people_patient to another house, or to nobody",
        "the database hides rows of treatment_course from their own house",
    ]


class Deaf:
    """A server that takes what is sent, and does not answer."""

    def connection(self, _: float) -> HTTPConnection:
        connection = HTTPConnection("127.0.0.1", 1)
        connection.sock, self.other = socketpair()
        connection.sock.settimeout(0.01)
        return connection


def test_a_server_that_does_not_answer_is_said_by_the_address_that_was_asked() -> None:
    deaf = Deaf()
    keyboard = Keyboard(cast(Served, deaf), {"cookies": {"csrf": "x"}, "csrf": "csrf"})
    with pytest.raises(NotTried, match="no answer to GET /today/: timed out"):
        keyboard.once("GET", "/today/")
    deaf.other.close()
