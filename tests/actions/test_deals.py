"""The deal: how it opens, what it must have, and how it ends."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from assay.actions.actors import actor
from assay.actions.work import (
    confirm,
    log_touch,
    lose,
    open_deal,
    win,
)
from assay.domain.ladder import Rung
from assay.records.models import Deal, Lead, Pass
from tests.people import BANT, NOW, a_lead_on, an_opportunity, an_sql, max_, sam
from tests.records.dump import refused

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=3)
TODAY = NOW.date()
DEAL: dict[str, Any] = {"value": Decimal(12_000), "currency": "eur", "close_date": TODAY, "bant": BANT}


def current_pass(lead: Lead) -> Pass:
    """The pass the lead is on."""
    lead.refresh_from_db()
    return Pass.objects.get(lead=lead, number=lead.pass_no)


def reached(lead: Lead) -> Lead:
    """The lead after Sam spoke to it."""
    log_touch(lead.pk, actor(sam()), NOW, kind="call", reached=True)
    return lead


# --- the deal ------------------------------------------------------------------------------------


def test_a_deal_makes_an_opportunity() -> None:
    lead = reached(an_sql())
    decision = open_deal(lead.pk, actor(sam()), LATER, **DEAL)
    assert current_pass(lead).opportunity_at == LATER
    assert lead.rung == Rung.OPPORTUNITY
    deal = Deal.objects.get(lead=lead)
    assert (deal.value, deal.currency) == (Decimal(12_000), "EUR")
    assert (deal.close_date, deal.opened_at) == (TODAY, LATER)
    assert (deal.bant, deal.company, deal.outcome) == (BANT, lead.company, "")
    assert decision.details == {"bant": BANT, "value": "12000", "currency": "EUR", "close_date": "2026-11-04"}


def test_points_confirmed_before_need_not_be_said_again() -> None:
    lead = reached(an_sql())
    confirm(lead.pk, actor(sam()), {**BANT, "need": ""})
    open_deal(lead.pk, actor(sam()), LATER, **{**DEAL, "bant": {"need": "two tools to replace"}})
    assert Deal.objects.get(lead=lead).bant == {**BANT, "need": "two tools to replace"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"value": Decimal(0)},
        {"value": Decimal(-5)},
        {"value": Decimal("NaN")},
        {"value": Decimal("Infinity")},
        {"currency": " "},
        {"close_date": TODAY - timedelta(days=1)},
        {"bant": {**BANT, "budget": ""}},
        {"bant": {**BANT, "authority": " "}},
        {"bant": {}},
    ],
    ids=str,
)
def test_no_opportunity_without_all_of_it(wrong: dict[str, Any]) -> None:
    lead = reached(an_sql())
    by = actor(sam())
    with refused("guard_failed"):
        open_deal(lead.pk, by, LATER, **{**DEAL, **wrong})


def test_no_opportunity_with_somebody_nobody_spoke_to() -> None:
    lead = an_sql()
    by = actor(sam())
    log_touch(lead.pk, by, NOW, kind="call", reached=False)
    with refused("guard_failed") as why:
        open_deal(lead.pk, by, LATER, **DEAL)
    assert "two-way contact" in why.value.hint


def test_a_deal_has_only_the_four_points() -> None:
    lead = reached(an_sql())
    by = actor(sam())
    with refused("unknown_point"):
        open_deal(lead.pk, by, LATER, **{**DEAL, "bant": {**BANT, "weather": "fine"}})


@pytest.mark.parametrize("rung", [Rung.LEAD, Rung.MQL, Rung.SAL, Rung.OPPORTUNITY, Rung.DISQUALIFIED])
def test_a_deal_opens_from_sql_only(rung: Rung) -> None:
    lead = reached(a_lead_on(rung))
    by = actor(sam())
    with refused("already_decided" if rung is Rung.OPPORTUNITY else "wrong_rung"):
        open_deal(lead.pk, by, LATER, **DEAL)


# --- how it ends ---------------------------------------------------------------------------------


def test_a_win_keeps_the_actual_value_and_date() -> None:
    lead = an_opportunity()
    win(lead.pk, actor(sam()), LATER, value=Decimal("11500.50"), closed_on=TODAY)
    assert current_pass(lead).won_at == LATER
    assert (lead.rung, lead.owner) == (Rung.WON, sam())
    deal = Deal.objects.get(lead=lead)
    assert (deal.outcome, deal.actual_value, deal.closed_on) == ("won", Decimal("11500.50"), TODAY)
    assert deal.value == 12_000  # what was expected stays beside it


@pytest.mark.parametrize(
    "wrong",
    [{"value": Decimal(0)}, {"value": Decimal("NaN")}, {"closed_on": TODAY + timedelta(days=1)}],
    ids=str,
)
def test_no_win_without_value_or_in_the_future(wrong: dict[str, Any]) -> None:
    lead = an_opportunity()
    by = actor(sam())
    with refused("guard_failed"):
        win(lead.pk, by, LATER, **{"value": Decimal(11_000), "closed_on": TODAY, **wrong})


@pytest.mark.parametrize("day", [None, TODAY - timedelta(days=2)])
def test_a_loss_keeps_its_reason_and_date(day: date | None) -> None:
    lead = an_opportunity()
    decision = lose(lead.pk, actor(sam()), LATER, reason="competitor", text="a cheaper one", closed_on=day)
    lead.refresh_from_db()
    assert (lead.rung, decision.text) == (Rung.LOST, "a cheaper one")
    deal = Deal.objects.get(lead=lead)
    assert (deal.outcome, deal.reason, deal.closed_on) == ("lost", "competitor", day or TODAY)


def test_a_day_is_one_of_the_policys_calendar() -> None:
    """Half past eleven in the evening in UTC is tomorrow in Paris."""
    lead = an_opportunity()
    lose(lead.pk, actor(sam()), NOW.replace(hour=23, minute=30), reason="price")
    assert Deal.objects.get(lead=lead).closed_on == TODAY + timedelta(days=1)


def test_a_loss_needs_a_reason_of_its_own_list() -> None:
    lead = an_opportunity()
    by = actor(sam())
    for reason in ("", "no_need", "other"):
        with refused("guard_failed"):
            lose(lead.pk, by, LATER, reason=reason)


@pytest.mark.parametrize("rung", [Rung.LEAD, Rung.MQL, Rung.SAL, Rung.SQL])
def test_only_an_opportunity_is_won_or_lost(rung: Rung) -> None:
    lead = a_lead_on(rung)
    by = actor(sam())
    with refused("wrong_rung"):
        win(lead.pk, by, LATER, value=Decimal(1), closed_on=TODAY)
    with refused("wrong_rung"):
        lose(lead.pk, by, LATER, reason="price")


def test_of_two_who_close_a_deal_the_second_learns_who_was_first() -> None:
    lead = an_opportunity()
    win(lead.pk, actor(sam()), LATER, value=Decimal(1), closed_on=TODAY)
    by = actor(max_())
    with refused("already_decided") as why:
        lose(lead.pk, by, LATER, reason="price")
    assert "Sam" in why.value.sentence
