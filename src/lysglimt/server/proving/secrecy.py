"""Who is treated cannot be read where it does not belong."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from django.utils import timezone

from lysglimt.server.backup import keeping

from .crawl import Form, crawled, filled, kind_of
from .figures import Figure, Proved
from .scratch import METRICS_TOKEN, NotTried, Scratch, copied
from .seeded import ADDRESS, BORN, FAMILY, GIVEN, TELEPHONE
from .served import Served
from .writers import Answer, Keyboard

ENDS = ("/sign-out/", "/lock/", "/sign-ins/", "/staff/", "/language/", "/password/")
"""After these nobody is signed in any more, or reads in another language; none is about a patient."""
FURNITURE = ("/walls/hang/", "/cupboard/open/")
"""These name a thing of the unit: in clear, as the names of chairs and units are."""
SIGN_IN = "/sign-in/"
REPEATED = frozenset({200, 409, 422})
"""A page that is shown again says what was typed: to the one who typed it."""


@dataclass
class Gone:
    """Where something may have got to: text by the kind of place."""

    places: dict[str, list[bytes]] = field(default_factory=dict)
    forms: Counter[str] = field(default_factory=Counter)
    stored: Counter[str] = field(default_factory=Counter)
    pages: set[str] = field(default_factory=set)

    def keep(self, place: str, text: str | bytes) -> None:
        whole = text if isinstance(text, bytes) else text.encode()
        self.places.setdefault(place, []).append(whole)


def proved() -> Proved:
    """On a copy: someone made up goes through every form; then everybody is searched for."""
    with copied() as scratch:
        return searched(scratch)


def searched(scratch: Scratch) -> Proved:
    seeded, gone = gone_through(scratch)
    return looked_for(scratch, seeded, gone)


def gone_through(scratch: Scratch) -> tuple[Mapping[str, Any], Gone]:
    """Who was sent through every form, and where that led."""
    seeded = scratch.ask("seeded")
    gone = Gone()
    with Served(scratch) as served:
        for cookies in seeded["people"]:
            keyboard = Keyboard(served, {"cookies": cookies, "csrf": seeded["csrf"]})
            push(keyboard, seeded, gone)
        gone.keep("metrics", measured(served))
    return seeded, gone


def looked_for(scratch: Scratch, seeded: Mapping[str, Any], gone: Gone) -> Proved:
    """In all that was answered, and in what stands on the disk by now."""
    left_behind(scratch, gone)
    needles = [GIVEN, FAMILY, seeded["number"], seeded["another"], TELEPHONE, ADDRESS]
    needles += scratch.ask("told")
    gone.keep("(planted, to try the search)", f"{{{seeded['number']}}}")
    hits = {place: found(texts, needles) for place, texts in gone.places.items()}
    planted = hits.pop("(planted, to try the search)")
    figures: dict[str, Figure] = {
        "kinds of page opened": len(gone.pages),
        "forms sent": sum(gone.forms.values()),
        "forms that stored": sum(gone.stored.values()),
        "names and numbers searched for": len(set(needles)),
        "places searched": len(hits),
        **{f"hits in {place}": count for place, count in hits.items()},
        "hits where one was planted": planted,
    }
    return Proved(promise="secrecy", figures=figures, faults=tuple(faults(hits, planted)))


def faults(hits: Mapping[str, int], planted: int) -> Iterator[str]:
    for place, count in hits.items():
        if count:
            yield f"{count} names or numbers can be read in {place}"
    if planted != 1:
        yield "the search does not find what was planted"


def found(texts: Iterable[bytes], needles: Iterable[str]) -> int:
    """How many of them stand anywhere in it, as text."""
    whole = b"\0".join(texts)
    return sum(each.encode() in whole for each in set(needles))


def push(keyboard: Keyboard, seeded: Mapping[str, Any], gone: Gone) -> None:
    """Open every page, and send every form with the person in each box."""
    forms: list[Form] = []
    for page, answer in crawled(keyboard):
        gone.pages.add(kind_of(page.address))
        note(gone, page.address, answer)
        for link in page.links:
            gone.keep("addresses", unquote(link))
        forms += page.forms
    for form in forms:
        kind = kind_of(form.action)
        if form.method == "post" and not kind.startswith((*ENDS, *FURNITURE)):
            send(keyboard, form, seeded, gone=gone)
    # What a hand mistypes into the address bar stays between it and the page that says so.
    for address in (f"/{seeded['number']}/", f"/patients/?q={FAMILY}"):
        keyboard.once("GET", address)


def send(keyboard: Keyboard, form: Form, seeded: Mapping[str, Any], *, gone: Gone) -> None:
    """Once with each number, by the first who finds it. Raises NotTried where nobody is signed in."""
    kind, today = kind_of(form.action), f"{timezone.localdate():%Y-%m-%d}"
    if gone.forms[kind]:
        return
    for number in (seeded["number"], seeded["another"]):
        said = filled(form, typed(number), today)
        answer = keyboard.once("POST", form.action, said)
        if answer.to.startswith(SIGN_IN):
            raise NotTried(f"nobody is signed in any more at {form.action}")
        note(gone, form.action, answer)
        gone.forms[kind] += 1
        gone.stored[kind] += answer.status == 302


def typed(number: str) -> dict[str, str]:
    """By a part of the field's name; of every other box the last."""
    return {
        "given": GIVEN,
        "family": FAMILY,
        "birth": f"{BORN:%d.%m.%Y}",
        "number": number,
        "telephone": TELEPHONE,
        "address": ADDRESS,
        "": f"{GIVEN} {FAMILY} {number}",
    }


def note(gone: Gone, address: str, answer: Answer) -> None:
    gone.keep("addresses", unquote(f"{address} {answer.to}"))
    if answer.status not in REPEATED:
        gone.keep("error pages", answer.body)


def measured(served: Served) -> bytes:
    connection = served.connection()
    try:
        bearer = {"Authorization": f"Bearer {METRICS_TOKEN}"}
        connection.request("GET", "/metrics", headers=bearer)
        return connection.getresponse().read()
    finally:
        connection.close()


def left_behind(scratch: Scratch, gone: Gone) -> None:
    """What stands on the disk when the server is gone."""
    for text in scratch.database.everything():
        gone.keep("database", text)
    backup = keeping.backup(scratch.database, scratch.folder / "backups", at=timezone.now())
    gone.keep("backup", backup.read_bytes())
    gone.keep("log", (scratch.folder / "server.log").read_bytes())
    for file in scratch.folder.rglob("*"):
        gone.keep("file names", file.name)
        ours = {"static-files", "backups"} & set(file.parts) or "sqlite3" in file.name
        if file.is_file() and not ours:
            gone.keep("other files", file.read_bytes())
