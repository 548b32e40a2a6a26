"""Files as they arrive: sound ones, and what a slip, a broken disk or malice makes of them."""

import json
from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

JUNK: st.SearchStrategy[Any] = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=12),
        st.sampled_from(["unknown", "2026-02-30", "9999-12-31", "0001-01-01", "1e400", "\x00"]),
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=6,
)


def places(tree: object, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path to every part of a JSON document."""
    below: list[tuple[Any, ...]] = []
    if isinstance(tree, dict | list):
        keys = tree if isinstance(tree, dict) else range(len(tree))
        for key in keys:
            below += places(tree[key], (*at, key))
    return [at, *below]


@st.composite
def changed(draw: st.DrawFn, sound: object) -> str:
    """A document with one to three of its parts gone or turned into something else."""
    tree: Any = deepcopy(sound)
    for _ in range(draw(st.integers(1, 3))):
        *way, last = draw(st.sampled_from(places(tree)[1:] or [("",)]))
        part = tree
        for key in way:
            part = part[key]
        if not isinstance(part, dict | list) or last == "":
            break
        if draw(st.booleans()):
            part[last] = draw(JUNK)
        elif isinstance(part, dict) or len(part) > 1:
            del part[last]
    return json.dumps(tree, ensure_ascii=False, default=str)


@st.composite
def garbled(draw: st.DrawFn, sound: bytes) -> bytes:
    """A file with a stretch of its bytes gone, doubled, or overwritten."""
    start = draw(st.integers(0, len(sound)))
    end = min(len(sound), start + draw(st.integers(0, 40)))
    put = draw(st.one_of(st.just(b""), st.just(sound[start:end] * 2), st.binary(max_size=20)))
    return sound[:start] + put + sound[end:]


def files(sound: bytes) -> st.SearchStrategy[bytes]:
    """Bytes of any kind; half of them nearly the sound file."""
    deep = st.integers(1, 100_000).map(lambda depth: b"[" * depth)
    return st.one_of(
        garbled(sound),
        garbled(sound),
        st.binary(max_size=200),
        st.text(max_size=80).map(str.encode),
        deep,
    )


def documents(sound: object) -> st.SearchStrategy[bytes]:
    text = json.dumps(sound, ensure_ascii=False, default=str).encode()
    return st.one_of(changed(sound).map(str.encode), files(text))
