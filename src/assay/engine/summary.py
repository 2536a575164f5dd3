"""The tally of a lead -> what the rule asks for."""

from collections.abc import Sequence

from sqlglot import exp

from assay.domain.policy import Policy
from assay.engine.fold import words_of_days
from assay.engine.marks import engages, found, is_found, numbers
from assay.engine.statements import combined, query, term

SUMMARY = """
    SELECT u.lead, :hand_raise AS hand_raise, :milestone AS milestone, :hot AS hot, :warm AS warm,
           :days AS days, :kinds AS kinds
    FROM tallies AS u
"""
WEIGHT = "CASE WHEN :came THEN :weight END"


def summary(policy: Policy) -> exp.Select:
    """Tallies, one a lead -> what pattern and temperature ask for, and ``weight_0``, ``weight_1`` ... by kind.

    A weight is null where no such signal came.
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
    return asked


def _counted(bits: Sequence[exp.Expr]) -> exp.Expr:
    return combined(exp.Add, [exp.convert(0), *(term("BIT_COUNT(:bits)", bits=word) for word in bits)])
