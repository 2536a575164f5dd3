"""No IP address is stored whole, from wherever it comes: the connection, a header, an event, a refused one, a file."""

import asyncio
import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection

from assay.actions.actors import actor
from assay.actions.counting import count_all_waiting
from assay.actions.imports import import_leads, import_signals
from assay.domain.rows import Refusal
from assay.intake.collector.app import Collector
from assay.intake.collector.batches import sort_everything
from assay.intake.statements import read_statement
from assay.records.models import IntakeCount, Landed, Lead, Signal
from tests.actions.arrivals import a_key
from tests.people import NOW, PASSWORD, a_row, a_signal, mara
from tests.records.dump import everything

V4, V6 = "203.0.113.77", "2001:db8:1:2:3:4:5:6"
HEADERS = ("x-forwarded-for", "forwarded", "x-real-ip", "cf-connecting-ip", "true-client-ip")


def stands_somewhere() -> bool:
    """Whether one of the addresses stands anywhere in the database, whole."""
    rows = repr(everything())
    return any(address in rows for address in (V4, V6, "3:4:5:6"))


async def post(collector: Collector, path: str, body: bytes) -> int:
    """One request from an address that is whole, with headers that say it too; the status of the answer."""
    names = [(name.encode(), f"for={V4}, {V6}".encode()) for name in HEADERS]
    basic = b"Basic " + base64.b64encode(b"wk:")
    headers = [*names, (b"authorization", basic), (b"content-length", str(len(body)).encode())]
    scope = {"type": "http", "method": "POST", "path": path, "headers": headers, "query_string": b"", "client": (V4, 1)}
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(dict(message))

    await collector(scope, receive, send)
    status: int = sent[0]["status"]
    return status


def events() -> list[dict[str, Any]]:
    """Events in which addresses stand where clients and pages put them."""
    context = {"ip": V4, "page": {"url": f"https://x.example/?ip={V4}&six={V6}"}, "device": {"ip": V6}}
    said = {"ip": V4, "client": {"addresses": [V6, V4]}}
    return [
        {"type": "page", "anonymousId": "v1", "context": context, "properties": said},
        {"type": "track", "event": "Signed Up", "anonymousId": V4, "context": context, "properties": said},
        {"type": "identify", "userId": "u1", "traits": {**said, "name": "Nina", "email": "nina@north.example"}},
        {"type": "track", "event": "No one", "context": context, "properties": said},
        {"type": "page", "anonymousId": "v1", "timestamp": "never", "context": context, "ip": V4, "traits": said},
    ]


def test_events_over_http(transactional_db: None):
    a_key()

    async def bring() -> list[int]:
        collector = Collector()
        await collector.start()
        batch = json.dumps({"batch": events(), "context": {"ip": V4}}).encode()
        broken = f'{{"type": "page", "context": {{"ip": "{V4}"}}, "v6": "{V6}"'.encode()
        one = json.dumps(events()[0]).encode()
        within = json.dumps({"batch": [f"{V4} and {V6}", [V4]]}).encode()
        bodies = [("/v1/batch", batch), ("/v1/page", one), ("/v1/page", broken), ("/v1/batch", within)]
        statuses = [await post(collector, path, body) for path, body in bodies]
        await collector.stop()
        return statuses

    assert asyncio.run(bring()) == [200, 200, 400, 200]
    landed = [bytes(content).decode() for content in Landed.objects.values_list("content", flat=True)]
    assert landed
    assert not [address for address in (V4, V6) if address in repr(landed)]
    sort_everything()
    count_all_waiting(datetime.now(UTC), read_statement)
    assert Signal.objects.count() == 4
    assert Lead.objects.get().facts["lead.ip"] == "203.0.113.0"
    assert sum(IntakeCount.objects.filter(outcome="quarantined").values_list("count", flat=True)) == 4
    assert not stands_somewhere()


@pytest.mark.django_db
def test_rows_of_files():
    by = actor(mara())
    refused = Refusal(3, "bad_date", "No date.", {"ip": V4})
    import_leads([a_row(attributes={"IP address": V4, "last ip": V6}), refused], "leads.csv", {}, by, NOW)
    seen = a_signal("page_view", email="nina@north.example", url=f"https://x.example/?ip={V4}", properties={"ip": V6})
    import_signals([seen], "signals.csv", {}, by, NOW)
    assert not stands_somewhere()
    assert Signal.objects.get().properties == {"ip": "2001:db8:1::"}


@pytest.mark.django_db
def test_people_who_sign_in(client: Any):
    user = mara()
    signed_in = client.post("/account/login/", {"login": user.email, "password": PASSWORD}, REMOTE_ADDR=V4)
    assert signed_in.status_code == 302
    client.post("/account/login/", {"login": user.email, "password": "wrong"}, REMOTE_ADDR=V4)
    tables = [name for name in connection.introspection.table_names() if name.startswith(("usersessions", "cache"))]
    assert len(tables) >= 2
    for table in tables:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {table}")
            assert V4 not in repr(cursor.fetchall())
