"""The same rule on Spark: a real standalone cluster of a master and two workers."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pyspark.sql import DataFrame, SparkSession

from assay import Policy, score
from assay.domain.errors import BadInput
from assay.domain.intent import KindState
from assay.engine.backend import Backend
from assay.engine.duck import duck
from assay.engine.lake import rescoring
from assay.engine.lake.rescoring import changed
from assay.engine.lake.store import Store
from assay.engine.lake.writing import Writer
from assay.engine.spark import ZONE
from assay.engine.spark import spark as engine
from tests import cases
from tests.engine.cluster import cluster, connect_url, session
from tests.engine.lake.growing import START, THEN, Source, a_policy, some_signals
from tests.engine.tables import by_the_domain, differences, leads_table, rows_of, signals_table
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


def test_where_no_spark_is_a_sentence_says_what_to_check() -> None:
    with pytest.raises(BadInput, match="no Spark at sc://"), engine("sc://127.0.0.1:1", "UTC"):
        pass
