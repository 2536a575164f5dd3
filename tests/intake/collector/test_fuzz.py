"""Whatever comes in: an answer that says what was wrong, never a 500, and the next one is served."""

import gzip
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from assay.actions.counting import count_all_waiting
from assay.intake.collector.app import CALLS
from assay.intake.statements import read_statement
from assay.records.models import PendingSignal, Quarantine
from tests.actions.events import TEXT, the_key
from tests.intake.collector.door import KEY, Door, Memory, opened
from tests.people import NOW

EXAMPLES = settings().max_examples * 3
ANSWERS = {200, 204, 400, 401, 403, 404, 405, 413, 429}

# Values of every type where another belongs, and those that some parser, database or clock cannot take.
ODD = st.sampled_from(
    [
        *(
            "",
            " ",
            "\0",
            "\ud83d",
            "\udfff\ud800",
            "x" * 33_000,
            "=1+1",
            "é" * 320,
            "\u202e",
            "a@b.example",
            "@",
            "NaN",
        ),
        *(0, -1, 2**63, 2**64, -(2**70), 10**308, 10**400, 1e308, -1e-308, 0.1, True, False, None),
        *(
            "2026-11-04T09:00:00Z",
            "9999-12-31T23:59:59Z",
            "0001-01-01T00:00:00+14:00",
            "2026-13-45",
            "24:00",
            "20261104",
        ),
    ]
)
VALUES = st.recursive(
    ODD | st.text(max_size=20) | st.floats() | st.integers(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
FIELDS = (
    *("type", "messageId", "anonymousId", "userId", "event", "name", "category", "properties", "traits", "context"),
    *("timestamp", "originalTimestamp", "sentAt", "groupId", "previousId", "writeKey", "batch"),
)
PARTS = (
    "page",
    "campaign",
    "referrer",
    "userAgent",
    "traits",
    "consent",
    "ip",
    "url",
    "path",
    "email",
    "categoryPreferences",
)
NESTED = st.dictionaries(st.sampled_from(PARTS) | st.text(max_size=5), VALUES, max_size=4)
GOOD = st.fixed_dictionaries(
    {"type": st.sampled_from(["track", "identify", "page", "group", "alias", "screen"]), "userId": st.just("u1")},
    optional={"event": st.just("e"), "groupId": st.just("g.example"), "previousId": st.just("v1"), "traits": NESTED},
)
EVENTS = st.builds(
    lambda good, odd: {**good, **odd},
    GOOD | st.just({}),
    st.dictionaries(st.sampled_from(FIELDS), VALUES | NESTED, max_size=4),
)
BODIES = st.one_of(
    st.binary(max_size=200),
    VALUES.map(lambda value: json.dumps(value).encode()),
    EVENTS.map(lambda event: json.dumps(event).encode()),
    st.lists(EVENTS | VALUES, max_size=5).map(lambda events: json.dumps({"batch": events}).encode()),
    st.integers(1, 3_000).map(lambda depth: b'{"batch":[{"properties":' + b"[" * depth + b"]" * depth + b"}]}"),
    st.integers(1, 3_000).map(
        lambda depth: b'{"userId":"u","type":"page","x":' + b'{"a":' * depth + b"1" + b"}" * depth + b"}"
    ),
    st.integers(1, 6_000).map(lambda digits: b'{"event":"e","userId":"u","properties":{"n":-' + b"9" * digits + b"}}"),
)
HEADERS = st.dictionaries(
    st.sampled_from(
        ["authorization", "origin", "content-encoding", "content-length", "user-agent", "content-type", "x"]
    ),
    st.sampled_from(
        ["", "gzip", "Basic", "Basic :", "Basic w6k6", "-1", "1e3", "null", "é", "\x7f", "x" * 9_000, "text/plain"]
    ),
    max_size=3,
)
CALL = st.sampled_from(sorted(CALLS))


@pytest.fixture(scope="module")
def door() -> Iterator[Door]:
    with opened(write=Memory()) as running:
        yield running


@given(
    call=CALL,
    body=BODIES,
    headers=HEADERS,
    packed=st.booleans(),
    query=st.sampled_from([f"writeKey={KEY}", "", "writeKey", "%"]),
)
@example("batch", b'{"batch":[' + b"[" * 100_000, {}, False, f"writeKey={KEY}")
@example("track", b"{" * 400_000, {}, False, f"writeKey={KEY}")
@settings(max_examples=EXAMPLES)
def test_any_request_gets_an_answer_that_tells_what_is_wrong(
    door: Door, call: str, body: bytes, headers: dict[str, str], packed: bool, query: str
) -> None:
    if packed:
        body, headers = gzip.compress(body), {**headers, "content-encoding": "gzip"}
    answer = door.post(call, body, headers=headers, query=query)
    assert answer.status in ANSWERS
    said = json.loads(answer.body)
    assert said == {"success": True} or (said["success"] is False and said["code"] and said["message"])
    assert door.post("page", {"userId": "u1"}).status == 200


@given(
    method=st.sampled_from(["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "POST", "TRACE", "X"]),
    path=st.text("abc/%.\\é\0", max_size=20).map(lambda text: f"/v1/{text}"),
    headers=HEADERS,
)
@settings(max_examples=EXAMPLES // 3)
def test_any_address_and_method_gets_an_answer(door: Door, method: str, path: str, headers: dict[str, str]) -> None:
    assert door.ask(method, path, headers).status in ANSWERS


@given(batches=st.lists(st.lists(EVENTS | VALUES, max_size=6), min_size=1, max_size=3))
# One database for all examples: what came before must not matter either.
@settings(
    max_examples=max(20, settings().max_examples // 5), suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_was_taken_can_be_stored_and_counted(batches: list[list[Any]], transactional_db: None) -> None:
    """Nothing that passes the collector stops the database or the scorer behind it."""
    the_key()
    with opened() as running:
        for events in batches:
            body = json.dumps({"batch": events}).encode()
            answer = running.post("batch", body, query=f"writeKey={TEXT}")
            assert answer.status == 200 or answer.code in ("no_batch", "too_large"), answer
        assert running.collector.group.healthy
    count_all_waiting(NOW.replace(year=2028), read_statement)
    assert not PendingSignal.objects.exists()
    assert not Quarantine.objects.filter(code="not_counted").exists()
