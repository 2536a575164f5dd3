"""What comes in, as of now: how much, from which key, what became of it, and how far the scores are behind."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from assay.desk import words
from assay.desk.intake.chart import Chart, chart
from assay.desk.intake.wording import OUTCOMES, reason
from assay.desk.words import Text
from assay.domain.policy import Policy
from assay.records.intake import Counted, Outcome, Waiting, by_minute, outcomes, waiting
from assay.records.models import Signal, WriteKey

MOST_WAITING = 10_000
LAST = 8
LOOKED_AT = 1_000
"""Of the newest signals: files bring their own, and those that came over HTTP are looked for among so many."""
SLOW = timedelta(seconds=10)
"""A signal that waits for longer says that nobody counts, or that too much comes in."""
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MINUTE = 60


class ByKey(NamedTuple):
    """What became of a key's events; ``name`` is "" for those whose key nobody knows."""

    name: str
    key_id: int
    counts: Sequence[int]
    reasons: Sequence[tuple[str, int]]

    @property
    def cells(self) -> list[tuple[Text, int]]:
        """Each count with what it counts."""
        return list(zip(OUTCOMES.values(), self.counts, strict=True))


class Seen(NamedTuple):
    """A signal that came in, with what the policy calls it and whom it hangs on."""

    signal: Signal
    what: str
    who: str
    lead_id: int | None


@dataclass(frozen=True)
class Live:
    """Everything the page shows that changes by itself."""

    now: datetime
    minute: int
    before: int
    hour: int
    chart: Chart
    outcomes: Sequence[Text]
    keys: Sequence[ByKey]
    waiting: Waiting
    slow: bool
    many: bool
    last: Sequence[Seen]

    @property
    def lag(self) -> str:
        """How long the oldest waits, in the unit that says it best."""
        seconds = int(self.waiting.lag.total_seconds())
        if seconds < MINUTE:
            return _("%d s") % seconds
        return timesince(self.now - self.waiting.lag, self.now, depth=1)


def live(now: datetime, policy: Policy) -> Live:
    """Read it, in a fixed number of queries."""
    minutes = by_minute(now - HOUR)
    this = now.replace(second=0, microsecond=0)
    sums: Counter[datetime] = Counter()
    for entry in minutes:
        sums[entry.minute] += entry.events
    behind = waiting(now, MOST_WAITING + 1)
    return Live(
        now=now,
        minute=sums[this],
        before=sums[this - timedelta(minutes=1)],
        hour=sum(sums.values()),
        chart=chart(minutes, this),
        outcomes=list(OUTCOMES.values()),
        keys=_by_key(outcomes(now - DAY)),
        waiting=behind,
        slow=behind.lag > SLOW,
        many=behind.signals > MOST_WAITING,
        last=_last(policy),
    )


def _by_key(counted: Sequence[Counted]) -> list[ByKey]:
    """One row a key, the busiest first."""
    names: Mapping[int, str] = dict(WriteKey.objects.values_list("pk", "name"))
    rows = []
    for key in {entry.key for entry in counted}:
        own = [entry for entry in counted if entry.key == key]
        by_outcome = Counter({entry.outcome: 0 for entry in own})
        for entry in own:
            by_outcome[entry.outcome] += entry.events
        why = Counter({reason(entry.reason): entry.events for entry in own if entry.reason})
        rows.append(ByKey(names.get(key, ""), key, [by_outcome[outcome] for outcome in Outcome], why.most_common()))
    return sorted(rows, key=lambda row: (-sum(row.counts), row.key_id))


def _last(policy: Policy) -> list[Seen]:
    """The newest signals that came with a write key."""
    newest = Signal.objects.order_by("-pk").values("pk")[:LOOKED_AT]
    found = Signal.objects.filter(pk__in=newest, key__isnull=False).order_by("-pk")
    rows = found.select_related("identity__person__lead", "key").defer("properties", "key__rules", "key__origins")
    return [_seen(signal, policy) for signal in rows[:LAST]]


def _seen(signal: Signal, policy: Policy) -> Seen:
    person = signal.identity.person
    lead = getattr(person, "lead", None)
    return Seen(
        signal,
        words.signal(policy, signal.kind),
        str(person) if person else signal.identity.value,
        lead.pk if lead else None,
    )
