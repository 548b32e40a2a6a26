"""Somebody of the staff at a screen, with a keyboard alone; every page that opens is inspected."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import translation
from playwright.sync_api import ElementHandle, Error, Locator, Page, Response

from .accessibility import violations
from .foreign_words import foreign
from .keyboard import focus, pick, tab_to

IDS = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/)\d+(?=/)")
PARTS = """() => [...new Set([...document.querySelectorAll('body *')].map(element =>
  [element.tagName, element.className, element.id.replace(/^card-.*/, ''),
    ...element.getAttributeNames().filter(name => name !== 'lang')].join(' ')))]"""
STOP = """element => {
  const said = each => [each.tagName, each.type, each.name, each.getAttribute('href'), each.id,
    each.matches('button, [type=radio], [type=checkbox]') && each.value,
    each.form?.getAttribute('action')].join(' ');
  const own = said(element), same = [...document.querySelectorAll(element.tagName)];
  return own + ' ' + same.filter(each => said(each) === own).indexOf(element) }"""
"""A field by its name, a link by where it leads, a button by its form: in every language the same."""
OPENED: set[tuple[str, str]] = set()
"""Addresses that any journey of this process has looked at, by language."""
MET: defaultdict[str, set[str]] = defaultdict(set)
"""And the parts that they had, in whichever language."""
STOPS: set[tuple[str, str]] = set()
"""Where Tab has been seen to come on a page of that address: the way is not walked anew."""


@dataclass(slots=True)
class Inspection:
    """What one journey finds. A page is looked at once in each language, and when it has a new part."""

    language: str
    faults: set[str] = field(default_factory=set)
    """Of all pages so far, so that one journey names every one."""

    def look(self, page: Page, answer: Response) -> str:
        """The page by its address."""
        assert_strict(answer)
        assert page.locator("html").get_attribute("lang") == self.language, page.url
        path = IDS.sub("~", re.split("[?#]", page.url)[0].split("/", 3)[3])
        whole = f"{path} {answer.status}"
        parts = {IDS.sub("~", part) for part in page.evaluate(PARTS)}
        if parts - MET[whole]:
            # On a page that has grown the way by Tab is another.
            STOPS.difference_update([stop for stop in STOPS if stop[0] == whole])
        if (whole, self.language) not in OPENED or parts - MET[whole]:
            OPENED.add((whole, self.language))
            MET[whole] |= parts
            self.faults |= {f"{whole}: {fault}" for fault in violations(page)}
        if self.language == "nb":
            self.faults |= {f"{whole}: not Norwegian: {words}" for words in foreign(page)}
        return whole


def assert_strict(answer: Response) -> None:
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert not [word for word in ("unsafe", "*", "http") if word in policy], policy


@dataclass(slots=True)
class Desk:
    """One person's screen. Buttons and links are found by what they say, fields by their names."""

    page: Page
    address: str
    person: str
    inspection: Inspection
    here: str = ""
    """The page that is shown, by its address."""

    def say(self, message: str) -> str:
        """What the screen says for this, in the language of the journey."""
        with translation.override(self.inspection.language):
            said = translation.gettext(message)
        foreign_to = self.inspection.language == "nb" and said == message
        assert not foreign_to or message in SAME_IN_BOTH, f"not translated: {message}"
        return said

    def open(self, path: str = "/") -> None:
        """Type an address."""
        answer = self.page.goto(self.address + path)
        assert answer is not None
        assert answer.status == 200, f"{answer.status} {path}"
        self.here = self.inspection.look(self.page, answer)

    def sign_in(self) -> None:
        self.open("/")
        self.follow("Choose a role instead")
        self.use(self.page.get_by_role("button", name=self.person))

    def come_again(self) -> None:
        """The next day, by the address that one knows."""
        self.open("/choose-role/?next=/")
        self.use(self.page.get_by_role("button", name=self.person))

    def follow(self, words: str, *, of: str | None = None, exact: bool = True) -> None:
        """A link. ``of`` is the heading of the part of the page that it stands in."""
        self.use(self.named("link", words, of=of, exact=exact))

    def do(
        self,
        words: str,
        *,
        of: str | None = None,
        exact: bool = True,
        refused: int | None = None,
    ) -> None:
        """A button. ``refused`` is the status when the page is meant to come back."""
        self.use(self.named("button", words, of=of, exact=exact), refused=refused)

    def follow_text(self, words: str) -> None:
        """A link whose words are somebody's own, not the screen's."""
        self.use(self.page.locator("main").get_by_role("link", name=words).first)

    def named(self, role: Any, words: str, *, of: str | None, exact: bool) -> Locator:
        where: Page | Locator = self.page.locator("main")
        if of is not None:
            heading = self.page.get_by_role("heading", name=self.say(of))
            where = self.page.locator("section").filter(has=heading)
        elif role == "link":
            where = self.page.locator("body")
        return where.get_by_role(role, name=self.say(words), exact=exact).first

    def use(self, target: Locator, *, refused: int | None = None) -> None:
        self.reach(target)
        with self.page.expect_navigation() as moved:
            self.page.keyboard.press("Enter")
        answer = moved.value
        assert answer.status == (refused or 200), f"{answer.status}\n{self.text()[:3000]}"
        self.here = self.inspection.look(self.page, answer)

    def reach(self, target: Locator) -> None:
        """What a page that follows others has drawn anew meanwhile is looked for once more."""
        element = target.element_handle()
        try:
            self.come_to(element)
        except (AssertionError, Error):
            if element.evaluate("element => element.isConnected"):
                raise
            self.come_to(target.element_handle())

    def come_to(self, element: ElementHandle) -> None:
        """By Tab; where Tab has come before on such a page, at once."""
        stop = self.stop(element)
        if stop in STOPS:
            focus(element)
        else:
            tab_to(self.page, element)
            STOPS.add(stop)

    def stop(self, element: ElementHandle) -> tuple[str, str]:
        return self.here, IDS.sub("~", element.evaluate(STOP))

    def fill(self, typed: Mapping[str, str], *, of: str = "main") -> None:
        """Every field by its name, as its kind is filled: typed, chosen, ticked."""
        for name, value in typed.items():
            here = self.page.locator(of).locator(f'[name="{name}"]')
            first = here.first
            kind = first.evaluate("element => element.type")
            if kind in {"radio", "checkbox"}:
                self.tick(here, kind, value)
            elif kind == "select-one":
                self.choose(first, value)
            elif kind in {"date", "datetime-local"}:
                self.reach(first)
                self.page.keyboard.type(value)
            else:
                self.reach(first)
                self.page.keyboard.press("Control+A")
                self.page.keyboard.type(value)

    def tick(self, group: Locator, kind: str, value: str) -> None:
        if kind == "radio":
            radio = group.and_(self.page.locator(f'[value="{value}"]'))
            element = radio.element_handle()
            stop = self.stop(element)
            if stop in STOPS:
                focus(element)
                self.page.keyboard.press("Space")
            else:
                pick(self.page, element)
                STOPS.add(stop)
            assert radio.is_checked()
            return
        boxes = (
            group.all()
            if value == "all"
            else [group.and_(self.page.locator(f'[value="{value}"]'))]
        )
        for box in boxes:
            self.reach(box)
            self.page.keyboard.press("Space")
            assert box.is_checked()

    def choose(self, field: Locator, words: str) -> None:
        self.reach(field)
        self.page.keyboard.type(words)
        shown = field.evaluate("element => element.selectedOptions[0].textContent.trim()")
        assert shown.startswith(words), f"{words!r} was typed, {shown!r} is chosen"

    def text(self) -> str:
        return self.page.locator("main").inner_text()

    def sees(self, message: str) -> None:
        said = self.say(message)
        assert said in self.page.locator("body").inner_text(), f"{said!r} not on\n{self.text()}"


SAME_IN_BOTH = frozenset({"Start", "Plan", "Trend"})
