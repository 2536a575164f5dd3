"""Events land as they came and are sorted afterwards: each once, whatever happens in between."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from django.db import OperationalError, connection, transaction

from assay.actions import landing as landed
from assay.actions.landing import Landing, Opened, Sent, land, sort_landed, sort_singly
from assay.actions.receive import Arrival, Rejected, Tally, receive_within
from assay.actions.replay import replay
from assay.intake.collector import batches
from assay.intake.collector.batches import open_batches, pack, sort_everything
from assay.intake.collector.keys import keys_in_use, ready
from assay.intake.collector.messages import read_batch
from assay.intake.collector.replay import again
from assay.intake.collector.steps import arrival
from assay.records.intake import landed_bytes, waiting
from assay.records.models import IntakeCount, Landed, Quarantine, Signal, WriteKey
from tests.actions.events import the_key
from tests.actions.test_receive import an_arrival, outcomes
from tests.people import NOW

pytestmark = pytest.mark.django_db

ONE_NEW = (1, "accepted", "")


def nothing(sent: Sequence[Sent]) -> Opened:
    """Nobody sent a batch."""
    assert not sent
    return Opened([], [], Counter())


def a_batch(*events: object) -> Sent:
    """A batch of the write key, as the collector hands it over."""
    the_key()
    return pack(ready(keys_in_use()[0]), read_batch(msgspec.json.encode({"batch": events})), "")


def a_page(number: int) -> dict[str, object]:
    return {"type": "page", "anonymousId": f"v{number}", "messageId": f"m{number}"}


def messages() -> list[str]:
    return list(Signal.objects.order_by("pk").values_list("message_id", flat=True))


def test_what_lands_is_no_signal_until_it_is_sorted() -> None:
    sent = a_batch(a_page(2), {"type": "page"})
    rejected = Rejected(sent.key, "no_who", "Nobody.", {"type": "page", "big": 2**80}, NOW)
    land(Landing([an_arrival("m1"), an_arrival("m1")], [rejected], [sent]), Tally(), NOW)
    assert (messages(), waiting(NOW + timedelta(seconds=9), 100)) == ([], (5, timedelta(seconds=9)))
    assert landed_bytes() > 100
    assert sort_landed(100, open_batches) == 5
    assert messages() == ["m1", "m2"]
    assert {"type": "page", "big": 2**80} in Quarantine.objects.values_list("raw", flat=True)
    expected = Counter({ONE_NEW: 1, (1, "duplicate", ""): 1, (sent.key, "quarantined", "no_who"): 2})
    expected[sent.key, "accepted", ""] += 1
    assert outcomes() == expected
    assert (sort_landed(100, open_batches), landed_bytes()) == (0, 0)


def test_refusals_are_counted_with_it_and_without_it() -> None:
    land(Landing(), Counter({(1, "refused", "busy"): 2}), NOW)
    land(Landing([an_arrival("m1")]), Counter({(1, "refused", "busy"): 3}), NOW)
    assert (outcomes(), Landed.objects.count()) == ({(1, "refused", "busy"): 5}, 1)


def test_each_is_counted_in_the_minute_in_which_it_came() -> None:
    for number, minutes in enumerate((0, 0, 1, 3)):
        land(Landing([an_arrival(f"m{number}")]), Tally(), NOW + timedelta(minutes=minutes))
    assert [sort_landed(100, nothing) for _ in range(4)] == [2, 1, 1, 0]
    assert list(IntakeCount.objects.order_by("minute").values_list("count", flat=True)) == [2, 1, 1]


def test_the_oldest_are_sorted_first_and_about_as_many_as_asked_for() -> None:
    for number in range(0, 12, 3):
        land(Landing([an_arrival(f"m{number + step}") for step in range(3)]), Tally(), NOW)
    assert sort_landed(7, nothing) == 6
    assert messages() == [f"m{number}" for number in range(6)]
    assert sort_landed(1, nothing) == 3  # one row at least


def test_a_batch_of_a_key_that_was_revoked_since_is_not_lost() -> None:
    land(Landing(sent=[a_batch(a_page(1))]), Tally(), NOW)
    WriteKey.objects.update(revoked_at=NOW)
    sort_everything()
    assert messages() == ["m1"]


def test_a_crash_while_sorting_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    land(Landing([an_arrival("m1")]), Tally(), NOW)

    def crash(rows: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(landed, "_done", crash)
        with pytest.raises(KeyboardInterrupt):
            sort_landed(100, nothing)
    assert (messages(), outcomes()) == ([], {})
    assert sort_landed(100, nothing) == 1
    assert messages() == ["m1"]


def faulty(monkeypatch: pytest.MonkeyPatch, error: Callable[[], Exception]) -> None:
    """Keeping the event m2 fails."""
    receive = receive_within

    def fail(arrivals: Sequence[Arrival], *rest: Any) -> Tally:
        if any(arrival.message_id == "m2" for arrival in arrivals):
            raise error()
        return receive(arrivals, *rest)

    monkeypatch.setattr(landed, "receive_within", fail)


def test_an_event_that_cannot_be_kept_is_set_aside_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = a_batch(a_page(3))
    bad = an_arrival("m2", key=sent.key)
    land(Landing([an_arrival("m1"), bad], [], [sent]), Tally(), NOW)
    faulty(monkeypatch, lambda: ValueError("never seen before"))
    with pytest.raises(ValueError, match="never seen"):
        sort_landed(100, open_batches)
    assert sort_singly(open_batches) == 3
    assert (messages(), Landed.objects.count()) == (["m1", "m3"], 0)
    row = Quarantine.objects.get()
    assert (row.code, row.raw) == ("not_counted", {"arrival": msgspec.to_builtins(bad)})
    assert sum(outcomes().values()) == 3


def test_while_the_database_is_away_nothing_is_set_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    land(Landing([an_arrival("m2")]), Tally(), NOW)
    faulty(monkeypatch, lambda: OperationalError("gone"))
    with pytest.raises(OperationalError):
        sort_singly(nothing)
    assert (Landed.objects.count(), Quarantine.objects.count()) == (1, 0)


def test_two_who_sort_share_the_work(transactional_db: None) -> None:
    for number in range(60):
        land(Landing([an_arrival(f"m{number}"), an_arrival(f"m{number // 2}")]), Tally(), NOW)
    numbers: list[int] = []

    def work() -> None:
        try:
            while found := sort_landed(6, nothing):
                numbers.append(found)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sort_everything()  # what one of them passed over, as another held it
    assert sorted(messages()) == sorted(f"m{number}" for number in range(60))
    assert outcomes() == {ONE_NEW: 60, (1, "duplicate", ""): 60}


@pytest.mark.parametrize("event", [True, False])
@pytest.mark.parametrize("refused", [0, 2])
def test_what_comes_in_asks_again_and_again_while_another_writes(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch, event: bool, refused: int
) -> None:
    """SQLite's own waiting looks ever more seldom: it would miss the moments in which the scorer rests."""
    asked, holding, ended, key = list[int](), threading.Event(), threading.Event(), the_key().id
    write = landed._promptly

    def counting(work: Callable[[], None]) -> None:
        def once() -> None:
            asked.append(1)
            work()

        write(once)

    def hold() -> None:
        try:
            with transaction.atomic():
                WriteKey.objects.filter(pk=key).update(name="held")
                holding.set()
                while len(asked) < 3 and not ended.wait(0.01):
                    pass
        finally:
            connection.close()

    monkeypatch.setattr(landed, "_promptly", counting)
    monkeypatch.setattr(landed, "PATIENCE_SECONDS", 60.0)
    holder = threading.Thread(target=hold)
    holder.start()
    holding.wait(60)
    try:
        tally = +Counter({(1, "refused", "busy"): refused})
        land(Landing([an_arrival("m1")] if event else []), tally, NOW)
    finally:
        ended.set()
        holder.join()
    assert (Landed.objects.count(), outcomes()) == (int(event), dict(tally))
    assert connection.vendor == "postgresql" or len(asked) >= 3


def test_an_event_of_a_batch_that_a_fault_of_ours_cannot_read_is_set_aside_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def faulty(passing: Any) -> Arrival:
        if passing.event.message_id == "m2":
            raise ZeroDivisionError("a fault")
        return arrival(passing)

    monkeypatch.setattr(batches, "arrival", faulty)
    land(Landing(sent=[a_batch(a_page(1), a_page(2), a_page(3))]), Tally(), NOW)
    assert sort_landed(100, open_batches) == 3
    assert messages() == ["m1", "m3"]
    row = Quarantine.objects.get()
    assert (row.code, row.raw) == ("not_counted", a_page(2))
    monkeypatch.undo()
    assert replay([row.pk], NOW, again(NOW)).stored == 1
    assert messages() == ["m1", "m3", "m2"]


def test_what_was_set_aside_whole_can_be_replayed(monkeypatch: pytest.MonkeyPatch) -> None:
    bad = an_arrival("m2", key=the_key().id)
    land(Landing([bad]), Tally(), NOW)
    with monkeypatch.context() as patched:
        faulty(patched, lambda: ValueError("never seen before"))
        sort_singly(nothing)
    row = Quarantine.objects.get()
    assert (messages(), replay([row.pk], NOW, again(NOW)).stored, messages()) == ([], 1, ["m2"])
