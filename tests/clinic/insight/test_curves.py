"""The page of curves: two doses side by side, for teaching, only where support is switched on."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from html import unescape
from itertools import pairwise

import pytest
from django.test import Client
from django.utils.translation import override
from hypothesis import given
from hypothesis import settings as tried
from hypothesis import strategies as st

from lysglimt.clinic.insight.curves import AT, compared, rounded
from lysglimt.clinic.insight.example_doses import example_doses, more, slower
from lysglimt.clinic.insight.forms import CurveForm
from lysglimt.clinic.people.models import Professional
from lysglimt.knowledge.figures import Mark
from lysglimt.science.kinetics.asked import simulated
from lysglimt.science.kinetics.model import models

TWO = (
    "/curves/?first-model=racemic-iv&first-milligrams=35&first-minutes=40&first-weight=70"
    "&second-model=perez-ruixo-2021&second-milligrams=84&second-minutes=5&second-weight=70"
)


def shown(client: Client, address: str = TWO, language: str = "en") -> str:
    Professional.objects.update(language=language)
    answer = client.get(address)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def table(page: str) -> list[list[str]]:
    rows = re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)
    return [
        [
            re.sub(r"<[^>]+>", "", cell).strip()
            for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)
        ]
        for row in rows
    ]


@pytest.mark.usefixtures("decision_support")
def test_two_doses_stand_side_by_side_with_their_table(as_psychiatrist: Client) -> None:
    page = shown(as_psychiatrist)
    head, *rows = table(page)
    assert head == ["Minutes", "First dose (ng/ml)", "Second dose (ng/ml)"]
    assert [row[0] for row in rows[: len(AT)]] == [str(minute) for minute in AT]
    at_forty = next(row for row in rows if row[0] == "40")
    assert re.fullmatch(r"169 \(\d+–\d+\)", at_forty[1])
    assert at_forty[2].startswith("101 (")
    assert '<svg class="chart"' in page
    assert "Esketamine nasal spray (Perez-Ruixo 2021)" in page


@pytest.mark.usefixtures("decision_support")
def test_it_says_that_it_is_an_illustration_and_what_is_not_to_be_read_from_it(
    as_psychiatrist: Client,
) -> None:
    page = shown(as_psychiatrist)
    assert "no advice on a dose for this patient" in page
    assert "The peak alone is shown" in page
    assert "Area over 24 hours" in page
    assert not re.search(r"[Aa]rea[^<]*noresketamine", page)
    bokmal = shown(as_psychiatrist, language="nb")
    assert "ikke et råd om dose til denne pasienten" in bokmal
    assert "Konsentrasjonskurver" in bokmal
    assert "Den andre dosen er stiplet." in bokmal


@pytest.mark.usefixtures("decision_support")
def test_what_may_follow_is_drawn_with_its_table_its_sources_and_what_nobody_knows(
    as_psychiatrist: Client,
) -> None:
    page = shown(as_psychiatrist)
    head, *_ = [row for row in table(page) if row and row[-1] == "First dose (points)"]
    assert head == ["Minutes", "First dose (points)"], "the spray has no link, so no column"
    assert "Second dose: not drawn" in page
    at_forty = [row[1] for row in table(page) if row and row[0] == "40"]
    dissociation, systolic, diastolic, receptors = at_forty[1:]
    assert re.fullmatch(r"11\.4 \(\d\.\d+–\d+(\.\d)?\)", dissociation)
    assert systolic.startswith("7.36 (")
    assert diastolic.startswith("5.89 (")
    assert re.fullmatch(r"42\.5–54\.7", receptors), "a span, and no middle that nobody measured"
    assert "Bowdle, et al. 1998" in page
    assert "Own value, not from a study" in page
    assert "Not verified in a source" in page
    assert "Dissociation is no gauge of benefit" in page
    assert "A patient may rise far more than the band" in page
    assert "So no curve is drawn." in page


@pytest.mark.usefixtures("decision_support")
def test_without_a_link_nothing_is_drawn_and_what_is_known_is_said(
    as_psychiatrist: Client,
) -> None:
    page = shown(as_psychiatrist, TWO.replace("racemic-iv", "kamp-2020"), language="nb")
    assert page.count('<svg class="chart"') == 1
    assert "Første dose: ikke tegnet" in page
    assert "mål blodtrykket" in page
    assert "Hva kurven tar for gitt" not in page


@pytest.mark.usefixtures("decision_support")
def test_a_dose_as_asked_is_reckoned_and_a_model_without_people_says_so(
    as_psychiatrist: Client,
) -> None:
    page = shown(as_psychiatrist, TWO.replace("racemic-iv", "kamp-2020").replace("=35", "=70"))
    at_forty = next(row for row in table(page) if row[0] == "40")
    assert at_forty[1] == "506"
    assert "No band: no source tells how people differ." in page
    assert "Arterial: 253 ng/ml" in page


@pytest.mark.usefixtures("decision_support")
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        pytest.param(
            "&first-milligrams=350", "350 is outside 1–200 mg.", id="ten times too much"
        ),
        pytest.param("&first-milligrams=3x", "“3x” is not a number.", id="no number"),
        pytest.param("&first-minutes=999", "999 is outside 0–240 min.", id="a day"),
        pytest.param("&first-weight=700", "700 is outside 30–250 kg.", id="pounds"),
        pytest.param("&first-model=racemic", "Select a valid choice.", id="no such model"),
        pytest.param(
            "&second-milligrams=150", "150 is outside 14-112 mg.", id="too many sprays"
        ),
        pytest.param("&second-minutes=90", "90 is outside 0-60 min.", id="devices far apart"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_nothing_is_drawn(
    as_psychiatrist: Client, typed: str, said: str
) -> None:
    name = typed.removeprefix("&").partition("=")[0]
    usual = re.sub(rf"&?{name}=[^&]*", "", TWO)
    page = shown(as_psychiatrist, usual + typed)
    assert said in page
    assert '<svg class="chart"' not in page


@pytest.mark.usefixtures("decision_support")
def test_no_dose_stands_there_until_somebody_says_one(as_psychiatrist: Client) -> None:
    page = shown(as_psychiatrist, "/curves/")
    assert '<svg class="chart"' not in page
    assert "This field is required" not in page
    typed = re.findall(r'<input type="text"[^>]*>', page)
    assert len(typed) == 6
    assert not [field for field in typed if "value=" in field]


@pytest.mark.usefixtures("decision_support")
def test_an_example_is_the_reader_s_choice_and_names_where_it_was_read(
    as_psychiatrist: Client,
) -> None:
    page = shown(as_psychiatrist, "/curves/")
    assert "Example: Ketamine as in Bio-K: 35 mg in 40 min beside 35 mg in 100 min" in page
    assert "Parikh, et al. 2023" in page
    assert len(example_doses()) == 2
    for one in example_doses():
        assert one.basis.mark is Mark.SEEN
        chosen = shown(as_psychiatrist, f"/curves/{one.address}")
        assert '<svg class="chart"' in chosen


@pytest.mark.usefixtures("decision_support")
def test_one_dose_alone_asks_for_the_other(as_psychiatrist: Client) -> None:
    page = shown(as_psychiatrist, TWO.partition("&second")[0])
    assert "This field is required" in page
    assert '<svg class="chart"' not in page


@pytest.mark.parametrize("name", ["elekt-d", "lsd", "ect", "iv-ketamine-no"])
def test_a_protocol_without_two_published_doses_is_no_example(name: str) -> None:
    assert not [*slower(name), *more(name)]


def test_in_journal_mode_no_curve_is_shown(as_psychiatrist: Client) -> None:
    page = shown(as_psychiatrist)
    assert "journal mode" in page
    assert '<svg class="chart"' not in page
    assert '<form method="get"' not in page


@pytest.mark.usefixtures("decision_support")
def test_the_page_asks_two_questions_of_the_database(
    as_psychiatrist: Client,
    django_assert_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    shown(as_psychiatrist)
    with django_assert_num_queries(2):
        as_psychiatrist.get("/curves/")


@pytest.mark.usefixtures("decision_support")
def test_whoever_treats_finds_it_from_the_page_of_the_unit(
    client: Client, psychiatrist: Professional
) -> None:
    client.force_login(psychiatrist)
    assert 'href="/curves/"' in client.get("/unit/").content.decode()


forms = st.fixed_dictionaries(
    {
        "model": st.sampled_from(sorted(models())),
        "milligrams": st.integers(14, 112).map(str),
        "minutes": st.integers(0, 60).map(str),
        "weight": st.integers(30, 250).map(str),
    }
)


@tried(max_examples=25)
@given(forms, forms)
def test_every_picture_keeps_within_its_frame(
    first: dict[str, str], second: dict[str, str]
) -> None:
    with override("nb"):
        asked = [CurveForm(one) for one in (first, second)]
        assert all(one.is_valid() for one in asked)
        scene = compared([simulated(one.cleaned_data["asked"]) for one in asked])
    for curve in scene.curves:
        for point in curve.points.split():
            x, y = map(int, point.split(","))
            assert 0 <= x <= scene.width
            assert 0 <= y <= scene.height
    for label in scene.labels:
        left, right = label.extent
        assert left >= 0
        assert right <= scene.width
    for one, other in pairwise(label.y for label in scene.labels if label.kind == "value"):
        assert abs(one - other) in {0, 15}


def test_numbers_are_rounded_as_the_reader_writes_them() -> None:
    with override("nb"):
        assert [rounded(one) for one in (0.0, 0.1234, 12.345, 1234.5)] == [
            "0",
            "0,123",
            "12,3",
            "1230",
        ]
