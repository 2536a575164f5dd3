"""The scorer: whatever order events come in, however they are cut and counted, the result is that of the whole log."""

import random
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.actions.counting import count_all_waiting, count_waiting, set_aside, waiting
from assay.actions.policies import rule
from assay.actions.receive import receive
from assay.actions.scoring import refolded, rescore, states_of
from assay.domain.ladder import Rung
from assay.intake.statements import read_statement
from assay.records.facts import facts_of
from assay.records.models import Lead, PendingSignal, Quarantine, Score, Signal, SignalState
from tests.actions.events import (
    alias,
    counted,
    group,
    happened,
    in_batches,
    kinds_of,
    lead_of,
    people,
    said_to_be,
    take_in,
    use,
    visit,
)
from tests.people import NOW, a_lead, a_rule
from tests.records.dump import everything, taken_back

pytestmark = pytest.mark.django_db

NINA = "nina@north.example"
DAY = timedelta(days=1)
TOMORROW = NOW + DAY


# --- what counts ---------------------------------------------------------------------------------


def test_an_event_moves_the_score_and_may_promote() -> None:
    a_lead(email=NINA)
    done = happened(visit("v1", "page_view"), use(NINA, "demo_request"))
    assert (done.signals, done.leads, len(done.promoted)) == (2, 1, 1)
    assert lead_of(NINA).rung == Rung.MQL
    assert not PendingSignal.objects.exists()
    assert counted() == (0, 0, ())


def test_the_oldest_come_first_and_no_more_than_asked_for() -> None:
    take_in(*[visit("v1") for _ in range(5)])
    assert [counted(most=2).signals for _ in range(4)] == [2, 2, 1, 0]


def test_what_is_dated_ahead_waits_until_its_time() -> None:
    a_lead(email=NINA)
    happened(use(NINA, timestamp=TOMORROW.isoformat()))
    assert kinds_of(lead_of(NINA)) == {}
    assert counted(at=TOMORROW).signals == 1
    assert kinds_of(lead_of(NINA)) == {"pricing_view": 1}


def test_a_program_weighs_nothing() -> None:
    a_lead(email=NINA)
    happened(use(NINA, context={"userAgent": "Googlebot/2.1 (+http://www.google.com/bot.html)"}))
    assert Signal.objects.get().bot
    assert kinds_of(lead_of(NINA)) == {}
    rescore(NOW)
    assert lead_of(NINA).intent == 0


def test_an_event_named_like_a_call_is_behaviour() -> None:
    happened(said_to_be("u1"), use("u1", "Identify", properties={"ids": [1], "traits": 5}))
    assert not Quarantine.objects.exists()
    assert people() == {frozenset({"u1"})}


def test_a_new_rule_counts_anew_and_what_waits_once() -> None:
    happened(said_to_be("u1"), use("u1"))
    take_in(use("u1"), use("u1"))
    a_rule(("points = 8,   half_life_days = 10", "points = 8,   half_life_days = 20"))
    counted(most=1)
    counted()
    assert kinds_of(lead_of("u1")) == {"pricing_view": 3}
    assert SignalState.objects.get().half_life_days == 20


# --- what cannot be counted ----------------------------------------------------------------------


def broken(signal: Signal) -> Any:
    """A reader with a fault in it."""
    raise ZeroDivisionError(signal.pk)


def test_an_unreadable_statement_is_kept_aside_and_the_rest_counts() -> None:
    happened(said_to_be("u2"))
    happened(said_to_be("u1", name="x" * 5_000), use("u2"))
    [row] = Quarantine.objects.all()
    assert row.code == "too_long"
    assert row.received_at == NOW
    assert kinds_of(lead_of("u2")) == {"pricing_view": 1}


def test_a_fault_takes_nothing_with_it() -> None:
    happened(said_to_be("u1"))
    take_in(use("u1"), said_to_be("u2"))
    before = everything()
    with pytest.raises(ZeroDivisionError), taken_back():
        count_waiting(10, NOW, broken)
    assert everything() == before


def test_the_signal_at_fault_is_set_aside_and_no_other() -> None:
    take_in(visit("v1"), said_to_be("u1"), visit("v1"))
    first, second, third = waiting(10, NOW)
    set_aside(second, NOW, ZeroDivisionError())
    assert waiting(10, NOW) == [first, third]
    [row] = Quarantine.objects.all()
    assert (row.code, row.raw["signal"]) == ("not_counted", second)
    assert "ZeroDivisionError" in row.sentence
    assert Signal.objects.count() == 3
    set_aside(second, NOW, ZeroDivisionError())
    assert Quarantine.objects.count() == 1


def test_one_can_be_counted_by_itself() -> None:
    take_in(visit("v1"), visit("v1"))
    _, second = waiting(10, NOW)
    assert count_waiting(10, NOW, read_statement, second).signals == 1
    assert second not in waiting(10, NOW)


# --- any order, any cut --------------------------------------------------------------------------

KINDS = ["page_view", "pricing_view", "demo_request", "careers_view", "product_milestone", "unheard_of"]
FAMILY = range(3)


def facts_of_all() -> list[dict[str, Any]]:
    """Three people, each said to be who they are: two browsers, a user id, an address, a company."""
    said: list[dict[str, Any]] = []
    for number in FAMILY:
        email = f"p{number}@f{number}.example"
        said += [
            said_to_be(f"u{number}", f"phone{number}", email=email, name=f"Person {number}"),
            said_to_be(f"u{number}", f"laptop{number}", title="CEO"),
            alias(f"old{number}", f"u{number}"),
            group(f"f{number}.example", f"u{number}", name=f"Firm {number}", employees=120),
        ]
    return [{**call, "messageId": f"s{place}"} for place, call in enumerate(said)]


@st.composite
def stories(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[int]]:
    """Everything that is said and done, in any order, some of it twice, and how it is cut into batches."""
    done = draw(
        st.lists(
            st.tuples(
                st.sampled_from(FAMILY),
                st.sampled_from(["phone", "laptop", "old", "u"]),
                st.sampled_from(KINDS),
                st.integers(-40 * 86_400, 2 * 86_400),
            ),
            max_size=14,
        )
    )
    events = facts_of_all()
    for place, (number, whose, kind, seconds) in enumerate(done):
        said = {"messageId": f"d{place}", "timestamp": (NOW + timedelta(seconds=seconds)).isoformat()}
        events.append(use(f"u{number}", kind, **said) if whose == "u" else visit(f"{whose}{number}", kind, **said))
    again = draw(st.lists(st.sampled_from(events), max_size=6))
    order = draw(st.permutations([*events, *again]))
    return order, draw(st.lists(st.integers(1, 8), max_size=6))


@given(story=stories(), steps=st.lists(st.integers(0, 7), max_size=8))
@settings(max_examples=settings().max_examples // 3)
def test_any_order_any_cut_and_any_repetition_gives_the_same(
    story: tuple[list[dict[str, Any]], list[int]], steps: list[int]
) -> None:
    events, sizes = story
    later = NOW + 3 * DAY
    with taken_back():
        left = list(steps)
        for batch in in_batches(events, sizes):
            if batch:
                take_in(*batch)
            if left and (most := left.pop(0)):
                counted(most)
        count_all_waiting(later, read_statement, most=5)
        rescore(later)
        assert people() == {whole(number, events) for number in FAMILY}
        assert not Quarantine.objects.exists()
        assert Lead.objects.count() == len(FAMILY)
        for number in FAMILY:
            lead = lead_of(f"u{number}")
            assert (lead.person.name, lead.person.title, lead.person.email) == (
                f"Person {number}",
                "CEO",
                f"p{number}@f{number}.example",
            )
            assert lead.company
            assert lead.company.domain == f"f{number}.example"
            assert kinds_of(lead).items() >= expected_of(number, events).items()
        assert_recounted(later)


def whole(number: int, events: Sequence[dict[str, Any]]) -> frozenset[str]:
    """All that one person is known by."""
    names = ["u", "phone", "laptop", "old"]
    return frozenset({*(f"{name}{number}" for name in names), f"p{number}@f{number}.example"})


def expected_of(number: int, events: Sequence[dict[str, Any]]) -> Counter[str]:
    """How many signals of each kind the policy weighs one person has, counted the plain way."""
    own = {f"{name}{number}" for name in ("u", "phone", "laptop", "old")}
    once = {event["messageId"]: event for event in events if event["type"] == "track"}
    known = rule(NOW).policy.intent.signals
    done = [event["event"] for event in once.values() if (event.get("userId") or event.get("anonymousId")) in own]
    return Counter(kind for kind in done if kind in known)


def assert_recounted(at: Any) -> None:
    """States and scores, parts and all, are those of a full recount."""
    for lead in Lead.objects.select_related("person", "company"):
        live, again = states_of([lead.pk])[lead.pk], refolded([lead.pk], at)[lead.pk]
        assert live.keys() == again.keys()
        for kind, state in live.items():
            assert (state.count, state.days) == (again[kind].count, again[kind].days)
            assert state.weight_at(state.last) == pytest.approx(again[kind].weight_at(state.last), abs=1e-9)
        expected = rule(at).scorer.score(facts_of(lead), again, at)
        stored = Score.objects.get(lead=lead)
        assert [part["points"] for part in stored.parts] == pytest.approx([p.points for p in expected.parts], abs=1e-9)
        assert lead.intent == pytest.approx(expected.intent, abs=1e-9)


def test_a_long_story_in_many_orders() -> None:
    """The same, with more events than Hypothesis would make."""
    chance = random.Random(7)
    done = [
        visit(
            f"{chance.choice(['phone', 'laptop', 'old'])}{chance.choice(FAMILY)}",
            chance.choice(KINDS),
            messageId=f"d{n}",
        )
        for n in range(150)
    ]
    events = [*facts_of_all(), *done]
    outcomes = []
    for _ in range(4):
        chance.shuffle(events)
        with taken_back():
            for batch in in_batches(events, [chance.randrange(1, 40) for _ in range(6)]):
                take_in(*batch) if batch else None
                counted(chance.randrange(1, 50))
            count_all_waiting(NOW, read_statement)
            rescore(NOW)
            assert_recounted(NOW)
            outcomes.append([(lead.person.email, lead.fit, lead.intent, lead.rung) for lead in _leads()])
    assert len({str(outcome) for outcome in outcomes}) == 1


def _leads() -> list[Lead]:
    return list(Lead.objects.select_related("person").order_by("person__email"))


def test_receiving_nothing_counts_nothing() -> None:
    assert not receive([], [], Counter(), NOW)
    assert count_all_waiting(NOW, read_statement) == 0
