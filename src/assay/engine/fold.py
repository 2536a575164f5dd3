"""The fold: signals become one row a lead. Written once, in DuckDB's SQL, which SQLGlot turns into Spark's."""

from collections.abc import Callable
from datetime import datetime
from functools import reduce
from math import log

from sqlglot import exp

from assay.domain.policy import Policy
from assay.domain.policy_sections import SignalKind
from assay.engine.days import DAY, Window, micros, window
from assay.engine.statements import query, term

BITS = 62
"""Days or kinds in one whole number: bit sets unite several times faster than distinct ones are counted."""

STATES = """
    SELECT s.lead, k.number AS kind, SUM(EXP(k.rate * (s.at - :now))) AS weight,
           COUNT(*) AS count, MIN(s.at) AS first, MAX(s.at) AS last
    FROM signals AS s JOIN kinds AS k ON s.kind = k.name
    WHERE s.at <= :now AND NOT s.bot AND s.lead IS NOT NULL
    GROUP BY s.lead, k.number
"""
DAYS_AGO = "(:end - 1 - s.at - :offset) // :length"
DAY_BITS = """
    BIT_OR(CASE WHEN s.at < :start THEN 0 WHEN :day BETWEEN :low AND :high
           THEN CAST(1 AS BIGINT) << CAST(:day - :low AS INT) ELSE 0 END)
"""
"""Most signals lie before the window, and comparing costs less than finding their day."""

SUMMARY = """
    SELECT s.lead,
           MAX(CASE WHEN :hand_raise AND :recent THEN 1 ELSE 0 END) AS hand_raises,
           MAX(CASE WHEN :milestone THEN 1 ELSE 0 END) AS milestones,
           MAX(CASE WHEN :hot THEN s.last END) AS last_hot,
           MAX(CASE WHEN :warm THEN s.last END) AS last_warm
    FROM states AS s
    GROUP BY s.lead
"""
AWAITED = """
    SELECT s.lead, k.number AS kind, CAST(NULL AS DOUBLE) AS weight, CAST(1 AS BIGINT) AS count,
           s.at AS first, s.at AS last
    FROM signals AS s JOIN kinds AS k ON s.kind = k.name
    WHERE s.at > :now AND NOT s.bot
"""
UNITED = """
    SELECT s.lead, s.kind, SUM(s.weight) AS weight, CAST(SUM(s.count) AS BIGINT) AS count,
           MIN(s.first) AS first, MAX(s.last) AS last
    FROM states AS s GROUP BY s.lead, s.kind
"""
AGED = """
    SELECT s.lead, s.kind, s.weight * EXP(k.rate * :passed) AS weight, s.count, s.first, s.last
    FROM states AS s JOIN kinds AS k ON s.kind = k.number
"""

UNITED_DAYS = "BIT_COUNT(BIT_OR(CASE WHEN :warm THEN :days ELSE 0 END))"
UNITED_KINDS = """
    BIT_COUNT(BIT_OR(CASE WHEN :warm AND :recent AND s.kind BETWEEN :low AND :high
                     THEN CAST(1 AS BIGINT) << CAST(s.kind - :low AS INT) ELSE 0 END))
"""
WEIGHT = "SUM(CASE WHEN s.kind = :number THEN s.weight END)"


def states(policy: Policy, now: datetime) -> exp.Select:
    """Signals -> one row for each lead and kind that the policy lists: a `domain.intent.KindState` as of ``now``.

    Reads ``signals``: lead, kind, at (microseconds since 1970), bot. ``weight`` is the decayed number of signals;
    ``days_0``, ``days_1`` ... are bit sets of the active days within the pattern's window.
    """
    days = window(policy.zone, now, policy.intent.pattern.within_days)
    return _states(policy, exp.convert(micros(now)), exp.convert(days.end), days)


def states_then(policy: Policy, days: Window) -> exp.Select:
    """The same where each lead has a time of its own, as of which its signals are folded: their column ``now``.

    ``days`` knows the local clock over all these times.
    """
    now = exp.column("now", "s")
    today = term("(:now + :ahead) // :length", now=now, ahead=ahead(days, now), length=DAY)
    return _states(policy, now, term("(:today + 2) * :length", today=exp.paren(today), length=DAY), days)


def _states(policy: Policy, now: exp.Expr, end: exp.Expr, days: Window) -> exp.Select:
    length = policy.intent.pattern.within_days + 1
    day = term(DAYS_AGO, end=end, offset=ahead(days, exp.column("at", "s")), length=DAY)
    start = term(":end - :span", end=end, span=length * DAY + days.most)
    folded = query(STATES, now=now)
    for number, low in enumerate(range(0, length, BITS)):
        bits = term(DAY_BITS, start=start, day=day, low=low, high=min(low + BITS, length) - 1)
        folded = folded.select(exp.alias_(bits, f"days_{number}"))
    return folded.with_("kinds", kinds_of(policy))


def awaited(policy: Policy, now: datetime) -> exp.Select:
    """Signals -> one row for each dated after ``now``, shaped as a state but without weight and days."""
    none = (exp.alias_(exp.cast(exp.convert(0), "bigint"), f"days_{number}") for number in range(_words(policy)))
    return query(AWAITED, now=micros(now)).select(*none).with_("kinds", kinds_of(policy))


def united(policy: Policy) -> exp.Select:
    """States of which some are of the same lead and kind -> one for each, as if folded at once."""
    days = (f"days_{number}" for number in range(_words(policy)))
    return query(UNITED).select(*(exp.alias_(term("BIT_OR(:days)", days=exp.column(day, "s")), day) for day in days))


def aged(policy: Policy, then: datetime, now: datetime) -> exp.Select:
    """States as they stood at one time -> as they stand at a later one, when no signal has come."""
    within = policy.intent.pattern.within_days
    days = window(policy.zone, now, within)
    passed = (days.end - window(policy.zone, then, within).end) // DAY
    states = query(AGED, passed=micros(then) - micros(now)).with_("kinds", kinds_of(policy))
    return states.select(*(exp.alias_(_shifted(n, passed, days.length), f"days_{n}") for n in range(_words(policy))))


def _shifted(word: int, days: int, length: int) -> exp.Expr:
    """A word of the active days when all of them lie ``days`` further back; what leaves the window is forgotten."""
    words, by = divmod(days, BITS)
    known = (1 << min(BITS, max(0, length - BITS * word))) - 1
    terms = [exp.convert(0)]
    if word >= words:
        kept = (known >> by) & ((1 << (BITS - by)) - 1)
        terms.append(term("(:days & :kept) << :by", days=_days(word - words), kept=kept, by=by))
    if word > words and by:
        terms.append(term("(:days >> :by) & :known", days=_days(word - words - 1), by=BITS - by, known=known))
    return reduce(lambda one, other: exp.BitwiseOr(this=exp.paren(one), expression=exp.paren(other)), terms)


def _days(word: int) -> exp.Expr:
    return exp.column(f"days_{word}", "s")


def summary(policy: Policy) -> exp.Select:
    """States -> one row a lead: what pattern and temperature ask for, and ``weight_0``, ``weight_1`` ... by kind.

    A lead may have several states of one kind, where it is known by several names or a part was folded earlier.
    """
    words = [exp.column(f"days_{number}", "s") for number in range(_words(policy))]
    kinds = policy.intent.signals
    flags: dict[str, Callable[[SignalKind], bool]] = {
        "warm": lambda kind: kind.points > 0,
        "hot": lambda kind: kind.hot,
        "hand_raise": lambda kind: kind.hand_raise,
        "milestone": lambda kind: kind.milestone,
    }
    among = {
        name: _among([number for number, kind in enumerate(kinds.values()) if has(kind)]) for name, has in flags.items()
    }
    recent = exp.paren(exp.or_(*(word.neq(0) for word in words)))
    days = [term(UNITED_DAYS, warm=among["warm"], days=word) for word in words]
    active = [
        term(UNITED_KINDS, warm=among["warm"], recent=recent, low=low, high=low + BITS - 1)
        for low in range(0, len(kinds), BITS)
    ]
    summed = query(SUMMARY, recent=recent, **among)
    summed = summed.select(exp.alias_(_sum(days), "days"), exp.alias_(_sum(active), "kinds"))
    weights = (exp.alias_(term(WEIGHT, number=number), f"weight_{number}") for number in range(len(kinds)))
    return summed.select(*weights)


def kinds_of(policy: Policy) -> exp.Select:
    """The kinds that count, by number, with the rate at which they fade per microsecond."""
    rows = [
        (name, number, log(2) / (kind.half_life_days * DAY))
        for number, (name, kind) in enumerate(policy.intent.signals.items())
    ]
    table = exp.values(rows, alias="k", columns=["name", "number", "rate"])
    return exp.select("name", "number", exp.alias_(exp.cast("rate", "double"), "rate")).from_(table)


def _words(policy: Policy) -> int:
    return -(-(policy.intent.pattern.within_days + 1) // BITS)


def ahead(days: Window, at: exp.Expr) -> exp.Expr:
    """How far local clocks are ahead at a time."""
    choice = exp.Case()
    for until, before in days.offsets:
        choice = choice.when(exp.LT(this=at.copy(), expression=exp.convert(until)), exp.convert(before))
    return exp.paren(choice.else_(exp.convert(days.offset))) if days.offsets else exp.convert(days.offset)


def _among(numbers: list[int]) -> exp.Expr:
    return exp.column("kind", "s").isin(*numbers) if numbers else exp.false()


def _sum(terms: list[exp.Expr]) -> exp.Expr:
    return reduce(lambda one, other: exp.Add(this=one, expression=other), terms)
