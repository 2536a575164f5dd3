"""Learning from what was kept: by what was known at promotion, beside the rule, and never instead of it."""

from datetime import timedelta

import pytest

from assay.actions import edits, gate, work
from assay.actions.actors import actor
from assay.actions.learning import due, learn_again, predict, since_then
from assay.actions.signals import record_signals
from assay.actions.writing import in_transaction
from assay.domain.chances import Reason, Report, verdict
from assay.domain.features import label_of
from assay.policies import shipped
from assay.records.models import Decision, Lead, Prediction
from assay.records.promoted import ended
from tests.ended import ended_leads
from tests.people import NOW, a_lead, a_signal, an_mql, an_sql, mara, observe, sam

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=5)


def test_with_thirty_outcomes_it_says_that_it_cannot_tell():
    ended_leads(30)
    lead = an_mql()
    row = learn_again(NOW)
    assert (row.says, row.parameters, row.outcomes) == (Report.TOO_FEW, None, 30)
    assert verdict(row.report).startswith("It cannot tell yet: 30 outcomes, ")
    assert not Prediction.objects.filter(lead=lead).exists()
    assert since_then(NOW) is None


def test_a_lead_is_predicted_with_its_range_and_reasons_and_stays_where_it_is():
    ended_leads(400)
    good, poor = an_mql(source="Partner", budget=60_000), an_mql(source="Website", budget=1_000)
    before = list(Lead.objects.order_by("pk").values_list("rung", "owner", "mql", "total"))
    decided = Decision.objects.count()
    row = learn_again(LATER)
    assert row.says == Report.TELLS
    chances = {prediction.lead_id: prediction for prediction in Prediction.objects.filter(model=row)}
    assert set(chances) == {good.pk, poor.pk}
    assert chances[good.pk].chance > 2 * chances[poor.pk].chance
    assert chances[good.pk].low < chances[good.pk].chance < chances[good.pk].high
    why = [Reason.of(said).sentence(lambda name: label_of(name, shipped())) for said in chances[good.pk].reasons]
    assert any(str(reason).startswith("Source: Partner (odds × ") for reason in why)
    assert list(Lead.objects.order_by("pk").values_list("rung", "owner", "mql", "total")) == before
    assert Decision.objects.count() == decided

    # Nothing is left to do, until another lead comes to the gate.
    assert predict(LATER) == 0
    later = an_mql(at=LATER)
    assert predict(LATER) == 1
    assert Prediction.objects.get(lead=later).model == row

    # A week on, and a tenth more has ended: two of three times as it was expected.
    assert due(LATER + timedelta(days=8)) == 0
    ended_leads(60, seed=2, until=NOW + timedelta(days=70))
    assert due(LATER + timedelta(days=6)) == 0
    assert due(LATER + timedelta(days=80)) == 460
    since = since_then(LATER + timedelta(days=80))
    assert since is not None
    assert since.ended == 60
    assert since.low <= since.won <= since.high
    assert str(since.says(str)).startswith("Since then 60 have ended")


def test_what_came_after_the_promotion_leaks_nowhere():
    lead = an_sql()
    work.recycle(lead.pk, actor(sam()), LATER, reason="not_now")
    [before] = ended(shipped(), LATER)

    observe(lead, "product_milestone", "pricing_view", at=NOW + timedelta(hours=1))
    late = a_signal("email_reply", NOW - timedelta(days=2), lead.person.email)
    in_transaction(lambda: record_signals([late], NOW + timedelta(hours=2)))
    edits.correct(lead.pk, actor(mara()), NOW + timedelta(hours=3), {"company.employees": 3, "company.budget": 9})
    [after] = ended(shipped(), LATER)
    assert after == before
    assert (after.known["signals"], after.known["fit.Company size"], after.won) == (1.0, 120.0, False)


def test_a_lead_sent_by_hand_and_one_that_was_never_promoted_do_no_harm():
    lead = a_lead()
    gate.promote(lead.pk, actor(mara()), NOW, text="met at the fair")
    gate.accept(lead.pk, actor(sam()), NOW)
    work.recycle(lead.pk, actor(sam()), LATER, reason="not_now")
    [one] = ended(shipped(), LATER)
    assert (one.known["sent_by"], one.known["signals"]) == ("marketing", 0.0)


def test_reading_takes_two_queries_however_many(django_assert_num_queries):
    ended_leads(5)
    with django_assert_num_queries(2):
        assert len(ended(shipped(), LATER)) == 5
