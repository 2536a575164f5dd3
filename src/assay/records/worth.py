"""What won deals brought, added up by the database."""

from django.db.models import Avg, Count, Exists, OuterRef, QuerySet, StdDev

from assay.domain.policy import Policy
from assay.domain.worth import Worth
from assay.records.decisions import Outcome
from assay.records.models import Deal, Pass
from assay.records.slices import EVERYTHING, Slice


def worths(among: Slice = EVERYTHING) -> list[Worth]:
    """What won deals brought in each currency. One query."""
    won = deals(among).filter(outcome=Outcome.WON).values_list("currency").order_by()
    return [
        Worth(number, round(mean), float(deviation or 0), currency)
        for currency, number, mean, deviation in won.annotate(
            Count("pk"), Avg("actual_value"), StdDev("actual_value", sample=False)
        )
    ]


def worth(policy: Policy, among: Slice = EVERYTHING) -> Worth | None:
    """What they brought in the policy's currency where there are such, else in the one of most of them."""
    return max(worths(among), key=lambda one: (one.currency == policy.currency, one.deals), default=None)


def deals(among: Slice) -> QuerySet[Deal]:
    """The deals of a part of all passes."""
    if among == EVERYTHING:
        return Deal.objects.all()
    return Deal.objects.filter(
        Exists(Pass.objects.filter(among.passes(), lead=OuterRef("lead"), number=OuterRef("pass_no")))
    )
