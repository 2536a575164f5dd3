"""Inputs that are large or odd: one lead with most signals, more than memory holds, times out of order, many kinds."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from assay import score
from assay.domain.facts import Facts
from assay.domain.intent import Signal
from assay.domain.policy import Policy
from assay.engine.duck import duck
from assay.engine.fold import tallies
from assay.engine.summary import summary
from tests import cases
from tests.engine.tables import by_the_domain, differences, leads_table, rows_of, signals_table

NOW = datetime(2026, 11, 4, 9, tzinfo=UTC)
POLICY = cases.policy()
KINDS = list(POLICY.intent.signals)
NOBODY: Facts = {}


def alike(policy: Policy, signals: list[list[Signal]], table: pa.Table | None = None) -> None:
    """The engine says of each lead what the rule says."""
    leads = [NOBODY for _ in signals]
    given = signals_table(signals) if table is None else table
    rows = rows_of(score(policy, leads_table(leads), given, now=NOW))
    for row, by_hand in zip(rows, by_the_domain(policy, leads, signals, NOW), strict=True):
        assert differences(row, by_hand) == []


def signals_of(count: int, lead: str) -> Iterator[Signal]:
    """So many signals of every kind within a month, the newest first."""
    for number in range(count):
        yield Signal(f"{lead}-{number}", KINDS[number % len(KINDS)], NOW - timedelta(seconds=number % 2_592_000))


def test_one_lead_with_most_of_the_signals() -> None:
    alike(POLICY, [list(signals_of(30_000, "much")), list(signals_of(3, "little")), []])


def test_late_and_future_signals_weigh_what_they_should() -> None:
    ages = (
        timedelta(days=20_000),
        timedelta(days=4000),
        timedelta(0),
        timedelta(microseconds=-1),
        -timedelta(days=9000),
    )
    alike(POLICY, [[Signal(str(age), kind, NOW - age) for age in ages] for kind in KINDS])


def test_signals_without_a_lead_a_kind_or_a_time_weigh_nothing() -> None:
    of_one = [Signal("a", KINDS[0], NOW), Signal("b", KINDS[1], NOW)]
    table = signals_table([of_one])
    odd = table.slice(0, 1).to_pylist()[0]
    rows = [odd | {"message_id": name, name: None} for name in ("lead_id", "kind", "at")]
    again = [odd | {"message_id": "0/a"}, odd | {"message_id": "bot", "bot": True}]
    alike(POLICY, [of_one], pa.Table.from_pylist([*table.to_pylist(), *rows, *again], table.schema))


def test_ten_thousand_kinds_that_no_policy_lists() -> None:
    strange = [Signal(f"s{number}", f"kind {number}", NOW) for number in range(10_000)]
    alike(POLICY, [[*strange, Signal("known", KINDS[0], NOW)]])


def a_policy_of(count: int) -> Policy:
    """A policy that lists so many kinds."""
    kind = POLICY.intent.signals[KINDS[0]]
    kinds = {f"kind_{number}": kind for number in range(count)}
    return POLICY.model_copy(update={"intent": POLICY.intent.model_copy(update={"signals": kinds})})


def test_a_policy_of_many_kinds() -> None:
    policy = a_policy_of(70)
    alike(
        policy,
        [[Signal(f"{lead}/{number}", f"kind_{number * lead % 70}", NOW) for number in range(50)] for lead in (1, 3)],
    )


def test_more_than_memory_holds_goes_to_the_disk(tmp_path: Path) -> None:
    place = str(tmp_path / "signals.parquet")
    names = ", ".join(f"'{kind}'" for kind in KINDS)
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (SELECT (hash(range) % 200000)::BIGINT AS lead, [{names}][1 + range % {len(KINDS)}] AS kind, "
            f"1790000000000000 + range AS at, FALSE AS bot FROM range(1000000)) TO '{place}'"
        )

    def leads(*said: str) -> int:
        """How many leads have signals, found in as much memory as half of their states would take."""
        with duck("UTC") as backend:
            for setting in ("threads = 1", "memory_limit = '32MB'", *said):
                backend.connection.execute(f"SET {setting}")
            folded = backend.keep(backend.run(tallies(POLICY, NOW), signals=backend.read(place)))
            [(count,)] = backend.run(summary(POLICY), tallies=folded).aggregate("COUNT(*)").fetchall()
        return int(count)

    assert 190_000 < leads() < 200_000
    with pytest.raises(duckdb.OutOfMemoryException):
        leads("temp_directory = ''")
