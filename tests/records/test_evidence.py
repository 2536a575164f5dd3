"""Evidence counts what was known at promotion, and what became of it: nothing younger may leak in."""

from datetime import timedelta

import pytest

from assay.actions import edits, gate, work
from assay.actions.actors import actor
from assay.domain.evidence import Evidence, Line
from assay.domain.ladder import Rung
from assay.policies import shipped
from assay.records.evidence import Promoted, evidence_for
from assay.records.models import Decision
from tests.people import NOW, a_lead, a_lead_on, a_rule, an_mql, an_sql, mara, observe, sam

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def found(now=NOW + 90 * DAY, start=None, end=None) -> Evidence:
    return evidence_for(shipped(), Promoted(now, start, end))


def line(name: str) -> Line:
    return next(line for line in found().lines if line.name == name)


def copied(decision: Decision, **changed: object) -> Decision:
    """Another decision like it: the ledger is append-only."""
    copy = Decision.objects.get(pk=decision.pk)
    copy.pk = None
    for name, value in changed.items():
        setattr(copy, name, value)
    copy.save(force_insert=True)
    return copy


def test_acceptance_and_win_by_what_the_score_held():
    a_lead_on(Rung.WON)
    a_lead_on(Rung.LOST, email="lou@south.example", budget=None)
    an_sql(budget=1)
    gate.reject(an_mql(budget=1).pk, actor(sam()), NOW, reason="too_early")
    an_mql()
    all_of_it, budget = found(), line("Budget")
    assert (all_of_it.decided, all_of_it.accepted, all_of_it.ended, all_of_it.won) == (4, 3, 2, 1)
    assert (budget.accepted.having.rate, budget.accepted.lacking.rate, budget.unknown) == (1.0, 0.5, 1)
    assert (budget.won.having.leads, budget.won.lacking.leads) == (1, 0)
    assert budget.reasons == (("too_early", 0, 1),)
    assert line("demo_request").accepted.having.leads == 4


def test_what_came_after_the_promotion_leaks_nowhere():
    """The plant: a kind that only customers show, and a fact that only customers get, both after the promotion."""
    lead = an_mql(budget=None)
    gate.accept(lead.pk, actor(sam()), NOW + HOUR)
    observe(lead, "product_milestone", at=NOW + HOUR)
    edits.correct(lead.pk, actor(mara()), NOW + 2 * HOUR, {"company.budget": 90_000})
    work.recycle(lead.pk, actor(sam()), NOW + 3 * HOUR, reason="not_now")
    assert line("product_milestone").accepted.having.leads == 0
    assert (line("Budget").unknown, line("Budget").accepted.having.leads) == (1, 0)


def test_a_score_younger_than_its_promotion_is_left_out():
    gate.accept(an_mql().pk, actor(sam()), NOW)
    promotion = Decision.objects.get(move="promote")
    score = {**(promotion.score or {}), "as_of": (promotion.at + HOUR).isoformat()}
    late = copied(promotion, lead=a_lead(), score=score)
    copied(Decision.objects.get(move="accept"), lead=late.lead)
    assert found().decided == 1
    assert line("demo_request").accepted.having.leads == 1


def test_each_trip_to_the_gate_has_its_own_verdict():
    lead = an_mql()
    gate.reject(lead.pk, actor(sam()), NOW, reason="too_early")
    gate.promote(lead.pk, actor(mara()), NOW + 40 * DAY, text="They wrote again")
    gate.accept(lead.pk, actor(sam()), NOW + 41 * DAY)
    assert (found().decided, found().accepted) == (2, 1)
    assert found(now=NOW + 30 * DAY).decided == 1
    assert found(start=NOW + DAY).decided == 1
    assert found(end=NOW + DAY).accepted == 0


def test_what_marketing_took_back_is_no_verdict():
    gate.withdraw(an_mql().pk, actor(mara()), NOW, text="Wrong data")
    assert found().decided == 0


def test_a_criterion_that_asked_something_else_then_is_unknown():
    a_rule(("between = [10, 1000]", "between = [1, 1000]"), at=NOW - DAY)
    an_sql()
    assert (line("Company size").unknown, line("Budget").unknown) == (1, 0)


def test_it_takes_two_queries_however_many_there_are(django_assert_num_queries):
    an_sql()
    with django_assert_num_queries(2):
        found()
    an_sql(budget=None)
    with django_assert_num_queries(2):
        found()
