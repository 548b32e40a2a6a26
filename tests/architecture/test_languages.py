"""Bokmål and English are both complete: source texts are English, `nb` covers every one."""

import ast
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from gettext import GNUTranslations
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.architecture.modules import nodes
from tools.messages import CLINIC, gather

CATALOGUES = sorted(CLINIC.glob("*/locale/nb/LC_MESSAGES/*.po"))
PAGES = sorted(CLINIC.rglob("templates/**/*.html"))
SPEAKS = ("gettext", "{% translate", "{% blocktranslate")
SPOKEN_ATTRIBUTES = {"alt", "aria-label", "aria-description", "placeholder", "title"}
SAME_IN_BOTH = {
    "EV",
    "Lysglimt",
    "Norsk",
    "English",
    "MADRS",
    "mg",
    "ml",
    "min",
    "mmHg",
    "kg",
    "cm",
}
TEMPLATE_CODE = re.compile(
    r"{% comment.*?endcomment %}|{% blocktrans.*?endblocktrans(?:late)? %}|{#.*?#}|{%.*?%}|{{.*?}}",
    re.DOTALL,
)
LINE = re.compile(r'^(?:(msgctxt|msgid_plural|msgid|msgstr)(?:\[(\d)\])? )?(".*")$')


@dataclass
class Message:
    """One text of a catalogue; ``said`` is by the number of the plural form, 0 when there is one."""

    fuzzy: bool = False
    parts: dict[str, str] = field(default_factory=dict)
    said: dict[int, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        context = self.parts.get("msgctxt")
        return f"{context}\x04{self.parts['msgid']}" if context else self.parts["msgid"]

    def compiled(self) -> dict[str | tuple[str, int], str]:
        if "msgid_plural" in self.parts:
            return {(self.key, form): text for form, text in self.said.items()}
        return {self.key: self.said[0]}


def messages(catalogue: Path) -> list[Message]:
    """Every live message, without the header."""
    found: list[Message] = []
    for block in catalogue.read_text(encoding="utf-8").split("\n\n"):
        message, part, form = Message(fuzzy="\n#, fuzzy" in f"\n{block}"), "", 0
        for line in block.splitlines():
            if stated := LINE.match(line):
                part, form = stated[1] or part, int(stated[2] or 0) if stated[1] else form
                text = ast.literal_eval(stated[3])
                if part == "msgstr":
                    message.said[form] = message.said.get(form, "") + text
                else:
                    message.parts[part] = message.parts.get(part, "") + text
        if message.parts.get("msgid"):
            found.append(message)
    return found


def place(path: Path) -> str:
    return path.relative_to(CLINIC).parts[0]


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=place)
def test_every_text_is_said_in_bokmal(catalogue: Path) -> None:
    unsaid = [m.key for m in messages(catalogue) if m.fuzzy or not all(m.said.values())]
    assert not unsaid


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=place)
def test_what_is_compiled_is_what_is_written(catalogue: Path) -> None:
    with catalogue.with_suffix(".mo").open("rb") as file:
        compiled = dict(GNUTranslations(file)._catalog)  # type: ignore[attr-defined]  # not in typeshed
    compiled.pop("", None)
    written = {key: text for m in messages(catalogue) for key, text in m.compiled().items()}
    assert compiled == written


def speaks(app: Path) -> bool:
    """Has it a text for the screens?"""
    pages = (*app.rglob("*.py"), *app.rglob("*.html"), *app.rglob("*.txt"))
    return any(word in page.read_text(encoding="utf-8") for page in pages for word in SPEAKS)


SPEAKING = sorted(module.parent for module in CLINIC.glob("*/apps.py") if speaks(module.parent))


@pytest.mark.parametrize("app", SPEAKING, ids=lambda app: app.name)
def test_every_text_of_an_app_stands_in_its_catalogue(
    app: Path, tmp_path: Path, need: Callable[[str], None]
) -> None:
    need("gettext")
    catalogue = app / "locale/nb/LC_MESSAGES/django.po"
    assert catalogue.exists(), "run `make messages`, then say the texts in Bokmål"
    copy = shutil.copytree(app, tmp_path / app.name)
    gather(copy)
    gathered = {m.key for m in messages(copy / catalogue.relative_to(app))}
    assert gathered == {m.key for m in messages(catalogue)}, "run `make messages`"


class Spoken(HTMLParser):
    """What a template says by itself, in whatever language it was written."""

    def __init__(self, template: str) -> None:
        super().__init__()
        self.said: list[str] = []
        markup = TEMPLATE_CODE.sub(" ", template)
        self.feed(markup if "<" in markup else "")  # else it is a value for an attribute

    def handle_data(self, data: str) -> None:
        self.said += re.findall(r"[^\W\d_]{2,}", data)

    def handle_starttag(self, _: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in SPOKEN_ATTRIBUTES:
                self.handle_data(value or "")


def test_a_template_says_nothing_past_the_catalogue() -> None:
    past = [
        f"{page.relative_to(CLINIC).as_posix()} says {words}"
        for page in PAGES
        if (words := sorted({*Spoken(page.read_text(encoding="utf-8")).said} - SAME_IN_BOTH))
    ]
    assert len(PAGES) > 200
    assert not past, "\n".join(past)


def test_words_outside_the_catalogue_are_seen() -> None:
    template = """{% load i18n %}<p title="Dose">{% translate "Weight" %} {{ weight }} kg</p>
      {% blocktranslate %}From {{ day }}{% endblocktranslate %}{# a remark #}<b>Pause</b>"""
    assert Spoken(template).said == ["Dose", "kg", "Pause"]


def test_a_catalogue_is_read_as_gettext_reads_it(tmp_path: Path) -> None:
    written = tmp_path / "some.po"
    written.write_text(
        'msgid ""\nmsgstr "Language: nb\\n"\n\n'
        'msgctxt "month"\nmsgid "May"\nmsgstr "mai"\n\n'
        'msgid "%d day"\nmsgid_plural ""\n"%d "\n"days"\nmsgstr[0] "%d dag"\nmsgstr[1] ""\n\n'
        '#, fuzzy\nmsgid "old"\nmsgstr "eldre"\n\n#~ msgid "gone"\n#~ msgstr "borte"\n',
        encoding="utf-8",
    )
    may, day, old = messages(written)
    assert may.compiled() == {"month\x04May": "mai"}
    assert day.compiled() == {("%d day", 0): "%d dag", ("%d day", 1): ""}
    assert day.parts["msgid_plural"] == "%d days"
    assert (may.fuzzy, old.fuzzy) == (False, True)


WRITES = ("actions", "people", "scheduling", "treatment", "referral", "chairside")
"""The names by which a module knows the actions that it calls."""


def stored_words(module: Path) -> Iterator[str]:
    """Calls of an action that hand on a text of the catalogue, in the language of the writer."""
    for node in nodes(module):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name)), keywords=said) if (
                name in WRITES
            ):
                for each in said:
                    match each.value:
                        case ast.Call(func=ast.Name(id="gettext" | "ngettext" | "pgettext")):
                            yield f"{module.name}:{node.lineno} {each.arg}"
                        case _:
                            pass
            case _:
                pass


def test_no_text_of_the_catalogue_is_stored() -> None:
    """What is stored is typed, or a code, or said in both languages: another may read it."""
    assert not [one for module in CLINIC.rglob("*.py") for one in stored_words(module)]


def test_a_stored_text_is_seen(tmp_path: Path) -> None:
    module = tmp_path / "charting.py"
    module.write_text('actions.correct(fact=row, reason=gettext("the reason is said"))')
    assert list(stored_words(module)) == ["charting.py:1 reason"]
