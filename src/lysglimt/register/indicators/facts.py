"""From the tables of the code book to what indicators ask: a fact for each course, session, form.

The plain reference that every other engine must agree with: no table library, one course at a time.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lysglimt.knowledge.calendar import months_after

from .indicator import Counted, Windows, indicator_file
from .ratings import (
    YES,
    Anchors,
    evaluation,
    half_a_year_on,
    responded,
    suicidal,
    told_outcomes,
)
from .ratings import baseline as baseline_of
from .shelf import Row, Shelf, Tables, count, day, flag, shelf, text

Value = str | int | Decimal | date | None
Fact = Mapping[str, Value]
Facts = Mapping[Counted, Sequence[Fact]]
Made = Callable[[Row, Fact], Fact]
GROUPS = (
    *("unit", "region", "home_region", "year", "quarter", "protocol", "product"),
    *("sex", "age_band", "staging_band"),
)
"""By what indicators may be told. Every fact has each, or None."""
OLDER_FROM = (18, 30, 45, 60)
"""Where a band of age begins. Own values."""
BEFORE_EVALUATION = frozenset({"planned", "induction"})
LEAST_CYSTITIS = 2
YEAR = Decimal("365.25")


def facts(tables: Tables) -> Facts:
    """Of all who may be counted; rows in any order give the same facts, in the order of courses."""
    held, windows = shelf(tables), indicator_file().windows
    courses = sorted(held.rows.get("course", ()), key=lambda row: text(row, "course"))
    newest = max((seen for row in courses if (seen := day(row, "as_of"))), default=None)
    told = {
        text(row, "course"): course_fact(held, row, windows, newest=newest) for row in courses
    }
    return {
        Counted.COURSE: list(told.values()),
        Counted.SESSION: list(beside(held, told, "session", made=session_fact)),
        Counted.FOLLOW_UP: list(beside(held, told, "follow_up", made=follow_up_fact)),
        Counted.EXPERIENCE: list(beside(held, told, "experience", made=form_fact)),
    }


def course_fact(held: Shelf, row: Row, windows: Windows, *, newest: date | None) -> Fact:
    course = Course(held, row, windows, newest)
    return {
        **course.groups(),
        **course.process(),
        **course.effect(),
        **course.safety(),
        "as_of": day(row, "as_of"),
    }


@dataclass(frozen=True, slots=True)
class Course:
    """``newest`` is the last day of which the register knows anything."""

    held: Shelf
    row: Row
    windows: Windows
    newest: date | None

    @property
    def first(self) -> date | None:
        return day(self.row, "first_session_on")

    @property
    def at(self) -> Anchors:
        sixth, last = day(self.row, "sixth_session_on"), day(self.row, "last_session_on")
        ended = sixth or (last if self.induction_over else None)
        return Anchors(self.first, ended, self.windows)

    @property
    def induction_over(self) -> bool:
        """Begun, and evaluated or closed; or begun so long ago that nobody came to evaluate it."""
        if self.first is None:
            return False
        if text(self.row, "phase") not in BEFORE_EVALUATION:
            return True
        limit = self.windows.induction.value
        return self.newest is not None and self.newest - self.first > limit

    def groups(self) -> Fact:
        person = self.held.one("person", "person", self.row.get("person"))
        unit = self.held.one("unit", "unit", self.row.get("unit"))
        eligible = self.held.one("eligibility", "referral", self.row.get("referral"))
        start = self.first or day(self.row, "planned_on")
        born = count(person, "birth_year")
        return {
            "unit": count(self.row, "unit"),
            "region": text(unit, "region") or None,
            "home_region": text(person, "home_region") or None,
            "year": start.year if start else None,
            "quarter": f"{start.year}Q{(start.month + 2) // 3}" if start else None,
            "protocol": text(self.row, "protocol"),
            "product": text(self.row, "product"),
            "sex": text(person, "sex") or None,
            "age_band": age_band(start.year - born) if start and born else None,
            "staging_band": text(eligible, "staging_band") or None,
        }

    def process(self) -> Fact:
        eligible = self.held.one("eligibility", "referral", self.row.get("referral"))
        referral = self.held.one("referral", "referral", self.row.get("referral"))
        received, due = day(referral, "received_on"), day(referral, "start_due")
        first = self.first
        return {
            "started": YES[first is not None],
            "induction_over": YES[self.induction_over],
            "failed_in_episode": count(eligible, "failed_in_episode"),
            **self.consent(),
            "worked_up": self.worked_up(),
            "days_waited": (first - received).days if first and received else None,
            "started_in_time": YES[first <= due] if first and due else None,
            "therapy_beside": self.therapy_beside(),
        }

    def consent(self) -> Fact:
        """Signed by the first session, and not taken back before it."""
        first = self.first
        signed = [
            row
            for row in self.held.of("consent", "person", self.row.get("person"))
            if first and (day(row, "signed_on") or date.max) <= first
            if (day(row, "withdrawn_on") or date.max) > first
        ]
        off_label = [flag(row, "off_label") for row in signed]
        return {
            "consented": "yes" if signed else None,
            "off_label_told": "yes"
            if True in off_label
            else "no"
            if False in off_label
            else None,
        }

    def worked_up(self) -> str | None:
        """None where a part has no day: not known to be done."""
        done = [
            day(self.row, name) for name in ("ecg_on", "blood_pressure_on", "blood_tests_on")
        ]
        first, within = self.first, self.windows.work_up.value
        if first is None or None in done:
            return None
        return YES[all(one and 0 <= (first - one).days <= within.days for one in done)]

    def therapy_beside(self) -> str | None:
        held = [
            on
            for row in self.held.of("therapy", "course", self.row.get("course"))
            if (on := day(row, "held_on"))
        ]
        sixth, within = day(self.row, "sixth_session_on"), self.windows.therapy.value
        asked = [one for one in (self.first, sixth) if one]
        if not held:
            return None
        return YES[all(any(abs(on - one) <= within for on in held) for one in asked)]

    def effect(self) -> Fact:
        rated: dict[str, list[Row]] = {}
        for row in self.held.of("rating", "course", self.row.get("course")):
            rated.setdefault(text(row, "instrument"), []).append(row)
        madrs = [row for row in rated.get("madrs", ()) if row.get("total") is not None]
        before, after = baseline_of(madrs, self.at), evaluation(madrs, self.at)
        return {
            **told_outcomes(rated, self.at),
            **suicidal(rated, self.at),
            "baseline_madrs": score(before),
            "evaluation_madrs": score(after),
            **self.later(madrs, before, day(after or {}, "rated_on")),
        }

    def later(self, madrs: Sequence[Row], before: Row | None, since: date | None) -> Fact:
        """After the evaluation: does it last, has it come back, and for how long do we know?"""
        seen = day(self.row, "as_of")
        if since is None or seen is None:
            return dict.fromkeys(
                ("six_months_passed", "sustained", "relapsed", "days_after_evaluation")
            )
        middle = months_after(since, self.windows.sustained_after.value)
        relapsed = day(self.row, "relapsed_on_default")
        relapsed = relapsed if relapsed and since <= relapsed <= seen else None
        half_year = half_a_year_on(madrs, since, self.windows)
        return {
            "six_months_passed": YES[middle + self.windows.sustained_within.value <= seen],
            "sustained": responded("madrs", before, half_year),
            "relapsed": int(relapsed is not None),
            "days_after_evaluation": ((relapsed or seen) - since).days,
        }

    def safety(self) -> Fact:
        course, first, seen = self.row.get("course"), self.first, day(self.row, "as_of")
        sessions = self.held.of("session", "course", course)
        events = self.held.of("event", "course", course)
        return {
            "sessions": len(sessions),
            "sessions_ended_early": sum(flag(one, "ended_early") is True for one in sessions),
            "sessions_pressure_red": sum(flag(one, "pressure_red") is True for one in sessions),
            "serious_events": sum(text(one, "serious") == "yes" for one in events),
            "cystitis_events": sum(
                text(one, "term") == "cystitis" and (count(one, "grade") or 0) >= LEAST_CYSTITIS
                for one in events
            ),
            "liver_events": self.liver_events(),
            "years_observed": Decimal((seen - first).days) / YEAR if first and seen else None,
        }

    def liver_events(self) -> int:
        """Blood tests from the first session on with ALT so many times its upper limit."""
        limit, first, seen = self.windows.liver.value, self.first, day(self.row, "as_of")
        found = 0
        for row in self.held.of("lab", "person", self.row.get("person")):
            value, upper, taken = (
                score(row, "value"),
                score(row, "upper_limit"),
                day(row, "taken_on"),
            )
            within = first and seen and taken and first <= taken <= seen
            if text(row, "analyte") == "alt" and within and value and upper:
                found += value > limit * upper
        return found


def score(row: Row | None, variable: str = "total") -> Decimal | None:
    value = (row or {}).get(variable)
    known = isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)
    return Decimal(str(value)) if known else None


def age_band(age: int) -> str:
    begun = [one for one in OLDER_FROM if one <= age]
    if not begun:
        return f"<{OLDER_FROM[0]}"
    after = [one for one in OLDER_FROM if one > age]
    return f"{begun[-1]}-{after[0] - 1}" if after else f"{begun[-1]}+"


def beside(held: Shelf, told: Mapping[str, Fact], table: str, *, made: Made) -> Iterator[Fact]:
    """The facts of what hangs on a course, with what the course is grouped by."""
    rows = held.rows.get(table, ())
    for row in sorted(
        rows, key=lambda one: (text(one, "course"), repr(sorted(one.items(), key=str)))
    ):
        course = told.get(text(row, "course"))
        if course:
            yield {**{name: course[name] for name in GROUPS}, **made(row, course)}


def session_fact(row: Row, _: Fact) -> Fact:
    said = {name: flag(row, name) for name in ("escorted", "discharge_met")}
    return {name: None if one is None else YES[one] for name, one in said.items()}


def follow_up_fact(row: Row, course: Fact) -> Fact:
    due, seen = day(row, "due_on"), course["as_of"]
    passed = isinstance(seen, date) and due is not None and due <= seen
    return {
        "month": count(row, "month"),
        "done_on": day(row, "done_on"),
        "due_passed": YES[passed],
    }


def form_fact(row: Row, _: Fact) -> Fact:
    return {"answered_on": day(row, "answered_on")}
