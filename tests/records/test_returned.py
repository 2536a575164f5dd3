"""Rejections as evidence: by the score at promotion, and how many are answered, how soon."""

from datetime import datetime, timedelta

import pytest

from assay.actions import answers, edits, gate
from assay.actions.actors import actor
from assay.records.models import Decision, Lead
from assay.records.returned import (
    ANSWERED,
    OPEN,
    Answers,
    Citation,
    Had,
    Wanted,
    by_part,
    by_reason,
    by_source,
    cells,
    citations,
    citing,
    numbers_in,
    rejections,
)
from assay.records.returned import answers as answers_of
from tests.people import NOW, a_lead, a_rule, an_mql, mara, observe, sam

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
ALL = Wanted(NOW - timedelta(days=30))


def rejected(lead: Lead | None = None, at: datetime = NOW, reason: str = "too_early") -> Decision:
    """A rejection, of a perfect lead that asked for a demo unless another is named."""
    return gate.reject((lead or an_mql(at=at)).pk, actor(sam()), at, reason=reason)


def figures(*cited: Citation) -> Answers:
    """What the page says at its top."""
    found = rejections(ALL, cited)
    return answers_of(cells(found), found)


def criteria(name: str) -> Had:
    """What the rejected leads had of one criterion."""
    had, _ = by_part(rejections(ALL, []))
    return next(line for line in had if line.name == name)


def kinds() -> dict[str | int, int]:
    """How many of the rejected leads each kind of signal had brought."""
    return {tally.key: tally.leads for tally in by_part(rejections(ALL, []))[1]}


# --- the evidence --------------------------------------------------------------------------------


def test_criteria_are_those_at_promotion():
    lead = an_mql()
    edits.correct(lead.pk, actor(mara()), NOW + HOUR, {"company.employees": 3})
    rejected(lead, NOW + 2 * HOUR)
    assert criteria("Company size") == Had("Company size", match=1, miss=0, unknown=0)


def test_signals_are_those_at_promotion():
    lead = observe(an_mql(), "pricing_view", at=NOW + HOUR)
    rejected(lead, NOW + 2 * HOUR)
    assert kinds() == {"demo_request": 1}


def test_a_second_trip_to_the_gate_is_judged_by_its_own_promotion():
    lead = an_mql()
    rejected(lead, NOW)
    edits.correct(lead.pk, actor(mara()), NOW + HOUR, {"company.employees": 3})
    later = NOW + timedelta(days=100)
    gate.promote(lead.pk, actor(mara()), later, text="Met them at the fair")
    rejected(lead, later + HOUR)
    assert criteria("Company size") == Had("Company size", match=1, miss=1, unknown=0)


def test_a_promotion_without_a_score_leaves_it_to_the_rejections_own():
    lead = an_mql()
    promotion = Decision.objects.get(lead=lead, move="promote")
    gate.withdraw(lead.pk, actor(mara()), NOW, text="Looking again")
    copy = Decision.objects.get(pk=promotion.pk)
    copy.pk, copy.score, copy.by_name = None, None, "Mara"
    copy.save(force_insert=True)
    Lead.objects.filter(pk=lead.pk).update(rung="mql")
    rejected(lead)
    assert kinds() == {"demo_request": 1}


def test_a_rejection_without_any_score_counts_for_no_part():
    bare = Decision.objects.get(pk=rejected().pk)
    bare.pk, bare.score, bare.lead = None, None, a_lead()
    bare.save(force_insert=True)
    had, brought = by_part(rejections(ALL, []))
    assert {line.match + line.miss + line.unknown for line in had} == {1}
    assert [(tally.key, tally.leads, tally.share) for tally in brought] == [("demo_request", 1, 1.0)]


def test_only_the_newest_are_looked_into(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("assay.records.returned.NEWEST", 1)
    rejected(an_mql(budget=None), NOW + HOUR)
    rejected()
    assert criteria("Budget") == Had("Budget", match=0, miss=0, unknown=1)


def test_unknown_is_not_a_miss():
    rejected(an_mql(budget=None))
    assert criteria("Budget") == Had("Budget", match=0, miss=0, unknown=1)


# --- the answers ---------------------------------------------------------------------------------


def test_how_many_are_answered_how_soon_and_which_is_the_oldest_open():
    for hours in (1, 3, 50):
        answers.answer(rejected().pk, actor(mara()), NOW + hours * HOUR, "Heard")
    rejected(at=NOW + 2 * HOUR)
    rejected(at=NOW + HOUR)
    found = figures()
    assert tuple(found) == (3, 2, 3 * HOUR, NOW + HOUR)
    assert found.all == 5


def test_no_rejections_have_no_times():
    assert figures() == (0, 0, None, None)


def test_better_data_is_an_answer():
    lead = an_mql()
    rejected(lead)
    edits.correct(lead.pk, actor(mara()), NOW + 2 * HOUR, {"company.employees": 3})
    assert figures() == (1, 0, 2 * HOUR, None)


def test_a_published_policy_that_cites_a_rejection_answers_it():
    first, second = rejected(), rejected()
    version = a_rule(('name = "', f'# After rejection #{first.pk}.\nname = "'), at=NOW + 4 * HOUR)
    cited = citations(ALL.since)
    [citation] = cited
    assert (citation.policy, citing(first, cited), citing(second, cited)) == (version, citation, None)
    assert figures(*cited) == (1, 1, 4 * HOUR, NOW)
    assert list(rejections(ALL._replace(answer=OPEN), cited)) == [second]
    assert list(rejections(ALL._replace(answer=ANSWERED), cited)) == [first]


@pytest.mark.parametrize(("hours", "soonest"), [(1, 1), (9, 4)])
def test_of_a_reply_and_a_citation_the_first_counts(hours: int, soonest: int):
    decision = rejected()
    a_rule(('name = "', f'# After rejection #{decision.pk}.\nname = "'), at=NOW + 4 * HOUR)
    answers.answer(decision.pk, actor(mara()), NOW + hours * HOUR, "Heard")
    assert figures(*citations(ALL.since)).median == soonest * HOUR


def test_a_policy_from_before_the_rejection_answers_nothing():
    before = rejected(at=NOW - 2 * HOUR).pk
    cites = ", ".join(f"#{before + number}" for number in range(1, 30))
    a_rule(('name = "', f'# rejections {cites}\nname = "'), at=NOW - HOUR)
    decision = rejected()
    cited = citations(ALL.since)
    assert decision.pk in cited[0].numbers
    assert citing(decision, cited) is None
    assert decision in rejections(ALL._replace(answer=OPEN), cited)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("# rejection #12", {12}),
        ("# Rejections #12, #14 and #15: too small", {12, 14, 15}),
        ("# rejection #1; rejection #2", {1, 2}),
        ("# after rejection 30 days of rest", set()),
        ("rejection = { too_early = 'x' } # 12", set()),
        ("# issue #12", set()),
    ],
)
def test_what_a_text_cites(text: str, numbers: set[int]):
    assert numbers_in(text) == numbers


# --- the filters ---------------------------------------------------------------------------------


def test_rejections_are_found_by_period_reason_and_source():
    old, early = rejected(at=NOW - timedelta(days=40)), rejected()
    wrong = rejected(an_mql(source="Trade fair"), reason="wrong_person")
    assert set(rejections(ALL, [])) == {early, wrong}
    assert set(rejections(Wanted(NOW - timedelta(days=41)), [])) == {old, early, wrong}
    assert list(rejections(ALL._replace(reason="wrong_person"), [])) == [wrong]
    assert list(rejections(ALL._replace(source=early.lead.source_id), [])) == [early]


def test_tallies_count_the_open_ones_apart():
    answers.answer(rejected().pk, actor(mara()), NOW, "Heard")
    rejected()
    rejected(an_mql(source="Trade fair"), reason="wrong_person")
    found = cells(rejections(ALL, []))
    assert [(line.key, line.leads, line.unanswered) for line in by_reason(found)] == [
        ("too_early", 2, 1),
        ("wrong_person", 1, 1),
    ]
    assert [(line.name, line.leads, line.unanswered) for line in by_source(found)] == [
        ("Website", 2, 1),
        ("Trade fair", 1, 1),
    ]
    assert [(line.key, line.leads, line.share) for line in by_reason(found, ANSWERED)] == [("too_early", 1, 1.0)]
    assert [(line.name, line.leads, line.unanswered) for line in by_source(found, OPEN)] == [
        ("Trade fair", 1, 1),
        ("Website", 1, 1),
    ]
