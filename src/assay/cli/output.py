"""What commands print: calm tables and cards for people, JSON for programs. Nothing here knows what a lead is."""

import os
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Literal, NamedTuple

import msgspec
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from assay.cli.failures import ReaderLeft
from assay.domain.phrase import Phrase

Cell = str | int | float | Text | None

WIDE = 120
"""Columns of the page where nothing says how wide it is, as in a pipe."""


def write(text: str) -> None:
    """Put text on stdout as it is."""
    try:
        sys.stdout.write(text)
    except BrokenPipeError as error:
        raise ReaderLeft from error


def say(text: str = "") -> None:
    """Put a line on stdout."""
    write(f"{text}\n")


def note(text: str) -> None:
    """Put a line on stderr: for whoever watches, not part of the result."""
    sys.stderr.write(f"{text}\n")


# --- For programs --------------------------------------------------------------------------------


def _plain(value: object) -> str:
    """A phrase as its text, which is all of it that programs get."""
    if isinstance(value, Phrase):
        return str(value)
    raise NotImplementedError(f"{type(value).__name__} has no JSON")


def show_json(value: object) -> None:
    """One value as JSON."""
    say(msgspec.json.format(msgspec.json.encode(value, enc_hook=_plain), indent=2).decode())


def show_json_list(values: Iterable[object]) -> None:
    """A JSON array, one value a line, written as the values come."""
    before = "[\n"
    for value in values:
        write(before + msgspec.json.encode(value, enc_hook=_plain).decode())
        before = ",\n"
    write("[]\n" if before == "[\n" else "\n]\n")


# --- For people ----------------------------------------------------------------------------------


def paragraph(text: str) -> None:
    """Print a text, broken into lines where the page ends."""
    show(Text(text))


def show(what: RenderableType) -> None:
    """Print what rich can render: in colour on a terminal, plainly elsewhere and with NO_COLOR."""
    console = Console(width=page_width(), highlight=False, markup=False, emoji=False)
    with console.capture() as rendered:
        console.print(what)
    write("".join(f"{line.rstrip()}\n" for line in rendered.get().splitlines()))


def page_width() -> int:
    """How many columns there are: what COLUMNS says, else the terminal, be it only that of stderr."""
    with suppress(KeyError, ValueError):
        return max(40, int(os.environ["COLUMNS"]))
    for stream in (1, 2):
        with suppress(OSError):
            return max(40, os.get_terminal_size(stream).columns)
    return WIDE


def table(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """A table. A column named ">..." stands to the right; one named "~..." breaks its lines to fit the page."""
    cells = [[text_of(cell) for cell in row] for row in rows]
    page = Table(box=None, pad_edge=False, header_style="dim")
    for place, name in enumerate(columns):
        title, breaks = name.lstrip(">~"), name.startswith("~")
        width = None if breaks else max(len(title), *(row[place].cell_len for row in cells), 0)
        page.add_column(title, justify=_side(name), no_wrap=not breaks, overflow="fold", min_width=width)
    for row in cells:
        page.add_row(*row)
    show(page)


def facts(rows: Iterable[tuple[str, Cell]]) -> None:
    """Names and values, one a line; those without a value are left out."""
    page = Table.grid(padding=(0, 2))
    page.add_column(style="dim", no_wrap=True)
    page.add_column(overflow="fold")
    for name, value in rows:
        if value not in (None, ""):
            page.add_row(name, text_of(value))
    show(page)


class Card(NamedTuple):
    """A line of a list with more lines below it."""

    cells: Sequence[Cell]
    details: Sequence[Cell]


def cards(columns: Sequence[str], entries: Iterable[Card]) -> None:
    """A list of which some rows have details under them; the second column takes the room that the others leave."""
    shown = [Card([text_of(cell) for cell in entry.cells], entry.details) for entry in entries]
    heads = [Text(name.lstrip(">"), style="dim") for name in columns]
    every = [heads, *([text_of(cell) for cell in card.cells] for card in shown)]
    widths = [max(cell.cell_len for cell in column) for column in zip(*every, strict=True)]
    others = sum(widths) - widths[1] + 2 * (len(widths) - 1)
    widths[1] = min(widths[1], max(12, page_width() - others))
    lines: list[RenderableType] = [_line(columns, heads, widths)]
    for card in shown:
        lines.append(_line(columns, card.cells, widths))
        lines += [Padding(text_of(detail), (0, 0, 0, widths[0] + 2)) for detail in card.details if detail]
    show(Group(*lines))


def _line(columns: Sequence[str], cells: Sequence[Cell], widths: Sequence[int]) -> Text:
    line = Text()
    for name, cell, width in zip(columns, cells, widths, strict=True):
        piece = text_of(cell).copy()
        piece.truncate(width, overflow="ellipsis")
        piece.align(_side(name), width)
        line.append_text(piece).append("  ")
    line.rstrip()
    return line


def _side(name: str) -> Literal["left", "right"]:
    return "right" if name.startswith(">") else "left"


def text_of(cell: Cell) -> Text:
    """A cell as text; scores have one decimal."""
    if isinstance(cell, Text):
        return cell
    return Text("" if cell is None else f"{cell:.1f}" if isinstance(cell, float) else str(cell))
