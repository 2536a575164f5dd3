"""What went to the quarantine goes in after all: once, whoever presses the button how often."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from assay.actions.counting import count_all_waiting, set_aside
from assay.actions.keys import add_key, revoke_key
from assay.actions.receive import Rejected, receive
from assay.actions.replay import Replayed, replay, replay_all
from assay.actions.scoring import refolded
from assay.intake import leads
from assay.intake.collector.replay import again
from assay.intake.statements import read_statement
from assay.records.models import IntakeCount, Lead, PendingSignal, Quarantine, Signal, WriteKey
from tests.intake.door import ask_collector, batch
from tests.people import NOW, a_lead, observe

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=2)
EVENT = {"type": "track", "event": "Demo Requested", "anonymousId": "visitor-1", "messageId": "m-1"}


def a_key() -> WriteKey:
    return add_key("Website", "Website", NOW)


def quarantined(raw: Mapping[str, Any], key: WriteKey, code: str = "no_who", at: datetime = NOW) -> Quarantine:
    """An event that a collector of before could not take."""
    receive([], [Rejected(key.pk, code, "It was not understood.", dict(raw), at)], {}, at)  # type: ignore[arg-type]
    return Quarantine.objects.latest("pk")


def replayed(row: Quarantine, at: datetime = LATER) -> Replayed:
    return replay([row.pk], at, again(at))


def test_an_event_that_can_be_taken_now_is_stored_as_of_when_it_came():
    row = quarantined(EVENT, a_key())
    assert replayed(row) == Replayed(stored=1)
    signal = Signal.objects.get()
    assert (signal.kind, signal.at, signal.received_at) == ("demo_requested", NOW, LATER)
    assert PendingSignal.objects.filter(signal=signal).exists()
    assert Quarantine.objects.get().replayed_at == LATER


def test_replaying_twice_does_nothing():
    row = quarantined({**EVENT, "messageId": None}, a_key())
    replayed(row)
    assert replayed(row, LATER + timedelta(minutes=1)) == Replayed()
    assert Signal.objects.count() == 1
    assert Quarantine.objects.get().replayed_at == LATER


def test_an_event_that_was_sent_again_since_is_not_there_twice():
    key = a_key()
    one, other = quarantined(EVENT, key), quarantined(EVENT, key)
    assert replay([one.pk, other.pk], LATER, again(LATER)) == Replayed(stored=1, known=1)
    assert Signal.objects.count() == 1
    assert not Quarantine.objects.filter(replayed_at=None).exists()


def test_what_still_cannot_be_taken_stays_with_the_reason_it_has_now():
    row = quarantined({"type": "track", "event": "Demo Requested"}, a_key(), code="bad_time")
    assert replayed(row) == Replayed(refused=1)
    row.refresh_from_db()
    assert (row.code, row.replayed_at) == ("no_who", None)
    assert "give a userId or an anonymousId" in row.sentence
    assert not Signal.objects.exists()


def test_of_somebody_who_said_no_nothing_is_kept():
    said_no = {"consent": {"categoryPreferences": {"analytics": False}}}
    row = quarantined({**EVENT, "context": said_no}, a_key(), code="wrong_field")
    assert replayed(row) == Replayed(refused=1)
    assert not Quarantine.objects.exists()
    assert not Signal.objects.exists()


def test_what_was_no_json_is_still_none():
    assert replayed(quarantined({"text": '{"type": "tra'}, a_key(), code="no_json")) == Replayed(refused=1)


def test_a_key_that_was_revoked_since_loses_nothing():
    key = a_key()
    row = quarantined(EVENT, key)
    revoke_key(key.pk, NOW)
    assert replayed(row).stored == 1


def test_a_rule_that_was_made_since_counts():
    key = a_key()
    row = quarantined(EVENT, key)
    key.rules = [{"event": "Demo Requested", "kind": "demo_request"}]
    key.save()
    replayed(row)
    assert Signal.objects.get().kind == "demo_request"


def test_all_of_one_reason_are_tried_and_no_other():
    key = a_key()
    for number in range(3):
        quarantined({**EVENT, "messageId": f"m-{number}"}, key)
    quarantined({"type": "track"}, key)
    other = quarantined({**EVENT, "messageId": "other"}, key, code="bad_time")
    assert replay_all("no_who", LATER, again(LATER)) == Replayed(stored=3, refused=1)
    other.refresh_from_db()
    assert other.replayed_at is None


def test_a_replay_counts_nothing_as_sent():
    row = quarantined(EVENT, a_key())
    before = list(IntakeCount.objects.values_list("outcome", "count"))
    replayed(row)
    assert list(IntakeCount.objects.values_list("outcome", "count")) == before == [("quarantined", 1)]


# --- signals that are on record, and were not counted --------------------------------------------


def test_a_signal_that_was_set_aside_counts_once_after_all():
    lead = observe(a_lead(country="BR"), "page_view")
    key = a_key()
    identity = Signal.objects.get().identity
    replayed(quarantined({**EVENT, "event": "pricing view", "userId": identity.value}, key))
    set_aside(LATER, ValueError("it is the new one"))
    assert not PendingSignal.objects.exists()
    observe(lead, "page_view", at=LATER)
    row = Quarantine.objects.get(code="not_counted")
    assert replayed(row) == Replayed(waiting=1)
    assert replayed(row) == Replayed()
    count_all_waiting(LATER, read_statement)
    stored = {state.kind: state.count for state in Lead.objects.get().states.all()}
    assert stored == {"page_view": 2, "pricing_view": 1}
    assert refolded([lead.pk], LATER)[lead.pk].keys() == stored.keys()


def test_a_statement_that_could_not_be_read_is_read_again(monkeypatch: pytest.MonkeyPatch):
    said = {"type": "identify", "userId": "anna-1", "traits": {"firstName": "Anna" * 40}, "messageId": "i"}
    replayed(quarantined(said, a_key()))
    Quarantine.objects.all().delete()
    count_all_waiting(LATER, read_statement)
    row = Quarantine.objects.get()
    assert (row.code, row.raw["signal"]) == ("too_long", Signal.objects.get().pk)
    assert not Lead.objects.exists()

    monkeypatch.setitem(leads.LONGEST, "first_name", 200)  # a later version may take more
    assert replayed(row) == Replayed(waiting=1)
    count_all_waiting(LATER, read_statement)
    assert Lead.objects.get().person.identities.get().value == "anna-1"


def test_a_row_that_names_no_signal_stays():
    row = Quarantine.objects.create(code="odd", sentence="Odd.", raw={"ids": []}, received_at=NOW, line=0)
    assert replayed(row) == Replayed(refused=1)
    row.refresh_from_db()
    assert row.replayed_at is None


# --- what the collector keeps, so that a replay knows all that was known -------------------------


def test_an_event_is_kept_with_what_its_batch_and_its_browser_said(transactional_db: None):
    key = a_key()
    sent_at = datetime.now(UTC).isoformat()
    nobody = {"type": "page", "messageId": "m-2", "timestamp": sent_at}
    request = batch(
        key.key, [nobody], sentAt=sent_at, context={"ip": "192.0.2.7", "page": {"url": "https://firm.example/p"}}
    )
    agent = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
    ask_collector(request._replace(headers={"user-agent": agent}))
    row = Quarantine.objects.get()
    assert row.raw["sentAt"] == sent_at
    assert row.raw["context"] == {"userAgent": agent, "page": {"url": "https://firm.example/p"}}
    row.raw["anonymousId"] = "visitor-1"
    row.save()
    now = datetime.now(UTC)
    replay([row.pk], now, again(now))
    signal = Signal.objects.get()
    assert (signal.url, signal.bot_reason) == ("https://firm.example/p", "crawler")
    connection.close()
