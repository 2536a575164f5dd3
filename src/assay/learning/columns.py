"""Columns of any table, oldest row first, and the few groups that the values of each fall into."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import floor, log10
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from assay.domain.phrase import Phrase

Value: TypeAlias = float | str | None
"""A number, a text, or None where it is not known."""
Numbers: TypeAlias = NDArray[np.float64]
Indices: TypeAlias = NDArray[np.int64]
Outcomes: TypeAlias = NDArray[np.bool_]

MOST_TEXTS, LEAST_IN_GROUP, RANGES = 30, 20, 10
"""Texts that are told apart, how often each has to occur, and into how many ranges numbers are cut.

A text of fewer rows would be learned by heart, and might name somebody.
"""
MOSTLY = 0.95


class Column(NamedTuple):
    """A named column with a value a row."""

    name: str
    values: Sequence[Value]

    @property
    def is_numeric(self) -> bool:
        """Whether nearly all that is known is a number."""
        known = [value for value in self.values if value is not None]
        return bool(known) and sum(isinstance(value, float) for value in known) >= MOSTLY * len(known)

    @property
    def says_nothing(self) -> bool:
        """Whether it names each row, as an id does, or is the same in all; neither can be learned from."""
        known = [value for value in self.values if value is not None]
        if len(set(known)) < 2:
            return len(known) in (0, len(self.values))
        return self._counts_up() if self.is_numeric else len(set(known)) > MOSTLY * len(known)

    def _counts_up(self) -> bool:
        steps = np.diff([value for value in self.values if isinstance(value, float)])
        return bool(np.all(steps > 0) or np.all(steps < 0))


@dataclass(frozen=True, slots=True)
class Coding:
    """How a column's values become numbers and groups, learned from older rows.

    A number is itself, and its group is a range between ``edges``. A text is its place among ``texts``, which stand
    from the least to the most successful; those too rare to be told apart are one group, at ``rare`` between two
    places, and not known where nothing rare was met. The last group is of what is not known. ``whole`` says that all
    numbers are.
    """

    name: str
    edges: tuple[float, ...] = ()
    texts: tuple[str, ...] = ()
    rare: float | None = None
    numeric: bool = True
    whole: bool = False

    @classmethod
    def learned(cls, column: Column, won: Outcomes, rows: Sequence[int]) -> "Coding":
        """From these rows of a column."""
        values = [column.values[row] for row in rows]
        if column.is_numeric:
            numbers = [value for value in values if isinstance(value, float)]
            cuts = np.quantile(numbers, np.linspace(0, 1, RANGES + 1)[1:-1]).tolist() if numbers else []
            whole = all(number.is_integer() for number in numbers)
            return cls(column.name, edges=tuple(sorted(set(cuts))), whole=whole)
        return cls._of_texts(column.name, [None if value is None else str(value) for value in values], won[list(rows)])

    @classmethod
    def _of_texts(cls, name: str, values: Sequence[str | None], won: Outcomes) -> "Coding":
        counts = Counter(value for value in values if value is not None)
        often = {text for text, count in counts.most_common(MOST_TEXTS) if count >= LEAST_IN_GROUP}
        hits = Counter(value if value in often else "" for value, hit in zip(values, won, strict=True) if hit and value)
        counts[""] = sum(count for text, count in counts.items() if text not in often)
        texts = sorted(often, key=lambda text: (hits[text] / counts[text], text))
        if not counts[""]:
            return cls(name, texts=tuple(texts), numeric=False)
        lower = sum(hits[text] / counts[text] <= hits[""] / counts[""] for text in texts)
        return cls(name, texts=tuple(texts), rare=lower - 0.5, numeric=False)

    @property
    def groups(self) -> int:
        """How many there are, that of what is not known included."""
        return (len(self.edges) if self.numeric else len(self.texts)) + 2

    def codes(self, values: Sequence[Value]) -> Numbers:
        """Each value as a number; NaN where it is not known."""
        if self.numeric:
            return np.array([value if isinstance(value, float) else np.nan for value in values])
        places = {text: float(place) for place, text in enumerate(self.texts)}
        rare = np.nan if self.rare is None else self.rare
        return np.array([np.nan if value is None else places.get(str(value), rare) for value in values])

    def grouped(self, codes: Numbers) -> Indices:
        """The group of each of its codes."""
        known = np.where(np.isnan(codes), 0.0, codes)
        if self.numeric:
            groups = np.searchsorted(self.edges, known, side="right")
        else:
            groups = np.where(known == np.floor(known), known, len(self.texts))
        return np.where(np.isnan(codes), self.groups - 1, groups).astype(np.int64)

    def label(self, group: int) -> Phrase:
        """What a group is called."""
        if group == self.groups - 1:
            return Phrase("not known")
        if not self.numeric:
            return Phrase("{text}", text=self.texts[group]) if group < len(self.texts) else Phrase("rarely met")
        return self._range(
            self.edges[group - 1] if group else None, self.edges[group] if group < len(self.edges) else None
        )

    def _range(self, low: float | None, high: float | None) -> Phrase:
        if low is None or high is None:
            if low is not None:
                return Phrase("{low} or more", low=_short(low))
            return Phrase("under {high}", high=_short(high)) if high is not None else Phrase("known")
        if self.whole and high - low <= 1:
            return Phrase("{low}", low=_short(low))
        return Phrase("{low} to under {high}", low=_short(low), high=_short(high))

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> "Coding":
        """The one that its JSON says."""
        return cls(**{**said, "edges": tuple(said["edges"]), "texts": tuple(said["texts"])})

    def as_json(self) -> dict[str, object]:
        """For the records."""
        return asdict(self)


def _short(number: float) -> float:
    """A number as people say it: three digits of it, and all those before the decimal point."""
    rounded = round(number, max(0, 2 - floor(log10(abs(number))))) if number else 0.0
    return int(rounded) if rounded.is_integer() else rounded


def at(columns: Sequence[Column], rows: Sequence[int]) -> list[Column]:
    """These rows of columns."""
    return [Column(column.name, [column.values[row] for row in rows]) for column in columns]


def matrix(codings: Sequence[Coding], columns: Sequence[Column]) -> Numbers:
    """The codes of columns, found by their names: a row a row, a column a coding; one that is missing is not known."""
    found = {column.name: column.values for column in columns}
    rows = len(columns[0].values) if columns else 0
    nothing: list[Value] = [None] * rows
    return np.column_stack([coding.codes(found.get(coding.name, nothing)) for coding in codings])
