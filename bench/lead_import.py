"""Leads imported per second, with recognition, companies, ledger and scores, against a bare upsert of the same rows."""

import csv
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.measure import QUICK, Figure, compare
from tests.services import postgres

COLUMNS = ("email", "name", "title", "company", "employees", "industry", "country", "budget", "source")
TITLES = ("CEO", "Head of Operations", "Accountant", "Intern", "VP Sales", "Office manager")
INDUSTRIES = ("Software", "Manufacturing", "Retail", "Healthcare", "Mining")


def figures() -> Iterator[Figure]:
    """Figures for both databases at each size; every round starts from an empty database."""
    sizes = (2_000,) if QUICK else (10_000, 100_000)
    with tempfile.TemporaryDirectory() as folder, postgres() as server:
        for size in sizes:
            file = write_leads(Path(folder) / f"{size}.csv", size)
            for engine, database in (("SQLite", f"sqlite:///{folder}/bench.sqlite3"), ("PostgreSQL", server)):
                yield compare(
                    f"lead import, {size:,} rows, {engine}",
                    "rows/s",
                    lambda file=file, database=database: _run("ours", file, database),
                    lambda file=file, database=database: _run("bare", file, database),
                    rounds=3 if QUICK or size > 50_000 else 5,
                    note="reference: read the CSV and upsert it into one table",
                )


def write_leads(path: Path, size: int) -> Path:
    """A lead file: three people a company, every tenth with a blank."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for number in range(size):
            firm = number // 3
            writer.writerow(
                (
                    f"person{number}@firm{firm}.example",
                    f"Person {number}",
                    TITLES[number % len(TITLES)],
                    f"Firm {firm}",
                    "" if number % 10 == 0 else 5 + firm % 900,
                    INDUSTRIES[firm % len(INDUSTRIES)],
                    ("FR", "DE", "GB", "BR")[firm % 4],
                    5_000 + firm % 40_000,
                    "Trade fair",
                )
            )
    return path


def _run(side: str, file: Path, database: str) -> float:
    """Rows a second, timed inside a fresh process so that no round warms the next."""
    environment = os.environ | {
        "ASSAY_DATABASE": database,
        "ASSAY_HOME": str(file.parent),
        "DJANGO_SETTINGS_MODULE": "assay.settings",
    }
    command = [sys.executable, "-m", "bench.lead_import_side", side, str(file)]
    return float(subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout)
