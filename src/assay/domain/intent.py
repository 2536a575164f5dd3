"""Intent: is there a pattern of buying signals? A fold that takes one signal at a time, in any order."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from math import ceil, exp2
from typing import NamedTuple
from zoneinfo import ZoneInfo

from assay.domain.parts import Part, amount_text, points_text
from assay.domain.phrase import Template
from assay.domain.policy_sections import LONGEST_PATTERN_DAYS, Intent, SignalKind, Temperature

DAY = 86_400.0
"""Seconds in a day; half-lives and warm days are days of 24 hours, active days are calendar days."""


OFTEN = Template("{label} {count} times in {days} days: {points} of at most {limit}")
OFTEN_IN_A_DAY = Template("{label} {count} times within a day: {points} of at most {limit}")
ONCE = Template("{label} once, {days} days ago: {points} of at most {limit}")
ONCE_A_DAY_AGO = Template("{label} once, 1 day ago: {points} of at most {limit}")
ONCE_TODAY = Template("{label} once, within the last day: {points} of at most {limit}")
LONE = Template("No pattern yet ({kinds} kinds or {days} days within {within} days): held at {limit}")
LIMIT = Template("Intent stays between 0 and 100")


class Signal(NamedTuple):
    """One observed behaviour. ``message_id`` is its identity: the same one twice is one signal."""

    message_id: str
    kind: str
    at: datetime
    bot: bool = False


@dataclass(slots=True)
class KindState:
    """All a lead's signals of one kind, folded.

    ``weight`` is the sum of 2^(-(ref - at)/half_life) over the signals, in signals, as it stood at ``ref``:
    points are applied when scoring, so a policy may change them without reading history again.
    Times are seconds since 1970. ``days`` are ordinals of the active calendar days that a pattern can still see.
    """

    half_life_days: float
    weight: float = 0.0
    ref: float = 0.0
    count: int = 0
    first: float = 0.0
    last: float = 0.0
    days: set[int] = field(default_factory=set)

    def add(self, at: float, day: int) -> None:
        """Fold in one signal: O(1), and the order of calls does not matter."""
        if not self.count:
            self.weight, self.ref, self.first, self.last = 1.0, at, at, at
        elif at >= self.ref:
            self.weight = self.weight * exp2((self.ref - at) / (self.half_life_days * DAY)) + 1.0
            self.ref = self.last = at
        else:
            self.weight += exp2((at - self.ref) / (self.half_life_days * DAY))
            if at < self.first:
                self.first = at
        self.count += 1
        self.days.add(day)

    def weight_at(self, at: float) -> float:
        """The decayed number of signals at a time not before the last one."""
        return self.weight * exp2((self.ref - at) / (self.half_life_days * DAY))

    def merged(self, other: "KindState") -> "KindState":
        """The state of both leads' signals together, exactly as if they had been one from the start."""
        if not (self.count and other.count):
            return self if self.count else other
        ref = max(self.ref, other.ref)
        return KindState(
            half_life_days=self.half_life_days,
            weight=self.weight_at(ref) + other.weight_at(ref),
            ref=ref,
            count=self.count + other.count,
            first=min(self.first, other.first),
            last=max(self.last, other.last),
            days=kept_days(self.days | other.days),
        )


States = Mapping[str, KindState]
"""A lead's folded signals by kind."""


def kept_days(days: set[int]) -> set[int]:
    """The active days a pattern can still see: those within the longest look-back of the newest."""
    oldest = max(days, default=0) - LONGEST_PATTERN_DAYS
    return {day for day in days if day > oldest}


def merge(one: States, other: States) -> dict[str, KindState]:
    """The states of two leads that turn out to be one person."""
    merged = dict(one)
    for kind, state in other.items():
        merged[kind] = merged[kind].merged(state) if kind in merged else state
    return merged


class IntentScore(NamedTuple):
    """Intent (0 to 100) with its parts, whether the pattern holds, and the temperature."""

    intent: float
    pattern: bool
    temperature: str
    milestone: bool
    parts: tuple[Part, ...]


class IntentRule:
    """The intent and temperature sections of a policy, ready to fold and to score."""

    def __init__(self, intent: Intent, temperature: Temperature, zone: ZoneInfo) -> None:
        self._intent, self._temperature = intent, temperature
        # Local midnights fall on quarter hours in every zone since 1972, so a day is looked up, not computed.
        self._day_of_quarter = lru_cache(maxsize=1 << 17)(
            lambda quarter: datetime.fromtimestamp(quarter * 900, zone).toordinal()
        )

    def day(self, at: float) -> int:
        """The ordinal of the calendar day of a time, in the policy's time zone."""
        return self._day_of_quarter(at // 900)

    def fold(
        self, signals: Iterable[Signal], now: datetime, into: dict[str, KindState] | None = None
    ) -> dict[str, KindState]:
        """Fold signals into states by kind.

        Bots, repeats of a message id, kinds the policy does not list, and signals after ``now`` weigh nothing.
        """
        states: dict[str, KindState] = {} if into is None else into
        kinds, until, seen = self._intent.signals, now.timestamp(), set[str]()
        for message_id, kind, moment, bot in signals:
            at = moment.timestamp()
            if bot or kind not in kinds or at > until or message_id in seen:
                continue
            seen.add(message_id)
            state = states.get(kind)
            if state is None:
                state = states[kind] = KindState(kinds[kind].half_life_days)
            state.add(at, self._day_of_quarter(at // 900))
        return states

    def score(self, states: States, now: datetime) -> IntentScore:
        """Intent at ``now``, which must not be before the last signal folded."""
        if not states:
            return IntentScore(0.0, False, "cold", False, ())
        at = now.timestamp()
        known = [
            (key, kind, states[key])
            for key, kind in self._intent.signals.items()
            if key in states and states[key].count
        ]
        parts = [_part(key, kind, state, at) for key, kind, state in known]
        pattern = self._pattern(known, at)
        raw = sum(part.points for part in parts)
        intent = min(100.0, max(0.0, raw))
        if intent != raw:
            parts.append(Part("intent", "limit", intent - raw, LIMIT))
        if not pattern and intent > self._intent.lone_cap:
            parts.append(Part("intent", "lone_cap", self._intent.lone_cap - intent, self._lone_sentence()))
            intent = self._intent.lone_cap
        milestone = any(kind.milestone for _, kind, _ in known)
        return IntentScore(intent, pattern, self._temperature_at(known, at), milestone, tuple(parts))

    def _pattern(self, known: list[tuple[str, SignalKind, KindState]], at: float) -> bool:
        """Several kinds, several days, or a raised hand within the window of calendar days."""
        wanted, oldest = self._intent.pattern, self.day(at) - self._intent.pattern.within_days
        recent = [(kind, {day for day in state.days if day > oldest}) for _, kind, state in known]
        active = [(kind, days) for kind, days in recent if days and kind.points > 0]
        return (
            len(active) >= wanted.kinds
            or len(set[int]().union(*(days for _, days in active))) >= wanted.days
            or any(kind.hand_raise for kind, days in recent if days)
        )

    def _temperature_at(self, known: list[tuple[str, SignalKind, KindState]], at: float) -> str:
        hot_since = at - self._temperature.hot_days * DAY
        warm_since = at - self._temperature.warm_days * DAY
        if any(kind.hot and state.last >= hot_since for _, kind, state in known):
            return "hot"
        if any(kind.points > 0 and state.last >= warm_since for _, kind, state in known):
            return "warm"
        return "cold"

    def _lone_sentence(self) -> str:
        wanted = self._intent.pattern
        held = amount_text(self._intent.lone_cap)
        return LONE.format(kinds=wanted.kinds, days=wanted.days, within=wanted.within_days, limit=held)


def _part(key: str, kind: SignalKind, state: KindState, at: float) -> Part:
    decayed = kind.points * state.weight_at(at)
    points = min(kind.cap, decayed) if kind.points >= 0 else max(-kind.cap, decayed)
    limit = f"{'-' if kind.points < 0 else ''}{amount_text(kind.cap)}"
    template, days = _how_often(state, at)
    sentence = template.format(label=kind.label, count=state.count, days=days, points=points_text(points), limit=limit)
    return Part("intent", key, points, sentence, "counted")


def _how_often(state: KindState, at: float) -> tuple[Template, int]:
    """How many times in how many days, or how many days ago where it was once."""
    if state.count > 1:
        days = max(1, ceil((at - state.first) / DAY))
        return (OFTEN if days > 1 else OFTEN_IN_A_DAY), days
    days = int((at - state.last) / DAY)
    if days > 1:
        return ONCE, days
    return (ONCE_A_DAY_AGO if days else ONCE_TODAY), days
