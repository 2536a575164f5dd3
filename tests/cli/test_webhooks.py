"""Webhooks set up, tried out, looked at and replayed from a shell."""

from collections.abc import Iterator
from ipaddress import ip_network

import pytest

from assay.records.models import OutboxMessage, WebhookEndpoint
from assay.settings import current
from assay.work import webhook
from tests.cli.conftest import Assay
from tests.hooks import URL, Listener, listening
from tests.people import an_sql

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_mail_server")]


@pytest.fixture
def listener(monkeypatch: pytest.MonkeyPatch) -> Iterator[Listener]:
    allowed = current.model_copy(update={"webhook_private": (ip_network("127.0.0.0/8"),)})
    monkeypatch.setattr(webhook, "settings", allowed)
    with listening() as server:
        yield server


def test_an_endpoint_is_added_shown_rotated_switched_and_removed(assay: Assay):
    assert assay("webhook", "list").out == "There is none yet: assay webhook add URL --types TYPES\n"
    made = assay("webhook", "add", URL, "--types", "lead.accepted,deal.won", "--name", "CRM", "--json").json
    assert made["secret"].startswith("whsec_")
    endpoint = WebhookEndpoint.objects.get()
    [listed] = assay("webhook", "list", "--json").json
    assert listed == {name: value for name, value in made.items() if name != "secret"}
    assert listed.items() >= {"number": endpoint.pk, "name": "CRM", "types": ["lead.accepted", "deal.won"]}.items()
    rotated = assay("webhook", "rotate", "CRM")
    assert "whsec_" in rotated.out
    assert "not shown again" in rotated.err
    assert made["secret"] not in rotated.out
    assert assay("webhook", "disable", URL).code == 0
    assert "disabled (2026-11-04)" in assay("webhook", "list").out
    assert assay("webhook", "disable", URL).code == 1
    assert "--endpoint" in assay("webhook", "enable", endpoint.pk).out
    assert "told" in assay("webhook", "list").out
    assert assay("webhook", "remove", "CRM").code == 0
    assert assay("webhook", "remove", "CRM").code == 2


def test_what_it_is_told_is_tried_out_logged_and_replayed(assay: Assay, listener: Listener):
    assay("webhook", "add", listener.url(), "--types", "lead.accepted", "--name", "CRM")
    assert assay("webhook", "log").out == "Nothing was sent yet.\n"
    assert "it answered 200" in assay("webhook", "test", "CRM").out
    assert listener.calls[0].said["type"] == "webhook.test"
    lead = an_sql()
    OutboxMessage.objects.filter(type="lead.accepted").update(due_at=None, dead_at=lead.captured_at)
    dead = OutboxMessage.objects.get(type="lead.accepted")
    listed = assay("webhook", "log", "CRM").out
    assert "lead.accepted" in listed
    assert "webhook.test" in listed
    [row] = assay("webhook", "log", "--dead", "--json").json
    assert row.items() >= {"number": dead.pk, "lead": lead.pk, "state": "dead", "attempts": []}.items()
    listener.plan(500)
    assert "was not delivered. It answered 500." in assay("webhook", "replay", dead.pk).out
    OutboxMessage.objects.filter(pk=dead.pk).update(due_at=None, dead_at=lead.captured_at)
    assert "1 message will be sent again" in assay("webhook", "replay", "--dead", "--endpoint", "CRM").out
    assert "was delivered: it answered 200." in assay("webhook", "replay", dead.pk).out
    assert [call.said["type"] for call in listener.calls] == ["webhook.test", "lead.accepted", "lead.accepted"]
    assert listener.calls[1].id == listener.calls[2].id


def test_bad_input_says_what_to_do(assay: Assay):
    for words, said in (
        (["add", "crm.example"], "is no address that events can be sent to"),
        (["add", URL, "--types", "lead.sold"], "The types are: lead.promoted"),
        (["test", "CRM"], 'There is no endpoint "CRM"'),
        (["replay"], "Say what to send again"),
        (["replay", "7", "--dead"], "Say what to send again"),
        (["replay", "7"], "There is no message 7"),
    ):
        done = assay("webhook", *words)
        assert (done.code, said in done.err) == (2, True), done.err
    assert "lead.promoted" in assay("webhook", "types").out
    assert assay("webhook", "types", "--json").json["deal.won"] == "A deal was won."
