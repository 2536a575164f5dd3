"""Outcomes one by one: by the score that promoted, never by what came later."""

from datetime import timedelta

import pytest

from assay.actions import edits, gate, work
from assay.actions.actors import actor
from assay.actions.signals import record_signals
from assay.actions.writing import in_transaction
from assay.domain.ladder import Rung
from assay.policies import shipped
from assay.records.evidence import Promoted
from assay.records.outcomes import ended, judged, proposal_for
from tests.people import NOW, a_lead, a_lead_on, a_rule, a_signal, an_mql, an_sql, mara, observe, sam

pytestmark = pytest.mark.django_db

LATER = Promoted(NOW + timedelta(days=90))


def test_wins_losses_and_decisions():
    a_lead_on(Rung.WON)
    a_lead_on(Rung.LOST)
    an_sql()
    gate.reject(an_mql().pk, actor(sam()), NOW, reason="too_early")
    won, accepted = ended(shipped(), LATER), judged(shipped(), LATER)
    assert [one.success for one in won] == [False, True]
    assert [one.success for one in accepted] == [False, True, True, True]
    assert won[0].amounts == {"demo_request": 1.0}
    assert (won[0].fit, won[0].intent, won[0].probability) == (100, 40, 1)


def test_later_signals_and_facts_leak_nowhere():
    lead = an_mql()
    observe(lead, "product_milestone", at=NOW + timedelta(hours=1))
    edits.correct(lead.pk, actor(mara()), NOW + timedelta(hours=2), {"company.employees": 3})
    gate.accept(lead.pk, actor(sam()), NOW + timedelta(hours=3))
    [one] = judged(shipped(), LATER)
    assert (one.amounts, one.matched["Company size"]) == ({"demo_request": 1.0}, True)


def test_the_age_of_each_signal_is_that_at_promotion_and_later_ones_leak_nowhere():
    lead = a_lead()
    observe(lead, "pricing_view", at=NOW - timedelta(days=3))
    observe(lead, "demo_request", at=NOW)
    observe(lead, "pricing_view", at=NOW + timedelta(hours=1))
    late = a_signal("email_reply", NOW - timedelta(days=2), lead.person.email)
    in_transaction(lambda: record_signals([late], NOW + timedelta(hours=2)))
    gate.accept(lead.pk, actor(sam()), NOW + timedelta(hours=3))
    work.recycle(lead.pk, actor(sam()), NOW + timedelta(hours=4), reason="not_now")
    [one] = ended(shipped(), LATER)
    assert one.ages == {"pricing_view": [3.0], "demo_request": [0.0]}


def test_signals_are_counted_in_the_points_of_their_day():
    a_rule(('demo",         points = 40', 'demo",         points = 20'), at=NOW - timedelta(days=1))
    gate.accept(observe(a_lead(), "demo_request", "pricing_inquiry").pk, actor(sam()), NOW)
    [one] = judged(shipped(), LATER)
    assert one.amounts["demo_request"] == 1.0


def test_five_queries_however_many(django_assert_num_queries):
    a_lead_on(Rung.WON)
    with django_assert_num_queries(5):
        assert proposal_for(shipped(), LATER).says.startswith("It cannot tell yet: 1 accepted")
