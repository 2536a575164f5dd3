"""On a history with a known truth and biased sales, the proposal finds the truth and the backtest keeps its promise."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from assay.domain.backtest import Backtest, Grounds, Story, backtest
from assay.domain.backtest_words import rows
from assay.domain.policy import Policy
from assay.domain.proposal import drafted, propose
from assay.engine.backtest.period import Period
from assay.engine.backtest.replay import replay
from assay.engine.duck import duck
from assay.engine.lake.store import Store
from assay.policies import shipped
from tests.domain.test_proposal import order
from tests.engine.firm import BEGAN, Came, came
from tests.engine.histories import written

LEADS, DAYS, LEARNED = 4000, 270, 180
"""Half a year is learned from, the following three months are held out."""
SPLIT = BEGAN + timedelta(days=LEARNED)
SEED = 3


def sent_at(one: Came) -> datetime | None:
    """When the rule sent somebody to the gate."""
    return one.person.decisions[1].at if len(one.person.decisions) > 1 else None


class Learned(NamedTuple):
    """What was proposed, and what it promises; then what it gives on the days that nobody had seen."""

    draft: Policy
    promise: Backtest
    kept: Backtest


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> Learned:
    everybody = list(came(LEADS, DAYS, shipped(), SEED))
    until = datetime.combine(SPLIT, datetime.min.time(), UTC)
    ended = [one.outcome for one in everybody if one.outcome and one.person.decisions[-1].at < until]
    draft = Policy.parse(drafted(shipped(), propose(shipped(), ended, [])))
    store = written(Path(tmp_path_factory.mktemp("firm"), "lake"), [one.person for one in everybody])
    promise, kept = (
        held(store, draft, first, last)
        for first, last in ((BEGAN, SPLIT - timedelta(days=1)), (SPLIT, BEGAN + timedelta(days=DAYS - 1)))
    )
    return Learned(draft, promise, kept)


def held(store: Store, draft: Policy, first: date, last: date) -> Backtest:
    with duck("UTC") as backend:
        found = replay(backend, store, store.manifest(), Period(draft, first, last, datetime(2027, 1, 1, tzinfo=UTC)))
    return backtest(first, last, (Story(**row) for row in found.stories.to_pylist()), Grounds(**found.about))


def meet(one: Sequence[float], other: Sequence[float]) -> bool:
    """Whether two ranges have something in common."""
    return max(one[0], other[0]) <= min(one[1], other[1])


def test_the_proposal_recovers_the_true_order(learned: Learned) -> None:
    for axis in ("fit", "intent"):
        assert order(learned.draft, axis) > max(0.85, order(shipped(), axis) + 0.3)


def test_the_promise_holds_on_the_following_months(learned: Learned) -> None:
    for (name, promised), (_, kept) in zip(rows(learned.promise), rows(learned.kept), strict=True):
        assert not kept.few
        assert meet(promised.range, kept.range), name
    then, since = learned.promise.change, learned.kept.change
    assert meet((then.low, then.high), (since.low, since.high))


def test_a_draft_in_force_sends_as_many_as_was_promised(learned: Learned) -> None:
    after = datetime.combine(SPLIT, datetime.min.time(), UTC)
    live = [one for one in came(LEADS, DAYS, learned.draft, SEED) if (at := sent_at(one)) and at >= after]
    assert learned.promise.draft == pytest.approx(len(live) * 7 / (DAYS - LEARNED), rel=0.1)


def test_the_rule_in_force_promises_what_happened(tmp_path: Path) -> None:
    store = written(tmp_path / "lake", [one.person for one in came(300, 90, shipped(), SEED)])
    same = held(store, shipped(), BEGAN, BEGAN + timedelta(days=89))
    assert (same.both, same.new, same.only_real, same.timing.same) == (same.both, 0, 0, same.both)
    assert (same.accepted.share, same.rejected.share) == (1.0, 1.0)
