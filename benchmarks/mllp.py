"""Messages of monitors: read >= 10x as quickly as python-hl7 does, and stored >= 2x as quickly as it answers.

    python -m benchmarks.mllp [MESSAGES]

Stored means: answered after the commit that reached the disk, on SQLite and on a PostgreSQL that writes
through as a clinic's does; every message is a point of a series, so that each adds a row. The server
of python-hl7 reads each message, stores nothing and acknowledges. Both get the same messages in the same run
from as many senders, each of which waits for its answer, as gateways do.
"""

import asyncio
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import hl7
import psycopg

from benchmarks.conditions import say, stated
from tests.databases import throw_away

READ_PROMISE, STORED_PROMISE = 10, 2
MESSAGES = 20_000
SENDERS = 48
READ = 3_000
ROUNDS = 5
START, END = b"\x0b", b"\x1c\r"
COMMAND = "from lysglimt.server.cli import main; main()"
MONITORS = ("-m", "lysglimt.server.started", "tests.faults.monitors")
PROCESSES = multiprocessing.get_context("spawn")


def message(sender: int, number: int, *, of: int, now: float) -> bytes:
    """Five observations of one moment, ten seconds after the message before; about 750 bytes."""
    at = datetime.fromtimestamp(now, UTC) - timedelta(seconds=10 * (of - number))
    when = f"{at:%Y%m%d%H%M%S}+0000"
    measured = (
        ("147842^MDC_ECG_HEART_RATE^MDC", 60 + number % 40, "264864^MDC_DIM_BEAT_PER_MIN^MDC"),
        ("150456^MDC_PULS_OXIM_SAT_O2^MDC", 94 + number % 6, "262688^MDC_DIM_PERCENT^MDC"),
        ("151562^MDC_RESP_RATE^MDC", 12 + number % 8, "264928^MDC_DIM_RESP_PER_MIN^MDC"),
        ("150021^MDC_PRESS_BLD_NONINV_SYS^MDC", 120 + number % 30, "266016^MDC_DIM_MMHG^MDC"),
        ("150022^MDC_PRESS_BLD_NONINV_DIA^MDC", 70 + number % 20, "266016^MDC_DIM_MMHG^MDC"),
    )
    lines = [
        rf"MSH|^~\&|GW|Moss \T\ Halden|||{when}||ORU^R01^ORU_R01|B{number}|P|2.6|||NE|AL||UNICODE UTF-8",
        "PID|||12345^^^Sykehuset^PI||Prøvesen^Prøve||19800102|F",
        f"PV1||I|DAGPOST^^Stol {sender}",
        f"OBR|1|||182777000^monitoring of patient^SCT|||{when}",
    ]
    lines += [
        f"OBX|{place}|NM|{code}|1.0.0.{place}|{value}|{unit}|||||R|||{when}||||M{sender}"
        for place, (code, value, unit) in enumerate(measured, start=1)
    ]
    return ("\r".join(lines) + "\r").encode()


def read_by_us(content: bytes) -> object:
    """Taken apart, and of each observation the code, the value, the unit and the status as text."""
    from lysglimt.exchange.hl7v2.message import parse  # noqa: PLC0415 - Django is not started here

    return [
        (obx.components(3), obx.value(5), obx.components(6), obx.value(11))
        for obx in parse(content).named("OBX")
    ]


def understood_by_us(content: bytes) -> object:
    """And what is meant: measures in our units within what a patient can have, times, device."""
    from lysglimt.clinic.scheduling.calendar import OSLO  # noqa: PLC0415 - likewise
    from lysglimt.exchange.hl7v2.message import parse  # noqa: PLC0415 - likewise
    from lysglimt.exchange.hl7v2.report import report_of  # noqa: PLC0415 - likewise

    return report_of(parse(content), zone=OSLO).observed


def read_by_peer(content: bytes) -> object:
    """The same."""
    found = hl7.parse(content.decode())
    return [
        (str(obx[3]), str(obx[5]), str(obx[6]), str(obx[11])) for obx in found.segments("OBX")
    ]


def rate(read: Callable[[bytes], object], contents: Sequence[bytes]) -> float:
    """Messages in a second of this process's work: the best of some rounds."""
    best = 0.0
    for _ in range(ROUNDS):
        began = time.process_time()
        for content in contents:
            read(content)
        best = max(best, len(contents) / (time.process_time() - began))
    return best


def answer_by_peer(port: Any) -> None:
    """The server of python-hl7, in a process of its own: reads, and acknowledges."""
    from hl7.mllp import start_hl7_server  # noqa: PLC0415 - in that process

    async def talk(reader: Any, writer: Any) -> None:
        try:
            while not writer.is_closing():
                said = await reader.readmessage()
                writer.writemessage(said.create_ack())
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def whole() -> None:
        server = await start_hl7_server(talk, host="127.0.0.1", port=0, encoding="utf-8")
        port.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(whole())


@contextmanager
def peer() -> Iterator[tuple[int, int]]:
    """Its port, and its process."""
    ours, theirs = PROCESSES.Pipe()
    process = PROCESSES.Process(target=answer_by_peer, args=(theirs,), daemon=True)
    process.start()
    try:
        yield ours.recv(), process.pid or 0
    finally:
        process.kill()
        process.join()


@contextmanager
def listener(folder: Path, database: str) -> Iterator[tuple[int, int, float]]:
    """A clinic with a monitor for each sender; the port, the process, and when it began."""
    said = {n: v for n, v in os.environ.items() if not n.startswith(("LYSGLIMT_", "DJANGO_"))}
    said |= {"PYTHONPATH": os.pathsep.join(sys.path)}

    def run(*words: str) -> str:
        done = subprocess.run(
            [sys.executable, *words],
            cwd=folder,
            env=said,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout

    run("-c", COMMAND, "init")
    if database:
        said["LYSGLIMT_DATABASE"] = database
    run("-c", COMMAND, "migrate")
    began = json.loads(run(*MONITORS, "begin", str(SENDERS)))
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            COMMAND,
            "hl7",
            "listen",
            "--port",
            "0",
            "--unit",
            began["unit"],
        ],
        cwd=folder,
        env=said,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        first = process.stderr.readline() if process.stderr else ""
        port = int(first.rpartition(":")[2])
        yield port, process.pid, began["now"]
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate()
        kept = json.loads(run(*MONITORS, "found"))
        say(f"  kept: {len(kept['kept'])} readings, {kept['set_aside']} set aside")


def on_postgresql() -> str:
    """The address of an empty database that writes through."""
    address = throw_away(safe=True)
    with psycopg.connect(address.rpartition("/")[0] + "/postgres", autocommit=True) as known:
        known.execute("CREATE DATABASE lysglimt")
    return address


class Sender(asyncio.Protocol):
    """Sends the next message when the one before is answered."""

    def __init__(self, messages: list[bytes], over: "asyncio.Future[int]") -> None:
        self.left, self.over, self.refused = messages[::-1], over, 0
        self.held = b""

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self.send()

    def send(self) -> None:
        if self.left:
            self.transport.write(START + self.left.pop() + END)
        else:
            self.over.set_result(self.refused)
            self.transport.close()

    def data_received(self, data: bytes) -> None:
        self.held += data
        if self.held.endswith(END):
            self.refused += b"MSA|AA" not in self.held
            self.held = b""
            self.send()


async def sent(port: int, batches: list[list[bytes]]) -> int:
    loop = asyncio.get_running_loop()
    overs: list[asyncio.Future[int]] = [loop.create_future() for _ in batches]
    for batch, over in zip(batches, overs, strict=True):
        await loop.create_connection(partial(Sender, batch, over), "127.0.0.1", port)
    return sum([await over for over in overs])


@dataclass(frozen=True)
class Answered:
    a_second: float
    cpu_ms: float
    refused: int


def worked(process: int) -> float:
    """CPU seconds of that process so far."""
    fields = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def answered(port: int, process: int, *, now: float, messages: int) -> Answered:
    each = messages // SENDERS
    batches = [
        [message(sender, number, of=each, now=now) for number in range(each)]
        for sender in range(SENDERS)
    ]
    before, began = worked(process), time.perf_counter()
    refused = asyncio.run(sent(port, batches))
    took, cpu = time.perf_counter() - began, worked(process) - before
    whole = each * SENDERS
    return Answered(whole / took, 1_000 * cpu / whole, refused)


def main(messages: int) -> bool:
    with stated(
        f"read >= {READ_PROMISE}x python-hl7; stored >= {STORED_PROMISE}x its answering without storing"
    ):
        contents = [message(1, n, of=READ, now=time.time()) for n in range(READ)]
        say(f"{len(contents[0])} bytes, 5 observations, {SENDERS} senders, {messages} messages")
        ours, theirs = rate(read_by_us, contents), rate(read_by_peer, contents[: READ // 5])
        say(f"read: {ours:.0f} a CPU second, python-hl7 {theirs:.0f}: {ours / theirs:.1f}x")
        say(f"read and understood: {rate(understood_by_us, contents):.0f} a CPU second")
        with peer() as (port, process):
            base = answered(port, process, now=time.time(), messages=messages // 4)
        say(f"python-hl7 answers {base.a_second:.0f}/s, {base.cpu_ms:.2f} ms CPU a message")
        kept = True
        for name, database in (("SQLite", ""), ("PostgreSQL", on_postgresql())):
            with (
                tempfile.TemporaryDirectory(dir=Path.cwd()) as folder,
                listener(Path(folder), database) as (port, process, now),
            ):
                found = answered(port, process, now=now, messages=messages)
                say(
                    f"{name}: stored and answered {found.a_second:.0f}/s, "
                    f"{found.cpu_ms:.2f} ms CPU a message, {found.refused} refused: "
                    f"{found.a_second / base.a_second:.1f}x"
                )
            kept &= found.refused == 0 and found.a_second >= STORED_PROMISE * base.a_second
    return kept and ours >= READ_PROMISE * theirs


if __name__ == "__main__":
    kept = main(int(sys.argv[1]) if len(sys.argv) > 1 else MESSAGES)
    say("kept" if kept else "NOT KEPT")
    sys.exit(0 if kept else 1)
