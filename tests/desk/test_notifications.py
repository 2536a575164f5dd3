"""The bell, the page of what one was told, how one wants to hear of it, and the chats an admin gives."""

from datetime import time

import pytest
from django.test import Client

from assay.domain.notifications import Kind, Way
from assay.domain.quiet import Rhythm
from assay.records.models import ChatAddress, Notification, NotificationPreference, OutboxMessage, User
from tests.desk.reading import browser, queries, text
from tests.people import NOW, ada, an_mql, mara, max_, sam, sia, vic

pytestmark = pytest.mark.django_db

KEPT = {"digest": "weekly", "digest_hour": "7", "quiet_from": "18:00", "quiet_until": "08:30", "quiet_days": ["5", "6"]}


@pytest.fixture
def sams() -> Client:
    """Sam's browser, after a lead came that he and Sia were told of."""
    sam(), sia()
    an_mql(name="Nina <North>")
    return browser(sam())


def told(user: User) -> Notification:
    return Notification.objects.get(user=user)


def test_the_bell_counts_what_is_unread_and_says_nothing_while_that_stays(sams: Client):
    page = sams.get("/inbox/").content.decode()
    assert 'class="bell" href="/notifications/"' in page, "without JavaScript it is a link"
    assert 'hx-get="/notifications/count/"' in page
    first = sams.get("/notifications/count/")
    assert text(first).strip() == "1 unread"
    assert 'name="shown" value="1"' in first.content.decode()
    assert sams.get("/notifications/count/?shown=1").status_code == 204
    Notification.objects.filter(user=sam()).update(read_at=NOW)
    assert text(sams.get("/notifications/count/?shown=1")).strip() == ""


def test_the_bell_counts_no_further_than_anybody_wants_to_know(sams: Client):
    Notification.objects.bulk_create([Notification(user=sam(), kind=Kind.UNROUTED, at=NOW) for _ in range(150)])
    assert text(sams.get("/notifications/count/")).strip() == "99+ unread"


def test_the_page_says_what_came_and_whoever_follows_it_has_read_it(sams: Client):
    page = sams.get("/notifications/")
    assert "Nina <North> is hot and waits at the gate." in text(page)
    assert "Nina &lt;North&gt;" in page.content.decode()
    mine = told(sam())
    assert sams.get(f"/notifications/{mine.pk}/").headers["location"] == f"/leads/{mine.lead_id}/"
    assert told(sam()).read_at is not None
    assert told(sia()).read_at is None
    assert "Mark all as read" not in text(sams.get("/notifications/"))


def test_nobody_reads_what_another_was_told(sams: Client):
    hers = told(sia())
    assert sams.get(f"/notifications/{hers.pk}/").headers["location"] == "/notifications/"
    sams.post("/notifications/read/")
    assert (told(sam()).read_at is not None, told(sia()).read_at) == (True, None)


def test_the_list_asks_for_itself_and_pages_take_as_many_queries_however_much_there_is(sams: Client):
    part = sams.get("/notifications/", headers={"HX-Request": "true", "HX-Target": "told"}).content.decode()
    assert part.startswith('<section id="told"')
    assert 'hx-trigger="every 15s"' in part
    few = queries(sams, "/notifications/")
    lead = told(sam()).lead
    Notification.objects.bulk_create(
        [Notification(user=sam(), kind=Kind.ASSIGNED, lead=lead, details={"by": "Max"}, at=NOW) for _ in range(40)]
    )
    assert queries(sams, "/notifications/") == few <= 6
    assert queries(sams, "/notifications/count/") == 3, "session, user, and the count"
    assert 'rel="next"' in sams.get("/notifications/").content.decode()


def test_each_kind_leads_to_where_one_sees_to_it(sams: Client):
    many = Notification.objects.create(user=sam(), kind=Kind.WAITING, details={"count": 30}, at=NOW)
    key = Notification.objects.create(user=sam(), kind=Kind.KEY_WANTED, details={"number": 4, "by": "Mara"}, at=NOW)
    assert sams.get(f"/notifications/{many.pk}/").headers["location"] == "/inbox/"
    assert sams.get(f"/notifications/{key.pk}/").headers["location"] == "/policy/4/"


def test_preferences_show_the_defaults_of_a_role_and_keep_what_is_chosen():
    client = browser(sam())
    page = client.get("/account/notifications/").content.decode()
    assert 'name="lead.waiting" value="email" checked' in page
    assert 'name="deal.close_date" value="email"><' in page
    assert "clock.breached" not in page, "that is for managers"
    assert 'value="chat"' not in page, "he has no chat"
    client.post("/account/notifications/", {**KEPT, "lead.waiting": ["desk"], "lead.assigned": ["desk", "email"]})
    kept = NotificationPreference.objects.get(user=sam())
    assert kept.ways_of(Kind.WAITING) == {Way.DESK, Way.CHAT}, "a way that was not offered stays as it was"
    assert kept.ways_of(Kind.ASSIGNED) == {Way.DESK, Way.EMAIL, Way.CHAT}
    assert kept.ways_of(Kind.OFFERED) == {Way.CHAT}
    assert (kept.digest, kept.digest_hour, kept.digest_since is not None) == (Rhythm.WEEKLY, 7, True)
    assert (kept.quiet_from, kept.quiet_until, kept.quiet_days) == (time(18), time(8, 30), [5, 6])
    again = client.get("/account/notifications/").content.decode()
    assert 'value="18:00"' in again
    assert 'name="lead.waiting" value="email"><' in again
    assert "there is nothing to choose" in text(browser(vic()).get("/account/notifications/"))


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"quiet_until": ""}, "Quiet hours need both a beginning and an end."),
        ({"quiet_until": "18:00"}, "Quiet hours have to end at another time than they begin."),
        ({"quiet_days": list("0123456")}, "Leave at least one day that is not quiet."),
        ({"quiet_from": "late"}, "Enter a valid time."),
    ],
)
def test_what_makes_no_sense_is_said_and_loses_nothing(said: dict[str, object], sentence: str):
    page = browser(sam()).post("/account/notifications/", KEPT | said | {"lead.waiting": ["desk"]})
    assert sentence in text(page)
    assert 'name="lead.waiting" value="desk" checked' in page.content.decode()
    assert 'name="lead.waiting" value="email"><' in page.content.decode()
    assert not NotificationPreference.objects.exists()


def test_an_admin_gives_chats_to_people_and_channels_and_takes_them_away():
    client = browser(ada())
    slack = {"service": "slack", "url": "https://hooks.example/T0/B0/secret"}
    client.post("/settings/chats/", slack | {"person": str(sam().pk)})
    client.post("/settings/chats/", slack | {"service": "teams", "name": "Sales", "kinds": ["lead.waiting"]})
    page = text(client.get("/settings/chats/"))
    assert "Sales Teams, channel A hot lead comes to the gate on its way" in page
    assert "secret" not in client.get("/settings/chats/").content.decode()
    assert 'name="lead.waiting" value="chat" checked' in browser(sam()).get("/account/notifications/").content.decode()
    first = ChatAddress.objects.get(user=sam())
    client.post("/settings/chats/", slack | {"person": str(sam().pk), "url": "https://hooks.example/new"})
    assert list(ChatAddress.objects.filter(user=sam()).exclude(pk=first.pk).values_list("name", flat=True)) == ["Sam"]
    assert OutboxMessage.objects.get(destination=str(first.pk)).dead_at is not None
    for chat in ChatAddress.objects.all():
        client.post(f"/settings/chats/{chat.pk}/test/")
        client.post(f"/settings/chats/{chat.pk}/remove/")
    assert not ChatAddress.objects.exists()
    assert "There is no chat 0." in text(client.post("/settings/chats/0/test/", follow=True))


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"url": "hooks.example"}, "is no address that events can be sent to"),
        ({"name": " "}, "Say whose chat or which channel it is"),
        ({"kinds": []}, "Say what the channel is told of"),
    ],
)
def test_a_chat_that_makes_no_sense_is_refused(said: dict[str, object], sentence: str):
    chat = {"service": "slack", "url": "https://hooks.example/x", "name": "Sales", "kinds": ["lead.waiting"]}
    assert sentence in text(browser(ada()).post("/settings/chats/", chat | said))
    assert not ChatAddress.objects.exists()


def test_only_an_admin_gives_chats():
    for user in (mara(), max_()):
        assert browser(user).get("/settings/chats/").status_code == 403
