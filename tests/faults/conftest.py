"""An empty clinic on either database, served by processes of its own, which tests may ill-treat."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from lysglimt.server.backup.engines import Engine, Postgresql, Sqlite
from lysglimt.server.proving.scratch import Scratch, environment
from tests.databases import ASKED
from tests.once import once
from tools.machine import PARTS

SOCKETS = ["127.0.0.1", "localhost"]
STARTED = ("-m", "lysglimt.server.started")
"""Said to Python before the name of a module that needs Django."""
LONG = os.environ.get("LYSGLIMT_LONG") == "true"
"""Asked for by `make test-long`: the whole of every fault test."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.allow_hosts(SOCKETS))


@pytest.fixture(scope="session")
def emptied(migrated: str) -> Callable[[Scratch], Scratch]:
    """`emptied(scratch)` has the database of an empty clinic."""

    def emptied(scratch: Scratch) -> Scratch:
        database = scratch.database

        def made(dump: Path) -> None:
            migrate(scratch)
            database.dump(dump)

        if database.vendor == ASKED == "sqlite":
            database.load(Path(migrated), replace=False)
            return scratch
        dump = once(scratch.folder.parent, f"empty-{database.vendor}", made)
        if database.empty():
            database.load(dump, replace=False)
        return scratch

    return emptied


def migrate(scratch: Scratch) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from lysglimt.server.cli import main; main()", "migrate"],
        cwd=scratch.folder,
        env=dict(scratch.environment),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def postgresql() -> Postgresql:
    """A PostgreSQL that lives as long as the run; ``scratch`` makes databases in it."""
    if not PARTS["postgresql"].found():
        pytest.skip("postgresql is missing")
    from tests.databases import throw_away  # noqa: PLC0415 - it starts a server

    address = throw_away()
    with closing(psycopg.connect(address.rpartition("/")[0] + "/postgres")) as known:
        info = known.info
        return Postgresql(
            {"NAME": "postgres", "HOST": info.host, "PORT": info.port, "USER": info.user}
        )


def empty(kind: str, folder: Path, request: pytest.FixtureRequest) -> Iterator[Engine]:
    if kind == "sqlite":
        yield Sqlite({"NAME": folder / "clinic.sqlite3"})
    else:
        with request.getfixturevalue("postgresql").scratch(folder) as database:
            yield database


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def scratch(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    emptied: Callable[[Scratch], Scratch],
) -> Iterator[Scratch]:
    """Migrated and empty; the tests of a module share it."""
    folder = tmp_path_factory.mktemp(f"faults-{uuid4().hex[:6]}")
    for database in empty(request.param, folder, request):
        yield emptied(Scratch(folder, database, environment(folder, database)))


@pytest.fixture
def figures(
    request: pytest.FixtureRequest,
    capsys: pytest.CaptureFixture[str],
    record_property: Callable[[str, object], None],
) -> Iterator[dict[str, object]]:
    """What a test puts here is printed, and its numbers once more when the run is over."""
    said: dict[str, object] = {}
    yield said
    for name, figure in said.items():
        if isinstance(figure, int):
            record_property(name, figure)
    with capsys.disabled():
        told = ", ".join(f"{name} {figure}" for name, figure in said.items())
        sys.stdout.write(f"\n{request.node.name}: {told}\n")
