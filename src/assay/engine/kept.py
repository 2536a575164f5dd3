"""States side by side: one row a lead with all its kinds, as a snapshot keeps them.

``weight_0``, ``count_0``, ``first_0``, ``last_0`` and ``days_0_0`` (the first word of days of the first kind) ... are
null where no such signal came. So a lead's kinds age without being brought together again. Beside them stands
what a tally asks for, so that few columns are read: ``newest_0`` ..., how many days before the end of the pattern's
window a kind last came, null for not within it; ``ever_0`` ... , by bits which kinds came; ``days_0`` ... , the days on
which something with positive points came; ``hot`` and ``warm``, when the last signal came that makes a lead so.
"""

from collections.abc import Iterator
from datetime import datetime
from math import exp2

from sqlglot import exp

from assay.domain.policy import Policy
from assay.domain.policy_sections import SignalKind
from assay.engine.days import DAY, micros
from assay.engine.fold import days_later, days_left, words_of_days
from assay.engine.marks import BITS, HOT, WARM, engages, lasting, marks_of, numbers, word_of, words_of_marks
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
ROWS = "SELECT s.* FROM spread AS s"
LOWEST = "CASE WHEN :days = 0 THEN NULL ELSE CAST(BIT_COUNT((:days & -:days) - 1) AS SMALLINT) + :before END"
"""The number of the lowest bit that is set."""
CAME = "CASE WHEN :weight IS NULL THEN 0 ELSE :bit END"
NEVER = -1 << 62
TALLIED = "SELECT s.lead FROM kept AS s"
LATELY = "CASE WHEN :newest < :left THEN :bits ELSE 0 END"
SINCE = "CASE WHEN :last >= :since THEN :bit ELSE 0 END"


def spread(policy: Policy) -> exp.Select:
    """States, of which some may be of the same lead and kind -> one row a lead."""
    states = query(SPREAD).select(*(column for number, _ in _kinds(policy) for column in _columns(policy, number)))
    newest = (exp.alias_(_newest(policy, number), f"newest_{number}") for number, _ in _kinds(policy))
    ever = (exp.alias_(_ever(policy, word), f"ever_{word}") for word in words_of_marks(policy))
    days = (exp.alias_(_engaged(policy, word), f"days_{word}") for word in words_of_days(policy))
    last = (exp.alias_(_last(kinds), name) for name, kinds in _warming(policy).items())
    return query(ROWS).select(*newest, *ever, *days, *last).with_("spread", states)


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
    weights = (
        exp.alias_(exp.Mul(this=_of("weight", number), expression=exp.convert(exp2(-passed))), f"weight_{number}")
        for number, passed in enumerate(half_lives)
    )
    left = days_left(policy, then, now)
    marks = (exp.alias_(_marks(policy, word, left, now), f"marks_{word}") for word in words_of_marks(policy))
    return query(TALLIED).select(*weights, *marks, *days_later(policy, then, now))


def _marks(policy: Policy, word: int, left: int, now: datetime) -> exp.Expr:
    """The marks of a lead's signals in one word; ``left`` are the days that still lie in the window."""
    marks: list[exp.Expr] = [exp.column(f"ever_{word}", "s")]
    for number, kind in _kinds(policy):
        if word_of(number) == word:
            marks.append(term(LATELY, newest=_of("newest", number), left=left, bits=marks_of(number, kind).lately))
    for (name, kinds), bit, lasts in zip(_warming(policy).items(), (HOT, WARM), lasting(policy), strict=True):
        if kinds and word_of(kinds[0]) == word:  # one of the numbers that are asked for it
            marks.append(term(SINCE, last=exp.column(name, "s"), since=micros(now) - lasts, bit=bit))
    return combined(exp.BitwiseOr, marks)


def _warming(policy: Policy) -> dict[str, list[int]]:
    """The kinds that make a lead hot, and warm."""
    return {"hot": numbers(policy, lambda kind: kind.hot), "warm": numbers(policy, engages)}


def _last(kinds: list[int]) -> exp.Expr:
    """When the last signal of these kinds came."""
    never = exp.convert(NEVER)
    times = (exp.func("COALESCE", _of("last", number), never.copy()) for number in kinds)
    return exp.func("GREATEST", never, never.copy(), *times)  # which Spark refuses to take of one


def _newest(policy: Policy, number: int) -> exp.Expr:
    """The latest active day of a kind."""
    words = ((word, _of(f"days_{word}", number)) for word in words_of_days(policy))
    return exp.func("COALESCE", *(term(LOWEST, days=days, before=word * BITS) for word, days in words), exp.null())


def _ever(policy: Policy, word: int) -> exp.Expr:
    """Which kinds came."""
    came = (
        term(CAME, weight=_of("weight", number), bit=marks_of(number, kind).ever)
        for number, kind in _kinds(policy)
        if word_of(number) == word
    )
    return combined(exp.BitwiseOr, [exp.convert(0), *came])


def _engaged(policy: Policy, word: int) -> exp.Expr:
    """The days on which something with positive points came."""
    days = (exp.func("COALESCE", _of(f"days_{word}", n), exp.convert(0)) for n, kind in _kinds(policy) if engages(kind))
    return combined(exp.BitwiseOr, [exp.convert(0), *days])


def _kinds(policy: Policy) -> Iterator[tuple[int, SignalKind]]:
    return enumerate(policy.intent.signals.values())


def _of(field: str, number: int) -> exp.Expr:
    return exp.column(f"{field}_{number}", "s")
