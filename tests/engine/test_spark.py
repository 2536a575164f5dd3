"""The same rule on Spark: a real standalone cluster of a master and two workers."""

from collections.abc import Iterator

import pytest
from pyspark.sql import DataFrame, SparkSession

from assay import score
from assay.engine.spark import ZONE
from tests import cases
from tests.engine.cluster import cluster, session
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
