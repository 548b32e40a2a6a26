"""What every test may ask for, and what is said aloud when the machine lacks a part."""

import gc
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.utils import translation
from hypothesis import settings
from pytest_django import DjangoDbBlocker

from tests import databases
from tools.machine import advice, missing

HERE = Path(__file__).parent
JOURNEYS, FAULTS = HERE / "journeys", HERE / "faults"
LONGEST_FIRST = {"journeys": 0, "faults": 1, "server": 2}
STORING = {"clinic", "exchange", "faults", "journeys", "server", "test_databases.py"}
"""Where a test may use the database; of these the second run of `make test` gathers its tests."""
STORED = {"db", "transactional_db", "django_db_serialized_rollback", "live_server"}
ON_CI = os.environ.get("CI") == "true"
LONG = os.environ.get("LYSGLIMT_LONG") == "true"
"""Asked for by `make test-long`: every case of every test, on both databases."""
NOT_HERE = missing()
READS: Counter[str] = Counter()

FURTHER = pytest.StashKey[bool]()
"""A test of storage has cases; of all but the first this is said."""

gc.disable()  # until all tests are gathered: they stay for the whole run
settings.register_profile("default", deadline=None, max_examples=50)
settings.register_profile("long", deadline=None, max_examples=2_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> Iterator[None]:
    """`storage` is what uses the database; a `journey` drives a browser on this machine.

    The longest begin first: at the end nobody waits for one that has just begun.
    """
    lacking = databases.ASKED == "postgresql" and not databases.POSTGRESQL
    for item in items:
        if item.path.is_relative_to(JOURNEYS):
            item.add_marker(pytest.mark.journey)
            item.add_marker(pytest.mark.allow_hosts(["127.0.0.1", "::1", "localhost"]))
        stored = STORED & set(getattr(item, "fixturenames", ()))
        if stored or item.get_closest_marker("django_db"):
            item.add_marker(pytest.mark.storage)
            place = item.path.relative_to(HERE).parts[0]
            if place not in STORING and not item.get_closest_marker("anywhere"):
                raise pytest.UsageError(
                    f"{item.nodeid}: only {sorted(STORING)} use the database"
                )
            if lacking:
                item.add_marker(pytest.mark.skip(reason="postgresql is missing"))
    mark_further_cases(items)
    later = [item for item in items if not LONG and is_of_second_ring(item)]
    config.hook.pytest_deselected(items=later)
    gone = set(later)
    items[:] = [item for item in items if item not in gone]
    yield
    items.sort(key=lambda item: LONGEST_FIRST.get(item.path.relative_to(HERE).parts[0], 3))


def is_of_second_ring(item: pytest.Item) -> bool:
    """Said of it or of its case ``on`` a database, or on PostgreSQL of what is a further case."""
    if databases.POSTGRESQL and FURTHER in item.stash:
        return True
    said = item.get_closest_marker("second_ring")
    return said is not None and said.kwargs.get("on", item.nodeid) in item.nodeid


def mark_further_cases(items: Iterable[pytest.Item]) -> None:
    known: set[str] = set()
    for item in items:
        stored = item.get_closest_marker("storage") or item.path.is_relative_to(FAULTS)
        test, case, _ = item.nodeid.partition("[")
        if stored and case and test in known:
            item.stash[FURTHER] = True
        known.add(test)


def pytest_collection_finish() -> None:
    """What is there by now stays: nobody need look through it for what may be thrown away."""
    gc.enable()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """What the workers of a parallel run have seen is added up."""
    READS.update(getattr(node, "workeroutput", {}).get("reads", {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    from tests.watch import WATCH  # noqa: PLC0415 - once Django is ready

    reads = READS + WATCH.counts + Counter(unlogged=len(WATCH.faults))
    terminalreporter.write_line(
        f"log of reads: {reads['answers looked at']} answers looked at, "
        f"{reads['showed patients']} showed patients, {reads['unlogged']} unlogged"
    )
    for name, numbers in told(terminalreporter.stats.get("passed", [])).items():
        words = ", ".join(f"{value} {what}" for what, value in numbers.items())
        terminalreporter.write_line(f"{name}: {words}")
    for name in NOT_HERE:
        terminalreporter.write_line(f"NOT TESTED: {advice(name)}", red=True, bold=True)


def told(reports: Iterable[pytest.TestReport]) -> dict[str, Counter[str]]:
    """The `figures` of each test, its cases added up; also those that other processes ran."""
    found: dict[str, Counter[str]] = {}
    for report in reports:
        if report.user_properties:
            name = report.nodeid.partition("::")[2].partition("[")[0]
            found.setdefault(name, Counter()).update(dict(report.user_properties))
    return found


@pytest.fixture(scope="session")
def migrated(
    tmp_path_factory: pytest.TempPathFactory,
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
) -> str:
    """The database of an empty clinic: a file, or its name in PostgreSQL. It is there to be copied."""
    from tests.migrated import migrated  # noqa: PLC0415 - once Django is ready

    with django_db_blocker.unblock():
        return migrated(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, migrated: str
) -> None:
    """Each process of a run begins with a copy."""
    connections["default"].settings_dict["TEST"]["TEMPLATE"] = migrated


@pytest.fixture(autouse=True, scope="session")
def _every_patient_is_known() -> None:
    from tests.watch import follow  # noqa: PLC0415 - once Django is ready

    follow()


@pytest.fixture(autouse=True)
def _nobody_has_chosen_a_language() -> None:
    """A page that was asked for in English leaves its process so."""
    translation.deactivate()


@pytest.fixture(autouse=True)
def _whoever_was_shown_is_in_the_log() -> Iterator[None]:
    from tests.watch import WATCH  # noqa: PLC0415 - once Django is ready

    before = len(WATCH.faults)
    with WATCH.forgetting():
        yield
    assert WATCH.faults[before:] == []


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workeroutput"):
        from tests.watch import WATCH  # noqa: PLC0415 - once Django is ready

        session.config.workeroutput["reads"] = WATCH.counts | {"unlogged": len(WATCH.faults)}
    if NOT_HERE and ON_CI:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture
def figures(record_property: Callable[[str, object], None]) -> Callable[..., None]:
    """`figures(tried=1000, found=1000)` is printed when the run is over."""

    def figures(**said: object) -> None:
        for name, value in said.items():
            record_property(name.replace("_", " "), value)

    return figures


@pytest.fixture(scope="session")
def need() -> Callable[[str], None]:
    """`need("gettext")` skips the test, or on CI fails it, when the machine lacks that part."""

    def need(part: str) -> None:
        if missing([part]):
            (pytest.fail if ON_CI else pytest.skip)(advice(part))

    return need


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real trial data, which the repository does not carry.

    Skips without ``LYSGLIMT_REAL_DATA``; a folder that is named and is not there is a failure.
    """
    if not (named := os.environ.get("LYSGLIMT_REAL_DATA")):
        pytest.skip("LYSGLIMT_REAL_DATA names no folder of real data")
    folder = Path(named)
    assert folder.is_dir(), f"LYSGLIMT_REAL_DATA={named} is no folder"
    return folder
