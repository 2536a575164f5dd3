"""Fit over a table: each distinct fact is judged once, by the domain's own rule, the verdicts add up by row."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeAlias

import narwhals as nw
import pyarrow as pa

from assay.domain.contact import mailbox_kind
from assay.domain.facts import COLUMNS, EMAIL_KIND, Value, attribute_key
from assay.domain.fit import Verdict, verdict_on
from assay.domain.policy_sections import Criterion, Fit

EMAIL = "person.email"
Frame: TypeAlias = nw.LazyFrame[Any]

WORTH = {Verdict.MATCH: 1.0, Verdict.MISS: 0.0}
"""A verdict as a factor of the criterion's points; unknown is null."""


def columns_of_facts(fit: Fit, columns: Iterable[str]) -> dict[str, str]:
    """Fact -> the column of a lead table that holds it, for those facts that the criteria ask for and the table has.

    A column is named as in lead files (``employees``), by the fact itself (``company.employees``), or is a further
    one of your own (``product`` for ``lead.product``).
    """
    keys = {column.name: column.key for column in COLUMNS}
    facts = {(keys[name] or "") if name in keys else attribute_key(name): name for name in columns}
    facts |= {name: name for name in columns if "." in name}
    if EMAIL in facts:
        facts.setdefault(EMAIL_KIND, facts[EMAIL])
    asked = dict.fromkeys(criterion.field for criterion in fit.criteria)
    return {fact: facts[fact] for fact in asked if fact in facts}


def judged(criteria: Mapping[int, Criterion], values: Sequence[Any], *, of_email: bool = False) -> pa.Table:
    """The verdicts of these criteria on each distinct value: ``value`` and ``verdict_<number>`` (1, 0 or null)."""
    plain = [mailbox_kind(value) if of_email else _plain(value) for value in values]
    return pa.table(
        {
            f"verdict_{number}": pa.array(list(map(WORTH.get, map(verdict_on(criterion), plain))), pa.float64())
            for number, criterion in criteria.items()
        }
    )


def _plain(value: object) -> Value:
    """A value as the rule knows values."""
    if isinstance(value, Decimal):
        return float(value)
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def with_fit(frame: Frame, fit: Fit) -> Frame:
    """Add fit, coverage, missing and the parts: ``fit_0`` ... (null is unknown), ``fit_limit`` and ``fit_knockout``."""
    criteria = list(enumerate(fit.criteria))
    verdicts = {number: nw.col(f"verdict_{number}") for number, _ in criteria}
    positive = sum(criterion.points for criterion in fit.criteria if criterion.points > 0)
    known = [(~verdicts[n].is_null()).cast(nw.Float64) * c.points for n, c in criteria if c.points > 0]
    knockouts = [(verdicts[n] == 0).fill_null(False) for n, c in criteria if c.knockout]
    frame = frame.with_columns(
        *((verdicts[n] * c.points).alias(f"fit_{n}") for n, c in criteria),
        (total(known) * 100 / positive).alias("coverage"),
        (nw.any_horizontal(*knockouts, ignore_nulls=True) if knockouts else nw.lit(False)).alias("knocked_out"),
        _missing(fit).alias("missing"),
    )
    raw = total([nw.col(f"fit_{n}").fill_null(0.0) for n, _ in criteria])
    frame = frame.with_columns(raw.alias("raw_fit"))
    frame = frame.with_columns(
        nw.when(nw.col("knocked_out")).then(nw.lit(0.0)).otherwise(clamped(nw.col("raw_fit"))).alias("fit")
    )
    taken = nw.col("fit") - nw.col("raw_fit")
    return frame.with_columns(
        nw.when(nw.col("knocked_out")).then(nw.lit(0.0)).otherwise(taken).alias("fit_limit"),
        nw.when(nw.col("knocked_out")).then(taken).otherwise(nw.lit(0.0)).alias("fit_knockout"),
    )


def total(values: Sequence[nw.Expr]) -> nw.Expr:
    """Their sum, by halves: engines refuse what is nested a thousand deep."""
    if len(values) == 1:
        return values[0]
    middle = len(values) // 2
    return total(values[:middle]) + total(values[middle:])


def clamped(value: nw.Expr) -> nw.Expr:
    """Between 0 and 100. The value must not be null: of null and a limit, engines take the limit."""
    return nw.max_horizontal(nw.lit(0.0), nw.min_horizontal(nw.lit(100.0), value))


def _missing(fit: Fit) -> nw.Expr:
    """The facts with points that nobody knows, with commas between them."""
    by_field: dict[str, list[nw.Expr]] = {}
    for number, criterion in enumerate(fit.criteria):
        if criterion.points > 0:
            by_field.setdefault(criterion.field, []).append(nw.col(f"verdict_{number}").is_null())
    names = [
        nw.when(nw.any_horizontal(*unknown, ignore_nulls=True)).then(nw.lit(field)).otherwise(nw.lit(None, nw.String))
        for field, unknown in by_field.items()
    ]
    return nw.concat_str(*names, separator=", ", ignore_nulls=True)
