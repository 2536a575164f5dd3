"""Every lead with its score and its facts, for the lake: column by column, which takes a fifth of row by row."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection
from django.db.models import FloatField

from assay.domain.contact import mailbox_kind
from assay.domain.facts import EMAIL_KIND, Facts, Value, is_known
from assay.domain.fit import as_text
from assay.records.facts import COMPANY_FIELDS, COMPANY_KEYS, PERSON_FIELDS, PERSON_KEYS
from assay.records.models import Company

LEADS = pa.schema(
    [
        *(("lead", pa.int64()), ("captured_at", pa.timestamp("us", tz="UTC")), ("rung", pa.string())),
        *(("rests_until", pa.timestamp("us", tz="UTC")), ("fit", pa.float64()), ("coverage", pa.float64())),
        *(("intent", pa.float64()), ("insufficient_data", pa.bool_()), ("pattern", pa.bool_())),
        *(("temperature", pa.string()), ("milestone", pa.bool_()), ("fits", pa.bool_()), ("mql", pa.bool_())),
        *(("grid", pa.string()), ("policy", pa.int64()), ("facts", pa.map_(pa.string(), pa.string()))),
    ]
)
"""A lead with its score as it stands; facts as text, in the one form in which they are compared."""
IDENTITIES = pa.schema([("identity", pa.int64()), ("lead", pa.int64())])
"""Which identity is which lead's."""

WHO = "SELECT i.id AS identity, l.id AS lead FROM records_identity i JOIN records_lead l ON l.person_id = i.person_id"
FROM = (
    "SELECT {columns} FROM records_lead l JOIN records_person p ON p.id = l.person_id "
    "LEFT JOIN records_company c ON c.id = l.company_id LEFT JOIN records_score s ON s.lead_id = l.id ORDER BY l.id"
)
NO_TEXT, NO_NUMBER = "''", "9e999"

Read = Callable[[str], pa.RecordBatchReader]
"""The rows of a statement."""
Texts = dict[str, pa.Array]
"""By key, what the facts of some leads say; null where that is not known."""


def identities(read: Read) -> Iterator[pa.RecordBatch]:
    """Which identity is which lead's, in batches of ``IDENTITIES``."""
    return (rows.cast(IDENTITIES) for rows in read(f"{WHO} ORDER BY i.id") if rows.num_rows)


def leads(read: Read) -> Iterator[pa.RecordBatch]:
    """Every lead, in batches of ``LEADS``."""
    for rows in read(FROM.format(columns=", ".join(_columns()))):
        if rows.num_rows:
            said = [_said(rows.column(field.name), field.type) for field in list(LEADS)[:-1]]
            yield pa.record_batch([*said, _mapped(_facts(rows))], schema=LEADS)


def _columns() -> Iterator[str]:
    own = {"lead": "l.id", "rests_until": _known("l.rests_until", NO_TEXT), "policy": "COALESCE(s.policy_id, 0)"}
    for name in LEADS.names[:-1]:
        yield f"{own.get(name, f'l.{name}')} AS {name}"
    yield "CAST(l.facts AS TEXT) AS own"
    for key, name in zip(PERSON_KEYS, PERSON_FIELDS, strict=True):
        yield f'p.{name} AS "{key}"'
    for key, name in zip(COMPANY_KEYS, COMPANY_FIELDS, strict=True):
        is_number = isinstance(Company._meta.get_field(name), FloatField)
        yield f'{_known(f"c.{name}", NO_NUMBER if is_number else NO_TEXT)} AS "{key}"'


def _known(column: str, blank: str) -> str:
    """A column that may be null. On SQLite the driver takes its type from the first rows, which may all be."""
    return f"COALESCE({column}, {blank})" if connection.vendor == "sqlite" else column


def _said(values: pa.Array, kind: pa.DataType) -> pa.Array:
    """A column as the lake has it."""
    if pa.types.is_timestamp(kind) and pa.types.is_string(values.type):
        values = pc.if_else(pc.equal(values, ""), None, values).cast(pa.timestamp("us"))
    elif pa.types.is_integer(kind):
        values = pc.if_else(pc.equal(values, 0), None, values)
    return values.cast(kind)


def _facts(rows: pa.RecordBatch) -> Texts:
    """What `records.facts.facts_from` says of each lead: what its own row said comes before what others know."""
    texts = {key: _texts(rows.column(key)) for key in (*PERSON_KEYS, *COMPANY_KEYS)}
    texts[EMAIL_KIND] = pa.array(map(mailbox_kind, rows.column("person.email").to_pylist()), pa.string())
    for key, said in _own(rows.column("own")).items():
        others = texts[key].to_pylist() if key in texts else [None] * rows.num_rows
        texts[key] = pa.array((said.get(row, other) for row, other in enumerate(others)), pa.string())
    return texts


def _own(told: pa.Array) -> Mapping[str, Mapping[int, str | None]]:
    """By key, what leads say themselves, each by its place."""
    own = defaultdict[str, dict[int, str | None]](dict)
    for row, text in enumerate(told.to_pylist()):
        if text != "{}":
            for key, value in msgspec.json.decode(text, type=Facts).items():
                own[key][row] = _text(value)
    return own


def _texts(values: pa.Array) -> pa.Array:
    """Each value as it is compared; values repeat, so that each is looked at once."""
    if pa.types.is_floating(values.type):
        values = pc.if_else(pc.is_finite(values), values, None)
    seen = values.dictionary_encode()
    return pa.array(map(_text, seen.dictionary.to_pylist()), pa.string()).take(seen.indices)


def _text(value: Value) -> str | None:
    return as_text(value) if is_known(value) else None


def _mapped(texts: Texts) -> pa.Array:
    """Columns as one of maps, from key to what is known."""
    keys, columns = pa.array(texts), pa.concat_arrays(texts.values())
    count = len(columns) // len(keys)
    by_row = np.arange(len(columns)).reshape(len(keys), count).T
    known = columns.is_valid().to_numpy(zero_copy_only=False)[by_row]
    ends = np.cumsum(known.sum(axis=1, dtype=np.int32), dtype=np.int32)
    chosen = by_row[known]
    return pa.MapArray.from_arrays(np.insert(ends, 0, 0), keys.take(pa.array(chosen // count)), columns.take(chosen))
