"""Which leads come near the draft's threshold on which day: a bound above their score, so that few are scored exactly.

The bound keeps every signal at its weight of the morning, lets none fade faster than numbers can bear over the period,
and forgets whatever lowers a score. The decayed sums of all days are one running sum: forward decay from the start of
the replay (Cormode and others, Forward Decay, 2009).
"""

from math import log

import narwhals as nw
from sqlglot import exp

from assay.domain.policy import Policy
from assay.engine.backend import Backend, Native
from assay.engine.backtest.period import Period
from assay.engine.days import DAY
from assay.engine.rule import judge_intent
from assay.engine.statements import query, term

LARGEST = 600.0
"""The logarithm up to which a sum may grow over the period."""
MARGIN = 1 + 1e-9
"""For the last digits, in which sums of another order differ."""

SHOWN = """
    SELECT s.lead, GREATEST(:day, :first) AS day, k.number, EXP(k.rate * (s.at - :opens)) AS weight
    FROM signals AS s JOIN kinds AS k ON s.kind = k.name WHERE :day < :after
"""
ROWS = """
    SELECT * FROM shown
    UNION ALL SELECT a.lead, GREATEST(a.day, :first), NULL, NULL FROM asked AS a WHERE a.day < :after
"""
BY_DAY = "SELECT r.lead, r.day FROM rows_of_days AS r GROUP BY r.lead, r.day"
SUM = "SUM(CASE WHEN r.number = :number THEN r.weight END)"
MILESTONE = "MAX(CASE WHEN :milestone THEN 1 ELSE 0 END)"
RUNNING = "SUM(:what) OVER (PARTITION BY d.lead ORDER BY d.day ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)"
UPTO = "COALESCE(LEAD(d.day) OVER (PARTITION BY d.lead ORDER BY d.day) - 1, :last)"
BOUND = """
    SELECT b.lead, b.day, b.upto, k.fit, k.fits, k.insufficient_data, b.milestones > 0 AS milestone,
           TRUE AS hand_raise, 1 AS kinds, 1 AS days, FALSE AS hot, FALSE AS warm
    FROM running AS b JOIN days AS c ON b.day = c.day
    JOIN known AS k ON b.lead = k.lead AND k.since < c.ends AND k.until > c.begins
"""


def near(
    backend: Backend, signals: Native, asked: Native, known: Native, days: Native, period: Period, span: range
) -> Native:
    """``lead`` and ``day`` of those who may cross the threshold then, or on the days ``upto`` which nothing new comes.

    ``signals`` have lead, kind, at and known; ``asked`` are the days on which leads are asked about without a signal.
    Looks at the days of ``span``; what came before counts on its first one.
    """
    policy, ends = period.policy, {"first": span.start, "after": span.stop}
    shown = query(SHOWN, day=period.day(exp.column("known", "s")), opens=period.opens, **ends)
    rows = backend.run(shown.with_("kinds", _kinds(policy, period)), signals=signals)
    summed = _by_day(policy)
    by_day = backend.run(summed, rows_of_days=backend.run(query(ROWS, **ends), shown=rows, asked=asked))
    running = backend.run(_running(policy, span.stop), by_day=by_day)
    bound = backend.run(_bound(policy, period), running=running, days=days, known=known)
    above = judge_intent(nw.from_native(bound), policy)
    crossing = above.filter(nw.col("mql") | nw.col("milestone")).select("lead", "day", "upto").unique()
    return backend.keep(nw.to_native(crossing))


def _kinds(policy: Policy, period: Period) -> exp.Select:
    rows = [(name, number, _rate(policy, period, number)) for number, name in enumerate(policy.intent.signals)]
    table = exp.values(rows, alias="k", columns=["name", "number", "rate"])
    return exp.select("name", "number", exp.alias_(exp.cast("rate", "double"), "rate")).from_(table)


def _rate(policy: Policy, period: Period, number: int) -> float:
    """How fast a kind fades per microsecond, at most so fast that its sum does not grow out of hand."""
    half_life = list(policy.intent.signals.values())[number].half_life_days
    return min(log(2) / (half_life * DAY), LARGEST / (period.end - period.opens + DAY))


def _raising(policy: Policy) -> list[int]:
    """The kinds that may lift a lead over the threshold."""
    return [number for number, kind in enumerate(policy.intent.signals.values()) if kind.points > 0]


def _by_day(policy: Policy) -> exp.Select:
    milestones = [number for number, kind in enumerate(policy.intent.signals.values()) if kind.milestone]
    among = exp.column("number", "r").isin(*milestones) if milestones else exp.false()
    sums = (exp.alias_(term(SUM, number=number), f"sum_{number}") for number in _raising(policy))
    return query(BY_DAY).select(exp.alias_(term(MILESTONE, milestone=among), "milestones"), *sums)


def _running(policy: Policy, days: int) -> exp.Select:
    names = ["milestones", *(f"sum_{number}" for number in _raising(policy))]
    sums = (exp.alias_(term(RUNNING, what=exp.column(name, "d")), name) for name in names)
    upto = exp.alias_(term(UPTO, last=days - 1), "upto")
    return exp.select("d.lead", "d.day", upto, *sums).from_(exp.to_table("by_day").as_("d"))


def _bound(policy: Policy, period: Period) -> exp.Select:
    """The weights of a day's morning; those of kinds that lower the score are left out."""
    bound, raising = query(BOUND), _raising(policy)
    for number in range(len(policy.intent.signals)):
        weight: exp.Expr = exp.cast(exp.null(), "double")
        if number in raising:
            rate = _rate(policy, period, number)
            decay = term("EXP(:rate * (:opens - c.begins)) * :margin", rate=rate, opens=period.opens, margin=MARGIN)
            weight = exp.Mul(this=exp.column(f"sum_{number}", "b"), expression=decay)
        bound = bound.select(exp.alias_(weight, f"weight_{number}"))
    return bound
