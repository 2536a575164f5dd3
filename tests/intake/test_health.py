"""Whether the program lives and can serve, and its figures for Prometheus."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError, connection
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from assay.actions.keys import add_key
from assay.actions.signals import record_signals
from assay.actions.writing import in_transaction
from assay.intake import health, metrics
from assay.records import triggers
from assay.records.models import PendingSignal, Signal
from assay.settings import current
from tests.intake.door import Answer, Request, ask_collector, ask_health, batch
from tests.people import NOW, a_signal

METRICS = Request("/metrics")


@pytest.fixture
def _database(transactional_db: None) -> None:
    """What is asked in a thread of its own has to be committed."""


def value(answer: Answer, name: str, **labels: str) -> float | None:
    """What the text says of one figure."""
    families = text_string_to_metric_families(answer.body.decode())
    samples = [sample for family in families for sample in family.samples if sample.name == name]
    return next((sample.value for sample in samples if sample.labels == labels), None)


# --- health --------------------------------------------------------------------------------------


def test_a_process_that_answers_lives_whatever_its_database_does():
    [answer] = ask_health(Request("/health/live"), healthy=False)
    assert (answer.status, answer.json) == (200, {"live": True})


@pytest.mark.usefixtures("_database")
def test_a_process_is_ready_when_all_is_well():
    [answer] = ask_health(Request("/health/ready"))
    assert answer.status == 200
    assert answer.json == {
        "ready": True,
        "checks": {"database": "ok", "migrations": "ok", "triggers": "ok", "collector": "ok"},
    }


@pytest.mark.usefixtures("_database")
def test_a_process_that_could_not_write_is_not_ready():
    [answer] = ask_health(Request("/health/ready"), healthy=False)
    assert answer.status == 503
    assert answer.json["checks"]["collector"] == "the last writing failed"


@pytest.mark.usefixtures("_database")
def test_a_database_without_its_triggers_is_not_ready():
    triggers.remove(connection)
    try:
        [answer] = ask_health(Request("/health/ready"))
    finally:
        triggers.install(connection)
    assert answer.status == 503
    assert "signal_not_deleted" in answer.json["checks"]["triggers"]


@pytest.mark.usefixtures("_database")
def test_a_database_that_lacks_a_migration_is_not_ready(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(health, "unapplied", lambda: {("records", "9999_next")})
    [answer] = ask_health(Request("/health/ready"))
    assert (answer.status, answer.json["checks"]["migrations"]) == (503, "1 to apply")


@pytest.mark.usefixtures("_database")
def test_a_database_that_is_away_is_told_and_not_asked_by_everybody(monkeypatch: pytest.MonkeyPatch):
    asked = []

    def away() -> set[tuple[str, str]]:
        asked.append(1)
        raise OperationalError("connection refused")

    monkeypatch.setattr(health, "unapplied", away)
    answers = ask_health(*[Request("/health/ready")] * 5)
    assert [(answer.status, answer.json["checks"]["database"]) for answer in answers] == [(503, "does not answer")] * 5
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("request_", "status"),
    [(Request("/health/other"), 404), (Request("/health/live", "POST"), 405), (Request("/metrics", "POST"), 405)],
)
def test_nothing_else_is_answered(request_: Request, status: int):
    assert ask_health(request_)[0].status == status


# --- metrics -------------------------------------------------------------------------------------


@pytest.mark.usefixtures("_database")
def test_every_event_that_was_sent_is_in_the_figures_once():
    key = add_key("Website", "Website", NOW).key
    good = {"type": "track", "event": "Demo Requested", "anonymousId": "a", "messageId": "m-1"}
    nobody = {"type": "track", "event": "Demo Requested"}
    ask_collector(batch(key, [good, nobody]), batch(key, [good]), batch("unknown", [good, good]))
    [answer] = ask_health(METRICS)
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert value(answer, "assay_events_total", outcome="accepted", reason="") == 1
    assert value(answer, "assay_events_total", outcome="duplicate", reason="") == 1
    assert value(answer, "assay_events_total", outcome="quarantined", reason="no_who") == 1
    assert value(answer, "assay_events_total", outcome="refused", reason="unknown_key") == 2
    assert value(answer, "assay_signals_waiting") == 1
    lag = value(answer, "assay_intake_lag_seconds")
    assert lag is not None
    assert 0 <= lag < 60
    assert [value(answer, "assay_outbox_messages", state=state) for state in ("waiting", "dead")] == [0, 0]
    assert value(answer, "process_resident_memory_bytes")


@pytest.mark.usefixtures("_database")
def test_what_lies_in_the_future_does_not_wait_yet_and_then_only_since_its_time():
    now = datetime.now(UTC)
    moments = (now - timedelta(seconds=90), now + timedelta(days=1))
    rows = [a_signal("page_view", at, visitor_id="v") for at in moments]
    in_transaction(lambda: record_signals(rows, NOW - timedelta(days=30)))
    for signal in Signal.objects.all():
        PendingSignal.objects.get_or_create(signal=signal, defaults={"at": signal.at})
    [answer] = ask_health(METRICS)
    assert value(answer, "assay_signals_waiting") == 1
    lag = value(answer, "assay_intake_lag_seconds")
    assert lag is not None
    assert 90 <= lag < 150


@pytest.mark.usefixtures("_database")
def test_figures_in_the_words_of_openmetrics():
    [answer] = ask_health(METRICS._replace(headers={"accept": "application/openmetrics-text; version=1.0.0"}))
    assert answer.headers["content-type"].startswith("application/openmetrics-text")
    assert answer.body.endswith(b"# EOF\n")


def test_without_a_database_a_process_still_has_figures(monkeypatch: pytest.MonkeyPatch):
    def away() -> metrics.Figures:
        raise OperationalError("connection refused")

    monkeypatch.setattr(health, "read_figures", away)
    [answer] = ask_health(METRICS)
    assert answer.status == 200
    assert value(answer, "assay_database_up") == 0
    assert value(answer, "process_resident_memory_bytes")
    assert value(answer, "assay_signals_waiting") is None


LOCAL, REMOTE = ("127.0.0.1", 1), ("192.0.2.7", 1)
TOKEN = "a token of some length"


@pytest.mark.parametrize(
    ("client", "headers", "token", "may"),
    [
        (LOCAL, {}, None, True),
        (("::1", 1), {}, None, True),
        (REMOTE, {}, None, False),
        (None, {}, None, False),
        (("a socket", 1), {}, None, False),
        # A proxy on this machine brings what anybody asks.
        (LOCAL, {b"x-forwarded-for": b"192.0.2.7"}, None, False),
        (LOCAL, {b"forwarded": b"for=192.0.2.7"}, None, False),
        (LOCAL, {b"x-forwarded-for": b"192.0.2.7", b"authorization": f"Bearer {TOKEN}".encode()}, TOKEN, True),
        (REMOTE, {b"authorization": f"Bearer {TOKEN}".encode()}, TOKEN, True),
        (REMOTE, {b"authorization": b"Bearer guessed"}, TOKEN, False),
        (REMOTE, {b"authorization": b"Bearer \xff"}, TOKEN, False),
        (REMOTE, {b"authorization": b"Bearer "}, None, False),
        (LOCAL, {}, TOKEN, True),
    ],
)
def test_figures_are_for_this_machine_and_who_has_the_token(
    client: tuple[str, int] | None,
    headers: dict[bytes, bytes],
    token: str | None,
    may: bool,
    monkeypatch: pytest.MonkeyPatch,
):
    known = current.model_copy(update={"metrics_token": SecretStr(token) if token else None})
    monkeypatch.setattr(metrics, "current", known)
    assert metrics.may_read(client, headers) is may


def test_a_stranger_is_told_what_to_do():
    [answer] = ask_health(METRICS._replace(client=REMOTE))
    assert answer.status == 403
    assert b"ASSAY_METRICS_TOKEN" in answer.body
