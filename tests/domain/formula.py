"""Intent, pattern and temperature written out over raw signals: slow, obvious, and sharing nothing with the fold."""

from collections.abc import Iterable
from datetime import UTC, timedelta
from datetime import datetime as DateTime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from assay.domain.intent import Signal
from assay.domain.policy_sections import Intent, Temperature


class Truth(NamedTuple):
    """What a lead's signals come to."""

    contributions: dict[str, float]
    intent: float
    pattern: bool
    temperature: str
    milestone: bool


def intent_of(
    signals: Iterable[Signal], now: DateTime, intent: Intent, temperature: Temperature, zone: ZoneInfo
) -> Truth:
    """The rule of intent as the domain states it, at ``now``."""
    now = now.astimezone(UTC)
    once = {signal.message_id: signal for signal in signals}.values()
    counted = [
        (intent.signals[signal.kind], signal.kind, signal.at.astimezone(UTC))
        for signal in once
        if not signal.bot and signal.kind in intent.signals and signal.at <= now
    ]

    contributions = {}
    for name, kind in intent.signals.items():
        ages = [(now - at) / timedelta(days=1) for _, key, at in counted if key == name]
        if ages:
            decayed = sum(kind.points * 2 ** (-age / kind.half_life_days) for age in ages)
            contributions[name] = min(kind.cap, decayed) if kind.points >= 0 else max(-kind.cap, decayed)

    first_day = now.astimezone(zone).date() - timedelta(days=intent.pattern.within_days - 1)
    recent = [(kind, key, at.astimezone(zone).date()) for kind, key, at in counted]
    recent = [(kind, key, day) for kind, key, day in recent if day >= first_day]
    pattern = (
        len({key for kind, key, _ in recent if kind.points > 0}) >= intent.pattern.kinds
        or len({day for kind, _, day in recent if kind.points > 0}) >= intent.pattern.days
        or any(kind.hand_raise for kind, _, _ in recent)
    )

    value = min(100.0, max(0.0, sum(contributions.values())))
    if not pattern:
        value = min(value, intent.lone_cap)

    hot = any(kind.hot and at >= now - timedelta(days=temperature.hot_days) for kind, _, at in counted)
    warm = any(kind.points > 0 and at >= now - timedelta(days=temperature.warm_days) for kind, _, at in counted)
    label = "hot" if hot else "warm" if warm else "cold"
    return Truth(contributions, value, pattern, label, any(kind.milestone for kind, _, _ in counted))
