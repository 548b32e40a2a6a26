"""A chart of a page as a drawing that stands alone: its style inside, its title and source written on it."""

from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap
from xml.sax.saxutils import escape, quoteattr

from lysglimt.clinic.design.charts.scene import Label, Scene

INK, QUIET, LINE, EDGE, PAPER = "#1b2733", "#51606e", "#dbe2e8", "#6f8496", "#fff"
ACCENT, OK, LATE, DUE = "#0062ba", "#1c7a4c", "#b3261e", "#855600"
FONT = "Inter, system-ui, sans-serif"
STYLES: Mapping[str, Mapping[str, str]] = {
    "value": {"fill": INK, "font-weight": "600"},
    "axis": {"stroke": LINE},
    "curve": {"fill": "none", "stroke": ACCENT, "stroke-width": "2.5"},
    "second": {"stroke": INK, "stroke-dasharray": "8 5"},
    "edge-of-band": {"fill": "none", "stroke": ACCENT, "stroke-width": "1", "opacity": ".6"},
    "edge-of-band.second": {"stroke": INK, "stroke-dasharray": "3 4"},
    "point": {"fill": ACCENT, "stroke": PAPER, "stroke-width": "1.5"},
    "missing": {
        "fill": PAPER, "stroke": EDGE, "stroke-width": "1.5", "stroke-dasharray": "3 2",
    },
    "limit": {"stroke": OK, "stroke-width": "1.5", "stroke-dasharray": "6 4"},
    "remission": {"stroke-dasharray": "2 4"},
    "baseline": {"stroke": EDGE},
    "limit-label": {"fill": "#166340"},
    "link": {"stroke": EDGE, "stroke-linecap": "round"},
    "link-1": {"stroke-width": "1.5"},
    "link-2": {"stroke-width": "4"},
    "link-3": {"stroke-width": "6.5"},
    "link-4": {"stroke-width": "9"},
    "session": {"fill": INK},
    "event": {"fill": "none", "stroke": EDGE, "stroke-dasharray": "2 3"},
    "today": {"stroke": INK, "stroke-width": "1.5"},
}  # fmt: skip
"""What the stylesheet of the pages says of each kind, in its order: a later one prevails."""
LETTERS: Mapping[str, str] = {
    "fill": QUIET,
    "font-weight": "500",
    "paint-order": "stroke",
    "stroke": PAPER,
    "stroke-width": "3",
    "stroke-linejoin": "round",
}
HEAD, LEAD, LETTERS_A_LINE = 44, 17, 104
AT = 14


def drawing(scene: Scene, *, notes: Sequence[str], language: str) -> str:
    """An SVG document. Whoever does not see it is told the same by its title and description."""
    below = [line for note in notes for line in wrap(note, LETTERS_A_LINE)]
    height = HEAD + scene.height + LEAD * len(below) + AT
    return "\n".join(
        [
            opening(scene.width, height, language),
            f'<title id="title">{escape(scene.title)}</title>',
            f'<desc id="description">{escape(scene.description)}</desc>',
            f'<rect width="{scene.width}" height="{height}" fill="{PAPER}"/>',
            f'<text x="{AT}" y="28" font-size="16" font-weight="600" fill="{INK}">{escape(scene.title)}</text>',
            f'<g transform="translate(0 {HEAD})">',
            *shapes(scene),
            *map(words, scene.labels),
            "</g>",
            *(
                f'<text x="{AT}" y="{HEAD + scene.height + LEAD * n}" font-size="12" fill="{QUIET}">{escape(line)}</text>'
                for n, line in enumerate(below, start=1)
            ),
            "</svg>\n",
        ]
    )


def opening(width: int, height: int, language: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img" lang={quoteattr(language)} '
        f'aria-labelledby="title description" font-family="{FONT}" font-size="13">'
    )


def shapes(scene: Scene) -> Iterator[str]:
    """In the order of the page, so that the same covers the same."""
    for box in scene.boxes:
        place = {"x": box.x, "y": box.y, "width": box.width, "height": box.height}
        yield element("rect", place, style(box.kind))
    for line in scene.lines:
        ends = {"x1": line.x1, "y1": line.y1, "x2": line.x2, "y2": line.y2}
        yield element("line", ends, style(line.kind))
    for curve in scene.curves:
        yield element("polyline", {"points": curve.points}, style(curve.kind))
    for dot in scene.dots:
        place = {"cx": dot.x, "cy": dot.y, "r": dot.radius}
        yield element("circle", place, style(dot.kind))


def style(kind: str) -> dict[str, str]:
    """Raises KeyError for a kind that nobody gave a style: it would be drawn black."""
    kinds = set(kind.split()) - {"first"}
    said: dict[str, str] = {}
    for name, part in STYLES.items():
        if set(name.split(".")) <= kinds:
            said |= part
    if unknown := kinds - {one for name in STYLES for one in name.split(".")}:
        raise KeyError(*unknown)
    return said


def words(label: Label) -> str:
    place = {"x": label.x, "y": label.y, "text-anchor": label.anchor}
    attributes = written({**place, **LETTERS, **style(label.kind)})
    return f"<text {attributes}>{escape(label.words)}</text>"


def element(name: str, place: Mapping[str, object], look: Mapping[str, str]) -> str:
    return f"<{name} {written({**place, **look})}/>"


def written(attributes: Mapping[str, object]) -> str:
    return " ".join(f"{name}={quoteattr(str(value))}" for name, value in attributes.items())
