"""A picture that is taken along: the drawing of its page, whole by itself, and about nobody by name."""

import re
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as Tree

import pytest
from django.test import Client

from lysglimt.clinic.audit.models import Read
from lysglimt.clinic.design.charts.scene import Box, Curve, Dot, Label, Line, Scene
from lysglimt.clinic.insight.plots import evidence_plot
from lysglimt.clinic.insight.trials import QUESTIONS
from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.exchange.pictures.drawing import STYLES, drawing, style
from lysglimt.exchange.pictures.paper import fonts, inputs, pdf, png
from tests.architecture.evidence import ROOT
from tests.clinic.conftest import (
    _story,
    hospital,
    kari,
    moss,
    nurse,
    psychiatrist,
    staff,
)
from tests.clinic.insight.conftest import (
    approved,
    as_psychiatrist,
    course,
    decision_support,
    give,
    induction,
    protocol,
    rate,
    responded,
    today,
)

__all__ = [
    "_story", "approved", "as_psychiatrist", "course", "decision_support", "give", "hospital",
    "induction", "kari", "moss", "nurse", "protocol", "psychiatrist", "rate", "responded",
    "staff", "today",
]  # fmt: skip

SHEET = ROOT / "src/lysglimt/clinic/design/static/design/lysglimt.css"
TOKENS = ROOT / "src/lysglimt/clinic/design/static/design/designsystemet/designsystemet.css"
TEXT_ALONE = {"near-limit", "past-limit"}
AT_THE_CHAIR = {"range", "pressure", "pause", *TEXT_ALONE}
"""Kinds of the trend of a session, which is not taken along."""
BEGINS = {"svg": b"<svg ", "png": b"\x89PNG\r\n", "pdf": b"%PDF-1."}
CURVES = (
    "first-model=racemic-iv&first-milligrams=35&first-minutes=40&first-weight=70"
    "&second-model=racemic-iv&second-milligrams=35&second-minutes=100&second-weight=70"
)
EVERYTHING = Scene(
    name="made",
    width=760,
    height=200,
    title="Før & etter",
    description="En <skisse>",
    columns=(),
    rows=(),
    boxes=(Box(10, 10, 6, 14, "session"),),
    lines=(Line(0, 0, 10, 10, "link link-3"), Line(0, 5, 9, 5, "limit remission")),
    curves=(Curve("1,1 2,2", "curve second"), Curve("1,1 2,2", "edge-of-band first")),
    dots=(Dot(5, 5, "point"), Dot(9, 9, "missing", 4)),
    labels=(Label(5, 50, "≤ 10 & <", "value", "middle"), Label(5, 70, "SpO₂", "limit-label")),
)


def stylesheet() -> Mapping[str, Mapping[str, str]]:
    """What the pages say of each kind, colours as they come out."""
    text = SHEET.read_text(encoding="utf-8")
    known = dict(re.findall(r"(--[\w-]+): ([^;]+);", text))
    accent = re.search(r"accent-base-default:(#\w+)", TOKENS.read_text(encoding="utf-8"))
    assert accent
    known["--accent"] = accent[1]

    def plain(value: str) -> str:
        found = re.fullmatch(r"var\((--[\w-]+)\)", value)
        said = known[found[1]] if found else value.removesuffix("px")
        # SVG knows hundreds of weight alone; the page's variable font has all between.
        return "600" if said == "650" else said

    kinds: dict[str, dict[str, str]] = {}
    for names, body in re.findall(r"^  \.chart \.([\w.-]+) \{ ([^}]+) \}", text, re.MULTILINE):
        pairs = (part.split(": ") for part in body.strip().rstrip(";").split("; "))
        kinds[names] = {name.strip(): plain(value.strip()) for name, value in pairs}
    return kinds


def test_every_kind_looks_as_on_the_page() -> None:
    page = stylesheet()
    assert len(page) > 20
    assert {name: dict(said) for name, said in STYLES.items()} == {
        name: dict(said) for name, said in page.items() if name not in AT_THE_CHAIR
    }


def test_what_comes_later_in_the_stylesheet_prevails() -> None:
    assert style("limit remission")["stroke-dasharray"] == "2 4"
    assert style("second curve")["stroke"] == style("curve second")["stroke"] == "#1b2733"
    assert style("edge-of-band second")["stroke-dasharray"] == "3 4"
    assert style("edge-of-band first") == STYLES["edge-of-band"]


def test_a_kind_without_a_style_is_not_drawn_black() -> None:
    with pytest.raises(KeyError, match="scribble"):
        style("scribble")


def test_the_svg_needs_nothing_beside_itself() -> None:
    text = drawing(EVERYTHING, notes=("En lang note " * 12,), language="nb")
    root = Tree.fromstring(text)  # noqa: S314 - written here
    assert "class=" not in text
    assert not re.findall(r"(?:href|src|url|@import)", text)
    assert root.find("{*}title") is not None
    assert (root.findtext("{*}title"), root.findtext("{*}desc")) == (
        EVERYTHING.title,
        EVERYTHING.description,
    )
    group = root.find("{*}g")
    assert group is not None
    drawn = [one.tag.rpartition("}")[2] for one in group]
    assert drawn == ["rect", *["line"] * 2, *["polyline"] * 2, *["circle"] * 2, *["text"] * 2]
    lines = [one for one in root.findall("{*}text") if (one.text or "").startswith("En lang")]
    assert len(lines) == 2
    assert int(root.attrib["height"]) > 44 + EVERYTHING.height + 2 * 17


def test_letters_come_from_our_own_fonts_and_none_of_the_machine() -> None:
    assert "Inter" in fonts().families()
    assert {one.weight for one in fonts().fonts() if one.family == "Inter"} == {500, 600}


def test_the_same_drawing_is_the_same_file() -> None:
    said = inputs(drawing(EVERYTHING, notes=(), language="nb"), "T", "", language="nb")
    assert said["description"] == "T"
    assert pdf(said) == pdf(said)
    assert png(said) == png(said)


def test_a_pdf_is_for_those_too_who_do_not_see_it() -> None:
    said = inputs(drawing(EVERYTHING, notes=(), language="nb"), "T", "D", language="nb")
    made = pdf(said)
    assert b"/Lang" in made
    assert b"pdfuaid" in made
    assert b"/MarkInfo" in made


def fetched(client: Client, address: str) -> Any:
    answer = client.get(address)
    assert answer.status_code == 200
    ending = address.partition("?")[0].rpartition(".")[2]
    assert answer.content.startswith(BEGINS[ending])
    assert answer["Content-Disposition"].startswith("attachment; ")
    return answer


@pytest.mark.parametrize("ending", BEGINS)
@pytest.mark.parametrize("picture", ["forest", "funnel", "network"])
def test_the_evidence_can_be_taken_along(
    as_psychiatrist: Client, picture: str, ending: str
) -> None:
    answer = fetched(as_psychiatrist, f"/unit/evidence/nasal-response/{picture}.{ending}")
    assert f'"lysglimt-{picture}-nasal-response.{ending}"' in answer["Content-Disposition"]
    assert not Read.objects.exists()


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_picture_says_its_question_and_where_it_comes_from(question: str) -> None:
    for name in ("forest", "funnel"):
        plot = evidence_plot(question, name)
        assert plot is not None
        assert str(QUESTIONS[question].words) in plot.notes
        assert plot.notes[-1].startswith("Lysglimt ")


def test_the_picture_is_in_the_reader_s_language(as_psychiatrist: Client) -> None:
    address = "/unit/evidence/nasal-response/forest.svg"
    assert "behandling bedre" in fetched(as_psychiatrist, address).content.decode()
    Professional.objects.update(language="en")
    assert "treatment better" in fetched(as_psychiatrist, address).content.decode()


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("nonsense/forest.svg", id="no such question"),
        pytest.param("nasal-response/cake.svg", id="no such picture"),
        pytest.param("nasal-response/forest.gif", id="no such form"),
        pytest.param("nasal-change/network.svg", id="a question without a network"),
    ],
)
def test_what_there_is_not_is_not_found(as_psychiatrist: Client, address: str) -> None:
    assert as_psychiatrist.get(f"/unit/evidence/{address}").status_code == 404


def test_a_picture_of_no_trials_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    from lysglimt.clinic.insight import plots  # noqa: PLC0415 - changed here alone
    from tests.clinic.insight.test_evidence import nothing  # noqa: PLC0415 - likewise

    monkeypatch.setattr(plots, "answer", lambda _: nothing())
    assert evidence_plot("nasal-response", "forest") is None


@pytest.mark.usefixtures("decision_support")
@pytest.mark.parametrize("ending", BEGINS)
def test_curves_can_be_taken_along_as_they_were_asked_for(
    as_psychiatrist: Client, ending: str
) -> None:
    fetched(as_psychiatrist, f"/curves/picture.{ending}?{CURVES}")
    half = CURVES.partition("&second")[0]
    back = as_psychiatrist.get(f"/curves/picture.{ending}?{half}")
    assert (back.status_code, back["Location"]) == (302, f"/curves/?{half}")


def test_in_journal_mode_there_is_no_curve_to_take_along(as_psychiatrist: Client) -> None:
    back = as_psychiatrist.get(f"/curves/picture.svg?{CURVES}")
    assert (back.status_code, back["Location"]) == (302, f"/curves/?{CURVES}")


@pytest.mark.usefixtures("responded", "decision_support")
@pytest.mark.parametrize("ending", BEGINS)
def test_the_picture_of_a_course_is_a_read_of_the_record_and_names_nobody(
    as_psychiatrist: Client, kari: Patient, psychiatrist: Professional, ending: str
) -> None:
    answer = fetched(as_psychiatrist, f"/patients/{kari.pk}/course-picture.{ending}")
    read = Read.objects.get()
    assert (read.operation, read.actor) == ("patient.picture", psychiatrist.username)
    assert [str(one) for one in read.patients] == [str(kari.pk)]
    assert answer["Content-Disposition"] == f'attachment; filename="lysglimt-course.{ending}"'
    for told in (b"Kari", "Ødegård".encode(), str(kari.pk).encode()):
        assert told not in answer.content


@pytest.mark.usefixtures("responded", "decision_support")
def test_it_is_the_picture_of_the_page(as_psychiatrist: Client, kari: Patient) -> None:
    page = as_psychiatrist.get(f"/patients/{kari.pk}/")
    assert f"/patients/{kari.pk}/course-picture.svg" in page.content.decode()
    drawn = fetched(as_psychiatrist, f"/patients/{kari.pk}/course-picture.svg").content.decode()
    for label in page.context["scene"].labels:
        assert label.words in drawn
    for curve in page.context["scene"].curves:
        assert curve.points in drawn


def test_without_a_course_there_is_no_picture(as_psychiatrist: Client, kari: Patient) -> None:
    back = as_psychiatrist.get(f"/patients/{kari.pk}/course-picture.svg")
    assert (back.status_code, back["Location"]) == (302, f"/patients/{kari.pk}/")
    assert not Read.objects.exists()
