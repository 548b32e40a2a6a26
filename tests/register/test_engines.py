"""Every engine counts as the plain one does: the same whole numbers, and shares to the ninth place."""

import ast
import gc
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import psycopg
import pytest

from lysglimt.knowledge.errors import Unknown
from lysglimt.register.engines.asked import Asked, definitions, reckoned
from lysglimt.register.engines.backends import (
    duckdb_tables,
    lay_out,
    spark_tables,
)
from lysglimt.register.engines.facts import EngineFacts
from lysglimt.register.engines.facts import facts as engine_facts
from lysglimt.register.engines.from_ibis import answered
from lysglimt.register.engines.into_postgresql import fill_postgresql, postgresql_tables
from lysglimt.register.findings import validate_all
from lysglimt.register.indicators import measured as plain
from lysglimt.register.indicators.facts import facts
from lysglimt.register.indicators.indicator import Counted, indicators
from lysglimt.register.indicators.measured import Measured, measured
from tests import databases

from .made import START, Made, Rows, evaluated, register

ALL = indicators()
CLOSE = 1e-9
ANSWERS = (None, True, False)
GROUPINGS = ((), ("unit", "sex", "protocol"), ("quarter", "age_band", "region", "staging_band"))
Told = Callable[[Rows], EngineFacts]


def many(people: int) -> Rows:
    """All that the rows of a made-up course can be, in one register; the same each time."""
    chance = Random(people)  # noqa: S311 - a clinic, no secret

    def some(*values: Any) -> Any:
        return chance.choice(values)

    def phase(sessions: int) -> str:
        begun = ("induction", "maintenance", "follow-up", "closed")
        return str(some(*begun)) if sessions else "planned"

    courses = [
        Made(
            f"{number:05}",
            unit=chance.randint(1, 4),
            before=some(None, 20, 33, 34, 41),
            after=some(None, 5, 9, 10, 11, 12, 17, 20, 30),
            item=some(None, (5, 3), (3, 2), (2, 1), (1, 0), (4, 4)),
            sex=some("f", "m"),
            born=chance.randint(1930, 2009),
            sessions=sessions,
            phase=phase(sessions),
            failed=some(None, 1, 2, 3),
            off_label=some(*ANSWERS),
            worked_up=some(*ANSWERS[1:]),
            choice=some("register", "register", "register", "reserved"),
            early=some(0, 0, 2),
            serious=some(0, 0, 1),
            waited=chance.randint(0, 90),
            relapsed=some(None, 0, 30, 183, 300),
            later=some(None, 5, 17, 18, 40),
            followed=some(10, 150, 220, 400),
            start=START + timedelta(days=chance.randint(0, 700)),
            therapy=some((), (0,), (0, 18), (-14, 33), (15,)),
            escorted=some(*ANSWERS),
            form=some(*ANSWERS),
        )
        for number in range(people)
        for sessions in [some(0, 1, 5, 6, 6, 8)]
    ]
    return register(*courses)


def trapped() -> Rows:
    """What engines do differently, a course for each."""
    rows = register(
        Made("limit"), Made("above"), Made("order", before=None), Made("later", before=None),
        Made("august", start=date(2026, 8, 12), followed=400, later=5), Made("unsaid", escorted=None),
        Made("half", before=33, after=None), Made("past", sessions=0),
    )  # fmt: skip
    for name, value in (("limit", "2.1"), ("above", "2.100001")):
        rows["lab"].append({
            "person": f"p-{name}", "analyte": "alt", "taken_on": START,
            "value": Decimal(value), "upper_limit": Decimal("0.7"),
        })  # fmt: skip
    for rating, name, total, ago in (
        ("B", "order", 40, 1), ("a", "order", 20, 1), ("x", "later", 25, 3), ("y", "later", 45, 2),
    ):  # fmt: skip
        rows["rating"].append({
            "rating": rating, "person": f"p-{name}", "course": f"c-{name}", "instrument": "madrs",
            "instrument_version": "1979", "timing": "baseline", "total": total,
            "rated_on": START - timedelta(days=ago), "suicidal_item": None,
        })  # fmt: skip
    for row in rows["session"]:
        if row["course"] == "c-unsaid":
            row["pressure_red"] = None if row["session"] == 1 else row["session"] == 2
    rows["rating"].append({
        "rating": "half", "person": "p-half", "course": "c-half", "instrument": "madrs",
        "instrument_version": "1979", "timing": "evaluation", "total": Decimal("16.5"),
        "rated_on": evaluated(Made("half")), "suicidal_item": None,
    })  # fmt: skip
    return rows


@pytest.fixture(scope="module")
def duckdb(tmp_path_factory: pytest.TempPathFactory) -> Told:
    return lambda rows: engine_facts(
        duckdb_tables(lay_out(rows, tmp_path_factory.mktemp("tables")))
    )


@pytest.fixture(scope="module")
def postgresql(need: Callable[[str], None]) -> Iterator[Told]:
    need("postgresql")
    url = f"{databases.throw_away().rpartition('/')[0]}/postgres"
    numbers = iter(range(100))

    def told(rows: Rows) -> EngineFacts:
        schema = f"register_{next(numbers)}"
        fill_postgresql(rows, url, schema)
        return engine_facts(postgresql_tables(connection, schema))

    with psycopg.connect(url) as connection:
        yield told
        gc.collect()  # tables that were kept for a while are dropped while somebody is connected


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    sql = pytest.importorskip("pyspark.sql", reason="`make test-long` installs Spark")
    if shutil.which("java") is None:
        pytest.skip("Spark asks for Java 17")
    session = (
        sql.SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.memory", "3g")  # plans of this length do not fit in its usual one
        .config("spark.sql.autoBroadcastJoinThreshold", "-1")
        .config("spark.sql.warehouse.dir", str(tmp_path_factory.mktemp("warehouse")))
        .getOrCreate()
    )
    yield lambda rows: engine_facts(
        spark_tables(lay_out(rows, tmp_path_factory.mktemp("tables")), session)
    )
    session.stop()


SPARK = pytest.param(
    "spark",
    marks=[
        pytest.mark.second_ring,
        pytest.mark.allow_hosts(["127.0.0.1", "::1", "localhost"]),
        pytest.mark.filterwarnings("ignore:PySpark does not yet:FutureWarning"),
        pytest.mark.filterwarnings("ignore::ResourceWarning"),  # its sockets to Java
    ],
)


@pytest.fixture(scope="module", params=["duckdb", "postgresql", SPARK])
def engine(request: pytest.FixtureRequest) -> Told:
    told: Told = request.getfixturevalue(request.param)
    return told


@pytest.fixture(scope="module")
def traps(engine: Told) -> Mapping[str, Mapping[str, Any]]:
    """The facts of each course of the traps, as the engine makes them."""
    lines = answered(engine(trapped())[Counted.COURSE])
    return {line["course"].removeprefix("c-"): line for line in lines}


def apart(one: object, other: object) -> float:
    """How far two answers are apart; whole numbers, words and groups must be the same."""
    match one, other:
        case ((float() | Fraction() | Decimal()), (float() | Fraction() | Decimal() | int())):
            return abs(float(one) - float(other)) / max(1.0, abs(float(one)))
        case ((list() | tuple()), (list() | tuple())):
            assert len(one) == len(other), (one, other)
            return max((apart(*each) for each in zip(one, other, strict=True)), default=0.0)
        case _ if is_dataclass(one) and not isinstance(one, Enum):
            assert type(one) is type(other), (one, other)
            return max(
                apart(getattr(one, each.name), getattr(other, each.name))
                for each in fields(one)
            )
        case _:
            assert one == other, (one, other)
            return 0.0


@pytest.mark.parametrize("people", [150, pytest.param(3_000, marks=pytest.mark.second_ring)])
def test_the_engines_agree(engine: Told, people: int, figures: Callable[..., None]) -> None:
    rows = many(people)
    told, by_rows = engine(rows), facts(rows)
    asked = [Asked(one, name) for one in ALL.values() for name in definitions(one, told)]
    assert [one.definition for one in asked] == [
        name for one in ALL.values() for name in plain.definitions(one, by_rows)
    ]
    furthest, questions = 0.0, 0
    for by in GROUPINGS:
        for one, found in reckoned(told, asked, by=by).items():
            wanted: list[Measured] = measured(
                one.indicator, by_rows, by=by, definition=one.definition
            )
            furthest, questions = max(furthest, apart(wanted, found)), questions + 1
    assert furthest <= CLOSE
    assert questions == len(GROUPINGS) * len(asked) > 80
    figures(questions=questions, engines=1, sizes=1, largest_difference=furthest)


def test_the_rows_of_the_traps_are_rows_of_the_code_book() -> None:
    assert not list(validate_all(trapped()))
    assert not list(validate_all(many(60)))


def test_three_times_the_limit_is_not_above_it(traps: Mapping[str, Any]) -> None:
    """As binary fractions 3 x 0.7 is less than 2.1; as a decimal of another width it drifts."""
    assert (traps["limit"]["liver_events"], traps["above"]["liver_events"]) == (0, 1)


def test_of_two_ratings_of_a_day_the_same_is_taken_in_every_language(
    traps: Mapping[str, Any],
) -> None:
    """A database that speaks Norwegian sorts a before B; the register sorts by characters."""
    assert traps["order"]["baseline_madrs"] == 40


def test_the_last_rating_before_the_dose_is_the_baseline(traps: Mapping[str, Any]) -> None:
    assert traps["later"]["baseline_madrs"] == 45


def test_half_a_year_after_the_end_of_august_is_the_end_of_february(
    traps: Mapping[str, Any],
) -> None:
    course = traps["august"]
    assert course["evaluated_on"] == date(2026, 8, 31)
    # 28 February: the follow-up 184 days after the evaluation is 3 March, within the thirty.
    assert (course["sustained"], course["six_months_passed"]) == ("yes", "yes")


def test_a_truth_value_that_is_not_known_is_counted_as_neither(
    traps: Mapping[str, Any],
) -> None:
    """PostgreSQL makes no number of a truth value by itself; none makes one of nothing."""
    assert traps["unsaid"]["sessions_pressure_red"] == 1
    assert traps["unsaid"]["sessions"] == 6


def test_exactly_half_of_an_odd_score_is_a_response(traps: Mapping[str, Any]) -> None:
    """Rounded it would be 17 in one engine and 16 in another: nothing is rounded in a question."""
    assert traps["half"]["evaluation_madrs"] == Decimal("16.5")
    assert traps["half"]["response:madrs"] == "yes"


def test_what_never_began_is_not_known_and_nobody_is_lost(traps: Mapping[str, Any]) -> None:
    course = traps["past"]
    assert len(traps) == 8
    assert (course["started"], course["worked_up"], course["days_waited"]) == ("no", None, None)
    assert (course["sessions"], course["response:madrs"]) == (0, None)


def test_a_quarter_is_of_its_months(traps: Mapping[str, Any]) -> None:
    assert (traps["august"]["quarter"], traps["limit"]["quarter"]) == ("2026Q3", "2026Q1")


def test_a_count_has_no_width_of_an_engine(traps: Mapping[str, Any]) -> None:
    """Counts, days and keys come in several widths of whole number, or as decimals of none."""
    for name in ("sessions", "serious_events", "days_waited", "unit", "year"):
        assert {int(one[name]) == one[name] for one in traps.values() if one[name] is not None} == {True}  # fmt: skip


def test_a_group_that_there_is_none_of_is_refused() -> None:
    with pytest.raises(Unknown, match="'ward' is unknown"):
        reckoned({}, [], by=("ward",))


ENGINES = Path(__file__).parents[2] / "src/lysglimt/register/engines"
SOURCE = ENGINES.parents[1]


def imported(module: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names=names):
                yield from (one.name for one in names)
            case ast.ImportFrom(module=str(name)):
                yield name
            case _:
                pass


def test_no_question_rounds_or_divides_into_a_remainder() -> None:
    """Engines round x.5 and take remainders of what is negative in two ways."""
    found = [
        f"{module.name}:{node.lineno}"
        for module in sorted(ENGINES.glob("*.py"))
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if (isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mod, ast.FloorDiv)))
        or (isinstance(node, ast.Attribute) and node.attr in {"round", "median", "quantile"})
    ]
    assert len(list(ENGINES.glob("*.py"))) > 5
    assert not found


def test_the_web_server_knows_no_engine() -> None:
    """Only a command of the register opens that door, when it is run."""
    doors = {
        module.relative_to(SOURCE).as_posix()
        for module in SOURCE.rglob("*.py")
        if re.search(r"\bibis\b|register\.engines|engines import", module.read_text("utf-8"))
        for name in imported(module)
        if name == "ibis" or name.startswith("lysglimt.register.engines")
    }
    outside = {one for one in doors if not one.startswith("register/engines/")}
    assert outside == {"server/commands/register_told.py"}
    assert "register/engines/from_ibis.py" in doors
