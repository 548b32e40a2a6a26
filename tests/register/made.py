"""A register of made-up rows: what is not said of a course is as in most."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from hypothesis import strategies as st

Rows = dict[str, list[dict[str, object]]]
START = date(2026, 3, 2)
NAMES = (
    *("unit", "person", "referral", "eligibility", "consent", "registration", "course"),
    *("session", "rating", "event", "lab", "therapy", "follow_up", "experience"),
)


@dataclass(frozen=True)
class Made:
    """``before`` and ``after`` are MADRS; ``item`` is item 10 before and after."""

    name: str
    unit: int = 1
    before: int | None = 34
    after: int | None = 12
    item: tuple[int, int] | None = None
    sex: str = "f"
    born: int = 1980
    sessions: int = 6
    phase: str = "follow-up"
    failed: int | None = 2
    off_label: bool | None = True
    worked_up: bool = True
    choice: str = "register"
    early: int = 0
    serious: int = 0
    waited: int = 20
    relapsed: int | None = None
    later: int | None = None
    followed: int = 400
    start: date = START
    therapy: tuple[int, ...] = (0, 18)
    escorted: bool | None = True
    form: bool | None = None


def register(*courses: Made) -> Rows:
    rows: Rows = {name: [] for name in NAMES}
    regions = ["west", "south-east", "north", "central"]
    for unit in sorted({one.unit for one in courses}):
        rows["unit"].append({
            "unit": unit, "name": f"Unit {unit}", "kind": "hospital", "legal_basis": "consent",
            "region": regions[unit % 4],
        })  # fmt: skip
    for one in courses:
        before(rows, one)
        if one.sessions:
            treatment(rows, one)
    return rows


def before(rows: Rows, one: Made) -> None:
    who, referral = {"person": f"p-{one.name}"}, {"referral": f"r-{one.name}"}
    received = one.start - timedelta(days=one.waited)
    rows["person"].append(
        {**who, "birth_year": one.born, "sex": one.sex, "home_region": "west"}
    )
    rows["referral"].append({
        **who, **referral, "unit": one.unit, "received_on": received, "decision": "accept",
        "decided_on": received, "start_due": received + timedelta(days=30),
    })  # fmt: skip
    rows["eligibility"].append({
        **who, **referral, "assessed_on": received, "standing": "met", "rule_version": "1",
        "failed_in_episode": one.failed, "staging_band": "moderate",
    })  # fmt: skip
    rows["registration"].append({**who, "choice": one.choice, "chosen_on": received})
    if one.off_label is not None:
        rows["consent"].append({
            **who, "version": "1", "signed_on": one.start, "off_label": one.off_label,
        })  # fmt: skip
    tests = one.start - timedelta(days=10 if one.worked_up else 31)
    days = [day(one, n) for n in range(1, one.sessions + 1)]
    rows["course"].append({
        **who, **referral, "course": f"c-{one.name}", "unit": one.unit,
        "protocol": "iv-ketamine-no", "protocol_version": "2026.1", "product": "racemic",
        "route": "iv", "sessions": one.sessions, "phase": one.phase, "rule_version": "1",
        "planned_on": one.start, "as_of": one.start + timedelta(days=one.followed),
        "first_session_on": days[0] if days else None,
        "sixth_session_on": days[5] if len(days) > 5 else None,
        "last_session_on": days[-1] if days else None,
        "stopped_on": days[-1] if one.phase == "closed" else None, "ecg_on": tests, "blood_pressure_on": tests, "blood_tests_on": tests,
        "relapsed_on_default": None if one.relapsed is None
        else evaluated(one) + timedelta(days=one.relapsed),
    })  # fmt: skip


def day(one: Made, session: int) -> date:
    """Two a week."""
    return one.start + timedelta(days=(session - 1) // 2 * 7 + (session - 1) % 2 * 3)


def evaluated(one: Made) -> date:
    return day(one, one.sessions) + timedelta(days=2)


def treatment(rows: Rows, one: Made) -> None:
    course = {"course": f"c-{one.name}"}
    for number in range(1, one.sessions + 1):
        rows["session"].append({
            **course, "session": number, "given_on": day(one, number), "pressure_red": False,
            "ended_early": number <= one.early, "escorted": one.escorted, "discharge_met": True,
        })  # fmt: skip
    for number in range(one.serious):
        rows["event"].append({
            **course, "event": f"e-{one.name}-{number}", "unit": one.unit,
            "person": f"p-{one.name}", "kind": "adverse-event", "term": "syncope", "grade": 3,
            "onset_on": one.start, "known_on": one.start, "serious": "yes",
        })  # fmt: skip
    item = one.item or (None, None)
    rate(rows, one, "baseline", one.start - timedelta(days=1), one.before, item[0])
    rate(rows, one, "evaluation", evaluated(one), one.after, item[1])
    rate(rows, one, "follow_up", evaluated(one) + timedelta(days=184), one.later, None)
    for days in one.therapy:
        rows["therapy"].append({**course, "held_on": one.start + timedelta(days=days)})
    for month in (1, 3, 6):
        due = one.start + timedelta(days=30 * month)
        rows["follow_up"].append({
            **course, "month": month, "due_on": due, "done_on": due if month == 3 else None,
        })  # fmt: skip
    if one.form is not None:
        answered = one.start + timedelta(days=40) if one.form else None
        rows["experience"].append({**course, "asked_on": one.start, "answered_on": answered})


def rate(
    rows: Rows, one: Made, timing: str, on: date, total: int | None, item: int | None
) -> None:
    if total is not None:
        rows["rating"].append({
            "rating": f"{timing}-{one.name}", "person": f"p-{one.name}",
            "course": f"c-{one.name}", "instrument": "madrs", "instrument_version": "1979",
            "timing": timing, "rated_on": on, "total": total, "suicidal_item": item,
        })  # fmt: skip


scores = st.one_of(st.none(), st.integers(1, 60))


@st.composite
def registers(draw: st.DrawFn) -> Sequence[Made]:
    return [
        Made(
            name=f"{n:02}",
            unit=draw(st.integers(1, 3)),
            before=draw(scores),
            after=draw(scores),
            later=draw(scores),
            sessions=draw(st.sampled_from([0, 1, 5, 6, 8])),
            phase=draw(st.sampled_from(["induction", "maintenance", "follow-up"])),
            failed=draw(st.sampled_from([None, 1, 2])),
            sex=draw(st.sampled_from(["f", "m"])),
            choice=draw(st.sampled_from(["register", "register", "register", "reserved"])),
            serious=draw(st.integers(0, 2)),
            relapsed=draw(st.one_of(st.none(), st.integers(1, 300))),
        )
        for n in range(draw(st.integers(0, 9)))
    ]
