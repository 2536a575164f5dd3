"""What came back over the gate: rejections counted by reason, source, criterion and kind of signal."""

from collections import Counter
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet

from assay.records.models import Decision

NEWEST = 2_000
"""How many of the newest rejections are looked into for criteria and kinds."""


class Tally(NamedTuple):
    """How often something stands behind a rejection: ``share`` of all of them, and how many nobody answered."""

    name: str
    leads: int
    share: float
    unanswered: int


class Had(NamedTuple):
    """What the returned leads had of one criterion, as their scores stood."""

    name: str
    match: int
    miss: int
    unknown: int


def rejections(since: datetime) -> QuerySet[Decision]:
    """The rejections since a time."""
    return Decision.objects.filter(move="reject", at__gte=since)


def by_field(since: datetime, field: str) -> list[Tally]:
    """Rejections by a field, such as ``reason`` or ``lead__source__name``; most frequent first."""
    counted = rejections(since).values_list(field)
    rows = list(counted.annotate(count=Count("pk"), open=Count("pk", filter=Q(answer=None))).order_by("-count", field))
    total = sum(count for _, count, _ in rows)
    return [Tally(name, count, count / total, unanswered) for name, count, unanswered in rows]


def by_part(since: datetime) -> tuple[list[Had], list[Tally]]:
    """What the newest rejected leads had of each criterion, and which kinds of signals had brought them."""
    scores = rejections(since).exclude(score=None).order_by("-pk").values_list("score", flat=True)[:NEWEST]
    verdicts: dict[str, Counter[str]] = {}
    kinds, looked_at = Counter[str](), 0
    for score in filter(None, scores):
        looked_at += 1
        for part in score["parts"]:
            if part["axis"] == "fit" and part["verdict"] != "limit":
                verdicts.setdefault(part["name"], Counter())[part["verdict"]] += 1
            elif part["verdict"] == "counted":
                kinds[part["name"]] += 1
    had = [Had(name, seen["match"], seen["miss"], seen["unknown"]) for name, seen in verdicts.items()]
    return had, [Tally(kind, count, count / looked_at, 0) for kind, count in kinds.most_common()]
