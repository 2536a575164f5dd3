"""Taken out, given back and brought back: a lead starts its next pass, and the old one stays as it was."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from assay.actions.actors import actor
from assay.actions.gate import accept
from assay.actions.work import (
    disqualify,
    log_touch,
    open_deal,
    recycle,
    reopen,
)
from assay.domain.ladder import Rung
from assay.records.models import Deal, Lead, Pass
from tests.people import BANT, NOW, a_lead, a_lead_on, an_sql, mara, observe, sam, sia
from tests.records.dump import refused

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=3)
TODAY = NOW.date()
DEAL: dict[str, Any] = {"value": Decimal(12_000), "currency": "EUR", "bant": BANT}


def current_pass(lead: Lead) -> Pass:
    """The pass the lead is on."""
    lead.refresh_from_db()
    return Pass.objects.get(lead=lead, number=lead.pass_no)


def reached(lead: Lead) -> Lead:
    """The lead after Sam spoke to it."""
    log_touch(lead.pk, actor(sam()), NOW, kind="call", reached=True)
    return lead


# --- taken out, given back, brought back ---------------------------------------------------------


@pytest.mark.parametrize("rung", [Rung.LEAD, Rung.MQL, Rung.PQL])
def test_marketing_disqualifies_before_the_gate(rung: Rung) -> None:
    lead = a_lead_on(rung)
    decision = disqualify(lead.pk, actor(mara()), LATER, reason="wrong_fit")
    lead.refresh_from_db()
    assert (lead.rung, decision.reason, decision.desk) == (Rung.DISQUALIFIED, "wrong_fit", "marketing")


@pytest.mark.parametrize("rung", [Rung.SAL, Rung.SQL])
def test_sales_disqualifies_once_contact_was_made(rung: Rung) -> None:
    lead = a_lead_on(rung)
    by = actor(sam())
    with refused("guard_failed"):
        disqualify(lead.pk, by, LATER, reason="no_need")
    disqualify(reached(lead).pk, by, LATER, reason="no_need")
    lead.refresh_from_db()
    assert lead.rung == Rung.DISQUALIFIED


def test_or_once_the_agreed_number_of_attempts_failed() -> None:
    lead = an_sql()
    by = actor(sam())
    for _ in range(4):
        with refused("guard_failed"):
            disqualify(lead.pk, by, LATER, reason="unreachable")
        log_touch(lead.pk, by, NOW, kind="call", reached=False)
    disqualify(lead.pk, by, LATER, reason="unreachable")


def test_disqualifying_needs_a_reason_of_its_own_list() -> None:
    lead = a_lead()
    by = actor(mara())
    for reason in ("", "wrong_market", "other"):
        with refused("guard_failed"):
            disqualify(lead.pk, by, LATER, reason=reason)


@pytest.mark.parametrize("rung", [Rung.SAL, Rung.SQL, Rung.LOST])
def test_recycling_starts_the_next_pass_and_lets_the_lead_rest(rung: Rung) -> None:
    lead = a_lead_on(rung)
    decision = recycle(lead.pk, actor(sam()), LATER, reason="not_now")
    lead.refresh_from_db()
    assert (lead.rung, lead.pass_no, lead.owner) == (Rung.LEAD, 2, None)
    assert lead.rests_until == LATER + timedelta(days=30)
    assert (decision.pass_no, decision.reason) == (2, "not_now")


def test_a_recycled_lead_may_rest_until_a_given_day() -> None:
    lead = an_sql()
    recycle(lead.pk, actor(sam()), LATER, reason="budget_cycle", look_again=date(2027, 1, 15))
    lead.refresh_from_db()
    assert lead.look_again_on == date(2027, 1, 15)
    assert lead.rests_until is not None
    assert lead.rests_until.isoformat() == "2027-01-14T23:00:00+00:00"  # midnight in the policy's Paris


def test_the_day_to_look_again_is_ahead() -> None:
    lead = an_sql()
    by = actor(sam())
    with refused("look_again_past"):
        recycle(lead.pk, by, LATER, reason="not_now", look_again=TODAY)


@pytest.mark.parametrize("rung", [Rung.DISQUALIFIED, Rung.WON])
def test_reopening_starts_the_next_pass_at_once(rung: Rung) -> None:
    lead = a_lead_on(rung)
    reopen(lead.pk, actor(mara()), LATER, text="A new head of operations")
    current = current_pass(lead)
    assert (lead.rung, lead.pass_no, lead.owner, lead.rests_until) == (Rung.LEAD, 2, None, None)
    assert (current.lead_at, current.mql_at, current.attempts) == (LATER, None, 0)
    assert observe(lead, "demo_request", at=LATER).rung == Rung.MQL


def test_reopening_needs_a_reason() -> None:
    lead = a_lead_on(Rung.DISQUALIFIED)
    by = actor(mara())
    with refused("guard_failed"):
        reopen(lead.pk, by, LATER, text=" ")


def test_the_old_pass_stays_as_it_was() -> None:
    lead = a_lead_on(Rung.LOST)
    passed, deal = Pass.objects.filter(number=1), Deal.objects.filter(pass_no=1)
    before = list(passed.values()) + list(deal.values())
    recycle(lead.pk, actor(sam()), LATER, reason="not_now")
    again = NOW + timedelta(days=31)
    observe(lead, "demo_request", at=again)
    accept(lead.pk, actor(sia()), again)
    log_touch(lead.pk, actor(sia()), again, kind="call", reached=True)
    open_deal(lead.pk, actor(sia()), again, **DEAL, close_date=again.date())
    assert list(passed.values()) + list(deal.values()) == before
    assert current_pass(lead).opportunity_at == again
    assert list(Deal.objects.order_by("pass_no").values_list("pass_no", "outcome")) == [(1, "lost"), (2, "")]


def test_contact_made_on_an_earlier_pass_does_not_count_on_this_one() -> None:
    lead = a_lead_on(Rung.LOST)
    recycle(lead.pk, actor(sam()), LATER, reason="not_now")
    again = NOW + timedelta(days=31)
    observe(lead, "demo_request", at=again)
    by = actor(sam())
    accept(lead.pk, by, again)
    with refused("guard_failed"):
        open_deal(lead.pk, by, again, **DEAL, close_date=again.date())
