"""`make bench`: takes every figure and writes bench/RESULTS.md."""

import os
import platform
from datetime import UTC, datetime
from pathlib import Path

from bench import (
    backtest,
    fold,
    funnel,
    ingest,
    kills,
    lake,
    latency,
    lead_import,
    pages,
    predicted_win,
    rescore,
    start,
)
from bench.measure import QUICK

FILES = (start, fold, ingest, latency, kills, lead_import, pages, funnel, rescore, lake, backtest, predicted_win)


def main() -> None:
    """Print each figure as it is taken; keep them all unless this is the quick run."""
    rows = []
    for module in FILES:
        for figure in module.figures():
            rows.append(figure.row())
            print(rows[-1], flush=True)
    if not QUICK:
        Path(__file__).with_name("RESULTS.md").write_text(_page(rows), encoding="utf-8")


def _page(rows: list[str]) -> str:
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, {datetime.now(UTC):%Y-%m-%d}"
    head = "| figure | ours | reference | ratio | spread | |\n|---|---:|---:|---:|---:|---|\n"
    return (
        f"# Results\n\nTaken by `make bench` on {machine}. "
        f"Read the ratios: both sides ran in turn in one run.\n\n{head}" + "\n".join(rows) + "\n"
    )


if __name__ == "__main__":
    main()
