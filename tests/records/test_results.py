"""What a period brought, as the records say it."""

from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from assay.actions import gate, work
from assay.actions.actors import actor
from assay.actions.policies import rule
from assay.domain.ladder import Rung
from assay.domain.results import Achieved, Effort
from assay.records.models import Source, Spend
from assay.records.period import Period
from assay.records.results import achieved, results
from assay.records.slices import Slice
from assay.records.spend import spent
from tests.people import BANT, NOW, a_lead, a_lead_on, an_mql, an_sql, sam

pytestmark = pytest.mark.django_db

PARIS = ZoneInfo("Europe/Paris")
LATER = NOW + timedelta(days=30)
DAY = 86_400.0
NOVEMBER = Period(LATER, PARIS, NOW.replace(day=1, hour=0), LATER)


def won(days: int, value: int, source: str = "Website") -> None:
    """A deal: accepted now, and won after so many days."""
    lead, at = an_sql(source=source), NOW + timedelta(days=days)
    work.log_touch(lead.pk, actor(sam()), NOW, kind="meeting", reached=True)
    work.open_deal(lead.pk, actor(sam()), NOW, value=Decimal(value), currency="EUR", close_date=at.date(), bant=BANT)
    work.win(lead.pk, actor(sam()), at, value=Decimal(value), closed_on=at.date())


def cost(amount: int, first: date, last: date, source: str = "Website", currency: str = "EUR") -> None:
    whose = Source.objects.get_or_create(name=source)[0]
    Spend.objects.create(source=whose, first=first, last=last, amount=amount, currency=currency)


def test_what_a_period_brought() -> None:
    won(3, 10_000)
    won(5, 20_000)
    a_lead()
    wasted = an_sql()
    work.log_touch(wasted.pk, actor(sam()), NOW, kind="call", reached=True)
    work.disqualify(wasted.pk, actor(sam()), NOW, reason="no_need")
    still_open = an_sql()
    work.log_touch(still_open.pk, actor(sam()), NOW, kind="call", reached=True)
    cost(3_000, date(2026, 11, 1), date(2026, 11, 20))
    cost(600, date(2026, 10, 31), date(2026, 11, 1))
    found = achieved(NOVEMBER, rule(NOW).policy)
    assert sorted(found.cycles) == [(3 * DAY, 1), (5 * DAY, 1)]
    assert found == Achieved(
        leads=5,
        won=2,
        cycles=found.cycles,
        revenue=30_000,
        squares=5e8,
        cost=3_300,
        effort=Effort(130, 120, 2 * 60**2 + 10**2, 2 * 60**2),
    )


def test_another_period_a_part_and_nothing() -> None:
    won(3, 10_000)
    won(5, 20_000, source="Fair")
    cost(100, date(2026, 11, 5), date(2026, 11, 5), source="Fair")
    policy = rule(NOW).policy
    fair = Slice(source=Source.objects.get(name="Fair").pk)
    of_fair = achieved(NOVEMBER, policy, fair)
    assert (of_fair.leads, of_fair.won, of_fair.revenue, of_fair.cost, of_fair.effort.all) == (1, 1, 20_000, 100, 60)
    assert achieved(NOVEMBER, policy, Slice(owner=sam().pk)).cost is None
    october = Period(LATER, PARIS, NOW.replace(month=10, day=1), NOW.replace(day=1))
    assert achieved(october, policy) == Achieved()
    found = {one.name: one for one in results(NOVEMBER, october, policy)}
    assert (found["sales_cycle"].now, found["sales_cycle"].before) == (4, None)
    assert found["return_on_spend"].now == 300


def test_several_currencies_are_not_added_up() -> None:
    won(3, 10_000)
    cost(100, date(2026, 11, 5), date(2026, 11, 5), currency="USD")
    assert achieved(NOVEMBER, rule(NOW).policy).cost is None
    whose = Source.objects.get(name="Website").pk
    assert list(spent(NOVEMBER)) == [((whose, None), "USD", Decimal(100))]


def test_who_comes_again_is_no_new_lead() -> None:
    work.recycle(a_lead_on(Rung.LOST).pk, actor(sam()), NOW + timedelta(days=2), reason="not_now")
    gate.reject(an_mql().pk, actor(sam()), NOW, reason="too_early")
    assert achieved(NOVEMBER, rule(NOW).policy).leads == 2
