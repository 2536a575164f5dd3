"""Draws docs/ladder.svg from the table of moves: lines are laid out by hand, what they say comes from the table.

`python docs/draw_ladder.py` writes the picture, `--check` only says whether it is current.
"""

import sys
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from typing import NamedTuple

from assay.domain.ladder import GATE, LADDER, Desk, Move, Rung, desk_of

TARGET = Path(__file__).with_name("ladder.svg")
WIDTH, HEIGHT = 1000, 750
Point = tuple[int, int]


class Box(NamedTuple):
    """Where a rung stands: its left upper corner and its size."""

    x: int
    y: int
    width: int = 140
    height: int = 46


BOXES = {
    Rung.WON: Box(210, 40),
    Rung.OPPORTUNITY: Box(210, 150),
    Rung.LOST: Box(770, 150),
    Rung.SQL: Box(210, 260),
    Rung.SAL: Box(210, 370),
    Rung.MQL: Box(90, 504, 120),
    Rung.PQL: Box(350, 504, 120),
    Rung.DISQUALIFIED: Box(640, 528),
    Rung.LEAD: Box(80, 650, 890, 50),
}
FRAME = Box(70, 476, 420, 94)
"""Around the two rungs that wait at the gate."""


class Line(NamedTuple):
    """An arrow through its corners, and where its name stands."""

    points: tuple[Point, ...]
    label: Point
    anchor: str = "start"


LINES = {
    "capture, from outside, by intake or marketing or sales": Line(((14, 675), (80, 675)), (12, 664)),
    "promote, from lead, by policy": Line(((130, 650), (130, 550)), (122, 615), "end"),
    "promote, from lead, by marketing": Line(((170, 650), (170, 550)), (178, 615)),
    "promote_product, from lead, by policy": Line(((410, 650), (410, 550)), (402, 615), "end"),
    "promote_product, from mql, by policy": Line(((210, 527), (350, 527)), (278, 518), "middle"),
    "accept, from mql or pql, by sales": Line(((280, 476), (280, 416)), (270, 450), "end"),
    "qualify, from sal, by sales": Line(((280, 370), (280, 306)), (270, 343), "end"),
    "open_deal, from sql, by sales": Line(((280, 260), (280, 196)), (270, 233), "end"),
    "win, from opportunity, by sales": Line(((280, 150), (280, 86)), (270, 123), "end"),
    "lose, from opportunity, by sales": Line(((350, 173), (770, 173)), (362, 165)),
    "withdraw, from mql or pql, by marketing": Line(((490, 552), (565, 552), (565, 650)), (498, 545)),
    "reject, from mql or pql, by sales": Line(((490, 526), (590, 526), (590, 650)), (498, 519)),
    "disqualify, from mql or pql, by marketing": Line(((490, 500), (690, 500), (690, 528)), (498, 493)),
    "disqualify, from lead, by marketing": Line(((690, 650), (690, 574)), (682, 616), "end"),
    "disqualify, from sal, by sales": Line(((350, 404), (735, 404), (735, 528)), (362, 420)),
    "disqualify, from sql, by sales": Line(((350, 294), (735, 294), (735, 528)), (362, 310)),
    "recycle, from sal, by sales": Line(((350, 382), (840, 382), (840, 650)), (362, 374)),
    "recycle, from sql, by sales": Line(((350, 272), (840, 272), (840, 650)), (362, 264)),
    "recycle, from lost, by sales": Line(((840, 196), (840, 650)), (850, 232)),
    "reopen, from disqualified, by marketing or sales": Line(((740, 574), (740, 650)), (750, 616)),
    "reopen, from won, by marketing or sales": Line(((350, 63), (945, 63), (945, 650)), (362, 55)),
}

LIGHT = {"paper": "#ffffff", "box": "#f6f8fa", "ink": "#1f2328", "soft": "#59636e"}
DARK = {"paper": "#0d1117", "box": "#161b22", "ink": "#f0f6fc", "soft": "#9198a1"}
LIGHT_DESKS = {Desk.INTAKE: "#59636e", Desk.POLICY: "#8250df", Desk.MARKETING: "#bc4c00", Desk.SALES: "#0969da"}
DARK_DESKS = {Desk.INTAKE: "#9198a1", Desk.POLICY: "#c297ff", Desk.MARKETING: "#ffa657", Desk.SALES: "#58a6ff"}

STYLE = """
text { font: 13px system-ui, "Segoe UI", Roboto, Helvetica, Arial, sans-serif }
.rung { font-size: 15px; font-weight: 600; text-anchor: middle }
.line, .frame { fill: none }
.line, .box { stroke-width: 2 }
.frame { stroke-dasharray: 2 4 }"""


def style() -> str:
    """The looks, in light and dark; colours by class, since not every viewer knows CSS variables."""
    light, dark = colours(LIGHT, LIGHT_DESKS), colours(DARK, DARK_DESKS)
    return f"<style>{STYLE}\n{light}\n@media (prefers-color-scheme: dark) {{\n{dark}\n}}\n</style>"


def colours(shades: Mapping[str, str], by_desk: Mapping[Desk, str]) -> str:
    """The rules of one scheme."""
    return "\n".join(
        [
            f".paper {{ fill: {shades['paper']} }} .box {{ fill: {shades['box']} }}",
            f"text {{ fill: {shades['ink']} }} .soft {{ fill: {shades['soft']} }}",
            f".frame {{ stroke: {shades['soft']} }}",
            *(f".{desk} {{ stroke: {colour} }} .head.{desk} {{ fill: {colour} }}" for desk, colour in by_desk.items()),
        ]
    )


def edges() -> dict[str, Move]:
    """What must be drawn, by its name in LINES: each row from each origin, the two rungs at the gate as one."""
    found = {}
    for row in LADDER:
        together = row.origins >= GATE
        alone = [rung.value for rung in Rung if rung in row.origins and not (together and rung in GATE)]
        for origin in [*alone, *(["mql or pql"] if together else [])] or ["outside"]:
            found[f"{row.name}, from {origin}, by {' or '.join(desks(row))}"] = row
    return found


def desks(row: Move) -> list[Desk]:
    """The desks of a row in the order of the table."""
    return [desk for desk in Desk if desk in row.desks]


def draw() -> str:
    """The whole picture. Raises ValueError when the table and the lines differ."""
    wanted = edges()
    if wrong := wanted.keys() ^ LINES.keys():
        raise ValueError(f"LINES in docs/draw_ladder.py does not fit the ladder; put right: {'; '.join(sorted(wrong))}")
    body = [
        *(arrow(LINES[name], name, row) for name, row in wanted.items()),
        rectangle(FRAME, 'class="frame"', 14),
        f'<text class="soft" x="{FRAME.x + 12}" y="{FRAME.y + 18}">at the gate</text>',
        *(box(rung, place) for rung, place in BOXES.items()),
        *legend(),
    ]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
            ' aria-labelledby="title desc">',
            '<title id="title">The ladder of a lead</title>',
            f'<desc id="desc">{escape(" ".join(sentence(name, row) for name, row in wanted.items()))}</desc>',
            style(),
            f'<rect class="paper" width="{WIDTH}" height="{HEIGHT}"/>',
            *body,
            "</svg>\n",
        ]
    )


def sentence(name: str, row: Move) -> str:
    """An arrow in words: ``accept, from mql or pql, by sales, to sal; needs an owner.``"""
    return f"{name}, to {row.to}; needs {' and '.join(guard.name for guard in row.guards)}."


def arrow(line: Line, name: str, row: Move) -> str:
    """A line with its head, its label, and its sentence for whoever points at it."""
    path, deciders = rounded_path(line.points), desks(row)
    dash, gap = 9, 9 * (len(deciders) - 1)
    strokes = [
        f'<path class="line {desk}" d="{path}"'
        + (f' stroke-dasharray="{dash} {gap}" stroke-dashoffset="{-dash * place}"' if gap else "")
        + "/>"
        for place, desk in enumerate(deciders)
    ]
    x, y = line.label
    return "\n".join(
        [
            f"<g><title>{escape(sentence(name, row))}</title>",
            *strokes,
            f'<path class="head {deciders[-1]}" d="{head(*line.points[-2:])}"/>',
            f'<text x="{x}" y="{y}" text-anchor="{line.anchor}">{row.name}</text></g>',
        ]
    )


def rounded_path(points: tuple[Point, ...], radius: int = 10) -> str:
    """A path through the points, its corners rounded, that ends where the head begins."""
    words = [f"M{points[0][0]} {points[0][1]}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        (x1, y1), (x2, y2) = toward(corner, before, radius), toward(corner, after, radius)
        words.append(f"L{x1} {y1}Q{corner[0]} {corner[1]} {x2} {y2}")
    x, y = toward(points[-1], points[-2], 8)
    return "".join([*words, f"L{x} {y}"])


def head(start: Point, end: Point) -> str:
    """The triangle at the end of a line."""
    x, y = toward(end, start, 10)
    across, along = (5, 0) if start[0] == end[0] else (0, 5)
    return f"M{end[0]} {end[1]}L{x - across} {y - along}L{x + across} {y + along}Z"


def toward(here: Point, there: Point, steps: int) -> Point:
    """The point some steps away from here, straight up, down, left or right."""
    (x, y), (to_x, to_y) = here, there
    return x + steps * ((to_x > x) - (to_x < x)), y + steps * ((to_y > y) - (to_y < y))


def box(rung: Rung, place: Box) -> str:
    """A rung in the colour of the desk it is on."""
    name = rung.value.upper() if rung in (*GATE, Rung.SAL, Rung.SQL) else rung.value
    middle = f'x="{place.x + place.width // 2}" y="{place.y + place.height // 2 + 5}"'
    outline = rectangle(place, f'class="box {desk_of(rung)}"', 10)
    return f'{outline}<text class="rung" {middle}>{name}</text>'


def rectangle(place: Box, looks: str, radius: int) -> str:
    """A rectangle with round corners."""
    x, y, width, height = place
    return f'<rect {looks} x="{x}" y="{y}" width="{width}" height="{height}" rx="{radius}"/>'


def legend() -> Iterator[str]:
    """Which colour is whose."""
    yield '<text class="soft" x="80" y="731">decided by</text>'
    for place, desk in enumerate(Desk):
        x = 170 + place * 125
        yield f'<path class="line {desk}" d="M{x} 727h26"/><text x="{x + 34}" y="731">{desk}</text>'
    yield '<text class="soft" x="970" y="731" text-anchor="end">several colours: any of them</text>'


def main(arguments: list[str], target: Path = TARGET) -> int:
    """Write the picture, or with ``--check`` return 1 if the file is not what would be written."""
    picture = draw()
    if "--check" not in arguments:
        target.write_text(picture, encoding="utf-8")
        return 0
    if target.exists() and target.read_text(encoding="utf-8") == picture:
        return 0
    print(f"{target.name} is not what the ladder says: run python docs/draw_ladder.py", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
