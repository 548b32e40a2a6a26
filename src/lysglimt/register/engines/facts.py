"""The facts that indicators ask, as expressions: the same as indicators/facts.py makes row by row."""

from collections.abc import Mapping

from lysglimt.knowledge.outcomes.response import outcome_rules
from lysglimt.register.indicators.facts import (
    BEFORE_EVALUATION,
    GROUPS,
    LEAST_CYSTITIS,
    OLDER_FROM,
    age_band,
)
from lysglimt.register.indicators.indicator import Counted, Windows, indicator_file

from .choices import Tables, left
from .from_ibis import (
    NOTHING_DAY,
    NOTHING_TEXT,
    Column,
    Table,
    by_steps,
    constant,
    either,
    first_known,
    months,
    one_if,
)
from .ratings import (
    half_year,
    items,
    number,
    outcomes,
    rated,
    responded,
    suicidal,
    told,
    totals,
)

EngineFacts = Mapping[Counted, Table]
DAYS_OBSERVED = "days_observed"
"""Summed as whole days; years are made of the sum. Elsewhere it is ``years_observed``."""


def facts(tables: Tables) -> EngineFacts:
    """Of all who may be counted. ``tables`` are those of the code book, valid by it."""
    held, windows = left(tables), indicator_file().windows
    course = courses(held, windows)
    groups = course.select("course", *GROUPS, "as_of").cache()
    return {
        Counted.COURSE: course,
        Counted.SESSION: sessions(held["session"], groups),
        Counted.FOLLOW_UP: follow_ups(held["follow_up"], groups),
        Counted.EXPERIENCE: held["experience"]
        .select("course", "answered_on")
        .join(groups, "course"),
    }


def courses(held: Tables, windows: Windows) -> Table:
    course = placed(held, windows).cache()
    rows = rated(held["rating"], course).cache()
    before, after, evaluated = totals(rows, windows)
    beside = [
        consents(held["consent"], course),
        therapies(held["therapy"], course, windows),
        given(held["session"]),
        events(held["event"]),
        liver(held["lab"], course, windows),
        before,
        after,
        evaluated,
        half_year(rows, evaluated, windows),
        *items(rows, windows),
    ]
    for one in beside:
        course = course.left_join(one, "course").drop("course_right")
    course = course.mutate(**process(course, windows), **safety(course))
    course = course.mutate(**outcomes(course), **suicidal(course, windows))
    return course.mutate(**later(course, windows)).cache()


def placed(held: Tables, windows: Windows) -> Table:
    """The courses with what they are grouped by, and the days from which windows are measured."""
    person = held["person"].select("person", "birth_year", "sex", "home_region")
    unit = held["unit"].select("unit", "region")
    eligible = held["eligibility"].select("referral", "failed_in_episode", "staging_band")
    referral = held["referral"].select("referral", "received_on", "start_due")
    course = held["course"]
    for other, key in (
        (person, "person"),
        (unit, "unit"),
        (eligible, "referral"),
        (referral, "referral"),
    ):
        course = course.left_join(other, key).drop(f"{key}_right")
    ago = course.as_of.max().over().delta(course.first_session_on, unit="day")
    long_ago = first_known(ago > windows.induction.value.days, constant(value=False))
    over = course.phase.notin(sorted(BEFORE_EVALUATION)) | long_ago
    course = course.mutate(
        start=first_known(course.first_session_on, course.planned_on),
        first=course.first_session_on,
        over=over,
        induction_end=first_known(
            course.sixth_session_on, either(over, course.last_session_on, NOTHING_DAY)
        ),
    )
    return course.mutate(
        year=course.start.year(),
        quarter=course.start.year().cast("string")
        + "Q"
        + course.start.quarter().cast("string"),
        age_band=banded(course.start.year() - course.birth_year),
    )


def banded(age: Column) -> Column:
    steps = [(age >= from_, age_band(from_)) for from_ in reversed(OLDER_FROM)]
    lowest = age_band(OLDER_FROM[0] - 1)
    return either(age.notnull(), by_steps(*steps, otherwise=lowest), NOTHING_TEXT)


def consents(consent: Table, course: Table) -> Table:
    """Signed by the first session, and not taken back before it."""
    both = consent.select("person", "signed_on", "withdrawn_on", "off_label").join(
        course.select("course", "person", "first"), "person"
    )
    held = both.filter(
        both.signed_on <= both.first,
        both.withdrawn_on.isnull() | (both.withdrawn_on > both.first),
    )
    return held.group_by("course").agg(
        consents=held.count(),
        told_yes=one_if(held.off_label).sum(),
        told_no=one_if(held.off_label == False).sum(),  # noqa: E712 - of a column
    )


def therapies(therapy: Table, course: Table, windows: Windows) -> Table:
    days = windows.therapy.value.days
    both = therapy.select("course", "held_on").join(
        course.select("course", "first", "sixth_session_on"), "course"
    )
    near = {
        name: one_if(both.held_on.delta(both[column], unit="day").abs() <= days).sum()
        for name, column in (("by_first", "first"), ("by_sixth", "sixth_session_on"))
    }
    return both.group_by("course").agg(therapies=both.count(), **near)


def given(session: Table) -> Table:
    return session.group_by("course").agg(
        given=session.count(),
        early=one_if(session.ended_early).sum(),
        red=one_if(session.pressure_red).sum(),
    )


def events(event: Table) -> Table:
    cystitis = (event.term == "cystitis") & (event.grade >= LEAST_CYSTITIS)
    return event.group_by("course").agg(
        serious=one_if(event.serious == "yes").sum(), cystitis=one_if(cystitis).sum()
    )


def liver(lab: Table, course: Table, windows: Windows) -> Table:
    """Exact: the amounts are decimals, and the limit is a whole number of them."""
    both = lab.select("person", "analyte", "value", "upper_limit", "taken_on").join(
        course.select("course", "person", "first", "as_of"), "person"
    )
    above = both.filter(
        both.analyte == "alt",
        both.taken_on >= both.first,
        both.taken_on <= both.as_of,
        both.upper_limit > 0,
        both.value > both.upper_limit * number(windows.liver.value),
    )
    return above.group_by("course").agg(liver=above.count())


def process(course: Table, windows: Windows) -> Mapping[str, Column]:
    first, within = course.first, windows.work_up.value.days
    started = first.notnull()
    done = [course.ecg_on, course.blood_pressure_on, course.blood_tests_on]
    known, soon = started, started
    for one in done:
        ago = first.delta(one, unit="day")
        known, soon = known & one.notnull(), soon & (ago >= 0) & (ago <= within)
    consented = first_known(course.consents, 0) > 0
    sixth = course.sixth_session_on
    beside = (first.isnull() | (course.by_first > 0)) & (sixth.isnull() | (course.by_sixth > 0))
    return {
        "started": either(started, "yes", "no"),
        "induction_over": either(started & course.over, "yes", "no"),
        "consented": either(consented, "yes", NOTHING_TEXT),
        "off_label_told": by_steps(
            (course.told_yes > 0, "yes"), (course.told_no > 0, "no"), otherwise=NOTHING_TEXT
        ),
        "worked_up": told(soon, known=known),
        "days_waited": first.delta(course.received_on, unit="day"),
        "started_in_time": told(
            first <= course.start_due, known=started & course.start_due.notnull()
        ),
        "therapy_beside": told(beside, known=course.therapies > 0),
    }


def safety(course: Table) -> Mapping[str, Column]:
    counts = {
        "sessions": course.given,
        "sessions_ended_early": course.early,
        "sessions_pressure_red": course.red,
        "serious_events": course.serious,
        "cystitis_events": course.cystitis,
        "liver_events": course.liver,
    }
    return {
        **{name: first_known(one, 0) for name, one in counts.items()},
        DAYS_OBSERVED: course.as_of.delta(course.first, unit="day"),
    }


def later(course: Table, windows: Windows) -> Mapping[str, Column]:
    """After the evaluation: does it last, has it come back, and for how long do we know?"""
    since, seen = course.evaluated_on, course.as_of
    known = since.notnull() & seen.notnull()
    relapse = course.relapsed_on_default
    relapsed = known & (relapse >= since) & (relapse <= seen)
    passed = seen.delta(since + months(windows.sustained_after.value), unit="day")
    rule = outcome_rules("madrs").response
    return {
        "baseline_madrs": course.madrs_before,
        "evaluation_madrs": course.madrs_after,
        "six_months_passed": told(passed >= windows.sustained_within.value.days, known=known),
        "sustained": responded(rule, course.madrs_before, course.half_year),
        "relapsed": either(known, one_if(relapsed), None),
        "days_after_evaluation": either(relapsed, relapse, seen).delta(since, unit="day"),
    }


def sessions(session: Table, groups: Table) -> Table:
    both = session.select("course", "escorted", "discharge_met").join(groups, "course")
    return both.mutate(
        escorted=told(both.escorted, known=both.escorted.notnull()),
        discharge_met=told(both.discharge_met, known=both.discharge_met.notnull()),
    )


def follow_ups(follow_up: Table, groups: Table) -> Table:
    both = follow_up.select("course", "month", "due_on", "done_on").join(groups, "course")
    return both.mutate(due_passed=either(both.due_on <= both.as_of, "yes", "no"))
