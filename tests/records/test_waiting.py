"""The inbox: who waits, since when, and what they did last, in a fixed number of queries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assay.actions import gate
from assay.actions.actors import actor
from assay.domain.ladder import Rung
from assay.records.models import Lead
from assay.records.waiting import at_the_gate, waiting
from tests.people import NOW, a_lead, a_lead_on, an_mql, an_sql, mara, observe

pytestmark = pytest.mark.django_db


def test_only_what_waits_for_a_decision_best_first() -> None:
    a_lead()
    an_sql()
    poor, best, product = an_mql(title="Analyst"), an_mql(), a_lead_on(Rung.PQL)
    assert [entry.lead.pk for entry in waiting()] == [best.pk, poor.pk, product.pk]
    assert [entry.lead.pk for entry in waiting(1)] == [best.pk]
    assert at_the_gate().count() == 3


def test_it_waits_since_it_came_to_the_gate_this_time() -> None:
    lead, later = an_mql(), NOW + timedelta(days=40)
    assert waiting()[0].since == NOW
    gate.withdraw(lead.pk, actor(mara()), NOW + timedelta(days=1), text="Same as another")
    observe(lead, "demo_request", at=later)
    assert waiting()[0].since == later
    observe(lead, "product_milestone", at=later + timedelta(days=1))
    assert Lead.objects.get().rung == Rung.PQL
    assert waiting()[0].since == later


def test_what_they_did_last() -> None:
    observe(an_mql(), "page_view", at=NOW + timedelta(hours=1))
    last = waiting()[0].last
    assert last
    assert (last.kind, last.last) == ("page_view", (NOW + timedelta(hours=1)).timestamp())


def test_a_lead_promoted_by_hand_has_done_nothing() -> None:
    gate.promote(a_lead().pk, actor(mara()), NOW, text="Called us")
    assert waiting()[0].last is None


def test_three_queries_however_many_wait() -> None:
    for _ in range(4):
        an_mql()
    with CaptureQueriesContext(connection) as queries:
        for entry in waiting():
            str((entry.lead.person, entry.lead.company, entry.lead.source, entry.lead.campaign, entry.lead.score.parts))
    assert len(queries) == 3
