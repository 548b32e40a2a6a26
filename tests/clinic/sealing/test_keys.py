"""The clinic's key can be changed, and whatever was sealed before still opens."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import DecisionSupportStatement, Professional, Unit
from lysglimt.clinic.sealing import actions
from lysglimt.clinic.sealing.fields import MARK
from lysglimt.clinic.sealing.keyring import (
    NONCE_BYTES,
    RING,
    Locked,
    masters,
    unwrapped,
    wrapped,
)
from lysglimt.clinic.sealing.models import DataKey
from lysglimt.clinic.sealing.values import Place, Unreadable, opened, seal
from lysglimt.server.keyroom import KeyRoom
from tests.clinic.conftest import NOON

PLACE = Place("people_patient", "1", "particulars_sealed")
NEWER = {"newer": bytes(range(32))}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _as_after_a_start() -> Iterator[None]:
    """A process that has unwrapped nothing yet, and leaves nothing behind for the next test."""
    RING.forget()
    yield
    RING.forget()


def rotated(settings: Any) -> None:
    settings.ENCRYPTION_KEYS = NEWER | dict(settings.ENCRYPTION_KEYS)
    RING.forget()
    for each in KeyRoom.waiting():
        KeyRoom.wrap(each)
    KeyRoom.renew()


def test_after_a_change_the_old_key_is_no_longer_needed(settings: Any) -> None:
    sealed = seal("Kari", PLACE)
    rotated(settings)
    settings.ENCRYPTION_KEYS = NEWER
    RING.forget()
    assert opened(sealed, PLACE) == "Kari"
    assert seal("Kari", PLACE)[2:10] != sealed[2:10], "another data key seals from now on"


def test_with_the_old_key_alone_nothing_opens_any_more(settings: Any) -> None:
    sealed, before = seal("Kari", PLACE), settings.ENCRYPTION_KEYS
    rotated(settings)
    settings.ENCRYPTION_KEYS = before
    RING.forget()
    with pytest.raises(Unreadable):
        opened(sealed, PLACE)


def test_a_change_that_was_killed_half_way_is_taken_up_again(settings: Any) -> None:
    for _ in range(3):
        actions.make_data_key(at=timezone.now())
    settings.ENCRYPTION_KEYS = NEWER | dict(settings.ENCRYPTION_KEYS)
    first, *others = KeyRoom.waiting()
    KeyRoom.wrap(first)
    assert KeyRoom.waiting() == others
    rotated(settings)
    assert (KeyRoom.waiting(), KeyRoom.renew()) == ([], "")
    assert all(unwrapped(row) for row in DataKey.objects.all())


def test_a_change_that_leaves_no_trail_does_not_happen(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between a key and its line in the trail: neither is there, and it is begun again."""
    settings.ENCRYPTION_KEYS = NEWER | dict(settings.ENCRYPTION_KEYS)
    waiting, keys = KeyRoom.waiting(), DataKey.objects.count()

    def killed(**_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr("lysglimt.server.keyroom.audit.record", killed)
        for change in (lambda: KeyRoom.wrap(waiting[0]), KeyRoom.renew):
            with pytest.raises(KeyboardInterrupt):
                change()
    assert KeyRoom.waiting() == waiting
    assert DataKey.objects.count() == keys
    KeyRoom.wrap(waiting[0])
    assert KeyRoom.waiting() == waiting[1:]


def test_a_key_of_the_same_name_and_other_bytes_is_refused(settings: Any) -> None:
    [name] = masters()
    settings.ENCRYPTION_KEYS = {name: bytes(32)}
    with pytest.raises(Locked, match="is another"):
        unwrapped(DataKey.objects.get())


def test_a_wrapped_key_belongs_to_its_row() -> None:
    one, other = DataKey.objects.get(), actions.make_data_key(at=timezone.now())
    one.wrapped = other.wrapped
    with pytest.raises(Locked):
        unwrapped(one)


def test_the_list_says_what_needs_which_key(settings: Any) -> None:
    [old] = masters()
    rotated(settings)
    assert [(row["key"], row["data_keys"]) for row in KeyRoom.everything()] == [
        ("newer", 2),
        (old, 0),
    ]
    settings.ENCRYPTION_KEYS = {"third": bytes(32)}
    assert KeyRoom.everything()[1]["says"] == "MISSING, wraps 2 data keys"


def test_free_text_is_sealed_as_stored_and_read_as_typed(
    moss: Unit, nurse: Professional
) -> None:
    entered = Entered(happened_at=NOON, entered_at=NOON, reason="Kari ba om det")
    said = DecisionSupportStatement.objects.create(
        unit=moss,
        on=True,
        statement_version="1",
        by=nurse,
        received_at=NOON,
        entry=entered.entry,
        happened_at=NOON,
        entered_at=NOON,
        reason=entered.reason,
    )
    [stored] = DecisionSupportStatement.objects.values_list("reason", flat=True)
    assert stored.startswith(MARK)
    assert "Kari" not in stored
    assert said.reason == DecisionSupportStatement.objects.get().reason == "Kari ba om det"
    with pytest.raises(TypeError, match="sealed"):
        DecisionSupportStatement.objects.filter(reason="Kari ba om det").exists()


def test_text_moved_to_another_row_does_not_open(moss: Unit, nurse: Professional) -> None:
    for reason in ("min", "din"):
        DecisionSupportStatement.objects.create(
            unit=moss,
            on=True,
            statement_version="1",
            by=nurse,
            received_at=NOON,
            happened_at=NOON,
            entered_at=NOON,
            reason=reason,
        )
    mine, _ = DecisionSupportStatement.objects.order_by("pk")
    [_, theirs] = DecisionSupportStatement.objects.order_by("pk").values_list(
        "reason", flat=True
    )
    mine.__dict__["reason"] = theirs
    with pytest.raises(Unreadable):
        str(mine.reason)


def test_an_empty_text_stays_empty(moss: Unit, nurse: Professional) -> None:
    said = DecisionSupportStatement.objects.create(
        unit=moss,
        on=True,
        statement_version="1",
        by=nurse,
        received_at=NOON,
        happened_at=NOON,
        entered_at=NOON,
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT reason FROM people_decisionsupportstatement")
        assert cursor.fetchall() == [("",)]
    said.refresh_from_db()
    assert said.reason == ""


def test_no_number_that_is_used_once_is_used_twice() -> None:
    """Of a value: version, length and id of the key, then the number. Names alike look unlike."""
    sealed = [seal("Kari", PLACE) for _ in range(2_000)]
    begin = 2 + sealed[0][1]
    numbers = {one[begin : begin + NONCE_BYTES] for one in sealed}
    assert len(numbers) == len(set(sealed)) == 2_000
    wraps = {wrapped(bytes(32), name="one", master=next(iter(masters()))) for _ in range(200)}
    assert len({one[:NONCE_BYTES] for one in wraps}) == 200
