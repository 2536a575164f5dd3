"""Several processes on one database: who decides first decides, and nobody and nothing is there twice."""

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial

import pytest
from django.core.management import call_command
from django.db import connection

from assay.actions.outbox import post
from assay.actions.policies import rule
from assay.actions.scoring import refolded
from assay.actions.writing import in_transaction
from assay.domain.ladder import Rung
from assay.records import triggers
from assay.records.facts import facts_of
from assay.records.models import (
    Campaign,
    Company,
    Decision,
    Identity,
    Import,
    Lead,
    Person,
    PolicyVersion,
    Score,
    Signal,
    Source,
)
from tests.actions import replay
from tests.actions.orders import KINDS
from tests.actions.processes import Worker, at_once
from tests.hooks import an_endpoint
from tests.people import NOW, a_lead, an_mql, mara, sam, sia
from tests.records.dump import everything

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("no_mail_server")]

ROUNDS = 8


@pytest.fixture(scope="module")
def workers() -> Iterator[list[Worker]]:
    """Those at work; they go on from test to test, because starting takes longer than working."""
    started: list[Worker] = []
    yield started
    for worker in started:
        worker.end()


@pytest.fixture
def pair(database_url: str, workers: list[Worker]) -> list[Worker]:
    """Two processes on the test database, ready."""
    if not workers:
        workers += [Worker(database_url), Worker(database_url)]
        assert [worker.is_ready() for worker in workers] == [True, True]
    return workers


# --- two decide on one lead ----------------------------------------------------------------------


@pytest.mark.parametrize("other", ["accept", "reject"])
def test_of_two_who_decide_at_once_one_decides(pair: list[Worker], other: str) -> None:
    users = [sam(), sia()]
    for _ in range(ROUNDS):
        lead = an_mql()
        orders = [
            (worker, verb, {"lead": lead.pk, "by": user.email})
            for worker, verb, user in zip(pair, ("accept", other), users, strict=True)
        ]
        answers = at_once(*orders)
        [first] = [place for place, answer in enumerate(answers) if "result" in answer]
        [second] = [answer for answer in answers if "refused" in answer]
        assert second["refused"] == "already_decided"
        assert f"by {users[first].name} at 2026-11-04 09:00" in second["sentence"]
        [decided] = Decision.objects.filter(lead=lead, move__in=["accept", "reject"])
        assert (decided.move, decided.by) == (orders[first][1], users[first])
    replay.check(everything())


# --- two deliver what is in the outbox -----------------------------------------------------------


def test_of_two_who_deliver_each_message_goes_once_and_in_order(pair: list[Worker]) -> None:
    an_endpoint()
    leads = [a_lead().pk for _ in range(8)]
    posted = [(lead, in_transaction(partial(post, NOW, "lead.promoted", lead=lead, payload={}))) for lead in leads * 8]
    said: dict[str, object] = {"number": len(posted)}
    answers = at_once(*((worker, "deliver", said) for worker in pair))
    went = sorted(tuple(one) for answer in answers for one in answer["result"]["delivered"])
    for lead in leads:
        assert [pk for _, about, pk in went if about == lead] == [row.pk for about, [row] in posted if about == lead]
    assert len(went) == len(posted)


# --- two begin with an empty database ------------------------------------------------------------


def test_two_who_ask_for_the_first_rule_get_the_same(pair: list[Worker]) -> None:
    for _ in range(ROUNDS // 2):
        one, other = at_once(*((worker, "rule", {}) for worker in pair))
        assert one == other == {"result": {"version": PolicyVersion.objects.get().pk}}
        triggers.remove(connection)  # they would keep the published version
        call_command("flush", interactive=False, verbosity=0)


# --- two import at once --------------------------------------------------------------------------


def test_two_who_import_the_same_people_make_each_once(pair: list[Worker]) -> None:
    for start in (0, 100):
        one, other = range(start, start + 60), reversed(range(start + 30, start + 90))
        answers = import_at_once(pair, leads(one), leads(other))
        assert counted(answers) == {"rows": 120, "new": 90, "known": 30}
    assert_each_is_there_once(people=180, signals=0)


def test_two_who_import_the_same_signals_store_each_once(pair: list[Worker]) -> None:
    known, unknown = range(40), range(40, 80)
    import_at_once(pair, leads(known))
    answers = import_at_once(pair, signals([*known, *unknown]), signals([*reversed(unknown), *reversed(known)]))
    stored = 80 * len(KINDS)
    assert counted(answers).items() >= {"rows": 2 * stored, "new": stored, "known": stored}.items()
    assert_each_is_there_once(people=40, signals=stored)


def test_signals_that_come_while_their_leads_do_are_counted(pair: list[Worker]) -> None:
    """Whichever of the two is first with a person: the signals find the lead, or the lead finds the signals."""
    for start, waited_for in ((0, False), (100, True), (200, True)):
        numbers = range(start, start + 60)
        if waited_for:
            import_at_once(pair, signals(numbers, "page_view"))
        import_at_once(pair, leads(numbers), signals(numbers))
    assert_each_is_there_once(people=180, signals=180 * len(KINDS))
    assert not Lead.objects.exclude(rung=Rung.MQL).exists()  # all of them asked for a demo


def test_two_who_meet_somebody_waited_for_make_one_person(pair: list[Worker]) -> None:
    numbers = range(60)
    import_at_once(pair, signals(numbers))
    import_at_once(pair, leads(numbers), leads(numbers))
    assert_each_is_there_once(people=60, signals=60 * len(KINDS))


# --- one undoes what another goes on with --------------------------------------------------------


def test_signals_that_come_while_others_are_undone_are_counted(pair: list[Worker]) -> None:
    for start in (0, 100):
        known, unknown = range(start, start + 30), range(start + 30, start + 60)
        import_at_once(pair, leads(known))
        import_at_once(pair, signals([*known, *unknown], "page_view"))
        import_at_once(pair, undo_the_last(), signals([*known, *unknown], "pricing_view", "demo_request"))
    assert_each_is_there_once(people=60, signals=240)
    assert not Signal.objects.filter(kind="page_view").exists()


def test_signals_that_come_while_their_leads_are_undone_wait(pair: list[Worker]) -> None:
    for start in (0, 100):
        numbers = range(start, start + 30)
        import_at_once(pair, signals(numbers, "page_view"))
        import_at_once(pair, leads(numbers))
        import_at_once(pair, undo_the_last(), signals(numbers, "pricing_view", "demo_request"))
    assert (Signal.objects.count(), Identity.objects.count()) == (180, 60)
    assert not Identity.objects.exclude(person=None).exists()
    assert [model.objects.count() for model in (Lead, Person, Company, Source, Campaign)] == [0, 0, 0, 0, 0]


Order = tuple[str, dict[str, object]]


def leads(numbers: Iterable[int]) -> Order:
    return "import_leads", {"numbers": list(numbers), "batch": 5}


def signals(numbers: Iterable[int], *kinds: str) -> Order:
    return "import_signals", {"numbers": list(numbers), "batch": 5, "kinds": kinds or KINDS}


def undo_the_last() -> Order:
    return "undo", {"number": Import.objects.latest("pk").pk}


def import_at_once(pair: list[Worker], *orders: Order) -> list[dict[str, int]]:
    """Counts of what Mara has done together, imports in batches of five."""
    by: dict[str, object] = {"by": mara().email}
    told = [(worker, verb, said | by) for worker, (verb, said) in zip(pair, orders, strict=False)]
    return [answer["result"] for answer in at_once(*told)]


def counted(answers: list[dict[str, int]]) -> Counter[str]:
    """What all did together."""
    return sum(map(Counter, answers), Counter[str]())


def assert_each_is_there_once(people: int, signals: int) -> None:
    """So many people and signals, no more, and each lead's score is that of a count from the log."""
    rows = everything()
    replay.check(rows)
    assert (Person.objects.count(), Lead.objects.count()) == (people, people)
    assert Person.objects.values("email").distinct().count() == people
    assert Identity.objects.exclude(person=None).count() == people
    assert Signal.objects.count() == signals
    assert {model.objects.count() for model in (Company, Source, Campaign)} == {10}
    assert PolicyVersion.objects.count() == 1
    scorer = rule(NOW).scorer
    states = refolded([row["id"] for row in rows["Lead"]], NOW)
    for score in Score.objects.select_related("lead__person", "lead__company"):
        expected = scorer.score(facts_of(score.lead), states[score.lead.pk], NOW)
        assert [part["points"] for part in score.parts] == pytest.approx([part.points for part in expected.parts])
