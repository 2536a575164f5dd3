"""A sign of life of whatever works beside the web pages, where every process of an installation sees it."""

from datetime import datetime, timedelta

from django.core.cache import cache

KEY = "worker-alive"
KEPT = timedelta(days=7)


def beat(now: datetime) -> None:
    """Say that something works, as of ``now``."""
    cache.set(KEY, now, KEPT.total_seconds())


def last_beat() -> datetime | None:
    """When something last said so; None where that is long ago, or never was."""
    found = cache.get(KEY)
    return found if isinstance(found, datetime) else None
