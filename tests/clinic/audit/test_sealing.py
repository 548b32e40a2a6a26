"""Rows are chained after they are committed: none is left out, none twice, whoever seals."""

import json
import socket
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes
from functools import partial
from pathlib import Path

import pytest
from django.db import connection, transaction

from lysglimt.clinic.audit import actions as audit
from lysglimt.clinic.audit.anchoring import NoAnchor, NotAnchored, anchor, anchors, line
from lysglimt.clinic.audit.drill import prove_audit
from lysglimt.clinic.audit.models import Event, Link, Read, Seal
from lysglimt.clinic.audit.trail import exported, verdict
from tests.clinic.conftest import NOON
from tests.clinic.turns import at_once

from .trail import NURSE, sealed, take_guards_down, undone, written

LATER = NOON + timedelta(hours=2)


def read(name: str = "patient") -> Read:
    return audit.record_read(by=NURSE, at=NOON, operation=name, patients=[])


@pytest.mark.django_db
def test_what_waits_is_chained_once() -> None:
    rows = [read() for _ in range(5)]
    assert verdict().waiting == 5
    assert (audit.seal_rows(at=NOON), audit.seal_rows(at=NOON)) == (5, 0)
    assert list(Link.objects.order_by("seq").values_list("seq", "row")) == [
        (seq, row.pk) for seq, row in enumerate(rows, start=1)
    ]
    found = verdict()
    assert (found.links, found.waiting, found.sound) == (5, 0, True)


@pytest.mark.django_db
def test_more_than_a_batch_is_chained_in_one_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lysglimt.clinic.audit.actions.sealing.BATCH", 2)
    monkeypatch.setattr("lysglimt.clinic.audit.trail.PIECE", 2)
    written(5)
    assert verdict().sound
    assert Link.objects.count() == 5


@pytest.mark.django_db
def test_a_row_that_was_left_behind_is_told() -> None:
    """As if a sealer that works on had been made to pass one by."""
    row = read()
    audit.record(by=NURSE, at=LATER, operation="x", deed=audit.Deed())
    audit.seal_rows(at=LATER)
    take_guards_down()
    Link.objects.filter(kind="read").delete()
    assert f"read/{row.pk}" in {fault.where for fault in verdict().faults}


@pytest.mark.django_db
def test_rows_without_any_chain_are_told() -> None:
    """Never sealed, or the whole chain was taken away with the seals."""
    row = read()
    assert [fault.where for fault in verdict().faults] == [f"read/{row.pk}"]


@pytest.mark.django_db
def test_the_quick_look_goes_back_an_hour_and_the_full_one_to_the_start() -> None:
    """A transaction may be open for long; its row has an id below those chained meanwhile."""
    late = read("late")
    read("first")
    take_guards_down()
    with undone():
        audit.seal_rows(at=NOON)
        Link.objects.filter(row=late.pk).delete()
        assert audit.seal_rows(at=NOON + timedelta(minutes=59), everything=False) == 1
    with undone():
        audit.seal_rows(at=NOON)
        Link.objects.filter(row=late.pk).delete()
        assert audit.seal_rows(at=LATER, everything=False) == 0
        assert audit.seal_rows(at=LATER) == 1


@pytest.mark.django_db(transaction=True)
def test_what_is_not_committed_waits_and_what_is_rolled_back_is_never_chained() -> None:
    with transaction.atomic():
        read("rolled back")
        transaction.set_rollback(True)
    kept = read("kept")
    audit.seal_rows(at=NOON)
    assert list(Link.objects.values_list("row", flat=True)) == [kept.pk]
    assert verdict().sound


@pytest.mark.django_db(transaction=True)
def test_many_write_and_many_seal_and_no_row_is_left_out() -> None:
    """Commits come in another order than ids: two writers hold theirs open, past the sealers."""

    def write(name: int) -> None:
        for number in range(10):
            with transaction.atomic():
                read(f"{name}-{number}")
                if connection.vendor == "postgresql":
                    with connection.cursor() as cursor:
                        cursor.execute("SELECT pg_sleep(0.003)")

    def seal(_: int) -> None:
        for _ in range(15):
            audit.seal_rows(at=NOON, everything=False)

    hands = [
        *(partial(write, name) for name in range(4)),
        *(partial(seal, n) for n in range(2)),
    ]
    assert at_once(*hands) == [None] * 6
    audit.seal_rows(at=NOON)
    found = verdict()
    assert (found.links, found.waiting, found.faults) == (40, 0, ())
    assert Read.objects.count() == 40


@pytest.mark.django_db
def test_a_day_is_sealed_once_and_only_when_there_is_a_trail() -> None:
    assert audit.seal_day(at=NOON) is None
    read()
    sealed(NOON)
    assert not audit.day_is_over(at=NOON + timedelta(hours=23))
    assert audit.day_is_over(at=NOON + timedelta(hours=24))
    assert str(Seal.objects.get()) == "2026-03-02: 1"
    assert str(Link.objects.get()).startswith("1: read/")


@pytest.mark.django_db
def test_an_anchor_is_found_again_in_a_file_among_other_lines(tmp_path: Path) -> None:
    file = tmp_path / "log"
    file.write_text("Mar  2 12:00:00 moss other: nothing\n")
    heads = written(6)
    for head in heads:
        anchor(head, (f"file://{file}",))
    assert list(anchors(file)) == heads
    assert verdict(anchors(file)).anchors == 3


@pytest.mark.parametrize("text", ["", "lysglimt-anchor {", "lysglimt-anchor {}"])
def test_what_is_no_anchor_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "log"
    file.write_text(text)
    with pytest.raises(NoAnchor):
        list(anchors(file))


@pytest.mark.django_db
def test_syslog_gets_the_line_whole(tmp_path: Path) -> None:
    [*_, head] = written(3)
    path = tmp_path / "syslog"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(path))
        anchor(head, (f"syslog://{path}",))
        heard = listening.recv(4096).decode()
    assert line(head) in heard


@pytest.mark.django_db
def test_a_place_that_does_not_take_it_is_told_after_the_others_were_tried(
    tmp_path: Path,
) -> None:
    [*_, head] = written(3)
    kept = tmp_path / "kept"
    places = (f"syslog://{tmp_path}/nobody", f"file://{tmp_path}/no/folder", f"file://{kept}")
    with pytest.raises(NotAnchored, match=r"nobody.*no/folder"):
        anchor(head, places)
    assert kept.read_text() == f"{line(head)}\n"


@pytest.mark.django_db
def test_a_letter_has_the_line_unbroken(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mail server is the one thing that is not there: what would be sent is looked at."""
    sent: list[bytes] = []

    class Server:
        def __init__(self, host: str, port: int, timeout: int) -> None:
            assert (host, port) == ("smtp.example.org", 2525)

        def __enter__(self) -> "Server":
            return self

        def __exit__(self, *_: object) -> None: ...

        def send_message(self, letter: object) -> None:
            sent.append(bytes(letter))  # type: ignore[call-overload]  # a message becomes bytes

    monkeypatch.setattr("lysglimt.clinic.audit.anchoring.SMTP", Server)
    [*_, head] = written(3)
    anchor(head, ("smtp://smtp.example.org:2525/security@example.org",))
    letter = message_from_bytes(sent[0])
    assert letter["To"] == "security@example.org"
    content = letter.get_payload(decode=True)
    assert isinstance(content, bytes)
    assert content.decode().strip() == line(head)


@pytest.mark.django_db
def test_an_export_has_every_row_of_a_period_with_its_link() -> None:
    written(6)
    rows = list(exported(NOON, NOON + timedelta(minutes=4)))
    assert [row["kind"] for row in rows] == ["event", "event", "read", "read"]
    known = dict(Link.objects.values_list("seq", "digest"))
    assert {row["link"]: row["digest"] for row in rows}.items() <= known.items()
    json.dumps([row["patients"] for row in rows])


@pytest.mark.django_db
def test_the_drill_finds_everything_and_leaves_the_trail_as_it_is(
    figures: Callable[..., None], tmp_path: Path
) -> None:
    [*_, head] = written(40)
    audit.tell_head(head, (f"file://{tmp_path}/kept",), by=NURSE, at=NOON)
    audit.seal_rows(at=NOON + timedelta(hours=1))
    proof = prove_audit()
    figures(**proof.figures)
    assert proof.kept
    assert proof.figures["tampered"] == proof.figures["found"] > 500
    assert verdict().sound


@pytest.mark.django_db
def test_the_drill_fails_on_a_trail_that_was_changed_or_is_not_there(tmp_path: Path) -> None:
    assert not prove_audit().kept
    [*_, head] = written(6)
    [nowhere] = prove_audit().faults
    assert "kept outside" in nowhere
    audit.tell_head(head, (f"file://{tmp_path}/kept",), by=NURSE, at=NOON)
    audit.seal_rows(at=NOON + timedelta(hours=1))
    assert prove_audit().kept
    take_guards_down()
    Event.objects.update(actor="another")
    assert not prove_audit().kept
