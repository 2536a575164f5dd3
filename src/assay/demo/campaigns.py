"""Where leads come from: sources, their campaigns, what these cost, and the visitors they bring."""

from decimal import Decimal
from itertools import accumulate, pairwise
from typing import NamedTuple

from assay.actions.actors import Actor
from assay.actions.sources import count_visitors
from assay.actions.spend import enter_cost
from assay.demo.chance import chance_of
from assay.demo.month import Month
from assay.domain.rows import CostRow

FAIR = "Trade fair list"
FAIR_FILE = "trade-fair-visitors.csv"


class Effort(NamedTuple):
    """A campaign of a source: its cost in euros and the visitors it brings in a month of scale 1."""

    source: str
    campaign: str
    cost: int
    visitors: int


EFFORTS = (
    Effort("Website", "Website and search", 1_800, 4_600),
    Effort("Google Ads", "Brand search", 900, 1_100),
    Effort("Google Ads", "Planning keywords", 5_400, 2_000),
    Effort("LinkedIn", "Decision makers in operations", 3_600, 1_500),
    Effort("Webinar", "Capacity planning, live", 1_500, 350),
    Effort("Referral", "Customers recommend us", 600, 250),
    Effort(FAIR, "Logistics fair, booth 4.12", 9_800, 0),
    Effort("Partner", "Partner network", 1_200, 200),
)


def campaign_for(source: str, number: int) -> str:
    """The campaign of a source's n-th lead."""
    names = [effort.campaign for effort in EFFORTS if effort.source == source]
    return names[number % len(names)]


def run_campaigns(month: Month, scale: int, by: Actor) -> None:
    """Say what each campaign cost, and how many visitors it brought on each day of the month."""
    days, chance = month.web.by_day(), chance_of("visitors")
    first = month.start.astimezone(month.zone).date()
    for source, campaign, cost, visitors in EFFORTS:
        enter_cost(CostRow(source, campaign, first, month.today, Decimal(cost * scale), "EUR"), by)
        weights = [weight * chance.uniform(0.75, 1.25) for weight in days.values()]
        for day, count in zip(days, shares(visitors * scale, weights), strict=True):
            if count:
                count_visitors(day, source, campaign, count)


def shares(total: int, weights: list[float]) -> list[int]:
    """Whole numbers in proportion to the weights that add up to ``total`` exactly."""
    sums = list(accumulate(weights, initial=0.0))
    marks = [round(total * mark / sums[-1]) for mark in sums]
    return [later - earlier for earlier, later in pairwise(marks)]
