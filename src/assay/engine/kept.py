"""States side by side: one row a lead with all its kinds, as a snapshot keeps them.

``weight_0``, ``count_0``, ``first_0``, ``last_0`` and ``days_0_0`` (the first word of days of the first kind) ... are
null where no such signal came. So a lead's kinds age without being brought together again.
"""

from collections.abc import Iterator
from datetime import datetime
from math import exp2

from sqlglot import exp

from assay.domain.policy import Policy
from assay.domain.policy_sections import SignalKind
from assay.engine.days import DAY, micros
from assay.engine.fold import days_in_time, days_later, words_of_days
from assay.engine.marks import engages, marked, marks_of, word_of, words_of_marks
from assay.engine.statements import combined, query, term

UNITED = {
    "weight": "SUM(:value)",
    "count": "CAST(SUM(:value) AS BIGINT)",
    "first": "MIN(:value)",
    "last": "MAX(:value)",
}
"""The fields of a state, and how those of several become one."""
SPREAD = "SELECT s.lead FROM states AS s GROUP BY s.lead"
ONE_KIND = """
    SELECT s.lead, :number AS kind, :weight AS weight, :count AS count, :first AS first, :last AS last
    FROM kept AS s WHERE NOT :weight IS NULL
"""
THEN = "SELECT s.lead FROM kept AS s"
LATER = "SELECT s.lead FROM rows_then AS s"
MARKS = "CASE WHEN :weight IS NULL THEN 0 ELSE :bits END"


def spread(policy: Policy) -> exp.Select:
    """States, of which some may be of the same lead and kind -> one row a lead."""
    return query(SPREAD).select(*(column for number, _ in _kinds(policy) for column in _columns(policy, number)))


def _columns(policy: Policy, number: int) -> Iterator[exp.Expr]:
    """What one kind has in a row."""
    fields = UNITED | {f"days_{word}": "BIT_OR(:value)" for word in words_of_days(policy)}
    for field, united in fields.items():
        mine = exp.Case().when(exp.column("kind", "s").eq(number), exp.column(field, "s"))
        yield exp.alias_(term(united, value=mine), f"{field}_{number}")


def apart(policy: Policy) -> exp.Query:
    """Such rows -> the states that they were made of."""
    first, *others = (_one_kind(policy, number) for number, _ in _kinds(policy))
    return exp.union(first, *others, distinct=False) if others else first


def _one_kind(policy: Policy, number: int) -> exp.Select:
    fields = {field: _of(field, number) for field in UNITED}
    days = (exp.alias_(_of(f"days_{word}", number), f"days_{word}") for word in words_of_days(policy))
    return query(ONE_KIND, number=number, **fields).select(*days)


def tallied(policy: Policy, then: datetime, now: datetime) -> exp.Select:
    """Such rows as they stood at one time -> tallies at a later one, when no signal has come."""
    half_lives = ((micros(now) - micros(then)) / (kind.half_life_days * DAY) for _, kind in _kinds(policy))
    weights = [
        exp.alias_(exp.Mul(this=_of("weight", number), expression=exp.convert(exp2(-passed))), f"weight_{number}")
        for number, passed in enumerate(half_lives)
    ]
    active = days_in_time(policy, then, now)
    by_kind = [(word_of(number), _marked(policy, number, kind, active, now)) for number, kind in _kinds(policy)]
    marks = [
        exp.alias_(combined(exp.BitwiseOr, [bits for of, bits in by_kind if of == word]), f"marks_{word}")
        for word in words_of_marks(policy)
    ]
    days = [exp.alias_(_engaged(policy, word), f"days_{word}") for word in words_of_days(policy)]
    as_they_are = (exp.column(column.alias, "s") for column in (*weights, *marks))
    later = query(LATER).select(*as_they_are, *days_later(policy, then, now))
    return later.with_("rows_then", query(THEN).select(*weights, *marks, *days))


def _marked(policy: Policy, number: int, kind: SignalKind, active: list[int], now: datetime) -> exp.Expr:
    """The marks of a lead's signals of one kind; ``active`` are the days that still lie in the window, by word."""
    lately = [
        term("(:days & :bits) <> 0", days=_of(f"days_{word}", number), bits=bits) for word, bits in enumerate(active)
    ]
    marks = marks_of(number, kind)._asdict()
    bits = marked(policy, exp.convert(micros(now)), _of("last", number), combined(exp.Or, lately), **marks)
    return term(MARKS, weight=_of("weight", number), bits=bits)


def _engaged(policy: Policy, word: int) -> exp.Expr:
    """The days on which something with positive points came."""
    days = (exp.func("COALESCE", _of(f"days_{word}", n), exp.convert(0)) for n, kind in _kinds(policy) if engages(kind))
    return combined(exp.BitwiseOr, [exp.convert(0), *days])


def _kinds(policy: Policy) -> Iterator[tuple[int, SignalKind]]:
    return enumerate(policy.intent.signals.values())


def _of(field: str, number: int) -> exp.Expr:
    return exp.column(f"{field}_{number}", "s")
