"""What becomes of one event: which kind, when, whose, and why it is refused."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from assay.actions.receive import Arrival
from assay.intake.collector.keys import Key, Keys
from assay.intake.collector.messages import Context, read_event
from assay.intake.collector.refusals import Refused
from assay.intake.collector.steps import LONGEST_ID, LONGEST_MESSAGE_ID, LONGEST_URL, Passing, arrival
from tests.intake.collector.door import KEY, a_key

NOW = datetime(2026, 11, 4, 9, 0, tzinfo=UTC)
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"


def the_key(*rules: dict[str, str]) -> Key:
    keys = Keys()
    keys.renew([a_key(rules=list(rules))])
    key = keys(KEY)
    assert key
    return key


def take(event: object, *rules: dict[str, str], agent: str = "", sent_at: str | None = None, **batch: Any) -> Arrival:
    """An event as it would be stored."""
    raw = event if isinstance(event, bytes) else msgspec.json.encode(event)
    context = msgspec.convert(batch.get("context", {}), Context)
    return arrival(Passing(read_event(raw), raw, the_key(*rules), NOW, agent, context, sent_at))


def a_track(event: str = "Pricing Viewed", **said: Any) -> dict[str, Any]:
    return {"type": "track", "event": event, "anonymousId": "v1", **said}


def a_page(**said: Any) -> dict[str, Any]:
    return {"type": "page", "anonymousId": "v1", **said}


def properties(stored: Arrival) -> Any:
    return msgspec.json.decode(stored.properties)


# --- why an event is refused ---------------------------------------------------------------------

FAULTS: list[tuple[str, object]] = [
    ("too_large", b" " * (32 * 1024 + 1)),
    ("no_json", b"event=Signed+Up"),
    ("no_json", b'{"event": "\xff"}'),
    ("wrong_field", a_track(properties=[1])),
    ("wrong_field", a_track(userId=True)),
    ("wrong_field", a_track(timestamp=1_700_000_000)),
    ("wrong_field", b"[]"),
    ("wrong_field", b'{"type": "track", "properties": {"n": 1e999}}'),
    ("wrong_type", {"type": "sing", "anonymousId": "v1"}),
    ("wrong_type", {"anonymousId": "v1"}),
    ("no_who", {"type": "page"}),
    ("no_who", {"type": "page", "anonymousId": " ", "userId": ""}),
    ("no_who", {"type": "group", "groupId": "g1"}),
    ("no_name", {"type": "track", "anonymousId": "v1"}),
    ("no_name", a_track("  ")),
    ("no_name", {"type": "group", "userId": "u1"}),
    ("no_name", {"type": "alias", "userId": "u1"}),
    ("no_name", {"type": "alias", "anonymousId": "v1", "previousId": "v2"}),
    ("too_long", a_track(anonymousId="v" * (LONGEST_ID + 1))),
    ("too_long", a_track("e" * 101)),
    ("too_long", a_track(messageId="m" * (LONGEST_MESSAGE_ID + 1))),
    ("too_long", a_page(properties={"url": "u" * (LONGEST_URL + 1)})),
    ("too_long", a_page(properties={"url": 5})),
    ("too_deep", b'{"properties": ' + b'{"a": ' * 100 + b"1" + b"}" * 101),
    ("too_deep", b'{"properties": {"a": ' + b"[" * 5_000 + b"]" * 5_000 + b"}}"),
    ("bad_time", a_track(timestamp="yesterday")),
    ("bad_time", a_track(timestamp="1999-12-31T23:59:59Z")),
    ("bad_time", a_track(timestamp="2028-01-01T00:00:00Z")),
    ("bad_time", a_track(timestamp="9999-12-31T23:59:59Z", sentAt="2000-01-01T00:00:00Z")),
    ("bad_time", a_track(timestamp="2026-11-04T09:00:00Z", sentAt="now")),
    ("bad_time", a_track(timestamp="0001-01-01T00:00:00+14:00")),
    ("bad_email", {"type": "identify", "userId": "u1", "traits": {"email": "nina at north"}}),
    ("bad_email", {"type": "identify", "userId": "u1", "traits": {"email": 5}}),
    ("bad_text", a_track(properties={"plan": "team\0"})),
    ("no_consent", a_track(context={"consent": {"categoryPreferences": {"analytics": False, "ads": False}}})),
]


@pytest.mark.parametrize(("reason", "event"), FAULTS, ids=[f"{n} {reason}" for n, (reason, _) in enumerate(FAULTS)])
def test_a_fault_has_its_reason_and_a_sentence_that_says_what_to_do(reason: str, event: object) -> None:
    with pytest.raises(Refused) as why:
        take(event)
    assert why.value.reason == reason
    assert 20 < len(str(why.value)) < 400
    assert str(why.value).endswith((".", "}"))


@pytest.mark.parametrize(
    "event",
    [
        a_track(anonymousId="v" * LONGEST_ID),
        a_track("e" * 100),
        a_track(messageId="m" * LONGEST_MESSAGE_ID),
        a_track(properties={"text": "x" * 32_000}),
        a_track(properties={"path": "C:\\u0000\\temp"}),  # a backslash and a "u0000", not the character
        a_track(properties={"list": [[] for _ in range(200)]}),  # wide and not deep
        b'{"type":"track","event":"e","anonymousId":"v1","properties":{"n":123456789012345678901234567890}}',
        a_track(context={"consent": {"categoryPreferences": {"analytics": True, "ads": False}}}),
        a_track(context={"consent": {"categoryPreferences": {}}}),
        a_track(surprise={"a": 1}),
    ],
)
def test_what_is_just_within_the_limits_is_taken(event: object) -> None:
    assert take(event).kind


# --- kinds ---------------------------------------------------------------------------------------


def test_the_name_of_an_event_is_its_kind() -> None:
    assert take(a_track("Pricing Viewed")).kind == "pricing_viewed"
    assert take(a_track(" Order - Completed ")).kind == "order_completed"
    assert take({"type": "screen", "userId": "u1", "name": "Home"}).kind == "screen_view"


def test_a_rule_of_the_key_gives_an_event_another_kind_whatever_its_case() -> None:
    rule = {"event": "Signed Up", "kind": "trial_started"}
    assert take(a_track("signed up"), rule).kind == "trial_started"
    assert take(a_track("Signed Up Late"), rule).kind == "signed_up_late"


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ({"properties": {"path": "/pricing/team"}}, "pricing_view"),
        ({"context": {"page": {"path": "/pricing"}}}, "pricing_view"),
        ({"context": {"page": {"url": "https://www.example.com/pricing?utm_source=x"}}}, "pricing_view"),
        ({"properties": {"url": "https://www.example.com/docs/"}}, "docs_view"),
        ({"properties": {"path": "/pricing", "url": "https://www.example.com/docs/"}}, "pricing_view"),
        ({"properties": {"path": "/Pricing"}}, "page_view"),
        ({"properties": {"path": "/about/pricing"}}, "page_view"),
        ({"properties": {"url": "http://[broken"}}, "page_view"),
        ({}, "page_view"),
    ],
)
def test_a_page_is_of_the_kind_its_path_has_by_the_rules(said: dict[str, Any], kind: str) -> None:
    rules = [{"path": "/pricing*", "kind": "pricing_view"}, {"path": "/docs/*", "kind": "docs_view"}]
    assert take(a_page(**said), *rules).kind == kind


def test_the_first_rule_that_fits_decides() -> None:
    rules = [{"path": "/pricing/faq", "kind": "faq_view"}, {"path": "/pricing*", "kind": "pricing_view"}]
    assert take(a_page(properties={"path": "/pricing/faq"}), *rules).kind == "faq_view"


@pytest.mark.parametrize("name", ["Identify", "group", "ALIAS"])
def test_an_event_that_is_named_like_a_call_says_nothing_of_who_somebody_is(name: str) -> None:
    forged = {"ids": {"user_id": "boss", "email": "boss@north.example"}}
    stored = take(a_track(name, properties=forged))
    assert stored.kind == f"{name.lower()}_event"
    assert take(a_track("join"), {"event": "join", "kind": "group"}).kind == "group_event"


# --- whose ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "who"),
    [
        ({"anonymousId": "v1"}, ("visitor", "v1")),
        ({"anonymousId": 12}, ("visitor", "12")),
        ({"anonymousId": "v1", "userId": "u1"}, ("user", "u1")),
        ({"userId": " u1 "}, ("user", "u1")),
        ({"userId": "Nina@North.example"}, ("email", "nina@north.example")),
        ({"anonymousId": "v1", "traits": {"email": "nina@north.example"}}, ("email", "nina@north.example")),
        (
            {"anonymousId": "v1", "context": {"traits": {"email": "nina@north.example"}}},
            ("email", "nina@north.example"),
        ),
        ({"anonymousId": "v1", "traits": {"email": "no address"}}, ("visitor", "v1")),
    ],
)
def test_an_event_hangs_on_the_surest_of_its_ids(said: dict[str, Any], who: tuple[str, str]) -> None:
    stored = take({"type": "track", "event": "e", **said})
    assert (stored.who, stored.name) == who


def test_a_statement_keeps_every_id_it_names_and_its_traits() -> None:
    said = {"anonymousId": "v1", "userId": "u1", "traits": {"email": "Nina@North.example", "title": "CEO"}}
    stored = take({"type": "identify", **said, "context": {"traits": {"title": "CTO", "phone": "1"}}})
    assert properties(stored)["ids"] == {"user_id": "u1", "email": "nina@north.example", "visitor_id": "v1"}
    assert properties(stored)["traits"] == {"title": "CEO", "phone": "1", "email": "Nina@North.example"}


# --- when ----------------------------------------------------------------------------------------


def stored_at(**said: Any) -> str:
    return take(a_track(**said)).at


def test_an_event_without_a_time_happened_when_it_came() -> None:
    assert stored_at() == stored_at(sentAt="2020-01-01T00:00:00Z") == "2026-11-04 09:00:00"


def test_a_time_is_kept_in_utc() -> None:
    assert stored_at(timestamp="2026-11-04T09:00:00.250+01:00") == "2026-11-04 08:00:00.250000"
    assert stored_at(timestamp="2026-11-04T09:00:00") == "2026-11-04 09:00:00"
    assert stored_at(timestamp="2026-11-04T09:00:00Z", originalTimestamp="2026-11-03T09:00:00Z")[:10] == "2026-11-03"


def test_a_clock_gone_wrong_is_set_right_by_when_it_says_it_sent() -> None:
    """It happened ten minutes before it was sent, whatever year the sender believes it is."""
    assert stored_at(timestamp="2019-01-01T00:00:00Z", sentAt="2019-01-01T00:10:00Z") == "2026-11-04 08:50:00"
    batch = take(a_track(timestamp="2031-01-01T00:00:00Z"), sent_at="2031-01-01T00:10:00Z")
    assert batch.at == "2026-11-04 08:50:00"
    own = take(a_track(timestamp="2031-01-01T00:00:00Z", sentAt="2031-01-01T00:20:00Z"), sent_at="2026-11-04T09:00:00Z")
    assert own.at == "2026-11-04 08:40:00"


def test_an_event_may_be_of_the_near_future() -> None:
    soon = NOW + timedelta(days=366)
    assert stored_at(timestamp=soon.isoformat()) == "2027-11-05 09:00:00"


# --- what it tells -------------------------------------------------------------------------------


def test_where_it_came_from_is_kept() -> None:
    context = {
        "page": {"url": "https://www.example.com/pricing", "referrer": "https://search.example/"},
        "campaign": {"source": "search", "name": "Autumn", "medium": None},
        "referrer": {"url": "https://claude.ai/"},
        "ip": "192.0.2.7",
    }
    stored = take(a_track(properties={"plan": "team"}, context=context))
    assert stored.url == "https://www.example.com/pricing"
    assert properties(stored) == {
        "plan": "team",
        "event": "Pricing Viewed",
        "utm_source": "search",
        "utm_campaign": "Autumn",
        "referrer": "https://search.example/",
        "entry_referrer": "https://claude.ai/",
    }


def test_what_an_event_does_not_say_its_batch_does() -> None:
    batch = {"page": {"url": "https://www.example.com/a"}, "userAgent": "Googlebot/2.1"}
    stored = take(a_track(), context=batch)
    assert (stored.url, stored.bot_reason) == ("https://www.example.com/a", "crawler")
    own = take(a_track(context={"page": {"url": "https://www.example.com/b"}}), context=batch)
    assert (own.url, own.bot_reason) == ("https://www.example.com/b", "")


@pytest.mark.parametrize(
    ("agent", "reason"),
    [
        (CHROME, ""),
        ("", ""),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "crawler"),
        (CHROME.replace("Chrome/", "HeadlessChrome/"), "headless"),
        ("curl/8.5.0", "crawler"),
        ("x" * 30_000, ""),
    ],
)
def test_a_program_is_known_by_the_name_it_gives_itself(agent: str, reason: str) -> None:
    stored = take(a_page(context={"userAgent": agent}))
    assert (stored.bot, stored.bot_reason) == (bool(reason), reason)
    assert take(a_page(), agent=agent[:2_000]).bot_reason == reason


def test_a_character_cut_in_two_is_replaced() -> None:
    """Browsers send half an emoji where a script has cut a text in the middle of one."""
    texts = b'{"a":"x\\ud83d","b":"\\uDE00\\ud83d\\ude00\\\\ud83d"}'
    raw = b'{"type":"track","event":"e","anonymousId":"v1","properties":%s}' % texts
    assert properties(take(raw)) == {"event": "e", "a": "x\ufffd", "b": "\ufffd\N{GRINNING FACE}\\ud83d"}


# --- the same event twice ------------------------------------------------------------------------


def test_an_event_is_known_again_by_its_message_id() -> None:
    assert take(a_track(messageId=" m1 ")).message_id == "m1"


def test_without_one_by_its_content_where_that_says_when() -> None:
    at = {"timestamp": "2026-11-04T09:00:00Z"}
    assert take(a_track(**at)).message_id == take(a_track(**at)).message_id
    assert take(a_track(**at)).message_id != take(a_track(**at, properties={"plan": "team"})).message_id


def test_else_every_one_is_another() -> None:
    assert take(a_track()).message_id != take(a_track()).message_id
    assert take(a_track(messageId=" ")).message_id != take(a_track(messageId=" ")).message_id
