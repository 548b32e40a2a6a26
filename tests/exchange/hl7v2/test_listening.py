"""The door for monitors: answered after storing, in order, whoever hangs up and however many come."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest

from lysglimt.exchange.hl7v2 import listening
from lysglimt.exchange.hl7v2.frames import END, START, framed
from lysglimt.exchange.hl7v2.listening import Listener

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass
class Store:
    """Keeps what it is given and answers with the same, when it is let."""

    kept: list[bytes] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    open: threading.Event = field(default_factory=threading.Event)
    answer: bytes = b"got "

    def __call__(self, messages: Sequence[bytes]) -> list[bytes]:
        assert self.open.wait(20)
        self.kept += messages
        self.sizes.append(len(messages))
        return [self.answer + message for message in messages]


@dataclass
class Door:
    store: Store
    told: list[str] = field(default_factory=list)
    port: int = 0
    until: asyncio.Event = field(default_factory=asyncio.Event)

    async def line(self) -> Line:
        return await asyncio.open_connection("127.0.0.1", self.port)


Visit = Callable[[Door], Awaitable[None]]


def visited(visit: Visit, *, store: Store | None = None, closed: bool = False) -> Door:
    """Listens while somebody visits, then stops, and answers with what was seen."""
    door = Door(store or Store())
    if not closed:
        door.store.open.set()

    async def whole() -> None:
        ready = asyncio.Event()

        def opened(port: int) -> None:
            door.port = port
            ready.set()

        listener = Listener(door.store, tell=door.told.append)
        task = asyncio.create_task(
            listener.run(host="127.0.0.1", port=0, until=door.until, ready=opened)
        )
        await ready.wait()
        try:
            await asyncio.wait_for(visit(door), 20)
        finally:
            door.store.open.set()
            door.until.set()
            await asyncio.wait_for(task, 20)

    with ThreadPoolExecutor(1) as apart:  # in this one a browser's loop may be running
        apart.submit(lambda: asyncio.run(whole())).result()
    return door


async def answers(reader: asyncio.StreamReader, count: int) -> list[bytes]:
    found = [await reader.readuntil(END) for _ in range(count)]
    return [one.removeprefix(START).removesuffix(END) for one in found]


async def hung_up(reader: asyncio.StreamReader) -> bool:
    try:
        return await asyncio.wait_for(reader.read(), 10) == b""
    except ConnectionError:
        return True


def test_every_message_is_answered_in_its_order() -> None:
    async def visit(door: Door) -> None:
        reader, writer = await door.line()
        writer.write(b"".join(framed(b"%d" % number) for number in range(300)))
        assert await answers(reader, 300) == [b"got %d" % number for number in range(300)]
        writer.close()

    door = visited(visit)
    assert door.store.kept == [b"%d" % number for number in range(300)]
    assert max(door.store.sizes) <= listening.TOGETHER
    [line] = door.told
    assert line.startswith("127.0.0.1:")
    assert line.endswith(": 300 messages, closed")


def test_what_waits_is_stored_together() -> None:
    async def visit(door: Door) -> None:
        lines = [await door.line() for _ in range(5)]
        for _, writer in lines:
            writer.write(framed(b"one"))
        await asyncio.sleep(0.2)
        door.store.open.set()
        for reader, writer in lines:
            assert await answers(reader, 1) == [b"got one"]
            writer.close()

    door = visited(visit, closed=True)
    assert sum(door.store.sizes) == 5
    assert len(door.store.sizes) < 5


def test_nothing_is_answered_before_it_is_stored() -> None:
    async def visit(door: Door) -> None:
        reader, writer = await door.line()
        writer.write(framed(b"one"))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.read(1), 0.3)
        writer.close()

    assert visited(visit, closed=True).store.kept == [b"one"]


def test_cut_in_the_middle_of_a_message_the_whole_ones_are_stored_and_it_is_not() -> None:
    async def visit(door: Door) -> None:
        reader, writer = await door.line()
        writer.write(framed(b"one") + framed(b"two")[:-2])
        assert await answers(reader, 1) == [b"got one"]
        writer.close()
        while not door.told:
            await asyncio.sleep(0.01)

    door = visited(visit)
    assert door.store.kept == [b"one"]
    assert "cut in the middle" in door.told[0]


def test_who_hangs_up_without_waiting_is_stored_all_the_same() -> None:
    async def visit(door: Door) -> None:
        _, writer = await door.line()
        writer.write(framed(b"one"))
        await writer.drain()
        writer.transport.abort()
        await asyncio.sleep(0.2)
        door.store.open.set()
        while not door.told:
            await asyncio.sleep(0.01)

    assert len(visited(visit, closed=True).store.kept) <= 1


def test_who_has_sent_all_and_waits_still_gets_the_answers() -> None:
    async def visit(door: Door) -> None:
        reader, writer = await door.line()
        writer.write(framed(b"one"))
        writer.write_eof()
        await asyncio.sleep(0.1)
        door.store.open.set()
        assert await answers(reader, 1) == [b"got one"]
        writer.close()

    visited(visit, closed=True)


def test_told_to_stop_what_has_arrived_is_stored_and_answered_first() -> None:
    got: list[bytes] = []

    async def visit(door: Door) -> None:
        reader, writer = await door.line()
        writer.write(framed(b"one") + framed(b"two"))
        await asyncio.sleep(0.2)
        door.until.set()
        await asyncio.sleep(0.1)
        door.store.open.set()
        got.extend(await answers(reader, 2))
        assert await hung_up(reader)
        writer.close()

    door = visited(visit, closed=True)
    assert got == [b"got one", b"got two"]
    assert door.told[0].endswith("2 messages, we stopped")


def test_what_is_not_mllp_is_hung_up_on() -> None:
    async def visit(door: Door) -> None:
        reader, writer = await door.line()
        writer.write(b"GET / HTTP/1.1\r\n\r\n")
        assert await hung_up(reader)
        writer.close()

    door = visited(visit)
    assert door.store.kept == []
    assert "not MLLP" in door.told[0]


def test_who_says_nothing_for_long_is_hung_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "IDLE_SECONDS", 0.05)

    async def visit(door: Door) -> None:
        reader, writer = await door.line()
        assert await hung_up(reader)
        writer.close()

    assert visited(visit).told[0].endswith("0 messages, idle")


def test_more_callers_than_there_is_room_for_are_told_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(listening, "CONNECTIONS", 1)

    async def visit(door: Door) -> None:
        first, writer = await door.line()
        writer.write(framed(b"one"))
        assert await answers(first, 1) == [b"got one"]
        reader, other = await door.line()
        assert await hung_up(reader)
        other.close()
        writer.close()

    assert any("not answered" in line for line in visited(visit).told)


def test_a_full_queue_holds_up_the_sender_and_loses_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(listening, "WAITING", 3)
    monkeypatch.setattr(listening, "TOGETHER", 2)

    async def visit(door: Door) -> None:
        reader, writer = await door.line()
        writer.write(b"".join(framed(b"%d" % number) for number in range(50)))
        await asyncio.sleep(0.2)
        assert door.store.kept == []
        door.store.open.set()
        assert len(await answers(reader, 50)) == 50
        writer.close()

    assert len(visited(visit, closed=True).store.kept) == 50


def test_who_reads_no_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "UNREAD", 1_000)
    store = Store(answer=b"x" * 200_000)

    async def visit(door: Door) -> None:
        reader, writer = await door.line()
        reader._transport.pause_reading()  # type: ignore[attr-defined]  # as a program that hangs
        writer.write(b"".join(framed(b"%d" % number) for number in range(100)))
        while not door.told:
            await asyncio.sleep(0.01)
        writer.transport.abort()

    assert "reads no answers" in visited(visit, store=store).told[0]


def test_a_store_that_fails_ends_the_listening() -> None:
    async def visit(door: Door) -> None:
        _, writer = await door.line()
        writer.write(framed(b"one"))
        await asyncio.sleep(0.2)
        writer.close()

    class Broken(Store):
        def __call__(self, messages: Sequence[bytes]) -> list[bytes]:
            raise LookupError("a fault of ours")

    with pytest.raises(LookupError):
        visited(visit, store=Broken())
