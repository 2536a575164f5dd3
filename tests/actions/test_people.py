"""Two people who are one: their scores add up exactly, and parting them gives back what was."""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.actions.actors import INTAKE, actor
from assay.actions.people import merge_people, undo_merge
from assay.actions.scoring import refolded, rescore, states_of
from assay.domain.errors import NotFound
from assay.domain.ladder import Rung
from assay.records.models import Identity, Lead, Membership, Merge, Person
from tests.actions import replay
from tests.actions.events import counted, happened, kinds_of, lead_of, said_to_be, take_in, use, visit
from tests.people import NOW, a_lead, a_lead_on, an_mql, mara, sam
from tests.records.dump import everything, refused, taken_back

pytestmark = pytest.mark.django_db

NINA, OLE = "nina@north.example", "ole@south.example"


def merged(one: Lead, other: Lead) -> Merge:
    with transaction.atomic():
        return merge_people(one.person_id, other.person_id, INTAKE, NOW, "a test")


def parted(merge: Merge) -> None:
    with transaction.atomic():
        undo_merge(merge, actor(mara()), NOW)


@pytest.fixture
def two() -> tuple[Lead, Lead]:
    """Two leads with signals of their own."""
    happened(said_to_be("u1", "v1", title="CEO"), said_to_be("u2", "v2", email=OLE, plan="team"))
    happened(use("u1"), visit("v1", "page_view"), use("u2"), use("u2"), visit("v2", "demo_request"))
    return lead_of("u1"), lead_of("u2")


def test_their_signals_identities_facts_and_companies_come_together(two: tuple[Lead, Lead]) -> None:
    one, other = two
    assert merged(one, other).kept == one.person
    assert kinds_of(one) == {"pricing_view": 3, "page_view": 1, "demo_request": 1}
    assert set(Identity.objects.filter(person=one.person).values_list("value", flat=True)) == {
        "u1",
        "v1",
        "u2",
        "v2",
        OLE,
    }
    one.refresh_from_db()
    assert (one.person.email, one.person.title, one.facts["lead.plan"]) == (OLE, "CEO", "team")
    assert one.company
    assert Membership.objects.get(person=one.person).company == one.company
    other.refresh_from_db()
    assert (other.rung, other.intent) == (Rung.DISQUALIFIED, 0)
    assert Merge.objects.get(merged=other.person).kept == one.person
    replay.check(everything())


def test_parting_them_gives_each_what_was_theirs(two: tuple[Lead, Lead]) -> None:
    before = [(kinds_of(lead), lead.intent, lead.facts, lead.person.email, lead.company_id) for lead in two]
    parted(merged(*two))
    after = [Lead.objects.select_related("person").get(pk=lead.pk) for lead in two]
    assert [(kinds_of(lead), lead.intent, lead.facts, lead.person.email, lead.company_id) for lead in after] == before
    assert lead_of("v2") == two[1]
    assert after[1].rung in (Rung.LEAD, Rung.MQL)
    replay.check(everything())


def test_what_came_since_stays_with_whoever_has_the_id(two: tuple[Lead, Lead]) -> None:
    merge = merged(*two)
    happened(use("u2"), visit("v1"))
    take_in(use("u2"))  # the scorer comes to this one only after they were parted
    parted(merge)
    counted()
    assert kinds_of(two[0]) == {"pricing_view": 2, "page_view": 1}
    assert kinds_of(two[1]) == {"pricing_view": 4, "demo_request": 1}


def test_parting_twice_is_refused(two: tuple[Lead, Lead]) -> None:
    merge = merged(*two)
    parted(merge)
    with refused("undone_already"):
        parted(merge)


def test_the_one_sales_works_on_stays_else_the_older() -> None:
    older, working, newer = a_lead(), a_lead_on(Rung.SQL), a_lead()
    assert merged(older, newer).kept == older.person
    assert merged(older, working).kept == working.person


def test_two_on_whom_sales_works_are_not_merged() -> None:
    one, other = a_lead_on(Rung.SQL), a_lead_on(Rung.OPPORTUNITY)
    with refused("both_worked_on"):
        merged(one, other)


def test_somebody_with_nobody_is_not_merged() -> None:
    lead = a_lead()
    stranger = Person.objects.create(name="No lead", created_at=NOW)
    with pytest.raises(NotFound):
        merge_people(lead.person_id, stranger.pk, INTAKE, NOW, "a test")


def test_an_mql_that_goes_into_an_older_lead_is_promoted_there() -> None:
    older, mql = a_lead(email=NINA), an_mql(email=OLE)
    merged(older, mql)
    older.refresh_from_db()
    assert older.rung == Rung.MQL


def test_who_merged_them_is_told(two: tuple[Lead, Lead]) -> None:
    with transaction.atomic():
        merge = merge_people(two[0].person_id, two[1].person_id, actor(sam()), NOW, "same voice")
    assert (merge.by, merge.by_name, merge.why) == (sam(), "Sam", "same voice")


# --- any sequence of events, merges and partings -------------------------------------------------

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("do"), st.integers(0, 3), st.sampled_from(["pricing_view", "page_view", "demo_request"])),
        st.tuples(st.just("count"), st.integers(1, 4), st.just("")),
        st.tuples(st.just("merge"), st.integers(0, 3), st.integers(0, 3)),
        st.tuples(st.just("part"), st.integers(0, 5), st.just("")),
    ),
    max_size=25,
)


@given(steps=STEPS)
@settings(max_examples=settings().max_examples // 4)
def test_after_any_events_merges_and_partings_states_are_those_of_a_recount(steps: list[tuple[str, int, Any]]) -> None:
    with taken_back():
        happened(*(said_to_be(f"u{number}", f"v{number}", email=f"p{number}@f{number}.example") for number in range(4)))
        merges: list[Merge] = []
        for verb, number, what in steps:
            if verb == "do":
                take_in(use(f"u{number}", what) if number % 2 else visit(f"v{number}", what))
            elif verb == "count":
                counted(number)
            elif verb == "merge":
                one, other = lead_of(f"u{number}"), lead_of(f"u{what}")
                merges += [merged(one, other)] if one != other else []
            elif merges:
                parted(merges.pop())  # the last first, as merges build on each other
        while counted().signals:
            pass
        assert_states_are_those_of_a_recount()
        rescore(NOW)
        replay.check(everything())


def assert_states_are_those_of_a_recount() -> None:
    """Of every lead, in the log and out of it."""
    leads = list(Lead.objects.values_list("pk", flat=True))
    live, again = states_of(leads), refolded(leads, NOW)
    for lead in leads:
        assert live[lead].keys() == again[lead].keys()
        for kind, state in live[lead].items():
            assert state.count == again[lead][kind].count
            assert state.weight_at(state.last) == pytest.approx(again[lead][kind].weight_at(state.last), abs=1e-9)


def test_merging_in_another_order_gives_the_same_score() -> None:
    outcomes = set()
    for order in ([0, 1, 2, 3], [3, 1, 0, 2], [2, 3, 1, 0]):
        with taken_back():
            happened(*(said_to_be(f"u{number}") for number in range(4)))
            happened(*(use(f"u{number}") for number in range(4)), use("u2", "page_view"))
            for number in order[1:]:
                merged(lead_of(f"u{order[0]}"), lead_of(f"u{number}"))
            rescore(NOW)
            outcomes.add((lead_of("u0").intent, *sorted(kinds_of(lead_of("u0")).items())))
    assert len(outcomes) == 1
