"""What was acknowledged to a monitor is stored once, however the listener ends or the line is cut."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lysglimt.exchange.hl7v2.frames import END, framed
from lysglimt.server.proving.scratch import Scratch
from lysglimt.server.proving.served import COMMAND, PATIENCE, free_port

from .conftest import LONG, STARTED
from .monitors import CHAIRS, CUT

MESSAGES, KILLS = (10_000, 10) if LONG else (400, 2)
Figures = dict[str, object]


@dataclass
class Listening:
    """`lysglimt hl7 listen` in a process group of its own."""

    scratch: Scratch
    unit: str
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[str] | None" = None

    def start(self) -> None:
        words = ["hl7", "listen", "--port", str(self.port), "--unit", self.unit]
        self.process = subprocess.Popen(
            [sys.executable, "-c", COMMAND, *words],
            cwd=self.scratch.folder,
            env=dict(self.scratch.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert self.process.stderr
        line = self.process.stderr.readline()
        assert line.startswith("Listening for the monitors of Monitors at 127.0.0.1:"), line

    def end(self, how: signal.Signals) -> str:
        """What it told since, on standard error."""
        process, self.process = self.process, None
        if process is None:
            return ""
        with suppress(ProcessLookupError):
            os.killpg(process.pid, how)
        _, told = process.communicate(timeout=60)
        assert process.returncode == (0 if how is signal.SIGTERM else -how)
        return told


def ask(scratch: Scratch, what: str) -> Any:
    done = subprocess.run(
        [sys.executable, *STARTED, "tests.faults.monitors", what],
        env=dict(scratch.environment) | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def ground(scratch: Scratch) -> Any:
    return ask(scratch, "begin")


@pytest.fixture
def listening(scratch: Scratch, ground: Any) -> Iterator[Listening]:
    listening = Listening(scratch, ground["unit"])
    listening.start()
    yield listening
    listening.end(signal.SIGKILL)


def message(device: int, number: int, *, began: float, mark: str) -> bytes:
    """Each ten seconds after the one before, all before now: every one is a point."""
    back = timedelta(seconds=10 * (MESSAGES - number))
    at = datetime.fromtimestamp(began, UTC) - back
    now = f"{at:%Y%m%d%H%M%S}+0000"
    lines = (
        rf"MSH|^~\&|GW||||{now}||ORU^R01|{mark}{number}|P|2.6",
        "PID|||12345||Hemmelig^Navn",
        f"OBR|1||||||{now}",
        f"OBX|1|NM|8867-4^HR^LN||{60 + number % 60}|/min|||||F|||{now}||||M{device}",
    )
    return "\r".join(lines).encode() + b"\r"


@dataclass
class Monitor(threading.Thread):
    """Sends one after the other, and again what was not acknowledged, as a gateway does."""

    port: int
    device: int
    messages: list[bytes]
    acknowledged: int = 0
    again: int = 0
    refused: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    __hash__ = threading.Thread.__hash__

    def run(self) -> None:
        until = time.monotonic() + 20 * PATIENCE
        while self.acknowledged < len(self.messages) and time.monotonic() < until:
            try:
                self.send()
            except OSError:
                self.again += 1
                time.sleep(0.05)

    def send(self) -> None:
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as line:
            while self.acknowledged < len(self.messages):
                line.sendall(framed(self.messages[self.acknowledged]))
                answer = answered(line)
                if b"MSA|AA|" not in answer:
                    self.refused.append(answer)
                self.acknowledged += 1


def answered(line: socket.socket) -> bytes:
    held = b""
    while not held.endswith(END):
        piece = line.recv(4096)
        if not piece:
            raise ConnectionError
        held += piece
    return held


@pytest.mark.second_ring(on="sqlite")
def test_no_acknowledged_message_is_lost_or_doubled_when_the_listener_is_killed(
    listening: Listening, scratch: Scratch, ground: Any, figures: Figures
) -> None:
    each = MESSAGES // CHAIRS
    monitors = [
        Monitor(
            listening.port,
            device,
            [message(device, n, began=ground["now"], mark="K") for n in range(each)],
        )
        for device in range(CHAIRS)
    ]
    began = time.monotonic()
    for one in monitors:
        one.start()
    told = ""
    for kill in range(1, KILLS + 1):
        wait_for(monitors, MESSAGES * kill // (KILLS + 1))
        told += listening.end(signal.SIGKILL)
        listening.start()
    for one in monitors:
        one.join()
    told += listening.end(signal.SIGTERM)
    found = ask(scratch, "found")
    kept = sorted(one for one in found["kept"] if not one.startswith(f"M{CUT} "))
    sent = sorted(f"M{one.device} K{number}" for one in monitors for number in range(each))
    figures |= {
        "messages": len(sent),
        "kills": KILLS,
        "connections lost": sum(one.again for one in monitors),
        "kept": len(kept),
        "seconds": round(time.monotonic() - began, 1),
    }
    assert [one.refused for one in monitors] == [[]] * CHAIRS
    assert kept == sent
    assert found["set_aside"] == 0
    assert "Hemmelig" not in told
    assert "messages, closed" in told


def wait_for(monitors: list[Monitor], count: int) -> None:
    until = time.monotonic() + 10 * PATIENCE
    while sum(one.acknowledged for one in monitors) < count:
        assert time.monotonic() < until
        time.sleep(0.005)


def test_a_message_cut_in_the_middle_is_not_stored_and_the_next_line_is_heard(
    listening: Listening, scratch: Scratch, ground: Any
) -> None:
    before = ask(scratch, "found")["kept"]
    whole = framed(message(CUT, MESSAGES, began=ground["now"], mark="C"))
    with closing(socket.create_connection(("127.0.0.1", listening.port))) as line:
        line.sendall(whole[: len(whole) // 2])
    with closing(socket.create_connection(("127.0.0.1", listening.port))) as line:
        line.sendall(whole)
        assert b"MSA|AA|C" in answered(line)
    kept = ask(scratch, "found")["kept"]
    assert len(kept) == len(before) + 1
    assert "cut in the middle of a message" in listening.end(signal.SIGTERM)
