"""Mails over real SMTP, and chats as Slack and Teams take them: what arrives, when, and what an answer means."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from email.message import Message
from ipaddress import ip_network
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from assay.actions import digests
from assay.actions.actors import actor
from assay.actions.chats import add_chat, greet_chat
from assay.actions.delivering import claim, settle
from assay.actions.gate import promote, reject
from assay.actions.notifying import Telling, notify
from assay.actions.preferring import mark_read
from assay.actions.writing import in_transaction
from assay.domain.delivery import Channel, Outcome, Result
from assay.domain.notifications import Kind, Way
from assay.domain.quiet import Rhythm
from assay.records.models import (
    ChatAddress,
    Digest,
    Notification,
    NotificationPreference,
    OutboxAttempt,
    OutboxMessage,
    User,
)
from assay.settings import current
from assay.work import chat, telling
from assay.work.channels import CHANNELS
from assay.work.outbox import attempt
from tests.actions.test_notifying import preferring
from tests.hooks import Listener, listening
from tests.people import NOW, a_lead, ada, an_mql, mara, max_, sam
from tests.postbox import Postbox, parts

ADDRESS = "https://assay.example.com"
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def server() -> Iterator[Listener]:
    with listening() as running:
        yield running


@pytest.fixture
def listener(server: Listener, monkeypatch: pytest.MonkeyPatch) -> Listener:
    """A chat on this machine, which we may call."""
    server.calls.clear()
    server.answers.clear()
    allowed = current.model_copy(update={"webhook_private": (ip_network("127.0.0.0/8"),)})
    monkeypatch.setattr(chat, "settings", allowed)
    return server


@pytest.fixture(autouse=True)
def known_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "current", current.model_copy(update={"address": ADDRESS}))


def deliver_due(now: datetime = NOW) -> list[Outcome]:
    """Deliver all that is due, as `work` does."""
    outcomes = []
    while messages := claim(now, list(Channel), 1):
        outcomes.append(attempt(messages[0], CHANNELS[Channel(messages[0].channel)]))
        settle(messages[0], outcomes[-1], now, 0.0)
    return outcomes


def header(mail: Message, name: str) -> str:
    """A header, however it was folded on its way."""
    return " ".join(str(mail[name]).split())


# --- Mail ------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_mail_says_what_happened_in_the_readers_words_and_how_to_stop(postbox: Postbox):
    User.objects.filter(pk=sam().pk).update(language="en", timezone="Europe/Paris")
    lead = an_mql(name="Nina <b>North</b> & Co\nBcc: eve@evil.example")
    [outcome] = deliver_due()
    assert outcome.result is Result.DELIVERED
    [mail] = postbox.mails
    assert postbox.recipients == ["sam@assay.example"]
    assert header(mail, "subject") == "Nina <b>North</b> & Co Bcc: eve@evil.example is hot and waits at the gate."
    text, html = parts(mail)["text/plain"], parts(mail)["text/html"]
    link = f"{ADDRESS}/notifications/{Notification.objects.get(lead=lead).pk}/"
    assert "Nina <b>North</b> & Co" in text
    assert "Nina &lt;b&gt;North&lt;/b&gt; &amp; Co" in html
    assert "<b>North" not in html
    assert link in text
    assert f'href="{link}"' in html
    assert "googleapis" not in html, "nothing is fetched to show a mail"
    stop = header(mail, "list-unsubscribe").strip("<>")
    assert mail["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    assert stop.startswith(f"{ADDRESS}/notifications/unsubscribe/")
    assert stop in text


@pytest.mark.django_db
def test_the_link_in_a_mail_stops_that_kind_without_a_sign_in_and_not_by_looking(postbox: Postbox):
    sam()
    an_mql()
    deliver_due()
    path = header(postbox.mails[0], "list-unsubscribe").strip("<>").removeprefix(ADDRESS)
    page = Client(enforce_csrf_checks=True)
    assert "A hot lead comes to the gate" in page.get(path).content.decode()
    assert not NotificationPreference.objects.exists()
    assert page.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    preference = NotificationPreference.objects.get()
    assert preference.ways_of(Kind.WAITING) == {Way.DESK, Way.CHAT}
    assert Way.EMAIL in preference.ways_of(Kind.ASSIGNED)
    page.post(path, {"everything": "yes"})
    preference.refresh_from_db()
    assert not any(Way.EMAIL in preference.ways_of(kind) for kind in Kind)
    assert preference.digest == Rhythm.OFF
    for bent in (path.replace("unsubscribe/", "unsubscribe/x"), path[:-3] + "/"):
        assert page.post(bent).status_code == 404


@pytest.mark.django_db
def test_a_mail_that_is_not_taken_waits_for_its_turn_and_for_the_end_of_quiet_hours(postbox: Postbox):
    NotificationPreference.objects.create(user=sam(), quiet_from=time(9, 3), quiet_until=time(17))
    postbox.full = True
    an_mql()
    [first] = deliver_due()
    assert (first.result, first.said) == (Result.FAILED, "The mail server answered 452.")
    [second] = deliver_due(NOW + timedelta(minutes=1))
    assert second.result is Result.FAILED
    assert OutboxMessage.objects.get().due_at == datetime(2026, 11, 4, 17, tzinfo=UTC), "in five minutes it is quiet"
    postbox.full = False
    assert deliver_due(NOW + timedelta(hours=7)) == []
    assert [one.result for one in deliver_due(NOW + timedelta(hours=8))] == [Result.DELIVERED]
    assert len(postbox.mails) == 1


@pytest.mark.django_db
def test_whoever_may_not_sign_in_any_more_gets_nothing(postbox: Postbox):
    sam()
    an_mql()
    User.objects.filter(pk=sam().pk).update(is_active=False)
    assert [one.result for one in deliver_due()] == [Result.REFUSED]
    assert postbox.mails == []


# --- Digest ----------------------------------------------------------------------------------------

MORNING = NOW.replace(hour=8) + DAY


def a_marketer_and_a_rep_who_missed_things() -> None:
    for user in (mara(), sam(), max_()):
        User.objects.filter(pk=user.pk).update(date_joined=NOW - DAY)
    promote(a_lead(name="Wilma West").pk, actor(mara()), NOW, text="met her at the fair")
    lead = an_mql(name="Otto Ost")
    reject(lead.pk, actor(sam()), NOW, reason="too_early")


@pytest.mark.django_db
def test_a_digest_has_what_was_not_seen_and_comes_once(postbox: Postbox):
    a_marketer_and_a_rep_who_missed_things()
    OutboxMessage.objects.all().delete()
    assert digests.make_due_digests(MORNING - timedelta(minutes=1)) == 0
    assert digests.make_due_digests(MORNING) == 3
    assert digests.make_due_digests(MORNING + timedelta(hours=1)) == 0
    deliver_due(MORNING)
    said = {mail["to"]: parts(mail)["text/plain"] for mail in postbox.mails}
    assert set(said) == {"mara@assay.example", "sam@assay.example", "max@assay.example"}
    assert "Otto Ost came back from Sam" in said["mara@assay.example"]
    assert "Wilma West, North" in said["sam@assay.example"]
    assert "Otto Ost" not in said["sam@assay.example"], "he decided it himself"
    assert digests.make_due_digests(MORNING + DAY) == 0, "nothing is said where there is nothing new"
    assert Digest.objects.filter(said=False).count() == 3


@pytest.mark.django_db
def test_a_digest_is_left_out_when_it_is_off_quiet_or_read_meanwhile(postbox: Postbox):
    a_marketer_and_a_rep_who_missed_things()
    OutboxMessage.objects.all().delete()
    NotificationPreference.objects.create(user=sam(), digest=Rhythm.OFF)
    NotificationPreference.objects.create(user=max_(), quiet_from=time(7), quiet_until=time(9))
    assert digests.make_due_digests(MORNING) == 1
    mark_read(mara(), MORNING)
    assert [one.said for one in deliver_due(MORNING)] == ["By now there is nothing left to say."]
    assert postbox.mails == []


# --- Slack and Teams -------------------------------------------------------------------------------


def a_chat(listener: Listener, service: str, **said: Any) -> ChatAddress:
    return add_chat(service, listener.url(), actor(ada()), NOW, **said)


@pytest.mark.django_db
def test_slack_and_teams_get_what_they_take(listener: Listener):
    a_chat(listener, "slack", person=preferring(sam(), Kind.WAITING, Way.DESK, Way.CHAT))
    a_chat(listener, "teams", name="Sales", kinds=[Kind.WAITING])
    lead = an_mql(name="Nina <!channel> [North](https://evil.example)")
    assert {one.result for one in deliver_due()} == {Result.DELIVERED}
    hello, also_hello, slack, teams = sorted((call.said for call in listener.calls), key=lambda said: _order(said))
    assert "Assay writes here from now on." in json.dumps(hello) + json.dumps(also_hello)
    name = "Nina <!channel> [North](https://evil.example) is hot and waits at the gate."
    mine = f"{ADDRESS}/notifications/{Notification.objects.get(lead=lead, user=sam()).pk}/"
    assert slack == {
        "text": "Nina &lt;!channel&gt; [North](https://evil.example) is hot and waits at the gate.",
        "blocks": [
            {"type": "section", "text": {"type": "plain_text", "text": name, "emoji": False}},
            {"type": "context", "elements": [{"type": "mrkdwn", "text": f"<{mine}|Open in Assay>"}]},
        ],
    }
    [attachment] = teams["attachments"]
    assert (teams["type"], attachment["contentType"]) == ("message", "application/vnd.microsoft.card.adaptive")
    assert attachment["content"]["body"] == [{"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": name}]}]
    [action] = attachment["content"]["actions"]
    assert action["url"] == f"{ADDRESS}/leads/{lead.pk}/", "a channel is told once, and is nobody's desk"


def _order(said: dict[str, Any]) -> tuple[bool, bool]:
    return "waits" in json.dumps(said), "attachments" in said


@pytest.mark.django_db
def test_what_a_chat_answers_decides_what_comes_of_it(listener: Listener):
    sales = a_chat(listener, "slack", name="Sales", kinds=[Kind.UNROUTED])
    assert "hooks" not in sales.url, "who has the database alone cannot write there"
    listener.plan(429, retry_after="30")
    listener.plan(200, 400, 500, 404)
    assert [one.result for one in deliver_due()] == [Result.FAILED]
    assert OutboxMessage.objects.get().due_at == NOW + timedelta(seconds=30)
    assert [one.result for one in deliver_due(NOW + timedelta(seconds=30))] == [Result.DELIVERED]
    for expected in (Result.REFUSED, Result.FAILED, Result.GONE):
        OutboxMessage.objects.all().delete()
        greet_chat(sales.pk, actor(ada()), NOW)
        [outcome] = deliver_due()
        assert outcome.result is expected
    sales.refresh_from_db()
    assert sales.gone_at == NOW
    notify_of_nobody()
    assert deliver_due() == [], "what is gone is told nothing more"


def notify_of_nobody() -> None:
    in_transaction(lambda: notify(NOW, [Telling(Kind.UNROUTED, (), a_lead().pk)]))


@pytest.mark.django_db
def test_a_chat_at_an_address_that_is_not_public_is_not_called():
    add_chat("slack", "https://127.0.0.1:9/hooks", actor(ada()), NOW, name="Sales", kinds=[Kind.UNROUTED])
    [outcome] = deliver_due()
    assert "no public address" in outcome.said
    assert outcome.said == OutboxAttempt.objects.get().error


# --- Two at once -----------------------------------------------------------------------------------


@pytest.mark.usefixtures("transactional_db")
def test_two_workers_make_one_digest():
    a_marketer_and_a_rep_who_missed_things()
    OutboxMessage.objects.all().delete()
    made: list[int] = []
    start = threading.Barrier(2)

    def worker() -> None:
        start.wait()
        made.append(digests.make_due_digests(MORNING))
        connection.close()

    threads = [threading.Thread(target=worker) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(made) == Digest.objects.count() == OutboxMessage.objects.count() == 3
