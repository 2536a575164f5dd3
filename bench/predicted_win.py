"""How well wins are predicted, against the better of naive Bayes field by field and gradient boosting tuned by search.

All learn from the same older four fifths of made-up tables and are judged on the newest fifth, by the area under the
ROC curve. Each round is another table of its kind.
"""

from collections.abc import Callable, Iterator
from itertools import count

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import ParameterSampler, TimeSeriesSplit
from sklearn.naive_bayes import CategoricalNB
from threadpoolctl import threadpool_limits

from assay.learning.columns import Column, Numbers, Outcomes
from assay.learning.learn import Learned, learn
from bench.measure import QUICK, Figure, compare

ROWS = 2_000 if QUICK else 8_000
ROUNDS, TRIES = (2, 4) if QUICK else (5, 12)
SHARE = 0.8
SEARCH = {
    "learning_rate": [0.03, 0.05, 0.1],
    "max_iter": [80, 150, 300],
    "max_leaf_nodes": [4, 8, 15, 31],
    "min_samples_leaf": [10, 20, 40, 80],
    "l2_regularization": [0.0, 1.0, 5.0],
}
Odds = Callable[[Numbers, Numbers], Numbers]
"""Log odds of each row by its numbers, and by how late it is, from 0 to 1."""

KINDS: dict[str, Odds] = {
    "each counts by itself": lambda x, late: x[:, 0] + 0.7 * x[:, 1] - 0.5 * (x[:, 2] > 0) - 1,
    "some count together": lambda x, late: 2 * x[:, 0] * x[:, 1] + 1.5 * (x[:, 2] > 0) * (x[:, 3] > 0) - 1.2,
    "what counts changes": lambda x, late: (1 - late) * x[:, 0] + late * x[:, 1] + 0.5 * x[:, 2] - 1,
}


def figures() -> Iterator[Figure]:
    """A figure a kind of table, and one for tables in which nothing can be learned."""
    for name, odds in KINDS.items():
        ours, theirs = count(), count()
        yield compare(
            f"predicted win, {name}",
            "AUC",
            lambda odds=odds, ours=ours: _ours(*_table(next(ours), odds)),  # type: ignore[misc]
            lambda odds=odds, theirs=theirs: _theirs(*_table(next(theirs), odds)),  # type: ignore[misc]
            rounds=ROUNDS,
            note=f"{ROWS:,} rows; reference: the better of naive Bayes and tuned gradient boosting",
        )
    said = sum(_learned(*_table(seed, lambda x, late: 0 * late - 1)).model is None for seed in range(4 * ROUNDS))
    share = said / (4 * ROUNDS)
    yield Figure(
        "no signal, and says so", "tables", said, 4 * ROUNDS, share, 0.0, "at most 5 % of tables look otherwise"
    )


def _table(seed: int, odds: Odds) -> tuple[Numbers, Outcomes]:
    chance = np.random.default_rng(seed)
    x = chance.normal(size=(ROWS, 8))
    x[chance.random(x.shape) < 0.1] = np.nan
    won = chance.random(ROWS) < 1 / (1 + np.exp(-odds(np.nan_to_num(x), np.linspace(0, 1, ROWS))))
    return x, won


def _learned(x: Numbers, won: Outcomes) -> Learned:
    columns = [
        Column(f"number {at}", [None if np.isnan(value) else value for value in column.tolist()])
        for at, column in enumerate(x.T)
    ]
    return learn(columns, won.tolist())


def _ours(x: Numbers, won: Outcomes) -> float:
    best = _learned(x, won).best
    return best.auc if best else 0.5


def _theirs(x: Numbers, won: Outcomes) -> float:
    older = int(len(won) * SHARE)
    with threadpool_limits(1):
        return max(_naive_bayes(x, won, older), _tuned_boosting(x, won, older))


def _naive_bayes(x: Numbers, won: Outcomes, older: int) -> float:
    edges = np.nanquantile(x[:older], np.linspace(0, 1, 11)[1:-1], axis=0)
    groups = np.column_stack([np.searchsorted(edges[:, at], column) for at, column in enumerate(x.T)])
    groups[np.isnan(x)] = len(edges) + 1
    bayes = CategoricalNB(min_categories=len(edges) + 2).fit(groups[:older], won[:older])
    return float(roc_auc_score(won[older:], bayes.predict_proba(groups[older:])[:, 1]))


def _tuned_boosting(x: Numbers, won: Outcomes, older: int) -> float:
    tried = [_boosting(options) for options in ParameterSampler(SEARCH, TRIES, random_state=0)]
    best = max(tried, key=lambda model: _validated(model, x[:older], won[:older]))
    return float(roc_auc_score(won[older:], best.fit(x[:older], won[:older]).predict_proba(x[older:])[:, 1]))


def _boosting(options: dict[str, float]) -> HistGradientBoostingClassifier:
    return HistGradientBoostingClassifier(random_state=0, early_stopping=False, **options)


def _validated(model: HistGradientBoostingClassifier, x: Numbers, won: Outcomes) -> float:
    """The mean area under the curve over blocks of time, each after learning from those before it."""
    found = [
        roc_auc_score(won[after], model.fit(x[before], won[before]).predict_proba(x[after])[:, 1])
        for before, after in TimeSeriesSplit(3).split(x)
    ]
    return float(np.mean(found))
