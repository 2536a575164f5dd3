"""Rows that could not be used: counted, the first ones told with line and reason."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from assay.cli.failures import NothingUsable
from assay.cli.output import note
from assay.domain.rows import Refusal

Row = TypeVar("Row")

TOLD = 10
"""How many are told one by one."""


@dataclass
class Refusals:
    """What was refused of one file. ``count`` goes on after the first ones that are kept to be told."""

    name: str
    count: int = 0
    first: list[Refusal] = field(default_factory=list)

    def add(self, refusal: Refusal) -> None:
        """Note one more."""
        self.count += 1
        if len(self.first) < TOLD:
            self.first.append(refusal)

    def noting(self, rows: Iterable[Row | Refusal]) -> Iterator[Row | Refusal]:
        """All rows as they come; what is refused is noted on the way."""
        for row in rows:
            if isinstance(row, Refusal):
                self.add(row)
            yield row

    def without(self, rows: Iterable[Row | Refusal]) -> Iterator[Row]:
        """The rows that can be used; the others are noted."""
        return (row for row in self.noting(rows) if not isinstance(row, Refusal))

    def lines(self) -> list[str]:
        """Line and reason of the first ones, and how many more there are."""
        told = [f"line {refusal.line}: {refusal.sentence}" for refusal in self.first]
        more = self.count - len(told)
        return [*told, f"and {more:,} more"] if more else told

    def tell(self) -> None:
        """Say on stderr what was left out, if anything."""
        if self.count:
            rows = "row was" if self.count == 1 else "rows were"
            note("\n  ".join([f"{self.count:,} {rows} left out of {self.name}:", *self.lines()]))

    def nothing_usable(self) -> NothingUsable:
        """The error for a file of which no row can be used."""
        return NothingUsable(self.name, self.lines())
