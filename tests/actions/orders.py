"""What a process of :mod:`tests.actions.processes` can be told to do. Orders and answers are lines of JSON."""

import json
import sys
import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from assay.actions import delivering, gate, imports, policies
from assay.actions.actors import actor, user_by_email
from assay.actions.merging import merge_leads, part
from assay.actions.undo import undo_import
from assay.domain.delivery import Channel, Outcome, Result
from assay.domain.errors import AssayError
from assay.domain.rows import LeadRow, SignalRow
from assay.records.models import OutboxMessage
from assay.work import clocks, outbox
from tests.actions import events as coming
from tests.people import NOW, a_row, a_signal

DELIVER_SECONDS = 30
KINDS = ("page_view", "pricing_view", "demo_request")

Answer = dict[str, Any]


def lead_rows(numbers: Iterable[int]) -> list[LeadRow]:
    """Leads by number; every tenth shares a company, a source and a campaign with the others that do."""
    return [
        a_row(
            f"p{number}@f{number % 10}.example",
            name=f"Person {number}",
            source=f"Source {number % 10}",
            campaign=f"Campaign {number % 10}",
            line=number,
        )
        for number in numbers
    ]


def signal_rows(numbers: Iterable[int], kinds: Iterable[str] = KINDS) -> list[SignalRow]:
    """A signal of each kind from each of these people."""
    return [a_signal(kind, NOW, f"p{number}@f{number % 10}.example") for number in numbers for kind in kinds]


def accept(lead: int, by: str) -> Answer:
    gate.accept(lead, actor(user_by_email(by)), NOW)
    return {"done": "accept"}


def reject(lead: int, by: str) -> Answer:
    gate.reject(lead, actor(user_by_email(by)), NOW, reason="too_early")
    return {"done": "reject"}


def rule() -> Answer:
    return {"version": policies.rule(NOW).version}


def import_leads(numbers: list[int], batch: int, by: str) -> Answer:
    """Import people by number, in batches of this size, each told when it is done."""
    imports.BATCH = batch
    rows = lead_rows(numbers)
    return dict(imports.import_leads(rows, "leads.csv", {}, actor(user_by_email(by)), NOW, progress=_told).counts)


def import_signals(numbers: list[int], batch: int, by: str, kinds: Iterable[str] = KINDS) -> Answer:
    """Import the signals of people by number, as :func:`import_leads` does."""
    imports.BATCH = batch
    rows = signal_rows(numbers, kinds)
    return dict(imports.import_signals(rows, "signals.csv", {}, actor(user_by_email(by)), NOW, progress=_told).counts)


def undo(number: int, by: str) -> Answer:
    return undo_import(number, actor(user_by_email(by)), NOW)


def merge(one: int, other: int, by: str) -> Answer:
    """Make two leads one."""
    return {"merge": merge_leads(one, other, actor(user_by_email(by)), NOW).pk}


def undo_merge(merge: int, by: str) -> Answer:
    """Part two people again."""
    return {"merge": part(merge, actor(user_by_email(by)), NOW).pk}


def take_in(events: list[dict[str, Any]], batch: int) -> Answer:
    """Store events as the collector does, in batches of this size."""
    for start in range(0, len(events), batch):
        coming.take_in(*events[start : start + batch])
    return {"events": len(events)}


def count(most: int, rounds: int) -> Answer:
    """Be the scorer, so many times. Returns how many signals it counted."""
    return {"counted": sum(coming.counted(most).signals for _ in range(rounds))}


def watch(at: str) -> Answer:
    """Be the one who watches the clocks, once."""
    return {"done": clocks.watch(datetime.fromisoformat(at))}


def route(at: str) -> Answer:
    """Be the one who routes, once."""
    return {"done": clocks.route(datetime.fromisoformat(at))}


def deliver(number: int) -> Answer:
    """Be a worker at the outbox until so many messages are delivered by all. Returns when which went, with its lead."""
    went: list[tuple[float, int | None, int]] = []
    end = time.monotonic() + DELIVER_SECONDS
    while OutboxMessage.objects.filter(delivered_at__isnull=False).count() < number and time.monotonic() < end:
        for message in delivering.claim(NOW, list(Channel), 3):
            went.append((time.time(), message.lead_id, message.pk))
            delivering.settle(message, Outcome(Result.DELIVERED), NOW)
    return {"delivered": went}


def work_outbox(lease: float) -> Answer:
    """Deliver as beside the server, with claims this short, until nothing waits."""
    delivering.LEASE, outbox.IDLE_SECONDS = timedelta(seconds=lease), 0.02
    end = time.monotonic() + DELIVER_SECONDS
    waiting = OutboxMessage.objects.filter(due_at__isnull=False)
    outbox.deliver_while(lambda: waiting.exists() and time.monotonic() < end)
    return {"waiting": waiting.count()}


VERBS: dict[str, Callable[..., Answer]] = {
    verb.__name__: verb
    for verb in (
        *(accept, reject, rule, import_leads, import_signals, undo, merge, undo_merge, take_in, count),
        *(deliver, watch, route, work_outbox),
    )
}


def obey() -> None:
    """Carry out one order a line until there are no more."""
    _say({"ready": True})
    for line in sys.stdin:
        order = json.loads(line)
        while time.time() < order["start"]:
            pass  # sleeping would wake up too late
        try:
            _say({"result": VERBS[order["verb"]](**order["said"])})
        except AssayError as error:
            _say({"refused": error.code, "sentence": error.sentence})


def _told(rows: int) -> None:
    _say({"batch": rows})


def _say(answer: Answer) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()
