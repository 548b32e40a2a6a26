"""The page on how a session is charted: its pictures are there, and it names every step and page."""

import re
from pathlib import Path

import pytest
from django.utils import translation
from django.utils.translation import gettext, pgettext

ROOT = Path(__file__).resolve().parents[2]
HANDBOOK = ROOT / "docs" / "handbook"
PAGES = {"nb": "slik-fores-en-okt.md", "en": "how-a-session-is-charted.md"}
SHOWN = re.compile(r"!\[([^\]]+)\]\(([^)]+)\)")


def page(language: str) -> str:
    """On one line: a name may be parted by the end of another."""
    said = (HANDBOOK / language / PAGES[language]).read_text(encoding="utf-8")
    return " ".join(said.split())


def steps(language: str) -> list[str]:
    """As the ribbon names them: an infusion and devices are two ways of one step."""
    with translation.override(language):
        named = map(
            gettext,
            ("Preparation", "Infusion", "Nasal devices", "Observation", "Ready to leave"),
        )
        return [*named, pgettext("phase of the session", "Left")]


@pytest.mark.parametrize("language", PAGES)
def test_every_picture_of_the_page_is_there_and_told_in_words(language: str) -> None:
    shown = SHOWN.findall(page(language))
    assert len(shown) == 6
    for words, path in shown:
        assert len(words) > 20, path
        picture = (HANDBOOK / language / path).resolve()
        assert picture.is_relative_to(HANDBOOK / "pictures" / language)
        assert picture.read_bytes().startswith(b"\x89PNG"), path


@pytest.mark.parametrize("language", PAGES)
def test_no_picture_lies_there_that_no_page_shows(language: str) -> None:
    taken = {file.name for file in (HANDBOOK / "pictures" / language).iterdir()}
    assert taken == {Path(path).name for _, path in SHOWN.findall(page(language))}


@pytest.mark.parametrize("language", PAGES)
def test_the_page_names_every_step_of_the_ribbon(language: str) -> None:
    assert len(set(steps(language))) == 6
    for step in steps(language):
        assert f"**{step}**" in page(language), step


@pytest.mark.parametrize("language", PAGES)
def test_what_the_page_says_to_choose_is_called_so_on_the_screen(language: str) -> None:
    with translation.override(language):
        for words in (
            "Hand over",
            "Print the record (PDF)",
            "Type in from paper",
            "Paper charts",
        ):
            assert f"*{gettext(words)}*" in page(language), words
