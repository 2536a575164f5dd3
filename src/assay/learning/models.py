"""What was learned, as plain numbers: log odds of a row, and how much of them each of its columns gives.

Kept as JSON, so that loading it runs nobody's code; scikit-learn made the numbers and is not needed to apply them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np

from assay.learning.columns import Coding, Column, Indices, Numbers, matrix


class Member(Protocol):
    """One way's part of a model. Applies to codes, a row a row and a column a coding."""

    def parts(self, codings: Sequence[Coding], codes: Numbers) -> tuple[float, Numbers]:
        """The log odds of an average row, and what each column adds to them: a row a row, a column a coding."""

    def as_json(self) -> dict[str, object]:
        """For the records; :func:`model_of` reads it back."""


@dataclass(frozen=True, slots=True)
class Model:
    """What applies to rows: members, each with the factor that puts its log odds on the scale of the others."""

    codings: tuple[Coding, ...]
    members: tuple[tuple[float, Member], ...]

    def parts(self, columns: Sequence[Column]) -> tuple[float, Numbers]:
        """The log odds of an average row, and what each column adds to them: a row a row, a column a coding."""
        codes = matrix(self.codings, columns)
        base, added = 0.0, np.zeros(codes.shape)
        for factor, member in self.members:
            its_base, its_added = member.parts(self.codings, codes)
            base, added = base + factor * its_base, added + factor * its_added
        return base, added

    def scores(self, columns: Sequence[Column]) -> Numbers:
        """The log odds of each row, not calibrated yet."""
        base, added = self.parts(columns)
        return np.asarray(base + added.sum(axis=1))

    def as_json(self) -> dict[str, object]:
        """For the records."""
        return {
            "codings": [coding.as_json() for coding in self.codings],
            "members": [{"factor": factor, **member.as_json()} for factor, member in self.members],
        }


@dataclass(frozen=True, slots=True)
class Additive:
    """A weight for each group of each column: what a scorecard and naive Bayes both are."""

    base: float
    weights: tuple[tuple[float, ...], ...]

    @classmethod
    def centred(cls, base: float, weights: Sequence[Numbers], counts: Sequence[Numbers]) -> "Additive":
        """With weights that are 0 for the average of the rows counted, so that each says how a row differs."""
        means = [float(np.average(each, weights=count)) for each, count in zip(weights, counts, strict=True)]
        shifted = tuple(
            tuple(float(weight) for weight in each - mean) for each, mean in zip(weights, means, strict=True)
        )
        return cls(base + sum(means), shifted)

    def parts(self, codings: Sequence[Coding], codes: Numbers) -> tuple[float, Numbers]:
        """See Member."""
        added = [
            np.array(weights)[coding.grouped(codes[:, place])]
            for place, (coding, weights) in enumerate(zip(codings, self.weights, strict=True))
        ]
        return self.base, np.column_stack(added)

    def as_json(self) -> dict[str, object]:
        """See Member."""
        return {"form": "additive", "base": self.base, "weights": self.weights}


class Tree(NamedTuple):
    """A tree by its nodes, the root first. A row goes ``left`` where its code is at most the threshold.

    ``value`` is what rows that come to a node get on average, in log odds; ``left`` is 0 at a leaf.
    """

    column: tuple[int, ...]
    threshold: tuple[float, ...]
    unknown_left: tuple[bool, ...]
    left: tuple[int, ...]
    right: tuple[int, ...]
    value: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Trees:
    """Boosted trees. What a column gives is how much the average changes where a tree asks for it (Saabas 2014)."""

    base: float
    trees: tuple[Tree, ...]

    def parts(self, codings: Sequence[Coding], codes: Numbers) -> tuple[float, Numbers]:
        """See Member."""
        added = np.zeros(codes.shape)
        for tree in self.trees:
            _descend(tree, codes, added)
        return self.base + sum(tree.value[0] for tree in self.trees), added

    def as_json(self) -> dict[str, object]:
        """See Member."""
        return {"form": "trees", "base": self.base, "trees": [tree._asdict() for tree in self.trees]}


def _descend(tree: Tree, codes: Numbers, added: Numbers) -> None:
    """Take every row down to its leaf, and book each change of value to the column that was asked for."""
    column, threshold, unknown_left, left, right, value = map(np.array, tree)
    rows: Indices = np.arange(len(codes))
    at = np.zeros(len(codes), dtype=np.int64)
    while len(rows):
        inner = left[at] > 0
        rows, at = rows[inner], at[inner]
        asked = column[at]
        code = codes[rows, asked]
        goes_left = np.where(np.isnan(code), unknown_left[at], code <= threshold[at])
        next_at = np.where(goes_left, left[at], right[at])
        added[rows, asked] += value[next_at] - value[at]
        at = next_at


def model_of(said: Mapping[str, Any]) -> Model:
    """The model that its JSON says."""
    codings = tuple(Coding.of(each) for each in said["codings"])
    return Model(codings, tuple((each["factor"], _member(each)) for each in said["members"]))


def _member(said: Mapping[str, Any]) -> Member:
    if said["form"] == "additive":
        return Additive(said["base"], tuple(tuple(weights) for weights in said["weights"]))
    trees = tuple(Tree(**{name: tuple(values) for name, values in tree.items()}) for tree in said["trees"])
    return Trees(said["base"], trees)
