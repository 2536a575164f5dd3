"""A report as it is read, whatever it is written as: sections of sentences and tables, already in words."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below their headings; the first column says what a row is of, the others are figures."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Section:
    """One subject: what is so in a sentence, what it is made of, what to know about it, and what to do next.

    ``link`` is where it stands in the browser; "" where nobody knows that address.
    """

    title: str
    said: str
    points: Sequence[str] = ()
    notes: Sequence[str] = ()
    next_step: str = ""
    table: Table | None = None
    link: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report in one language, and why its reader gets it."""

    title: str
    period: str
    language: str
    sections: Sequence[Section]
    foot: str = ""
