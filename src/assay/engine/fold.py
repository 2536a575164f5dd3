"""The fold: signals become one row a lead. Written once, in DuckDB's SQL, which SQLGlot turns into Spark's."""

from datetime import datetime
from itertools import product
from math import log

from sqlglot import exp

from assay.domain.policy import Policy
from assay.engine.days import DAY, Window, micros, window
from assay.engine.marks import BITS, Marks, engages, marked, marks_of, word_of, words_of_marks
from assay.engine.statements import combined, query, term

COUNTED = """
    SELECT s.lead, s.at, k.*, EXP(k.rate * (s.at - :now)) AS weight
    FROM signals AS s JOIN kinds AS k ON s.kind = k.name
    WHERE s.at <= :now AND NOT s.bot AND s.lead IS NOT NULL
"""
DAYS_AGO = "(:end - 1 - s.at - :offset) // :length"
DAY_BITS = """
    CASE WHEN s.at < :start THEN 0 WHEN :day BETWEEN :low AND :high
         THEN CAST(1 AS BIGINT) << CAST(:day - :low AS INT) ELSE 0 END
"""
"""Most signals lie before the window, and comparing costs less than finding their day."""

EACH = "SELECT c.lead FROM counted AS c"
WEIGHT = "CAST(c.number = :number AS DOUBLE) * c.weight"
"""Adding nothing for all other kinds costs less than leaving them out."""

ENGAGED = ":days & c.engages"
ADDED = "SELECT t.lead FROM tallies AS t GROUP BY t.lead"

STATES = """
    SELECT c.lead, c.number AS kind, SUM(c.weight) AS weight, COUNT(*) AS count, MIN(c.at) AS first, MAX(c.at) AS last
    FROM counted AS c GROUP BY c.lead, c.number
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


def tallies(policy: Policy, now: datetime) -> exp.Select:
    """Signals -> one row a lead, of which `summary` makes what the rule asks for.

    Reads ``signals``: lead, kind, at (microseconds since 1970), bot. ``weight_0``, ``weight_1`` ... are the decayed
    numbers of signals by kind; ``days_0`` ... are bit sets of the days within the pattern's window on which something
    with positive points came; ``marks_0`` ... are those of `marks`.
    """
    return added(policy).with_("tallies", each(policy, now))


def each(policy: Policy, now: datetime) -> exp.Select:
    """Signals -> a tally of each of them that counts."""
    return _each(policy, _counted(policy, now), exp.convert(micros(now)))


def added(policy: Policy) -> exp.Select:
    """Tallies, of which some are of the same lead -> one for each, as if folded at once."""
    weights, bits = columns_of_tallies(policy)
    return query(ADDED).select(
        *(exp.alias_(exp.func("SUM", exp.column(name, "t")), name) for name in weights),
        *(exp.alias_(term("BIT_OR(:bits)", bits=exp.column(name, "t")), name) for name in bits),
    )


def columns_of_tallies(policy: Policy) -> tuple[list[str], list[str]]:
    """Those that are added up, and those whose bits are united."""
    weights = [f"weight_{number}" for number in range(len(policy.intent.signals))]
    return weights, [*(f"marks_{word}" for word in words_of_marks(policy)), *_names(policy)]


def tallies_then(policy: Policy, days: Window) -> exp.Select:
    """The same where each lead has a time of its own, as of which its signals are folded: their column ``now``.

    ``days`` knows the local clock over all these times.
    """
    now = exp.column("now", "s")
    today = term("(:now + :ahead) // :length", now=now, ahead=ahead(days, now), length=DAY)
    end = term("(:today + 2) * :length", today=exp.paren(today), length=DAY)
    counted = _counted_as_of(policy, now, end, days).select(now)
    return added(policy).with_("tallies", _each(policy, counted, exp.column("now", "c")))


def _each(policy: Policy, counted: exp.Select, now: exp.Expr) -> exp.Select:
    weights = (exp.alias_(term(WEIGHT, number=n), f"weight_{n}") for n in range(len(policy.intent.signals)))
    days = [exp.column(name, "c") for name in _names(policy)]
    active = combined(exp.Or, [day.neq(0) for day in days])
    marks = (exp.alias_(_marked(policy, word, now, active), f"marks_{word}") for word in words_of_marks(policy))
    engaged = (exp.alias_(term(ENGAGED, days=day), day.name) for day in days)
    tally = query(EACH).select(*weights, *marks, *engaged)
    return tally.with_("kinds", kinds_of(policy)).with_("counted", counted)


def _marked(policy: Policy, word: int, now: exp.Expr, active: exp.Expr) -> exp.Expr:
    """The marks that a signal sets in one word."""
    marks = {mark: exp.column(f"{mark}_{word}", "c") for mark in Marks._fields}
    return marked(policy, now, exp.column("at", "c"), active, **marks)


def states(policy: Policy, now: datetime) -> exp.Select:
    """Signals -> one row for each lead and kind that the policy lists: a `domain.intent.KindState` as of ``now``.

    ``weight`` is the decayed number of signals; ``days_0``, ``days_1`` ... are bit sets of the active days within the
    pattern's window.
    """
    days = (exp.alias_(term("BIT_OR(:days)", days=exp.column(day, "c")), day) for day in _names(policy))
    folded = query(STATES).select(*days)
    return folded.with_("kinds", kinds_of(policy)).with_("counted", _counted(policy, now))


def _counted(policy: Policy, now: datetime) -> exp.Select:
    days = window(policy.zone, now, policy.intent.pattern.within_days)
    return _counted_as_of(policy, exp.convert(micros(now)), exp.convert(days.end), days)


def _counted_as_of(policy: Policy, now: exp.Expr, end: exp.Expr, days: Window) -> exp.Select:
    """The signals that count, with what they weigh and their days."""
    length = policy.intent.pattern.within_days + 1
    day = term(DAYS_AGO, end=end, offset=ahead(days, exp.column("at", "s")), length=DAY)
    start = term(":end - :span", end=end, span=length * DAY + days.most)
    bits = (
        term(DAY_BITS, start=start, day=day, low=low, high=min(low + BITS, length) - 1)
        for low in range(0, length, BITS)
    )
    return query(COUNTED, now=now).select(*map(exp.alias_, bits, _names(policy)))


def united(policy: Policy) -> exp.Select:
    """States of which some are of the same lead and kind -> one for each, as if folded at once."""
    days = (exp.alias_(term("BIT_OR(:days)", days=exp.column(day, "s")), day) for day in _names(policy))
    return query(UNITED).select(*days)


def aged(policy: Policy, then: datetime, now: datetime) -> exp.Select:
    """States as they stood at one time -> as they stand at a later one, when no signal has come."""
    passed = query(AGED, passed=micros(then) - micros(now)).with_("kinds", kinds_of(policy))
    return passed.select(*days_later(policy, then, now))


def days_later(policy: Policy, then: datetime, now: datetime) -> list[exp.Expr]:
    """The days ``s.days_0`` ... as they lie further back at a later time; what leaves the window is forgotten."""
    passed, length = _days_between(policy, then, now), policy.intent.pattern.within_days + 1
    return [exp.alias_(_shifted(word, passed, length), name) for word, name in enumerate(_names(policy))]


def days_left(policy: Policy, then: datetime, now: datetime) -> int:
    """How many of the latest days of the window as of one time still lie in it at a later one; may be negative."""
    return policy.intent.pattern.within_days + 1 - _days_between(policy, then, now)


def _days_between(policy: Policy, then: datetime, now: datetime) -> int:
    """By how many days the window of the pattern moves from one time to another."""
    within = policy.intent.pattern.within_days
    return (window(policy.zone, now, within).end - window(policy.zone, then, within).end) // DAY


def _shifted(word: int, days: int, length: int) -> exp.Expr:
    """A word of the active days when all of them lie ``days`` further back."""
    words, by = divmod(days, BITS)
    known = (1 << min(BITS, max(0, length - BITS * word))) - 1
    terms = [exp.convert(0)]
    if word >= words:
        kept = (known >> by) & ((1 << (BITS - by)) - 1)
        terms.append(term("(:days & :kept) << :by", days=_days(word - words), kept=kept, by=by))
    if word > words and by:
        terms.append(term("(:days >> :by) & :known", days=_days(word - words - 1), by=BITS - by, known=known))
    return combined(exp.BitwiseOr, terms)


def _days(word: int) -> exp.Expr:
    return exp.column(f"days_{word}", "s")


def kinds_of(policy: Policy) -> exp.Select:
    """The kinds that count: ``name``, ``number``, the ``rate`` at which they fade per microsecond, and their marks.

    ``engages`` lets all days through, or none for a kind without positive points.
    """
    marks = list(product(words_of_marks(policy), Marks._fields))
    rows = []
    for number, (name, kind) in enumerate(policy.intent.signals.items()):
        mine = (getattr(marks_of(number, kind), mark) if word == word_of(number) else 0 for word, mark in marks)
        rows.append((name, number, log(2) / (kind.half_life_days * DAY), -1 if engages(kind) else 0, *mine))
    numbers = ["engages", *(f"{mark}_{word}" for word, mark in marks)]
    table = exp.values(rows, alias="k", columns=["name", "number", "rate", *numbers])
    kinds = exp.select(
        "name", exp.alias_(exp.cast("number", "smallint"), "number"), exp.alias_(exp.cast("rate", "double"), "rate")
    )
    return kinds.select(*(exp.alias_(exp.cast(name, "bigint"), name) for name in numbers)).from_(table)


def words_of_days(policy: Policy) -> range:
    """The numbers that hold the days of the pattern's window."""
    return range(-(-(policy.intent.pattern.within_days + 1) // BITS))


def _names(policy: Policy) -> list[str]:
    return [f"days_{word}" for word in words_of_days(policy)]


def ahead(days: Window, at: exp.Expr) -> exp.Expr:
    """How far local clocks are ahead at a time."""
    choice = exp.Case()
    for until, before in days.offsets:
        choice = choice.when(exp.LT(this=at.copy(), expression=exp.convert(until)), exp.convert(before))
    return exp.paren(choice.else_(exp.convert(days.offset))) if days.offsets else exp.convert(days.offset)
