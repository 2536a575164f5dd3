"""What sources and campaigns are worth: shares shrunk toward the mean, revenue, cost and return."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from assay.domain.funnel import TAIL
from assay.domain.shrinkage import DRAWS, SEED, Prior, Share, prior, shares

Sums = Mapping[str, Decimal]
"""Amounts by currency."""

DEALS_OF_PRIOR = 1.0
"""How many deals the mean value of all deals is worth against a source's own."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What came of one source, or of one campaign of it; ``campaign`` is None where it is about none.

    ``visitors`` are None where they cannot be told apart, as by owner; then ``cost`` is not known either.
    """

    source_id: int
    source: str
    campaign_id: int | None = None
    campaign: str | None = None
    visitors: int | None = 0
    leads: int = 0
    mql: int = 0
    accepted: int = 0
    opportunities: int = 0
    won: int = 0
    revenue: Sums = field(default_factory=dict)
    cost: Sums = field(default_factory=dict)

    @property
    def called(self) -> str:
        """Its name in one line."""
        return f"{self.source} / {self.campaign}" if self.campaign else self.source


@dataclass(frozen=True, slots=True)
class Return:
    """How many times its cost a source brought; ``low`` and ``high`` bound what such leads bring with 80 %.

    The bounds are None as long as nobody has won anything, because a deal's worth is then unknown.
    """

    times: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Quality:
    """One source or campaign down to its revenue: MQL of leads, accepted of MQL, won of opportunities.

    Where there is no cost, or currencies are mixed, ``cost_per_deal`` and ``returned`` are None; the first without
    deals too.
    """

    tally: Tally
    mql: Share
    accepted: Share
    won: Share
    cost_per_deal: Decimal | None
    returned: Return | None


def quality(tallies: Sequence[Tally], currency: str) -> tuple[Quality, ...]:
    """Each source's quality in this currency, the most revenue first."""
    mql = shares([(tally.leads, tally.mql) for tally in tallies])
    accepted = shares([(tally.mql, tally.accepted) for tally in tallies])
    won = shares([(tally.opportunities, tally.won) for tally in tallies])
    priors = prior([(tally.leads, tally.won) for tally in tallies]), _mean_value(tallies, currency)
    found = [
        Quality(tally, one, two, three, _per_deal(tally, currency), _returned(tally, currency, *priors))
        for tally, one, two, three in zip(tallies, mql, accepted, won, strict=True)
    ]
    nothing = Decimal(0)
    return tuple(sorted(found, key=lambda row: (-row.tally.revenue.get(currency, nothing), -row.tally.leads)))


def total(tallies: Iterable[Tally]) -> Tally:
    """All of them in one."""
    rows = list(tallies)
    names = ("leads", "mql", "accepted", "opportunities", "won")
    counts = {name: sum(getattr(row, name) for row in rows) for name in names}
    known = [row.visitors for row in rows if row.visitors is not None]
    visitors = sum(known) if len(known) == len(rows) else None
    revenue, cost = added(row.revenue for row in rows), added(row.cost for row in rows)
    return Tally(0, "", visitors=visitors, **counts, revenue=revenue, cost=cost)


def added(some: Iterable[Sums]) -> dict[str, Decimal]:
    """Amounts by currency, added up."""
    sums: dict[str, Decimal] = {}
    for amounts in some:
        for currency, amount in amounts.items():
            sums[currency] = sums.get(currency, Decimal(0)) + amount
    return sums


# --- Money ---------------------------------------------------------------------------------------


def _only(sums: Sums, currency: str) -> Decimal | None:
    """The amount, None where others are mixed in: there is no rate of exchange here."""
    amounts = {code: amount for code, amount in sums.items() if amount}
    return None if amounts.keys() - {currency} else amounts.get(currency, Decimal(0))


def _per_deal(tally: Tally, currency: str) -> Decimal | None:
    cost = _only(tally.cost, currency)
    return round(cost / tally.won, 2) if cost and tally.won else None


def _mean_value(tallies: Sequence[Tally], currency: str) -> float | None:
    """What a lead that was won brings on average; None where none was."""
    won = [tally for tally in tallies if tally.won and _only(tally.revenue, currency) is not None]
    deals = sum(tally.won for tally in won)
    revenue = float(sum(tally.revenue.get(currency, Decimal(0)) for tally in won))
    return revenue / deals if deals and revenue else None


def _returned(tally: Tally, currency: str, common: Prior, mean_value: float | None) -> Return | None:
    """The return, with the range of what as many such leads bring.

    The share that is won is drawn from its shrunk posterior, the mean value of a deal from that of exponentially
    distributed values (they vary about as much as they are large), with a prior of one deal of the mean of all.
    """
    cost, revenue = _only(tally.cost, currency), _only(tally.revenue, currency)
    if not cost or revenue is None:
        return None
    times = float(revenue / cost)
    if mean_value is None or not tally.leads:
        return Return(times, None, None)
    import numpy as np

    # Of another seed than the shares', which would otherwise rise and fall with the values.
    random = np.random.default_rng(SEED + 1)
    worth = DEALS_OF_PRIOR * mean_value + float(revenue)
    values = worth / random.gamma(DEALS_OF_PRIOR + 1 + tally.won, 1, DRAWS)
    low, high = np.quantile(tally.leads * common.draws(tally.leads, tally.won) * values / float(cost), (TAIL, 1 - TAIL))
    return Return(times, float(low), float(high))
