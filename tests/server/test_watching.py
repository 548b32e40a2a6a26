"""What those who run the server see: figures without health data, troubles in plain words, keys."""

import errno
import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, OperationalError, connection
from django.test import Client, RequestFactory

from lysglimt.server import room, serving, troubles
from lysglimt.server.serving import Unready

from .conftest import Lysglimt


def test_metrics_are_for_whoever_brings_the_token(
    client: Client, settings: Any, db: None
) -> None:
    assert client.get("/metrics").status_code == 404
    settings.METRICS_TOKEN = "of the clinic"  # noqa: S105 - of nobody
    assert client.get("/metrics", headers={"Authorization": "Bearer other"}).status_code == 404
    told = client.get("/metrics", headers={"Authorization": "Bearer of the clinic"})
    assert told.status_code == 200
    assert b'lysglimt_ready{check="database"} 1.0' in told.content
    assert b"/patients" not in told.content


@pytest.mark.parametrize(
    ("cause", "status"),
    [
        pytest.param(OperationalError("database or disk is full"), 507, id="SQLite's disk"),
        pytest.param(OperationalError("No space left on device"), 507, id="PostgreSQL's disk"),
        pytest.param(OSError(errno.ENOSPC, "full"), 507, id="another file"),
        pytest.param(OperationalError("connection refused"), 503, id="the database is away"),
        pytest.param(DatabaseError("no such column"), 500, id="our own fault"),
        pytest.param(RuntimeError(), 500, id="anything else"),
        pytest.param(None, 500, id="nothing"),
    ],
)
def test_a_trouble_is_told_from_a_fault(cause: BaseException | None, status: int) -> None:
    assert troubles.status_of(cause) == status


@pytest.mark.parametrize("status", [500, 503, 507])
def test_a_trouble_has_a_page(status: int, rf: RequestFactory) -> None:
    page = troubles.said(rf.get("/"), status)
    assert page.status_code == status
    assert ("Retry-After" in page.headers) == (status == 503)


def test_in_the_last_of_the_room_nothing_new_is_stored(
    rf: RequestFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def view() -> None: ...

    reserve = troubles.Reserve(lambda _: pytest.fail("not asked"))
    monkeypatch.setattr(room, "RESERVE_BYTES", 10**18)
    assert reserve.process_view(rf.post("/"), view) is None, "signing in goes on"
    view.operation = "vitals.record"  # type: ignore[attr-defined]  # as `allowed` marks it
    assert reserve.process_view(rf.get("/"), view) is None
    refused = reserve.process_view(rf.post("/"), view)
    assert refused is not None
    assert refused.status_code == 507


def test_the_server_does_not_start_on_a_journal_that_may_lose_something(
    monkeypatch: pytest.MonkeyPatch, db: None
) -> None:
    serving.refuse_unsound_journal()
    if connection.vendor == "sqlite":
        monkeypatch.setattr(serving, "journal_in_use", lambda: ("OFF", "NORMAL"))
        with pytest.raises(Unready, match="OFF and NORMAL"):
            serving.refuse_unsound_journal()


def test_the_key_is_changed_by_three_commands(tmp_path: Path, installed: Lysglimt) -> None:
    [old] = json.loads(installed("keys", "list", "--json").stdout)
    line = installed("keys", "new").stdout
    file = tmp_path / "lysglimt.toml"
    head = "[encryption_keys]"
    before, _, after = file.read_text().partition(head)
    rest, _, kept = after.partition("\n")
    file.write_text(f"{before}{head}{rest}\n{line}{kept}")
    done = json.loads(installed("keys", "rotate", "--json").stdout)
    assert done["wrapped"] == 1
    assert done["made"]
    assert "0 data keys" in installed("keys", "rotate").stdout
    new, *others = json.loads(installed("keys", "list", "--json").stdout)
    assert (new["data_keys"], others[0]["key"], others[0]["data_keys"]) == (2, old["key"], 0)
    [(name, key), *_] = tomllib.loads(file.read_text())["encryption_keys"].items()
    file.write_text(f'{before}{head}\n"{name}" = "{key}"\n')
    assert "ok  keys" in installed("doctor").stdout
    assert installed("backup", "--keep", "1").returncode == 0
    drilled = json.loads(installed("drill", "--json").stdout)
    assert drilled["holds"]
