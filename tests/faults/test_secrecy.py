"""Who is treated is found nowhere, and a proof that finds nothing finds what is put there."""

from contextlib import closing
from typing import cast

import pytest

from lysglimt.server.backup.engines import Sqlite, opened
from lysglimt.server.proving.crawl import Form, Page
from lysglimt.server.proving.durability import killed
from lysglimt.server.proving.scratch import NotTried, Scratch
from lysglimt.server.proving.secrecy import Gone, found, gone_through, looked_for, send
from lysglimt.server.proving.writers import Answer, Keyboard

Figures = dict[str, object]


def run(scratch: Scratch, sql: str) -> None:
    database = scratch.database
    connection = opened(database.file) if isinstance(database, Sqlite) else database.connected()
    with closing(connection):
        connection.execute(sql)
        if isinstance(database, Sqlite):
            connection.commit()


def test_someone_who_went_through_every_form_is_found_nowhere(
    scratch: Scratch, figures: Figures
) -> None:
    seeded, gone = gone_through(scratch)
    proof = looked_for(scratch, seeded, gone)
    figures |= {"database": scratch.database.vendor, **proof.figures}
    assert proof.faults == ()
    assert int(proof.figures["kinds of page opened"]) > 150
    assert int(proof.figures["forms sent"]) > 150
    assert int(proof.figures["forms that stored"]) > 20
    run(scratch, "UPDATE people_legalentity SET name = 'for Quistgaardson' || name")
    sabotaged = looked_for(scratch, seeded, Gone())
    assert not sabotaged.holds
    assert sabotaged.figures["hits in database"] == 1


def test_the_search_finds_what_it_looks_for() -> None:
    assert found([b"..Kari Nord..", b"x"], ["Kari Nord", "Ola Nord"]) == 1


class SignedOut:
    """Whatever is sent, nobody is there any more."""

    @staticmethod
    def once(*_: object) -> Answer:
        return Answer(302, "/sign-in/?next=%2Flock%2F", b"")


def test_what_nobody_has_sent_is_not_counted_as_stored() -> None:
    """A form that signs out would make every one after it go nowhere, and nothing be found."""
    keyboard, form = cast(Keyboard, SignedOut()), Form("/patients/", "post")
    with pytest.raises(NotTried, match="nobody is signed in any more at /patients/"):
        send(keyboard, form, {"number": "1", "another": "2"}, gone=Gone())


def test_a_document_is_not_read_as_a_page() -> None:
    """What a chart is packed into may hold any bytes, those of a broken tag among them."""
    broken = b'<![\xc7Z<a href="/patients/">'
    assert not Page("/", Answer(200, "", broken, "application/pdf").page()).links
    link = b'<a href="/patients/">'
    assert Page("/", Answer(200, "", link, "text/html; charset=utf-8").page()).links == [
        "/patients/"
    ]


def test_a_database_that_swallows_observations_is_found_out(
    scratch: Scratch, figures: Figures
) -> None:
    for line in THIEF[scratch.database.vendor]:
        run(scratch, line)
    proof = killed(scratch, writes=60, kills=0)
    figures |= proof.figures
    assert not proof.holds
    assert int(proof.figures["lost"]) > 0


THIEF = {
    "sqlite": (
        "DROP TRIGGER chairside_vitalset_delete_refused",
        """CREATE TRIGGER thief AFTER INSERT ON chairside_vitalset WHEN NEW.id % 7 = 0
        BEGIN DELETE FROM chairside_vitalset WHERE id = NEW.id; END""",
    ),
    "postgresql": (
        """CREATE FUNCTION thief() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NEW.id % 7 = 0 THEN NEW.entry = gen_random_uuid(); END IF; RETURN NEW; END $$""",
        """CREATE TRIGGER thief BEFORE INSERT ON chairside_vitalset
        FOR EACH ROW EXECUTE FUNCTION thief()""",
    ),
}
