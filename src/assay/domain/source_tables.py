"""Sources as tables for programs and spreadsheets: the same columns and rows for a shell's and a page's files."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from assay.domain.attribution import MODELS, Credit, Journey, Model, attribute
from assay.domain.shrinkage import Share
from assay.domain.sources import Quality

Value = str | int | float | Decimal | None
Credits = Mapping[Model, Mapping[str, Credit]]
"""What each model owes to each source."""

_COUNTS = ("visitors", "leads", "mql", "accepted", "opportunities", "won")
_SHARES = ("mql_rate", "acceptance_rate", "win_rate")
QUALITY = (
    *("source", "campaign", *_COUNTS),
    *(f"{share}{end}" for share in _SHARES for end in ("", "_expected", "_low", "_high")),
    *("revenue", "cost", "currency", "cost_per_deal", "return", "return_low", "return_high"),
)
ATTRIBUTION = ("source", *(f"{what}_{model}" for model in MODELS for what in ("deals", "revenue")), "currency")


def quality_rows(rows: Iterable[Quality], currency: str) -> list[list[Value]]:
    """A row for each source or campaign, by the columns of QUALITY; amounts are of this currency."""
    return [_quality(row, currency) for row in rows]


def _quality(row: Quality, currency: str) -> list[Value]:
    tally, back = row.tally, row.returned
    counts: list[Value] = [getattr(tally, name) for name in _COUNTS]
    shares = [value for share in (row.mql, row.accepted, row.won) for value in _share(share)]
    money: list[Value] = [tally.revenue.get(currency), tally.cost.get(currency), currency, row.cost_per_deal]
    returned: list[Value] = [back.times, back.low, back.high] if back else [None] * 3
    return [tally.source, tally.campaign, *counts, *shares, *money, *returned]


def _share(share: Share) -> list[Value]:
    return [share.rate, share.expected, share.low, share.high]


def side_by_side(journeys: Sequence[Journey]) -> Credits:
    """What every model says of the same journeys."""
    return {model: attribute(journeys, model) for model in MODELS}


def credited(owed: Credits, currency: str) -> list[str]:
    """The sources that any model owes something to, those with most by even shares first."""
    even = owed["even"]
    nobody = Credit(0.0, {})

    def worth(source: str) -> tuple[Decimal, float]:
        credit = even.get(source, nobody)
        return credit.revenue.get(currency, Decimal(0)), credit.deals

    found = {source for of in owed.values() for source, credit in of.items() if credit.deals}
    return sorted(sorted(found), key=worth, reverse=True)


def attribution_rows(owed: Credits, currency: str) -> list[list[Value]]:
    """A row for each source, by the columns of ATTRIBUTION; amounts are of this currency."""
    return [
        [source, *(value for model in MODELS for value in _credit(owed[model].get(source), currency)), currency]
        for source in credited(owed, currency)
    ]


def _credit(credit: Credit | None, currency: str) -> list[Value]:
    return [credit.deals, credit.revenue.get(currency, Decimal(0))] if credit else [0.0, Decimal(0)]
