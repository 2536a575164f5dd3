"""Endpoints of other systems: who may set them up, what they are told, and when they are told no more."""

from datetime import timedelta

import pytest
from django.test import override_settings

from assay.actions.actors import actor
from assay.actions.delivering import claim, settle
from assay.actions.replaying import replay, replay_dead, send_test
from assay.actions.webhooks import (
    GIVE_UP,
    ROTATION,
    add_endpoint,
    change_endpoint,
    disable_endpoint,
    enable_endpoint,
    endpoint_named,
    remove_endpoint,
    rotate_secret,
)
from assay.domain.delivery import Channel, Outcome, Result
from assay.domain.errors import Refused
from assay.records import sealing
from assay.records.models import OutboxMessage, WebhookEndpoint
from assay.records.outbox import State
from tests.hooks import URL, an_endpoint, an_endpoint_with_secret
from tests.people import NOW, ada, an_mql, an_sql, mara
from tests.records.dump import everything, refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_mail_server")]

FAILED = Outcome(Result.FAILED, "It answered 500.", 500)
GONE = Outcome(Result.GONE, "It answered 410 Gone.", 410)
DELIVERED = Outcome(Result.DELIVERED, status=200)


def attempt(outcome: Outcome, at: timedelta = timedelta()) -> None:
    """What is due goes out, all with this outcome."""
    for message in claim(NOW + at, list(Channel), 100):
        settle(message, outcome, NOW + at, chance=0)


def stands(endpoint: WebhookEndpoint) -> WebhookEndpoint:
    return WebhookEndpoint.objects.get(pk=endpoint.pk)


def states() -> list[State]:
    return [message.state for message in OutboxMessage.objects.order_by("pk")]


def test_the_secret_is_shown_once_and_kept_so_that_only_we_can_sign_with_it():
    endpoint, secret = an_endpoint_with_secret()
    assert secret.startswith("whsec_")
    assert secret not in repr(everything())
    assert sealing.unseal(endpoint.secret) == secret
    sealing._fernet.cache_clear()
    with override_settings(SECRET_KEY="another key of this installation"):
        with pytest.raises(Refused, match="another ASSAY_SECRET_KEY"):
            sealing.unseal(endpoint.secret)
        sealing._fernet.cache_clear()


def test_a_rotated_secret_leaves_the_former_one_a_day():
    endpoint, first = an_endpoint_with_secret()
    changed, second = rotate_secret(endpoint.pk, actor(ada()), NOW)
    assert first != second
    assert [sealing.unseal(one) for one in (changed.secret, changed.previous_secret)] == [second, first]
    assert changed.previous_until == NOW + ROTATION


@pytest.mark.parametrize(
    ("url", "types", "code"),
    [
        ("crm.example/hooks", ["*"], "bad_url"),
        ("ftp://crm.example/", ["*"], "bad_url"),
        ("https:///hooks", ["*"], "bad_url"),
        ("https://user:secret@crm.example/", ["*"], "bad_url"),
        ("https://crm.example/#part", ["*"], "bad_url"),
        ("https://crm.example/a b", ["*"], "bad_url"),
        ("https://crm.example/\r\nX-Evil: 1", ["*"], "bad_url"),
        ("https://crm.example:99999/", ["*"], "bad_url"),
        ("https://" + "a" * 64 + ".example/", ["*"], "bad_url"),
        ("https://crm.example/" + "a" * 2_000, ["*"], "bad_url"),
        (URL, [], "no_types"),
        (URL, [" "], "no_types"),
        (URL, ["lead.promoted", "lead.sold"], "unknown_type"),
        (URL, ["desk.only"], "unknown_type"),
    ],
)
def test_what_makes_no_sense_makes_no_endpoint(url: str, types: list[str], code: str):
    by = actor(ada())
    with refused(code):
        add_endpoint(url, types, by, NOW)


def test_an_address_is_kept_as_it_is_called():
    endpoint, _ = add_endpoint(" https://Büro.example:8443/hooks?k=v ", ["lead.promoted"] * 2, actor(ada()), NOW)
    assert endpoint.url == "https://xn--bro-hoa.example:8443/hooks?k=v"
    assert (endpoint.name, endpoint.types) == ("xn--bro-hoa.example:8443", ["lead.promoted"])
    by_number = change_endpoint(endpoint.pk, actor(ada()), url=URL, types=["deal.won", "*"], name="Our CRM")
    assert (by_number.url, by_number.types, by_number.name) == (URL, ["*"], "Our CRM")
    assert {endpoint_named(text).pk for text in (str(endpoint.pk), URL, "Our CRM")} == {endpoint.pk}


def test_only_an_admin_may_do_any_of_it():
    endpoint, by = an_endpoint(), actor(mara())
    an_mql()
    message = OutboxMessage.objects.get()
    for attempt_by_marketing in (
        lambda: add_endpoint(URL, ["*"], by, NOW),
        lambda: change_endpoint(endpoint.pk, by, url=URL, types=["*"]),
        lambda: rotate_secret(endpoint.pk, by, NOW),
        lambda: disable_endpoint(endpoint.pk, by, NOW),
        lambda: enable_endpoint(endpoint.pk, by),
        lambda: remove_endpoint(endpoint.pk, by, NOW),
        lambda: send_test(endpoint, by, NOW),
        lambda: replay(message.pk, by, NOW),
        lambda: replay_dead(by, NOW),
    ):
        with refused("not_admin"):
            attempt_by_marketing()


def test_who_is_gone_is_told_nothing_more_until_somebody_switches_it_on():
    endpoint = an_endpoint("lead.promoted")
    an_mql()
    an_mql()
    [first, _] = claim(NOW, list(Channel), 100)
    settle(first, GONE, NOW)
    assert (stands(endpoint).disabled_at, stands(endpoint).disabled_why) == (NOW, "gone")
    assert states() == [State.DEAD, State.DEAD]
    an_mql()
    assert len(states()) == 2
    enable_endpoint(endpoint.pk, actor(ada()))
    assert replay_dead(actor(ada()), NOW, endpoint) == 2
    attempt(DELIVERED)
    assert states() == [State.DELIVERED, State.DELIVERED]


def test_who_fails_for_days_is_told_nothing_more_and_a_success_forgives():
    endpoint = an_endpoint("lead.promoted")
    an_mql()
    attempt(FAILED)
    assert stands(endpoint).failing_since == NOW
    attempt(DELIVERED, GIVE_UP)
    assert (stands(endpoint).failing_since, stands(endpoint).disabled_at) == (None, None)

    an_mql(NOW + GIVE_UP)
    attempt(FAILED, GIVE_UP)
    replay_dead(actor(ada()), NOW)
    attempt(FAILED, 2 * GIVE_UP - timedelta(seconds=1))
    assert stands(endpoint).disabled_at is None
    OutboxMessage.objects.filter(due_at__isnull=False).update(due_at=NOW)
    attempt(FAILED, 2 * GIVE_UP)
    assert (stands(endpoint).disabled_why, stands(endpoint).disabled_at) == ("failing", NOW + 2 * GIVE_UP)
    assert states()[-1] is State.DEAD


def test_what_is_removed_or_switched_off_keeps_nobody_waiting():
    kept, removed = an_endpoint("lead.promoted"), an_endpoint("lead.promoted")
    an_mql()
    remove_endpoint(removed.pk, actor(ada()), NOW)
    assert states() == [State.WAITING, State.DEAD]
    disable_endpoint(kept.pk, actor(ada()), NOW)
    assert states() == [State.DEAD, State.DEAD]
    assert set(OutboxMessage.objects.values_list("last_error", flat=True)) == {
        "The endpoint was removed.",
        "The endpoint is disabled.",
    }
    with refused("disabled_already"):
        disable_endpoint(kept.pk, actor(ada()), NOW)
    with refused("unknown_endpoint"):
        disable_endpoint(removed.pk, actor(ada()), NOW)
    assert list(WebhookEndpoint.objects.all()) == [kept]


def test_one_message_is_sent_again_as_it_was():
    an_endpoint()
    an_sql()
    attempt(DELIVERED)
    attempt(DELIVERED)
    attempt(DELIVERED)
    first = OutboxMessage.objects.order_by("pk")[0]
    again = replay(first.pk, actor(ada()), NOW + timedelta(days=1))
    assert (again.state, again.attempts, again.event_id, again.payload) == (
        State.WAITING,
        0,
        first.event_id,
        first.payload,
    )
    [message] = claim(NOW + timedelta(days=1), list(Channel), 100)
    assert message.pk == first.pk
    with refused("unknown_message"):
        replay(4711, actor(ada()), NOW)


def test_a_test_goes_to_one_endpoint_whatever_it_wants():
    endpoint = an_endpoint("deal.won")
    an_endpoint("deal.won")
    message = send_test(endpoint, actor(ada()), NOW)
    assert (message.type, message.destination, message.payload) == ("webhook.test", str(endpoint.pk), {"by": "Ada"})
    assert OutboxMessage.objects.count() == 1
