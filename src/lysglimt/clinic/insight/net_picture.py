"""The network as a picture: a dot for a treatment, a line where trials compared two."""

from collections.abc import Iterator
from math import cos, pi, sin, sqrt

from django.utils.translation import gettext

from lysglimt.clinic.design.charts.scene import Dot, Label, Line, Scene
from lysglimt.science.evidence.islands import Archipelago, Island
from lysglimt.science.evidence.network import Pair

from .networks import named, pair_named

WIDTH, HEIGHT, MIDDLE = 760, 330, 158
WIDEST, ROOM = 96, 92
"""Of the ring on which treatments stand; and what their names need beside it."""
SMALLEST, LARGEST = 6, 22
THICKEST = 4
"""Lines are as thick as trials are many, up to this."""
THIRD = 0.36
Place = tuple[int, int]


def network_picture(found: Archipelago, *, heading: str) -> Scene:
    """Islands side by side: nothing leads from one to the next."""
    at = dict(places(found))
    most = max((node.people for one in found.islands for node in one.nodes), default=1)
    return Scene(
        name="network",
        width=WIDTH,
        height=HEIGHT,
        title=gettext("The network: %(outcome)s") % {"outcome": heading},
        description=". ".join(in_words(found)),
        columns=(
            gettext("Compared"), gettext("Trials"), gettext("People"), gettext("Disagreement (I²)"),
        ),
        rows=tuple(rows(found)),
        lines=tuple(
            Line(*at[link.pair[0]], *at[link.pair[1]], f"link link-{min(len(link.studies), THICKEST)}")
            for one in found.islands for link in one.links
        ),
        dots=tuple(
            Dot(*at[node.treatment], "point", radius(node.people, most))
            for one in found.islands for node in one.nodes
        ),
        labels=tuple(label for one in found.islands for label in labels(one, at, most=most)),
    )  # fmt: skip


def radius(people: float, most: float) -> int:
    """By area: twice the people, twice the dot."""
    return max(SMALLEST, round(LARGEST * sqrt(people / most)))


def places(found: Archipelago) -> Iterator[tuple[str, Place]]:
    width = WIDTH / max(1, len(found.islands))
    for number, one in enumerate(found.islands):
        centre, ring = width * (number + 0.5), min(WIDEST, width / 2 - ROOM)
        names = one.treatments
        # Two stand side by side, three and more in a ring with the first on top.
        begin = pi if len(names) == 2 else -pi / 2
        for turn, name in enumerate(names):
            angle = begin + 2 * pi * turn / len(names)
            yield name, (round(centre + ring * cos(angle)), round(MIDDLE + ring * sin(angle)))


def labels(one: Island, at: dict[str, Place], *, most: float) -> Iterator[Label]:
    for node in one.nodes:
        x, y = at[node.treatment]
        # Away from the lines: above what stands on top, below the others.
        away = radius(node.people, most)
        first = y - away - 22 if y < MIDDLE else y + away + 17
        yield Label(x, first, named(node.treatment), "value", "middle").within(WIDTH)
        yield Label(x, first + 15, f"n = {node.people:g}", "", "middle").within(WIDTH)
    for link in one.links:
        x, y = nearer_the_leaf(one, link.pair, at)
        yield Label(x, y - 7, str(len(link.studies)), "value", "middle")


def nearer_the_leaf(one: Island, pair: Pair, at: dict[str, Place]) -> Place:
    """On the line, a third from the treatment with fewer lines: the other's name needs the room."""
    many = {name: sum(name in link.pair for link in one.links) for name in pair}
    leaf, hub = sorted(pair, key=lambda name: many[name])
    (x1, y1), (x2, y2) = at[leaf], at[hub]
    return round(x1 + (x2 - x1) * THIRD), round(y1 + (y2 - y1) * THIRD)


def rows(found: Archipelago) -> Iterator[tuple[str, ...]]:
    for one in found.islands:
        for link in one.links:
            trials = ", ".join(found.names[study] for study in link.studies)
            apart = gettext("one trial") if link.I2 is None else f"{link.I2:.0f} %"
            yield (
                pair_named(link.pair),
                f"{len(link.studies)}: {trials}",
                f"{link.people:g}",
                apart,
            )


def in_words(found: Archipelago) -> Iterator[str]:
    for one in found.islands:
        yield ", ".join(
            gettext("%(pair)s: trials %(n)s")
            % {"pair": pair_named(link.pair), "n": len(link.studies)}
            for link in one.links
        )
    if len(found.islands) > 1:
        yield gettext("No trial links these groups: between them nothing is known")
