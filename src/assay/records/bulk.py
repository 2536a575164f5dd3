"""The records read in bulk, as Arrow tables: by ADBC, several times faster than row by row, in one snapshot.

On SQLite nothing else of this process may use the database meanwhile: two copies of SQLite in one process would
lose each other's locks. So what Django has open is closed first, and only commands do this.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import date
from itertools import chain, islice
from typing import Any, NamedTuple, TypeAlias

import pyarrow as pa
from django.db import connection, connections

from assay.domain.contact import mailbox_kind
from assay.domain.facts import EMAIL_KIND, Value, is_known
from assay.domain.fit import as_text
from assay.records.lead_columns import IDENTITIES, LEADS, identities, leads
from assay.records.models import Decision, Edit, ImportChange, Lead

AT_ONCE = 20_000
"""Leads of one batch."""


PIECES = {
    "postgresql": {"adbc.postgresql.batch_size_hint_bytes": str(2**21)},
    "sqlite": {"adbc.sqlite.query.batch_rows": str(2**14)},
}
"""Batches small enough that rows are taken in while more are on their way, and no smaller."""

Adbc: TypeAlias = Any
"""A connection or cursor of the driver, which has no types."""


class Log(NamedTuple):
    """An append-only table: how its rows are read by id, and its rows counted in blocks of ids.

    A block is its number, how many rows, the sum of their ids, and how many are marked, which is all that may change.
    """

    name: str
    rows: str
    blocks: str
    last: str


SIGNALS = Log(
    "signals",
    "SELECT id, identity_id AS identity, kind, at, received_at, bot FROM records_signal "
    "WHERE id BETWEEN {first} AND {last}",
    "SELECT id / $1 AS block, COUNT(*) AS rows, CAST(SUM(id) AS BIGINT) AS total, "
    "CAST(SUM(CASE WHEN bot THEN 1 ELSE 0 END) AS BIGINT) AS marked FROM records_signal WHERE id <= $2 GROUP BY 1",
    "SELECT COALESCE(MAX(id), 0) AS last FROM records_signal",
)
DECISIONS = Log(
    "decisions",
    "SELECT id, lead_id AS lead, pass_no, move, from_rung, to_rung, at, reason, policy_id AS policy "
    "FROM records_decision WHERE id BETWEEN {first} AND {last}",
    "SELECT id / $1 AS block, COUNT(*) AS rows, CAST(SUM(id) AS BIGINT) AS total, CAST(0 AS BIGINT) AS marked "
    "FROM records_decision WHERE id <= $2 GROUP BY 1",
    "SELECT COALESCE(MAX(id), 0) AS last FROM records_decision",
)
LOGS = (SIGNALS, DECISIONS)


class Reader:
    """Reads logs within one snapshot of the database."""

    def __init__(self, cursor: Adbc) -> None:
        self._cursor = cursor

    def rows(self, log: Log, first: int, last: int) -> pa.RecordBatchReader:
        """The rows with these ids, both ends included. Read them before anything else is asked."""
        # The ids stand in the statement: only of one without parameters does PostgreSQL send rows as it finds them.
        return self.read(log.rows.format(first=int(first), last=int(last)))

    def read(self, statement: str) -> pa.RecordBatchReader:
        """The rows of a statement. Read them before anything else is asked."""
        self._cursor.execute(statement)
        return self._cursor.fetch_record_batch()

    def blocks(self, log: Log, size: int, last: int) -> dict[int, tuple[int, int, int]]:
        """Count, sum of ids and marks by block of ``size`` ids, of the rows up to ``last``."""
        self._cursor.execute(log.blocks, (size, last))
        return {block: (rows, total, marked) for block, rows, total, marked in self._cursor.fetchall()}

    def last(self, log: Log) -> int:
        """The highest id; 0 without a row."""
        self._cursor.execute(log.last)
        return int(self._cursor.fetchone()[0])


@contextmanager
def reading() -> Iterator[Reader]:
    """A reader for a while. What Django has open is closed."""
    params, on_server = connection.get_connection_params(), connection.vendor == "postgresql"
    connections.close_all()
    opened = _postgres(params) if on_server else _sqlite(params)
    with closing(opened), closing(opened.cursor()) as cursor:
        cursor.adbc_statement.set_options(**PIECES[connection.vendor])
        if on_server:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield Reader(cursor)


def _sqlite(params: dict[str, Any]) -> Adbc:
    import adbc_driver_sqlite.dbapi

    return adbc_driver_sqlite.dbapi.connect(str(params["database"]))


def _postgres(params: dict[str, Any]) -> Adbc:
    import adbc_driver_postgresql.dbapi
    from psycopg.conninfo import make_conninfo
    from psycopg.pq import Conninfo

    known = {option.keyword.decode() for option in Conninfo.get_defaults()}
    said = {name: value for name, value in params.items() if name in known and value is not None}
    return adbc_driver_postgresql.dbapi.connect(make_conninfo("", **said))


# --- What is small enough to be read whole ---------------------------------------------------------------

EMAIL = "person.email"
EDITS = pa.schema(
    [
        *(("lead", pa.int64()), ("at", pa.timestamp("us", tz="UTC")), ("field", pa.string())),
        *(("before", pa.string()), ("after", pa.string())),
    ]
)
REMARKS = pa.schema([("decision", pa.int64()), ("exploration", pa.float64()), ("look_again", pa.date32())])


def edits() -> Iterator[pa.RecordBatch]:
    """What a fact said before something changed it: what people corrected, and the blanks that files filled in.

    What forms and events fill in is not dated.
    """
    return _batches(EDITS, chain(_corrected(), _filled()))


def _corrected() -> Iterator[tuple[object, ...]]:
    rows = Edit.objects.order_by("pk").values_list("lead", "at", "field", "before", "after").iterator(AT_ONCE)
    for lead, at, field, before, after in rows:
        yield lead, at, field, _text(before), _text(after)
        if field == EMAIL:
            yield lead, at, EMAIL_KIND, mailbox_kind(_text(before) or ""), mailbox_kind(_text(after) or "")


def _filled() -> Iterator[tuple[object, ...]]:
    """A blank of a company is one of all its leads, but for those whose own row says what it is."""
    for model, whose in (("lead", "pk"), ("person", "person_id"), ("company", "company_id")):
        changes = ImportChange.objects.filter(imported_by__undone_at=None, model=model).exclude(field="created")
        rows = changes.order_by("pk").values_list("object_id", "field", "after", "imported_by__started_at")
        for some in _some(rows.iterator(AT_ONCE)):
            leads = defaultdict[int, list[tuple[int, Mapping[str, object]]]](list)
            found = Lead.objects.filter(**{f"{whose}__in": {row[0] for row in some}})
            for object_id, lead, own in found.values_list(whose, "pk", "facts"):
                leads[object_id].append((lead, own))
            for object_id, field, after, at in some:
                key = field.removeprefix("facts:") if model == "lead" else f"{model}.{field}"
                said = [(key, _text(after))]
                said += [(EMAIL_KIND, mailbox_kind(_text(after) or ""))] if key == EMAIL else []
                for lead, own in leads[object_id]:
                    if model != "company" or key not in own:
                        yield from ((lead, at, name, None, value) for name, value in said)


def _some(rows: Iterable[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    left = iter(rows)
    while some := list(islice(left, AT_ONCE // 20)):
        yield some


def _text(value: Value) -> str | None:
    return as_text(value) if is_known(value) else None


def remarks() -> Iterator[pa.RecordBatch]:
    """What few decisions say: with which probability a lead was explored, and when to look at one again."""
    told = Decision.objects.filter(move__in=("promote", "recycle")).exclude(details={}).order_by("pk")
    rows = told.values_list("pk", "details").iterator(AT_ONCE)
    return _batches(REMARKS, ((pk, said.get("exploration"), _day(said.get("look_again"))) for pk, said in rows))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


READ = {"leads": (LEADS, leads), "identities": (IDENTITIES, identities)}
"""Tables that a reader reads, by name: their columns and what makes them of its rows."""
TABLES = {
    "edits": (EDITS, edits),
    "remarks": (REMARKS, remarks),
}
"""Those that Django reads, as they are small."""


def _batches(schema: pa.Schema, rows: Iterable[tuple[object, ...]]) -> Iterator[pa.RecordBatch]:
    left = iter(rows)
    while some := list(islice(left, AT_ONCE)):
        columns = [pa.array(column, field.type) for column, field in zip(zip(*some, strict=True), schema, strict=True)]
        yield pa.record_batch(columns, schema=schema)
