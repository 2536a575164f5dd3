"""`from assay import Policy, score`: any table in, the same kind out, without Django and quick to import."""

import runpy
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import narwhals as nw
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import assay
from assay import Policy, score
from assay.domain.errors import BadInput
from assay.policies import shipped

NOW = datetime(2026, 11, 4, 9, 0, tzinfo=UTC)
POLICY = shipped()
EXAMPLE = Path(__file__).parents[2] / "examples" / "score_a_table.py"

LEADS = pa.table(
    {
        "lead_id": ["nina", "otto", None],
        "email": ["nina@north.example", "otto@gmail.com", "who@else.example"],
        "title": ["Head of Operations", None, None],
        "employees": [120, 4, None],
        "industry": [" software", None, None],
        "country": ["FR", "FR", None],
        "budget": ["20000", "a lot", None],
    }
)


def signals_of(*rows: tuple[Any, ...], names: str = "lead_id at kind") -> pa.Table:
    return pa.table({name: list(column) for name, column in zip(names.split(), zip(*rows, strict=True), strict=True)})


SIGNALS = signals_of(
    ("nina", NOW - timedelta(days=2), "pricing_view"),
    ("nina", NOW - timedelta(days=3), "demo_request"),
    ("otto", NOW, "page_view"),
)


def found(scores: Any) -> dict[str, dict[str, Any]]:
    """The rows of a table of any kind by email."""
    table = nw.from_native(scores)
    rows = (table.collect("pyarrow") if isinstance(table, nw.LazyFrame) else table).to_arrow().to_pylist()
    return {row["email"]: row for row in rows}


def scored(signals: pa.Table | None = None, **said: Any) -> dict[str, dict[str, Any]]:
    return found(score(POLICY, LEADS, signals, now=NOW, **said))


def counted(signals: pa.Table, kind: str = "page_view", who: str = "nina@north.example") -> float | None:
    points: float | None = scored(signals)[who][f"intent: {kind}"]
    return points


EXPECTED = scored(SIGNALS)
KINDS: dict[str, Callable[[pa.Table], Any]] = {
    "pandas": lambda table: table.to_pandas(),
    "polars": pl.from_arrow,
    "polars, lazy": lambda table: pl.DataFrame(pl.from_arrow(table)).lazy(),
    "arrow": lambda table: table,
}


def test_a_score_and_its_parts() -> None:
    nina, otto = EXPECTED["nina@north.example"], EXPECTED["otto@gmail.com"]
    assert (nina["fit"], nina["mql"], nina["temperature"], nina["rung"]) == (100, True, "hot", "mql")
    assert (nina["fit: Company size"], otto["fit: Company size"], otto["fit: Industry we serve"]) == (25, 0, None)
    assert (otto["missing"], otto["fit: Personal mailbox"]) == ("person.title, company.industry, company.budget", -20)
    assert sum(points or 0 for name, points in nina.items() if name.startswith("intent")) == pytest.approx(
        2 * nina["intent"], abs=1e-9
    )


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_kind_comes_out(kind: str) -> None:
    leads = KINDS[kind](LEADS)
    scores = score(POLICY, leads, KINDS[kind](SIGNALS), now=NOW)
    assert type(scores) is type(leads)
    for email, row in found(scores).items():
        assert {name: None if value != value else value for name, value in row.items()} == pytest.approx(
            EXPECTED[email]
        )


def test_a_relation_stays_on_its_connection() -> None:
    with duckdb.connect() as connection:
        leads, signals = connection.from_arrow(LEADS), connection.from_arrow(SIGNALS)
        scores = score(POLICY, leads, signals, now=NOW)
        best = scores.select("lead_id", "mql").limit(1).fetchall()
    assert best == [("nina", True)]


def test_files_give_a_file(tmp_path: Path) -> None:
    pq.write_table(LEADS, tmp_path / "leads.parquet")
    for number in range(3):
        pq.write_table(SIGNALS.slice(number, 1), tmp_path / f"signals-{number}.parquet")
    out = tmp_path / "scores.parquet"
    assert score(POLICY, tmp_path / "leads.parquet", tmp_path / "signals-*.parquet", now=NOW, to=out) == out
    assert found(pq.read_table(out)) == EXPECTED


def test_best_come_first() -> None:
    assert score(POLICY, LEADS, SIGNALS, now=NOW)["lead_id"].to_pylist() == ["nina", "otto", None]


# --- What real tables hold ---------------------------------------------------------------------------


def test_signals_name_their_lead_by_whatever_finds_one() -> None:
    rows = signals_of(
        ("strange", " Nina@NORTH.example", NOW, "page_view"),
        ("nina", None, NOW - timedelta(seconds=1), "page_view"),
        (None, "nobody@else.example", NOW, "page_view"),
        (None, None, NOW, "page_view"),
        names="lead_id email at kind",
    )
    assert counted(rows) == pytest.approx(2, abs=1e-5)


def test_the_same_signal_twice_is_one() -> None:
    at = NOW - timedelta(hours=1)
    named = signals_of(
        ("nina", at, "page_view", "a"), ("nina", at, "page_view", "a"), ("nina", at, "page_view", None),
        ("nina", at, "page_view", None), ("nina", at, "page_view", "b"), names="lead_id at kind message_id",
    )  # fmt: skip
    unnamed = signals_of(
        ("nina", at, "page_view", "/"), ("nina", at, "page_view", "/"), ("nina", at, "page_view", "/about"),
        names="lead_id at kind url",
    )  # fmt: skip
    assert counted(named) == pytest.approx(3, abs=0.1)
    assert counted(unnamed) == pytest.approx(2, abs=0.1)
    assert scored(unnamed, unique=True)["nina@north.example"]["intent: page_view"] == pytest.approx(3, abs=0.1)


def test_robots_the_future_and_ten_thousand_strange_kinds_weigh_nothing() -> None:
    rows = [("nina", NOW, "page_view", True), ("nina", NOW + timedelta(microseconds=1), "page_view", None)]
    rows += [("nina", NOW, f"kind_{number}", False) for number in range(10_000)]
    nina = scored(signals_of(*rows, names="lead_id at kind bot"))["nina@north.example"]
    assert (nina["intent"], nina["intent: page_view"], nina["temperature"], nina["pattern"]) == (0, None, "cold", False)


def test_times_without_zone_are_in_the_policys() -> None:
    rows = signals_of(
        ("nina", "2026-11-04 10:00:00", "page_view"), ("nina", "2026-11-04T10:00:01+01:00", "demo_request")
    )
    nina = scored(rows)["nina@north.example"]
    assert (nina["intent: page_view"], nina["intent: demo_request"]) == (pytest.approx(1), None)


def test_without_signals_there_is_fit_alone() -> None:
    nina = scored()["nina@north.example"]
    assert (nina["fit"], nina["intent"], nina["mql"]) == (100, 0, False)


@pytest.mark.parametrize(
    ("leads", "signals", "said", "sentence"),
    [
        (LEADS.drop_columns(["lead_id", "email"]), None, {}, "Leads need one of the columns lead_id"),
        (LEADS, SIGNALS.drop_columns(["kind"]), {}, "Signals need the columns at, kind"),
        (LEADS, signals_of(("nina", "yesterday", "page_view")), {}, "yesterday"),
        (LEADS, SIGNALS, {"now": datetime(2026, 1, 1)}, "has no zone"),  # noqa: DTZ001 - that is the mistake
        ("leads.parquet", None, {}, "Say where"),
        ([1, 2], None, {}, "A table cannot be read"),
        ("no-such-file.parquet", None, {"to": "out.parquet"}, "no-such-file.parquet"),
    ],
)
def test_what_cannot_be_scored_is_said(leads: Any, signals: Any, said: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        score(POLICY, leads, signals, **{"now": NOW, **said})


def test_the_package_names_nothing_else() -> None:
    assert assay.__all__ == ["Policy", "score"]
    with pytest.raises(AttributeError, match="no attribute 'scores'"):
        _ = assay.scores


def test_it_needs_no_django_and_imports_only_what_it_uses(tmp_path: Path) -> None:
    code = (
        "import sys, assay; early = set(sys.modules);"
        "from assay import Policy, score;"
        "print(*({'duckdb', 'pydantic'} & early), *({'django', 'pandas', 'polars', 'pyspark'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=True)
    assert done.stdout.split() == []


def test_the_example_runs(capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(EXAMPLE), run_name="__main__")
    assert "nina@north.example" in capsys.readouterr().out.splitlines()[2]


def test_a_policy_is_loaded_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(POLICY.text, encoding="utf-8")
    assert found(score(Policy.load(path), LEADS.to_pandas(), now=NOW)).keys() == EXPECTED.keys()
    assert isinstance(score(Policy.load(path), LEADS.to_pandas(), now=NOW), pd.DataFrame)
