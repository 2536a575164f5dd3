"""Two leads become one person, exactly as if they had never been two, and can be parted again."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from assay.actions.actors import actor
from assay.actions.counting import count_all_waiting
from assay.actions.keys import add_key
from assay.actions.merging import leave_apart, merge_leads, part
from assay.actions.receive import receive
from assay.actions.scoring import refolded, score_leads
from assay.actions.writing import in_transaction
from assay.domain.errors import MoveRefused, NotFound, Refused
from assay.domain.ladder import Rung
from assay.intake.collector.keys import ready
from assay.intake.collector.messages import read_event
from assay.intake.collector.steps import Passing, arrival
from assay.intake.statements import read_statement
from assay.records.duplicates import possible_duplicates
from assay.records.models import Decision, Identity, Lead, Merge, Quarantine, SignalState, User
from tests.actions.processes import Worker, at_once
from tests.people import NOW, a_lead, a_lead_on, ada, an_mql, an_sql, mara, max_, observe, sam, vic

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=3)
WEAK: dict[str, Any] = {"title": "Planner", "budget": None, "country": "BR"}
"""Does not fit well enough to be promoted."""


def merged(one: Lead, other: Lead, at: datetime = LATER, by: User | None = None) -> Merge:
    return merge_leads(one.pk, other.pk, actor(by or mara()), at)


def seen(lead: Lead) -> dict[str, Any]:
    """Everything a score says."""
    found = Lead.objects.select_related("score").get(pk=lead.pk)
    return {name: getattr(found, name) for name in Lead.SCORED} | {
        "parts": found.score.parts,
        "missing": found.score.missing,
    }


def states(lead: Lead) -> dict[str, dict[str, Any]]:
    return {row.kind: {name: getattr(row, name) for name in SignalState.FIELDS} for row in lead.states.all()}


# --- exact ---------------------------------------------------------------------------------------


DEEDS = st.lists(
    st.tuples(
        st.sampled_from(["page_view", "pricing_view", "email_click", "demo_request"]),
        st.integers(0, 40 * 24),
        st.booleans(),
    ),
    max_size=12,
)
"""Kind, hours ago, and under which of two names."""


class TestExactness(TestCase):
    """Whatever was done under two names counts as done under one."""

    @settings(max_examples=25)
    @given(DEEDS)
    def test_the_score_is_that_of_one_person_with_all_signals(self, deeds: list[tuple[str, int, bool]]) -> None:
        one, other, all_along = (a_lead(**WEAK) for _ in range(3))
        for number, (kind, hours, first) in enumerate(deeds):
            at = NOW - timedelta(hours=hours, seconds=number)
            observe(one if first else other, kind, at=at)
            observe(all_along, kind, at=at)
        score(one, other, all_along)
        before = seen(one), seen(other)

        merge = merged(one, other)
        assert same(seen(one), seen(all_along))
        assert same(states(one), states(all_along))
        assert same(states(one), counted_from_the_log(one))
        assert states(other) == {}

        part(merge.pk, actor(mara()), LATER)
        assert same(seen(one), before[0])
        assert same(seen(other), before[1])


def score(*leads: Lead) -> None:
    in_transaction(lambda: score_leads(sorted(lead.pk for lead in leads), LATER))


def counted_from_the_log(lead: Lead) -> dict[str, dict[str, Any]]:
    rows = [SignalState.of(lead.pk, kind, state) for kind, state in refolded([lead.pk], LATER)[lead.pk].items()]
    return {row.kind: {name: getattr(row, name) for name in SignalState.FIELDS} for row in rows}


def same(one: Any, other: Any) -> bool:
    """Equal, but for what the order of adding up does to the last digit of a number."""
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[name], other[name]) for name in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == (pytest.approx(other) if isinstance(one, float) else other))


def test_facts_fill_blanks_and_go_back():
    one = a_lead(title=None, phone=None, budget=None, company=None, domain=None, email="nina@free.example")
    other = a_lead(title="Head of Operations", phone="+33142685300")
    merge = merged(one, other)
    kept = Lead.objects.select_related("person", "company").get(pk=one.pk)
    assert (kept.person.title, kept.person.phone) == ("Head of Operations", "+33142685300")
    assert kept.fit > one.fit
    part(merge.pk, actor(mara()), LATER)
    parted = Lead.objects.select_related("person").get(pk=one.pk)
    assert (parted.person.title, parted.person.phone, parted.company_id) == ("", "", one.company_id)
    assert parted.fit == one.fit


def test_what_comes_after_belongs_to_the_one_they_are():
    one, other = a_lead(**WEAK), a_lead(**WEAK)
    merged(one, other)
    observe(other, "demo_request", at=LATER)
    assert "demo_request" in states(one)
    assert states(other) == {}


# --- who stays, and what the ledger says ---------------------------------------------------------


def test_the_one_sales_works_on_stays_and_the_other_is_a_duplicate():
    waits, worked = an_mql(), an_sql()
    merge = merged(waits, worked)
    assert merge.kept == worked.person
    decision = Decision.objects.filter(lead=waits).latest("pk")
    assert (decision.move, decision.by) == ("disqualify", mara())
    assert decision.text == f"Same person as lead {worked.pk}: merged by hand"


def test_two_that_sales_works_on_stay_two():
    one, other = an_sql(), a_lead_on(Rung.OPPORTUNITY)
    with pytest.raises(Refused) as refused:
        merged(one, other)
    assert refused.value.code == "both_worked_on"
    assert not Merge.objects.exists()


def test_a_manager_may_and_is_named():
    one, other = a_lead(), a_lead()
    merge = merge_leads(one.pk, other.pk, actor(max_()), LATER, "she changed firms")
    assert (merge.by, merge.why) == (max_(), "she changed firms")
    assert Decision.objects.filter(lead=other, by=max_(), move="disqualify").exists()
    part(merge.pk, actor(max_()), LATER)
    assert Merge.objects.get().undone_by == max_()
    assert Lead.objects.get(pk=other.pk).rung == Rung.LEAD


@pytest.mark.parametrize("who", [sam, ada, vic])
def test_nobody_else_may(who: Any):
    one, other = a_lead(), a_lead()
    merge = merged(one, other)
    for attempt in (
        lambda: merge_leads(one.pk, other.pk, actor(who()), LATER),
        lambda: part(merge.pk, actor(who()), LATER),
        lambda: leave_apart([1], actor(who()), LATER),
    ):
        with pytest.raises(MoveRefused) as refused:
            attempt()
        assert refused.value.code == "wrong_desk"


# --- one after the other -------------------------------------------------------------------------


def test_whoever_is_part_of_somebody_is_nobody_elses():
    one, other, third = a_lead(), a_lead(), a_lead()
    merged(one, other)
    for pair in ((one, other), (third, other)):
        with pytest.raises(Refused) as refused:
            merged(*pair)
        assert refused.value.code == "merged_already"
        assert str(refused.value.sentence) == f"Lead {other.pk} is part of lead {one.pk} already."


def test_three_are_one_and_part_in_the_other_order():
    one, other, third = (observe(a_lead(**WEAK), "pricing_view", at=NOW + timedelta(hours=h)) for h in range(3))
    score(one, other, third)
    before = [seen(lead) for lead in (one, other, third)]
    inner = merged(other, third)
    outer = merged(one, other)
    assert states(one)["pricing_view"]["count"] == 3
    with pytest.raises(Refused):  # what went over first is with the last one now
        part(inner.pk, actor(mara()), LATER)
    part(outer.pk, actor(mara()), LATER)
    part(inner.pk, actor(mara()), LATER)
    assert all(same(seen(lead), was) for lead, was in zip((one, other, third), before, strict=True))


def test_parting_twice_does_nothing():
    merge = merged(a_lead(), a_lead())
    part(merge.pk, actor(mara()), LATER)
    with pytest.raises(Refused) as refused:
        part(merge.pk, actor(mara()), LATER)
    assert refused.value.code == "undone_already"


def test_nobody_is_merged_with_nobody():
    one = a_lead()
    for other_id in (one.pk, 0):
        with pytest.raises(NotFound):
            merge_leads(one.pk, other_id, actor(mara()), LATER)
    with pytest.raises(NotFound):
        part(0, actor(mara()), LATER)


def test_they_can_be_merged_again_after_they_were_parted():
    one, other = a_lead(), a_lead()
    part(merged(one, other).pk, actor(mara()), LATER)
    merged(one, other)
    assert Identity.objects.filter(person=one.person).count() == 2


# --- possible duplicates -------------------------------------------------------------------------


def said_together(*users: str) -> None:
    """Each user id comes with an address of its own; then an event names the first id with the second's address."""
    key = ready(add_key("Website", "Website", NOW))
    events = [{"type": "identify", "userId": user, "traits": {"email": f"{user}@firm.example"}} for user in users]
    first, second = users
    events.append({"type": "identify", "userId": first, "traits": {"email": f"{second}@firm.example", "title": "CFO"}})
    for event in events:
        raw = msgspec.json.encode(event)
        receive([arrival(Passing(read_event(raw), raw, key, NOW))], [], Counter(), NOW)
        count_all_waiting(NOW, read_statement)


def test_two_whose_ids_came_together_may_be_one():
    said_together("anna", "hanna")
    [pair] = possible_duplicates()
    assert [lead.person.email for lead in pair[:2]] == ["anna@firm.example", "hanna@firm.example"]


def test_when_they_are_merged_what_was_said_of_them_is_carried_out():
    said_together("anna", "hanna")
    [pair] = possible_duplicates()
    merged(pair.one, pair.other)
    assert possible_duplicates() == []
    count_all_waiting(LATER, read_statement)
    assert Lead.objects.get(pk=pair.one.pk).person.title == "CFO"
    assert not Quarantine.objects.filter(replayed_at=None).exists()


def test_two_who_are_two_are_not_asked_about_again():
    said_together("anna", "hanna")
    [pair] = possible_duplicates()
    assert leave_apart([row.pk for row in pair.rows], actor(mara()), LATER) == 1
    assert possible_duplicates() == []
    merged(a_lead(), a_lead())  # what others become is nothing to them
    assert Quarantine.objects.get().replayed_at == LATER


# --- at once -------------------------------------------------------------------------------------

ROUNDS = 6


@pytest.fixture(scope="module")
def workers() -> Iterator[list[Worker]]:
    """Those at work; they go on from test to test."""
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


def busy() -> Lead:
    return observe(a_lead(**WEAK), "page_view", "pricing_view", at=NOW - timedelta(days=1))


@pytest.mark.slow
def test_of_two_who_merge_the_same_one_does(pair: list[Worker]):
    for _ in range(ROUNDS):
        one, other = busy(), busy()
        by = {"by": mara().email}
        answers = at_once(
            (pair[0], "merge", {"one": one.pk, "other": other.pk, **by}),
            (pair[1], "merge", {"one": other.pk, "other": one.pk, **by}),
        )
        assert sorted(answer.get("refused", "") for answer in answers) == ["", "merged_already"]
        assert_counted(one, other)
        assert Decision.objects.filter(lead=other, move="disqualify").count() == 1


@pytest.mark.slow
def test_two_who_merge_others_into_one_both_do(pair: list[Worker]):
    for _ in range(ROUNDS):
        one, other, third = busy(), busy(), busy()
        by = {"by": mara().email}
        answers = at_once(
            (pair[0], "merge", {"one": one.pk, "other": other.pk, **by}),
            (pair[1], "merge", {"one": one.pk, "other": third.pk, **by}),
        )
        assert all("result" in answer for answer in answers)
        assert states(one)["page_view"]["count"] == 3
        assert_counted(one, other, third)


@pytest.mark.slow
def test_merging_a_chain_from_both_ends_ends_well(pair: list[Worker]):
    for _ in range(ROUNDS):
        one, other, third = busy(), busy(), busy()
        by = {"by": mara().email}
        answers = at_once(
            (pair[0], "merge", {"one": one.pk, "other": other.pk, **by}),
            (pair[1], "merge", {"one": other.pk, "other": third.pk, **by}),
        )
        assert {answer.get("refused", "merged_already") for answer in answers} == {"merged_already"}
        assert_counted(one, other, third)


@pytest.mark.slow
def test_of_two_who_part_the_same_one_does(pair: list[Worker]):
    for _ in range(ROUNDS):
        one, other = busy(), busy()
        merge = merged(one, other, NOW)
        order = {"merge": merge.pk, "by": mara().email}
        answers = at_once((pair[0], "undo_merge", order), (pair[1], "undo_merge", order))
        assert sorted(answer.get("refused", "") for answer in answers) == ["", "undone_already"]
        assert_counted(one, other)
        assert Lead.objects.get(pk=other.pk).pass_no == 2


def assert_counted(*leads: Lead) -> None:
    """What is stored of each is what the log says."""
    for lead in leads:
        log = refolded([lead.pk], NOW)[lead.pk]
        assert {kind: state["count"] for kind, state in states(lead).items()} == {
            kind: state.count for kind, state in log.items()
        }
