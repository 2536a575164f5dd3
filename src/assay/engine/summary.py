"""Tallies of a lead, one or several -> one row of what the rule asks for."""

from collections.abc import Sequence

from sqlglot import exp

from assay.domain.policy import Policy
from assay.engine.fold import words_of_days
from assay.engine.marks import engages, found, is_found, numbers, words_of_marks
from assay.engine.statements import combined, query, term

UNITED = "SELECT t.lead FROM tallies AS t GROUP BY t.lead"
SUMMARY = """
    SELECT u.lead, :hand_raise AS hand_raise, :milestone AS milestone, :hot AS hot, :warm AS warm,
           :days AS days, :kinds AS kinds
    FROM united AS u
"""
WEIGHT = "CASE WHEN :came THEN :weight END"


def summary(policy: Policy) -> exp.Select:
    """Tallies -> one row a lead: what pattern and temperature ask for, and ``weight_0``, ``weight_1`` ... by kind.

    A lead has several tallies where it is known by several names or a part was folded earlier. A weight is null where
    no such signal came.
    """
    engaging = numbers(policy, engages)
    days = [exp.column(f"days_{word}", "u") for word in words_of_days(policy)]
    asked = query(
        SUMMARY,
        hand_raise=is_found(policy, "lately", numbers(policy, lambda kind: kind.hand_raise), "u"),
        milestone=is_found(policy, "ever", numbers(policy, lambda kind: kind.milestone), "u"),
        hot=is_found(policy, "hot", numbers(policy, lambda kind: kind.hot), "u"),
        warm=is_found(policy, "warm", engaging, "u"),
        days=_counted(days),
        kinds=_counted(found(policy, "lately", engaging, "u")),
    )
    for number in numbers(policy, lambda kind: True):
        came, weight = is_found(policy, "ever", [number], "u"), exp.column(f"weight_{number}", "u")
        asked = asked.select(exp.alias_(term(WEIGHT, came=came, weight=weight), weight.name))
    return asked.with_("united", _united(policy))


def _united(policy: Policy) -> exp.Select:
    sums = [f"weight_{number}" for number in range(len(policy.intent.signals))]
    bits = [f"days_{word}" for word in words_of_days(policy)] + [f"marks_{word}" for word in words_of_marks(policy)]
    return query(UNITED).select(
        *(exp.alias_(exp.func("SUM", exp.column(name, "t")), name) for name in sums),
        *(exp.alias_(term("BIT_OR(:bits)", bits=exp.column(name, "t")), name) for name in bits),
    )


def _counted(bits: Sequence[exp.Expr]) -> exp.Expr:
    return combined(exp.Add, [exp.convert(0), *(term("BIT_COUNT(:bits)", bits=word) for word in bits)])
