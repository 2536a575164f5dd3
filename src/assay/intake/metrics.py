"""Figures for Prometheus, read from the database, so that they are right however many processes take events in."""

import hmac
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import NamedTuple

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.gc_collector import GCCollector
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector, CollectorRegistry

from assay.records.intake import Counted, Outcome, Waiting, outcomes, waiting
from assay.records.undelivered import Undelivered, undelivered
from assay.settings import current

MOST_WAITING = 100_000
"""More that wait are told as this many: counting on would only add to the load."""


class Figures(NamedTuple):
    """What the database says of the intake, and of what leaves."""

    events: list[Counted]
    waiting: Waiting
    undelivered: Undelivered


def read_figures() -> Figures:
    """Ask the database."""
    return Figures(outcomes(), waiting(datetime.now(UTC), MOST_WAITING), undelivered(MOST_WAITING))


class Exposition:
    """The figures as text, with those of this process beside them."""

    def __init__(self) -> None:
        self._database = _Database()
        self._registry = CollectorRegistry()
        self._registry.register(self._database)
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=self._registry)

    def __call__(self, figures: Figures | None, accept: str) -> tuple[bytes, str]:
        """The text, and its content type. Without ``figures`` the database is away, and that is one of the figures."""
        encode, kind = choose_encoder(accept)
        self._database.figures = figures
        return encode(self._registry), kind


class _Database(Collector):
    """What was read, as families of metrics."""

    def __init__(self) -> None:
        self.figures: Figures | None = None

    def collect(self) -> Iterator[Metric]:
        up = self.figures is not None
        yield GaugeMetricFamily("assay_database_up", "Whether the database answers.", value=up)
        if self.figures is None:
            return
        yield _events(self.figures.events)
        signals, lag = self.figures.waiting
        yield GaugeMetricFamily("assay_signals_waiting", "Events stored that no score counts yet.", value=signals)
        yield GaugeMetricFamily(
            "assay_intake_lag_seconds", "How long the oldest of these has waited.", value=lag.total_seconds()
        )
        yield _messages(self.figures.undelivered)


def _messages(left: Undelivered) -> Metric:
    family = GaugeMetricFamily("assay_outbox_messages", "Messages to others that are not delivered.", labels=("state",))
    for state, number in left._asdict().items():
        family.add_metric((state,), number)
    return family


def _events(counted: list[Counted]) -> Metric:
    """Every event that was sent, once. An outcome that has not happened yet stands at nought."""
    totals = Counter({(str(outcome), ""): 0 for outcome in (Outcome.ACCEPTED, Outcome.DUPLICATE)})
    for _, outcome, reason, events in counted:
        totals[outcome, reason] += events
    family = CounterMetricFamily(
        "assay_events", "Events sent to the collector, by what became of them.", labels=("outcome", "reason")
    )
    for labels, total in sorted(totals.items()):
        family.add_metric(labels, total)
    return family


def may_read(client: tuple[str, int] | None, headers: Mapping[bytes, bytes]) -> bool:
    """Whether who asks is this machine itself, with no proxy between, or has the token."""
    if token := current.metrics_token:
        given = headers.get(b"authorization", b"")
        if hmac.compare_digest(given, b"Bearer " + token.get_secret_value().encode()):
            return True
    if b"x-forwarded-for" in headers or b"forwarded" in headers or client is None:
        return False
    try:
        return ip_address(client[0]).is_loopback
    except ValueError:  # a socket of another family has no address
        return False
