"""A lake of a given size, written as `assay lake sync` writes it: leads with facts, and 180 days of their signals."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa

from assay.engine.lake.manifest import Block
from assay.engine.lake.store import Store
from assay.engine.lake.writing import Writer
from assay.policies import shipped

NOW = datetime(2026, 11, 1, 9, tzinfo=UTC)
DAYS = 180

SIGNALS = """
    SELECT id, (1 + hash(id) % {identities})::BIGINT AS identity,
           kinds[1 + CAST(floor({kinds} * pow((hash(id + 7) % 1000) / 1000.0, 2.5)) AS INT)] AS kind,
           to_timestamp({start} + {seconds} * (id / {count})) AS at, to_timestamp({start}) AS received_at,
           hash(id + 3) % 50 = 0 AS bot
    FROM (SELECT range AS id, {names} AS kinds FROM range({first}, {last} + 1))
"""
LEADS = """
    SELECT range AS lead, to_timestamp({start}) AS captured_at, 'lead' AS rung,
           0.0 AS fit, 0.0 AS coverage, 0.0 AS intent, TRUE AS insufficient_data, FALSE AS pattern,
           'cold' AS temperature, FALSE AS milestone, FALSE AS fits, FALSE AS mql, 'D4' AS grid, {policy} AS policy,
           MAP {{
               'person.title': ['Head of Sales', 'Intern', 'CEO', 'Accountant'][1 + range % 4],
               'person.email_kind': ['business', 'free'][1 + (range % 5 = 0)::INT],
               'company.employees': (5 + range % 900)::VARCHAR,
               'company.industry': ['Software', 'Retail', 'Logistics'][1 + range % 3],
               'company.country': ['FR', 'DE', 'BR', 'GB'][1 + range % 4],
               'company.budget': (5000 + range % 40000)::VARCHAR
           }} AS facts
    FROM range(1, {leads} + 1)
"""
IDENTITIES = "SELECT range AS identity, 1 + (range - 1) % {leads} AS lead FROM range(1, {identities} + 1)"
"""Every fifth lead is known by a second name."""


def a_lake(folder: Path, leads: int, signals: int, policy: int = 1) -> Store:
    """A lake of so many leads and signals; the leads stand as never scored, under a policy version of this number."""
    store = Store(folder)
    grow(store, leads, signals)
    said = {"leads": leads, "identities": _identities(leads), "policy": policy}
    with duckdb.connect() as connection:
        for name, text in (("leads", LEADS), ("identities", IDENTITIES)):
            rows = connection.sql(text.format(start=_START, **said)).to_arrow_reader(100_000)
            Writer(store).replace(name, rows.schema, rows)
    return store


def grow(store: Store, leads: int, signals: int) -> int:
    """Let the log have so many signals; returns how many that wrote."""

    def rows(first: int, last: int) -> pa.RecordBatchReader:
        text = SIGNALS.format(
            first=first, last=last, count=signals, start=_START, seconds=DAYS * 86_400,
            identities=_identities(leads), kinds=len(_KINDS), names=_KINDS,
        )  # fmt: skip
        return connection.sql(text).to_arrow_reader(100_000)

    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        return Writer(store).sync("signals", signals, rows, lambda last: _blocks(store, last))


def _blocks(store: Store, last: int) -> Mapping[int, Block]:
    """As the database would count: nothing has changed."""
    return dict(store.manifest().log("signals").blocks)


def _identities(leads: int) -> int:
    return leads + leads // 5


_KINDS = list(shipped().intent.signals)
_START = int((NOW - timedelta(days=DAYS)).timestamp())
