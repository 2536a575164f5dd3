"""Clocks run out by themselves: whoever is owed a word gets it, and what nobody answers goes on to the next."""

import logging
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from assay.actions.escalating import escalate
from assay.actions.offers import attend
from assay.actions.policies import rule
from assay.records.late import late
from assay.records.offers import to_attend
from assay.work.regularly import regularly

EVERY_SECONDS, ROUTE_SECONDS = 30.0, 5.0

log = logging.getLogger(__name__)


def watch(now: datetime) -> int:
    """Take every step that clocks have come to by ``now``. Returns how many.

    What was taken stands in the database, so that a restart repeats nothing, and several processes share the work.
    """
    policy = rule(now).policy
    taken = _each(escalate, [found.lead.pk for found in late(policy, now)], now)
    if taken:
        log.info("steps taken as clocks run out: %d", taken)
    return taken


def route(now: datetime) -> int:
    """Offer every lead that is to be offered by ``now``, and pass on what nobody answered. Returns how many stand."""
    return _each(attend, to_attend(rule(now).policy, now), now)


def _each(verb: Callable[[int, datetime], object], lead_ids: Iterable[int], now: datetime) -> int:
    """Each lead is a transaction of its own; one that fails holds up no other and is tried again."""
    done = 0
    for lead_id in lead_ids:
        try:
            done += verb(lead_id, now) is not None
        except Exception:
            log.exception("lead %d could not be seen to; it is tried again", lead_id)
    return done


def watch_while(wanted: Callable[[], bool], pause: float = 1.0) -> None:
    """Watch the clocks and route for as long as ``wanted`` says so."""
    regularly({look_at_clocks: EVERY_SECONDS, look_for_people: ROUTE_SECONDS}, wanted, pause)


def look_at_clocks() -> None:
    """Watch as of now."""
    watch(datetime.now(UTC))


def look_for_people() -> None:
    """Route as of now."""
    route(datetime.now(UTC))
