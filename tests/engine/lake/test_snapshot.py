"""A snapshot and what came in since give what the whole history gives, at any later time."""

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from assay import Policy
from assay.domain.policy_sections import SignalKind
from assay.engine.duck import duck
from assay.engine.fold import united
from assay.engine.lake import writing
from assay.engine.lake.reading import faults
from assay.engine.lake.states import kept_now, states_of, usable
from assay.engine.lake.store import Store
from assay.engine.lake.tallies import tallies_of
from assay.engine.lake.writing import Writer
from assay.engine.summary import summary
from tests.engine.lake.growing import START, THEN, Source, a_policy, some_signals


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Source:
    """Most of it has settled; some of that is dated later than the snapshot will be taken."""
    monkeypatch.setattr(writing, "SNAPSHOT_PARTS", 2)
    source = Source(Store(tmp_path / "lake"))
    source.sync(*some_signals(1, 400, START, 75))
    source.sync(*some_signals(400, 430, START, 60))
    return source


def found(
    store: Store, policy: Policy, now: datetime, *, snapshot: bool = True, folded_first: bool = False
) -> list[dict[str, Any]]:
    """States, those of a lead and kind at once, and summaries; -1 for nothing."""
    manifest = store.manifest()
    if not snapshot:
        manifest.snapshot = None
    with duck(policy.timezone) as backend:
        kept = kept_now(backend, store, manifest, policy, now) if folded_first else None
        states = states_of(backend, store, manifest, policy, now, kept)
        tallies = tallies_of(backend, store, manifest, policy, now, kept)
        folded = backend.run(united(policy), states=states).order("lead, kind").to_arrow_table().to_pylist()
        summed = backend.run(summary(policy), tallies=tallies).order("lead").to_arrow_table().to_pylist()
    return [{name: -1 if value is None else value for name, value in row.items()} for row in [*folded, *summed]]


def assert_the_same(store: Store, policy: Policy, now: datetime) -> None:
    """The snapshot changes nothing, nor does folding once for both."""
    whole = [pytest.approx(row, rel=1e-9, abs=1e-12) for row in found(store, policy, now, snapshot=False)]
    assert found(store, policy, now) == whole
    assert found(store, policy, now, folded_first=True) == whole


def with_kinds(policy: Policy, kinds: dict[str, SignalKind]) -> Policy:
    return policy.model_copy(update={"intent": policy.intent.model_copy(update={"signals": kinds})})


@pytest.mark.parametrize("within_days", [30, 200])
def test_a_snapshot_and_what_came_since_is_the_whole(source: Source, within_days: int) -> None:
    policy, store = a_policy(within_days), source.store
    assert Writer(store).keep_snapshot(policy, THEN)
    source.sync(*some_signals(430, 460, START, 50), *some_signals(460, 480, THEN, 3))  # late ones and new ones
    kept = store.manifest().snapshot
    assert kept is not None
    assert kept.upto == 399
    left, whole = (sum(file.rows for file in store.manifest().since(of)) for of in (kept, None))
    assert 0 < left < whole
    # At once, where clocks change or words of days are full, and when all is past.
    for days in (0, 14, 61, 63, 125):
        assert_the_same(store, policy, THEN + timedelta(days=days, hours=5 * days % 24))


def test_a_snapshot_is_made_anew_from_the_one_before_when_enough_came(source: Source) -> None:
    policy, store = a_policy(30), source.store
    assert Writer(store).keep_snapshot(policy, THEN)
    assert not Writer(store).keep_snapshot(policy, THEN + timedelta(days=1))
    source.sync(*some_signals(430, 440, THEN, 9))
    assert not Writer(store).keep_snapshot(policy, THEN + timedelta(days=1))
    source.sync(*some_signals(440, 520, THEN, 9))
    source.sync(*some_signals(520, 525, THEN, 9))
    assert Writer(store).keep_snapshot(policy, THEN + timedelta(days=2))
    kept = store.manifest().snapshot
    assert kept is not None
    assert kept.upto == 519
    for days in (2, 5, 40):
        assert_the_same(store, policy, THEN + timedelta(days=days))


def test_a_snapshot_serves_those_it_was_made_for(source: Source) -> None:
    policy, store = a_policy(30), source.store
    Writer(store).keep_snapshot(policy, THEN)
    manifest = store.manifest()
    known = policy.intent.signals.items()
    dearer, unlike, hotter = (
        with_kinds(policy, {name: kind.model_copy(update=update(kind)) for name, kind in known})
        for update in (
            lambda kind: {"points": 3 * kind.points, "cap": 3 * kind.cap},
            lambda kind: {"points": -kind.points},
            lambda kind: {"hot": not kind.hot},
        )
    )
    assert usable(manifest, dearer, THEN)
    assert usable(manifest, policy, THEN - timedelta(seconds=1)) is None
    another_zone = policy.model_copy(update={"timezone": "UTC"})
    for other in (a_policy(31), a_policy(30, half_life=11.0), another_zone, unlike, hotter):
        assert usable(manifest, other, THEN) is None
    assert_the_same(store, dearer, THEN + timedelta(days=3))
    assert Writer(store).keep_snapshot(a_policy(31), THEN)
    assert usable(store.manifest(), policy, THEN) is None
    named = [file.path for file in store.manifest().files if file.path.startswith("snapshot")]
    assert len(list(Path(store.root).rglob("snapshot/*.parquet"))) == len(named)


def test_what_is_erased_or_marked_is_not_in_the_snapshot_any_more(source: Source) -> None:
    policy, store = a_policy(30), source.store
    Writer(store).keep_snapshot(policy, THEN)
    number, identity, kind, at, bot = source.log[10]
    source.log[10:12] = [(number, identity, kind, at, not bot)]
    source.sync()
    assert store.manifest().snapshot is None
    assert Writer(store).keep_snapshot(policy, THEN)
    assert_the_same(store, policy, THEN + timedelta(days=1))


def test_files_in_the_snapshot_and_those_since_are_put_together_apart(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "PARTS", 2)
    policy, store = a_policy(30), source.store
    Writer(store).keep_snapshot(policy, THEN)
    for first in range(430, 430 + 32 * 3, 32):
        source.sync(*some_signals(first, first + 32, THEN, 2))
    manifest = store.manifest()
    assert usable(manifest, policy, THEN)
    assert max(Counter(file.bucket for file in manifest.since(None)).values()) == 3  # snapshot, since, newest
    assert list(faults(store, manifest)) == []
    assert_the_same(store, policy, THEN + timedelta(days=4))
