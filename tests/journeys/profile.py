"""What a browser's profile holds, however it is packed."""

import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pyarrow

MAGIC = bytes.fromhex("57fb808b247547db")
"""The end of a table of LevelDB, in which IndexedDB keeps its rows."""
FOOTER = 48
SNAPPY = 1
GZIP = b"\x1f\x8b\x08"


def searched(profile: Path, names: list[str]) -> tuple[int, list[str]]:
    """How many files there are, and which hold a name: as bytes, as UTF-16, or compressed."""
    sought = [
        form.lower() for name in names for form in (name.encode(), name.encode("utf-16-le"))
    ]
    files = [one for one in profile.rglob("*") if one.is_file() and not one.is_symlink()]
    found = [
        one.relative_to(profile).as_posix()
        for one in files
        if any(form in part.lower() for part in parts(one.read_bytes()) for form in sought)
    ]
    return len(files), found


def parts(held: bytes) -> Iterator[bytes]:
    yield held
    if held.endswith(MAGIC):
        yield from table(held)
    at = held.find(GZIP)
    while at >= 0:
        with suppress(zlib.error):
            yield zlib.decompressobj(31).decompress(held[at:])
        at = held.find(GZIP, at + 1)


def table(held: bytes) -> Iterator[bytes]:
    """Every block of a table, opened."""
    footer = held[-FOOTER:]
    *_, after = handle(footer, 0)
    offset, size, _ = handle(footer, after)
    index = block(held, offset, size)
    yield index
    for key_end in entries(index):
        offset, size, _ = handle(index, key_end)
        yield block(held, offset, size)


def block(held: bytes, offset: int, size: int) -> bytes:
    packed = held[offset : offset + size]
    if held[offset + size] != SNAPPY:
        return packed
    length, _ = varint(packed, 0)
    opened: bytes = pyarrow.decompress(packed, length, codec="snappy", asbytes=True)
    return opened


def entries(index: bytes) -> Iterator[int]:
    """Where the value of each entry begins."""
    restarts = int.from_bytes(index[-4:], "little")
    end, at = len(index) - 4 - 4 * restarts, 0
    while at < end:
        _, at = varint(index, at)
        unshared, at = varint(index, at)
        length, at = varint(index, at)
        yield at + unshared
        at += unshared + length


def handle(held: bytes, at: int) -> tuple[int, int, int]:
    offset, at = varint(held, at)
    size, at = varint(held, at)
    return offset, size, at


def varint(held: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        byte = held[at]
        number |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return number, at
