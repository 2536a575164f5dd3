"""Settings, Webhooks: endpoints added, given a new secret, switched off and on, their log read and replayed."""

from datetime import timedelta

import pytest

from assay.actions.delivering import claim, settle
from assay.domain.delivery import Channel, Outcome, Result
from assay.domain.events import EVENTS
from assay.domain.failures import GONE, NOT_REACHED
from assay.domain.phrase import Phrase
from assay.records.models import OutboxMessage, WebhookEndpoint
from tests.desk.reading import browser, queries, text
from tests.hooks import URL, an_endpoint
from tests.people import NOW, ada, an_mql, mara

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_mail_server")]

LIST = "/settings/webhooks/"


def address(endpoint: WebhookEndpoint, what: str = "") -> str:
    return f"{LIST}{endpoint.pk}/{what}"


def attempt(outcome: Outcome, at: timedelta = timedelta()) -> None:
    for message in claim(NOW + at, list(Channel), 100):
        settle(message, outcome, NOW + at, chance=0)


def test_an_endpoint_is_added_and_its_secret_shown_once():
    admin = browser(ada())
    assert "Nobody is." in text(admin.get(LIST))
    made = admin.post(LIST, {"url": URL, "name": "Our CRM", "types": ["lead.accepted", "deal.won"]})
    endpoint = WebhookEndpoint.objects.get()
    assert (endpoint.name, endpoint.types) == ("Our CRM", ["lead.accepted", "deal.won"])
    assert "whsec_" in text(made)
    assert made["Cache-Control"] == "no-store"
    assert "whsec_" not in text(admin.get(address(endpoint)))
    assert "Our CRM https://crm.example/hooks lead.accepted, deal.won on 0 0" in text(admin.get(LIST))
    rotated = admin.post(address(endpoint, "rotate/"))
    assert "whsec_" in text(rotated)
    assert "signed with the former one as well" in text(rotated)
    assert text(rotated) != text(made)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"url": "crm.example", "everything": "on"}, "is no address that events can be sent to"),
        ({"url": URL}, "at least one"),
        ({"url": URL, "types": ["lead.sold"]}, "lead.sold"),
        ({"everything": "on"}, "required"),
    ],
)
def test_what_makes_no_sense_is_said_beside_the_field(asked: dict[str, str], said: str):
    response = browser(ada()).post(LIST, asked)
    assert (response.status_code, said in text(response)) == (422, True)
    assert not WebhookEndpoint.objects.exists()
    endpoint = an_endpoint()
    again = browser(ada()).post(address(endpoint), asked)
    assert (again.status_code, said in text(again)) == (422, True)
    assert WebhookEndpoint.objects.get().types == ["*"]


def test_it_is_changed_tried_out_switched_off_and_on_and_removed():
    admin, endpoint = browser(ada()), an_endpoint("deal.won")
    admin.post(address(endpoint), {"url": "https://other.example/", "everything": "on"})
    endpoint.refresh_from_db()
    assert (endpoint.url, endpoint.types, endpoint.name) == ("https://other.example/", ["*"], "other.example")
    assert "A test is on its way" in text(admin.post(address(endpoint, "do/"), {"what": "test"}, follow=True))
    assert OutboxMessage.objects.get().type == "webhook.test"
    off = text(admin.post(address(endpoint, "do/"), {"what": "disable"}, follow=True))
    assert "It is told nothing since" in off
    assert "given up" in off
    refused = admin.post(address(endpoint, "do/"), {"what": "disable"}, follow=True)
    assert "switched off already" in text(refused)
    assert "told again" in text(admin.post(address(endpoint, "do/"), {"what": "enable"}, follow=True))
    assert "Removed" in text(admin.post(address(endpoint, "do/"), {"what": "remove"}, follow=True))
    assert admin.post(address(endpoint, "do/"), {"what": "test"}).status_code == 404
    assert not WebhookEndpoint.objects.exists()


def test_the_log_says_what_was_tried_and_sends_it_again():
    admin, endpoint = browser(ada()), an_endpoint("lead.promoted")
    lead = an_mql()
    attempt(Outcome(Result.FAILED, Phrase(NOT_REACHED, host="crm.example", why="connection refused")))
    attempt(Outcome(Result.FAILED, "It answered 500.", 500, "<b>sorry</b>"), timedelta(minutes=5))
    said = admin.get(address(endpoint))
    assert f"waits lead.promoted Lead {lead.pk}" in text(said)
    assert "2 attempts and what was said" in text(said)
    assert "crm.example could not be reached: connection refused." in text(said)
    assert "&lt;b&gt;sorry&lt;/b&gt;" in said.content.decode()
    assert "Nina North" in text(said)
    attempt(Outcome(Result.GONE, GONE, 410), timedelta(hours=1))
    an_endpoint("lead.promoted")
    assert "off: it answered 410 Gone" in text(admin.get(LIST))
    dead = admin.get(f"{address(endpoint)}?only=dead")
    assert "Send the 1 given up again" in text(dead)
    admin.post(address(endpoint, "do/"), {"what": "enable"})
    again = admin.post(address(endpoint, "replay/"), {}, follow=True)
    assert "1 message is sent again in a moment." in text(again)
    assert "Nothing was given up." in text(admin.get(f"{address(endpoint)}?only=dead"))
    attempt(Outcome(Result.DELIVERED, status=204), timedelta(hours=2))
    message = OutboxMessage.objects.get(destination=endpoint.pk)
    for number, told in ((str(message.pk), "1 message is sent again"), ("4711", "There is no message 4711.")):
        assert told in text(admin.post(address(endpoint, "replay/"), {"message": number}, follow=True))


def test_the_pages_take_a_fixed_number_of_queries():
    admin, endpoint = browser(ada()), an_endpoint("lead.promoted")
    an_mql()
    attempt(Outcome(Result.FAILED, "It answered 500.", 500))
    few = [queries(admin, where) for where in (LIST, address(endpoint))]
    for _ in range(3):
        an_endpoint()
        an_mql()
    attempt(Outcome(Result.FAILED, "It answered 500.", 500))
    assert [queries(admin, where) for where in (LIST, address(endpoint))] == few


def test_every_type_stands_on_the_page_with_what_it_means():
    said = text(browser(ada()).get(LIST))
    assert all(name in said and entry.sentence in said for name, entry in EVENTS.items())


def test_only_an_admin_gets_there():
    endpoint = an_endpoint()
    for where in (LIST, address(endpoint)):
        assert browser(mara()).get(where).status_code == 403
