"""A process that is killed in the middle of an import: what stands is whole, and the same file again completes it."""

import time
from collections.abc import Callable

import pytest
from django.db import connection

from assay.actions.actors import actor
from assay.actions.imports import import_leads, import_signals
from assay.actions.scoring import refolded, states_of
from assay.records.models import Import, Lead, Signal
from tests.actions import replay
from tests.actions.orders import KINDS, lead_rows, signal_rows
from tests.actions.processes import Worker
from tests.people import NOW, mara
from tests.records.dump import everything

pytestmark = pytest.mark.slow

PEOPLE = range(200)
BATCH = 10
END_SECONDS = 20


@pytest.fixture(params=[(1, 0.003), (6, 0.011)], ids=lambda param: f"after batch {param[0]}")
def killed(request: pytest.FixtureRequest, database_url: str) -> Callable[[str], None]:
    """Runs an import in a process of its own, and kills that a moment after one of its batches."""
    batches, moment = request.param
    by = mara().email

    def run(verb: str) -> None:
        worker = Worker(database_url)
        assert worker.is_ready()
        worker.tell(verb, numbers=list(PEOPLE), batch=BATCH, by=by)
        for _ in range(batches):
            assert worker.hear() == {"batch": BATCH}
        time.sleep(moment)
        worker.process.kill()
        worker.process.communicate()
        wait_until_the_server_has_noticed()

    return run


def wait_until_the_server_has_noticed() -> None:
    """PostgreSQL takes back what a client left behind as soon as it sees that it is gone."""
    deadline = time.monotonic() + END_SECONDS
    while others() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not others()


def others() -> int:
    """Other connections to this database."""
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        [(count,)] = cursor.fetchall()
        return int(count)


def test_leads(killed: Callable[[str], None]) -> None:
    killed("import_leads")
    cut_off = Import.objects.get()
    assert cut_off.finished_at is None
    assert cut_off.counts["rows"] == cut_off.counts["new"] == Lead.objects.count()
    assert Lead.objects.count() in range(BATCH, len(PEOPLE), BATCH)
    assert_whole()

    again = import_leads(lead_rows(PEOPLE), "leads.csv", {}, actor(mara()), NOW)
    assert again.finished_at == NOW
    assert again.counts == {"rows": 200, "new": 200 - cut_off.counts["new"], "known": cut_off.counts["new"]}
    assert Lead.objects.count() == len(PEOPLE)
    assert_whole()


def test_signals(killed: Callable[[str], None]) -> None:
    import_leads(lead_rows(PEOPLE[:100]), "leads.csv", {}, actor(mara()), NOW)
    killed("import_signals")
    cut_off = Import.objects.latest("pk")
    assert cut_off.finished_at is None
    assert cut_off.counts["rows"] == cut_off.counts["new"] == Signal.objects.count()
    assert Signal.objects.count() in range(BATCH, len(PEOPLE) * len(KINDS), BATCH)
    assert_whole()

    again = import_signals(signal_rows(PEOPLE), "signals.csv", {}, actor(mara()), NOW)
    assert (again.counts["known"], again.counts["new"]) == (
        cut_off.counts["new"],
        len(PEOPLE) * len(KINDS) - cut_off.counts["new"],
    )
    assert Signal.objects.count() == len(PEOPLE) * len(KINDS)
    assert_whole()


def assert_whole() -> None:
    """Every lead has all that belongs to a lead, and the states of a count from the log."""
    rows = everything()
    replay.check(rows)
    leads = {row["id"] for row in rows["Lead"]}
    assert {row["lead_id"] for row in rows["Score"]} == leads
    assert {row["person_id"] for row in rows["Lead"]} == {row["id"] for row in rows["Person"]}
    assert {row["person_id"] for row in rows["Identity"]} - {None} == {row["id"] for row in rows["Person"]}
    assert states_of(sorted(leads)) == refolded(sorted(leads), NOW)
