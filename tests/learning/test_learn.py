"""Learning from tables with a known truth: what it says, how sure it is, and that plain numbers predict the same."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from functools import cache

import numpy as np
import pytest
from scipy.special import expit
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import CategoricalNB
from threadpoolctl import threadpool_limits

from assay.domain.chances import Reason, Report
from assay.learning.calibration import Line
from assay.learning.columns import Column, Outcomes, at
from assay.learning.drift import drift, shares
from assay.learning.leaks import leak_of
from assay.learning.learn import Learned, learn
from assay.learning.models import Model, model_of
from assay.learning.reasons import reasons_of
from assay.learning.said import report, says
from assay.learning.ways import WAYS, naive_bayes, sample, scorecard

ROWS = 1_000


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Where scikit-learn is called by a test itself; on a busy machine its threads wait for each other."""
    with threadpool_limits(1):
        yield


@cache
def a_table(rows: int = ROWS, seed: int = 5, *, signal: float = 1.0) -> tuple[tuple[Column, ...], Outcomes]:
    """Companies with a size, an industry that is not always known, noise, and an id; a third of them won."""
    chance = np.random.default_rng(seed)
    size, noise = chance.lognormal(4, 1, rows), chance.normal(size=rows)
    industry = chance.choice(["Software", "Retail", "Steel"], rows)
    odds = signal * (1.2 * (np.log(size) - 4) + 1.5 * (industry == "Software") - 0.5) - 0.5
    won = chance.random(rows) < expit(odds)
    known = chance.random(rows) < 0.8
    texts = [str(name) if is_known else None for name, is_known in zip(industry, known, strict=True)]
    columns = (
        Column("size", size.tolist()),
        Column("industry", texts),
        Column("noise", noise.tolist()),
        Column("id", [f"lead {number}" for number in range(rows)]),
    )
    return columns, won


@cache
def learned() -> Learned:
    """What the table taught."""
    columns, won = a_table()
    return learn(columns, won.tolist())


# --- What it says ---------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [0, 30, 199])
def test_below_the_minimum_it_only_counts(rows: int) -> None:
    columns, won = a_table()
    found = learn(at(columns, range(rows)), won[:rows].tolist())
    assert (found.rows, found.won, says(found), found.model) == (rows, int(won[:rows].sum()), Report.TOO_FEW, None)


def test_with_too_few_of_one_outcome_it_cannot_tell_either() -> None:
    columns, won = a_table()
    few = np.arange(ROWS) % 40 == 0
    assert says(learn(columns, few.tolist())) is Report.TOO_FEW
    late = np.arange(ROWS) >= ROWS - 100
    assert says(learn(columns, (won & late).tolist())) is Report.TOO_FEW, "nobody had won when it had to learn"


def test_where_there_is_no_signal_it_says_so() -> None:
    columns, won = a_table(signal=0.0)
    found = learn(columns, won.tolist())
    assert (says(found), found.model, found.line) == (Report.NO_SIGNAL, None, None)
    assert found.best is not None
    assert found.best.auc_low <= 0.5


def test_it_finds_what_counts_and_its_chances_come_true() -> None:
    found, (columns, _) = learned(), a_table()
    assert says(found) is Report.TELLS
    assert found.used == ("size", "industry", "noise"), "an id names each row"
    assert found.best is not None
    assert found.best.auc > 0.7
    assert found.best.lift > 1.5
    assert found.best.loss < found.best.base_loss
    assert found.best.error < 0.12
    by = [line["column"] for line in report(found, columns)["goes_by"]]
    assert {"size", "industry"} <= set(by)
    assert "noise" not in by[:4]


def test_the_range_of_a_chance_holds_what_is_won_later() -> None:
    found, (later, won) = learned(), a_table(4_000, seed=6)
    assert found.model is not None
    assert found.line is not None
    scores = found.model.scores(later)
    order = np.argsort(scores)
    for group in np.array_split(order, 4):
        said = found.line.chance(float(scores[group].mean()))
        share, sampling = won[group].mean(), 0.035
        assert said.low - sampling <= share <= said.high + sampling
        assert said.low < said.chance < said.high


# --- Why ------------------------------------------------------------------------------------------


def test_reasons_name_what_a_row_has_and_how_much_that_moves_its_odds() -> None:
    found = learned()
    assert found.model is not None
    big = [Column("size", [900.0]), Column("industry", ["Software"]), Column("noise", [0.0])]
    small = [Column("size", [8.0]), Column("industry", [None]), Column("noise", [0.0])]
    [why], [why_not] = (reasons_of(found.model, 1.0, row) for row in (big, small))
    assert [reason.column for reason in why[:2]] == ["size", "industry"]
    assert all(reason.factor > 1.5 for reason in why[:2])
    assert why_not[0].factor < 0.5
    told = [str(reason.sentence(str.title)) for reason in why]
    assert any(text.startswith("Industry: Software (odds × ") for text in told)
    assert str(why_not[0].sentence(str.title)).startswith("Size: under ")
    again = [Reason.of(json.loads(json.dumps(reason.as_json()))) for reason in why]
    assert [reason.sentence(str.title) for reason in again] == told


def test_what_the_columns_add_makes_the_whole_score() -> None:
    found, (columns, _) = learned(), a_table()
    assert found.model is not None
    base, added = found.model.parts(columns)
    np.testing.assert_allclose(base + added.sum(axis=1), found.model.scores(columns))
    assert abs(added.mean()) < 0.1, "beside the average of the rows it was learned from"


# --- Plain numbers --------------------------------------------------------------------------------


def kept(way: str, setting: str) -> Model:
    """A way as it comes back from the records."""
    columns, won = a_table()
    taught = sample(columns[:3], won, range(600))
    model = Model(taught.codings, ((1.0, WAYS[way][setting](taught)),))
    return model_of(json.loads(json.dumps(model.as_json())))


def test_kept_trees_say_what_scikit_learn_says() -> None:
    columns, won = a_table()
    taught = sample(columns[:3], won, range(600))
    options = {"max_iter": 200, "max_leaf_nodes": 4, "min_samples_leaf": 30}
    theirs = HistGradientBoostingClassifier(
        learning_rate=0.05, l2_regularization=1.0, early_stopping=False, random_state=0, **options
    ).fit(taught.codes, taught.won)
    later = sample(columns[:3], won, range(600, ROWS))
    codes = np.column_stack(
        [coding.codes(column.values) for coding, column in zip(taught.codings, columns, strict=False)]
    )
    ours = expit(kept("gradient boosting", "small trees").scores(columns))
    assert len(later.won) == 400
    np.testing.assert_allclose(ours, theirs.predict_proba(codes)[:, 1], atol=1e-9)


def test_a_kept_scorecard_and_naive_bayes_say_what_scikit_learn_says() -> None:
    columns, won = a_table()
    taught = sample(columns[:3], won, range(600))
    groups = np.column_stack(
        [coding.grouped(coding.codes(column.values)) for coding, column in zip(taught.codings, columns, strict=False)]
    )
    sizes = [coding.groups for coding in taught.codings]
    bayes = CategoricalNB(min_categories=sizes).fit(groups[:600], won[:600])
    ours = expit(kept("naive Bayes", "").scores(columns))
    np.testing.assert_allclose(ours, bayes.predict_proba(groups)[:, 1], atol=1e-9)
    ones = np.column_stack([groups[:, [place]] == np.arange(size) for place, size in enumerate(sizes)]).astype(float)
    linear = LogisticRegression(C=0.3, max_iter=2000).fit(ones[:600], won[:600])
    ours = expit(kept("scorecard", "C=0.3").scores(columns))
    np.testing.assert_allclose(ours, linear.predict_proba(ones)[:, 1], atol=1e-9)


def test_what_nobody_ever_knew_and_texts_never_met_are_no_trouble() -> None:
    columns, won = a_table()
    nobody = Column("nobody", [None] * 300 + ["late"] * (ROWS - 300))
    taught = sample([*columns[:2], nobody], won, range(300))
    for way in (naive_bayes, lambda said: scorecard(1.0, said), *WAYS["gradient boosting"].values()):
        model = Model(taught.codings, ((1.0, way(taught)),))
        assert np.isfinite(model.scores([Column("industry", ["never met", None])])).all()


# --- Leaks and drift ------------------------------------------------------------------------------


def test_a_column_filled_in_after_the_outcome_is_caught_and_left_out() -> None:
    (size, industry, noise, _), won = a_table()
    invoice = Column("invoice", [f"F-{row}" if hit else None for row, hit in enumerate(won)])
    score = Column("score", [float(hit) + 0.3 * value for hit, value in zip(won, noise.values, strict=True)])  # type: ignore[operator]
    half = Column("answered", ["yes" if hit and row % 4 else None for row, hit in enumerate(won)])
    status = Column("Last Status", [f"status {row % 3}" for row in range(ROWS)])
    found = learn([size, industry, noise, invoice, score, half, status], won.tolist(), ["answered"], ["noise"])
    leaks = {leak.column: leak for leak in found.leaks}
    assert leaks["invoice"].certain
    assert str(leaks["invoice"].why) == "It is filled in for 100 % of the successes and for 0 % of the others."
    assert str(leaks["score"].why).startswith("It alone tells the outcome: area under the curve 0.9")
    assert not leaks["Last Status"].certain
    assert found.used == ("size", "industry", "answered", "Last Status")
    assert leak_of(size, won, range(ROWS)) is None
    assert leak_of(industry, won, range(ROWS)) is None


def test_a_shift_is_seen_and_chance_is_not_taken_for_one() -> None:
    model, (later, _) = learned().model, a_table(400, seed=8)
    assert model is not None
    before = shares(model, a_table()[0])
    assert [shift.column for shift in drift(before, shares(model, later)) if shift.shifted] == []
    moved = [Column("size", [value * 4 for value in later[0].values]), *later[1:]]  # type: ignore[operator]
    assert [shift.column for shift in drift(before, shares(model, moved)) if shift.shifted] == ["size"]
    assert drift(before, shares(model, at(later, range(20)))) == [], "too few to tell"


def test_a_line_puts_boasting_right() -> None:
    chance = np.random.default_rng(3)
    odds = chance.normal(size=2_000)
    won = chance.random(2_000) < expit(odds - 1)
    line = Line.fitted(3 * odds, won)
    assert 0.28 < line.slope < 0.39
    assert abs(line.chances(np.array([0.0]))[0] - expit(-1)) < 0.04
    assert Line(**json.loads(json.dumps(asdict(line)))) == line


# --- Without scikit-learn -------------------------------------------------------------------------

WITHOUT = """
import sys
sys.modules["sklearn"] = None
import assay
from assay.learning.columns import Column
from assay.learning.learn import learn
from assay.learning.needed import NotInstalled
assert learn([Column("a", [1.0, 2.0])], [True, False]).rows == 2
try:
    learn([Column("a", [float(i % 7) for i in range(400)])], [i % 2 == 0 for i in range(400)])
except NotInstalled as error:
    print(error)
"""


def test_without_scikit_learn_it_says_in_one_sentence_what_to_install() -> None:
    done = subprocess.run([sys.executable, "-c", WITHOUT], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == (
        "Learning from outcomes needs scikit-learn, which is not installed. "
        "Install Assay with its extra: pip install 'assay[learn]'"
    )


def test_the_pages_and_the_library_do_not_load_scikit_learn() -> None:
    said = (
        "import os, sys, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'assay.settings'; django.setup();"
        "import assay.desk.urls, assay.work.jobs, assay; print('sklearn' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
