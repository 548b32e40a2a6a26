"""What the trials found, on a page: for and against alike, with the unit's own beside it."""

from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.utils.translation import override

from lysglimt.clinic.insight.forest import Axis, forest, funnel, legend
from lysglimt.clinic.insight.trials import (
    FIRST,
    QUESTIONS,
    answer,
    few,
    in_words,
    next_trial,
    tally,
    unseen,
)
from lysglimt.clinic.people.models import Professional, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.treatment.models import Course
from lysglimt.science.evidence.pools import Pool, pooled
from lysglimt.science.evidence.questions import query
from lysglimt.science.evidence.trial_rows import shipped
from tests.clinic.conftest import Staff

from .test_unit import as_lead, treat

__all__ = ["as_lead", "treat"]

NASAL = "nasal-response"


class Words(HTMLParser):
    """What stands on a page, without its marks."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.said: list[str] = []
        self.feed(page.decode())

    def handle_data(self, data: str) -> None:
        self.said.append(data.strip())

    @property
    def text(self) -> str:
        return " ".join(word for word in self.said if word)


def page(client: Client, name: str = "", language: str = "en", **more: str) -> str:
    Professional.objects.update(language=language)
    answered = client.get("/unit/evidence/", {"question": name, **more})
    assert answered.status_code == 200
    return Words(answered.content).text


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize("language", ["nb", "en"])
def test_every_question_has_its_page_in_both_languages(
    as_lead: Client, name: str, language: str
) -> None:
    shown = page(as_lead, name, language)
    with override(language):
        assert str(QUESTIONS[name].words) in shown
        assert all(sentence in shown for sentence in in_words(answer(name)))


def test_an_unknown_question_is_the_first(as_lead: Client) -> None:
    assert page(as_lead, "nonsense") == page(as_lead, FIRST)


def test_a_trial_without_effect_is_shown_like_the_others(as_lead: Client) -> None:
    shown = page(as_lead, "nasal-change")
    for trial in ("Popova 2019", "Takahashi 2021"):
        assert trial in shown
    assert tally(answer("nasal-change"))[1] >= 3


def test_the_words_say_what_the_figures_say() -> None:
    with override("en"):
        said = list(in_words(answer(NASAL)))
    assert said[0] == "3 trials with 641 people answer this."
    assert said[1].startswith(
        "Of 100 people the outcome was reached by about 38 with the control"
    )
    assert said[3].startswith(
        "Of these trials 2 favour the treatment, 1 show no sure difference"
    )


def test_what_is_not_settled_is_said_to_be_so() -> None:
    with override("en"):
        said = " ".join(in_words(answer("drip-response")))
    assert "the trials do not settle it" in said


def test_a_fall_of_points_favours_the_treatment() -> None:
    found = answer("nasal-change")
    good, unsure, bad = tally(found)
    assert (good + unsure + bad, bad) == (len(found.studies), 0)
    assert good >= 1


def test_an_interval_made_narrow_by_trials_that_happen_to_agree_settles_nothing(
    as_lead: Client,
) -> None:
    found = answer(NASAL)
    assert found.fit is not None
    assert found.floored is not None
    assert found.fit.ci_lb > 0 > found.floored.ci_lb, "the two say different things here"
    shown = page(as_lead, NASAL)
    assert "With the floor that does not count on that it is 0.95 to 2.00" in shown
    assert "the trials do not settle it" in shown
    assert "All together, with the floor 0.95 to 2.00" in shown
    assert "The interval includes no effect." in shown, "as a hint to the doctor who judges"
    assert next_trial(found) == (found.floored.pi_lb, found.floored.pi_ub)


def test_the_picture_shows_the_floor_around_the_diamond() -> None:
    found = answer(NASAL)
    assert found.fit is not None
    with override("en"):
        scene = forest(found, found.fit)
    low, *_, high = sorted(int(point.split(",")[0]) for point in scene.curves[0].points.split())
    [around] = [line for line in scene.lines if line.kind == "today" and line.x1 < low < high < line.x2 and line.y1 == line.y2 > max(dot.y for dot in scene.dots)]  # fmt: skip
    [ahead] = [line for line in scene.lines if line.kind == "limit"]
    assert (ahead.y1, around.x1, around.x2) == (around.y1, ahead.x1, ahead.x2)


@pytest.mark.parametrize("language", ["nb", "en"])
def test_trials_without_figures_stand_where_the_others_stand(
    as_lead: Client, language: str
) -> None:
    shown = page(as_lead, NASAL, language)
    assert [*unseen(answer(NASAL)).values()] == ["Takahashi 2021", "Chen X 2023"]
    with override(language):
        found = answer(NASAL)
        assert found.fit is not None
        scene = forest(found, found.fit)
        absent = {"nb": "ingen tall sett", "en": "no figures seen"}[language]
        assert [row[0] for row in scene.rows if row[3] == absent] == [
            "Takahashi 2021",
            "Chen X 2023",
        ]
        assert sum(label.words == absent for label in scene.labels) == 2
        assert str(QUESTIONS["nasal-change"].words) in shown
    assert "Takahashi 2021, Chen X 2023" in shown


def test_a_trial_that_is_in_the_figures_is_never_said_to_be_missing() -> None:
    for name in QUESTIONS:
        found = answer(name)
        assert not {one.study for one in found.studies} & unseen(found).keys()
    assert not unseen(answer("nasal-change"))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        pytest.param("drip-remission", "This trial shows no sure difference.", id="open"),
        pytest.param("drip-ect", "This trial favours the treatment.", id="for"),
    ],
)
def test_of_one_trial_nothing_is_said_that_takes_several(name: str, said: str) -> None:
    found = answer(name)
    assert found.fit is not None
    with override("en"):
        words, drawn = [*in_words(found)], " ".join(legend(found, found.fit))
    assert words[0].startswith("1 trial with ")
    assert said in words
    assert "One trial alone: whether another would find the same is not known." in words
    assert "I²" not in drawn
    assert "nothing to pool" in drawn


def test_a_trial_against_the_treatment_is_said_as_plainly() -> None:
    text = "intervention=midazolam|saline control=iv_racemic_ketamine timepoint=24h|2d|3d measure=RR outcome=ideation-response"
    found = pooled(shipped(), query(text))
    assert len(found.studies) == 1
    with override("en"):
        assert "This trial favours the control." in [*in_words(found)]


def test_two_trials_show_no_place_for_a_third() -> None:
    found = answer("drip-course")
    assert found.fit is not None
    assert found.fit.k == 2
    assert next_trial(found) is None
    with override("en"):
        said = [*in_words(found)]
        scene = forest(found, found.fit)
    assert any("the interval may well be too narrow" in one for one in said)
    assert not any("next trial" in one for one in said)
    assert not [line for line in scene.lines if line.kind == "limit"]


def test_how_far_trials_differ_has_its_interval_and_the_next_trial_its_distribution() -> None:
    found = answer("nasal-change")
    assert found.fit is not None
    with override("en"):
        said = " ".join(legend(found, found.fit))
    assert "I² 16 %, 95 % interval 0 to 91 %" in said
    assert "Dashed: where a next trial may lie (t(4))." in said


def nothing() -> Pool:
    return pooled((), query(QUESTIONS[NASAL].query))


def test_of_no_trials_nothing_is_said(as_lead: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lysglimt.clinic.insight.views.evidence.answer", lambda _: nothing())
    shown = page(as_lead, NASAL)
    assert "No verified trial in the table answers this." in shown
    assert "Diamond" not in shown
    assert not few(nothing())


def test_what_was_left_out_stands_with_its_reason(as_lead: Client) -> None:
    shown = page(as_lead, "drip-response")
    assert "lapidus2014" not in shown or "Crossover" in shown
    assert "The figures were not seen in any source." in shown
    assert "Left out, and why" in shown


def test_the_forest_has_a_row_for_each_trial_within_the_frame() -> None:
    found = answer("nasal-change")
    assert found.fit is not None
    with override("nb"):
        scene = forest(found, found.fit)
    assert len(scene.dots) == len(found.studies)
    said = [row[0] for row in scene.rows]
    assert said[-3:] == ["Alle samlet", "Alle samlet, med gulv", "Neste studie"]
    places = [end for line in scene.lines for end in (line.x1, line.x2)]
    assert all(0 < place < scene.width for place in [*places, *(dot.x for dot in scene.dots)])
    assert all(0 < dot.y < scene.height for dot in scene.dots)
    assert any(
        label.words == "behandling bedre" and label.anchor == "start" for label in scene.labels
    )


def test_more_responders_are_better_to_the_right() -> None:
    found = answer(NASAL)
    assert found.fit is not None
    with override("en"):
        right = [one.words for one in forest(found, found.fit).labels if one.anchor == "end"]
    assert right == ["treatment better"]


def test_one_trial_predicts_nothing() -> None:
    found = answer("drip-ect")
    assert found.fit is not None
    with override("en"):
        scene = forest(found, found.fit)
    assert "A next trial" not in [row[0] for row in scene.rows]
    assert not [line for line in scene.lines if line.kind == "limit"]


def test_the_funnel_has_large_trials_at_the_top() -> None:
    found = answer(NASAL)
    assert found.fit is not None
    scene = funnel(found, found.fit)
    order = sorted(found.studies, key=lambda one: one.vi)
    at = {one.study: dot.y for one, dot in zip(found.studies, scene.dots, strict=True)}
    assert [at[one.study] for one in order] == sorted(at.values())
    assert few(found)


def test_ticks_are_numbers_that_people_use() -> None:
    assert Axis.of([-7.3, 2.2]).ticks(is_ratio=False) == [-6, -4, -2, 0, 2]
    assert len(Axis.of([-0.8, 1.6]).ticks(is_ratio=True)) == 4
    assert Axis.of([-999.0, 999.0]).ticks(is_ratio=False)[0] == -1080


def test_the_units_own_result_stands_beside_with_its_caveat(
    as_lead: Client, treat: Callable[..., Course]
) -> None:
    treat(baseline=34, evaluation=14)
    treat(baseline=34, evaluation=30)
    shown = page(as_lead, "drip-ect")
    assert "own courses after induction" in shown
    assert "1 of 2" in shown
    assert "Not to be set against the trials" in shown


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("drip-response", id="one infusion is not a course"),
        pytest.param("nasal-quetiapine", id="eight weeks are not the end of the induction"),
        pytest.param("nasal-change", id="points are not counted"),
    ],
)
def test_an_outcome_of_another_time_has_nothing_of_the_unit_beside_it(
    as_lead: Client, treat: Callable[..., Course], question: str
) -> None:
    treat(baseline=34, evaluation=14)
    assert "own courses after induction" not in page(as_lead, question)


def test_courses_of_another_way_of_giving_are_not_counted_beside_it(
    as_lead: Client, treat: Callable[..., Course]
) -> None:
    treat(baseline=34, evaluation=14)
    assert "1 of 1" in page(as_lead, "drip-ect")
    assert "1 of 1" not in page(as_lead, NASAL)


def test_what_is_known_against_and_is_in_no_pool_stands_with_the_answer(
    as_lead: Client,
) -> None:
    shown = page(as_lead, "drip-ect")
    assert "remission in 46 % with ketamine and in 63 % with ECT" in shown
    assert "in favour of ECT" in shown
    assert "KetECT" not in page(as_lead, "drip-course")


def test_a_share_that_the_ratio_cannot_be_carried_to_is_said_to_be_so(as_lead: Client) -> None:
    found = page(as_lead, "drip-response", baseline="50")
    assert "cannot be reckoned" in found
    assert "of 1,000 (" not in found
    low = page(as_lead, "drip-response", baseline="10")
    assert "cannot be reckoned" not in low
    assert "the upper end cannot be carried to that share" in low, "of the trials' own share"


@pytest.mark.parametrize("role", [Role.NURSE, Role.COORDINATOR, Role.STATISTICIAN])
def test_everybody_who_works_with_the_figures_may_read_it(
    client: Client, moss: Unit, staff: Staff, role: Role
) -> None:
    client.force_login(staff(moss, role))
    assert client.get("/unit/evidence/").status_code == 200


def test_an_administrator_may_not(client: Client, moss: Unit, staff: Staff) -> None:
    client.force_login(staff(moss, Role.ADMINISTRATOR))
    assert client.get("/unit/evidence/").status_code == 403


def test_the_unit_s_page_leads_there(as_lead: Client) -> None:
    assert b'href="/unit/evidence/"' in as_lead.get("/unit/").content


def test_the_page_asks_the_database_a_fixed_number_of_times(
    as_lead: Client,
    treat: Callable[..., Course],
    django_assert_num_queries: Callable[..., object],
) -> None:
    as_lead.get("/unit/evidence/")
    with django_assert_num_queries(3):  # type: ignore[attr-defined]  # a context manager
        as_lead.get("/unit/evidence/", {"question": "nasal-change"})
    treat(baseline=34, evaluation=14)
    treat(baseline=34, evaluation=30)
    with django_assert_num_queries(7):  # type: ignore[attr-defined]  # likewise
        as_lead.get("/unit/evidence/", {"question": "drip-ect"})
