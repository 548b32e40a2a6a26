"""The tests of storage run on the database they were asked to run on."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, connection, transaction

from tests import databases


@pytest.mark.django_db
def test_the_database_is_the_one_asked_for() -> None:
    assert connection.vendor == databases.ASKED


@pytest.mark.django_db
def test_a_broken_promise_is_refused_by_the_database_itself() -> None:
    Group.objects.create(name="nurses")
    with pytest.raises(IntegrityError), transaction.atomic():
        Group.objects.create(name="nurses")
    assert Group.objects.count() == 1


SAFE_SERVER = """
from psycopg import connect
from tests.databases import throw_away
address = throw_away(safe=True)
print(address)
print(*connect(address.rpartition("/")[0] + "/postgres").execute("SHOW fsync").fetchone(), flush=True)
input()
"""


def test_the_throw_away_server_writes_through_if_asked_and_goes_when_its_run_is_killed(
    need: Callable[[str], None],
) -> None:
    need("postgresql")
    environment = {n: v for n, v in os.environ.items() if n != "LYSGLIMT_DATABASE"}
    run = subprocess.Popen(
        [sys.executable, "-c", SAFE_SERVER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
        cwd=Path(__file__).parents[1],
    )
    assert run.stdout is not None
    folder = Path(run.stdout.readline().split("@")[1].partition("/")[0].replace("%2F", "/"))
    there, writes_through = folder.exists(), run.stdout.readline().strip()
    run.kill()
    run.communicate()
    end = time.monotonic() + 20
    while folder.exists() and time.monotonic() < end:
        time.sleep(0.05)
    assert (there, writes_through, folder.exists()) == (True, "on", False)
