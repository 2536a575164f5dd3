"""What has been kept long enough goes, counts never fall, and being cut off anywhere does no harm."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Sum

from assay.actions import retention as keeping
from assay.actions.actors import INTAKE, actor
from assay.actions.capture import capture
from assay.actions.imports import import_leads
from assay.actions.receive import Rejected, count, receive
from assay.actions.scoring import refolded, states_of
from assay.actions.signals import record_signals
from assay.actions.writing import in_transaction
from assay.domain.retention import Retention
from assay.domain.rows import Refusal
from assay.records.doors import FOLDED
from assay.records.models import (
    Digest,
    Identity,
    IntakeCount,
    Notification,
    OutboxMessage,
    PendingSignal,
    Quarantine,
    Signal,
    Unlock,
)
from assay.work.sweep import sweep
from assay.work.tidy import tidy
from tests.hooks import an_endpoint
from tests.people import NOW, a_lead, a_row, a_signal, an_mql, mara, observe, sam

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_mail_server")]

KEPT = Retention({"page_view": 100, "*": 300}, quarantine=30, visitors=200)
DAY = timedelta(days=1)


def seen(kind: str, days_ago: float, **said: Any) -> Signal:
    """A signal with an address and properties."""
    whose = said or {"visitor_id": "v1"}
    row = a_signal(kind, NOW - days_ago * DAY, url="https://x.example/a", properties={"a": "b"}, **whose)
    in_transaction(lambda: record_signals([row], NOW))
    return Signal.objects.get(message_id=row.message_id)


def is_full(signal: Signal) -> bool:
    signal.refresh_from_db()
    assert bool(signal.url) is bool(signal.properties)
    return bool(signal.url)


def test_a_signal_keeps_its_contents_as_long_as_its_kind():
    a_lead(email="nina@north.example")
    mine = {"email": "nina@north.example"}
    old_view, new_view = seen("page_view", 101, **mine), seen("page_view", 99, **mine)
    old_click, new_click = seen("email_click", 301, **mine), seen("email_click", 299, **mine)
    assert tidy(KEPT, NOW) == {"signals": 2}
    assert [is_full(signal) for signal in (old_view, new_view, old_click, new_click)] == [False, True, False, True]
    assert tidy(KEPT, NOW) == {}
    assert not Unlock.objects.exists()


def test_messages_that_are_done_go_after_their_days_and_those_that_wait_stay():
    an_endpoint("lead.promoted")
    done, dead, _ = an_mql(), an_mql(), an_mql()
    OutboxMessage.objects.filter(lead=done).update(due_at=None, delivered_at=NOW)
    OutboxMessage.objects.filter(lead=dead).update(due_at=None, dead_at=NOW + DAY)
    assert tidy(KEPT, NOW + 30 * DAY) == {}
    assert tidy(KEPT, NOW + 30.5 * DAY)["messages"] == 1
    assert tidy(KEPT, NOW + 300 * DAY)["messages"] == 1
    assert OutboxMessage.objects.get().due_at == NOW


def test_what_people_were_told_and_their_digests_go_after_their_days():
    sam()
    an_mql()
    for days in (0, 1):
        Digest.objects.create(user=sam(), day=(NOW + days * DAY).date(), since=NOW, until=NOW)
    assert tidy(KEPT, NOW + 30 * DAY) == {}
    assert tidy(KEPT, NOW + 30.5 * DAY) == {"notifications": 1, "digests": 1}
    assert not Notification.objects.exists()
    assert Digest.objects.get().day == (NOW + DAY).date(), "by the last one the next knows where to go on"


def test_kinds_that_nobody_named_are_kept_for_good():
    a_lead(email="nina@north.example")
    old = seen("email_click", 5_000, email="nina@north.example")
    tidy(Retention({"page_view": 1}, 30, 10_000), NOW)
    assert is_full(old)


def test_the_signal_itself_stays_for_scores_are_counted_from_it():
    lead = a_lead(email="nina@north.example")
    signal = seen("page_view", 101, email="nina@north.example")
    before = states_of([lead.pk])
    tidy(KEPT, NOW)
    assert states_of([lead.pk]) == refolded([lead.pk], NOW) == before
    repeated = in_transaction(lambda: record_signals([a_signal("x", message_id=signal.message_id, lead_id="7")], NOW))
    assert (repeated.stored, repeated.repeated) == (0, 1)


def test_many_are_emptied_window_by_window(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(keeping, "WINDOW", 3)
    monkeypatch.setattr(keeping, "STEP", 2)
    a_lead(email="nina@north.example")
    signals = [seen("page_view", 101 + number, email="nina@north.example") for number in range(8)]
    assert tidy(KEPT, NOW)["signals"] == 8
    assert not any(map(is_full, signals))


def test_what_waits_to_be_counted_is_not_touched():
    a_lead(email="nina@north.example")
    signal = seen("page_view", 101, email="nina@north.example")
    PendingSignal.objects.create(signal=signal, at=NOW)
    tidy(KEPT, NOW)
    assert is_full(signal)


def test_refused_rows_go_after_their_days_wherever_they_came_from():
    for days in (29, 31):
        event = Rejected(0, "no_json", "No JSON.", {"text": "x"}, NOW - days * DAY)
        receive([], [event], Counter(), NOW)
        row = Refusal(2, "bad_date", "No date.", {"email": "a"})
        import_leads([row], "f.csv", {}, actor(mara()), NOW - days * DAY)
    assert tidy(KEPT, NOW) == {"refused rows": 2}
    assert Quarantine.objects.count() == 2


def test_visitors_nobody_knows_go_with_their_signals():
    gone, back, known = {"visitor_id": "gone"}, {"visitor_id": "back"}, {"email": "nina@north.example"}
    a_lead(at=NOW - 300 * DAY, email="nina@north.example")
    for who in (gone, back, known):
        seen("page_view", 250, **who)
    seen("page_view", 10, **back)
    Identity.objects.update(created_at=NOW - 250 * DAY)
    assert tidy(Retention({}, 30, 200), NOW) == {"visitors": 1}
    assert set(Identity.objects.values_list("value", flat=True)) == {"back", "nina@north.example"}
    assert Signal.objects.count() == 3


def test_who_was_claimed_in_time_keeps_all():
    seen("page_view", 250, email="nina@north.example")
    in_transaction(lambda: capture([a_row("nina@north.example")], INTAKE, NOW))
    assert tidy(Retention({}, 30, 200), NOW) == {}
    assert Signal.objects.count() == 1


def totals() -> dict[tuple[int, str, str], int]:
    rows = IntakeCount.objects.values_list("write_key", "outcome", "reason").annotate(Sum("count")).order_by()
    return {(key, outcome, reason): number for key, outcome, reason, number in rows}


def test_old_counts_become_one_and_no_total_falls(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(keeping, "STEP", 7)
    for hours in range(60):
        count(
            {(1, "accepted", ""): hours + 1, (1, "refused", "too_fast"): 2, (2, "accepted", ""): 1},
            NOW - hours * DAY / 24,
        )
    before = totals()
    while keeping.fold_counts(KEPT, NOW):
        assert totals() == before, "meanwhile too"
    assert IntakeCount.objects.filter(minute=FOLDED).count() == 3
    assert IntakeCount.objects.filter(minute__gt=FOLDED).count() == 3 * 49
    tidy(KEPT, NOW + 10 * DAY)
    assert totals() == before
    assert IntakeCount.objects.count() == 3


def test_the_sweep_tidies():
    event = Rejected(0, "no_json", "No JSON.", {"text": "x"}, NOW - 31 * DAY)
    receive([], [event], Counter(), NOW)
    observe(a_lead(), "page_view")
    sweep(NOW)
    assert not Quarantine.objects.exists()
