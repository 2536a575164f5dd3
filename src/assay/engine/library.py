"""`assay.score`: a table of leads in, a table of scores of the same kind out."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar, cast

import narwhals as nw
import pyarrow as pa

from assay.domain.errors import BadInput
from assay.domain.policy import Policy
from assay.engine.backend import Native
from assay.engine.duck import Duck, Relation, duck, said_plainly
from assay.engine.scoring import score_tables

Table = TypeVar("Table")

KINDS = "a pandas, polars or Arrow table, the path of a Parquet file, a DuckDB relation or a Spark DataFrame"


def score(
    policy: Policy,
    leads: Table,
    signals: object = None,
    *,
    now: datetime,
    to: str | Path | None = None,
    unique: bool = False,
) -> Table:
    """Score a table of leads by their signals up to ``now``; one row a lead, in the kind of table that ``leads`` is.

    ``leads`` and ``signals`` are pandas, polars or Arrow tables, Parquet paths or globs, DuckDB relations or Spark
    DataFrames, with the columns that lead and signal files have. Leads are known by ``lead_id``, ``email`` or
    ``visitor_id``, signals name them by one of these and have ``at``, ``kind`` and, where known, ``bot`` and
    ``message_id``. A time without zone is in the policy's.

    The table has the leads' names, fit, coverage and intent (0 to 100), total, pattern, temperature, mql, grid and
    rung, and each part's points: ``fit: <criterion>`` (null where unknown), ``intent: <kind>`` (null without such a
    signal) and what limits took away. The parts of an axis add up to its score. In-memory tables come best first.

    Where ``leads`` is a path, the table is written to ``to``, which is returned. ``unique=True`` promises that no
    signal is there twice, and spares looking for it. Raises BadInput for tables that cannot be scored.
    """
    if now.tzinfo is None:
        raise BadInput("bad_time", "The time to score at has no zone.", "Give now=datetime(..., tzinfo=UTC).")
    if _is_of("pyspark", leads):
        from assay.engine.spark import spark_of

        with spark_of(cast(Native, leads), policy.timezone) as backend:
            return cast(Table, score_tables(backend, policy, leads, signals, now, unique=unique))
    with duck(policy.timezone) as backend, said_plainly():
        taken = None if signals is None else _take(backend, signals)
        give = _giver(backend, leads, to)
        return cast(Table, give(score_tables(backend, policy, _take(backend, leads), taken, now, unique=unique)))


def _is_of(package: str, table: object) -> bool:
    """Whether a table is of a package, which need not be installed for the answer."""
    return any(kind.__module__.partition(".")[0] == package for kind in type(table).__mro__)


def _take(backend: Duck, table: Native) -> Relation:
    """A table as the backend reads it. Raises BadInput for what is none."""
    if isinstance(table, str | Path):
        return backend.read(str(table))
    if isinstance(table, Relation):
        return backend.connection.from_arrow(table.to_arrow_table())
    try:
        frame = nw.from_native(table)
        eager = frame.collect(backend="pyarrow") if isinstance(frame, nw.LazyFrame) else frame
        return backend.load(eager.to_arrow())
    except (TypeError, ValueError) as error:
        said = str(error).partition("\n")[0].removesuffix(".")
        raise BadInput("bad_table", f"A table cannot be read: {said}.", f"Give {KINDS}.") from error


def _giver(backend: Duck, leads: Native, to: str | Path | None) -> Callable[[Relation], Native]:
    """What makes the result a table of the kind that ``leads`` is."""
    if isinstance(leads, str | Path):
        if to is None:
            raise BadInput("no_place", "Leads from a file give scores in a file.", 'Say where: to="scores.parquet".')
        return lambda scored: _written(backend, scored, to)
    if isinstance(leads, Relation):
        return lambda scored: _related(leads, _best_first(scored).to_arrow_table())
    return lambda scored: _framed(scored, leads)


def _written(backend: Duck, scored: Relation, to: str | Path) -> str | Path:
    backend.write(scored, to)
    return to


def _related(leads: Relation, scores: pa.Table) -> Native:
    """The scores as a relation on the connection that the leads came from, which finds them by the argument's name."""
    return leads.query("leads", "SELECT * FROM scores")


def _framed(scored: Relation, leads: Native) -> Native:
    given = nw.from_native(leads)
    table = nw.from_arrow(_best_first(scored).to_arrow_table(), backend=given.implementation)
    return nw.to_native(table.lazy() if isinstance(given, nw.LazyFrame) else table)


def _best_first(scored: Relation) -> Relation:
    """As every list of leads: MQL first, then fit plus intent, then intent, then by name."""
    return scored.order(f'mql DESC, total DESC, intent DESC, "{scored.columns[0]}"')
