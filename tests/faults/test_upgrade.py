"""The database of the release before is taken over whole, however often the upgrade is cut off."""

import gzip
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from lysglimt.server.backup.engines import Engine, Sqlite, opened
from lysglimt.server.proving.scratch import environment
from tests.reference.release import ENVIRONMENT

from .conftest import LONG, STARTED, empty

RELEASES = ["release-0"]
REFERENCE = Path(__file__).parents[1] / "reference"
OURS = (
    "people_",
    "audit_",
    "treatment_",
    "referral_",
    "chairside_",
    "scheduling_",
    "questionnaires_",
)
CUT_OFF_AFTER = (1, 3, 5) if LONG else (3,)
"""So many steps of the upgrade are done when the process is killed; then it is begun again."""
COMMAND = "from lysglimt.server.cli import main; main()"


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    yield from empty(request.param, tmp_path, request)


def load(database: Engine, release: str) -> None:
    """As it was on the day of the release."""
    packed = REFERENCE / f"{release}.{database.vendor}.sql.gz"
    sql = gzip.decompress(packed.read_bytes()).decode()
    if isinstance(database, Sqlite):
        with closing(opened(database.file)) as connection:
            # The check of a checksum needs what Django brings along.
            connection.create_function(
                "REGEXP", 2, lambda form, said: bool(re.search(form, said))
            )
            connection.executescript(sql)
    else:
        at = database.at
        run = ["psql", "-q", "-v", "ON_ERROR_STOP=1", "-h", at["HOST"], "-p", str(at["PORT"])]
        whole = [*run, "-U", at["USER"], "-d", at["NAME"]]
        subprocess.run(whole, input=sql, text=True, check=True, capture_output=True)


def rows(database: Engine) -> dict[str, int]:
    found = database.inventory()
    return {name: each.rows for name, each in found.items() if name.startswith(OURS)}


def asked(database: Engine, sql: str) -> list[tuple[Any, ...]]:
    connection = opened(database.file) if isinstance(database, Sqlite) else database.connected()
    with closing(connection):
        return list(connection.execute(sql).fetchall())


def done(database: Engine) -> int:
    return int(asked(database, "SELECT count(*) FROM django_migrations")[0][0])


def upgrade(said: dict[str, str], folder: Path) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND, "migrate"],
        cwd=folder,
        env=said,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def cut_off(database: Engine, said: dict[str, str], folder: Path, *, after: int) -> bool:
    """Killed as soon as so many steps more are done; whether it was not too late."""
    before, process = done(database), upgrade(said, folder)
    while process.poll() is None and done(database) < before + after:
        time.sleep(0.01)
    killed = process.poll() is None
    if killed:
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    return killed


def module(said: dict[str, str], name: str) -> Any:
    ran = subprocess.run(
        [sys.executable, *STARTED, name], env=said, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


@pytest.mark.second_ring(on="sqlite")
@pytest.mark.parametrize("release", RELEASES)
def test_an_upgrade_that_is_killed_and_begun_again_loses_nothing(
    release: str, database: Engine, tmp_path: Path, figures: dict[str, object]
) -> None:
    load(database, release)
    before = rows(database)
    clear = {
        "treatment_coursedecision.goals": asked(
            database, "SELECT goals FROM treatment_coursedecision"
        ),
        "referral_referralletter.sender_name": asked(
            database, "SELECT sender_name FROM referral_referralletter"
        ),
        "chairside_vitalset.comment": asked(database, "SELECT comment FROM chairside_vitalset"),
    }
    said = environment(tmp_path, database) | ENVIRONMENT
    said |= {"LYSGLIMT_DATABASE": database.address, "PYTHONPATH": str(REFERENCE.parents[1])}
    kills = sum(cut_off(database, said, tmp_path, after=after) for after in CUT_OFF_AFTER)
    last = upgrade(said, tmp_path)
    _, err = last.communicate()
    assert last.returncode == 0, err.decode()
    after = rows(database)
    lost = {name: count for name, count in before.items() if after.get(name) != count}
    looked = module(said, "lysglimt.server.backup.look")
    texts = module(said, "tests.faults.texts")
    figures |= {"database": database.vendor, "rows": sum(before.values()), "kills": kills}
    figures |= {"tables that lost": len(lost), **looked}
    assert kills
    assert (lost, looked["shut"], looked["unguarded"]) == ({}, 0, [])
    assert looked["opened"] == before["people_patient"]
    for column, stood in clear.items():
        assert texts[column] == sorted(json.dumps(text) for (text,) in stood if text), column
    assert texts["referral_referralletter.sender_name"]
