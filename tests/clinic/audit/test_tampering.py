"""Whatever is changed in the trail, by whoever owns the database, is found."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

import pytest
from django.db import connection, models

from lysglimt.clinic.audit.chain import (
    COLUMNS,
    FORM,
    NOTHING_BEFORE,
    Head,
    key_id,
    row_digest,
)
from lysglimt.clinic.audit.models import Event, Link, Read, Seal
from lysglimt.clinic.audit.trail import KINDS, ring_of, verdict

from .trail import take_guards_down, undone, written

ROWS = 18
TRIED = 1_000
Attack = tuple[str, Callable[[], object]]


def other(value: object) -> object:
    """Something else of the same kind."""
    match value:
        case datetime():
            return value + timedelta(seconds=1)
        case list():
            return [*value, "someone else"]
        case int():
            return value + 1_000
        case _:
            return "f" * len(str(value)) if value and value != "f" * len(str(value)) else "x"


def edits(model: type[models.Model], chance: Random) -> Iterator[Attack]:
    """Every column of a row in turn."""
    for field in model._meta.concrete_fields:
        row = chance.choice(list(model._default_manager.values("pk", field.attname)))
        value = changed(field, row[field.attname])
        yield f"{model.__name__}.{field.name}", partial(overwrite, field, row["pk"], value)


def overwrite(field: "models.Field[object, object]", key: Any, value: object) -> None:
    """As whoever owns the database would, past everything that the application minds."""
    model = field.model._meta
    raw: Any = value if isinstance(value, str) else field.get_db_prep_save(value, connection)
    said = f'UPDATE "{model.db_table}" SET "{field.column}" = %s WHERE "{model.pk.column}" = %s'  # noqa: S608 - names of columns, of our own
    with connection.cursor() as cursor:
        cursor.execute(said, [raw, key])


def changed(field: "models.Field[object, object]", value: object) -> object:
    new = other(value)
    limit = getattr(field, "max_length", None)
    return new[:limit] if isinstance(new, str) else new


def removals(chance: Random) -> Iterator[Attack]:
    for model in (Event, Read, Link):
        pk = chance.choice(list(model._default_manager.values_list("pk", flat=True)))
        yield f"{model.__name__} removed", model._default_manager.filter(pk=pk).delete
    seq = chance.randint(1, ROWS)
    yield "row and link removed", lambda: row_and_link_gone(seq)
    first = Seal.objects.earliest("pk").pk
    yield "seal removed", Seal.objects.filter(pk=first + chance.choice([0, 1])).delete


def row_and_link_gone(seq: int) -> None:
    link = Link.objects.get(seq=seq)
    KINDS[link.kind]._default_manager.filter(pk=link.row).delete()
    link.delete()


def reorderings(chance: Random) -> Iterator[Attack]:
    one, two = chance.sample(range(1, ROWS + 1), 2)
    yield "two links exchanged", lambda: exchange_links(one, two)
    reads = list(Read.objects.values_list("pk", flat=True))
    left, right = chance.sample(reads, 2)
    yield "two reads exchanged", lambda: exchange_rows(left, right)
    yield "moved to the end, and chained anew", lambda: moved(chance.randint(1, ROWS - 1))


def exchange_links(one: int, two: int) -> None:
    for seq, to in ((one, 9_000), (two, one), (9_000, two)):
        Link.objects.filter(seq=seq).update(seq=to)


def exchange_rows(left: int, right: int) -> None:
    mine, theirs = (Read.objects.values().get(pk=pk) for pk in (left, right))
    Read.objects.filter(pk=left).update(**theirs | {"id": left})
    Read.objects.filter(pk=right).update(**mine | {"id": right})


def moved(seq: int) -> None:
    Link.objects.filter(seq=seq).update(seq=9_000)
    chained_anew()


def chained_anew(*, key: bytes | None = None) -> None:
    """As one who knows how it is done, and has no key, or another one."""
    rings = [ring_of(link) for link in Link.objects.order_by("seq")]
    Link.objects.all().delete()
    before, made = NOTHING_BEFORE, []
    for seq, ring in enumerate(rings, start=1):
        row = (
            KINDS[ring.kind]
            ._default_manager.values(*COLUMNS[ring.kind, FORM])
            .filter(pk=ring.row)
            .first()
        )
        if row is None:
            continue
        new = replace(ring, seq=seq, previous=before, row_digest=row_digest(ring.kind, row))
        before = new.computed()
        made.append(replace(new, digest=before))
    Link.objects.bulk_create(Link(**asdict(ring)) for ring in made)
    if key is not None:
        forge(key, {ring.seq: ring.digest for ring in made})


def forge(key: bytes, digests: dict[int, str]) -> None:
    """The seals, too, under a key that is not the clinic's; with the name of the true one."""
    before = ""
    for seal in Seal.objects.order_by("pk"):
        head = Head(
            number=seal.number, seq=seal.seq, digest=digests.get(seal.seq, "0" * 64), made_at=seal.made_at,
            key_id=seal.key_id, previous=before,
        )  # fmt: skip
        before = head.signed(key)
        Seal.objects.filter(pk=seal.pk).update(
            digest=head.digest, previous=head.previous, mac=before
        )


def rewrites(chance: Random) -> Iterator[Attack]:
    def edited(*, key: bytes | None = None, seals: bool = True) -> None:
        link = Link.objects.get(seq=chance.randint(1, ROWS))
        KINDS[link.kind]._default_manager.filter(pk=link.row).update(actor="nobody")
        chained_anew(key=key)
        if not seals:
            Seal.objects.all().delete()

    yield "rewritten", edited
    yield "rewritten, seals forged", lambda: edited(key=b"f" * 32)
    yield "rewritten, seals removed", lambda: edited(seals=False)


def cuts(chance: Random) -> Iterator[Attack]:
    keep = chance.randint(0, ROWS - 1)
    yield "tail cut", lambda: cut(keep, seals=False)
    yield "sealed tail cut", lambda: cut(keep, seals=True)


def cut(keep: int, *, seals: bool) -> None:
    for link in Link.objects.filter(seq__gt=keep):
        KINDS[link.kind]._default_manager.filter(pk=link.row).delete()
    Link.objects.filter(seq__gt=keep).delete()
    if seals:
        Seal.objects.filter(seq__gt=keep).delete()


def attacks(seed: int) -> Iterator[Attack]:
    chance = Random(seed)  # noqa: S311 - the same attacks every time are the point
    while True:
        for model in (Event, Read, Link, Seal):
            yield from edits(model, chance)
        for some in (removals, reorderings, rewrites, cuts):
            yield from some(chance)


@pytest.mark.django_db
def test_every_tampering_is_found(figures: Callable[..., None]) -> None:
    anchors = written(ROWS)
    assert verdict(anchors).sound
    take_guards_down()
    tried, missed, kinds = 0, [], set()
    for name, attack in attacks(seed=20260302):
        with undone():
            attack()
            if verdict(anchors).sound:
                missed.append(name)
        tried += 1
        kinds.add(name)
        if tried == TRIED:
            break
    figures(tried=tried, kinds=len(kinds), found=tried - len(missed))
    assert missed == []
    assert verdict(anchors).sound


@pytest.mark.django_db
def test_without_an_anchor_a_sealed_tail_that_was_cut_looks_whole() -> None:
    """Why heads are kept outside."""
    anchors = written(ROWS)
    take_guards_down()
    with undone():
        cut(ROWS // 3 + 1, seals=True)
        assert verdict().sound
        assert [fault.where[:6] for fault in verdict(anchors).faults] == ["anchor", "anchor"]


@pytest.mark.django_db
def test_another_key_is_told_from_a_forged_seal() -> None:
    anchors = written(6)
    found = verdict(anchors, key=b"x" * 32)
    assert {fault.what for fault in found.faults} == {
        f"made with another key ({anchors[0].key_id})"
    }
    assert anchors[0].key_id != key_id(b"x" * 32)


def test_a_later_column_is_in_a_later_form() -> None:
    """A digest is over the columns of its form: a new column without a new form would be free."""
    for kind, model in KINDS.items():
        columns = {field.attname for field in model._meta.concrete_fields}
        assert columns == set(COLUMNS[kind, FORM])
