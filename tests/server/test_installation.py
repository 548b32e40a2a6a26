"""From an empty folder to a clinic that answers, by the commands a site would use."""

import json
import os
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from hashlib import sha1
from http.client import HTTPConnection
from io import StringIO
from pathlib import Path

import pytest

from .commands import Ran
from .commands import lysglimt as here
from .conftest import ALONE, SAID, Lysglimt

ADD = ("add", "kari", "--role", "nurse", "--unit", "Moss")
PASSWORD = "sikkert passord 12\n"  # noqa: S105 - of nobody


@pytest.fixture
def user(db: None, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """`user("list")` is the command, in this process, on the database of the tests."""

    def user(*words: str, stdin: str = "") -> Ran:
        monkeypatch.setattr("sys.stdin", StringIO(stdin))
        return here("user", *words)

    return user


def test_init_writes_new_keys_for_its_owner_alone(tmp_path: Path) -> None:
    first = here("init", "--dir", "one", folder=tmp_path)
    assert first.out == "Wrote one/lysglimt.toml. Next: cd one && lysglimt migrate\n"
    here("init", "--dir", "two", folder=tmp_path)
    written = [(tmp_path / folder / "lysglimt.toml") for folder in ("one", "two")]
    assert written[0].read_text() != written[1].read_text()
    assert stat.S_IMODE(written[0].stat().st_mode) == 0o600


def test_init_never_overwrites(tmp_path: Path) -> None:
    here("init", folder=tmp_path)
    before = (tmp_path / "lysglimt.toml").read_text()
    again = here("init", folder=tmp_path)
    assert (again.code, again.out) == (2, "")
    assert "there already" in again.err
    assert (tmp_path / "lysglimt.toml").read_text() == before


def test_without_a_configuration_a_command_says_what_to_do(lysglimt: Lysglimt) -> None:
    refused = lysglimt("migrate")
    assert refused.returncode == 2
    assert "secret_key: Field required" in refused.stderr
    assert "lysglimt init" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_migrate_plans_and_does_and_is_done(ready: Path) -> None:
    _, planned, done, again = json.loads((ready / SAID).read_text(encoding="utf-8"))
    assert "would do people.0001_initial" in planned
    assert "up to date" in done
    assert again == "The database is up to date.\n"
    file = ready / "lysglimt.sqlite3"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_database_of_a_newer_version_is_left_alone(
    tmp_path: Path, installed: Lysglimt
) -> None:
    with sqlite3.connect(tmp_path / "lysglimt.sqlite3") as database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('people', '0999_x', '2030-01-01')"
        )
    database.close()
    refused = installed("migrate")
    assert refused.returncode == 2
    assert "newer Lysglimt (unknown here: people.0999_x)" in refused.stderr
    assert installed("serve").returncode == 2
    assert installed("doctor").returncode == 1


@pytest.mark.anywhere
def test_people_are_added_and_changed(user: Callable[..., Ran]) -> None:
    lonely = user(*ADD, "--password-stdin", stdin=PASSWORD)
    assert (lonely.code, "a new one needs --entity" in lonely.err) == (2, True)
    added = user(*ADD, "--entity", "Sykehuset", "--password-stdin", stdin=PASSWORD)
    assert added.out == "Added kari.\n"
    assert user(*ADD, "--password-stdin", stdin=PASSWORD).code == 2
    assert user("role", "kari", "psychiatrist").code == 0
    [kari] = json.loads(user("list", "--json").out)
    assert (kari["username"], kari["role"], kari["unit"]) == ("kari", "psychiatrist", "Moss")
    assert "kari  psychiatrist  Moss  Sykehuset" in user("list").out
    wrong = user("role", "karl", "nurse")
    assert "the nearest is 'kari'" in wrong.err


@pytest.mark.anywhere
@pytest.mark.parametrize(
    "password", ["kort\n", "password1234", ""], ids=["short", "common", "none"]
)
def test_a_weak_password_is_refused(user: Callable[..., Ran], password: str) -> None:
    words = (*ADD, "--entity", "Sykehuset", "--password-stdin")
    refused = user(*words, stdin=password)
    assert refused.code == 2
    assert "Traceback" not in refused.err
    assert user("list").out == ""


def test_a_stolen_password_is_refused(tmp_path: Path, installed: Lysglimt) -> None:
    stolen = sha1(PASSWORD.strip().encode(), usedforsecurity=False).hexdigest().upper()
    (tmp_path / "stolen.txt").write_text(f"{stolen}:12\n")
    file = tmp_path / "lysglimt.toml"
    file.write_text('breached_passwords = "stolen.txt"\n' + file.read_text())
    words = ("user", *ADD, "--entity", "Sykehuset", "--password-stdin")
    refused = installed(*words, stdin=PASSWORD)
    assert refused.returncode == 2
    assert "lister over stjålne passord" in refused.stderr
    (tmp_path / "stolen.txt").unlink()
    missing = installed(*words, stdin=PASSWORD)
    assert "breached_passwords: Value error, there is no file stolen.txt" in missing.stderr


@pytest.mark.anywhere
def test_a_password_is_changed(user: Callable[..., Ran]) -> None:
    user(*ADD, "--entity", "Sykehuset", "--private", "--password-stdin", stdin=PASSWORD)
    changed = user("set-password", "kari", "--password-stdin", stdin="et helt annet passord")
    assert (changed.code, changed.out) == (0, "kari has a new password.\n")
    weak = user("set-password", "kari", "--password-stdin", stdin="kari")
    assert weak.code == 2


@pytest.mark.anywhere
def test_a_lost_phone_and_one_who_leaves_are_seen_to(user: Callable[..., Ran]) -> None:
    user(*ADD, "--entity", "Sykehuset", "--password-stdin", stdin=PASSWORD)
    assert user("deactivate", "kari").code == 2, "not without a reason"
    assert user("deactivate", "kari", "--reason", " ").code == 2
    for what in ("reset-second-factor", "sign-out", "activate", "deactivate"):
        done = user(what, "kari", "--reason", "telefonen er borte")
        assert (done.code, done.out[:5]) == (0, "kari "), done.err
        assert user(what, "karl", "--reason", "x").code == 2
    [kari] = json.loads(user("list", "--json").out)
    assert (kari["active"], kari["second_factor"]) == (False, False)


@pytest.mark.anywhere
def test_a_unit_s_name_is_asked_for_where_two_entities_have_it(
    user: Callable[..., Ran],
) -> None:
    for name, entity in (("kari", "Sykehuset"), ("ola", "Klinikken")):
        one = ("add", name, "--role", "nurse", "--unit", "Moss", "--entity", entity)
        assert user(*one, "--password-stdin", stdin=PASSWORD).code == 0
    words = ("add", "eva", "--role", "nurse", "--unit", "Moss", "--password-stdin")
    refused = user(*words, stdin=PASSWORD)
    assert "2 units are called 'Moss'" in refused.err
    again = user(*words, "--entity", "Klinikken", stdin=PASSWORD)
    assert again.out == "Added eva.\n"
    wrong = user("add", "x y", *words[2:], "--entity", "Klinikken", stdin=PASSWORD)
    assert wrong.code == 2


def test_deployed_behind_a_proxy_django_warns_of_nothing(
    tmp_path: Path, installed: Lysglimt
) -> None:
    file = tmp_path / "lysglimt.toml"
    file.write_text(file.read_text().replace("https = false", "https = true"))
    checked = subprocess.run(
        [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=tmp_path,
        env=ALONE | {"DJANGO_SETTINGS_MODULE": "lysglimt.server.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.anywhere
def test_nobody_is_asked_when_nobody_is_there(user: Callable[..., Ran]) -> None:
    refused = user(*ADD, "--entity", "Sykehuset")
    assert refused.code == 2
    assert "--password-stdin" in refused.err


def test_the_doctor_finds_a_sound_installation(installed: Lysglimt) -> None:
    found = installed("doctor")
    checks = [line.split()[1].rstrip(":") for line in found.stdout.splitlines()]
    assert checks == [
        *("configuration", "database", "migrations", "protection", "rows", "disk", "clock"),
        *("keys", "seals", "anchors", "tls", "mail", "backups"),
    ]
    assert found.returncode == (1 if "BAD" in found.stdout else 0)
    assert not [
        line for line in found.stdout.splitlines() if "BAD" in line and "disk" not in line
    ]


def test_the_doctor_names_the_remedy(tmp_path: Path, lysglimt: Lysglimt) -> None:
    alone = lysglimt("doctor", "--json")
    [finding] = json.loads(alone.stdout)
    assert (alone.returncode, finding["sound"], finding["remedy"]) == (
        1,
        False,
        "lysglimt init",
    )
    here("init", folder=tmp_path)
    behind = lysglimt("doctor")
    assert behind.returncode == 1
    assert "-> lysglimt migrate" in behind.stdout
    assert not list(tmp_path.glob("*.sqlite3*")), "who looks has made nothing"


def test_the_doctor_says_when_no_database_answers(tmp_path: Path, lysglimt: Lysglimt) -> None:
    here("init", folder=tmp_path)
    file = tmp_path / "lysglimt.toml"
    file.write_text(file.read_text().replace("lysglimt.sqlite3", "no/such/folder/x.sqlite3"))
    found = lysglimt("doctor")
    assert found.returncode == 1
    assert "the database does not answer" in found.stdout
    assert "Traceback" not in found.stderr


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
    return port


def answered(port: int, page: str) -> int:
    """The status of the answer; 0 when nobody answers within ten seconds."""
    for _ in range(100):
        asked = HTTPConnection("127.0.0.1", port, timeout=5)
        with closing(asked), suppress(OSError):
            asked.request("GET", page)
            return asked.getresponse().status
        time.sleep(0.1)
    return 0


@pytest.mark.allow_hosts(["127.0.0.1"])
@pytest.mark.enable_socket
def test_serve_says_where_it_is_and_leaves_nobody_behind(
    tmp_path: Path, installed: Lysglimt
) -> None:
    port = free_port()
    server = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "from lysglimt.server.cli import main; main()",
            "serve",
            "--port",
            str(port),
        ],
        cwd=tmp_path,
        env=ALONE,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        assert server.stdout.readline() == f"Lysglimt is at http://localhost:{port}\n"
        assert answered(port, "/livez") == 200
        assert answered(port, "/readyz") in {200, 503}
        assert answered(port, "/sign-in/") == 200
        assert os.getpgid(server.pid) == server.pid
    finally:
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=20)
    with socket.socket() as asked:
        assert asked.connect_ex(("127.0.0.1", port)) != 0
