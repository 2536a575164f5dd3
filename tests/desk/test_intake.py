"""Intake: what comes in as it comes, what could not be used, and the keys it comes with."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest
import time_machine

from assay.actions.counting import count_all_waiting
from assay.actions.keys import add_key, revoke_key
from assay.actions.policies import rule
from assay.actions.receive import Rejected, receive
from assay.desk.intake.chart import chart
from assay.desk.intake.keys import tried
from assay.desk.intake.wording import REASONS
from assay.intake.collector.keys import ready
from assay.intake.collector.messages import read_event
from assay.intake.collector.refusals import REASONS as REFUSALS
from assay.intake.collector.steps import Passing, arrival
from assay.intake.statements import read_statement
from assay.records.intake import Minute
from assay.records.models import PendingSignal, Quarantine, Signal, WriteKey
from tests.desk.reading import Page, browser, queries, text
from tests.people import NOW, a_lead, ada, mara, max_, sam, vic

pytestmark = pytest.mark.django_db

RULES = {
    "rules-TOTAL_FORMS": "2",
    "rules-INITIAL_FORMS": "0",
    "rules-0-of": "path",
    "rules-0-pattern": "/pricing*",
    "rules-0-kind": "pricing_view",
    "rules-1-of": "event",
    "rules-1-pattern": "Signed Up",
    "rules-1-kind": "demo_request",
}
SETTINGS = {"name": "Website", "source": "Website", "campaign": "", "origins": "", "rate": ""}


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    """It is nine o'clock and a half minute."""
    with time_machine.travel(NOW + timedelta(seconds=30), tick=False):
        yield


def a_key(name: str = "Website") -> WriteKey:
    return add_key(name, "Website", NOW)


def came(key: WriteKey, *events: dict[str, Any], at: Any = NOW) -> None:
    """Events came in and were stored."""
    kinds = {"type": "page", "anonymousId": "visitor-1"}
    raws = [msgspec.json.encode({**kinds, **event}) for event in events]
    receive([arrival(Passing(read_event(raw), raw, ready(key), at)) for raw in raws], [], Counter(), at)


def went_wrong(key: WriteKey, *events: dict[str, Any], code: str = "no_who", at: Any = NOW) -> list[int]:
    rows = [Rejected(key.pk, code, f"It is wrong: {code}.", event, at) for event in events]
    receive([], rows, Counter(), at)
    return list(Quarantine.objects.order_by("pk").values_list("pk", flat=True))


def intake(part: str = "", query: str = "") -> Page:
    response = browser(mara()).get(f"/intake/{query}", headers={"HX-Target": part} if part else {})
    assert response.status_code == 200
    return response


# --- live ----------------------------------------------------------------------------------------


def test_without_a_key_the_page_says_how_to_begin():
    said = text(intake())
    assert "Nothing can come in yet" in said
    assert "Nothing was sent in the last 24 hours." in said
    assert "Everything that came in could be used." in said


def test_events_are_told_by_minute_hour_key_and_reason():
    website, product = a_key(), a_key("The product")
    came(website, {"messageId": "a"}, {"messageId": "b"}, at=NOW - timedelta(minutes=1))
    came(website, {"messageId": "a"}, {"messageId": "c"})
    came(product, {"messageId": "d"}, at=NOW - timedelta(hours=2))
    went_wrong(website, {}, {}, code="bad_time")
    receive([], [], Counter({(0, "refused", "unknown_key"): 7}), NOW)
    live = intake().context["live"]
    assert (live.minute, live.before, live.hour) == (11, 2, 13)
    assert [(row.name, list(row.counts), list(row.reasons)) for row in live.keys] == [
        ("", [0, 0, 0, 7], [("an unknown write key", 7)]),
        ("Website", [3, 1, 2, 0], [("a time that cannot be", 2)]),
        ("The product", [1, 0, 0, 0], []),
    ]


def test_how_far_the_scores_are_behind():
    came(a_key(), {"messageId": "a"}, {"messageId": "b"}, at=NOW - timedelta(minutes=3))
    said = text(intake("live"))
    assert "Wait to be counted 2" in said
    assert "The oldest waits for 3 minutes behind" in said
    assert "Scores are behind." in said
    count_all_waiting(NOW, read_statement)
    assert "The oldest waits for 0 s keeps up" in text(intake("live"))


def test_last_signals_say_what_who_and_with_which_key():
    lead = a_lead(email="nina@north.example")
    key = a_key()
    came(key, {"messageId": "a", "properties": {"url": "https://www.firm.example/blog/"}})
    came(key, {"messageId": "b", "type": "track", "event": "pricing view", "userId": "nina@north.example"})
    came(key, {"messageId": "c", "properties": {"url": "/"}, "context": {"userAgent": "Googlebot/2.1"}})
    response = intake("live")
    assert [(seen.what, seen.who, seen.lead_id) for seen in response.context["live"].last] == [
        ("Viewed a page", "visitor-1", None),
        ("Viewed pricing", "Nina North", lead.pk),
        ("Viewed a page", "visitor-1", None),
    ]
    said = text(response)
    assert "Viewed a page robot / " in said
    assert "Viewed a page firm.example/blog " in said


def test_each_part_comes_alone_and_refreshes_itself_until_it_is_held():
    for part, other in (("live", "bad"), ("bad", "live")):
        content = intake(part).content.decode()
        assert f'id="{part}"' in content
        assert f'id="{other}"' not in content
        assert 'hx-trigger="every' in content
        assert "<html" not in content
    assert 'hx-trigger="every' not in intake(query="?still=1").content.decode()


def test_the_picture_shows_each_minute_and_says_its_figures():
    minutes = [
        Minute(NOW - timedelta(minutes=59), "accepted", 100),
        Minute(NOW, "accepted", 50),
        Minute(NOW, "refused", 1),
        Minute(NOW - timedelta(minutes=60), "accepted", 9),
    ]
    drawn = chart(minutes, NOW)
    assert [(column.x, [style for style, _, _ in column.parts]) for column in drawn.columns] == [
        (0, ["bar-fit"]),
        (590, ["bar-fit", "bar-bad"]),
    ]
    heights = [height for column in drawn.columns for _, _, height in column.parts]
    assert heights == [96, 48, 2]  # the least of all can still be seen
    assert all(top >= 0 for column in drawn.columns for _, top, _ in column.parts)
    came(a_key(), {"messageId": "a"})
    assert "In the last hour 1 events were taken and 0 were not." in intake().content.decode()


def test_every_reason_has_its_words():
    assert REFUSALS.keys() <= REASONS.keys()


def test_the_page_takes_as_many_queries_however_much_there_is():
    client = browser(mara())
    key = a_key()
    came(key, {"messageId": "first"})
    went_wrong(key, {})
    client.get("/intake/")  # the first page of all makes the rule
    few = queries(client, "/intake/")
    for number in range(20):
        other = a_key(f"Key {number}")
        came(other, *({"messageId": f"{number}-{event}", "anonymousId": f"v{event}"} for event in range(10)))
        went_wrong(other, {}, {}, code=f"code_{number}")
    assert queries(client, "/intake/") == few


def test_long_names_and_what_no_page_should_run_are_shown_as_they_are():
    went_wrong(a_key("x" * 200), {"event": "<script>alert(1)</script>", "properties": "y" * 9_000})
    content = intake().content.decode()
    assert "&lt;script&gt;" in content
    assert "<script>alert" not in content
    assert "y" * 5_000 not in content


# --- replay --------------------------------------------------------------------------------------


def pressed(**said: object) -> Page:
    return browser(mara()).post("/intake/replay/", said, follow=True)


def test_a_row_is_replayed_once():
    [row] = went_wrong(a_key(), {"type": "page", "anonymousId": "v", "messageId": "m"})
    assert "As it came" in text(intake())
    assert "1 event was stored." in text(pressed(row=row))
    assert Signal.objects.get().at == NOW
    assert "That was replayed before. Nothing was changed." in text(pressed(row=row))
    assert Signal.objects.count() == 1
    assert "Everything that came in could be used." in text(intake())


def test_all_of_a_reason_are_replayed_and_what_became_of_them_is_told():
    key = a_key()
    event = {"type": "page", "anonymousId": "v"}
    came(key, {"messageId": "known"})
    went_wrong(key, *({**event, "messageId": name} for name in ("one", "two", "known")), {"type": "page"})
    went_wrong(key, event, code="bad_time")
    said = text(pressed(reason="no_who"))
    assert "2 events were stored. 1 was on record already. 1 still cannot be taken; it says why." in said
    assert Quarantine.objects.filter(replayed_at=None).count() == 2


@pytest.mark.parametrize("said", [{"row": "9" * 30}, {"row": "-1"}, {"reason": "?"}, {}])
def test_what_is_not_there_is_not_replayed(said: dict[str, str]):
    assert "Nothing was changed." in text(pressed(**said))


def test_a_replayed_signal_waits_for_the_scorer():
    [row] = went_wrong(a_key(), {"type": "page", "anonymousId": "v"})
    pressed(row=row)
    assert PendingSignal.objects.get().at == NOW


# --- write keys ----------------------------------------------------------------------------------


def test_a_key_is_made_and_its_lines_can_be_pasted():
    client = browser(ada())
    assert "There is none yet." in text(client.get("/intake/keys/"))
    response = client.post("/intake/keys/", {"name": "Website", "source": "Web"}, follow=True)
    key = WriteKey.objects.get()
    said = text(response)
    assert (key.name, key.source.name, key.campaign) == ("Website", "Web", None)
    assert f'data-key="{key.key}"' in said
    assert 'integrity="sha384-' in said
    assert f"curl http://testserver/v1/track --user {key.key}:" in said
    assert key.key in text(client.get("/intake/keys/"))


def test_a_key_needs_a_name():
    response = browser(mara()).post("/intake/keys/", {"name": " ", "source": "Web"})
    assert response.status_code == 422
    assert not WriteKey.objects.exists()


def test_rules_websites_and_rate_are_kept():
    key = a_key()
    said = (
        SETTINGS | RULES | {"origins": "www.firm.example\nhttp://localhost:8080/", "rate": "20", "campaign": "Autumn"}
    )
    response = browser(mara()).post(f"/intake/keys/{key.pk}/", said, follow=True)
    assert "Kept." in text(response)
    key.refresh_from_db()
    assert key.rules == [
        {"path": "/pricing*", "kind": "pricing_view"},
        {"event": "Signed Up", "kind": "demo_request"},
    ]
    assert (key.origins, key.rate) == (["https://www.firm.example", "http://localhost:8080"], 20)
    assert key.campaign is not None
    assert [form.initial.get("pattern") for form in response.context["rules"]] == ["/pricing*", "Signed Up", None, None]


def test_an_emptied_rule_goes():
    key = a_key()
    client = browser(mara())
    client.post(f"/intake/keys/{key.pk}/", SETTINGS | RULES)
    changed = RULES | {"rules-INITIAL_FORMS": "2", "rules-0-pattern": ""}
    client.post(f"/intake/keys/{key.pk}/", SETTINGS | changed)
    assert WriteKey.objects.get().rules == [{"event": "Signed Up", "kind": "demo_request"}]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"rules-0-pattern": "pricing"}, "“pricing” is no path of a page."),
        ({"rules-0-kind": "made_up"}, "Select a valid choice."),
        ({"origins": "not a site,"}, "“site,” is no address of a website."),
        ({"rate": "-1"}, "greater than or equal to 0"),
        ({"name": ""}, "This field is required."),
    ],
)
def test_what_makes_no_sense_is_told_beside_its_field_and_changes_nothing(wrong: dict[str, str], sentence: str):
    key = a_key()
    response = browser(mara()).post(f"/intake/keys/{key.pk}/", SETTINGS | RULES | wrong)
    assert response.status_code == 422
    assert sentence in text(response)
    assert WriteKey.objects.get().rules == []


def test_a_kind_that_the_policy_lists_no_more_stays():
    key = a_key()
    key.rules = [{"path": "/old", "kind": "of_before"}]
    key.save()
    client = browser(mara())
    assert "of_before" in client.get(f"/intake/keys/{key.pk}/").content.decode()
    kept = {"rules-TOTAL_FORMS": "1", "rules-INITIAL_FORMS": "1", "rules-0-of": "path"}
    client.post(f"/intake/keys/{key.pk}/", SETTINGS | kept | {"rules-0-pattern": "/old*", "rules-0-kind": "of_before"})
    assert WriteKey.objects.get().rules == [{"path": "/old*", "kind": "of_before"}]


@pytest.mark.parametrize(
    ("asked", "kind", "counts"),
    [
        ("/pricing/teams", "pricing_view", True),
        ("/blog", "page_view", True),
        ("signed up", "demo_request", True),
        ("Gave Up", "gave_up", False),
        ("", "", False),
    ],
)
def test_a_page_or_an_event_can_be_tried(asked: str, kind: str, counts: bool):
    key = a_key()
    key.rules = [{"path": "/pricing*", "kind": "pricing_view"}, {"event": "Signed Up", "kind": "demo_request"}]
    found = tried(key, rule(NOW).policy, {"try": asked})
    assert (found.kind, found.counts) == (kind, counts)


def test_trying_answers_without_the_page():
    key = a_key()
    response = browser(mara()).get(f"/intake/keys/{key.pk}/?try=/blog", headers={"HX-Target": "tried"})
    assert text(response).strip() == "/blog counts as Viewed a page page_view"


def test_a_revoked_key_says_so_and_is_not_revoked_twice():
    key = a_key()
    client = browser(mara())
    assert "Nothing comes in with it any more" in text(client.post(f"/intake/keys/{key.pk}/revoke/", follow=True))
    assert "It was revoked on" in text(client.get(f"/intake/keys/{key.pk}/"))
    assert "was revoked at" in text(client.post(f"/intake/keys/{key.pk}/revoke/", follow=True))
    assert client.post("/intake/keys/0/revoke/").status_code == 302


def test_revoking_is_of_record():
    key = a_key()
    revoke_key(key.pk, NOW)
    assert WriteKey.objects.get().revoked_at == NOW


@pytest.mark.parametrize("who", [sam, max_, vic])
def test_it_is_for_marketing_and_admins(who: Any):
    key = a_key()
    client = browser(who())
    for address in ("/intake/", "/intake/keys/", f"/intake/keys/{key.pk}/"):
        assert client.get(address).status_code == 403
    assert client.post("/intake/replay/", {"reason": "no_who"}).status_code == 403
    assert "Intake" not in text(client.get("/inbox/"))
