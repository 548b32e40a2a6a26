"""A protocol is data: read strictly, every figure with its basis, no impossible schedule."""

from datetime import timedelta
from importlib.resources import files
from pathlib import Path

import pytest

from lysglimt.knowledge.errors import Misstated, Unknown
from lysglimt.knowledge.figures import Mark
from lysglimt.knowledge.protocols.approval import awaiting_approval, figures
from lysglimt.knowledge.protocols.library import latest, load, protocols
from lysglimt.knowledge.protocols.protocol import Kind, Protocol, Route, When
from lysglimt.knowledge.protocols.ratings_due import belongs_before

ALL = sorted(protocols().values(), key=lambda one: one.key)
DEFAULT = (
    files("lysglimt.knowledge.protocols") / "catalogue" / "iv-ketamine-no.toml"
).read_text(encoding="utf-8")
OWN = 'mark = "own", source = "own-proposal"'


def figure(value: object, unit: str) -> str:
    return f'{{ value = {value}, unit = "{unit}", {OWN} }}'


def line(key: str, text: str = DEFAULT) -> str:
    """The first line of the default protocol that states a key."""
    return next(one for one in text.splitlines() if one.startswith(f"{key} ="))


def refusal(tmp_path: Path, text: str) -> str:
    file = tmp_path / "own.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Misstated) as misstated:
        load(file)
    return str(misstated.value)


MINIMUM_GAP = line("minimum_gap")
SESSIONS = line("sessions")
PER_WEEK = line("per_week")


@pytest.mark.parametrize(
    ("stated", "instead", "expected"),
    [
        pytest.param(
            "minimum_gap",
            "minimum_gpa",
            "own.toml: induction.minimum_gpa: 'minimum_gpa' is unknown, the nearest is "
            "'minimum_gap'",
            id="a misspelt key",
        ),
        pytest.param(
            MINIMUM_GAP,
            'minimum_gap = { value = 2, unit = "d", mark = "own" }',
            "own.toml: induction.minimum_gap.source: is missing",
            id="no source",
        ),
        pytest.param(
            SESSIONS,
            f"sessions = {figure(0, 'sessions')}",
            "own.toml: induction: sessions: 0 is not at least 1",
            id="no session at all",
        ),
        pytest.param(
            PER_WEEK,
            f"per_week = {figure(5, 'sessions')}",
            "own.toml: induction: per_week: 5 sessions do not fit in seven days 2 days apart, "
            "the most is 4",
            id="more in a week than the gap allows",
        ),
        pytest.param(
            MINIMUM_GAP,
            f"minimum_gap = {figure(0, 'd')}",
            "own.toml: induction: minimum_gap: is not at least 1 calendar day",
            id="no gap",
        ),
        pytest.param(
            line("restart_gap"),
            f"restart_gap = {figure(5, 'd')}",
            "own.toml: induction: restart_gap: 5 days is shorter than maximum_gap, 7 days",
            id="restarted before it is broken",
        ),
        pytest.param(
            line("after"),
            f"after = {figure(7, 'sessions')}",
            "own.toml: induction: may_end_early: 7 is not within 1 and 6 sessions",
            id="an early end past the end",
        ),
        pytest.param(
            "[evaluation]\n" + line("after", DEFAULT.partition("[evaluation]")[2]),
            f"[evaluation]\nafter = {figure(4, 'sessions')}",
            "own.toml: evaluation.after: 4 sessions, but induction has 6",
            id="evaluated before the last session",
        ),
        pytest.param(
            line("latest"),
            f"latest = {figure(12, 'h')}",
            "own.toml: evaluation: evaluation closes (12:00:00) before it opens "
            "(1 day, 0:00:00)",
            id="a window that closes before it opens",
        ),
        pytest.param(
            line("shortest"),
            f"shortest = {figure(1, 'd')}",
            "own.toml: maintenance.stages.1: 1 days is shorter than the minimum gap, 2 days",
            id="maintenance closer than the gap",
        ),
        pytest.param(
            line("shortest"),
            f"shortest = {figure(35, 'd')}",
            "own.toml: maintenance.stages.1: interval 28 days is not within 35 and 28",
            id="an interval outside its own bounds",
        ),
        pytest.param(
            "sessions = [3]",
            "sessions = [3, 4]",
            "own.toml: ratings.2: madrs before-session would come 2 days after the one before, "
            "but it looks back 3 days",
            id="MADRS before sessions 3 and 4",
        ),
        pytest.param(
            'instrument = "audit_c"\nwhen = "follow-up"\nmonths = [12]',
            'instrument = "audit_c"\nwhen = "follow-up"',
            "audit_c follow-up would come 28 days after the one before, but it looks back "
            "365 days",
            id="AUDIT-C at every visit",
        ),
        pytest.param(
            figure(21, "d"),
            figure(7, "d"),
            "phq9 maintenance would come 7 days after the one before, but it looks back 14 days",
            id="PHQ-9 every week",
        ),
        pytest.param(
            'instrument = "phq9"',
            'instrument = "phq8"',
            "No instrument is called 'phq8', the nearest is 'phq9'",
            id="an instrument that is none",
        ),
        pytest.param(
            'definition = "le10"',
            'definition = "le11"',
            "own.toml: remission.definition: madrs has no 'le11'; there are: le10, le12",
            id="a remission that nobody has defined",
        ),
        pytest.param(
            'recall = "24h"',
            'recall = "12h"',
            "No recall window '12h'; there are: 3d, 7d, 24h",
            id="a recall window that is none",
        ),
        pytest.param(
            MINIMUM_GAP,
            f"within = {figure(10, 'd')}\n{MINIMUM_GAP}",
            "own.toml: induction.within: 6 sessions take at least 17 days, not 10",
            id="six sessions in ten days",
        ),
    ],
)
def test_a_schedule_that_cannot_be_kept_is_refused(
    tmp_path: Path, stated: str, instead: str, expected: str
) -> None:
    assert stated in DEFAULT
    assert expected in refusal(tmp_path, DEFAULT.replace(stated, instead, 1))


def test_maintenance_has_a_stage(tmp_path: Path) -> None:
    head, _, rest = DEFAULT.partition("[[maintenance.stages]]")
    text = f"{head}stages = []\n[maintenance.review]{rest.partition('[maintenance.review]')[2]}"
    assert "maintenance without a stage" in refusal(tmp_path, text)


def test_a_clinic_loads_its_own(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text(DEFAULT.replace("iv-ketamine-no", "our-way", 1), encoding="utf-8")
    assert load(file).key == ("our-way", "2026.1")


def test_every_template_is_there() -> None:
    assert {one.id for one in ALL} == {
        "iv-ketamine-no",
        "elekt-d",
        "ketect",
        "can-bind",
        "phillips",
        "bio-k",
        "karma-dep2",
        "va-observed",
        "kads-sc",
        "esketamine-adult",
        "esketamine-65",
        "esketamine-acute",
        "ect",
        "rtms",
        "private-clinic",
        "psilocybin",
        "lsd",
        "mdma",
        "r-ketamine",
    }


@pytest.mark.parametrize("protocol", ALL, ids=lambda one: one.id)
def test_a_protocol_is_called_as_its_file(protocol: Protocol) -> None:
    shelf = files("lysglimt.knowledge.protocols") / "catalogue"
    assert (shelf / f"{protocol.id}.toml").is_file()
    assert latest(protocol.id) is protocol


@pytest.mark.parametrize("protocol", ALL, ids=lambda one: one.id)
def test_only_what_was_read_shows_literature(protocol: Protocol) -> None:
    for stated in figures(protocol):
        assert (stated.basis.mark is Mark.SEEN) is not stated.basis.source.stands_in


def test_remission_may_be_left_undefined(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    stated = DEFAULT.partition("[remission]")
    rest = stated[2].partition("# The Norwegian MADRS")
    file.write_text(stated[0] + rest[1] + rest[2], encoding="utf-8")
    assert load(file).remission is None


@pytest.mark.parametrize(
    "protocol", [one for one in ALL if one.kind is Kind.RESEARCH], ids=lambda one: one.id
)
def test_what_research_does_not_know_stays_unknown(protocol: Protocol) -> None:
    assert protocol.dose is not None
    assert protocol.dose.per_kilogram is None
    assert protocol.induction.sessions is None
    assert protocol.induction.minimum_gap is None
    assert not [one for one in figures(protocol) if one.path.startswith(("dose", "induction"))]


def test_the_default_dose_is_half_a_milligram_in_forty_minutes() -> None:
    stated = {one.path: one for one in figures(latest("iv-ketamine-no"))}
    assert str(stated["dose.per_kilogram"].number) == "0.5"
    assert (stated["dose.over"].number, stated["dose.over"].unit) == (40, "min")
    assert stated["dose.per_kilogram"].basis.source.key == "fhi-map"
    assert stated["basis"].number is None


def test_what_awaits_approval_is_remembered_or_our_own() -> None:
    paths = {one.path for one in awaiting_approval(latest("iv-ketamine-no"))}
    assert "induction.minimum_gap" in paths
    assert "induction.sessions" not in paths


@pytest.mark.parametrize(("name", "first"), [("esketamine-adult", 56), ("esketamine-65", 28)])
def test_the_older_begin_lower(name: str, first: int) -> None:
    stated = {one.path: one.number for one in figures(latest(name))}
    assert stated["dose.first"] == first
    assert latest(name).product.route is Route.INTRANASAL


def test_an_unknown_protocol_says_the_nearest() -> None:
    with pytest.raises(Unknown, match="the nearest is 'elekt-d'"):
        latest("elektd")


WEEKS_AFTER = (1, 2, 4, 8, 12)


@pytest.mark.parametrize(
    "protocol",
    [one for one in protocols().values() if one.kind is Kind.TREATMENT],
    ids=lambda one: one.id,
)
def test_every_treatment_asks_about_suicidality_as_often_as_the_rule_says(
    protocol: Protocol,
) -> None:
    asked = [one for one in protocol.ratings if one.instrument == "cssrs_screener"]
    weeks = [one.after.value for one in asked if one.when is When.AFTER_LAST_DOSE and one.after]
    assert weeks == [timedelta(weeks=week) for week in WEEKS_AFTER]
    [stop] = [one.after for one in asked if one.when is When.AFTER_STOP]
    assert stop is not None
    assert stop.value == timedelta(days=3)
    [first] = [one.sessions for one in asked if one.when is When.AFTER_SESSION]
    assert first == (1,)
    assert {When.BASELINE, When.BEFORE_SESSION, When.EVALUATION} <= {one.when for one in asked}


@pytest.mark.parametrize(
    ("instrument", "number", "maintained", "belongs"),
    [
        pytest.param("cssrs_screener", 1, False, True, id="before every session"),
        pytest.param("cssrs_screener", 9, True, True, id="and in maintenance"),
        pytest.param("madrs", 3, False, True, id="before session 3"),
        pytest.param("madrs", 2, False, False, id="not before session 2"),
        pytest.param("madrs", 3, True, False, id="the numbers are those of the first run"),
        pytest.param("wsas", 1, False, False, id="never before a session"),
    ],
)
def test_which_ratings_belong_before_a_session(
    instrument: str, number: int, *, maintained: bool, belongs: bool
) -> None:
    plans = [one for one in latest("iv-ketamine-no").ratings if one.instrument == instrument]
    found = [belongs_before(plan, number, maintained=maintained) for plan in plans]
    assert any(found) is belongs


def test_a_question_after_the_end_states_when(tmp_path: Path) -> None:
    text = f"""{DEFAULT}
[[ratings]]
instrument = "phq9"
when = "after-stop"
basis = {{ {OWN} }}
"""
    assert "phq9 after-stop: states no time after" in refusal(tmp_path, text)


def test_an_instrument_is_not_asked_after_the_end_more_often_than_it_looks_back(
    tmp_path: Path,
) -> None:
    rows = "".join(
        f"""
[[ratings]]
instrument = "phq9"
when = "after-last-dose"
after = {figure(days, "d")}
basis = {{ {OWN} }}
"""
        for days in (21, 28)
    )
    said = refusal(tmp_path, DEFAULT + rows)
    assert "phq9 after-last-dose would come 7 days after" in said
