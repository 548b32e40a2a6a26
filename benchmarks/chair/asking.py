"""Clients that each ask again when they are answered, and what the server worked meanwhile."""

import asyncio
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import quantiles
from typing import Any

PATIENCE = 300  # seconds for all of them
END_OF_HEAD = b"\r\n\r\n"
LENGTH, IN_CHUNKS = b"content-length:", b"transfer-encoding: chunked"
LAST_CHUNK = b"0\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Answered:
    """``cpu_ms`` of the server's processes for each request; ``wrong`` had another status."""

    a_second: float
    p50: float
    p99: float
    cpu_ms: float
    bytes: int
    wrong: int


class Client(asyncio.Protocol):
    """Keeps its line open."""

    def __init__(
        self, requests: Sequence[bytes], status: int, over: "asyncio.Future[Any]"
    ) -> None:
        self.left, self.over = list(requests)[::-1], over
        self.right = f"HTTP/1.1 {status} ".encode()
        self.taken: list[float] = []
        self.wrong = self.bytes = 0
        self.held = bytearray()

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self.ask()

    def ask(self) -> None:
        if self.left:
            self.began = time.perf_counter()
            self.transport.write(self.left.pop())
        else:
            self.transport.close()
            self.over.set_result(self)

    def data_received(self, data: bytes) -> None:
        self.held += data
        head, end, body = bytes(self.held).partition(END_OF_HEAD)
        length = length_of(head.lower(), body) if end else None
        if length is None:
            return
        self.taken.append(time.perf_counter() - self.began)
        self.wrong += not head.startswith(self.right)
        self.bytes = length
        self.held.clear()
        self.ask()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.over.done():
            self.over.set_exception(exc or ConnectionError("The server has hung up."))


def length_of(head: bytes, body: bytes) -> int | None:
    """None while some of it is still to come."""
    if IN_CHUNKS in head:
        if not body.endswith(LAST_CHUNK):
            return None
        length = 0
        while size := int(body.partition(b"\r\n")[0], 16):
            length += size
            body = body.partition(b"\r\n")[2][size + 2 :]
        return length
    lines = head.split(b"\r\n")
    said = next((int(line[len(LENGTH) :]) for line in lines if line.startswith(LENGTH)), 0)
    return said if len(body) >= said else None


async def asked(port: int, batches: Sequence[Sequence[bytes]], status: int) -> list[Client]:
    loop = asyncio.get_running_loop()
    overs: list[asyncio.Future[Any]] = [loop.create_future() for _ in batches]
    for batch, over in zip(batches, overs, strict=True):
        await loop.create_connection(partial(Client, batch, status, over), "127.0.0.1", port)
    async with asyncio.timeout(PATIENCE):  # an answer that never comes is told, not waited for
        return [await over for over in overs]


def answered(
    port: int, group: int, batches: Sequence[Sequence[bytes]], *, status: int
) -> Answered:
    before, began = worked(group), time.perf_counter()
    clients = asyncio.run(asked(port, batches, status))
    took, cpu = time.perf_counter() - began, worked(group) - before
    taken = [one for client in clients for one in client.taken]
    each = [1_000 * one for one in quantiles(taken, n=100)]
    return Answered(
        a_second=len(taken) / took,
        p50=each[49],
        p99=each[98],
        cpu_ms=1_000 * cpu / len(taken),
        bytes=max(client.bytes for client in clients),
        wrong=sum(client.wrong for client in clients),
    )


def worked(group: int) -> float:
    """CPU seconds of a group of processes so far; what has ended in it is told by its parent."""
    ticks = 0
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            said = file.read_text("ascii", errors="replace").rpartition(")")[2].split()
        except OSError:  # it has ended meanwhile
            continue
        ticks += sum(map(int, said[11:13])) if int(said[2]) == group else 0
    return ticks / os.sysconf("SC_CLK_TCK")
