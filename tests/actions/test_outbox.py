"""What is told to others commits with what happened, for those who want it and for nobody else."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from assay.actions import work
from assay.actions.actors import INTAKE, actor
from assay.actions.answers import answer
from assay.actions.capture import capture
from assay.actions.erasure import erase
from assay.actions.gate import accept, reject
from assay.actions.outbox import nothing_posted, post
from assay.actions.signals import record_signals
from assay.domain.erasure import Why
from assay.domain.events import EVENTS, OF_MOVE
from assay.domain.ladder import MOVES, Rung
from assay.records.models import Decision, OutboxMessage, WebhookEndpoint
from assay.records.webhooks import WhyDisabled
from tests.hooks import an_endpoint
from tests.people import NOW, a_lead, a_lead_on, a_row, a_signal, ada, an_mql, an_opportunity, mara, sam
from tests.records.dump import taken_back

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_mail_server")]

LATER = NOW + timedelta(hours=3)


def told() -> list[str]:
    """The types of what waits to be told, in order."""
    return list(OutboxMessage.objects.order_by("pk").values_list("type", flat=True))


def test_a_lead_on_its_way_up_tells_of_each_move_in_order():
    endpoint = an_endpoint()
    a_lead_on(Rung.WON)
    assert told() == ["lead.promoted", "lead.accepted", "lead.qualified", "deal.opened", "deal.won"]
    rows = OutboxMessage.objects.select_related("decision")
    assert {(row.channel, row.destination, row.due_at, row.attempts) for row in rows} == {
        ("webhook", str(endpoint.pk), NOW, 0)
    }
    assert [OF_MOVE[row.decision.move] for row in rows.order_by("pk") if row.decision] == told()
    won = rows.get(type="deal.won").payload
    assert won["deal"] == {"value": "11000", "currency": "EUR", "close_date": "2026-11-04"}
    assert (won["lead"]["rung"], won["lead"]["owner"]["email"]) == ("won", "sam@assay.example")


def test_every_move_but_capture_has_its_event():
    assert set(MOVES) - set(OF_MOVE) == {"capture"}
    assert set(OF_MOVE.values()) <= set(EVENTS)


def test_what_is_told_says_who_what_and_why():
    an_endpoint("lead.rejected", "lead.rejection_answered")
    lead = an_mql(email="nina@north.example", lead_id="crm-7")
    decision = reject(lead.pk, actor(sam()), LATER, reason="too_early")
    answer(decision.pk, actor(mara()), LATER, "We will ask for the date.")
    rejected, answered = OutboxMessage.objects.order_by("pk")
    assert rejected.payload["lead"].items() >= {
        "id": lead.pk, "external_id": "crm-7", "name": "Nina North", "email": "nina@north.example",
        "company": {"name": "North", "domain": "north.example", "country": "FR"}, "source": "Website",
        "rung": "lead", "owner": None, "pass_number": 1,
    }.items()  # fmt: skip
    assert rejected.payload["decision"].items() >= {
        "id": decision.pk, "move": "reject", "from_rung": "mql", "to_rung": "lead", "by": "Sam",
        "desk": "sales", "reason": "too_early", "at": "2026-11-04T12:00:00Z",
    }.items()  # fmt: skip
    assert answered.payload["answer"]["text"] == "We will ask for the date."
    assert answered.payload["decision"] == rejected.payload["decision"]
    for row in (rejected, answered):
        assert is_as_documented(row)


def is_as_documented(row: OutboxMessage) -> bool:
    """Whether the payload has the shape of its type, as it leaves and is read elsewhere."""
    read = EVENTS[row.type].data.model_validate_json(json.dumps(row.payload))
    return bool(read.model_dump(mode="json") == row.payload)


def test_nobody_who_listens_no_row():
    an_endpoint("deal.won")
    gone = an_endpoint()
    WebhookEndpoint.objects.filter(pk=gone.pk).update(disabled_at=NOW, disabled_why=WhyDisabled.GONE)
    an_opportunity()
    assert told() == []


def test_each_who_listens_gets_the_same_event():
    an_endpoint("lead.promoted")
    an_endpoint("lead.promoted", "lead.accepted")
    an_mql()
    one, other = OutboxMessage.objects.all()
    assert (one.event_id, one.payload) == (other.event_id, other.payload)
    assert one.destination != other.destination


def test_what_is_taken_back_is_told_to_nobody():
    an_endpoint("lead.accepted")
    lead = an_mql()
    with taken_back():
        accept(lead.pk, actor(sam()), LATER)
        assert told() == ["lead.accepted"]
    assert told() == []
    accept(lead.pk, actor(sam()), LATER)
    assert told() == ["lead.accepted"]


def test_history_and_the_demo_tell_nobody():
    an_endpoint()
    with nothing_posted():
        lead = an_mql()
    assert told() == []
    accept(lead.pk, actor(sam()), LATER)
    assert told() == ["lead.accepted", "lead.qualified"]


def promote_many(number: int, domain: str) -> int:
    """Promotes so many leads in one transaction; returns the queries it took."""
    emails = [f"p{one}@{domain}.example" for one in range(number)]
    with transaction.atomic():
        capture([a_row(email, lead_id=None) for email in emails], INTAKE, NOW)
        with CaptureQueriesContext(connection) as queries:
            record_signals([a_signal("demo_request", NOW, email) for email in emails], NOW)
    assert Decision.objects.filter(move="promote", lead__person__email__in=emails).count() == number
    return len(queries)


def test_many_promotions_at_once_take_no_more_queries_than_few():
    ada()
    promote_many(1, "first")
    without = promote_many(3, "untold")
    an_endpoint()
    an_endpoint()
    few, many = promote_many(3, "few"), promote_many(60, "many")
    assert OutboxMessage.objects.count() == 2 * 63
    assert many == few
    assert few - without <= 4


def test_an_erased_person_is_told_of_by_number_alone():
    an_endpoint()
    lead = an_mql(email="nina@north.example", lead_id="crm-7")
    accept(lead.pk, actor(sam()), LATER, fit_note="Nina is the one")
    erase(lead.person_id, actor(ada()), LATER, Why.ASKED)
    rows = OutboxMessage.objects.order_by("pk")
    assert told() == ["lead.promoted", "lead.accepted", "lead.qualified", "lead.disqualified", "lead.erased"]
    assert rows[4].payload == {"lead": {"id": lead.pk}}
    assert "nina" not in repr([row.payload for row in rows]).lower()
    for row in rows:
        assert is_as_documented(row)


def test_what_no_other_system_may_subscribe_to_goes_to_none():
    an_endpoint()
    assert post(NOW, "desk.only", lead=a_lead().pk, payload={"clock": "gate"}) == []
    assert told() == []


def test_a_deal_that_is_lost_says_what_it_was_worth():
    lead = an_opportunity()
    an_endpoint("deal.lost")
    work.lose(lead.pk, actor(sam()), LATER, reason="price")
    row = OutboxMessage.objects.get()
    assert Decimal(row.payload["deal"]["value"]) == 12_000
    assert row.payload["decision"]["reason"] == "price"
