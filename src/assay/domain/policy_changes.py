"""What differs between two policies, line by line, as people would say it."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from pydantic import BaseModel

from assay.domain.phrase import Arg, Phrase, Template
from assay.domain.plain import condition, marks, number
from assay.domain.policy import Policy
from assay.domain.policy_sections import Criterion, SignalKind

LABELS: Mapping[str, Phrase] = {
    "name": Phrase("Name"),
    "timezone": Phrase("Time zone"),
    "currency": Phrase("Currency"),
    "fit.floor": Phrase("Least fit"),
    "fit.min_coverage": Phrase("Least that must be known, in percent"),
    "intent.floor": Phrase("Least intent"),
    "intent.lone_cap": Phrase("Most intent without a pattern"),
    "intent.pattern.within_days": Phrase("Days within which a pattern shows"),
    "intent.pattern.kinds": Phrase("Kinds that make a pattern"),
    "intent.pattern.days": Phrase("Active days that make a pattern"),
    "temperature.hot_days": Phrase("Days a lead stays hot"),
    "temperature.warm_days": Phrase("Days a lead stays warm"),
    "mql.threshold": Phrase("Fit and intent together"),
    "mql.cool_off_days": Phrase("Days a rejected lead rests"),
    "gate.accept_is_sql": Phrase("Accepting also qualifies"),
    "gate.explore": Phrase("Share that is explored"),
    "clocks.remind_at": Phrase("Share of a clock's target after which its owner is reminded"),
    "clocks.tell_at": Phrase("Share of a clock's target after which a manager is told"),
    "clocks.offer_at": Phrase("Share of a clock's target after which the lead is offered to somebody else"),
    "routing.when": Phrase("When it is settled who takes a lead"),
    "routing.offer": Phrase("How long an offer stands"),
}
"""What the numbers of a policy are called; others go by their key."""

CRITERION = Template("{points}: {said}")
KIND = Template("{points}, halved in {days} days, at most {limit}")
MARKED = Template("{said}; {marks}")


class Difference(NamedTuple):
    """A line that differs; "" is where it is not there at all."""

    label: str
    before: str
    after: str


def differences(before: Policy, after: Policy) -> list[Difference]:
    """The lines that differ, in the order of the newer policy, those that went last."""
    old, new = dict(_lines(before)), dict(_lines(after))
    return [
        Difference(key[-1], old.get(key, ""), new.get(key, ""))
        for key in [*new, *(key for key in old if key not in new)]
        if old.get(key, "") != new.get(key, "")
    ]


def label(path: str) -> str:
    """What a number is called, by its dotted path."""
    return LABELS.get(path, path)


def _lines(policy: Policy) -> Iterator[tuple[tuple[str, str], str]]:
    """Each line by where it stands and what it is called, with what it says."""
    for path, value in _flat(policy, ""):
        if isinstance(value, Criterion):
            said = Phrase(CRITERION, points=number(value.points), said=condition(value))
            yield ("criterion", value.name), said
        elif isinstance(value, SignalKind):
            yield (path, value.label), _kind(value)
        else:
            yield (path, label(path)), _value(value)


def _flat(value: object, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, BaseModel) and not isinstance(value, Criterion | SignalKind):
        value = {name: getattr(value, name) for name in type(value).model_fields}
    elif isinstance(value, list) and value and isinstance(value[0], Criterion):
        value = {item.name: item for item in value}
    if not isinstance(value, dict):
        yield path, value
        return
    for name, inner in value.items():
        yield from _flat(inner, f"{path}.{name}" if path else str(name))


def _kind(kind: SignalKind) -> Phrase:
    points, limit = number(kind.points), number(-kind.cap if kind.points < 0 else kind.cap)
    said = Phrase(KIND, points=points, days=number(kind.half_life_days), limit=limit)
    return Phrase(MARKED, said=said, marks=marks(kind)) if marks(kind) else said


def _value(value: object) -> str:
    if isinstance(value, bool):
        return Phrase("yes") if value else Phrase("no")
    shown: Arg = value
    if isinstance(value, int | float):
        shown = number(value)
    elif isinstance(value, list | tuple):
        shown = tuple(map(str, value))
    elif isinstance(value, timedelta):
        return Phrase("{minutes} min of working time", minutes=int(value.total_seconds() // 60))
    return Phrase("{value}", value=shown)
