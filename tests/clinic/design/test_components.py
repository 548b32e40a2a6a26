"""A page says what it is, to eyes, ears and fingers alike."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client
from django.utils.translation import override

from lysglimt.clinic.design import examples, surroundings

DESIGN = Path(surroundings.__file__).parent
TEMPLATES = sorted((DESIGN / "templates").rglob("*.html"))
COMPONENTS = sorted((DESIGN / "templates/design/components").glob("*.html"))
STYLESHEET = (DESIGN / "static/design/lysglimt.css").read_text(encoding="utf-8")


class Elements(HTMLParser):
    """Every start tag of a page, with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def named(self, *tags: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.found if tag in tags]

    def with_id(self, name: str) -> dict[str, str]:
        [found] = [attributes for _, attributes in self.found if attributes.get("id") == name]
        return found


def guide(language: str) -> str:
    reader = Client()
    reader.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return reader.get("/design/").content.decode()


@pytest.fixture(params=["nb", "en"])
def page(request: pytest.FixtureRequest) -> Elements:
    return Elements(guide(request.param))


def test_the_page_tells_its_language() -> None:
    for language in ("nb", "en"):
        [html] = Elements(guide(language)).named("html")
        assert html["lang"] == language


def test_every_control_has_a_label_or_a_legend(page: Elements) -> None:
    labelled = {label["for"] for label in page.named("label")}
    controls = [
        control
        for control in page.named("input", "select", "textarea")
        if control.get("type") != "hidden"
    ]
    assert len(controls) >= 16
    assert {control["id"] for control in controls} <= labelled


def test_what_describes_a_control_is_on_the_page(page: Elements) -> None:
    described = [
        name
        for _, attributes in page.found
        for key in ("aria-describedby", "aria-labelledby")
        for name in attributes.get(key, "").split()
    ]
    assert "id_refused-weight_error" in described
    assert "id_note_helptext" in described
    for name in described:
        assert page.with_id(name)


def test_no_id_stands_twice(page: Elements) -> None:
    ids = [attributes["id"] for _, attributes in page.found if "id" in attributes]
    assert sorted(ids) == sorted(set(ids))


def test_a_refused_field_keeps_what_was_typed_and_says_so(page: Elements) -> None:
    weight = page.with_id("id_refused-weight")
    assert weight["value"] == "8O"
    assert weight["aria-invalid"] == "true"
    assert weight["aria-describedby"] == "id_refused-weight_error"


def test_the_error_summary_takes_the_focus_and_leads_to_each_field(page: Elements) -> None:
    [summary] = [each for each in page.named("div") if each.get("role") == "alert"]
    assert "autofocus" in summary
    assert summary["tabindex"] == "-1"
    links = [each["href"] for each in page.named("a") if "refused-" in each.get("href", "")]
    assert "#id_refused-weight" in links
    assert "#id_refused-escort_0" in links
    for link in links:
        assert page.with_id(link.removeprefix("#"))


def test_a_measured_number_brings_up_the_keypad_and_stands_empty(page: Elements) -> None:
    assert page.with_id("id_weight")["inputmode"] == "decimal"
    assert page.with_id("id_pulse")["inputmode"] == "numeric"
    assert "value" not in page.with_id("id_weight")


def test_the_page_has_a_skip_link_and_one_heading(page: Elements) -> None:
    assert page.named("a")[0]["href"] == "#content"
    assert len(page.named("h1")) == 1
    assert page.with_id("content")


def test_nothing_inline_runs_or_styles(page: Elements) -> None:
    assert not page.named("style")
    assert not [each for each in page.named("script") if "src" not in each]
    for _, attributes in page.found:
        assert "style" not in attributes
        assert not [name for name in attributes if name.startswith("on")]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.stem)
def test_no_template_holds_a_style_or_a_script(template: Path) -> None:
    said = template.read_text(encoding="utf-8")
    assert not re.search(r"<script(?! src=)|<style|\sstyle=|\son[a-z]+=", said)


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda path: path.stem)
def test_a_component_is_taken_in_at_a_glance(component: Path) -> None:
    assert len(component.read_text(encoding="utf-8").splitlines()) <= 30


def test_no_page_asks_another_host() -> None:
    for sheet in (DESIGN / "static").rglob("*.css"):
        addresses = re.findall(r"url\(\s*[\"']?([^\"')]+)", sheet.read_text(encoding="utf-8"))
        assert not [each for each in addresses if re.match(r"(https?:)?//", each)]


def test_every_file_that_the_stylesheet_asks_for_is_there() -> None:
    asked = re.findall(r"url\(\"([^\"]+)\"\)", STYLESHEET)
    assert len(asked) == 2
    assert "@import" not in STYLESHEET
    for address in asked:
        assert (DESIGN / "static/design" / address).is_file()


def test_nothing_blinks() -> None:
    assert not re.search(r"animation|transition|blink", STYLESHEET)


def test_a_demo_cannot_be_taken_for_a_clinic() -> None:
    assert "Oppdiktede pasienter – øving" in guide("nb")
    assert "Made-up patients – practice" in guide("en")


def test_a_clinic_at_work_has_no_banner_and_no_guide(settings: object) -> None:
    settings.DEMO = False  # type: ignore[attr-defined]  # pytest-django's settings take any name
    assert Client().get("/design/").status_code == 404
    with override("nb"):
        head = render_to_string("design/_masthead.html", {"page": {"demo": False}})
    assert "Oppdiktede" not in head


def test_the_banner_names_the_patient_by_two_identifiers() -> None:
    with override("nb"):
        banner = render_to_string("design/patient_banner.html", {"patient": examples.PATIENT})
    assert "Nordmann, Kari" in banner
    assert "14.03.1979" in banner
    assert "140379 •••••" in banner


@pytest.mark.parametrize("finding", examples.FINDINGS, ids=lambda f: f.criterion)
def test_a_judgement_shows_its_word_its_rule_and_its_source(finding: object) -> None:
    with override("nb"):
        shown = render_to_string("design/components/finding.html", {"finding": finding})
    assert re.search(r"finding__word\">\w+", shown)
    assert re.search(r"Regel EX-0\d", shown)
    assert "Kilde" in shown or "godkjenne" in shown


@pytest.mark.parametrize("kind", ["info", "ok", "due", "late", "unknown", "refused"])
def test_a_notice_says_in_words_what_its_colour_says(kind: str) -> None:
    with override("nb"):
        shown = render_to_string("design/components/notice.html", {"kind": kind, "text": "x"})
    assert re.search(r"notice__word\">[^<:]+:", shown)


def test_a_table_without_rows_says_so() -> None:
    with override("nb"):
        shown = render_to_string("design/components/table.html", {"columns": ["Dato"]})
    assert "Ingenting er registrert ennå." in shown


def test_nothing_missing_is_said_too() -> None:
    with override("nb"):
        assert "Ingenting mangler." in render_to_string("design/components/missing.html")
