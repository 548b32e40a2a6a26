"""At the chair: a set is stored within 6 ms of processor and 60 ms, a chart shown within 5.5 and 50.

    python -m benchmarks.at_the_chair [REQUESTS]

Eight nurses, each at a chair where an infusion runs: they open the session's page, with 200 values
on it, and then chart one set after the other, with right, rules and trail, through the server as
`lysglimt serve` starts it with two processes. On SQLite and on a PostgreSQL that writes through as
a clinic's does. Beside each a bare Django on the same server and kind of database, in the same run.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg

from benchmarks.chair.asking import Answered, answered
from benchmarks.conditions import say, stated
from lysglimt.server.proving.served import free_port
from lysglimt.server.proving.writers import FORM, reading
from tests.databases import throw_away

PROCESSES, CLIENTS = 2, 8
REQUESTS, WARMING = 1_600, 400
PATIENCE = 60
COMMAND = ("-c", "from lysglimt.server.cli import main; main()")
FLOOR = ("-c", "from benchmarks.chair.floor import main; main()")
STARTED = ("-m", "lysglimt.server.started")


@dataclass(frozen=True, slots=True)
class Promise:
    """At most so much for one request; milliseconds, and questions of the database."""

    name: str
    cpu_ms: float
    p99: float
    sql: int

    def kept(self, found: Answered, sql: int) -> bool:
        return (
            found.wrong == 0
            and found.cpu_ms <= self.cpu_ms
            and found.p99 <= self.p99
            and sql <= self.sql
        )


CHART = Promise("chart of 200 values", cpu_ms=5.5, p99=50, sql=10)
STORE = Promise("a set stored", cpu_ms=6, p99=60, sql=10)


@dataclass(frozen=True)
class Clinic:
    """A folder with a clinic in it, and what its commands are told."""

    folder: Path
    said: Mapping[str, str]

    def run(self, *words: str, told: object = None) -> str:
        done = subprocess.run(
            [sys.executable, *words],
            cwd=self.folder,
            env=dict(self.said),
            input=json.dumps(told),
            check=False,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise RuntimeError(done.stderr)
        return done.stdout

    @contextmanager
    def served(self, *words: str) -> Iterator[int]:
        """Its process, which leads the group of all that serve; until then nobody is asked."""
        with (self.folder / "server.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, *words],
                cwd=self.folder,
                env=dict(self.said),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
            try:
                yield process.pid
            finally:
                os.killpg(process.pid, signal.SIGTERM)
                process.wait()


def clinic(folder: Path, database: str) -> Clinic:
    said = {n: v for n, v in os.environ.items() if not n.startswith(("LYSGLIMT_", "DJANGO_"))}
    said |= {"PYTHONPATH": os.pathsep.join([str(Path.cwd()), *sys.path])}
    said |= {"LYSGLIMT_IDENTITY_NUMBERS": "synthetic", "LYSGLIMT_HTTPS": "false"}
    said |= {"LYSGLIMT_HOSTS": '["127.0.0.1"]', "LYSGLIMT_DATABASE": database}
    return Clinic(folder, said)


def wait_for(port: int, path: str) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", path)
            if connection.getresponse().status < 500:
                return
        except (OSError, HTTPException):
            time.sleep(0.1)
        finally:
            connection.close()
    raise RuntimeError(f"{path} is not answered")


def request(path: str, jar: Mapping[str, str], form: str = "") -> bytes:
    head = [
        f"{'POST' if form else 'GET'} {path} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Cookie: {'; '.join(f'{name}={value}' for name, value in jar.items())}",
    ]
    if form:
        head += [f"Content-Type: {FORM}", f"Content-Length: {len(form)}"]
        head += [f"X-CSRFToken: {jar.get('csrf', '')}"]
    return ("\r\n".join(head) + "\r\n\r\n" + form).encode()


def measured(
    port: int, group: int, ground: Mapping[str, Any], *, prefix: str, requests: int
) -> dict[Promise, Answered]:
    """Each of the nurses at her chair: first the page as it stands, then the sets."""
    each, warm = requests // CLIENTS, WARMING // CLIENTS
    chairs = list(zip(ground["sessions"], ground["cookies"], strict=True))

    def pages(count: int) -> list[list[bytes]]:
        return [[request(f"{prefix}/{key}/", jar)] * count for key, jar in chairs]

    def sets(count: int) -> list[list[bytes]]:
        return [
            [
                request(f"{prefix}/{key}/vitals/", jar, urlencode(reading(number)))
                for number in range(count)
            ]
            for key, jar in chairs
        ]

    answered(port, group, pages(warm), status=200)
    shown = answered(port, group, pages(each), status=200)
    answered(port, group, sets(warm), status=302)
    return {CHART: shown, STORE: answered(port, group, sets(each), status=302)}


def of_ours(place: Clinic, requests: int) -> tuple[dict[Promise, Answered], dict[Promise, Any]]:
    """What was measured, and what was counted beside it."""
    place.run(*COMMAND, "init")
    place.run(*COMMAND, "migrate")
    ground = json.loads(place.run(*STARTED, "benchmarks.chair.ground"))
    port = free_port()
    serve = ("serve", "--port", str(port), "--processes", str(PROCESSES))
    with place.served(*COMMAND, *serve) as group:
        wait_for(port, "/livez")
        found = measured(port, group, ground, prefix="/sessions", requests=requests)
    counted = json.loads(place.run(*STARTED, "benchmarks.chair.counted", told=ground))
    return found, {CHART: counted["get"], STORE: counted["post"]}


def of_floor(place: Clinic, requests: int) -> dict[Promise, Answered]:
    port = free_port()
    words = (*FLOOR, str(port), str(PROCESSES))
    ground = {"sessions": list(range(CLIENTS)), "cookies": [{}] * CLIENTS}
    with place.served(*words) as group:
        wait_for(port, "/0/")
        return measured(port, group, ground, prefix="", requests=requests)


def line(name: str, found: Answered) -> str:
    return (
        f"{name}: {found.a_second:.0f}/s, p50 {found.p50:.1f} ms, p99 {found.p99:.1f} ms, "
        f"{found.cpu_ms:.2f} ms CPU a request, {found.bytes} bytes"
        + (f", {found.wrong} REFUSED" if found.wrong else "")
    )


def on(name: str, databases: tuple[str, str], requests: int) -> bool:
    """Ours and the floor on one kind of database; whether both promises are kept."""
    ours, bare = databases
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as place:
        floor = of_floor(
            clinic(Path(place), bare or f"sqlite:///{place}/floor.sqlite3"), requests
        )
        database = ours or f"sqlite:///{place}/clinic.sqlite3"
        found, counted = of_ours(clinic(Path(place), database), requests)
    kept = True
    for promise, one in found.items():
        beside, sql = floor[promise], counted[promise]["sql"]
        say(line(f"{name}, {promise.name}", one))
        say(f"  {sql} SQL and {counted[promise]['marks']} marks of transactions")
        say(line("  bare Django", beside))
        say(
            f"  {one.cpu_ms / beside.cpu_ms:.1f}x its CPU, {beside.a_second / one.a_second:.1f}x its time"
        )
        if not promise.kept(one, sql):
            kept = False
            say(
                f"  NOT KEPT: at most {promise.cpu_ms} ms CPU, p99 {promise.p99} ms, {promise.sql} SQL"
            )
    return kept


def on_postgresql() -> tuple[str, str]:
    """Two empty databases of one server that writes through."""
    address = throw_away(safe=True)
    server = address.rpartition("/")[0]
    with psycopg.connect(f"{server}/postgres", autocommit=True) as known:
        for each in ("lysglimt", "floor"):
            known.execute(f"CREATE DATABASE {each}".encode())
    return address, f"{server}/floor"


def main(requests: int) -> bool:
    limits = "; ".join(
        f"{one.name}: <= {one.cpu_ms} ms CPU, p99 <= {one.p99} ms, <= {one.sql} SQL"
        for one in (STORE, CHART)
    )
    with stated(limits):
        say(f"{PROCESSES} processes, {CLIENTS} clients, {requests} requests of each kind")
        found = [on("SQLite", ("", ""), requests), on("PostgreSQL", on_postgresql(), requests)]
    return all(found)


if __name__ == "__main__":
    kept = main(int(sys.argv[1]) if len(sys.argv) > 1 else REQUESTS)
    say("kept" if kept else "NOT KEPT")
    sys.exit(0 if kept else 1)
