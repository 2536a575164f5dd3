"""The results of two periods, added up by the database."""

from collections.abc import Mapping
from decimal import Decimal

from django.db.models import Case, Count, F, FloatField, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Cast, Coalesce

from assay.domain.audit_cost import MINUTES
from assay.domain.policy import Policy
from assay.domain.results import Achieved, Effort, Result
from assay.domain.results import results as compared
from assay.domain.sources import added
from assay.records.audit import SELLERS
from assay.records.decisions import Outcome
from assay.records.models import Pass
from assay.records.period import Period
from assay.records.slices import EVERYTHING, Slice
from assay.records.spend import spent
from assay.records.stays import length
from assay.records.worth import deals

USUAL = 1
"""Of the minutes that a contact takes, those it usually takes."""


def results(period: Period, before: Period, policy: Policy, among: Slice = EVERYTHING) -> tuple[Result, ...]:
    """The results of a period against those of one before. Six queries a period, and one for long costs."""
    return compared(achieved(period, policy, among), achieved(before, policy, among), policy.currency)


def achieved(period: Period, policy: Policy, among: Slice = EVERYTHING) -> Achieved:
    """What a period brought: leads captured, deals closed and time spent in it.

    Deals count on the day they closed, whenever their leads came; so a period is not poorer for being young.
    """
    won, revenue, squares = _won(period, policy.currency, among)
    return Achieved(
        leads=Pass.objects.filter(among.passes(), period.holds("captured_at"), before=0).count(),
        won=won,
        cycles=tuple(_cycles(period, among)),
        revenue=revenue,
        squares=squares,
        cost=_cost(period, policy.currency, among),
        effort=_effort(period, among),
    )


def _cost(period: Period, currency: str, among: Slice) -> float | None:
    """None too where costs cannot be told apart by what is picked."""
    if (picked := among.visits()) is None:
        return None
    return _only(added({code: amount} for _, code, amount in spent(period, picked)), currency)


def _won(period: Period, currency: str, among: Slice) -> tuple[int, float | None, float]:
    value = Cast("actual_value", FloatField())
    rows = deals(among).filter(period.holds_day("closed_on"), outcome=Outcome.WON).order_by().values_list("currency")
    found = list(rows.annotate(number=Count("pk"), sum=Sum("actual_value"), squares=Sum(value * value)))
    revenue = _only({code: amount for code, _, amount, _ in found}, currency)
    return sum(row[1] for row in found), revenue, sum(row[3] for row in found)


def _only(sums: Mapping[str, Decimal], currency: str) -> float | None:
    """The amount in this currency, None where others are mixed in: there is no rate of exchange here."""
    amounts = {code: amount for code, amount in sums.items() if amount}
    return None if amounts.keys() - {currency} else float(amounts.get(currency, 0))


def _cycles(period: Period, among: Slice) -> "QuerySet[Pass, tuple[float, int]]":
    won = Pass.objects.filter(among.passes(), period.holds("won_at"))
    took = won.order_by().annotate(took=length("sal_at", F("won_at"))).values("took").annotate(deals=Count("pk"))
    return took.values_list("took", "deals")


def _effort(period: Period, among: Slice) -> Effort:
    """A lead with a deal was worth the time, one that fell out before was not; of the others nobody knows yet."""
    touched = Pass.objects.filter(
        among.passes(),
        period.holds("lead__touches__at"),
        lead__touches__pass_no=F("number"),
        lead__touches__automatic=False,
        lead__touches__by__role__in=SELLERS,
    )
    deal = Q(opportunity_at__lte=period.now)
    minutes = [When(lead__touches__kind=kind, then=Value(each[USUAL])) for kind, each in MINUTES.items()]
    each = (
        touched.filter(deal | Q(left_at__lte=period.now))
        .values("pk", "opportunity_at")
        .annotate(minutes=Sum(Case(*minutes, default=Value(0.0), output_field=FloatField())))
        .order_by()
    )
    square = F("minutes") * F("minutes")
    nothing = Value(0.0)
    found = each.aggregate(
        all=Coalesce(Sum("minutes"), nothing),
        well=Coalesce(Sum("minutes", filter=deal), nothing),
        squares=Coalesce(Sum(square), nothing),
        squares_well=Coalesce(Sum(square, filter=deal), nothing),
    )
    return Effort(*found.values())
