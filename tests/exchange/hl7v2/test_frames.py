"""Messages in a stream: whole ones come out once, in order, however the stream is cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lysglimt.exchange.hl7v2.frames import LARGEST, Stream, framed

MESSAGES = st.lists(st.binary(max_size=40).filter(lambda one: b"\x1c" not in one), max_size=6)


@given(MESSAGES, st.lists(st.integers(1, 30), max_size=30), st.sampled_from([b"", b"\r\n"]))
def test_however_it_is_cut_every_message_comes_out_once(
    messages: list[bytes], cuts: list[int], between: bytes
) -> None:
    whole = b"".join(framed(one) + between for one in messages)
    stream, found, place = Stream(), list[bytes](), 0
    for size in [*cuts, len(whole)]:
        out, sound = stream.feed(whole[place : place + size])
        assert sound
        found += out
        place += size
    assert found == messages
    assert stream.waiting == b""


def test_what_is_cut_off_is_no_message() -> None:
    stream = Stream()
    assert stream.feed(framed(b"MSH|one") + framed(b"MSH|two")[:-1]) == ([b"MSH|one"], True)
    assert stream.waiting


@pytest.mark.parametrize(
    "arrived",
    [
        pytest.param(b"GET / HTTP/1.1\r\n", id="a browser"),
        pytest.param(b"\x0b" + b"x" * LARGEST, id="larger than any message"),
    ],
)
def test_what_is_not_mllp_is_given_up(arrived: bytes) -> None:
    assert Stream().feed(arrived) == ([], False)


def test_what_came_before_it_is_kept() -> None:
    assert Stream().feed(framed(b"one") + b"GET /") == ([b"one"], False)
