"""A chart shows what is there, shows what is missing as missing, and cuts no word."""

from datetime import date, timedelta

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from lysglimt.clinic.design import examples
from lysglimt.clinic.design.charts import (
    CoursePicture,
    Happening,
    PlannedRange,
    Reading,
    Scene,
    SessionPicture,
    VitalSet,
    course_curve,
    vitals_trend,
)
from lysglimt.clinic.design.charts.scene import Label
from lysglimt.clinic.design.charts.vitals_trend import Sign

START = date(2026, 1, 5)
days = st.integers(0, 400).map(lambda n: START + timedelta(days=n))
words = st.text("abcdeæøå ", min_size=1, max_size=140)
courses = st.builds(
    CoursePicture,
    instrument=st.just("MADRS"),
    highest=st.just(60),
    today=days,
    readings=st.lists(
        st.builds(Reading, days, st.none() | st.integers(0, 60)), max_size=30
    ).map(tuple),
    baseline=st.none() | st.integers(1, 60),
    remission_at=st.none() | st.integers(0, 20),
    remission_by=words,
    sessions=st.lists(days, max_size=30).map(tuple),
    events=st.lists(st.builds(Happening, days, words), max_size=8).map(tuple),
)
counts = st.none() | st.integers(0, 300)
sets = st.builds(
    VitalSet,
    st.integers(-60, 240),
    counts,
    counts,
    counts,
    st.none() | st.integers(0, 100),
    st.frozensets(st.sampled_from(["pressure", "pulse", "saturation"])),
)
infusions = st.builds(
    SessionPicture,
    sets=st.lists(sets, max_size=20).map(tuple),
    ranges=st.just(examples.SESSION.ranges),
    pauses=st.lists(st.tuples(st.integers(0, 60), st.integers(61, 90)), max_size=3).map(tuple),
    now=st.none() | st.integers(0, 240),
)


def assert_within(scene: Scene) -> None:
    for label in scene.labels:
        left, right = label.extent
        assert left >= 0, label
        assert right <= scene.width, label
        assert 8 <= label.y <= scene.height, label
    for dot in scene.dots:
        assert 0 <= dot.x <= scene.width
        assert 0 <= dot.y <= scene.height
    for box in scene.boxes:
        assert box.width >= 0
        assert box.height >= 0


@given(courses)
def test_no_label_of_a_course_is_cut_at_the_edge(picture: CoursePicture) -> None:
    for language in ("nb", "en"):
        with override(language):
            assert_within(course_curve(picture))


@given(infusions)
def test_no_label_of_a_session_is_cut_at_the_edge(picture: SessionPicture) -> None:
    for language in ("nb", "en"):
        with override(language):
            assert_within(vitals_trend(picture))


@given(courses)
def test_the_table_of_a_course_holds_all_that_the_picture_shows(picture: CoursePicture) -> None:
    rows = course_curve(picture).rows
    assert len(rows) == len(picture.readings) + len(picture.sessions) + len(picture.events)


@given(infusions)
def test_the_table_of_a_session_holds_every_set(picture: SessionPicture) -> None:
    assert len(vitals_trend(picture).rows) == len(picture.sets)


def course(*scores: int | None) -> CoursePicture:
    readings = tuple(
        Reading(START + timedelta(weeks=week), score) for week, score in enumerate(scores)
    )
    return CoursePicture("MADRS", 60, today=START + timedelta(weeks=8), readings=readings)


@pytest.mark.parametrize(
    ("scores", "points"),
    [
        pytest.param((34, 24, 20), [3], id="one curve"),
        pytest.param((34, 24, None, 20, 14), [2, 2], id="a gap breaks it"),
        pytest.param((34, None, 20), [], id="lone scores are dots"),
        pytest.param((), [], id="nothing yet"),
    ],
)
def test_nothing_is_drawn_over_a_gap(scores: tuple[int | None, ...], points: list[int]) -> None:
    scene = course_curve(course(*scores))
    assert [len(curve.points.split()) for curve in scene.curves] == points
    assert len(scene.dots) == len(scores)


def test_a_missing_score_is_shown_and_said() -> None:
    with override("nb"):
        scene = course_curve(course(34, None, 20))
    assert [dot.kind for dot in scene.dots] == ["point", "missing", "point"]
    assert "mangler" in [label.words for label in scene.labels]
    assert scene.rows[1] == ("12.01.2026", "MADRS", "mangler")
    assert "mangler" in scene.description


def test_a_course_without_a_baseline_has_no_half() -> None:
    assert not [line for line in course_curve(course(34, 20)).lines if "limit" in line.kind]


def test_half_of_an_odd_baseline_is_written_exactly() -> None:
    picture = CoursePicture("MADRS", 60, today=START, baseline=35, remission_at=10)
    for language, said in (("nb", "halvert: 17,5"), ("en", "halved: 17.5")):
        with override(language):
            assert said in [label.words for label in course_curve(picture).labels]


def test_a_lower_score_stands_lower() -> None:
    first, second = course_curve(course(34, 20)).dots
    assert second.y > first.y
    assert second.x > first.x


def test_the_labels_of_near_lines_do_not_cover_each_other() -> None:
    picture = CoursePicture(
        "MADRS", 60, START, baseline=20, remission_at=10, remission_by="enhetens definisjon"
    )
    gutter = [label for label in course_curve(picture).labels if label.x > 590]
    assert len(gutter) == 4
    for label in gutter:
        assert not [other for other in gutter if other is not label and label.touches(other)]


def test_pulse_and_saturation_have_scales_of_their_own() -> None:
    scene = vitals_trend(SessionPicture((VitalSet(0, 120, 80, 95, 95),)))
    pulse, saturation = scene.dots
    assert pulse.y != saturation.y


def test_a_sign_that_was_not_measured_breaks_its_curve_and_is_shown() -> None:
    with override("nb"):
        scene = vitals_trend(examples.SESSION)
    assert [dot.kind for dot in scene.dots].count("missing") == 2
    assert scene.rows[2] == ("10", "146/98", "mangler", "97", "")
    assert scene.rows[4] == ("30", "mangler", "88", "96", "")
    pulse = [curve for curve in scene.curves if curve.points.count(" ") == 1]
    assert len(pulse) == 2


def test_what_lies_outside_the_planned_range_is_told_by_a_sign_not_by_colour_alone() -> None:
    with override("nb"):
        scene = vitals_trend(examples.SESSION)
    assert "▲ 164/98" in [label.words for label in scene.labels]
    assert scene.rows[3][-1] == "BT"
    assert [line.kind for line in scene.lines if "limit" in line.kind] == [
        "pressure near-limit"
    ]


def test_red_is_told_apart_from_amber_in_the_picture_and_in_its_table() -> None:
    signs: frozenset[Sign] = frozenset({"pressure"})
    sets = (
        VitalSet(5, systolic=170, diastolic=90, outside=signs),
        VitalSet(10, systolic=206, diastolic=112, outside=signs, red=signs),
    )
    ranges = (PlannedRange("pressure", 90, 159),)
    with override("nb"):
        scene = vitals_trend(SessionPicture(sets, ranges))
    kinds = {label.words: label.kind for label in scene.labels if label.words.startswith("▲")}
    assert kinds == {"▲ 170/90": "near-limit", "▲ 206/112": "past-limit"}
    assert [row[-1] for row in scene.rows] == ["BT", "BT rødt"]


def test_a_low_saturation_points_down() -> None:
    low = VitalSet(5, saturation=88, outside=frozenset({"saturation"}))
    ranges = (PlannedRange("saturation", 93, 100),)
    scene = vitals_trend(SessionPicture((low,), ranges))
    assert "▼ 88" in [label.words for label in scene.labels]


def test_half_a_blood_pressure_is_a_dot_and_named_as_half() -> None:
    with override("nb"):
        scene = vitals_trend(SessionPicture((VitalSet(0, systolic=120),)))
    assert not [line for line in scene.lines if line.kind == "pressure"]
    assert scene.rows[0][1] == "120/mangler"


@pytest.mark.parametrize(
    ("label", "extent"),
    [
        pytest.param(Label(715, 20, "pause"), (676, 716), id="moved in from the right"),
        pytest.param(Label(0, 20, "pause", anchor="end"), (4, 44), id="moved in from the left"),
    ],
)
def test_a_label_is_moved_within_the_frame(label: Label, extent: tuple[int, int]) -> None:
    assert label.within(720).extent == extent


def test_a_picture_has_words_for_those_who_do_not_see_it() -> None:
    with override("nb"):
        scene = course_curve(examples.course())
        shown = render_to_string("design/components/chart.html", {"scene": scene})
    assert 'role="img"' in shown
    assert f'<title id="course-curve-title">{scene.title}</title>' in shown
    assert "<desc" in shown
    assert "<table" in shown
    # A decimal comma in a coordinate would break the drawing for Norwegian readers.
    assert 'viewBox="0 0 760 334"' in shown


def test_both_pressures_are_curves_and_a_missing_one_breaks_its_own_alone() -> None:
    sets = (
        VitalSet(minute=0, systolic=120, diastolic=80),
        VitalSet(minute=10, systolic=140, diastolic=90),
        VitalSet(minute=20, systolic=130),
    )
    upper, lower = vitals_trend(SessionPicture(sets)).curves
    assert len(upper.points.split()) == 3
    assert len(lower.points.split()) == 2
