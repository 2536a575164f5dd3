"""What the rule asks of a lead's signals besides their weights, as bits: which kinds came, and how lately.

Bit sets unite several times faster than distinct values are counted, and one number holds many answers.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import NamedTuple

from sqlglot import exp

from assay.domain.policy import Policy
from assay.domain.policy_sections import SignalKind
from assay.engine.days import DAY
from assay.engine.statements import combined, term

BITS = 62
"""Of one whole number."""
KINDS = BITS // 2 - 1
"""Kinds in one whole number: two bits for each, and two for all of them."""
HOT, WARM = 1 << BITS - 2, 1 << BITS - 1

SET = """
    :ever | CASE WHEN :active THEN :lately ELSE 0 END
          | CASE WHEN :at >= :now - :hot_days THEN :hot ELSE 0 END
          | CASE WHEN :at >= :now - :warm_days THEN :warm ELSE 0 END
"""


class Marks(NamedTuple):
    """What a signal of a kind sets: always, on a day of the pattern's window, in the days that are hot or warm."""

    ever: int = 0
    lately: int = 0
    hot: int = 0
    warm: int = 0


def words_of_marks(policy: Policy) -> range:
    """The numbers that hold the marks of all kinds."""
    return range(word_of(len(policy.intent.signals) - 1) + 1)


def numbers(policy: Policy, among: Callable[[SignalKind], bool]) -> list[int]:
    """Some kinds by their place in the policy."""
    return [number for number, kind in enumerate(policy.intent.signals.values()) if among(kind)]


def engages(kind: SignalKind) -> bool:
    """Whether it counts for the pattern and for warmth."""
    return kind.points > 0


def marks_of(number: int, kind: SignalKind) -> Marks:
    """The marks of a kind by its place in the policy, within the number `word_of` it."""
    bit = 1 << number % KINDS
    return Marks(bit, bit << KINDS, HOT * kind.hot, WARM * engages(kind))


def word_of(number: int) -> int:
    """Which number holds the marks of a kind."""
    return number // KINDS


def marked(policy: Policy, now: exp.Expr, at: exp.Expr, active: exp.Expr, **marks: exp.Expr | int) -> exp.Expr:
    """The bits set by a signal of a kind with these ``marks``; ``active`` is whether it came within the window."""
    hot_days, warm_days = lasting(policy)
    return exp.paren(term(SET, now=now, at=at, active=active, hot_days=hot_days, warm_days=warm_days, **marks))


def lasting(policy: Policy) -> tuple[int, int]:
    """For how many microseconds a lead stays hot, and warm."""
    return round(policy.temperature.hot_days * DAY), round(policy.temperature.warm_days * DAY)


def found(policy: Policy, mark: str, kinds: Iterable[int], table: str) -> list[exp.Expr]:
    """What a table's ``marks_0`` ... hold of a mark of these kinds, by word where there may be any."""
    all_kinds, bits = list(policy.intent.signals.values()), defaultdict[int, int](int)
    for number in kinds:
        bits[word_of(number)] |= getattr(marks_of(number, all_kinds[number]), mark)
    return [
        term("(:marks & :bits)", marks=exp.column(f"marks_{word}", table), bits=mask) for word, mask in bits.items()
    ]


def is_found(policy: Policy, mark: str, kinds: Iterable[int], table: str) -> exp.Expr:
    """Whether a mark of one of these kinds is set."""
    return combined(exp.Or, [exp.false(), *(bits.neq(0) for bits in found(policy, mark, kinds, table))])
