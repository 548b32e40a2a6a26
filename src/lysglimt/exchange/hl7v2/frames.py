"""Messages in a stream, as MLLP frames them: one byte before, two behind. Pure."""

from dataclasses import dataclass

START, END = b"\x0b", b"\x1c\r"
LARGEST = 256 * 1024
"""Bytes of one message. An ORU^R01 of a monitor has some thousand."""
BETWEEN = b"\r\n"
"""What some senders put behind a frame, and nobody misses."""


def framed(message: bytes) -> bytes:
    return START + message + END


@dataclass(slots=True)
class Stream:
    """``waiting`` has arrived on one connection and makes no whole message yet."""

    waiting: bytes = b""

    def feed(self, arrived: bytes) -> tuple[list[bytes], bool]:
        """Every message that is whole now, and whether the stream is sound so far.

        Of one that is not, it is unknown where the next message begins.
        """
        held, place = self.waiting + arrived, 0
        whole: list[bytes] = []
        while True:
            while held[place : place + 1] in BETWEEN and place < len(held):
                place += 1
            end = held.find(END, place)
            begun = held.startswith(START, place) or place == len(held)
            if end < 0 or not begun:
                self.waiting = held[place:]
                return whole, begun and len(self.waiting) <= LARGEST
            whole.append(held[place + 1 : end])
            place = end + len(END)
