"""The door for events: keys, limits, refusals, batches, and that everything sent is counted once."""

import asyncio
import base64
import gzip
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from django.db import InterfaceError, OperationalError
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.actions.landing import Landing
from assay.intake.collector import app, group
from assay.intake.collector.refusals import REASONS, Refused
from assay.records.models import WriteKey
from tests.intake.collector.door import KEY, OTHER_KEY, Answer, Door, Memory, a_key, opened, with_keys

KB = 1024
PAGE = {"type": "page", "anonymousId": "v1"}


@pytest.fixture
def memory() -> Memory:
    return Memory()


@pytest.fixture
def door(memory: Memory) -> Iterator[Door]:
    with opened(write=memory) as running:
        yield running


def a_track(number: int, **said: Any) -> dict[str, Any]:
    return {"type": "track", "event": "Signed Up", "anonymousId": "v1", "messageId": f"m{number}", **said}


def basic(user: str) -> dict[str, str]:
    return {"authorization": f"Basic {base64.b64encode(f'{user}:'.encode()).decode()}"}


# --- calls ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "call", ["track", "t", "identify", "i", "page", "p", "screen", "s", "group", "g", "alias", "a"]
)
def test_every_call_has_a_long_and_a_short_name(door: Door, memory: Memory, call: str) -> None:
    said = {"userId": "u1", "event": "e", "groupId": "g1", "previousId": "v1", "type": "nonsense"}
    assert door.post(call, said) == (200, {"content-type": "application/json", "content-length": "16"}, app.STORED)
    [stored] = memory.arrivals
    by_letter = {"t": "e", "i": "identify", "p": "page_view", "s": "screen_view", "g": "group", "a": "alias"}
    assert stored.kind == by_letter[call[0]]


@pytest.mark.parametrize("call", ["batch", "b", "m", "import"])
def test_several_come_in_a_batch(door: Door, memory: Memory, call: str) -> None:
    assert door.post(call, {"batch": [a_track(1), a_track(2)]}).status == 200
    assert memory.ids == ["m1", "m2"]
    assert memory.transactions == 1


def test_an_empty_batch_is_fine(door: Door) -> None:
    assert door.post("batch", {"batch": []}).status == 200
    assert not door.counted


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/v1/track", 405), ("PUT", "/v1/batch", 405), ("POST", "/v1/nothing", 404), ("POST", "/v1/", 404)],
)
def test_what_is_no_call_is_told_so(door: Door, method: str, path: str, status: int) -> None:
    answer = door.ask(method, path)
    assert answer.status == status
    assert answer.code in ("use_post", "not_found")


# --- keys ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "headers", "query"),
    [
        ({}, basic(KEY), ""),
        ({"writeKey": KEY}, {}, ""),
        ({}, {}, f"writeKey={KEY}"),
        ({"writeKey": "unknown"}, basic(KEY), ""),
        ({}, {"authorization": "Bearer of something"}, f"writeKey={KEY}"),
        ({}, {"authorization": "Basic no-base-64!"}, f"writeKey={KEY}"),
    ],
)
def test_the_key_comes_by_basic_authentication_in_the_address_or_in_the_body(
    door: Door, said: dict[str, str], headers: dict[str, str], query: str
) -> None:
    assert door.post("page", PAGE | said, headers=headers, query=query).status == 200
    assert door.post("batch", {"batch": [PAGE], **said}, headers=headers, query=query).status == 200


def test_a_batch_may_have_it_in_its_events(door: Door) -> None:
    assert door.post("batch", {"batch": [{**PAGE, "writeKey": KEY}, PAGE]}, query="").status == 200


@pytest.mark.parametrize("call", ["page", "batch"])
def test_no_key_and_an_unknown_one_are_refused(door: Door, call: str) -> None:
    content = PAGE if call == "page" else {"batch": [PAGE, PAGE]}
    without, unknown = door.post(call, content, query=""), door.post(call, content, query="writeKey=x")
    assert [(answer.status, answer.code) for answer in (without, unknown)] == [(401, "no_key"), (401, "unknown_key")]
    assert door.counted == {"refused": 2 if call == "page" else 4}


def test_a_key_that_was_just_made_works_within_a_second_and_a_revoked_one_no_more() -> None:
    keys = [a_key()]
    with opened(write=Memory()) as door, with_keys(lambda: keys):
        assert door.post("page", PAGE, query=f"writeKey={OTHER_KEY}").code == "unknown_key"
        keys.append(a_key(2, OTHER_KEY))
        door.collector.keys._read_at -= 1.1
        assert door.post("page", PAGE, query=f"writeKey={OTHER_KEY}").status == 200
        keys.pop(0)
        door.run(renewed(door, keys))
        assert door.post("page", PAGE).code == "unknown_key"


async def renewed(door: Door, keys: list[Any]) -> None:
    door.collector.keys.renew(keys)


def test_unknown_keys_do_not_ask_the_database_every_time(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def reading() -> list[WriteKey]:
        asked.append(1)
        return [a_key()]

    monkeypatch.setattr(app, "keys_in_use", reading)
    door.together(*[("page", PAGE, {"query": f"writeKey=x{number}"}) for number in range(50)])
    assert len(asked) <= 1


# --- origins -------------------------------------------------------------------------------------


def test_a_key_may_be_for_some_websites_only() -> None:
    with opened(a_key(origins=["https://www.example.com"]), write=Memory()) as door:
        for origin, status in (("https://www.example.com", 200), ("https://evil.example", 403), ("null", 403)):
            assert door.post("page", PAGE, headers={"origin": origin}).status == status
        assert door.post("page", PAGE).status == 200  # a server sends none
        assert door.counted == {"accepted": 2, "refused": 2}


def test_a_browser_may_ask_first(door: Door) -> None:
    origin = {"origin": "https://www.example.com", "access-control-request-method": "POST"}
    answer = door.ask("OPTIONS", "/v1/t", origin)
    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == "https://www.example.com"
    assert "POST" in answer.headers["access-control-allow-methods"]
    for name in ("authorization", "content-type", "content-encoding"):
        assert name in answer.headers["access-control-allow-headers"]


def test_a_page_of_another_origin_may_read_every_answer(door: Door) -> None:
    headers = {"origin": "https://www.example.com"}
    for answer in (door.post("page", PAGE, headers=headers), door.post("page", b"{", headers=headers)):
        assert answer.headers["access-control-allow-origin"] == "https://www.example.com"
        assert answer.headers["vary"] == "origin"
    assert "access-control-allow-origin" not in door.post("page", PAGE).headers


def test_a_beacon_is_plain_text(door: Door, memory: Memory) -> None:
    assert door.post("t", a_track(1), headers={"content-type": "text/plain;charset=UTF-8"}).status == 200
    assert memory.ids == ["m1"]


# --- limits --------------------------------------------------------------------------------------


def padded(size: int, number: int = 1) -> bytes:
    """An event of exactly so many bytes."""
    event = msgspec.json.encode(a_track(number, properties={"x": ""}))
    return event.replace(b'"x":""', b'"x":"' + b"x" * (size - len(event)) + b'"')


def a_batch(size: int) -> bytes:
    """A batch of exactly so many bytes, of 16 events."""
    bare = b'{"batch":[%s],"x":""}'
    events = b",".join(padded(31 * KB, number) for number in range(16))
    left = size - len(bare % events)
    return (bare % events).replace(b'"x":""', b'"x":"' + b"x" * left + b'"')


def test_an_event_has_32_kb(door: Door) -> None:
    assert door.post("track", padded(32 * KB)).status == 200
    assert (door.post("track", padded(32 * KB + 1)).status, door.counted) == (413, {"accepted": 1, "refused": 1})


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize("parts", [1, 7])
def test_a_request_has_500_kb_packed_or_not_in_one_piece_or_many(door: Door, pack: Any, parts: int) -> None:
    headers = {"content-encoding": "gzip"} if pack is gzip.compress else {}
    assert door.post("batch", pack(a_batch(500 * KB)), headers=headers, parts=parts).status == 200
    answer = door.post("batch", pack(a_batch(500 * KB + 1)), headers=headers, parts=parts)
    assert (answer.status, answer.code) == (413, "too_large")
    assert door.counted == {"accepted": 16, "refused": 1}


def test_a_request_that_announces_too_much_is_not_read() -> None:
    def never() -> Any:
        raise AssertionError("it was read")

    async def ask(door: Door) -> Any:
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"type": "http", "method": "POST", "path": "/v1/t", "query_string": b""}
        headers = [(b"content-length", str(10**12).encode())]
        await door.collector({**scope, "headers": headers}, never, send)
        return sent[0]["status"]

    with opened(write=Memory()) as door:
        assert door.run(ask(door)) == 413


def test_a_body_that_goes_on_is_cut_off_at_the_limit(door: Door) -> None:
    read: list[int] = []

    async def ask() -> int:
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            read.append(64 * KB)
            return {"type": "http.request", "body": b" " * 64 * KB, "more_body": True}

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"type": "http", "method": "POST", "path": "/v1/t", "query_string": b"", "headers": []}
        await door.collector(scope, receive, send)
        return int(sent[0]["status"])

    assert door.run(ask()) == 413
    assert sum(read) <= 600 * KB


def test_a_client_that_leaves_in_the_middle_has_sent_nothing(door: Door) -> None:
    async def ask() -> list[Any]:
        sent: list[Any] = []
        messages = iter([{"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"}])

        async def receive() -> Any:
            return next(messages)

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"type": "http", "method": "POST", "path": "/v1/t", "query_string": b"", "headers": []}
        await door.collector(scope, receive, send)
        return sent

    assert door.run(ask()) == []
    assert not door.counted


def test_a_small_packet_that_unfolds_to_gigabytes_is_refused(door: Door) -> None:
    bomb = gzip.compress(b" " * 200_000_000)
    assert len(bomb) < 500 * KB
    answer = door.post("batch", bomb, headers={"content-encoding": "gzip"})
    assert (answer.status, answer.code) == (413, "too_large")


@pytest.mark.parametrize(
    "packed",
    [
        gzip.compress(msgspec.json.encode(PAGE), mtime=0)[:-9],
        gzip.compress(msgspec.json.encode(PAGE), mtime=0) + gzip.compress(b"{}", mtime=0),
        msgspec.json.encode(PAGE),
        b"",
    ],
    ids=["cut off", "two pieces", "not packed", "empty"],
)
def test_gzip_that_is_none_or_not_whole_is_refused(door: Door, packed: bytes) -> None:
    answer = door.post("page", packed, headers={"content-encoding": "GZIP"})
    assert (answer.status, answer.code) == (400, "bad_gzip")


def test_a_batch_has_2500_events(door: Door, memory: Memory) -> None:
    tiny = [{"type": "page", "userId": "u"}] * 2_501
    assert door.post("batch", {"batch": tiny[:-1]}).status == 200
    assert door.post("batch", {"batch": tiny}).code == "too_large"
    assert door.counted == {"accepted": 2_500, "refused": 2_501}


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"batch": {}}', b'{"batch": [}', b'{"batch":[1', b"\xff", b"null"]
)
def test_what_is_no_batch_is_refused_whole(door: Door, body: bytes) -> None:
    answer = door.post("batch", body)
    assert (answer.status, answer.code, door.counted) == (400, "no_batch", {"refused": 1})


# --- batches with faults -------------------------------------------------------------------------


def test_of_a_batch_the_good_are_stored_and_the_bad_are_kept_aside_with_their_reason(
    door: Door, memory: Memory
) -> None:
    bad: list[object] = [{"type": "page"}, 5, None, "text", {"type": "sing", "userId": "u"}, a_track(2, properties=[])]
    batch = [a_track(1), *bad, a_track(3), a_track(4, context={"consent": {"categoryPreferences": {"all": False}}})]
    assert door.post("batch", {"batch": batch}).status == 200
    assert memory.ids == ["m1", "m3"]
    reasons = [event.code for event in memory.rejected]
    assert reasons == ["no_who", "wrong_field", "wrong_field", "wrong_field", "wrong_type", "wrong_field"]
    assert [event.raw for event in memory.rejected][:3] == [{"type": "page"}, {"text": "5"}, {"text": "null"}]
    assert door.counted == {"accepted": 2, "quarantined": 6, "refused": 1}


def test_whoever_said_no_leaves_no_trace(door: Door, memory: Memory) -> None:
    said_no = {"consent": {"categoryPreferences": {"analytics": False}}}
    assert (door.post("page", {**PAGE, "context": said_no}).status) == 403
    assert door.post("batch", {"batch": [PAGE], "context": said_no}).status == 200
    assert (memory.arrivals, memory.rejected) == ([], [])
    assert door.counted == {"refused": 2}


def test_what_is_kept_aside_has_no_address_of_its_sender_and_nothing_a_database_refuses(
    door: Door, memory: Memory
) -> None:
    raw = b'{"batch":[{"type":"x","a":"\\u0000b\\\\u0000","context":{"ip":"192.0.2.7","page":{}}}]}'
    assert door.post("batch", raw).status == 200
    [event] = memory.rejected
    assert event.raw == {"type": "x", "a": "b\\u0000", "context": {"page": {}}}


def test_a_deep_or_large_event_is_kept_aside_as_text(door: Door, memory: Memory) -> None:
    deep = b'{"a":' * 300 + b"1" + b"}" * 300
    assert door.post("batch", b'{"batch":[%s,%s]}' % (deep, padded(40 * KB))).status == 200
    assert [event.code for event in memory.rejected] == ["too_deep", "too_large"]
    for event in memory.rejected:
        assert isinstance(event.raw, dict)
        assert list(event.raw) == ["text"]
        assert len(event.raw["text"]) <= 32 * KB


@pytest.mark.parametrize(
    ("said", "as_it_came"),
    [
        ({}, True),
        ({"version": "140.0.0.0", "at": "2026-11-01T10:00:00Z"}, True),
        ({"ip": "203.0.113.7"}, False),
        ({"from": "2001:db8::1"}, False),
        ({"six": "2001:db8:1:2:3:4:5:6"}, False),
    ],
)
def test_a_batch_lands_as_it_came_unless_an_address_may_stand_in_it(said: dict[str, str], as_it_came: bool) -> None:
    landed: list[Landing] = []

    def write(landing: Landing, *_: object) -> None:
        if landing.events:
            landed.append(landing)

    with opened(write=write) as door:
        assert door.post("batch", {"batch": [a_track(1, properties=said)]}).status == 200
    [landing] = landed
    assert (len(landing.sent), len(landing.arrivals)) == ((1, 0) if as_it_came else (0, 1))


# --- the same again ------------------------------------------------------------------------------


def test_a_message_id_is_stored_once(door: Door, memory: Memory) -> None:
    assert door.post("batch", {"batch": [a_track(1), a_track(1), a_track(2)]}).status == 200
    assert door.post("track", a_track(2)).status == 200
    assert memory.ids == ["m1", "m2"]
    assert door.counted == {"accepted": 2, "duplicate": 2}


# --- too fast, too much, and away ----------------------------------------------------------------


def test_a_key_has_a_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(a_key(rate=2), write=Memory()) as door:
        answers = [door.post("page", PAGE) for _ in range(21)]
        assert [answer.status for answer in answers] == [200] * 20 + [429]
        assert answers[-1].code == "too_fast"
        assert 1 <= int(answers[-1].headers["retry-after"]) <= 10
        assert (
            door.post("page", PAGE, headers={"origin": "x"}).headers["access-control-expose-headers"] == "retry-after"
        )
        assert door.counted == {"accepted": 20, "refused": 2}


def test_a_batch_larger_than_the_rate_passes_once_and_is_paid_for_later() -> None:
    with opened(a_key(rate=1), write=Memory()) as door:
        assert door.post("batch", {"batch": [PAGE] * 30}).status == 200
        answer = door.post("page", PAGE)
        assert (answer.status, answer.headers["retry-after"]) == (429, "21")


def test_more_than_may_wait_is_sent_back(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group, "MOST_WAITING", 25)
    said_no = {**PAGE, "context": {"consent": {"categoryPreferences": {"all": False}}}}
    with opened(write=memory) as door:
        batch = {"batch": [PAGE] * 9 + [said_no]}
        answers = door.together(*[("batch", batch, {})] * 10)
        assert {answer.status for answer in answers} == {200, 429}
        busy = [answer for answer in answers if answer.status == 429]
        assert {(answer.code, answer.headers["retry-after"]) for answer in busy} == {("busy", "2")}
        assert door.counted == {"accepted": 9 * (10 - len(busy)), "refused": 9 * len(busy) + 10}
        assert door.post("page", PAGE).status == 200


def test_while_too_much_waits_to_be_sorted_nothing_comes_in(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = [app.MOST_LANDED + 1, app.MOST_LANDED]
    monkeypatch.setattr(app, "EVERY", 0.001)
    with opened(write=memory) as door:
        monkeypatch.setattr(app, "landed_bytes", lambda: sizes[0])
        door.run(asyncio.sleep(0.1))
        answer = door.post("page", PAGE)
        assert (answer.status, answer.code, answer.headers["retry-after"]) == (429, "busy", "2")
        sizes.pop(0)
        door.run(asyncio.sleep(0.1))
        assert door.post("page", PAGE).status == 200
        assert door.counted == {"accepted": 1, "refused": 1}


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_while_the_database_is_away_nothing_is_acknowledged(door: Door, memory: Memory, error: type[Exception]) -> None:
    memory.away = error("the server is gone")
    answers = door.together(*[("track", a_track(number), {}) for number in range(40)])
    assert {(answer.status, answer.code) for answer in answers} == {(503, "not_stored")}
    assert {answer.headers["retry-after"] for answer in answers} == {"2"}
    assert healthy(door) is False
    memory.away = None
    again = door.together(*[("track", a_track(number), {}) for number in range(40)])
    assert {answer.status for answer in again} == {200}
    assert healthy(door) is True
    assert door.counted == {"accepted": 40, "refused": 40}


def healthy(door: Door) -> bool:
    return door.collector.group.healthy


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_an_unknown_key_while_the_database_is_away_is_asked_to_come_again(
    door: Door, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def away() -> Any:
        raise error("the server is gone")

    monkeypatch.setattr(app, "keys_in_use", away)
    door.collector.keys._read_at -= 2
    answer = door.post("batch", {"batch": [PAGE, PAGE]}, query="writeKey=new")
    assert (answer.status, answer.code) == (503, "not_stored")
    assert door.post("page", PAGE).status == 200
    assert door.counted == {"accepted": 1, "refused": 2}


def test_keys_are_read_again_after_the_database_was_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "EVERY", 0.001)
    reads: list[int] = []

    def reading() -> Any:
        reads.append(1)
        if len(reads) == 2:
            raise InterfaceError("connection already closed")
        return [a_key()]

    with opened(write=Memory()) as door, with_keys(reading):
        door.run(asyncio.sleep(0.1))
    assert len(reads) > 3


# --- the end -------------------------------------------------------------------------------------


def test_stopping_writes_what_waits(memory: Memory) -> None:
    async def send_and_stop(door: Door) -> list[Answer]:
        asked = [
            asyncio.create_task(door._post("batch", {"batch": [a_track(number), {"type": "x"}]}))
            for number in range(50)
        ]
        await asyncio.sleep(0.05)
        stopping = asyncio.create_task(door.collector.group.stop())
        await asyncio.sleep(0.05)
        memory.slow.set()
        await stopping
        return await asyncio.wait_for(asyncio.gather(*asked), 5)

    memory.slow.clear()

    with opened(write=memory) as door:
        answers = door.run(send_and_stop(door))
        door.collector.group = group.Group(memory)  # the one stopped is not stopped again
        assert {answer.status for answer in answers} == {200}
        assert sorted(memory.ids) == sorted(f"m{number}" for number in range(50))
        assert len(memory.rejected) == 50


def test_stopping_while_the_database_is_away_leaves_nobody_waiting(memory: Memory) -> None:
    async def send_and_stop(door: Door) -> list[Answer]:
        asked = [asyncio.create_task(door._post("track", a_track(number))) for number in range(100)]
        await asyncio.sleep(0.002)
        await door.collector.group.stop()
        return await asyncio.wait_for(asyncio.gather(*asked), 5)

    memory.away = OperationalError("gone")
    with opened(write=memory) as door:
        answers = door.run(send_and_stop(door))
        door.collector.group = group.Group(memory)
    assert {answer.status for answer in answers} == {503}
    assert memory.ids == []


def test_a_client_that_left_does_not_hold_up_the_others(door: Door, memory: Memory) -> None:
    async def send() -> list[Any]:
        asked = [asyncio.create_task(door._post("track", a_track(number))) for number in range(20)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        asked[3].cancel()
        return await asyncio.gather(*asked, return_exceptions=True)

    answers = door.run(send())
    assert [isinstance(answer, BaseException) for answer in answers].count(True) == 1
    assert {answer.status for answer in answers if isinstance(answer, Answer)} == {200}


# --- every event is counted once -----------------------------------------------------------------

GOOD = st.integers(0, 6).map(a_track)
FAULTY = st.sampled_from(
    [
        {"type": "page"},
        {"type": "sing", "userId": "u"},
        {"type": "page", "userId": "u", "timestamp": "soon"},
        {"type": "page", "userId": "u", "context": {"consent": {"categoryPreferences": {"all": False}}}},
        a_track(9, properties={"a": "\0"}),
        None,
    ]
)
REQUESTS = st.lists(
    st.tuples(
        st.sampled_from([KEY, KEY, KEY, "slow", "unknown", ""]),
        st.one_of(
            GOOD, FAULTY, st.lists(st.one_of(GOOD, GOOD, FAULTY), max_size=8).map(lambda events: {"batch": events})
        ),
        st.booleans(),
    ),
    max_size=12,
)


def is_batch(content: Any) -> bool:
    return isinstance(content, dict) and "batch" in content


@given(requests=REQUESTS, most=st.sampled_from([5, 20_000]))
@settings(max_examples=settings().max_examples // 5)
def test_accepted_quarantined_duplicate_and_refused_are_all_that_was_sent(
    requests: list[tuple[str, Any, bool]], most: int
) -> None:
    memory = Memory()
    keys = [a_key(), a_key(2, "slow", rate=1)]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(group, "MOST_WAITING", most)
        patched.setattr(app, "LOOK_AGAIN_SECONDS", 0.001)  # unknown keys are asked for often here
        with opened(*keys, write=memory) as door:
            for key, content, away in requests:
                memory.away = OperationalError("gone") if away else None
                call = "batch" if is_batch(content) else "track"
                said = {"query": f"writeKey={key}"}
                door.together((call, content, said), ("track", a_track(1), {}))
            memory.away = None
        # An empty batch that is refused counts as one request.
        sent = sum(
            1 + (max(len(content["batch"]), key in ("", "unknown")) if is_batch(content) else 1)
            for key, content, _ in requests
        )
        assert sum(door.counted.values()) == sent
        assert door.counted["accepted"] == len(memory.ids) == len(set(memory.ids))
        assert door.counted["quarantined"] == len(memory.rejected)


# --- the set of reasons --------------------------------------------------------------------------


def test_every_reason_says_what_a_client_should_do_about_it() -> None:
    """Four hundreds are the sender's fault, 429 and 503 come with a time to try again; 200 tells nothing."""
    assert set(REASONS.values()) <= {200, 400, 401, 403, 413, 429, 503}
    with pytest.raises(KeyError):
        Refused("something_else", "It went wrong.")


def test_an_answer_is_json_whatever_was_asked(door: Door) -> None:
    answer = door.post("track", b'{"event": "\xf0\x9f')
    assert answer.headers["content-type"] == "application/json"
    said = msgspec.json.decode(answer.body)
    assert said["success"] is False
    assert said["code"] == "no_json"
    assert said["message"]


def test_time_is_asked_once_a_batch(door: Door, memory: Memory) -> None:
    before = datetime.now(UTC).replace(tzinfo=None)
    door.post("batch", {"batch": [a_track(1), a_track(2)]})
    one, two = [datetime.fromisoformat(arrival.received_at) for arrival in memory.arrivals]
    assert before <= one == two


def test_what_cannot_be_read_counts_for_the_key_it_came_with(door: Door, memory: Memory) -> None:
    assert door.post("page", PAGE).status == 200
    assert door.post("page", b"hello").code == "no_json"
    assert door.post("page", b"hello", query="writeKey=x").code == "no_json"
    refused = {key: count for (key, outcome, _), count in memory.tally.items() if outcome == "refused"}
    waiting = {key: count for (key, _, _), count in door.collector.group.refused.items()}
    assert refused | waiting == {1: 1, 0: 1}
