"""Who typed a row on a tablet, where another sent it: asked beside the row, in the same question."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import (
    CharField,
    Exists,
    OuterRef,
    PositiveSmallIntegerField,
    Subquery,
    UUIDField,
    Value,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext

from lysglimt.clinic.people.facts import Fact
from lysglimt.clinic.people.written import Condition
from lysglimt.clinic.treatment.models.task import named

from .models import TypedByAnother

TYPIST = "typed_by"
NOBODY_KNOWS = ""


ENTRY, REVISION = OuterRef("entry"), OuterRef("revision")


def of_row(entry: Any = ENTRY, revision: Any = REVISION) -> Any:
    return TypedByAnother.objects.filter(entry=entry, revision=revision)


def typist(entry: Any, revision: Any) -> Subquery:
    who = Coalesce(named("typist"), Value(NOBODY_KNOWS))
    return Subquery(of_row(entry, revision).annotate(who=who).values("who")[:1])


TYPED = Condition(typist, CharField(), of=(UUIDField(), PositiveSmallIntegerField()))


def typed_by_another() -> Exists:
    """Of a revision: its ``by`` sent it, and did not type it, as far as anybody knows."""
    return Exists(of_row())


def typist_beside() -> dict[str, Any]:
    """Of a revision: the typist by name, `NOBODY_KNOWS`, or None where its ``by`` typed it."""
    return {TYPIST: TYPED.about("entry", "revision")}


def typed_said(said: Iterable[Fact]) -> Iterator[str]:
    """Of all revisions of a row `typist_beside`."""
    for row in said:
        who = vars(row).get(TYPIST)
        if who is None:
            continue
        facts = {"typist": who, "by": str(row.by)}
        if who:
            yield gettext("typed without the network by %(typist)s, sent by %(by)s") % facts
        else:
            words = gettext("typed without the network, nobody knows by whom, sent by %(by)s")
            yield words % facts
