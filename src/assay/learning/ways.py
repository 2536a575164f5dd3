"""Three ways to a chance of success, fitted by scikit-learn: a scorecard, naive Bayes, and boosted trees."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from assay.learning.columns import Coding, Column, Indices, Numbers, Outcomes, at, matrix
from assay.learning.models import Additive, Member, Tree, Trees
from assay.learning.needed import needed

if TYPE_CHECKING:
    from sklearn.ensemble import HistGradientBoostingClassifier

AGREES = 1e-6
"""How far the log odds of stored trees may lie from those of scikit-learn."""


class Sample(NamedTuple):
    """Rows to learn from: what they are coded by, their codes, and whether each was a success."""

    codings: tuple[Coding, ...]
    codes: Numbers
    won: Outcomes

    @property
    def groups(self) -> Indices:
        """The group of each code."""
        columns = [coding.grouped(self.codes[:, place]) for place, coding in enumerate(self.codings)]
        return np.column_stack(columns)

    def counts(self) -> list[Numbers]:
        """How many rows each group of each coding has."""
        groups = self.groups
        return [
            np.bincount(groups[:, place], minlength=coding.groups).astype(float)
            for place, coding in enumerate(self.codings)
        ]


def sample(columns: Sequence[Column], won: Outcomes, rows: Sequence[int]) -> Sample:
    """These rows, coded by what they say themselves."""
    codings = tuple(Coding.learned(column, won, rows) for column in columns)
    return Sample(codings, matrix(codings, at(columns, rows)), won[list(rows)])


Way = Callable[[Sample], Member]
"""Learns from a sample."""


def scorecard(strength: float, said: Sample) -> Member:
    """A logistic regression over groups; ``strength`` is how freely it may follow the data, scikit-learn's C."""
    linear = needed("sklearn.linear_model").LogisticRegression(C=strength, max_iter=2000)
    sizes = [coding.groups for coding in said.codings]
    starts = np.concatenate([[0], np.cumsum(sizes)])
    ones = np.zeros((len(said.won), int(starts[-1])))
    for place, group in enumerate(said.groups.T):
        ones[np.arange(len(group)), starts[place] + group] = 1.0
    linear.fit(ones, said.won)
    weights = np.split(linear.coef_[0], starts[1:-1])
    return Additive.centred(float(linear.intercept_[0]), weights, said.counts())


def naive_bayes(said: Sample) -> Member:
    """The share of each group among successes against its share among the others, column by column."""
    sizes = [coding.groups for coding in said.codings]
    bayes = needed("sklearn.naive_bayes").CategoricalNB(min_categories=sizes).fit(said.groups, said.won)
    weights = [each[1] - each[0] for each in bayes.feature_log_prob_]
    base = float(bayes.class_log_prior_[1] - bayes.class_log_prior_[0])
    return Additive.centred(base, weights, said.counts())


def boosted(options: Mapping[str, float], said: Sample) -> Member:
    """Gradient boosting over the codes, its trees taken over as plain numbers."""
    fitted = needed("sklearn.ensemble").HistGradientBoostingClassifier(
        learning_rate=0.05, l2_regularization=1.0, early_stopping=False, random_state=0, **options
    )
    # Of a column that nobody knew anything of it cannot make bins; a constant makes no tree ask for it.
    fitted.fit(np.where(np.isnan(said.codes).all(axis=0), 0.0, said.codes), said.won)
    trees = taken_over(fitted)
    some = said.codes[:: max(1, len(said.codes) // 200)]
    base, added = trees.parts(said.codings, some)
    assert np.allclose(base + added.sum(axis=1), fitted.decision_function(some), atol=AGREES), "trees of another form"
    return trees


def taken_over(fitted: HistGradientBoostingClassifier) -> Trees:
    """The trees of a fitted classifier.

    Where scikit-learn keeps them is not of its public interface; :func:`boosted` compares what both say.
    """
    stages: Any = fitted._predictors
    return Trees(float(np.ravel(fitted._baseline_prediction)[0]), tuple(_tree(stage[0].nodes) for stage in stages))


def _tree(nodes: NDArray[np.void]) -> Tree:
    leaf = nodes["is_leaf"].astype(bool)
    left = np.where(leaf, 0, nodes["left"]).astype(int)
    right = np.where(leaf, 0, nodes["right"]).astype(int)
    value, count = nodes["value"].astype(float), nodes["count"].astype(float)
    # From the last node to the root: children stand after their parent.
    for node in np.flatnonzero(~leaf)[::-1]:
        one, other = left[node], right[node]
        value[node] = (value[one] * count[one] + value[other] * count[other]) / count[node]
    return Tree(
        tuple(nodes["feature_idx"].tolist()),
        tuple(nodes["num_threshold"].tolist()),
        tuple(nodes["missing_go_to_left"].astype(bool).tolist()),
        tuple(left.tolist()),
        tuple(right.tolist()),
        tuple(value.tolist()),
    )


WAYS: Mapping[str, Mapping[str, Way]] = {
    "scorecard": {f"C={strength:g}": partial(scorecard, strength) for strength in (0.03, 0.1, 0.3, 1.0)},
    "naive Bayes": {"": naive_bayes},
    "gradient boosting": {
        "small trees": partial(boosted, {"max_iter": 200, "max_leaf_nodes": 4, "min_samples_leaf": 30}),
        "middling trees": partial(boosted, {"max_iter": 120, "max_leaf_nodes": 10, "min_samples_leaf": 40}),
        "large trees": partial(boosted, {"max_iter": 100, "max_leaf_nodes": 25, "min_samples_leaf": 20}),
    },
}
"""The ways, and the settings of each that are tried."""
