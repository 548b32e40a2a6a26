"""The protocols there are, each version kept: a course keeps the one it started on."""

from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from lysglimt.knowledge.catalogue import read
from lysglimt.knowledge.errors import Inconsistent, Misstated, Unknown
from lysglimt.knowledge.outcomes.response import remission

from .protocol import Protocol
from .rhythm import refuse_crowded_run, refuse_too_frequent


def load(file: Traversable) -> Protocol:
    """The protocol a file states, a clinic's own too.

    Raises Misstated with the file, the path of the key and the nearest known word, also for
    a schedule that cannot be kept.
    """
    protocol = read(Protocol, file)
    try:
        _refuse_undefined(protocol)
        refuse_crowded_run(protocol)
        refuse_too_frequent(protocol)
    except (Inconsistent, Unknown) as refusal:
        raise Misstated(f"{file.name}: {refusal}") from refusal
    return protocol


def _refuse_undefined(protocol: Protocol) -> None:
    """Remission by a definition that the instrument does not have would never be reached."""
    chosen = protocol.remission
    if chosen is None:
        return
    known = list(remission(chosen.instrument, 0))
    if chosen.definition not in known:
        there = ", ".join(known) or "none"
        raise Inconsistent(
            f"remission.definition: {chosen.instrument} has no '{chosen.definition}'; "
            f"there are: {there}"
        )


@cache
def protocols() -> Mapping[tuple[str, str], Protocol]:
    """Every protocol shipped, by id and version."""
    shelf = files("lysglimt.knowledge.protocols") / "catalogue"
    loaded = [load(file) for file in shelf.iterdir() if file.name.endswith(".toml")]
    return {one.key: one for one in sorted(loaded, key=lambda one: one.key)}


@cache
def ketamine_protocols() -> tuple[str, ...]:
    """The ids of those that give ketamine or one of its mirror forms, in order."""
    return tuple(sorted({one.id for one in protocols().values() if one.product.ketamine}))


def latest(name: str) -> Protocol:
    """The newest version of a protocol. Raises Unknown with the nearest name there is."""
    versions = [one for one in protocols().values() if one.id == name]
    if not versions:
        known = sorted({one.id for one in protocols().values()})
        nearest = get_close_matches(name, known, n=1, cutoff=0)[0]
        raise Unknown(
            f"protocol: {name!r} is unknown, the nearest is '{nearest}'",
            field="protocol",
            value=name,
            nearest=nearest,
        )
    return max(versions, key=lambda one: one.version)
