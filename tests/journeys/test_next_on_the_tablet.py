"""What a tablet reckons of the next observation and of a pressure that lasts is what the rules say."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from typing import Any

from playwright.sync_api import Page

from lysglimt.clinic.scheduling.calendar import OSLO
from lysglimt.knowledge.monitoring.limits import light, limits, outside
from lysglimt.knowledge.monitoring.observation import (
    PlannedObservation,
    Punctuality,
    SessionRoute,
    next_due,
    planned_observations,
    punctuality,
)
from lysglimt.knowledge.monitoring.vital_signs import VitalSet, VitalSign
from tests.clinic.conftest import NOON

MINUTE = timedelta(minutes=1)
DUE = """async cases => { const { nextDue } = await import('/static/chairside/off-line-due.js');
  return cases.map(({ plan, last, outside }) => {
    const found = nextDue(plan, last, outside);
    return found && [found.at, found.late] }) }"""
SEEN = """async cases => {
  const { lights, series } = await import('/static/chairside/off-line-row.js');
  const { due, outside } = await import('/static/chairside/off-line-due.js');
  const { lastAt } = await import('/static/chairside/off-line-clock.js');
  return cases.map(({ plan, rows, now }) => ({
    lights: lights(plan, rows.at(-1).fields, rows.at(-1).times.reckoned_at, series(plan, rows))
      .map(one => one.light ?? 'green'),
    outside: outside(plan, rows), due: due(plan, rows, now)?.at ?? null,
    last: ['00:00', '12.53', '1331', '', 'nå'].map(one => lastAt(one, now) - now) })) }"""


def moment(minutes: float) -> int:
    return int((NOON + timedelta(minutes=minutes)).timestamp() * 1000)


def grace(interval: timedelta) -> timedelta:
    """To the first whole minute at which the rule calls it overdue."""
    late = MINUTE
    while punctuality(interval, late=late) in {Punctuality.AHEAD, Punctuality.DUE}:
        late += MINUTE
    return late


def milliseconds(length: timedelta) -> int:
    return length // timedelta(milliseconds=1)


def taken(rows: tuple[PlannedObservation, ...]) -> list[dict[str, int]]:
    return [
        {
            "at": int(one.at.timestamp() * 1000),
            "tight": milliseconds(one.tight),
            "late": int((one.at + grace(one.interval)).timestamp() * 1000),
            "tight_grace": milliseconds(grace(one.tight)),
        }
        for one in rows
    ]


def planned(route: SessionRoute) -> tuple[PlannedObservation, ...]:
    stop = NOON + (40 if route is SessionRoute.IV else 0) * MINUTE
    return planned_observations(route, start=NOON, stop=stop, leaves=stop + 180 * MINUTE)


def ruled(route: SessionRoute, last: int | None, *, amber: bool) -> list[int] | None:
    done = [] if last is None else [NOON + last * MINUTE]
    found = next_due(planned(route), done, NOON + 400 * MINUTE, amber=amber)
    if found is None:
        return None
    return [
        int(found.at.timestamp() * 1000),
        int((found.at + grace(found.interval)).timestamp() * 1000),
    ]


def cases() -> Iterator[tuple[SessionRoute, int | None, bool]]:
    for route in SessionRoute:
        yield route, None, False
        yield from product([route], range(235), [False, True])


def test_the_next_observation_on_the_tablet_is_that_of_the_rules(
    page: Page, origin: str
) -> None:
    """Both routes, each minute of a session, with and without something outside."""
    asked = list(cases())
    said = [
        {
            "plan": {"planned": taken(planned(route))},
            "last": None if last is None else moment(last),
            "outside": amber,
        }
        for route, last, amber in asked
    ]
    page.goto(f"{origin}/off-line/nb/")
    told = page.evaluate(DUE, said)
    assert told == [ruled(route, last, amber=amber) for route, last, amber in asked]


def a_set(minute: float, pressure: int | None = None, **more: Any) -> dict[str, Any]:
    """As the tablet keeps it."""
    fields = [["systolic", str(pressure)]] if pressure else []
    times = {"reckoned_at": moment(minute)}
    return {
        "what": "vitals",
        "entry": str(minute),
        "fields": [*fields, *([name, one] for name, one in more.items())],
        "times": times,
    }


def a_plan(*stored: tuple[float, int], **more: Any) -> dict[str, Any]:
    row = limits().during["systolic"]
    assert row.red_from
    assert row.red_held_from
    assert row.amber_from
    marks = (
        ("red", row.red_from),
        ("amber", row.red_held_from),
        ("amber", row.amber_from),
    )
    bands = [
        {"light": lit, "words": "", "above": int(one.value), "below": None, "only": ""}
        for lit, one in marks
    ]
    held = {
        "at": int(row.red_held_from.value),
        "apart": limits().held.apart.value // MINUTE,
    }
    return {
        "planned": taken(planned(SessionRoute.IV)),
        "columns": [
            {"name": "systolic", "label": "", "bands": bands},
            {"name": "pulse", "label": "", "bands": []},
        ],
        "signs": [{"id": "chest_pain", "name": "", "light": "red"}],
        "held": {"systolic": held},
        "measured_last": max((moment(at) for at, _ in stored), default=None),
        "stored": {
            "sets": [
                {"measured_at": moment(at), "values": {"systolic": value}}
                for at, value in reversed(stored)
            ]
        },
        **more,
    }


def looked_at(page: Page, origin: str, *asked: dict[str, Any]) -> list[Any]:
    page.goto(f"{origin}/off-line/nb/")
    found: list[Any] = page.evaluate(SEEN, list(asked))
    return found


def test_a_pressure_that_lasts_is_red_on_the_tablet_when_it_is_by_the_rules(
    page: Page, origin: str
) -> None:
    """Stored or kept: two sets, or three of which the middle one breaks it."""
    series = [
        *(((0.7, 182), (at, 183)) for at in (3.0, 5.0, 5.2, 6.0, 30.0)),
        *(((0.0, low), (9.0, 183)) for low in (160, 179, 180)),
        *(((0.0, 185), (4.0, middle), (8.0, 181)) for middle in (150, 179, 180, 199)),
        ((0.0, 185), (8.0, 170)),
    ]
    asked, rules = [], []
    for one in series:
        told = [
            VitalSet(at=NOON + at * MINUTE, values={VitalSign.SYSTOLIC: value})
            for at, value in one
        ]
        rule = str(light(found for found in outside(told, {}) if not found.stands))
        now = moment(400)
        for known in range(len(one)):
            rows = [a_set(at, value) for at, value in one[known:]]
            asked.append({"plan": a_plan(*one[:known]), "rows": rows, "now": now})
            rules.append([rule])
    assert {"red", "amber"} <= {one for [one] in rules}
    assert [one["lights"] for one in looked_at(page, origin, *asked)] == rules


def test_what_was_tapped_or_typed_with_a_clock_moves_the_next_observation_as_it_should(
    page: Page, origin: str
) -> None:
    stored = ((0.0, 130), (20.0, 185))
    told = {"outside_now": True, "now": moment(30)}
    danger = a_set(22, signs="chest_pain")
    calm = a_set(25, 130)
    pulse = a_set(25, pulse="70")
    earlier = f"{(NOON + 16 * MINUTE).astimezone(OSLO):%H:%M}"
    asked = [
        {"plan": a_plan((0.0, 130)), "rows": [a_set(29, 131, clock=earlier)]},
        {"plan": a_plan(*stored, **told), "rows": [{**danger, "fields": []}]},
        {"plan": a_plan((20.0, 130)), "rows": [danger]},
        {"plan": a_plan(*stored, **told), "rows": [calm]},
        {"plan": a_plan(*stored, **told), "rows": [pulse]},
        {"plan": a_plan(*stored, **told, standing=[{"id": "chest_pain"}]), "rows": [calm]},
        {"plan": a_plan((20.0, 130)), "rows": [{**a_set(25, 185), "strike": "feil"}]},
        {"plan": a_plan((20.0, 130), held=None), "rows": [a_set(25, 130)]},
    ]
    found = looked_at(page, origin, *({**one, "now": moment(30)} for one in asked))
    at = [(one["due"], one["outside"]) for one in found]
    assert at == [
        (moment(30), False),  # by its clock it was 13 minutes before it was typed
        (moment(25), True),
        (moment(25), True),  # the tap is no observation, and calls for the tighter interval
        (moment(30), False),
        (moment(25), True),  # a pulse alone is no observation
        (moment(30), True),
        (moment(30), False),
        (moment(30), False),
    ]
    assert f"{(NOON + 30 * MINUTE).astimezone(OSLO):%H:%M}" == "13:30", "what is now"
    shown = [-round(one / 60_000) for one in found[0]["last"]]
    assert shown == [13 * 60 + 30, 37, 23 * 60 + 59, 0, 0]
