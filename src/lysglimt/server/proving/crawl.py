"""Every page one may open and every form on it, found as a reader finds them: by their links."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

from .scratch import NotTried
from .writers import Answer, Keyboard

KEY = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+|\d{4}-\d\d-\d\d")
LEFT_OUT = ("/sign-out", "/language", "/static/", "/choose-role")
PAGES = 400
"""More kinds than there are: whoever comes so far goes in a circle."""
TEXTS = frozenset({"text", "search", "tel", "email", "textarea", "password", "url"})


@dataclass
class Form:
    """``fields`` are name, kind and the value that is there."""

    action: str
    method: str
    fields: list[tuple[str, str, str]] = field(default_factory=list)


class Page(HTMLParser):
    """The links and the forms of a page."""

    def __init__(self, address: str, body: str) -> None:
        super().__init__()
        self.address = address
        self.links: list[str] = []
        self.forms: list[Form] = []
        self.within = ""
        self.feed(body)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "a" and said.get("href", "").startswith("/"):
            self.links.append(said["href"].partition("#")[0])
        elif tag == "form":
            action = said.get("action") or self.address
            self.forms.append(Form(action, said.get("method", "get").lower()))
        elif self.forms:
            self.part(tag, said)

    def part(self, tag: str, said: Mapping[str, str]) -> None:
        fields, name = self.forms[-1].fields, said.get("name", "")
        if tag == "select":
            self.within = name
        elif tag == "option" and self.within and said.get("value"):
            fields.append((self.within, "option", said["value"]))
        elif tag in {"input", "textarea"} and name:
            kind = "textarea" if tag == "textarea" else said.get("type", "text")
            fields.append((name, kind, said.get("value", "")))
        elif tag == "button" and name:
            fields.append((name, "button", said.get("value", "")))


def kind_of(address: str) -> str:
    """Two addresses of one kind differ only in whose they are."""
    return KEY.sub("*", address.partition("?")[0])


def crawled(keyboard: Keyboard) -> Iterator[tuple[Page, Answer]]:
    """Each kind of page that this reader finds, once. Raises NotTried when there is no end to them."""
    waiting, known = ["/"], set[str]()
    while waiting:
        if len(known) > PAGES:
            raise NotTried(f"more than {PAGES} kinds of page; the last was {waiting[0]}")
        address = waiting.pop(0)
        if kind_of(address) in known or address.startswith(LEFT_OUT):
            continue
        known.add(kind_of(address))
        answer = keyboard.once("GET", address)
        if answer.to:
            waiting.append(answer.to)
        page = Page(address, answer.page())
        waiting += page.links
        yield page, answer


def filled(form: Form, typed: Mapping[str, str], today: str) -> dict[str, str]:
    """As someone fills it who types the same into every box; of choices the last."""
    by_kind = {
        "number": "1",
        "date": today,
        "time": "10:00",
        "datetime-local": f"{today}T10:00",
    }
    said: dict[str, str] = {}
    for name, kind, there in form.fields:
        if kind in TEXTS:
            said[name] = next((text for part, text in typed.items() if part in name), typed[""])
        else:
            said[name] = there or by_kind.get(kind, "on")
    return said
