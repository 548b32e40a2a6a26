"""Retake the pictures of "how a session is charted" from a demo clinic, in both languages.

python -m tools.pictures docs/handbook/pictures
"""

import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, ViewportSize, sync_playwright

from tools.machine import PARTS, advice, missing
from tools.screenshot import LYSGLIMT, free_port, wait_for

SEED = "1"


@dataclass(frozen=True, slots=True)
class Spoken:
    """What the pages call what is pressed."""

    locale: str
    sign: str
    left: str
    save: str


NURSE, DOCTOR = "sykepleier|nurse", "psykiater|psychiatrist"
LANGUAGES: Mapping[str, Spoken] = {
    "nb": Spoken("nb-NO", "Signer sjekklisten", "Pasienten har reist", "Lagre"),
    "en": Spoken("en-GB", "Sign the checklist", "The patient has left", "Save"),
}
CHECKLIST = {
    **dict.fromkeys(("oriented", "dissociation_mild", "walks", "eaten", "advice"), "yes"),
    **dict.fromkeys(("aldrete.activity", "aldrete.breathing"), "2"),
    **dict.fromkeys(("padss.walking", "padss.pain"), "2"),
    "cannula_out": "yes",
    "danger_no_new_intent": "no",
}
"""Everything as it should be."""
CHAIRS = {"before": 2, "infusing": 3, "observation": 4, "home": 5}
"""Each step with the chair of the demo that is at it."""


@dataclass(frozen=True, slots=True)
class Round:
    """One language's pictures, of one clinic."""

    browser: Browser
    address: str
    language: str
    folder: Path

    @property
    def said(self) -> Spoken:
        return LANGUAGES[self.language]

    def signed_in(self, role: str) -> Page:
        size = ViewportSize(width=1024, height=768)
        page = self.browser.new_context(viewport=size, locale=self.said.locale).new_page()
        page.goto(f"{self.address}choose-role/")
        press(page.get_by_role("button", name=re.compile(role, re.IGNORECASE)))
        chosen = page.locator(f"button[name=language][value={self.language}]")
        if chosen.count():
            press(chosen)
        return page

    def sessions(self, page: Page) -> dict[str, str]:
        """The address of the session at each chair."""
        page.goto(f"{self.address}today/")
        found = {}
        for step, chair in CHAIRS.items():
            cards = page.locator("main section, main article")
            link = cards.filter(has_text=f"Stol {chair}").last.locator("a[href*='/sessions/']")
            found[step] = self.address + str(link.first.get_attribute("href")).lstrip("/")
        return found

    def take(self) -> None:
        """Each step of a session, and a handover."""
        nurse = self.signed_in(NURSE)
        at = self.sessions(nurse)
        for step in ("before", "infusing", "observation"):
            nurse.goto(at[step])
            self.picture(nurse, step)
        nurse.goto(f"{at['infusing']}hand-over/")
        self.picture(nurse, "hand-over")
        self.send_home(nurse, at["home"])
        self.picture(nurse, "ready")
        press(nurse.get_by_role("link", name=self.said.left))
        press(nurse.get_by_role("button", name=self.said.save))
        self.picture(nurse, "left")

    def picture(self, page: Page, name: str) -> None:
        page.screenshot(path=str(self.folder / f"session-{name}.png"))

    def send_home(self, nurse: Page, session: str) -> None:
        """Measured once more, the checklist filled in, signed by both: ready to leave."""
        nurse.goto(session)
        measure(nurse)
        nurse.goto(f"{session}discharge/")
        for name, value in CHECKLIST.items():
            nurse.locator(f'main [name="{name}"][value="{value}"]').check()
        for name, value in {
            "rass": "0",
            "escort_name": "Per",
            "escort_telephone": "98765432",
        }.items():
            nurse.locator(f'main [name="{name}"]').fill(value)
        press(nurse.get_by_role("button", name=self.said.save))
        press(nurse.get_by_role("button", name=self.said.sign))
        doctor = self.signed_in(DOCTOR)
        doctor.goto(session)
        press(doctor.get_by_role("button", name=self.said.sign))
        nurse.goto(session)


def measure(nurse: Page) -> None:
    readings = {"systolic": "124", "diastolic": "76", "pulse": "70", "spo2": "98"}
    points = {"respiration": "14", "sedation": "5", "dissociation": "0", "distress": "0"}
    for name, value in {**readings, **points, "nausea": "0"}.items():
        nurse.locator(f"#vitals-form [name={name}]").fill(value)
    press(nurse.locator("[aria-labelledby=vitals-heading] > .buttons button"))


def press(target: Locator) -> None:
    """And wait for the page that follows."""
    with target.page.expect_navigation():
        target.first.click()


def main(folder: Path) -> int:
    if missing(["chromium"]):
        sys.stderr.write(advice("chromium") + "\n")
        return 1
    for language in LANGUAGES:
        (folder / language).mkdir(parents=True, exist_ok=True)
        with clinic() as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=PARTS["chromium"].found(),
                args=["--no-sandbox", "--disable-gpu"],
            )
            Round(browser, address, language, (folder / language).resolve()).take()
            browser.close()
    return 0


@contextmanager
def clinic() -> Iterator[str]:
    """One of its own, the same made-up patients each time: their times are those of today."""
    port = free_port()
    with tempfile.TemporaryDirectory() as place:
        command = [LYSGLIMT, "demo", "--port", str(port), "--seed", SEED, "--patients", "20"]
        server = subprocess.Popen(command, cwd=place)
        try:
            wait_for(f"http://localhost:{port}/", server)
            yield f"http://localhost:{port}/"
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=30)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
