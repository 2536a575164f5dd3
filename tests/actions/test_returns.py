"""Rejecting several leads for one reason: each is a decision of its own."""

from datetime import timedelta

import pytest

from assay.actions.actors import actor
from assay.actions.gate import accept
from assay.actions.returns import reject_each
from assay.domain.errors import AlreadyDecided
from assay.domain.ladder import Rung
from assay.records.models import Lead
from tests.people import NOW, an_mql, sam, sia

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)


def test_each_lead_is_rejected_once():
    one, two = an_mql(), an_mql()
    done = reject_each([one.pk, two.pk, one.pk], actor(sam()), LATER, reason="too_early")
    assert [decision.lead_id for decision in done.decisions] == [one.pk, two.pk]
    assert set(Lead.objects.values_list("rung", flat=True)) == {Rung.LEAD}


def test_what_somebody_else_decided_holds_up_none_of_the_others():
    one, two = an_mql(), an_mql()
    accept(one.pk, actor(sia()), NOW)
    done = reject_each([one.pk, two.pk, 404], actor(sam()), LATER, reason="too_early")
    assert [decision.lead_id for decision in done.decisions] == [two.pk]
    assert isinstance(done.refused[one.pk], AlreadyDecided)
    assert done.refused[404].code == "unknown_lead"


def test_a_missing_text_refuses_all():
    lead = an_mql()
    done = reject_each([lead.pk], actor(sam()), LATER, reason="other")
    assert (done.decisions, done.refused[lead.pk].code) == ([], "guard_failed")
