"""Fit: does this match who we sell to? Each criterion is a match, a miss or unknown, and unknown is not a miss."""

import re
from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from assay.domain.facts import Facts, Value, is_known
from assay.domain.parts import Part, points_text
from assay.domain.phrase import Template
from assay.domain.policy_sections import Criterion, Fit, Scalar


class Verdict(StrEnum):
    MATCH = "match"
    MISS = "miss"
    UNKNOWN = "unknown"


MATCH = Template("{name}: {value}")
MISS = Template("{name}: {value} is not what we look for")
SPARED = Template("{name}: {value}, does not apply")
UNREADABLE = Template('{name}: "{value}" cannot be judged')
UNKNOWN = Template("{name}: not known")
KNOCKOUT = Template("{name}: a knockout, so fit is 0 whatever the rest")
LIMIT = Template("Fit stays between 0 and 100")


class FitScore(NamedTuple):
    """Fit and its parts. ``fit`` and ``coverage`` are 0 to 100; the parts add up to ``fit``."""

    fit: float
    coverage: float
    missing: tuple[str, ...]
    parts: tuple[Part, ...]


Test = Callable[[Value], Verdict]


class FitRule:
    """The fit section of a policy, ready to judge many leads."""

    def __init__(self, fit: Fit) -> None:
        self._criteria = [(criterion, _judge(criterion)) for criterion in fit.criteria]
        self._positive = sum(criterion.points for criterion in fit.criteria if criterion.points > 0)

    def verdicts(self, facts: Facts) -> list[Verdict]:
        """The verdict on each criterion, in the policy's order."""
        return [Verdict(judge(facts.get(criterion.field)).verdict) for criterion, judge in self._criteria]

    def score(self, facts: Facts) -> FitScore:
        """Fit, coverage, the fields nobody knows, and one part per criterion."""
        parts, missing, known, knocked_out = [], [], 0.0, ""
        for criterion, judge in self._criteria:
            part = judge(facts.get(criterion.field))
            parts.append(part)
            if part.verdict == Verdict.UNKNOWN:
                if criterion.points > 0:
                    missing.append(criterion.field)
                continue
            known += max(criterion.points, 0)
            if criterion.knockout and part.verdict == Verdict.MISS:
                knocked_out = knocked_out or criterion.name
        raw = sum(part.points for part in parts)
        fit = 0.0 if knocked_out else min(100.0, max(0.0, raw))
        if knocked_out:
            parts.append(Part("fit", "knockout", 0.0 - raw, KNOCKOUT.format(name=knocked_out)))
        elif fit != raw:
            parts.append(Part("fit", "limit", fit - raw, LIMIT))
        return FitScore(fit, 100 * known / self._positive, tuple(dict.fromkeys(missing)), tuple(parts))


def verdict_on(criterion: Criterion) -> Test:
    """Value -> the criterion's verdict on it, and no more: for whoever judges a whole table."""
    return _test(criterion)


def _judge(criterion: Criterion) -> Callable[[Value], Part]:
    """Value -> the part it makes. Values repeat a great deal from lead to lead, so each is judged once."""
    test = _test(criterion)

    @lru_cache(maxsize=65_536, typed=True)
    def judge(value: Value) -> Part:
        verdict = test(value)
        points = criterion.points if verdict is Verdict.MATCH else 0.0
        said = _template(criterion, verdict, value).format(name=criterion.name, value=as_shown(value))
        return Part("fit", criterion.name, points, f"{said} ({points_text(points)})", verdict.value)

    return judge


def _template(criterion: Criterion, verdict: Verdict, value: Value) -> Template:
    match verdict:
        case Verdict.MATCH:
            return MATCH
        case Verdict.UNKNOWN:
            return UNREADABLE if is_known(value) and as_shown(value) else UNKNOWN
    return SPARED if criterion.points < 0 else MISS


def as_shown(value: Value) -> str:
    """A fact as people read it: whole numbers without a decimal point, long text cut."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()[:80]


# --- Operators: value -> verdict. A value that should be a number and is not is unknown ----------------


def as_number(value: Value) -> float | None:
    """The number in a fact, or None. Text such as " 12.5 " is a number; true and false are not."""
    if isinstance(value, bool) or value is None or (isinstance(value, str) and "_" in value):
        return None  # Python alone would read 1_000 as a number
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if number - number == 0 else None  # infinities and NaN say nothing


def as_text(value: Value) -> str:
    """A fact as it is compared: trimmed, lower case; 5.0 and "5" are alike."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip().lower()


def _verdict(holds: bool) -> Verdict:
    return Verdict.MATCH if holds else Verdict.MISS


def _test(criterion: Criterion) -> Test:
    known_test = _OPERATORS[criterion.operator](criterion.operand)
    return lambda value: known_test(value) if is_known(value) else Verdict.UNKNOWN


def _between(low: float, high: float) -> Test:
    def test(value: Value) -> Verdict:
        number = as_number(value)
        return Verdict.UNKNOWN if number is None else _verdict(low <= number <= high)

    return test


def _one_of(operands: tuple[Scalar, ...], wanted: bool = True) -> Test:
    texts = frozenset(as_text(operand) for operand in operands if isinstance(operand, str | bool))
    numbers = frozenset(float(operand) for operand in operands if not isinstance(operand, str | bool))

    def test(value: Value) -> Verdict:
        number = as_number(value) if numbers else None
        if not texts and number is None:
            return Verdict.UNKNOWN
        return _verdict((as_text(value) in texts or number in numbers) is wanted)

    return test


def _matches(words: tuple[str, ...]) -> Test:
    pattern = whole_words(words)
    return lambda value: _verdict(pattern.search(as_text(value)) is not None)


def whole_words(words: tuple[str, ...]) -> re.Pattern[str]:
    """A pattern that finds any of the words, not inside a longer word."""
    alternatives = "|".join(re.escape(as_text(word)) for word in words)
    return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)")


_OPERATORS: dict[str, Callable[..., Test]] = {
    "is": lambda operand: _one_of((operand,)),
    "in": _one_of,
    "not_in": lambda operands: _one_of(operands, wanted=False),
    "between": lambda operand: _between(*operand),
    "at_least": lambda operand: _between(operand, float("inf")),
    "at_most": lambda operand: _between(float("-inf"), operand),
    "matches": _matches,
    "present": lambda _: lambda value: Verdict.MATCH,
}
