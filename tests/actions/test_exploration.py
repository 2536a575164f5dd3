"""An agreed share of leads just under the threshold is sent to the gate: marked, with its probability, once a pass."""

from datetime import timedelta
from typing import Any

import pytest

from assay.actions import gate
from assay.actions.actors import POLICY, actor
from assay.actions.moves import make_move
from assay.actions.scoring import rescore
from assay.domain.errors import MoveRefused
from assay.domain.ladder import Request
from assay.policies import shipped
from assay.records.evidence import Promoted, tried
from assay.records.models import Decision, Lead
from assay.records.outcomes import judged
from tests.desk.reading import browser, text
from tests.people import NOW, a_lead, a_rule, mara, observe, sam

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def exploring(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tenth is explored, and whoever is near is drawn: by chance few of these would be."""
    a_rule(("explore = 0.0", "explore = 0.1"), at=NOW - DAY)
    monkeypatch.setattr("assay.actions.scoring.is_drawn", lambda lead, number, share: share == 0.1)


def near(**said: Any) -> Lead:
    """A lead with fit 65 and intent 28: seven points short."""
    number = Lead.objects.count()
    row: dict[str, Any] = {"email": f"n{number}@near{number}.example", "budget": 1, "industry": "Mining"}
    return observe(a_lead(**row | said), "pricing_view", "email_reply", "case_study_view")


def test_it_comes_to_the_gate_marked_with_its_probability(exploring: None):
    lead = near()
    [decision] = Decision.objects.filter(lead=lead, move="promote")
    assert (lead.rung, lead.explored, lead.mql, lead.cooling) == ("mql", True, False, False)
    assert (decision.details, decision.by_name) == ({"exploration": 0.1}, "policy")


def test_nobody_is_sent_without_a_share_or_undrawn(monkeypatch: pytest.MonkeyPatch):
    assert near().rung == "lead"
    a_rule(("explore = 0.0", "explore = 0.1"), at=NOW)
    monkeypatch.setattr("assay.actions.scoring.is_drawn", lambda lead, number, share: False)
    assert near().rung == "lead"


def test_only_once_a_pass(exploring: None):
    lead = near()
    gate.reject(lead.pk, actor(sam()), NOW, reason="too_early")
    later = NOW + 40 * DAY
    observe(lead, "pricing_view", "email_reply", "case_study_view", at=later)
    rescore(later)
    found = Lead.objects.get(pk=lead.pk)
    assert (found.rung, found.explored) == ("lead", False)


def test_misfits_and_those_far_off_are_not_explored(exploring: None):
    assert near(employees=3).rung == "lead"
    assert observe(a_lead(), "page_view").rung == "lead"


def test_over_the_threshold_is_no_exploration(exploring: None):
    lead = observe(near(budget=20_000), "content_download")
    assert (lead.rung, lead.explored) == ("mql", False)


def test_only_the_policy_draws_and_never_more_than_agreed(exploring: None):
    lead = observe(a_lead(), "page_view")
    for by, share in ((actor(mara()), 0.1), (POLICY, 0.5)):
        with pytest.raises(MoveRefused):
            make_move("promote", lead.pk, by, NOW, Request(exploration=share))


def test_evidence_weighs_it_by_its_probability(exploring: None):
    lead = near()
    gate.accept(lead.pk, actor(sam()), NOW)
    assert not Lead.objects.get(pk=lead.pk).explored
    which = Promoted(NOW + DAY)
    assert [one.probability for one in tried(which, shipped())] == [0.1]
    assert [one.probability for one in judged(shipped(), which)] == [0.1]


def test_sales_sees_that_it_is_an_exploration(exploring: None):
    lead = near()
    client = browser(sam())
    said = text(client.get("/inbox/"))
    assert "exploration" in said
    assert "one of the 10% of such leads that are sent all the same" in said
    assert "exploration, one of 10%" in text(client.get(f"/leads/{lead.pk}/"))
