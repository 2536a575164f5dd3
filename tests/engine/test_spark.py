"""The same rule on Spark: a real standalone cluster of a master and two workers."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from pyspark.sql import DataFrame, SparkSession

from assay import Policy, score
from assay.domain.errors import BadInput
from assay.domain.intent import KindState
from assay.domain.policy_sections import Fit, Intent
from assay.engine.backend import Backend
from assay.engine.backtest.period import Period
from assay.engine.backtest.replay import replay
from assay.engine.duck import duck
from assay.engine.lake import rescoring
from assay.engine.lake.rescoring import changed
from assay.engine.lake.store import Store
from assay.engine.lake.writing import Writer
from assay.engine.spark import ZONE, Spark
from assay.engine.spark import spark as engine
from tests import cases
from tests.engine.cluster import cluster, connect_url, session
from tests.engine.histories import written
from tests.engine.lake.growing import START, THEN, Source, a_policy, some_signals
from tests.engine.tables import by_the_domain, differences, leads_table, rows_of, signals_table
from tests.engine.test_backtest import LAST, NOW, Chance
from tests.engine.test_same_rule import TOGETHER

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default", "ignore::ResourceWarning")]


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    folder = tmp_path_factory.mktemp("spark")
    with cluster(folder) as url, session(url, folder) as started:
        yield started


def test_the_named_cases_on_a_cluster(spark: SparkSession) -> None:
    # Most cases share one moment. Every further one costs seconds here, and DuckDB sees them all.
    group = max(TOGETHER, key=len)
    assert len(group) > sum(map(len, TOGETHER)) / 2
    policy, now, zone = cases.policy(group[0].policy), group[0].now, spark.conf.get(ZONE)
    leads, drawn = [case.facts for case in group], [case.signals for case in group]
    table = score(
        policy, spark.createDataFrame(leads_table(leads)), spark.createDataFrame(signals_table(drawn)), now=now
    )
    assert isinstance(table, DataFrame)
    rows = rows_of(table.toArrow())
    for case, row, by_hand in zip(group, rows, by_the_domain(policy, leads, drawn, now), strict=True):
        assert (case.name, differences(row, by_hand)) == (case.name, [])
    assert str(spark.sparkContext.master).startswith("spark://")
    assert spark.conf.get(ZONE) == zone  # the session's own, not the policy's


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A lake with a snapshot and what came since."""
    source = Source(Store(tmp_path / "lake"))
    source.sync(*some_signals(1, 300, START, 75))
    source.sync(*some_signals(300, 320, START, 60))
    assert Writer(source.store).keep_snapshot(a_policy(30), THEN)
    source.sync(*some_signals(320, 340, START, 62))
    source.know({"company.employees": "50", "company.country": "FR"}, *({} for _ in range(9)))
    return source.store


def test_a_lake_is_rescored_alike_by_a_cluster_over_connect(
    spark: SparkSession, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy, now = a_policy(30), THEN + timedelta(days=3)
    with duck(policy.timezone) as backend, monkeypatch.context() as patched:
        patched.setattr(rescoring, "AT_ONCE", 4)
        expected = rescored(backend, store, policy, now)
    assert [len(states) > 3 for states in expected.values()] == [True] * 9 + [False]
    with engine(connect_url(spark), policy.timezone) as connected:
        assert rescored(connected, store, policy, now) == expected
        assert rescored(connected, store, policy, now, snapshot=False) == expected


def test_a_draft_is_replayed_alike_by_a_cluster_over_connect(spark: SparkSession, tmp_path: Path) -> None:
    policy = a_draft()
    store = written(tmp_path / "lake", Chance(3).people(40))
    period = Period(policy, LAST - timedelta(days=2), LAST, NOW)
    with duck(policy.timezone) as backend:
        expected = replay(backend, store, store.manifest(), period)
    with engine(connect_url(spark), policy.timezone) as connected:
        found = replay(connected, store, store.manifest(), period)
    in_order = [(name, "ascending") for name in expected.stories.column_names]
    assert found.stories.sort_by(in_order).to_pylist() == expected.stories.sort_by(in_order).to_pylist()
    assert found.about == expected.about
    assert {row["before"] for row in expected.stories.to_pylist()} == {True, False, None}


def a_draft() -> Policy:
    """A rule that some of those people cross, by what they did or by the product."""
    bands = {"floor": 10, "min_coverage": 10, "bands": {"A": 80, "B": 65, "C": 50}}
    industry = {"name": "industry", "points": 60, "field": "company.industry", "not_in": ["Retail"]}
    title = {"name": "title", "points": 40, "field": "person.title", "present": True}
    kinds = {
        "page": {"label": "page", "points": 30, "half_life_days": 7, "cap": 60},
        "demo": {"label": "demo", "points": 50, "half_life_days": 10, "cap": 50, "hot": True, "hand_raise": True},
        "trial": {"label": "trial", "points": 10, "half_life_days": 1, "cap": 10, "milestone": True},
        "jobs": {"label": "jobs", "points": -20, "half_life_days": 90, "cap": 20},
    }
    intent = {
        "floor": 20,
        "lone_cap": 40,
        "bands": {"1": 60, "2": 40, "3": 20},
        "pattern": {"within_days": 30, "kinds": 2, "days": 2},
        "signals": kinds,
    }
    rule = {
        "fit": Fit.model_validate({**bands, "criteria": [industry, title]}),
        "intent": Intent.model_validate(intent),
        "mql": cases.policy().mql.model_copy(update={"threshold": 70, "cool_off_days": 2.5}),
        "timezone": "Europe/Paris",
    }
    return cases.policy().model_copy(update=rule)


def rescored(
    backend: Backend, store: Store, policy: Policy, now: datetime, *, snapshot: bool = True
) -> dict[int, dict[str, object]]:
    """The states of leads to write, comparable to nine digits."""
    manifest = store.manifest()
    if not snapshot:
        manifest.snapshot = None

    def rounded(state: KindState) -> object:
        return (float(f"{state.weight:.9g}"), state.count, state.first, state.last, state.days)

    found = changed(backend, store, manifest, policy, 1, now)
    return {lead: {kind: rounded(state) for kind, state in states.items()} for lead, states in found}


def test_tables_of_several_pieces_come_whole(spark: SparkSession) -> None:
    """Spark itself stops at a piece without rows."""
    nothing, rows = pa.table({"lead": pa.array([], pa.int64())}), pa.table({"lead": [1, 2]})
    loaded = Spark(spark).load(pa.concat_tables([nothing, rows, nothing, rows]))
    assert sorted(row.lead for row in loaded.collect()) == [1, 1, 2, 2]


def test_what_spark_fails_at_is_told_in_a_sentence(spark: SparkSession, tmp_path: Path) -> None:
    with (
        pytest.raises(BadInput, match=r"Spark at sc://\S+ failed: .*PATH_NOT_FOUND"),
        engine(connect_url(spark), "UTC") as there,
    ):
        there.fetch(there.read(str(tmp_path / "nothing.parquet")))


@pytest.mark.parametrize("url", ["sc://127.0.0.1:1", "spark://127.0.0.1:1,127.0.0.1:2"])
def test_where_no_spark_is_a_sentence_says_what_to_check(url: str) -> None:
    with pytest.raises(BadInput, match=f"There is no Spark at {url}: .*refused"), engine(url, "UTC"):
        pass
