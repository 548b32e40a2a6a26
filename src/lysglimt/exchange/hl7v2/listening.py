"""The door that monitors send to: MLLP over TCP, answered when what was sent is committed."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass, field

from .frames import Stream, framed

WAITING = 1_000
"""So many messages may wait to be stored; who sends more is not read for a while."""
TOGETHER = 100
"""So many are stored in one transaction, when so many wait."""
CONNECTIONS = 64
IDLE_SECONDS = 15 * 60
PIECE = 64 * 1024
UNREAD = 256 * 1024
"""Bytes of answers that a sender may leave unread."""
BREATH = 0.01

Store = Callable[[Sequence[bytes]], list[bytes]]
"""An answer to each message, in their order, when all that is to be stored is committed."""


@dataclass(eq=False, slots=True)
class Caller:
    """One connection; ``ended`` is how it came to its end."""

    writer: asyncio.StreamWriter
    messages: int = 0
    open_answers: int = 0
    ended: str = "closed"

    @property
    def address(self) -> str:
        host, port, *_ = self.writer.get_extra_info("peername") or ("unknown", 0)
        return f"{host}:{port}"

    def answer(self, said: bytes) -> None:
        self.open_answers -= 1
        if self.writer.is_closing():
            return
        self.writer.write(framed(said))
        if self.writer.transport.get_write_buffer_size() > UNREAD:
            self.ended = "given up: it reads no answers"
            self.writer.transport.abort()

    def told(self) -> str:
        return f"{self.address}: {self.messages} messages, {self.ended}"


async def within_reach(reader: asyncio.StreamReader) -> bytes:
    """Raises TimeoutError of one that says nothing for long."""
    async with asyncio.timeout(IDLE_SECONDS):
        return await reader.read(PIECE)


@dataclass(eq=False)
class Listener:
    """``tell`` gets one line when a connection is over: where from, how many, and how it ended."""

    store: Store
    tell: Callable[[str], None]
    queue: "asyncio.Queue[tuple[Caller, bytes]]" = field(init=False)
    callers: set[Caller] = field(default_factory=set)
    reading: "set[asyncio.Task[None]]" = field(default_factory=set)

    async def run(
        self, *, host: str, port: int, until: asyncio.Event, ready: Callable[[int], None]
    ) -> None:
        """Until it is told to stop; then what has arrived is stored and answered first."""
        self.queue = asyncio.Queue(WAITING)
        server = await asyncio.start_server(self.called, host, port)
        ready(server.sockets[0].getsockname()[1])
        storing = asyncio.create_task(self.storing())
        await asyncio.wait(
            [storing, asyncio.create_task(until.wait())], return_when=asyncio.FIRST_COMPLETED
        )
        server.close()
        for task in self.reading:
            task.cancel()
        if not storing.done():
            await self.queue.join()
        for caller in self.callers:
            caller.writer.close()
        while self.callers:
            await asyncio.sleep(BREATH)
        storing.cancel()
        with suppress(asyncio.CancelledError):
            await storing

    async def called(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        caller = Caller(writer)
        task = asyncio.current_task()
        if task is None or len(self.callers) >= CONNECTIONS:
            self.tell(f"{caller.address}: not answered, {CONNECTIONS} are connected")
            writer.close()
            return
        self.callers.add(caller)
        self.reading.add(task)
        try:
            await self.read(caller, reader)
        except asyncio.CancelledError:
            caller.ended = "we stopped"
        except (OSError, TimeoutError) as fault:
            caller.ended = "idle" if isinstance(fault, TimeoutError) else "broken off"
        finally:
            self.reading.discard(task)
            await self.part(caller)

    async def read(self, caller: Caller, reader: asyncio.StreamReader) -> None:
        stream = Stream()
        while arrived := await within_reach(reader):
            messages, sound = stream.feed(arrived)
            for message in messages:
                caller.messages += 1
                caller.open_answers += 1
                # A full queue holds up this connection, and with it its sender.
                await self.queue.put((caller, message))
            if not sound:
                caller.ended = "given up: this is not MLLP, or larger than any message"
                return
        if stream.waiting:
            caller.ended = "cut in the middle of a message, which is not stored"

    async def part(self, caller: Caller) -> None:
        """Who has stopped sending may still wait for answers."""
        while caller.open_answers and not caller.writer.is_closing():
            await asyncio.sleep(BREATH)
        self.callers.discard(caller)
        caller.writer.close()
        self.tell(caller.told())

    async def storing(self) -> None:
        """All that waits together, off the loop, so that a slow disk holds up nobody's sending."""
        loop, context = asyncio.get_running_loop(), copy_context()
        # One hand, and with it one connection to the database, for as long as we listen.
        hand = ThreadPoolExecutor(1)
        while True:
            batch = [await self.queue.get()]
            while len(batch) < TOGETHER and not self.queue.empty():
                batch.append(self.queue.get_nowait())
            messages = [message for _, message in batch]
            answers = await loop.run_in_executor(hand, context.run, self.store, messages)
            for (caller, _), answer in zip(batch, answers, strict=True):
                caller.answer(answer)
                self.queue.task_done()
