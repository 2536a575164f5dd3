"""Lengths of time, rounded so that the database can count those alike instead of handing out each."""

from datetime import timedelta

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Case, Expression, F, FloatField, Func, Value, When
from django.db.models.expressions import Combinable
from django.db.models.lookups import LessThan
from django.db.models.sql.compiler import SQLCompiler

MINUTE, HOUR, DAY = (timedelta(**{unit: 1}).total_seconds() for unit in ("minutes", "hours", "days"))
UNITS = ((2 * DAY, MINUTE), (100 * DAY, HOUR))
"""Up to which length which unit is fine enough: each is at most 2 % of what it rounds. Beyond it is days."""


class Seconds(Func):
    """The seconds from one time to a later one."""

    output_field = FloatField()
    template = "date_part('epoch', %(expressions)s)"  # EXTRACT gives a numeric, which is slow to reckon with
    arg_joiner = " - "

    def __init__(self, start: str, end: Combinable) -> None:
        super().__init__(end, F(start))

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: object
    ) -> tuple[str, tuple[str | int, ...]]:
        """Without calling Python for each row, as a difference of Django's own would."""
        template = "((julianday(%(expressions)s)) * 86400.0)"
        return super().as_sql(compiler, connection, template=template, arg_joiner=") - julianday(")


def length(start: str, end: Combinable) -> Expression:
    """From one time to a later one in seconds, rounded to minutes, hours or days by how long it is."""
    seconds = Seconds(start, end)
    rounded = [When(LessThan(seconds, Value(limit)), then=_to(unit, seconds)) for limit, unit in UNITS]
    return Case(*rounded, default=_to(DAY, seconds), output_field=FloatField())


def _to(unit: float, seconds: Seconds) -> Expression:
    # Not Django's Round, which has PostgreSQL reckon in numerics of a thousand digits.
    whole = Func(seconds / Value(unit), function="ROUND", output_field=FloatField())
    return whole * Value(unit)
