"""Scores a table of leads from Python, without a server or a database. Run it: python examples/score_a_table.py"""

from datetime import UTC, datetime, timedelta

import polars as pl

from assay import Policy, score
from assay.policies import shipped

NOW = datetime(2026, 11, 4, 9, 0, tzinfo=UTC)


def main() -> None:
    """Two leads, what they did, and the table that comes of it."""
    policy: Policy = shipped()  # or your own: Policy.load("policy.toml")
    leads = pl.DataFrame(
        {
            "email": ["otto@gmail.com", "nina@north.example"],
            "title": [None, "Head of Operations"],
            "employees": [4, 120],
            "industry": [None, "Software"],
            "country": ["FR", "FR"],
            "budget": [None, 20_000],
        }
    )
    signals = pl.DataFrame(
        {
            "email": ["nina@north.example", "nina@north.example", "otto@gmail.com"],
            "at": [NOW - timedelta(days=2), NOW - timedelta(days=3), NOW],
            "kind": ["pricing_view", "demo_request", "page_view"],
        }
    )

    table = score(policy, leads, signals, now=NOW)

    columns = ["email", "fit", "intent", "temperature", "grid", "mql", "intent: demo_request"]
    with pl.Config(tbl_formatting="ASCII_MARKDOWN", tbl_hide_dataframe_shape=True, tbl_hide_column_data_types=True):
        print(table.select(pl.col(columns)))


if __name__ == "__main__":
    main()
