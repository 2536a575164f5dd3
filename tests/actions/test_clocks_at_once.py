"""Two workers on one database, and one that is killed: each step is said once, no turn is given twice."""

import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from assay.actions import routing
from assay.actions.actors import actor
from assay.domain.routing import Criteria
from assay.records.models import Escalation, Offer, RoutingMember
from assay.work.clocks import route, watch
from tests import people
from tests.actions.processes import Worker, at_once
from tests.people import NOW, a_rule, an_mql

pytestmark = pytest.mark.slow

LATE = NOW + timedelta(hours=3)
LEADS = 24


@pytest.fixture
def pair(database_url: str) -> Iterator[list[Worker]]:
    """Two processes on the test database, ready."""
    workers = [Worker(database_url), Worker(database_url)]
    assert [worker.is_ready() for worker in workers] == [True, True]
    yield workers
    for worker in workers:
        worker.end()


def some_leads() -> None:
    """Leads of as many companies at the gate, and two people with shares of two to one."""
    weights = {people.sam().pk: 2, people.sia().pk: 1}
    routing.keep_rule(actor(people.max_()), "Everybody", Criteria(), weights)
    for number in range(LEADS):
        an_mql(email=f"a@firm{number}.example", company=f"Firm {number}")


def both(pair: list[Worker], verb: str, at: datetime) -> list[int]:
    """Let both do the same, started together; how much each did."""
    said: dict[str, object] = {"at": str(at)}
    return [answer["result"]["done"] for answer in at_once(*((worker, verb, said) for worker in pair))]


def shares() -> Counter[str]:
    return Counter(Offer.objects.filter(ended="").values_list("to__first_name", flat=True))


def test_two_workers_and_one_that_is_killed(pair: list[Worker]) -> None:
    """Both watch at once, then both route; one dies in the middle, and the other finishes what it had begun."""
    some_leads()
    taken = both(pair, "watch", LATE)
    assert (sum(taken), Escalation.objects.count()) == (LEADS, LEADS)
    assert shares() == {"Sam": LEADS * 2 // 3, "Sia": LEADS // 3}

    Offer.objects.all().delete()
    a_rule(('when = "off"', 'when = "promotion"'))
    both(pair, "route", NOW)
    assert shares() == {"Sam": LEADS * 2 // 3, "Sia": LEADS // 3}
    assert sum(RoutingMember.objects.values_list("taken", flat=True)) == 2 * LEADS

    Offer.objects.all().delete()
    Escalation.objects.all().delete()
    pair[0].tell("watch", at=str(LATE))
    while not Escalation.objects.exists():
        time.sleep(0.005)
    pair[0].process.kill()
    pair[0].process.communicate()
    before = Escalation.objects.count()
    assert watch(LATE) == LEADS - before
    assert Escalation.objects.count() == Offer.objects.filter(ended="").count() == LEADS
    assert route(LATE) == 0
