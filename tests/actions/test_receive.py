"""How events are kept: each message once, waiting for the scorer, and every one of them counted."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.actions.receive import Arrival, Rejected, Tally, receive
from assay.records.models import Identity, IntakeCount, PendingSignal, Quarantine, Signal
from tests.actions.events import the_key
from tests.people import NOW
from tests.records.dump import everything, taken_back

pytestmark = pytest.mark.django_db

AT = NOW.replace(tzinfo=None).isoformat(" ")


def an_arrival(message_id: str, name: str = "v1", key: int = 1, **said: Any) -> Arrival:
    given: dict[str, Any] = {
        "at": AT,
        "received_at": AT,
        "url": "",
        "bot": False,
        "bot_reason": "",
        "properties": "{}",
        **said,
    }
    return Arrival(message_id=message_id, who="visitor", name=name, kind="page_view", key=key, **given)


def outcomes() -> dict[tuple[int, str, str], int]:
    """What was counted, over all minutes."""
    total: Tally = Counter()
    for row in IntakeCount.objects.all():
        total[row.write_key, row.outcome, row.reason] += row.count
    return dict(total)


def test_an_event_is_kept_with_all_it_says_and_waits() -> None:
    before = (NOW - timedelta(hours=1, microseconds=5)).replace(tzinfo=None).isoformat(" ")
    said: dict[str, Any] = {"at": before, "url": "https://x.example/", "bot": True, "bot_reason": "crawler"}
    receive([an_arrival("m1", **said, properties='{"a":"\\"é\\\\u0000 \\ud83d\\ude00"}')], [], Counter(), NOW)
    signal = Signal.objects.select_related("identity").get()
    assert (signal.message_id, signal.kind, signal.key_id) == ("m1", "page_view", 1)
    assert (signal.at, signal.received_at) == (NOW - timedelta(hours=1, microseconds=5), NOW)
    assert (signal.url, signal.bot, signal.bot_reason) == ("https://x.example/", True, "crawler")
    assert signal.properties == {"a": '"é\\u0000 😀'}
    assert (signal.identity.kind, signal.identity.value, signal.identity.person) == ("visitor", "v1", None)
    assert list(PendingSignal.objects.values_list("signal", "at")) == [(signal.pk, signal.at)]


def test_a_message_id_is_kept_once_in_a_batch_and_ever_after() -> None:
    tally = +receive([an_arrival("m1"), an_arrival("m1"), an_arrival("m2", key=2)], [], Counter(), NOW)
    assert tally == {(1, "accepted", ""): 1, (1, "duplicate", ""): 1, (2, "accepted", ""): 1}
    rows = everything(without=[IntakeCount])
    assert +receive([an_arrival("m1", "v9"), an_arrival("m2")], [], Counter(), NOW) == {(1, "duplicate", ""): 2}
    assert {key: value for key, value in rows.items() if key != "Identity"} == {
        key: value for key, value in everything(without=[IntakeCount]).items() if key != "Identity"
    }


def test_what_is_said_first_is_counted_first() -> None:
    names = [f"m{number * 7 % 40:02}" for number in range(40)]
    receive([an_arrival(name, f"v{name}") for name in names], [], Counter(), NOW)
    receive([an_arrival("a0"), an_arrival(names[3]), an_arrival("A")], [], Counter(), NOW)
    assert list(Signal.objects.order_by("pk").values_list("message_id", flat=True)) == [*names, "a0", "A"]


def test_what_cannot_be_kept_is_put_aside_with_its_reason() -> None:
    key = the_key().id
    rejected = [Rejected(key, "no_who", "Say who.", {"a": 1}, NOW), Rejected(0, "no_json", "No.", {"text": "x"}, NOW)]
    tally = receive([], rejected, Counter({(0, "refused", "no_key"): 3}), NOW)
    assert tally == {(key, "quarantined", "no_who"): 1, (0, "quarantined", "no_json"): 1, (0, "refused", "no_key"): 3}
    told = Quarantine.objects.order_by("code").values_list("code", "sentence", "raw", "key")
    assert list(told) == [("no_json", "No.", {"text": "x"}, None), ("no_who", "Say who.", {"a": 1}, key)]


def test_counts_of_a_minute_add_up_in_one_row() -> None:
    for second in (1, 59):
        receive([an_arrival(f"m{second}")], [], Counter(), NOW + timedelta(seconds=second))
    receive([an_arrival("m60")], [], Counter(), NOW + timedelta(seconds=60))
    assert list(IntakeCount.objects.order_by("minute").values_list("minute", "count")) == [
        (NOW, 2),
        (NOW + timedelta(minutes=1), 1),
    ]


def test_nothing_to_keep_writes_nothing() -> None:
    assert not receive([], [], Counter(), NOW)
    assert not IntakeCount.objects.exists()


@pytest.mark.parametrize("fault", [{"properties": "{"}, {"key": 2**70}], ids=str)
def test_where_one_cannot_be_kept_none_is(fault: dict[str, Any]) -> None:
    """Whoever brought them tries each by itself then."""
    before = everything()
    with (
        pytest.raises(Exception, match=r"(?i)invalid input|CHECK constraint|out of range|too large"),
        transaction.atomic(),
    ):
        receive([an_arrival("m1"), an_arrival("m2", **fault)], [], Counter(), NOW)
    assert everything() == before


MESSAGES = st.lists(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 2), st.booleans()), max_size=8), max_size=6)


@given(batches=MESSAGES)
@settings(max_examples=settings().max_examples // 3)
def test_accepted_quarantined_duplicate_and_refused_are_all_that_was_sent(
    batches: list[list[tuple[int, int, bool]]],
) -> None:
    with taken_back():
        sent, whose = 0, the_key().id
        for number, batch in enumerate(batches):
            good = [an_arrival(f"m{message}", f"v{message % 3}", key) for message, key, bad in batch if not bad]
            bad = [Rejected(whose, "no_who", "Who?", {}, NOW) for _, _, is_bad in batch if is_bad]
            tally = receive(good, bad, Counter({(0, "refused", "no_key"): 1}), NOW + timedelta(minutes=number))
            assert sum(tally.values()) == len(batch) + 1
            sent += len(batch) + 1
        assert sum(outcomes().values()) == sent
        accepted = sum(count for (_, outcome, _), count in outcomes().items() if outcome == "accepted")
        assert accepted == Signal.objects.count() == PendingSignal.objects.count()
        assert Identity.objects.count() <= 3


def test_many_at_once_are_a_few_statements(django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(10):
        receive([an_arrival(f"m{number}", f"v{number % 50}") for number in range(2_000)], [], Counter(), NOW)
    assert Signal.objects.count() == 2_000
